"""The reach of accounts that were chosen, estimated on sets that had no part in the choice.

Greedy takes those that its own sets favour by chance, and reports its luck. Fresh sets know nothing of it. As with
single accounts, what a group reaches by one step is exact, and only what it reaches later is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from netmed.graphs import Floats, Integers
from netmed.reach import sampling
from netmed.reach.diffusion import Diffusion
from netmed.reach.sampling import Block, Sampler, Totals
from netmed.reach.singles import spread_error

FIRST = 8192
"""Sets of the first round; every further round doubles what there is."""

MOST = 33_554_432
"""Sets after which no further round begins."""

WORK = 100_000_000
"""Members of sets after which no further round begins."""


@dataclass(slots=True)
class Fresh:
    """Lists of accounts, and counts of the fresh sets that they meet.

    Parameters
    ----------
    lists : vertices, each list in its order; the first is the one whose members are set beside one another.
    """

    diffusion: Diffusion
    lists: tuple[tuple[int, ...], ...]
    sets: int = 0
    members: int = 0
    gained: Integers = field(init=False)
    lost: Integers = field(init=False)
    only: Integers = field(init=False)
    covers: Integers = field(init=False)
    late: Integers = field(init=False)
    pairs: Integers = field(init=False)
    _rank: Integers = field(init=False)

    def __post_init__(self) -> None:
        k = self.k
        self._rank = np.full((len(self.lists), self.diffusion.n), k, dtype=np.int64)
        for row, vertices in zip(self._rank, self.lists, strict=True):
            row[list(vertices)] = np.arange(len(vertices))
        self.gained = np.zeros((len(self.lists), k + 1), dtype=np.int64)
        self.lost = self.gained.copy()
        self.only, self.covers, self.late = np.zeros((3, k), dtype=np.int64)
        self.pairs = np.zeros((k, k), dtype=np.int64)

    @property
    def k(self) -> int:
        """Length of the longest list."""
        return max((len(vertices) for vertices in self.lists), default=0)

    def extend(self, sampler: Sampler, sets: int) -> None:
        """Draw a further round of sets and count it."""
        from netmed.reach import kernels  # late: numba takes half a second to import

        k = self.k
        totals = Totals(self.gained.shape, self.lost.shape, (k,), (k,), (k,), (k, k), (k,))

        def work(block: Block) -> int:
            copies = totals.take()
            try:
                return int(kernels.meet(*sampler.arguments(block), self._rank, *copies))
            finally:
                totals.give(copies)

        self.members += sum(sampler.blocks(sets, work))
        gained, lost, only, covers, late, pairs, _ = totals.sums()
        self.gained, self.lost = self.gained + gained, self.lost + lost
        self.only, self.covers = self.only + only, self.covers + covers
        self.late, self.pairs = self.late + late, self.pairs + pairs
        self.sets += sets

    def reach(self, number: int = 0) -> tuple[Floats, Floats]:
        """Of one list, the expected reach of its first 1, 2, … accounts together, and the standard errors."""
        length = len(self.lists[number])
        late = np.cumsum(self.gained[number] - self.lost[number])[:length]
        at_once = direct_of_prefixes(self.diffusion, self.lists[number])
        return at_once + self._scaled(late), spread_error(late, self.sets, self.diffusion.scale)

    def relative_error(self) -> float:
        """The largest standard error of ``reach``, relative to the value."""
        values, errors = self.reach()
        return float((errors[values > 0] / values[values > 0]).max(initial=0.0))

    def alone(self) -> tuple[Floats, Floats]:
        """The reach of each of the first list by itself, and the standard errors."""
        vertices = list(self.lists[0])
        late = self.late[: len(vertices)]
        values = self.diffusion.direct()[vertices] + self._scaled(late)
        return values, spread_error(late, self.sets, self.diffusion.scale)

    def marginal(self) -> tuple[Floats, Floats]:
        """What each of the first list adds to those before it, and the standard errors."""
        values, _ = self.reach()
        # a set is one more, one less, or as before: the variance is that of a number in −1, 0, 1
        gained, lost = (counts[0, : len(values)] for counts in (self.gained, self.lost))
        return np.diff(values, prepend=0.0), self._difference_error(gained, lost)

    def unique(self) -> tuple[Floats, Floats]:
        """What nobody else of the first list reaches, by account, and the standard errors."""
        length = len(self.lists[0])
        only, covers = self.only[:length], self.covers[:length]
        at_once = direct_alone(self.diffusion, self.lists[0])
        return at_once + self._scaled(only - covers), self._difference_error(only, covers)

    def overlap(self) -> tuple[Floats, Floats]:
        """Accounts that both of a pair reach, (k, k), and the standard errors; the diagonal is each one's reach."""
        length = len(self.lists[0])
        both = self.pairs[:length, :length]
        return self._scaled(both), spread_error(both, self.sets, self.diffusion.scale)

    def _scaled(self, counts: Integers) -> Floats:
        scaled: Floats = self.diffusion.scale * counts / max(self.sets, 1)
        return scaled

    def _difference_error(self, more: Integers, less: Integers) -> Floats:
        sets = max(self.sets, 1)
        mean = (more - less) / sets
        error: Floats = self.diffusion.scale * np.sqrt((np.maximum(more + less, 1) / sets - mean**2) / sets)
        return error


