"""Betweenness and harmonic centrality of resampled networks, from the same pivots in every replicate.

Copies of an author open no new ways: what differs between replicates is whose edges are missing. So a
replicate is the network of the authors that were drawn.
"""

import copy
from collections.abc import Mapping

import numpy as np

from netmed.centrality.measure import Settings
from netmed.centrality.paths import Sample, betweenness_from, harmonic_to, sample
from netmed.graphs import Floats, Graphs
from netmed.uncertainty.ranks import ranks, share_of_top
from netmed.uncertainty.replicates import Drawing

PATHS = ("betweenness", "harmonic")

WORK = 1_000_000_000
"""Replicates × pivots × (accounts + edges) that are affordable: some minutes on two cores."""

FEWEST = 50
"""Pivots below which a ranking by paths says more about the pivots than about the accounts."""

PER_SECOND = 10_000_000
"""Steps that shortest paths take in a second on one core, roughly."""


def pivots(graphs: Graphs, name: str, replicates: int, settings: Settings) -> Sample | str:
    """Return the accounts that paths are counted from in every replicate, or why that is not affordable."""
    ends = np.unique(graphs.target if name == "betweenness" else graphs.source).tolist()
    affordable = WORK // (replicates * max(graphs.n + graphs.m, 1))
    if affordable >= len(ends):
        return Sample(len(ends), ends, settings.seed)
    if affordable < FEWEST:
        return (
            f"{replicates:,} replicates of {name} need {FEWEST} pivots at least, "
            f"and here {affordable:,} are affordable; narrow the network or take fewer replicates"
        )
    number = min(affordable, len(ends) - 1)
    wanted = Settings(paths=settings.paths, betweenness=max(number, 2), seed=settings.seed)
    return sample(graphs, ends, wanted, always=True)


def part(graphs: Graphs, kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Graphs:
    """The graphs with only the edges kept, all accounts."""
    smaller = copy.copy(graphs)
    for name in ("E", "F"):
        smaller.__dict__.pop(name, None)
    smaller.source, smaller.target, smaller.weight = graphs.source[kept], graphs.target[kept], graphs.weight[kept]
    return smaller


def values(graphs: Graphs, name: str, drawn: Sample, settings: Settings) -> Floats:
    """One measure, per vertex, from the pivots."""
    measured = betweenness_from if name == "betweenness" else harmonic_to
    return measured(graphs, drawn, settings)[0]


def write_places(
    graphs: Graphs,
    drawing: Drawing,
    chosen: Mapping[str, Sample],
    settings: Settings,
    files: Mapping[str, tuple[str, str]],
    shape: tuple[int, int],
    first: int,
    last: int,
    top: int,
) -> dict[str, Floats]:
    """As ``replicates.write_places``, for the path measures."""
    often = {name: np.zeros(shape[1]) for name in chosen}
    for replicate in range(first, last):
        smaller = part(graphs, drawing.copies(replicate)[graphs.source] > 0)
        for name, drawn in chosen.items():
            pair = ranks(values(smaller, name, drawn, settings))
            for file, places in zip(files[name], pair, strict=True):
                target = np.memmap(file, dtype=np.int32, mode="r+", shape=shape)
                target[replicate] = places
                target.flush()
            often[name] += share_of_top(*pair, top)
    return often
