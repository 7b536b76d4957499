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

    κ = (p − e) / (1 − e), p the agreement and e that of chance (Cohen 1960, doi:10.1177/001316446002000104). The
    interval is that of p by Wilson carried through the same formula, e held fixed as in Cohen's standard error;
    so full agreement of few rows is not taken for certain.
    """
    one, other = np.asarray(first, dtype=object), np.asarray(second, dtype=object)
    n = len(one)
    agree = float((one == other).mean())
    chance = sum(float((one == code).mean() * (other == code).mean()) for code in {*one, *other})
    if math.isclose(chance, 1):
        return None
    value = (agree - chance) / (1 - chance)
    low, high = ((edge - chance) / (1 - chance) for edge in wilson(agree, n))
    return value, (max(-1.0, low), min(1.0, high))


def corrected(
    apparent: float, sensitivity: NDArray[np.float64], specificity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The true share behind an apparent one (Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510).

    From 0 to 1; NaN where sensitivity + specificity is 1 or less: then what was found tells nothing.
    """
    youden = sensitivity + specificity - 1
    told = youden > 0
    share = np.divide(apparent + specificity - 1, youden, out=np.full_like(youden, np.nan), where=told)
    return np.clip(share, 0, 1)
