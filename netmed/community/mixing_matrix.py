"""Who engages whom: the mixing matrix of roles, communities or any groups, against chance."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from netmed.community import permuting
from netmed.community.grouping import MOST_GROUPS, Groups, grouped, pooled
from netmed.community.projection import graphs_of
from netmed.errors import NetmedError
from netmed.graphs import Floats, Graphs, Integers
from netmed.network import Network

COLUMNS = {
    "source_group": "the group whose accounts engage (speak)",
    "target_group": "the group whose accounts are spoken to",
    "source_accounts": "accounts of the source group",
    "target_accounts": "accounts of the target group",
    "edges": "edges from accounts of the source group to accounts of the target group",
    "weight": "sum of their weights",
    "share": "of all weight that the source group sends; empty where it sends none",
    "expected": "weight expected if targets were drawn by the attention they get: weight sent by the source group "
    "times weight received by the target group / all weight (configuration model)",
    "ratio": "weight / expected; above 1 is more than expected; empty where nothing is expected",
    "null_share": "mean share over the draws in which the targets are permuted",
    "z": "share less null_share, in standard deviations over the draws; empty where they do not vary",
    "p": "two-sided, over the draws: (1 + draws at least as far from their mean) / (1 + draws)",
    "p_adjusted": "p adjusted for all rows of the table (Benjamini–Hochberg)",
}

SOURCE = "mixing: Newman 2003, doi:10.1103/PhysRevE.67.026126; configuration model of directed graphs: Leicht and \
Newman 2008, doi:10.1103/PhysRevLett.100.118703; adjusted p: Benjamini and Hochberg 1995, \
doi:10.1111/j.2517-6161.1995.tb02031.x"


def mixing(
    network: Network,
    partition: pd.DataFrame | None = None,
    *,
    by: str | None = None,
    permutations: int | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """Who engages whom, by group: rows of the source group, the one that speaks.

    Expected weights are those of the configuration model (Newman 2003, doi:10.1103/PhysRevE.67.026126).
    p is from draws in which the targets of all edges are permuted, so that every account keeps the edges it
    sends, their weights, and the number of edges it gets; edges that would lead from an account to itself are
    left out of a draw. Shares of the source group's weight are compared.

    Parameters
    ----------
    partition : as ``leiden`` gives it; needed where groups are communities.
    by : ``role``, ``specialty``, ``community`` or any column of the accounts with one value each. None is
        role where any is known, and else community. The 30 largest groups are told apart, the
        others are together as ``other``; accounts whose group is not known are ``unknown``.
    permutations : draws; None is 200, of very large networks fewer, down to 20.
    seed : of the draws.

    Returns
    -------
    One row per ordered pair of groups, zeros included: the columns of ``COLUMNS``. Edges and weights sum to
    those of the network.

    Raises
    ------
    NetmedError : no groups (see ``by``), or fewer than two permutations.
    UnknownNameError : a column that is not there; the nearest are named.
    """
    graphs = graphs_of(network)
    count = checked(permutations, graphs.m)
    known = grouped(network, partition, by)
    groups = pooled(known)
    k = len(groups.names)
    edges, weight = _cells(graphs, groups, graphs.target, None), _cells(graphs, groups, graphs.target, graphs.weight)
    sent, received, everything = weight.sum(axis=1), weight.sum(axis=0), weight.sum()
    expected = np.outer(sent, received) / everything if everything else np.zeros((k, k))
    share = _shares(weight)
    found = np.empty((count if graphs.m else 0, k * k))
    rng = np.random.default_rng([abs(seed), 2003])
    for draw in range(len(found)):
        target = rng.permutation(graphs.target)
        found[draw] = _shares(_cells(graphs, groups, target, graphs.weight)).ravel()
    mean, _, z, p = permuting.two_sided(share.ravel(), found)
    one, other = (axis.ravel() for axis in np.indices((k, k)))
    names = np.array(groups.names, dtype=object)
    frame = pd.DataFrame(
        {
            "source_group": pd.Series(names[one], dtype="str"),
            "target_group": pd.Series(names[other], dtype="str"),
            "source_accounts": groups.sizes[one],
            "target_accounts": groups.sizes[other],
            "edges": edges.ravel().astype(np.int64),
            "weight": weight.ravel(),
            "share": share.ravel(),
            "expected": expected.ravel(),
            "ratio": np.divide(weight, expected, out=np.full((k, k), np.nan), where=expected > 0).ravel(),
            "null_share": mean,
            "z": z,
            "p": p,
            "p_adjusted": permuting.adjusted(p),
        }
    )
    frame.attrs["meta"] = {
        **conventions(network, known, seed=seed),
        "method": "mixing matrix",
        "permutations": len(found),
        "permutations_reason": fewer(permutations, len(found), graphs.m),
        "pooled": max(0, len(known.names) - MOST_GROUPS),
        "null": "targets of all edges permuted; every account keeps the edges it sends and the number it gets",
        "source": SOURCE,
    }
    frame.attrs["columns"] = dict(COLUMNS)
    return frame


def checked(permutations: int | None, edges: int) -> int:
    """The number of draws. Raises ``NetmedError`` for fewer than two."""
    if permutations is not None and permutations < 2:
        raise NetmedError(f"permutations are a number from 2 on, not {permutations!r}")
    return permutations or permuting.draws(edges)


def fewer(wanted: int | None, made: int, edges: int) -> str | None:
    """Why there are fewer draws than usual; None where there are not."""
    if not edges:
        return "the network has no edges"
    return None if wanted or made >= permuting.USUAL else f"{edges:,} edges: {made} draws instead of {permuting.USUAL}"


def conventions(network: Network, known: Groups, *, seed: int) -> Mapping[str, Any]:
    """What holds for all tables of groups."""
    circular = "communities are found on these very edges: that they keep to themselves is their making"
    return {
        "by": known.by,
        "groups": len(known.names),
        "accounts": len(known.group),
        "without_group": int(np.count_nonzero(known.group < 0)),
        "edges": graphs_of(network).m,
        "weight": float(graphs_of(network).weight.sum()),
        "relations": list(network.relations),
        "direction": "attention: from the account that speaks to the account spoken to",
        "seed": seed,
        "notes": [circular] if known.by == "community" else [],
        "versions": {name: version(name) for name in ("numpy", "scipy")},
    }


def _cells(graphs: Graphs, groups: Groups, target: Integers, weight: Floats | None) -> Floats:
    """Edges or weight by source and target group; edges of an account to itself are left out."""
    k = len(groups.names)
    cell = groups.group[graphs.source] * k + groups.group[target]
    real = graphs.source != target
    if not real.all():
        cell, weight = cell[real], None if weight is None else weight[real]
    total: Floats = np.bincount(cell, weights=weight, minlength=k * k).astype(np.float64)
    return total.reshape(k, k)


def _shares(weight: Floats) -> Floats:
    sent = weight.sum(axis=1, keepdims=True)
    share: Floats = np.divide(weight, sent, out=np.full(weight.shape, np.nan), where=sent > 0)
    return share
