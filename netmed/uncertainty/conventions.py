"""The conventions of path measures, all of them, and what each would have changed."""

import itertools
from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from netmed import centrality
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network
from netmed.registry import unknown
from netmed.uncertainty.alternatives import named
from netmed.uncertainty.comparing import compare, top_of
from netmed.uncertainty.rules import PATH_MEASURES

Lengths = Literal["1/weight", "1", "weight"]

LENGTHS: dict[Lengths, str] = {
    "1/weight": "a strong tie is short",
    "1": "weights ignored",
    "weight": "strength taken for length: the strongest ties become the longest; a mistake, here to show what it does",
}

SAME = 0.8
"""Share of the top that must be common for it to count as the same."""

ALIKE = 0.7
"""Spearman below which two readings are no longer called alike."""

_MEANINGS = {
    "measure": "the column of the centrality table",
    "lengths": "length of an edge in shortest paths: 1/weight, 1, or weight (the common mistake)",
    "direction": "flow: from the account spoken to to the one that speaks; attention: the other way",
    "is_own": "whether this is netmed's reading",
    "spearman": "Spearman's rank correlation with netmed's reading, over all accounts",
    "kendall_tau": "Kendall's tau-b with netmed's reading",
    "top_overlap": "share of the top that is common with netmed's reading",
    "first": "the account in the first place; several if they tie",
    "flag": "which conclusion would be another one; empty where none",
}


def audit_conventions(
    network: Network, *, top: int = 10, seed: int = 1, measures: Sequence[str] = PATH_MEASURES
) -> pd.DataFrame:
    """Every path measure under every reading of lengths and direction.

    netmed's own reading is length = 1 / weight on the flow graph F. ``weight`` as a length is what some
    libraries do when they are handed strengths (R's igraph by default), and what published tables were made
    with; nowhere else in netmed can it be had.

    Parameters
    ----------
    top : how many first places are compared.
    seed : of the pivots, where the network is large; the same pivots for every length.
    measures : of betweenness and harmonic.

    Returns
    -------
    One row per measure, lengths and direction, with columns as in ``attrs["columns"]``. ``flag`` says in words
    what would change: another account first, less than 80 % of the top in common, Spearman below 0.7 or below 0.
    Betweenness is the same in both directions by definition, where it is exact.
    """
    if top < 1:
        raise NetmedError(f"the number of first places is 1 or more, not {top}")
    for name in measures:
        if name not in PATH_MEASURES:
            raise UnknownNameError(unknown("path measure", name, list(PATH_MEASURES)))
    people = network.accounts.set_index("account_key")[["handle", "name"]]
    values: dict[tuple[str, str, str], pd.Series] = {}
    details: dict[str, Any] = {}
    for lengths, direction in itertools.product(LENGTHS, ("flow", "attention")):
        table = centrality.scores(
            _read_as(network, lengths),
            measures=measures,
            paths="unweighted" if lengths == "1" else "inverse",
            # path measures are taken on F; turning the network round takes them on E
            direction="attention" if direction == "flow" else "flow",
            seed=seed,
        ).set_index("account_key")
        details = details or dict(table.attrs["meta"]["measures"])
        values |= {(name, lengths, direction): table[name].astype("float64") for name in measures}
    rows = []
    for name, lengths, direction in itertools.product(measures, LENGTHS, ("flow", "attention")):
        own, other = values[name, "1/weight", "flow"], values[name, lengths, direction]
        found = compare(own, other, top=top)
        is_own = (lengths, direction) == ("1/weight", "flow")
        row = {"measure": name, "lengths": lengths, "direction": direction, "is_own": is_own}
        row |= {"spearman": found.spearman, "kendall_tau": found.kendall_tau, "top_overlap": found.top_overlap}
        row["first"] = named(top_of(other, 1), people, 3)
        row["flag"] = "" if is_own else _flag(own, other, found.spearman, found.top_overlap, top, people)
        rows.append(row)
    frame = pd.DataFrame(rows, columns=list(_MEANINGS))
    frame.attrs["meta"] = {
        "accounts": len(network.accounts),
        "edges": len(network.edges),
        "relations": list(network.relations),
        "direction": "flow is netmed's own for measures over shortest paths",
        "lengths": dict(LENGTHS),
        "method": "every reading against netmed's own: length = 1 / weight, on the flow graph",
        "top_k": top,
        "samples": {name: facts.get("method") for name, facts in details.items()},
        "flags": {"top": f"less than {SAME:.0%} in common", "spearman": f"below {ALIKE}, or below 0"},
        "seed": seed,
        "empty": None if len(network.edges) else "the network has no edge, so nobody is ranked",
        "notes": ["empty correlations: one of the two readings gives every account the same value"],
    }
    frame.attrs["columns"] = dict(_MEANINGS)
    return frame


def _read_as(network: Network, lengths: Lengths) -> Network:
    """The network whose 1 / weight is the length asked for."""
    if lengths != "weight":
        return network
    edges = network.edges.assign(weight=1.0 / network.edges["weight"])
    return Network({"accounts": network.accounts, "edges": edges}, provenance=network.provenance)


def _flag(own: pd.Series, other: pd.Series, spearman: float, overlap: float, top: int, people: pd.DataFrame) -> str:
    said = []
    first, second = top_of(own, 1), top_of(other, 1)
    if first != second:
        said.append(f"first is {named(second, people, 3) or 'nobody'} instead of {named(first, people, 3) or 'nobody'}")
    if overlap < SAME:
        said.append(f"of the first {top} only {overlap:.0%} stay")
    if spearman < 0:
        said.append(f"the order is rather reversed (Spearman {spearman:.2f})")
    elif spearman < ALIKE:
        said.append(f"the order is no longer alike (Spearman {spearman:.2f})")
    return "; ".join(said)
