"""Everything about the communities of a network: the five tables, and how sure they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from netmed.community.chance import excess
from netmed.community.comparing import agreement
from netmed.community.describing import described, members
from netmed.community.ei_index import homophily
from netmed.community.flow_modules import affordable_trials, infomap
from netmed.community.grouping import grouped
from netmed.community.mixing_matrix import mixing
from netmed.community.modularity import leiden
from netmed.community.searching import Objective
from netmed.community.soft_mixing import expected_mixing
from netmed.errors import NetmedError
from netmed.network import Network

SECOND_RUNS = 10
"""Runs, or trials, of the second opinion."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The tables of ``netmed communities``: one row per community, account, pair of groups, null model, pair of roles.

    ``facts`` : the same in a dozen numbers.
    """

    communities: pd.DataFrame
    members: pd.DataFrame
    mixing: pd.DataFrame
    homophily: pd.DataFrame
    expected_mixing: pd.DataFrame
    facts: Mapping[str, Any]


def study(
    network: Network,
    *,
    method: Literal["leiden", "infomap"] = "leiden",
    objective: Objective = "modularity",
    resolution: float = 1.0,
    runs: int = 50,
    keep: Literal["best", "consensus"] = "best",
    nulls: int | Literal["auto"] = "auto",
    by: str | None = None,
    seed: int = 1,
    progress: Callable[[str], None] = lambda phase: None,
) -> Study:
    """Find communities, test them, describe them, and see who engages whom.

    Parameters
    ----------
    method : ``leiden``, with Infomap as the second opinion, or the other way round. Infomap has neither
        objective nor resolution, and keeps the best of its trials.
    runs : of the method; the second opinion has ten, on large networks fewer or none, which is said.
    nulls, by, seed : as for ``excess``, ``mixing`` and all of them.
    progress : called with the phase that begins.

    Raises ``NetmedError`` for settings out of range or a column to group by that is not there.
    """
    if method not in ("leiden", "infomap"):
        raise NetmedError(f"method is 'leiden' or 'infomap', not {method!r}")
    if by not in (None, "community"):
        grouped(network, None, by)  # a wrong word ends it before the work, not after
    progress("finding communities")
    if method == "leiden":
        other = "infomap"
        found = leiden(
            network, objective=objective, resolution=resolution, runs=runs, seed=seed, keep=keep, iterations=None
        )
    else:
        other, found = "leiden", infomap(network, trials=runs, seed=seed)
    progress(f"asking {other} for a second opinion")
    second, opinion = _second(network, other, found, seed)
    progress("looking for communities where there are none")
    chance = excess(network, found, nulls=nulls, seed=seed)
    found.attrs["meta"] |= {"chance": chance, "second_opinion": opinion}
    progress("describing communities")
    communities = described(network, found)
    table = members(network, found, second, second_name=other)
    progress("looking who engages whom")
    mixed = mixing(network, found, by=by, seed=seed)
    index = homophily(network, found, by=by, seed=seed)
    return Study(communities, table, mixed, index, expected_mixing(network), _facts(found, mixed, index))


def _second(network: Network, name: str, found: pd.DataFrame, seed: int) -> tuple[pd.DataFrame | None, dict[str, Any]]:
    if name == "leiden":
        second = leiden(network, runs=SECOND_RUNS, seed=seed)
    else:
        edges = len(network.edges)
        trials = affordable_trials(edges, SECOND_RUNS)
        if not trials:
            reason = f"Infomap on {edges:,} edges would take too long; --method infomap runs it all the same"
            return None, {"method": name, "communities": None, "ari": None, "nmi": None, "reason": reason}
        second = infomap(network, trials=trials, seed=seed)
    meta = second.attrs["meta"]
    told = {key: meta[key] for key in ("method", "runs", "communities", "modularity", "source")}
    return second, {**told, **agreement(found, second)}


def _facts(found: pd.DataFrame, mixed: pd.DataFrame, index: pd.DataFrame) -> dict[str, Any]:
    meta = found.attrs["meta"]
    overall = index[(index["scope"] == "overall") & (index["counted"] == "weight")]
    names = ("method", "runs", "keep", "seed", "accounts", "communities", "without_community", "modularity")
    across = ("modularity_of_runs", "communities_of_runs", "agreement_of_runs", "chance", "second_opinion")
    index_by_null = {row["null"]: None if pd.isna(row["z"]) else float(row["z"]) for row in overall.to_dict("records")}
    ei = overall["ei"].iloc[0]
    return {
        **{name: meta[name] for name in (*names, *across)},
        "by": mixed.attrs["meta"]["by"],
        "groups": mixed.attrs["meta"]["groups"],
        "edges": int(mixed["edges"].sum()),
        "weight": float(mixed["weight"].sum()),
        "ei": None if pd.isna(ei) else float(ei),
        "ei_z_by_null": index_by_null,
    }
