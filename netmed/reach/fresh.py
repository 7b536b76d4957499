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
from netmed.reach.estimating import difference_error, reach_and_error, share_error
from netmed.reach.sampling import Block, Sampler, Totals

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
    counts: dict[str, Integers] = field(init=False)
    """``soon``, ``gained``, ``lost``, ``only``, ``covers``, ``sole``, ``late``, ``pairs``: see ``kernels.meet``."""
    _rank: Integers = field(init=False)

    def __post_init__(self) -> None:
        k = self.k
        self._rank = np.full((len(self.lists), self.diffusion.n), k, dtype=np.int64)
        for row, vertices in zip(self._rank, self.lists, strict=True):
            row[list(vertices)] = np.arange(len(vertices))
        shapes: dict[str, tuple[int, ...]] = {name: (len(self.lists), k + 1) for name in ("soon", "gained", "lost")}
        shapes |= dict.fromkeys(("only", "covers", "sole", "late"), (k,)) | {"pairs": (k, k)}
        self.counts = {name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()}

    @property
    def k(self) -> int:
        """Length of the longest list."""
        return max((len(vertices) for vertices in self.lists), default=0)

    def extend(self, sampler: Sampler, sets: int) -> None:
        """Draw a further round of sets and count it."""
        from netmed.reach import kernels  # late: numba takes half a second to import

        totals = Totals(*(count.shape for count in self.counts.values()), (self.k,))

        def work(block: Block) -> int:
            copies = totals.take()
            try:
                return int(kernels.meet(*sampler.arguments(block), self._rank, *copies))
            finally:
                totals.give(copies)

        self.members += sum(sampler.blocks(sets, work))
        self.counts = {name: old + new for (name, old), new in zip(self.counts.items(), totals.sums(), strict=False)}
        self.sets += sets

    def reach(self, number: int = 0) -> tuple[Floats, Floats]:
        """Of one list, the expected reach of its first 1, 2, … accounts together, and the standard errors."""
        direct = direct_of_prefixes(self.diffusion, self.lists[number])
        values, errors = reach_and_error(direct, *self._met(number), self.sets, self.diffusion.scale)
        return np.maximum.accumulate(values), errors  # more accounts never reach less, whatever chance says

    def _met(self, number: int) -> tuple[Integers, Integers]:
        """Sets met by the first 1, 2, … of a list: within a step of the root, and only later."""
        soon, gained, lost = (self.counts[name][number] for name in ("soon", "gained", "lost"))
        length = len(self.lists[number])
        return np.cumsum(soon)[:length], np.cumsum(gained - lost)[:length]

    def relative_error(self) -> float:
        """The largest standard error of ``reach``, relative to the value."""
        values, errors = self.reach()
        return float((errors[values > 0] / values[values > 0]).max(initial=0.0))

    def alone(self) -> tuple[Floats, Floats]:
        """The reach of each of the first list by itself, and the standard errors."""
        vertices = list(self.lists[0])
        deep = self.counts["late"][: len(vertices)]
        near = np.diagonal(self.counts["pairs"])[: len(vertices)] - deep
        return reach_and_error(self.diffusion.direct()[vertices], near, deep, self.sets, self.diffusion.scale)

    def marginal(self) -> tuple[Floats, Floats]:
        """What each of the first list adds to those before it, and the standard errors."""
        values, _ = self.reach()
        gained, lost = (self.counts[name][0, : len(values)] for name in ("gained", "lost"))
        return np.diff(values, prepend=0.0), difference_error(gained, lost, self.sets, self.diffusion.scale)

    def unique(self) -> tuple[Floats, Floats]:
        """What nobody else of the first list reaches, by account, and the standard errors.

        It is the reach of all less the reach of all others, estimated like any other on the same sets.
        """
        only, covers, sole = (self.counts[name][: len(self.lists[0])] for name in ("only", "covers", "sole"))
        sets, scale = self.sets, self.diffusion.scale
        near, deep = (counts[-1] for counts in self._met(0))
        direct = direct_of_prefixes(self.diffusion, self.lists[0])[-1] - direct_alone(self.diffusion, self.lists[0])
        others, _ = reach_and_error(direct, near - sole, deep - only + covers, sets, scale)
        return np.maximum(self.reach()[0][-1] - others, 0.0), difference_error(only, covers, sets, scale)

    def overlap(self) -> tuple[Floats, Floats]:
        """Accounts that both of a pair reach, (k, k), and the standard errors; the diagonal is each one's reach."""
        length = len(self.lists[0])
        both = self.counts["pairs"][:length, :length]
        return self.diffusion.scale * both / self.sets, share_error(both, self.sets, self.diffusion.scale)


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