def estimated(
    diffusion: Diffusion, lists: tuple[tuple[int, ...], ...], *, precision: float, sets: int | None, seed: int
) -> Fresh:
    """Draw until the relative errors of the first list are at most ``precision``, or the limits are met.

    With ``sets``, so many are drawn, neither more nor less.
    """
    fresh = Fresh(diffusion, lists)
    sampler = Sampler(diffusion, seed=seed, purpose=sampling.FRESH)
    fresh.extend(sampler, FIRST if sets is None else sets)
    while sets is None and fresh.relative_error() > precision:
        if 2 * fresh.sets > MOST or 2 * fresh.members > WORK:
            break
        fresh.extend(sampler, fresh.sets)
    return fresh


def _onward(diffusion: Diffusion, vertices: Sequence[int]) -> tuple[Integers, Integers, Floats]:
    """The flow edges that leave these accounts: place in the list, account reached, probability."""
    start, edges = diffusion.forward
    parts = [edges[start[v] : start[v + 1]] for v in vertices]
    place = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    edge = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    return place, diffusion.source[edge], diffusion.probability[edge]


def direct_of_prefixes(diffusion: Diffusion, vertices: Sequence[int]) -> Floats:
    """What the first 1, 2, … of the list reach together by one step, themselves counted: exact."""
    place, reached, p = _onward(diffusion, vertices)
    missed = np.ones(diffusion.n)
    values, total = np.zeros(len(vertices)), 0.0
    bounds = np.searchsorted(place, np.arange(len(vertices) + 1))
    for i, vertex in enumerate(vertices):
        part = slice(bounds[i], bounds[i + 1])
        others = reached[part]
        before = missed[others]
        after = before - p[part] * (before > 0) if diffusion.is_threshold else before * (1 - p[part])
        total += float(((before - after) * diffusion.weight[others]).sum())
        missed[others] = after
        total += float(missed[vertex] * diffusion.weight[vertex])
        missed[vertex] = 0.0
        values[i] = total
    return values


def direct_alone(diffusion: Diffusion, vertices: Sequence[int]) -> Floats:
    """Of each of the list, what is reached by one step, itself counted, and by none of the others so: exact."""
    place, reached, p = _onward(diffusion, vertices)
    inside = np.zeros(diffusion.n, dtype=np.bool_)
    inside[list(vertices)] = True
    if diffusion.is_threshold:
        share = np.bincount(reached, weights=p, minlength=diffusion.n)
        left = 1 - share  # of an account of the list: what is not reached by the others
        alone = p
    else:
        sure = np.bincount(reached, weights=p >= 1.0, minlength=diffusion.n)
        with np.errstate(divide="ignore"):
            log = np.where(p < 1.0, np.log1p(-np.minimum(p, 1 - 1e-16)), 0.0)
        missed = np.exp(np.bincount(reached, weights=log, minlength=diffusion.n))
        left = np.where(sure > 0, 0.0, missed)
        others_sure = sure[reached] - (p >= 1.0) > 0
        alone = np.where(others_sure, 0.0, p * missed[reached] / np.exp(log))
    worth = np.where(inside[reached], 0.0, alone * diffusion.weight[reached])
    own = left[list(vertices)] * diffusion.weight[list(vertices)]
    values: Floats = np.maximum(own, 0.0) + np.bincount(place, weights=worth, minlength=len(vertices))
    return values
