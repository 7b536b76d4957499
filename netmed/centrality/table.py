"""The centrality table: one row per account, with the conventions that made it."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal

import pandas as pd

from netmed.centrality.measure import Measure, Paths, Settings
from netmed.centrality.registry import chosen
from netmed.errors import NetmedError
from netmed.graphs import Graphs
from netmed.network import Network
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

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key, handle, name, then the
    columns of the measures. ``attrs["meta"]`` holds the conventions, ``attrs["columns"]`` the
    meaning of every column. NaN stands in the standard errors of what is exact, and nowhere else.

    Raises
    ------
    UnknownNameError : a measure that is not there; the nearest are named.
    NetworkError : edges that no measure can be trusted on (self loops, weights that are not positive).
    NetmedError : a setting out of range.
    """
    if direction not in _DIRECTIONS:
        raise NetmedError(f"direction is 'attention' or 'flow', not {direction!r}")
    settings = Settings(paths=paths, betweenness=betweenness, seed=seed)
    owners = chosen(measures)
    graphs = Graphs(network, flow=direction == "flow")
    used = {measure.name: measure for measure in owners.values()}
    results = {name: measure.compute(graphs, settings) for name, measure in used.items()}
    frame = network.accounts[list(IDENTITY)].reset_index(drop=True)
    values = {column: results[owner.name].columns[column].take(graphs.vertex) for column, owner in owners.items()}
    frame = pd.concat([frame, pd.DataFrame(values, index=frame.index)], axis=1)
    frame.attrs["meta"] = {
        "accounts": graphs.n,
        "edges": graphs.m,
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
        "measures": {name: _conventions(measure, results[name].details) for name, measure in used.items()},
        "versions": {"igraph": version("igraph")},
    }
    meanings = {column.name: column.meaning for column in ACCOUNTS if column.name in IDENTITY}
    for column, owner in owners.items():
        meanings[column] = next(entry.meaning for entry in owner.columns if entry.name == column)
    frame.attrs["columns"] = meanings
    return frame


def _conventions(measure: Measure, details: Any) -> dict[str, Any]:
    return {"graph": measure.graph, "weight": measure.weight, "source": measure.source, **details}
