"""How alike two rankings are: Kendall, Spearman, rank-biased overlap, and who is in only one of the tops."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from netmed.errors import NetmedError
from netmed.uncertainty.ranks import ranks

PERSISTENCE = 0.9
"""How likely a reader of a ranking goes on from one place to the next: the first ten places weigh 86 %."""

NEGLIGIBLE = 1e-15

DIGITS = 12
"""Behind the point; what is 1 on paper is 1 here."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rankings of accounts side by side.

    ``kendall_tau`` (τ-b) and ``spearman`` over the accounts that are in both, NaN where one of the rankings is
    constant; ``rbo`` over all, NaN where both are empty; ``top_overlap`` from 0 to 1; ``entered`` and ``left``:
    accounts of the top of the other that are not in the top of the one, and the reverse, best first.
    """

    kendall_tau: float
    spearman: float
    rbo: float
    top_overlap: float
    entered: tuple[str, ...]
    left: tuple[str, ...]


def compare(one: pd.Series, other: pd.Series, *, top: int = 10) -> Comparison:
    """Compare two rankings, values by account, the largest first.

    Parameters
    ----------
    one, other : a measure, indexed by account_key; an account that is missing in one is not in that ranking.
    top : how many first places make the top; a tie over the last of them is in it as a whole, an account of
        value 0 never is.

    Returns the ``Comparison``; ``top_overlap`` is 2 × common / (both tops' sizes), NaN where both are empty.
    """
    if top < 1:
        raise NetmedError(f"the number of first places is 1 or more, not {top}")
    common = one.index.intersection(other.index)
    pair = one.loc[common].to_numpy(dtype=np.float32), other.loc[common].to_numpy(dtype=np.float32)
    tau = rho = math.nan
    if len(common) > 1 and all(np.ptp(values) > 0 for values in pair):
        tau = round(float(stats.kendalltau(*pair).statistic), DIGITS)
        rho = round(float(stats.spearmanr(*pair).statistic), DIGITS)
    first, second = top_of(one, top), top_of(other, top)
    size = len(first) + len(second)
    entered = tuple(key for key in second if key not in set(first))
    left = tuple(key for key in first if key not in set(second))
    overlap = (size - len(entered) - len(left)) / size if size else math.nan
    return Comparison(tau, rho, rank_biased_overlap(one, other), overlap, entered, left)


def top_of(values: pd.Series, top: int) -> list[str]:
    """Accounts among the first ``top``, best first and equal ones by key; a tie is in as a whole, 0 never is."""
    ranked = listed(values)
    return [str(key) for key in ranked.index[ranked <= top]]


def listed(values: pd.Series) -> pd.Series:
    """Best place of every account that is in the list, that is, above 0; best first and equal ones by key."""
    above = values[values > 0].sort_index()
    place = pd.Series(ranks(above.to_numpy(dtype=np.float64))[0], index=above.index, dtype=np.int64)
    return place.sort_values(kind="stable")


def rank_biased_overlap(one: pd.Series, other: pd.Series, *, persistence: float = PERSISTENCE) -> float:
    """Rank-biased overlap of two rankings, extrapolated: 1 is the same list, 0 is nothing in common.

    RBO_ext of Webber, Moffat and Zobel 2010 (doi:10.1145/1852102.1852106), equation 32, for lists of any
    length: (1 − p)/p · Σ A_d p^d + A_l p^l over depths d up to the longer length l, where A_d is the agreement
    of the first d, and the shorter list is taken to go on agreeing as it did at its end. Ties as in their
    section 4.2: accounts that share a place are all in from their best place on, and A_d = 2 × common / (sum of
    the sizes). Values of 0 are in no list. Depths that weigh less than 10⁻¹⁵ in all are left out.

    Parameters
    ----------
    one, other : values by account, the largest first.
    persistence : p, above 0 and below 1.

    Returns a number from 0 to 1; NaN where both lists are empty, 0 where one is.
    """
    if not 0 < persistence < 1:
        raise NetmedError(f"persistence is a number between 0 and 1, not {persistence!r}")
    places = sorted((listed(one), listed(other)), key=len)
    short, long = len(places[0]), len(places[1])
    if not short:
        return 0.0 if long else math.nan
    depth = min(long, max(1, math.ceil(math.log(NEGLIGIBLE) / math.log(persistence))))
    both = places[0].index.intersection(places[1].index)
    later = np.maximum(places[0].loc[both].to_numpy(), places[1].loc[both].to_numpy())
    sizes = [_until(place.to_numpy(), depth) for place in places]
    common = _until(later, depth)
    d = np.arange(1, depth + 1)
    agreement = 2 * common / (sizes[0] + sizes[1])
    if short < depth:
        goes_on = agreement[short - 1] * (d - short)
        agreement = np.where(d > short, (common + goes_on) / sizes[1], agreement)
    weights = persistence**d
    value = (1 - persistence) / persistence * float(agreement @ weights) + float(agreement[-1] * weights[-1])
    return min(1.0, max(0.0, round(value, DIGITS)))


def _until(
    places: "np.ndarray[tuple[int], np.dtype[np.int64]]", depth: int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """How many have a place up to d, for d from 1 to ``depth``."""
    counted: np.ndarray[tuple[int], np.dtype[np.int64]] = np.bincount(places[places <= depth], minlength=depth + 1)
    return counted[1:].cumsum()
