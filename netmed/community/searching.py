"""Many independent runs of Leiden or Infomap, on all cores, the same for a seed whatever the cores.

Every run has a generator of its own, seeded by its number: who computes it, and after what, changes
nothing.
"""

import contextlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import igraph
import numpy as np
import numpy.typing as npt

from netmed.community.projection import graph_of
from netmed.graphs import Floats, Integers
from netmed.parallel import cores, spread

Objective = Literal["modularity", "cpm"]
Membership = npt.NDArray[np.int32]

CONVERGES = 100_000
"""Up to so many pairs every run goes on until an iteration improves nothing."""

PAIR_ITERATIONS = 5_000_000
"""Beyond, pairs times iterations: 2.5 million pairs are gone through twice, half a million ten times."""

LEIDEN_SECONDS = 3e-6
"""Per pair and iteration, measured on 2.5 million pairs."""

INFOMAP_SECONDS = 4e-5
"""Per edge and trial, measured on 130,000 and 2.5 million edges."""

_UNTIL_STABLE = 6
"""About so many iterations a small graph takes until nothing improves."""


@dataclass(frozen=True, slots=True)
class Search:
    """How Leiden runs are made: objective, resolution, and iterations (-1: until nothing improves)."""

    objective: Objective
    resolution: float
    iterations: int

    def seconds(self, pairs: int) -> float:
        """About how long one run takes on one core."""
        return LEIDEN_SECONDS * pairs * (self.iterations if self.iterations > 0 else _UNTIL_STABLE) + 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """What independent runs found: memberships of all members, the quality sought, the modularity.

    ``quality`` : what the method makes as large as it can; of Infomap, the code length with a minus.
    """

    memberships: tuple[Membership, ...]
    quality: Floats
    modularity: Floats

    @property
    def best(self) -> int:
        """The run of the highest quality; of equal ones the first."""
        return int(np.argmax(self.quality))

    @property
    def communities(self) -> Integers:
        """Number of communities of every run."""
        return np.array([len(np.unique(found)) for found in self.memberships], dtype=np.int64)


def default_iterations(pairs: int) -> int:
    """-1 (until nothing improves) for a small graph, else from 10 down to 2."""
    return -1 if pairs <= CONVERGES else int(np.clip(PAIR_ITERATIONS // pairs, 2, 10))


@contextlib.contextmanager
def drawing(*name: object) -> Iterator[None]:
    """Let igraph draw from a generator seeded by this name, and from Python's own again afterwards."""
    igraph.set_random_number_generator(random.Random(" ".join(map(str, name))))  # noqa: S311 (no secret)
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def leiden_runs(
    low: Integers,
    high: Integers,
    weight: Floats,
    n: int,
    search: Search,
    *,
    runs: int,
    seed: int,
    stage: str = "leiden",
) -> Runs:
    """Independent Leiden runs over pairs of n members; run i depends on seed, stage and i alone."""
    tasks = [(low, high, weight, n, search, part) for part in _shares(runs, seed, stage)]
    done = spread(_leiden, tasks, seconds=runs * search.seconds(len(low)))
    return _together(done)


def infomap_trials(source: Integers, target: Integers, weight: Floats, n: int, *, trials: int, seed: int) -> Runs:
    """Independent Infomap trials over the directed edges of n members."""
    tasks = [(source, target, weight, n, part) for part in _shares(trials, seed, "infomap")]
    done = spread(_infomap, tasks, seconds=trials * INFOMAP_SECONDS * len(source))
    return _together(done)


def best_of_rewired(
    low: Integers, high: Integers, weight: Floats, n: int, search: Search, runs: int, name: str
) -> float:
    """Modularity of the best of some runs on one graph of the same degrees, its weights permuted."""
    graph = graph_of(low, high, n)
    with drawing(name, "rewire"):
        graph.rewire(n=10 * graph.ecount())
    mixed = np.random.default_rng(list(name.encode())).permutation(weight)
    found = _leiden_on(graph, mixed, search, [f"{name} {run}" for run in range(runs)])
    return max(found, key=lambda one: one[1])[2]


def modularity_of(graph: igraph.Graph, weight: Sequence[float], found: Sequence[int], search: Search) -> float:
    """Modularity at the resolution asked for; that of CPM is on another scale, so there it is 1."""
    resolution = search.resolution if search.objective == "modularity" else 1.0
    return float(graph.modularity(found, weights=weight, resolution=resolution))


def quality_of(low: Integers, high: Integers, weight: Floats, found: Membership, resolution: float) -> float:
    """Constant Potts model: weight inside less resolution times pairs of members inside, over all weight."""
    sizes = np.bincount(found).astype(np.float64)
    inside = float(weight[found[low] == found[high]].sum())
    return (inside - resolution * float((sizes * (sizes - 1) / 2).sum())) / float(weight.sum())


def _shares(runs: int, seed: int, stage: str) -> list[list[str]]:
    """The names of the runs, dealt to the cores: a process makes its graph once for all of its runs."""
    names = [f"{seed} {stage} {run}" for run in range(runs)]
    return [[names[i] for i in part] for part in np.array_split(np.arange(runs), min(cores(), runs)) if len(part)]


Found = tuple[Membership, float, float]


def _leiden(low: Integers, high: Integers, weight: Floats, n: int, search: Search, names: Sequence[str]) -> list[Found]:
    return _leiden_on(graph_of(low, high, n), weight, search, names)


def _leiden_on(graph: igraph.Graph, weight: Floats, search: Search, names: Sequence[str]) -> list[Found]:
    strengths = weight.tolist()
    ends = np.array(graph.get_edgelist(), dtype=np.int64) if search.objective == "cpm" else None
    done: list[Found] = []
    for name in names:
        with drawing(name):
            parts: Any = graph.community_leiden(
                objective_function="CPM" if search.objective == "cpm" else "modularity",
                weights=strengths,
                resolution=search.resolution,
                n_iterations=search.iterations,
            ).membership
        found = np.array(parts, dtype=np.int32)
        modularity = modularity_of(graph, strengths, parts, search)
        quality = modularity
        if ends is not None:
            quality = quality_of(ends[:, 0], ends[:, 1], weight, found, search.resolution)
        done.append((found, quality, modularity))
    return done


def _infomap(source: Integers, target: Integers, weight: Floats, n: int, names: Sequence[str]) -> list[Found]:
    graph, strengths = graph_of(source, target, n, directed=True), weight.tolist()
    done: list[Found] = []
    for name in names:
        with drawing(name):
            parts = graph.community_infomap(edge_weights=strengths, trials=1)
        modularity = float(graph.modularity(parts.membership, weights=strengths, directed=False))
        done.append((np.array(parts.membership, dtype=np.int32), -float(parts.codelength), modularity))
    return done


def _together(done: Sequence[Sequence[Found]]) -> Runs:
    found = [one for part in done for one in part]
    return Runs(
        tuple(one[0] for one in found),
        np.array([one[1] for one in found], dtype=np.float64),
        np.array([one[2] for one in found], dtype=np.float64),
    )
