"""The pairs that communities are found on: who has to do with whom, whichever way, and how much.

Communities of modularity have no direction. The weight of a pair is the sum of the weights of both
directions; accounts without an edge stay outside.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import igraph
import numpy as np

from netmed.graphs import Floats, Graphs, Integers
from netmed.network import Network

PROJECTION = "undirected; the weight of a pair is the sum of the weights of both directions"


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The undirected projection, accounts and pairs in the order of ``account_key``.

    ``vertex[i]`` is the vertex of ``Graphs`` that member i stands for; pair j joins the members
    ``low[j]`` < ``high[j]`` with ``weight[j]``. The directed edges between the same members are
    ``source``, ``target`` and ``strength``.
    """

    vertex: Integers
    low: Integers
    high: Integers
    weight: Floats
    source: Integers
    target: Integers
    strength: Floats

    @property
    def n(self) -> int:
        """Number of accounts that have an edge."""
        return len(self.vertex)

    @property
    def m(self) -> int:
        """Number of pairs."""
        return len(self.low)


_GRAPHS: WeakKeyDictionary[Network, Graphs] = WeakKeyDictionary()
_PAIRS: WeakKeyDictionary[Network, Pairs] = WeakKeyDictionary()


def graphs_of(network: Network) -> Graphs:
    """``Graphs(network)``, made once for all tables of a network, as long as the network lives."""
    if network not in _GRAPHS:
        _GRAPHS[network] = Graphs(network)
    return _GRAPHS[network]


def pairs_of(network: Network) -> Pairs:
    """The pairs of a network, made once as long as the network lives."""
    if network not in _PAIRS:
        _PAIRS[network] = _projected(graphs_of(network))
    return _PAIRS[network]


def _projected(graphs: Graphs) -> Pairs:
    degree = np.bincount(graphs.source, minlength=graphs.n) + np.bincount(graphs.target, minlength=graphs.n)
    vertex = np.flatnonzero(degree).astype(np.int64)
    member = np.zeros(graphs.n, dtype=np.int64)
    member[vertex] = np.arange(len(vertex))
    source, target = member[graphs.source], member[graphs.target]
    n = len(vertex)
    pair, where = np.unique(np.minimum(source, target) * n + np.maximum(source, target), return_inverse=True)
    weight = np.bincount(where, weights=graphs.weight, minlength=len(pair)).astype(np.float64)
    low, high = np.divmod(pair, n) if n else (pair, pair)
    return Pairs(vertex, low, high, weight, source, target, graphs.weight)


def graph_of(source: Integers, target: Integers, n: int, *, directed: bool = False) -> igraph.Graph:
    """An igraph graph of n vertices, straight from arrays."""
    return igraph.Graph(n=n, edges=np.column_stack([source, target]), directed=directed)
