"""Measures over shortest paths of the flow graph: betweenness and harmonic centrality.

A length is 1 / weight (or 1), never the weight: the strongest ties are the shortest ways. Paths
whose lengths agree to within one part in 10¹⁰ count as equally short, so that 1/3 + 1/3 + 1/3 ties
with 1 in spite of rounding. Where every account as a start would take too long, pivots are drawn
without replacement from the accounts that can start (or end) a path, and the estimate is unbiased.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

import igraph
import numpy as np
import numpy.typing as npt

from netmed import parallel
from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.graphs import Floats, Graphs, Integers
from netmed.schema import Column

EXACT_WORK = 60_000_000
"""Exact while starts × (accounts + edges) is below this: a few seconds on one core."""

PIVOT_WORK = 30_000_000
"""Above that, as many pivots as make about this many steps, and at least ``FEWEST_PIVOTS``."""

FEWEST_PIVOTS = 100

BATCHES = 20
"""Groups of starts that are added up apart, on as many cores as there are: the sum is the same on any machine.

The standard error of betweenness comes from how the groups of pivots differ."""

BETWEENNESS_SECONDS, HARMONIC_SECONDS = 1.6e-7, 0.8e-7
"""What one step takes on one core, about: whether other cores are worth starting."""

BLOCK = 1_000_000
"""Distances held at once: some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which accounts paths are counted from: ``pivots`` out of ``population``, all if exact."""

    population: int
    pivots: list[int]
    seed: int
    why: str = ""

    @property
    def exact(self) -> bool:
        """Whether every account that matters is among the pivots."""
        return len(self.pivots) == self.population

    def details(self) -> dict[str, object]:
        """Say in words for the convention block what was sampled."""
        if self.exact:
            return {"method": "exact", "why": self.why, "pivots": None, "population": self.population, "seed": None}
        return {
            "method": "pivots",
            "why": self.why,
            "pivots": len(self.pivots),
            "population": self.population,
            "seed": self.seed,
            "notes": ["0 with standard error 0: no path of the sample met the account"],
        }


def sample(graphs: Graphs, candidates: list[int], settings: Settings, *, always: bool) -> Sample:
    """Draw pivots from candidates (vertices in the order of account_key).

    Parameters
    ----------
    always : whether a number of pivots that was asked for holds even where exact is affordable.
    """
    count, size = len(candidates), graphs.n + graphs.m
    work = count * size
    wanted = settings.betweenness
    all_of_them = f"{count:,} accounts × {size:,} accounts and edges = {work:,} steps"
    if wanted == "exact":
        return Sample(count, candidates, settings.seed, f"asked for; {all_of_them}")
    if work <= EXACT_WORK and (wanted == "auto" or not always):
        return Sample(count, candidates, settings.seed, f"{all_of_them}, within the budget of {EXACT_WORK:,}")
    if isinstance(wanted, int):
        number, why = wanted, f"{wanted:,} pivots were asked for"
    else:
        number = max(FEWEST_PIVOTS, PIVOT_WORK // size)
        why = f"all would be {all_of_them}, beyond the budget of {EXACT_WORK:,}"
    if number >= count:
        return Sample(count, candidates, settings.seed, f"{why}; there are {count:,} accounts to start from")
    pivots = random.Random(settings.seed).sample(candidates, number)  # noqa: S311 (no secret is drawn)
    return Sample(count, pivots, settings.seed, why)


def _in_batches(starts: list[int]) -> list[list[int]]:
    """Groups that depend on the starts alone."""
    return [starts[first :: min(BATCHES, len(starts))] for first in range(min(BATCHES, len(starts)))]


def _on_all_cores(
    function: Any, graphs: Graphs, lengths: Floats | None, batches: list[list[int]], step: float
) -> npt.NDArray[np.float64]:
    """Call function(n, tail, head, lengths, batches) for shares of the batches; results in their order."""
    seconds = step * (graphs.n + graphs.m) * sum(map(len, batches))
    shares = min(parallel.cores(), len(batches)) if seconds >= parallel.WORTHWHILE else 1
    cuts = np.array_split(np.arange(len(batches)), shares)
    tasks = [(graphs.n, graphs.target, graphs.source, lengths, [batches[i] for i in cut]) for cut in cuts]
    return np.concatenate(parallel.spread(function, tasks, seconds=seconds))


def _betweenness(graphs: Subject, settings: Settings) -> Result:
    starts = np.unique(graphs.target).tolist()  # on F an edge leaves the account spoken to
    drawn = sample(graphs, starts, settings, always=True)
    values, error = betweenness_from(graphs, drawn, settings)
    details = {
        **drawn.details(),
        "batches": None if drawn.exact else min(BATCHES, len(drawn.pivots)),
        "normalisation": "share of the (n − 1)(n − 2) ordered pairs of other accounts; 0 where n < 3",
    }
    return Result({"betweenness": values, "betweenness_se": error}, details)


def betweenness_from(graphs: Graphs, drawn: Sample, settings: Settings) -> tuple[Floats, Floats]:
    """Betweenness from the pivots drawn, and its standard error (NaN if exact), per vertex."""
    pairs = (graphs.n - 1) * (graphs.n - 2)
    error = np.full(graphs.n, np.nan)
    if pairs <= 0 or graphs.m == 0:
        return np.zeros(graphs.n), error
    # relative to the shortest edge: the ways are the same, and igraph distrusts tiny lengths
    lengths = graphs.weight.max() / graphs.weight if settings.paths == "inverse" else None
    k = len(drawn.pivots)
    if drawn.exact and k * (graphs.n + graphs.m) * BETWEENNESS_SECONDS < parallel.WORTHWHILE:
        weights = None if lengths is None else lengths.tolist()
        return np.asarray(graphs.F.betweenness(weights=weights), dtype=np.float64) / pairs, error
    batches = _in_batches(drawn.pivots)
    sums = _on_all_cores(_betweenness_sums, graphs, lengths, batches, BETWEENNESS_SECONDS)
    if drawn.exact:
        return np.sum(sums, axis=0) / pairs, error
    mean = np.sum(sums, axis=0) / k
    spread = np.sum([(total - len(batch) * mean) ** 2 for total, batch in zip(sums, batches, strict=True)], axis=0)
    scale = drawn.population / pairs
    left_out = 1 - k / drawn.population
    variance = left_out * spread * len(batches) / (len(batches) - 1) / k**2
    return scale * mean, scale * np.sqrt(variance)


def _betweenness_sums(
    n: int, tail: Integers, head: Integers, lengths: Floats | None, batches: list[list[int]]
) -> npt.NDArray[np.float64]:
    """Paths through each vertex from each batch of starts: (batches, n)."""
    flow = igraph.Graph(n=n, edges=list(zip(tail.tolist(), head.tolist(), strict=True)), directed=True)
    weights = None if lengths is None else lengths.tolist()
    return np.array([flow.betweenness(weights=weights, sources=batch) for batch in batches], dtype=np.float64)


def _harmonic(graphs: Subject, settings: Settings) -> Result:
    ends = np.unique(graphs.source).tolist()  # on F an edge arrives at the account that speaks
    drawn = sample(graphs, ends, settings, always=False)
    values, error = harmonic_to(graphs, drawn, settings)
    normalisation = "mean over the n − 1 other accounts, unreachable ones as 0; 0 where n = 1"
    return Result({"harmonic": values, "harmonic_se": error}, {**drawn.details(), "normalisation": normalisation})


def harmonic_to(graphs: Graphs, drawn: Sample, settings: Settings) -> tuple[Floats, Floats]:
    """Mean of 1 / distance to the pivots drawn, and its standard error (NaN if exact), per vertex."""
    error = np.full(graphs.n, np.nan)
    if graphs.n < 2:
        return np.zeros(graphs.n), error
    lengths = graphs.lengths if settings.paths == "inverse" else None
    if drawn.exact:
        return _harmonic_exactly(graphs, lengths), error
    k = len(drawn.pivots)
    sums = _on_all_cores(_harmonic_sums, graphs, lengths, _in_batches(drawn.pivots), HARMONIC_SECONDS)
    total, squares = sums.sum(axis=0)
    mean = total / k
    scale = drawn.population / (graphs.n - 1)
    left_out = 1 - k / drawn.population
    variance = left_out * np.maximum(squares - k * mean**2, 0.0) / (k - 1) / k
    return scale * mean, scale * np.sqrt(variance)


def _harmonic_exactly(graphs: Graphs, lengths: Floats | None) -> Floats:
    """Mean nearness of every vertex that anything can be near to; 0 for the others."""
    values = np.zeros(graphs.n)
    starts = np.unique(graphs.target).tolist()
    if starts:
        batches = _in_batches(starts)
        found = _on_all_cores(_harmonic_values, graphs, lengths, batches, HARMONIC_SECONDS)
        values[[start for batch in batches for start in batch]] = found
    return values


def _harmonic_values(
    n: int, tail: Integers, head: Integers, lengths: Floats | None, batches: list[list[int]]
) -> Floats:
    """Harmonic centrality of the vertices of the batches, in their order."""
    flow = igraph.Graph(n=n, edges=list(zip(tail.tolist(), head.tolist(), strict=True)), directed=True)
    weights = None if lengths is None else lengths.tolist()
    vertices = [vertex for batch in batches for vertex in batch]
    # networkx's harmonic_centrality of E is this one: it sums over the ways that arrive
    values = flow.harmonic_centrality(vertices=vertices, mode="out", weights=weights, normalized=True)
    return np.asarray(values, dtype=np.float64)


def _harmonic_sums(
    n: int, tail: Integers, head: Integers, lengths: Floats | None, batches: list[list[int]]
) -> npt.NDArray[np.float64]:
    """Nearness of each vertex to the ends of each batch, and its square, added up: (batches, 2, n)."""
    flow = igraph.Graph(n=n, edges=list(zip(tail.tolist(), head.tolist(), strict=True)), directed=True)
    weights = None if lengths is None else lengths.tolist()
    sums = np.zeros((len(batches), 2, n))
    at_once = max(1, BLOCK // n)
    for batch, (total, squares) in zip(batches, sums, strict=True):
        for start in range(0, len(batch), at_once):
            block = batch[start : start + at_once]
            distance = np.array(flow.distances(source=block, mode="in", weights=weights), dtype=np.float64)
            distance[np.arange(len(block)), block] = math.inf
            nearness = 1.0 / distance
            total += nearness.sum(axis=0)
            squares += (nearness**2).sum(axis=0)
    return sums


BETWEENNESS = Measure(
    name="betweenness",
    columns=(
        Column(
            "betweenness",
            "float64",
            "share of the ordered pairs of other accounts whose shortest path leads through it, ties shared out",
        ),
        Column("betweenness_se", "float64", "standard error of betweenness; empty if it is exact"),
    ),
    graph="F",
    weight="length",
    cost="pivots × (m + n log n), all accounts as pivots if exact",
    source="Freeman 1977, doi:10.2307/3033543; Brandes 2001, doi:10.1080/0022250X.2001.9990249; "
    "pivots Brandes and Pich 2007, doi:10.1142/S0218127407018403",
    compute=_betweenness,
    formula="Σ σₛₜ(i) / σₛₜ over ordered pairs s, t ≠ i, divided by (n − 1)(n − 2); σ counts shortest paths",
    when="To find bridges: accounts without which news would travel a longer way.",
)

HARMONIC = Measure(
    name="harmonic",
    columns=(
        Column("harmonic", "float64", "mean of 1 / distance from it to every other account on the flow graph"),
        Column("harmonic_se", "float64", "standard error of harmonic; empty if it is exact"),
    ),
    graph="F",
    weight="length",
    cost="pivots × (m + n log n), all accounts as pivots if exact",
    source="Marchiori and Latora 2000, doi:10.1016/S0378-4371(00)00311-3; Boldi and Vigna 2014, "
    "doi:10.1080/15427951.2013.865686; pivots Eppstein and Wang 2004, J. Graph Algorithms Appl. 8(1):39–45",
    compute=_harmonic,
    formula="Σⱼ 1 / d(i, j) / (n − 1), unreachable j count 0",
    when="To find accounts from which news is soon everywhere, also where the network falls into pieces.",
)
