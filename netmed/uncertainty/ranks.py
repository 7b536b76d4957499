"""Ranks with ties as ties, and rank intervals from resampled rankings.

Rank 1 is the largest value. Accounts of equal value share a place: ``best`` is the first place of the group
(1, 2, 2, 4), ``worst`` its last (1, 3, 3, 4). Values count as equal where they agree to about seven digits
(32-bit floats), so that no rounding error of a sum decides a rank.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtr, ndtri

from netmed.graphs import Floats, Integers

Ranks = npt.NDArray[np.int32]


def ranks(values: npt.ArrayLike, copies: Integers | None = None) -> tuple[Ranks, Ranks]:
    """Best and worst place of every value, largest first; both int32 and of the length of ``values``.

    Parameters
    ----------
    values : shape (n,).
    copies : how many accounts of each value there are; one each if None. A value of which there is no copy
        is ranked as if it stood among the others.
    """
    compared = np.asarray(values, dtype=np.float32)
    if not len(compared):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    order = np.argsort(-compared, kind="stable")
    falling = compared[order]
    first = np.concatenate(([True], falling[1:] != falling[:-1]))
    group = np.cumsum(first) - 1
    number = np.bincount(group, weights=None if copies is None else copies[order]).astype(np.int64)
    until = np.cumsum(number)
    best, worst = np.empty(len(compared), dtype=np.int32), np.empty(len(compared), dtype=np.int32)
    best[order] = (until - number + 1)[group]
    worst[order] = np.maximum(until, until - number + 1)[group]
    return best, worst


def share_of_top(best: Ranks, worst: Ranks, top: int) -> Floats:
    """How much of each account is among the first ``top``: where several tie for the last places, they share them.

    With one account per value the shares add up to ``top`` (or to the number of accounts, if that is less).
    """
    places = np.clip(top - (best.astype(np.float64) - 1), 0, None)
    return np.minimum(1.0, places / (worst.astype(np.float64) - best + 1))


def tail(replicates: int, confidence: float) -> int:
    """Which of the ordered replicates ends the interval; 0 if there are too few of them."""
    return int((replicates + 1) * (1 - confidence) / 2 + 1e-9)


def percentile_interval(best: Ranks, worst: Ranks, confidence: float) -> tuple[Ranks, Ranks]:
    """Plain percentile interval of each account: shape (replicates, accounts) → two of (accounts,).

    The lower end is taken from the best places, the upper from the worst: a tie widens it.
    """
    k = tail(len(best), confidence)
    return np.sort(best, axis=0)[k - 1], np.sort(worst, axis=0)[len(worst) - k]


def corrected_interval(
    best: Ranks, worst: Ranks, observed: tuple[Ranks, Ranks], confidence: float
) -> tuple[Ranks, Ranks]:
    """Bias-corrected percentile interval (BC; Efron 1981, doi:10.2307/3314608), with the observed rank in it.

    A resampled network carries the noise of the sample a second time: accounts near the top fall in it more
    often than they rise, because there are more accounts below them than above. The plain percentile interval
    takes that fall for news. BC asks in what share of the replicates the account stands better than it was
    observed (a tie counts by half), and shifts both percentiles by twice that much on the normal scale. It is
    unchanged by any monotone scale of rank, and stays between 1 and the number of accounts.

    Parameters
    ----------
    best, worst : places in the replicates, shape (replicates, accounts).
    observed : best and worst place in the network itself, shape (accounts,) each.
    """
    number, accounts = best.shape
    middle = best.astype(np.int64) + worst
    mine = observed[0].astype(np.int64) + observed[1]
    better = (middle < mine).mean(axis=0) + 0.5 * (middle == mine).mean(axis=0)
    shift = 2 * ndtri(np.clip(better, 1 / (number + 1), number / (number + 1)))
    z = ndtri((1 + confidence) / 2)
    low = np.clip(np.floor(ndtr(shift - z) * (number + 1)).astype(np.int64), 1, number)
    high = np.clip(np.ceil(ndtr(shift + z) * (number + 1)).astype(np.int64), 1, number)
    account = np.arange(accounts)
    first = np.sort(best, axis=0)[low - 1, account]
    last = np.sort(worst, axis=0)[high - 1, account]
    return np.minimum(first, observed[0]), np.maximum(last, observed[1])


def reach_of_few(values: Floats, engagers: Integers, unit: float, confidence: float) -> Ranks:
    """Best place of each account if it had met as many more authors as chance allows, among the values observed.

    Resampling knows no author who is not there: an account that one author addressed, or nobody, would be sure of
    its low place. The exact Poisson limit (Garwood 1936, doi:10.1093/biomet/28.3-4.437) says how many it could
    have been, 3.7 where it was nobody (95 %); the value goes up in proportion.

    Parameters
    ----------
    values : the measure, shape (n,).
    engagers : authors that address the account, shape (n,).
    unit : the value that one author brings where there was none.
    """
    limit = gammaincinv(engagers + 1.0, (1 + confidence) / 2)
    could = np.where(engagers > 0, values * limit / np.maximum(engagers, 1), unit * limit)
    rising = np.sort(values)
    best: Ranks = (len(values) - np.searchsorted(rising, could, "right") + 1).astype(np.int32)
    return best


def missing(count: int) -> Any:
    """Return so many empty whole numbers."""
    import pandas as pd

    return pd.array([pd.NA] * count, dtype="Int64")
