"""The networks of resampled authors, a block at a time: their measures as places in a ranking.

Drawing authors with replacement makes every post of an author, so each of its edges, count as often as the
author was drawn. A measure that adds up over the accounts that address one is then a product of a sparse
matrix with a block of multiplicities; nothing is aggregated again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from netmed.centrality.walk import step_matrix
from netmed.graphs import Floats, Graphs, Integers
from netmed.uncertainty.ranks import Ranks, ranks, share_of_top
from netmed.uncertainty.walks import pagerank

INWARD = ("in_degree", "in_strength", "effective_engagers")
OUTWARD = ("out_degree", "out_strength")
CHEAP = (*INWARD, *OUTWARD, "pagerank")
"""Measures that are resampled at any size."""

BLOCK = 4_000_000
"""Accounts × replicates held at once; some tens of megabytes for each of a few arrays."""

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn from: ``authors`` are vertices; of the others there is always one."""

    accounts: int
    authors: Integers
    seed: int

    def copies(self, replicate: int) -> Integers:
        """How often each account stands in a replicate, (accounts,); a generator of its own for each."""
        chance = np.random.default_rng([self.seed, replicate])
        number = np.ones(self.accounts, dtype=np.int64)
        drawn = chance.integers(0, len(self.authors), len(self.authors))
        number[self.authors] = np.bincount(drawn, minlength=len(self.authors))
        return number

    def block(self, first: int, last: int) -> Integers:
        """Of the replicates from ``first`` up to ``last``, (accounts, replicates)."""
        return np.stack([self.copies(replicate) for replicate in range(first, last)], axis=1)


@dataclass(frozen=True, slots=True)
class Matrices:
    """The edges as sparse matrices (target, source), only those that the measures need."""

    speaks: npt.NDArray[np.bool_]
    by_name: Mapping[str, sparse.csr_array]
    constant: Mapping[str, Floats]

    @classmethod
    def of(cls, graphs: Graphs, names: tuple[str, ...]) -> "Matrices":
        """Build those for the measures named (of ``CHEAP``)."""
        places = (graphs.target, graphs.source)
        shape = (graphs.n, graphs.n)

        def matrix(values: Floats) -> sparse.csr_array:
            return sparse.csr_array((values, places), shape=shape)

        made: dict[str, sparse.csr_array] = {}
        if "in_degree" in names:
            made["in_degree"] = matrix(np.ones(graphs.m))
        if {"in_strength", "effective_engagers"} & set(names):
            made["in_strength"] = matrix(graphs.weight)
        if "effective_engagers" in names:
            made["surprise"] = matrix(graphs.weight * np.log(graphs.weight))
        if "pagerank" in names:
            made["steps"] = step_matrix(graphs)
        out = np.bincount(graphs.source, minlength=graphs.n)
        constant = {
            "out_degree": out.astype(np.float64),
            "out_strength": np.bincount(graphs.source, weights=graphs.weight, minlength=graphs.n).astype(np.float64),
        }
        return cls(out > 0, made, constant)

    def values(self, name: str, copies: Floats) -> Floats:
        """One measure in every replicate of a block, (accounts, replicates).

        In-measures count an addressed account once and every copy of those that address it. Of PageRank, the
        part that came over edges: what all accounts get for being there ranks nobody.
        """
        if name == "pagerank":
            return pagerank(self.by_name["steps"], self.speaks, copies)[1]
        if name in OUTWARD:
            return np.repeat(self.constant[name][:, np.newaxis], copies.shape[1], axis=1)
        here = np.where(self.speaks[:, np.newaxis], copies, 0.0)
        if name != "effective_engagers":
            return np.asarray(self.by_name[name] @ here)
        total = np.asarray(self.by_name["in_strength"] @ here)
        spread = np.asarray(self.by_name["surprise"] @ here)
        known = np.where(total > 0, total, 1.0)
        return np.where(total > 0, np.exp(np.log(known) - spread / known), 0.0)


def blocks(accounts: int, replicates: int) -> list[tuple[int, int]]:
    """First and last (excluded) replicate of each block; the same on every machine."""
    size = max(1, min(AT_ONCE, BLOCK // max(accounts, 1)))
    return [(start, min(start + size, replicates)) for start in range(0, replicates, size)]


def write_places(
    matrices: Matrices,
    drawing: Drawing,
    files: Mapping[str, tuple[str, str]],
    shape: tuple[int, int],
    first: int,
    last: int,
    top: int,
) -> dict[str, Floats]:
    """Write the places of a block of replicates into the files of each measure.

    Parameters
    ----------
    files : measure → files of the best and of the worst places, int32 of ``shape`` (replicates, accounts).
    first, last : the replicates of the block.

    Returns
    -------
    Measure → how often each account was among the first ``top``, (accounts,).
    """
    drawn = drawing.block(first, last)
    copies = drawn.astype(np.float64)
    often: dict[str, Floats] = {}
    for name, (best_file, worst_file) in files.items():
        values = matrices.values(name, copies)
        best = np.memmap(best_file, dtype=np.int32, mode="r+", shape=shape)
        worst = np.memmap(worst_file, dtype=np.int32, mode="r+", shape=shape)
        often[name] = np.zeros(shape[1])
        for column, replicate in enumerate(range(first, last)):
            pair: tuple[Ranks, Ranks] = ranks(values[:, column], drawn[:, column] if name in OUTWARD else None)
            best[replicate], worst[replicate] = pair
            often[name] += share_of_top(*pair, top)
        best.flush()
        worst.flush()
    return often
