"""The centrality table: one row per account, with the conventions that made it."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import pandas as pd

from netmed.centrality import consensus as toplists
from netmed.centrality.measure import CONSENSUS_LISTS, Measure, Paths, Result, Settings
from netmed.centrality.registry import chosen
from netmed.centrality.subject import Subject
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network
from netmed.registry import unknown
from netmed.schema import ACCOUNTS

IDENTITY = ("account_key", "handle", "name")

_DIRECTIONS = {
    "attention": "from the account that speaks to the account spoken to",
    "flow": "from the account spoken to to the account that speaks: everything transposed",
}


def scores(
    network: Network,
    *,
    measures: Sequence[str] | None = None,
    paths: Paths = "inverse",
    direction: Literal["attention", "flow"] = "attention",
    betweenness: Literal["auto", "exact"] | int = "auto",
    seed: int = 1,
    probability: str = "data",
    communities: pd.DataFrame | None = None,
    consensus: int | None = None,
    consensus_lists: Sequence[str] = CONSENSUS_LISTS,
) -> pd.DataFrame:
    """How central every account is.

    Parameters
    ----------
    network : the network; a weight is the strength of an edge source → target.
    measures : names of measures (``netmed.centrality.MEASURES``) or of single columns; all if None.
    paths : length of an edge in shortest paths: ``inverse`` = 1 / weight, ``unweighted`` = 1.
    direction : ``attention`` keeps source → target; ``flow`` transposes all edges, for all measures
        alike, so that in_degree becomes out_degree.
    betweenness : ``exact``; a number of pivots (from 2 on); or ``auto``, exact while that takes a
        few seconds and else as many pivots as take that long. Harmonic centrality is exact where
        that is cheap or ``exact`` is asked for, and else uses the same number of pivots.
    seed : of the draw of pivots; global random state is neither read nor changed.
    probability : what a flow edge transmits with, for ``viral``: ``data``, ``weight``, ``constant:P``,
        ``weighted-cascade`` or a CSV file (``netmed.transmission``).
    communities : account_key and community, as ``netmed.community.leiden`` gives them, for
        ``participation``, ``within_module_z`` and ``role_ga``; without, these columns are empty.
    consensus : adds ``consensus_k``, in how many of the top lists of this length an account is
        (Riddell and others 2017, West. J. Emerg. Med.); what the lists need is computed.
    consensus_lists : the columns that make the lists.

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key, handle, name, then the
    columns of the measures. ``attrs["meta"]`` holds the conventions, ``attrs["columns"]`` the
    meaning of every column. Empty are the standard errors of what is exact, and what is not defined or not
    known; then ``meta["measures"][name]["notes"]`` says why.

    Raises
    ------
    UnknownNameError : a measure that is not there; the nearest are named.
    NetworkError : edges that no measure can be trusted on (self loops, weights that are not positive).
    NetmedError : a setting out of range.
    """
    if direction not in _DIRECTIONS:
        raise NetmedError(f"direction is 'attention' or 'flow', not {direction!r}")
    settings = Settings(
        paths=paths,
        betweenness=betweenness,
        seed=seed,
        probability=probability,
        communities=communities,
        consensus=consensus,
        consensus_lists=tuple(consensus_lists),
    )
    owners = chosen(measures)
    listed = _listed(settings)
    subject = Subject(network, flow=direction == "flow")
    used = {measure.name: measure for measure in [*owners.values(), *listed.values()]}
    results = {name: measure.compute(subject, settings) for name, measure in used.items()}
    frame = network.accounts[list(IDENTITY)].reset_index(drop=True)
    values = {column: results[owner.name].columns[column].take(subject.vertex) for column, owner in owners.items()}
    meanings = {column.name: column.meaning for column in ACCOUNTS if column.name in IDENTITY}
    for column, owner in owners.items():
        meanings[column] = next(entry.meaning for entry in owner.columns if entry.name == column)
    agreed = {}
    if listed:
        times, agreed["consensus"] = _consensus(listed, results, settings)
        values[toplists.COLUMN.name] = times.take(subject.vertex)
        meanings[toplists.COLUMN.name] = toplists.COLUMN.meaning
    frame = pd.concat([frame, pd.DataFrame(values, index=frame.index)], axis=1)
    frame.attrs["meta"] = {
        "accounts": subject.n,
        "edges": subject.m,
        "relations": list(network.relations),
        "selection": {
            "rules": dict(network.provenance.get("rules", {})),
            "posts": dict(network.provenance.get("parameters", {})),
        },
        "direction": direction,
        "graphs": {
            "E": f"engagement: {_DIRECTIONS[direction]}; weight is a strength",
            "F": "flow: the transpose of E",
        },
        "paths": paths,
        "lengths": "length = 1 / weight" if paths == "inverse" else "every edge has length 1",
        "ties": "paths whose lengths agree to two parts in 10^10 are equally short",
        "seed": seed,
        **agreed,
        "measures": {name: _conventions(measure, results[name].details) for name, measure in used.items()},
        "versions": {name: version(name) for name in ("igraph", "numba", "numpy", "scipy")},
    }
    frame.attrs["columns"] = meanings
    return frame


def _conventions(measure: Measure, details: Any) -> dict[str, Any]:
    return {"graph": measure.graph, "weight": measure.weight, "source": measure.source, **details}


def _listed(settings: Settings) -> dict[str, Measure]:
    """Column → measure of the lists that are compared; none where no consensus is asked for."""
    if settings.consensus is None:
        return {}
    if not settings.consensus_lists:
        raise NetmedError("consensus wants at least one column whose top list counts; none is named")
    owners = chosen(None)
    for name in settings.consensus_lists:
        if name not in owners:
            raise UnknownNameError(unknown("column", name, list(owners)))
        if any(column.name == name and column.dtype == "string" for column in owners[name].columns):
            raise NetmedError(f"{name} is text; a top list wants a column of numbers")
    return {name: owners[name] for name in settings.consensus_lists}


def _consensus(listed: dict[str, Measure], results: dict[str, Result], settings: Settings) -> tuple[Any, Any]:
    lists = {
        column: pd.Series(results[owner.name].columns[column]).to_numpy(dtype=np.float64, na_value=np.nan)
        for column, owner in listed.items()
    }
    return toplists.count(lists, settings)
