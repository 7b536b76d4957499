"""Shares with their 95 % intervals, agreement beyond chance, and a share corrected for errors of the finder."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netmed.roles.counting import Z

Interval = tuple[float, float]


def wilson(share: float, n: float) -> Interval:
    """The score interval of a share of ``n`` (Wilson 1927, doi:10.1080/01621459.1927.10502953); n may be a fraction."""
    middle = share + Z**2 / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def effective(weights: NDArray[np.float64]) -> float:
    """How many rows of one weight these are worth: (Σw)² / Σw² (Kish 1965, Survey Sampling)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def kappa(first: Sequence[str], second: Sequence[str]) -> tuple[float, Interval] | None:
    """Cohen's κ of two lists of codes and its interval; None where chance alone would agree on everything.

    κ and the standard error √(p(1 − p) / (n (1 − e)²)), p the agreement and e that of chance: Cohen 1960,
    doi:10.1177/001316446002000104.
    """
    one, other = np.asarray(first, dtype=object), np.asarray(second, dtype=object)
    n = len(one)
    agree = float((one == other).mean())
    chance = sum(float((one == code).mean() * (other == code).mean()) for code in {*one, *other})
    if math.isclose(chance, 1):
        return None
    value = (agree - chance) / (1 - chance)
    half = Z * math.sqrt(agree * (1 - agree) / n) / (1 - chance)
    return value, (max(-1.0, value - half), min(1.0, value + half))


def corrected(
    apparent: float, sensitivity: float, specificity: float, *, n: float, n_sensitivity: float, n_specificity: float
) -> tuple[float, Interval] | None:
    """The true share behind an apparent one (Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510).

    The interval allows for sensitivity and specificity being estimates too (Lang and Reiczigel 2014,
    doi:10.1016/j.prevetmed.2013.09.015). None where sensitivity + specificity is 1 or less: then what was found
    tells nothing.

    Parameters
    ----------
    n, n_sensitivity, n_specificity : of how many each of the three shares is.
    """
    youden = sensitivity + specificity - 1
    if youden <= 0:
        return None
    share = min(1.0, max(0.0, (apparent + specificity - 1) / youden))
    # All three are moved a little to the middle, as Agresti and Coull do for one share.
    found = (n * apparent + Z**2 / 2) / (n + Z**2)
    sense = (n_sensitivity * sensitivity + 1) / (n_sensitivity + 2)
    spec = (n_specificity * specificity + 1) / (n_specificity + 2)
    scale = sense + spec - 1
    if scale <= 0:
        return share, (0.0, 1.0)
    middle = (found + spec - 1) / scale
    of_sense, of_spec = sense * (1 - sense) / (n_sensitivity + 2), spec * (1 - spec) / (n_specificity + 2)
    variance = found * (1 - found) / (n + Z**2) + middle**2 * of_sense + (1 - middle) ** 2 * of_spec
    half = Z * math.sqrt(variance) / scale
    middle += 2 * Z**2 * (middle * of_sense - (1 - middle) * of_spec)
    low, high = (min(1.0, max(0.0, edge)) for edge in (middle - half, middle + half))
    return share, (low, high)
