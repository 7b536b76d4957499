"""How many of some accounts are physicians': the expected number, and how sure that is.

A role is known with a probability, so the number of physicians among given accounts is a sum of independent
yes-or-no draws with unlike chances: the Poisson-binomial distribution (Hong 2013,
doi:10.1016/j.csda.2012.10.006). Its intervals here say how unsure it is who is a physician, given the
probabilities, and nothing else: not what other posts would have shown, and not whether the probabilities
are right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.schema import BY_ROSTER

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

COLUMN_OF = {"physician": "p_physician", "trainee": "p_trainee"}
"""Roles whose probability the accounts have, and the column."""

CONFIDENCE = 0.95

SOURCE = "Hong 2013, doi:10.1016/j.csda.2012.10.006 (Poisson-binomial distribution)"

ABOUT = (
    "95 %, of who is a physician or trainee only, given the probabilities of the roles and taking accounts for "
    "independent; widened to the whole numbers around the expected one where that lies outside"
)

ROUNDING = 1e-9
"""Sums this near to a whole number, and chances this near to a border, are taken to be on it."""

DIRECT = 16
"""Up to so many terms two distributions are convolved term by term; above, by Fourier transform."""

AT_ONCE = 1 << 22
"""Numbers that are worked on at a time."""


def probabilities(accounts: pd.DataFrame, role: str) -> Floats:
    """The probability that each account is a ``role`` (physician or trainee); NaN where nothing is known.

    Of the role ``unknown`` nothing is known, whatever its ``p_physician``, unless a roster states it
    (``role_evidence`` is ``roster``). In tables without ``p_physician`` or ``p_trainee`` it is the probability of
    the likeliest role if that is the one, 1 where a role was stated without a probability, and 0 for accounts of
    another role.
    """
    column = COLUMN_OF[role]
    known: Floats = np.full(len(accounts), np.nan)
    if column in accounts:
        known = accounts[column].to_numpy(dtype=np.float64, na_value=np.nan)
    if "role" not in accounts:
        return known
    said = accounts["role"].reset_index(drop=True)
    is_known = (said.notna() & (said != "unknown")).to_numpy(dtype=np.bool_)
    cannot_tell = np.array((said == "unknown").fillna(False), dtype=np.bool_)
    if "role_evidence" in accounts:
        by_roster = accounts["role_evidence"].reset_index(drop=True) == BY_ROSTER
        cannot_tell &= ~by_roster.fillna(False).to_numpy(dtype=np.bool_)
    known = np.where(cannot_tell, np.nan, known)
    if "role_probability" in accounts:
        stated = accounts["role_probability"].fillna(1.0).to_numpy(dtype=np.float64)
    else:
        stated = np.ones(len(accounts))
    likeliest = np.where((said == role).fillna(False).to_numpy(dtype=np.bool_), stated, 0.0)
    return np.where(np.isnan(known) & is_known, likeliest, known)


@dataclass(frozen=True, slots=True)
class Engagers:
    """Of those who address each account, how many are of a role; arrays by vertex.

    ``expected``: NaN, and ``lo``, ``hi``: NA, where of no engager of an account it is known. ``of_known``: engagers
    of whom it is known; ``count``: all. ``is_told``: of each account, whether its own role is known.
    """

    expected: Floats
    lo: pd.arrays.IntegerArray
    hi: pd.arrays.IntegerArray
    count: Integers
    of_known: Integers
    is_told: npt.NDArray[np.bool_]

    @property
    def is_empty(self) -> npt.NDArray[np.bool_]:
        """Accounts of whose engagers nothing is known."""
        empty: npt.NDArray[np.bool_] = np.isnan(self.expected)
        return empty


def engagers(source: Integers, target: Integers, chance: Floats) -> Engagers:
    """Count the engagers of a role over distinct edges ``source`` → ``target``.

    ``chance`` : (n,), by vertex, the probability of the role; NaN where it is not known.
    """
    n = len(chance)
    is_told = ~np.isnan(chance)
    told_here = is_told[source]
    count = np.bincount(target, minlength=n)
    of_known = np.bincount(target[told_here], minlength=n)
    empty = (count > 0) & (of_known == 0) if is_told.any() else np.ones(n, dtype=np.bool_)
    expected, lo, hi = counted(target[told_here], chance[source[told_here]], n)
    return Engagers(
        np.where(empty, np.nan, expected),
        pd.arrays.IntegerArray(lo, empty.copy()),
        pd.arrays.IntegerArray(hi, empty.copy()),
        count,
        of_known,
        is_told,
    )


def counted(group: Integers, p: Floats, groups: int) -> tuple[Floats, Integers, Integers]:
    """Expected number in each group, and a 95 % interval.

    Parameters
    ----------
    group : of each member, from 0 to ``groups`` - 1.
    p : of each member, the chance to be counted, from 0 to 1.

    Returns
    -------
    Per group: the sum of p, and the lowest and highest count of the interval: the 2.5 % and 97.5 % quantiles,
    exact up to rounding. Where the expected number lies outside (one member with p = 0.99 is certain at 95 %),
    the interval is widened to the whole number below or above it.
    """
    expected = np.bincount(group, weights=p, minlength=groups).astype(np.float64)
    below = np.floor(expected + ROUNDING).astype(np.int64)
    above = np.ceil(expected - ROUNDING).astype(np.int64)
    sure = np.bincount(group, weights=p == 1, minlength=groups).astype(np.int64)
    lo, hi = sure.copy(), sure.copy()
    for which, chances in _batches(group, p, groups):
        cumulated = np.cumsum(_distribution(chances), axis=1)
        tail = (1 - CONFIDENCE) / 2
        lo[which] += np.argmax(cumulated >= tail - ROUNDING, axis=1)
        hi[which] += np.argmax(cumulated >= 1 - tail - ROUNDING, axis=1)
    return expected, np.minimum(lo, below), np.maximum(hi, above)


def _batches(group: Integers, p: Floats, groups: int) -> Iterator[tuple[Integers, Floats]]:
    """Groups of like size, and their members' chances side by side: a chance of 0 fills up and changes nothing."""
    open_ = (p > 0) & (p < 1)
    member, chance = group[open_], p[open_]
    order = np.argsort(member, kind="stable")
    member, chance = member[order], chance[order]
    size = np.bincount(member, minlength=groups)
    start = np.cumsum(size) - size
    place = np.arange(len(member)) - start[member]
    width = 1
    while len(member) and width < 2 * int(size.max()):
        alike = np.flatnonzero((size > width // 2) & (size <= width))
        for first in range(0, len(alike), max(1, AT_ONCE // width)):
            which = alike[first : first + max(1, AT_ONCE // width)]
            row = np.full(groups, -1, dtype=np.int64)
            row[which] = np.arange(len(which))
            mine = np.flatnonzero(row[member] >= 0)
            chances = np.zeros((len(which), width))
            chances[row[member[mine]], place[mine]] = chance[mine]
            yield which, chances
        width *= 2


def _distribution(chances: Floats) -> Floats:
    """P(0), P(1), … of the count, a row per group: distributions of halves are convolved, pair by pair.

    ``chances`` : (groups, a power of two).
    """
    rows, members = chances.shape
    parts = np.stack([1 - chances, chances], axis=2)
    while members > 1:
        members //= 2
        parts = _convolved(parts[:, 0::2], parts[:, 1::2])
    found: Floats = np.clip(parts.reshape(rows, -1), 0, 1)
    return found


def _convolved(one: Floats, other: Floats) -> Floats:
    """Convolve along the last axis; both have as many terms."""
    terms = one.shape[-1]
    if terms > DIRECT:
        from scipy import fft

        length = fft.next_fast_len(2 * terms - 1, real=True)
        product = fft.rfft(one, length, axis=-1) * fft.rfft(other, length, axis=-1)
        by_transform: Floats = fft.irfft(product, length, axis=-1)[..., : 2 * terms - 1]
        return by_transform
    total = np.zeros((*one.shape[:-1], 2 * terms - 1))
    for term in range(terms):
        total[..., term : term + terms] += one[..., term, None] * other
    return total
