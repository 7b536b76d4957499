"""What is measured: the graphs of a network, its accounts, and the forms that several measures share."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import igraph
import numpy as np
import pandas as pd

from netmed.graphs import Floats, Graphs, Integers
from netmed.network import Network


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of accounts that are joined in either direction, sorted: ``low`` < ``high`` are vertices.

    ``weight`` : sum of the weights of both directions.
    """

    low: Integers
    high: Integers
    weight: Floats


class Subject(Graphs):
    """Engagement and flow graph of a network with all that measures derive from them, made once.

    Takes what ``Graphs`` takes and raises what it raises; vertices are in the order of ``account_key``.
    """

    def __init__(self, network: Network, *, flow: bool = False) -> None:
        super().__init__(network, flow=flow)
        self.network = network

    @cached_property
    def by_vertex(self) -> pd.DataFrame:
        """``accounts``, row i is vertex i."""
        row = np.empty(self.n, dtype=np.int64)
        row[self.vertex] = np.arange(self.n)
        return self.network.accounts.iloc[row].reset_index(drop=True)

    @cached_property
    def in_strength(self) -> Floats:
        """Sum of the weights of the edges to each vertex."""
        return np.bincount(self.target, weights=self.weight, minlength=self.n).astype(np.float64)

    @cached_property
    def pairs(self) -> Pairs:
        """The undirected projection as arrays."""
        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        key, place = np.unique(low * self.n + high, return_inverse=True)
        weight = np.bincount(place, weights=self.weight, minlength=len(key)).astype(np.float64)
        n = max(self.n, 1)
        return Pairs(key // n, key % n, weight)

    @cached_property
    def undirected(self) -> igraph.Graph:
        """The undirected projection; edge j is row j of ``pairs``."""
        return igraph.Graph(n=self.n, edges=list(zip(self.pairs.low.tolist(), self.pairs.high.tolist(), strict=True)))

    @cached_property
    def matrix(self) -> Any:
        """E as a sparse matrix of strengths, (n, n), row = source, column = target."""
        from scipy import sparse  # late: what needs no matrix should not wait for it

        return sparse.csr_array((self.weight, (self.source, self.target)), shape=(self.n, self.n))

    @cached_property
    def steps(self) -> Any:
        """Where a reader goes from an account: ``walk.step_matrix``."""
        from netmed.centrality.walk import step_matrix

        return step_matrix(self)

    @cached_property
    def symmetric(self) -> Any:
        """The undirected projection as a sparse matrix of strengths, (n, n)."""
        return (self.matrix + self.matrix.T).tocsr()
