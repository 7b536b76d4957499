"""From counts of sets to reach and its standard error.

What is reached by one step is known (``direct``). A set whose root is not within that step tells, with the others
like it, how many of the rest are reached later; so a value lies between what is known and what there is, and its
error is of the later part alone (post-stratification; Cochran 1977, section 5A.9).
"""

import numpy as np

from netmed.graphs import Floats, Integers


def reach_and_error(direct: Floats, near: Integers, deep: Integers, sets: int, scale: float) -> tuple[Floats, Floats]:
    """Expected reach and its standard error.

    Parameters
    ----------
    direct : expected reach within one step, themselves counted.
    near, deep : sets met within one step of the root, and sets met only later.
    sets : sets drawn.
    scale : what reaching everybody counts.
    """
    left = np.maximum(sets - near, 0)
    rest = np.maximum(scale - direct, 0.0)
    return direct + rest * (deep / np.maximum(left, 1)), share_error(deep, left, rest)


def share_error(met: Integers, sets: Integers | int, scale: Floats | float) -> Floats:
    """Standard error of scale × the share of sets that are met; of none and of all, as if it were one set more."""
    of = np.maximum(sets, 1)
    share = met / of
    error: Floats = scale * np.sqrt(np.maximum(share * (1 - share), 1.0 / (of + 1)) / of)
    return error


def difference_error(more: Integers, less: Integers, sets: int, scale: float) -> Floats:
    """Standard error of scale × the mean of what is 1 in some sets, −1 in others, and else 0."""
    of = max(sets, 1)
    mean = (more - less) / of
    error: Floats = scale * np.sqrt((np.maximum(more + less, 1) / of - mean**2) / of)
    return error
