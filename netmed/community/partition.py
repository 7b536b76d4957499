"""A partition as a table: one row per account, communities numbered by size, with what made it."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from netmed.community import comparing
from netmed.community.projection import Pairs, graphs_of
from netmed.community.searching import Membership, Runs
from netmed.network import Network

COLUMNS = {
    "account_key": "identity on one platform, `platform:id`; `platform:@handle` if only the handle is known",
    "community": "number of its community, 1 is the largest; empty for an account without an edge",
    "stability": "how often it sits with its own: mean over the runs of the share of the other members of its "
    "community that are with it; empty without a community or without others in it, and where there was one run",
}


def numbered(membership: Membership) -> Membership:
    """Numbers from 1, the largest first; members come sorted by key, so first seen has the smallest key."""
    labels, first, where, sizes = np.unique(membership, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(labels), dtype=np.int32)
    number[np.lexsort((first, -sizes))] = np.arange(1, len(labels) + 1)
    given: Membership = number[where]
    return given


def frame_of(
    network: Network, pairs: Pairs, kept: Membership | None, runs: Runs | None, said: Mapping[str, Any], *, seed: int
) -> pd.DataFrame:
    """The table of a partition; ``said`` is what its meta tells beside what holds for all.

    Parameters
    ----------
    kept : community of every member of ``pairs``, any labels; None for a network without edges.
    runs : the runs it was chosen from.
    """
    graphs = graphs_of(network)
    number = np.zeros(graphs.n, dtype=np.int64)
    firm = np.full(graphs.n, np.nan)
    if kept is not None and runs is not None:
        number[pairs.vertex] = numbered(kept)
        if len(runs.memberships) > 1:
            firm[pairs.vertex] = comparing.stability(kept, runs.memberships)
    number, firm = number[graphs.vertex], firm[graphs.vertex]
    frame = pd.DataFrame(
        {
            "account_key": network.accounts["account_key"].reset_index(drop=True),
            "community": pd.array(np.where(number > 0, number, 0), dtype="Int64"),
            "stability": firm,
        }
    )
    frame.loc[number == 0, "community"] = pd.NA
    frame.attrs["meta"] = {
        **said,
        "seed": seed,
        "communities": int(number.max(initial=0)),
        "accounts": graphs.n,
        "without_community": int(np.count_nonzero(number == 0)),
        "relations": list(network.relations),
        **across(runs, seed=seed),
        "versions": {"igraph": version("igraph")},
    }
    frame.attrs["columns"] = dict(COLUMNS)
    return frame


def across(runs: Runs | None, *, seed: int) -> Mapping[str, Any]:
    """What the runs have in common and where they differ."""
    if runs is None:
        return {
            "communities_of_runs": None,
            "modularity_of_runs": None,
            "modularity_by_run": [],
            "quality_by_run": [],
            "agreement_of_runs": {"pairs": 0, "ari": None, "nmi": None, "reason": "the network has no edges"},
        }
    return {
        "communities_of_runs": interval(runs.communities),
        "modularity_of_runs": interval(runs.modularity),
        "modularity_by_run": runs.modularity.tolist(),
        "quality_by_run": runs.quality.tolist(),
        "agreement_of_runs": {
            **comparing.between_runs(runs.memberships, seed=seed),
            "source": comparing.SOURCES,
        },
    }


def interval(values: "np.ndarray[Any, np.dtype[Any]]") -> dict[str, float | int]:
    """Smallest, middle and largest; whole numbers stay whole where they are."""
    low, middle, high = (float(value) for value in np.quantile(values, [0, 0.5, 1]))
    if np.issubdtype(values.dtype, np.integer):
        return {"min": int(low), "median": int(middle) if middle.is_integer() else middle, "max": int(high)}
    return {"min": low, "median": middle, "max": high}
