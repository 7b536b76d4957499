"""Measures over shortest paths of the flow graph: betweenness and harmonic centrality.

A length is 1 / weight (or 1), never the weight: the strongest ties are the shortest ways. Paths
whose lengths agree to within one part in 10¹⁰ count as equally short, so that 1/3 + 1/3 + 1/3 ties
with 1 in spite of rounding. Where every account as a start would take too long, pivots are drawn
without replacement from the accounts that can start (or end) a path, and the estimate is unbiased.
"""

import math
import random
from dataclasses import dataclass

import numpy as np

from netmed.centrality.measure import Measure, Result, Settings
from netmed.graphs import Floats, Graphs
from netmed.schema import Column

EXACT_WORK = 60_000_000
"""Exact while starts × (accounts + edges) is below this: a few seconds on one core."""

PIVOT_WORK = 30_000_000
"""Above that, as many pivots as make about this many steps, and at least ``FEWEST_PIVOTS``."""

FEWEST_PIVOTS = 100

BATCHES = 20
"""Groups of pivots from whose spread the standard error of betweenness is estimated."""


BLOCK = 1_000_000
"""Distances held at once: some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which accounts paths are counted from: ``pivots`` out of ``population``, all if exact."""

    population: int
    pivots: list[int]
    seed: int

    @property
    def exact(self) -> bool:
        """Whether every account that matters is among the pivots."""
        return len(self.pivots) == self.population

    def details(self) -> dict[str, object]:
        """Say in words for the convention block what was sampled."""
        if self.exact:
            return {"method": "exact", "pivots": None, "population": self.population, "seed": None}
        return {
            "method": "pivots",
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
    work = len(candidates) * (graphs.n + graphs.m)
    wanted = settings.betweenness
    if wanted == "exact" or (work <= EXACT_WORK and (wanted == "auto" or not always)):
        return Sample(len(candidates), candidates, settings.seed)
    number = wanted if isinstance(wanted, int) else max(FEWEST_PIVOTS, PIVOT_WORK // (graphs.n + graphs.m))
    if number >= len(candidates):
        return Sample(len(candidates), candidates, settings.seed)
    return Sample(len(candidates), random.Random(settings.seed).sample(candidates, number), settings.seed)  # noqa: S311


def _betweenness(graphs: Graphs, settings: Settings) -> Result:
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
    if pairs <= 0:
        return np.zeros(graphs.n), error
    lengths = None
    if settings.paths == "inverse" and graphs.m:
        # relative to the shortest edge: the ways are the same, and igraph distrusts tiny lengths
        lengths = (graphs.weight.max() / graphs.weight).tolist()
    if drawn.exact:
        return np.asarray(graphs.F.betweenness(weights=lengths), dtype=np.float64) / pairs, error
    k = len(drawn.pivots)
    batches = [drawn.pivots[start :: min(BATCHES, k)] for start in range(min(BATCHES, k))]
    sums = [np.asarray(graphs.F.betweenness(weights=lengths, sources=batch), dtype=np.float64) for batch in batches]
    mean = np.sum(sums, axis=0) / k
    spread = np.sum([(total - len(batch) * mean) ** 2 for total, batch in zip(sums, batches, strict=True)], axis=0)
    scale = drawn.population / pairs
    left_out = 1 - k / drawn.population
    variance = left_out * spread * len(batches) / (len(batches) - 1) / k**2
    return scale * mean, scale * np.sqrt(variance)


def _harmonic(graphs: Graphs, settings: Settings) -> Result:
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
    lengths = graphs.lengths.tolist() if settings.paths == "inverse" else None
    if drawn.exact:
        # networkx's harmonic_centrality of E is this one: it sums over the ways that arrive
        values = graphs.F.harmonic_centrality(mode="out", weights=lengths, normalized=True)
        return np.asarray(values, dtype=np.float64), error
    k = len(drawn.pivots)
    total, squares = np.zeros(graphs.n), np.zeros(graphs.n)
    at_once = max(1, BLOCK // graphs.n)
    for start in range(0, k, at_once):
        block = drawn.pivots[start : start + at_once]
        distance = np.array(graphs.F.distances(source=block, mode="in", weights=lengths), dtype=np.float64)
        distance[np.arange(len(block)), block] = math.inf
        nearness = 1.0 / distance
        total += nearness.sum(axis=0)
        squares += (nearness**2).sum(axis=0)
    mean = total / k
    scale = drawn.population / (graphs.n - 1)
    left_out = 1 - k / drawn.population
    variance = left_out * np.maximum(squares - k * mean**2, 0.0) / (k - 1) / k
    return scale * mean, scale * np.sqrt(variance)


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
)
