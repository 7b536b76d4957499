"""The reach of every account at once, from how often each is in a set: nothing is stored.

What an account reaches by one step is known exactly. Only what it reaches in two steps or more is counted in
sets, so that the error is of that part alone, and nobody's reach is less than what is known. Sets of a root that
hears nobody could not show it and are not drawn.
"""

from dataclasses import dataclass, field

import numpy as np

from netmed.graphs import Floats, Integers
from netmed.reach import sampling
from netmed.reach.diffusion import Diffusion
from netmed.reach.estimating import further, reach_and_error
from netmed.reach.sampling import Block, Sampler, Totals

TOP = 10
"""The stopping rule looks at the errors of so many accounts of the highest reach."""

FIRST = 1024
"""Sets of the first round; further rounds add up to as many as there are."""

MOST = 16_777_216
"""A round that might lead to more sets is not begun."""

WORK = 200_000_000
"""Nor one that might lead to more members of sets."""


@dataclass(slots=True)
class Singles:
    """Counts of sets by account, and the reach that follows.

    ``near``, ``deep`` : (n,), sets that each account is in, as the root or one step from it, or further away.
    ``sets``, ``members`` : sets drawn, and members in all of them.
    ``is_told`` : the sets are of roots that hear somebody.
    """

    diffusion: Diffusion
    near: Integers
    deep: Integers
    sets: int = 0
    members: int = 0
    is_told: bool = False
    _direct: Floats = field(init=False)
    _goes_on: "np.ndarray[tuple[int], np.dtype[np.bool_]]" = field(init=False)

    def __post_init__(self) -> None:
        self._direct, self._goes_on = self.diffusion.direct(), self.diffusion.goes_on()

    def values(self) -> Floats:
        """Expected reach of every account, itself counted."""
        return self._estimates()[0]

    def errors(self) -> Floats:
        """Standard errors; NaN where the value is exact."""
        return np.where(self._goes_on, self._estimates()[1], np.nan)

    def _estimates(self) -> tuple[Floats, Floats]:
        flow = self.diffusion
        scale, silent = (flow.told_scale, flow.silent) if self.is_told else (flow.scale, 0.0)
        return reach_and_error(self._direct, self.near, self.deep, self.sets, scale, silent)

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left to draw for: no word goes on beyond one step."""
        return not self._goes_on.any()

    def relative_error(self) -> float:
        """The largest of the standard errors, relative to the values, of the ``TOP`` of the highest reach."""
        if self.is_exact:
            return 0.0
        values, errors = self.values(), np.nan_to_num(self.errors())
        asked = np.flatnonzero(self.diffusion.is_known)
        top = asked[np.lexsort((asked, -values[asked]))[:TOP]]
        top = top[values[top] > 0]
        return float((errors[top] / values[top]).max()) if len(top) else 0.0


def until_precise(diffusion: Diffusion, *, precision: float, sets: int | None, seed: int) -> Singles:
    """Draw until the relative error of the first ``TOP`` is at most ``precision``, or the limits are met.

    With ``sets``, so many are drawn, neither more nor less.
    """
    near, deep = np.zeros((2, diffusion.n), dtype=np.int64)
    found = Singles(diffusion, near, deep, is_told=True)
    if found.is_exact:
        return found
    sampler = Sampler(diffusion, seed=seed, purpose=sampling.SINGLES, is_told=True)
    if sets is not None:
        counted(sampler, found, sets)
        return found
    counted(sampler, found, FIRST)
    while (error := found.relative_error()) > precision and 2 * found.sets <= MOST and 2 * found.members <= WORK:
        counted(sampler, found, further(found.sets, error, precision))
    return found


def counted(sampler: Sampler, found: Singles, sets: int) -> None:
    """Draw a further round of sets and count it."""
    from netmed.reach import kernels  # late: numba takes half a second to import

    n = sampler.diffusion.n
    totals = Totals((n,), (n,))

    def work(block: Block) -> int:
        copy = totals.take()
        try:
            return int(kernels.count(*sampler.arguments(block), *copy))
        finally:
            totals.give(copy)

    found.members += sum(sampler.blocks(sets, work))
    near, deep = totals.sums()
    found.near, found.deep = found.near + near, found.deep + deep
    found.sets += sets
