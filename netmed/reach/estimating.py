"""From counts of sets to reach and its standard error.

What is reached by one step is known (``direct``). A set whose root is not within that step tells, with the others
like it, how many of the rest are reached later; so a value lies between what is known and what there is, and its
error is of the later part alone (post-stratification; Cochran 1977, section 5A.9).
"""

from dataclasses import dataclass

import numpy as np

from netmed.graphs import Floats, Integers


def reach_and_error(
    direct: Floats, near: Integers, deep: Integers, sets: int, scale: float, silent: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Expected reach and its standard error.

    Parameters
    ----------
    direct : expected reach within one step, themselves counted.
    near, deep : sets met within one step of the root, and sets met only later.
    sets : sets drawn.
    scale : what all roots count that could be drawn.
    silent : what of ``direct`` is of roots that are never drawn.
    """
    left = np.maximum(sets - near, 0)
    rest = np.maximum(scale - (direct - silent), 0.0)
    return direct + rest * (deep / np.maximum(left, 1)), share_error(deep, left, rest)


def share_error(met: Integers, sets: Integers | int, scale: Floats | float) -> Floats:
    """Standard error of scale × the share of sets that are met; of none and of all, as if it were one set more."""
    of = np.maximum(sets, 1)
    share = met / of
    error: Floats = scale * np.sqrt(np.maximum(share * (1 - share), 1.0 / (of + 1)) / of)
    return error


@dataclass(frozen=True, slots=True)
class Move:
    """Sets by how they are met before and after accounts join a group: not at all, later than by one step, soon.

    ``later``, ``soon`` : not met before, and now so. ``sooner`` : later before, soon now. ``still_later``,
    ``still_not`` : as before. Sets that were met soon before are so now.
    """

    later: Integers
    soon: Integers
    sooner: Integers
    still_later: Integers
    still_not: Integers

    def error(self, sets: int, scale: float) -> Floats:
        """Standard error of what ``reach_and_error`` gives after, less what it gives before.

        Both are ratios of counts of the same sets; it is the spread of what each set moves their difference
        (linearisation; Cochran 1977, section 6.4).
        """
        before = _share(self.sooner + self.still_later, self.later + self.soon + self.still_not)
        after = _share(self.later + self.still_later, self.still_not)
        drift = before - after
        squares = (
            self.later * (1 + drift) ** 2
            + self.soon * before**2
            + self.sooner * (1 - before) ** 2
            + (self.still_later + self.still_not) * drift**2
        )
        error: Floats = scale * np.sqrt(np.maximum(squares, 1.0)) / max(sets, 1)
        return error


def _share(met: Integers, not_met: Integers) -> Floats:
    share: Floats = met / np.maximum(met + not_met, 1)
    return share


def further(sets: int, error: float, precision: float) -> int:
    """Sets to draw next: as many as the error asks for, at most as many again as there are."""
    wanted = int(sets * (1.05 * (error / precision) ** 2 - 1)) if error < 2 * precision else sets
    return min(max(wanted, sets // 8, 1), sets)
