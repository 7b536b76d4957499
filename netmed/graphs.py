"""The graphs that measures run on, made the same whatever the order of the rows.

``E`` (engagement) has an edge from the account that speaks to the account spoken to, ``F`` (flow)
is its transpose: influence runs from the account addressed to the one that paid attention.
"""

from functools import cached_property

import igraph
import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.errors import NetworkError
from netmed.network import COUNTS, Network

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Graphs:
    """Engagement and flow graph of a network, vertices in the order of ``account_key``.

    Vertices and edges are sorted first, so that sums are added and pivots drawn in one order:
    ``vertex[i]`` is the vertex that row i of ``network.accounts`` stands for: values per vertex,
    taken at ``vertex``, are values per row.

    Parameters
    ----------
    network : the network.
    flow : transpose everything, so that ``E`` and ``F`` change places.

    Raises
    ------
    NetworkError : an edge from an account to itself, two edges of one ordered pair, an edge of an
        account that is not in ``accounts``, or a weight that is not a positive number.
    """

    def __init__(self, network: Network, *, flow: bool = False) -> None:
        keys = pd.Index(network.accounts["account_key"])
        if not keys.is_unique:
            raise NetworkError(f"the account {keys[keys.duplicated()][0]} has two rows in accounts; build it again")
        edges = network.edges
        self.n = len(keys)
        rows = np.asarray(keys.argsort(), dtype=np.int64)
        self.vertex: Integers = np.empty(self.n, dtype=np.int64)
        self.vertex[rows] = np.arange(self.n)
        ranked = keys.take(rows)
        source = ranked.get_indexer(pd.Index(edges["source_key"])).astype(np.int64)
        target = ranked.get_indexer(pd.Index(edges["target_key"])).astype(np.int64)
        weight = edges["weight"].to_numpy(dtype=np.float64)
        _check(edges, source, target, weight)
        if flow:
            source, target = target, source
        position = np.lexsort((target, source))
        self.source: Integers = source[position]
        self.target: Integers = target[position]
        self.weight: Floats = weight[position]
        self.relations = network.relations
        self._counts = edges.iloc[position][[name for name in COUNTS if name in edges.columns]]

    @property
    def m(self) -> int:
        """Number of edges."""
        return len(self.source)

    @cached_property
    def E(self) -> igraph.Graph:  # noqa: N802 (the name of the graph in the documentation)
        """Engagement graph, source → target; edge j has ``self.weight[j]``."""
        return self._graph(self.source, self.target)

    @cached_property
    def F(self) -> igraph.Graph:  # noqa: N802
        """Flow graph, target → source; edge j has ``self.weight[j]``."""
        return self._graph(self.target, self.source)

    @property
    def lengths(self) -> Floats:
        """Length of every edge, 1 / weight: a strong tie is a short way."""
        return 1.0 / self.weight

    def counts(self, column: str) -> Integers | None:
        """Posts per edge of one relation; None where the edges do not carry that relation."""
        if column not in self._counts:
            return None
        values: Integers = self._counts[column].fillna(0).to_numpy(dtype=np.int64)
        chosen = column.removeprefix("n_") in self.relations
        return values if chosen or values.any() else None

    def _graph(self, source: Integers, target: Integers) -> igraph.Graph:
        return igraph.Graph(n=self.n, edges=list(zip(source.tolist(), target.tolist(), strict=True)), directed=True)


def _check(edges: pd.DataFrame, source: Integers, target: Integers, weight: Floats) -> None:
    """Refuse edges on which a measure would be silently wrong."""

    def pair(wrong: npt.NDArray[np.bool_]) -> str:
        row = edges.iloc[int(np.flatnonzero(wrong)[0])]
        return f"{row['source_key']} → {row['target_key']} (weight {row['weight']})"

    foreign = (source < 0) | (target < 0)
    if foreign.any():
        raise NetworkError(f"the edge {pair(foreign)} has an end that is not among the accounts; build it again")
    loops = source == target
    if loops.any():
        raise NetworkError(f"the edge {pair(loops)} leads from an account to itself; self events make no edge")
    twice = pd.DataFrame({"source": source, "target": target}).duplicated().to_numpy()
    if twice.any():
        raise NetworkError(f"the edge {pair(twice)} is there twice; edges have one row per ordered pair")
    with np.errstate(divide="ignore", over="ignore"):
        unusable = ~(np.isfinite(weight) & (weight > 0) & np.isfinite(1.0 / weight))
    if unusable.any():
        raise NetworkError(f"the edge {pair(unusable)} has no positive weight; a weight is the strength of an edge")
