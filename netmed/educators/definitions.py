"""What could make an account a large educator: four kinds of definition, each with parameters.

Nobody has agreed on one (followers alone name pop singers, a top list alone names societies), so none is
taken for the truth: a table has a column for each.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.errors import NetmedError, UnknownNameError
from netmed.registry import unknown

Flags = pd.arrays.BooleanArray
Truth = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

TIE = 1e-9
"""Values that agree to this share are equal: rounding names nobody and leaves nobody out."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The parameters of the definitions; each number makes one.

    Parameters
    ----------
    followers : at least so many followers.
    audience : among the first so many per cent of the accounts that anybody addresses, by the number of distinct
        accounts that address them.
    top : in every top list of this length (in_degree, eigenvector, betweenness).
    share : at least this share of those who address it are physicians or trainees, by their probabilities.
    engagers : so many of known role must address it for its share to count.

    Raises ``NetmedError`` for numbers out of range.
    """

    followers: Sequence[int] = (5_000, 10_000, 50_000, 100_000)
    audience: Sequence[float] = (1, 5, 10)
    top: Sequence[int] = (10, 25, 50)
    share: Sequence[float] = (0.25, 0.5, 0.75)
    engagers: int = 10

    def __post_init__(self) -> None:
        ranges = {
            "followers": (1, math.inf, "a number of followers from 1 on"),
            "audience": (0, 100, "a per cent above 0 and up to 100"),
            "top": (1, math.inf, "a length from 1 on"),
            "share": (0, 1, "a share above 0 and up to 1"),
            "engagers": (1, math.inf, "a number of engagers from 1 on"),
        }
        for kind, (low, high, words) in ranges.items():
            given = getattr(self, kind)
            for number in given if isinstance(given, Sequence) else [given]:
                whole = kind in ("audience", "share") or float(number).is_integer()
                if not (low <= number <= high and number > 0 and math.isfinite(number) and whole):
                    raise NetmedError(f"{kind} of a large educator is {words}, not {number:g}")

    @classmethod
    def worded(cls, words: Sequence[str]) -> "Grid":
        """``("followers=20000,30000", "engagers=5")`` → a grid with these parameters, and the usual others.

        Raises ``NetmedError`` for a word that is no parameter or number.
        """
        kinds = [field.name for field in fields(cls)]
        given: dict[str, Any] = {}
        for word in words:
            kind, sign, numbers = word.partition("=")
            if kind.strip() not in kinds:
                raise UnknownNameError(unknown("definition", kind.strip(), kinds))
            try:
                values = [float(number) for number in numbers.split(",")] if sign else []
            except ValueError:
                values = []
            if not values or (kind.strip() == "engagers" and len(values) > 1):
                raise NetmedError(f"a definition is worded {kind.strip()}=NUMBER, not {word!r}")
            exact = [int(value) if math.isfinite(value) and value.is_integer() else value for value in values]
            given[kind.strip()] = exact[0] if kind.strip() == "engagers" else tuple(dict.fromkeys(exact))
        return cls(**given)


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One definition applied: ``named`` says of every account whether it names it, and is empty where unknown.

    ``reason`` : why it could not be applied at all; None where it could.
    """

    name: str
    kind: str
    words: str
    named: Flags
    reason: str | None = None

    def required(self, is_educator: Flags) -> "Definition":
        """The same, for accounts only whose profile names teaching medicine as a task."""
        reason = self.reason
        if reason is None and is_educator.isna().all():
            reason = "of no account is it known whether it is an educator's"
        named = self.named & is_educator if reason is None else nobody_knows(len(self.named))
        return Definition(f"{self.name}_educator", self.kind, f"{self.words}, and is_educator", named, reason)


def applied(facts: pd.DataFrame, grid: Grid, lists: Mapping[int, Truth | str]) -> list[Definition]:
    """Every definition of the grid, applied.

    Parameters
    ----------
    facts : per account ``followers``, ``in_degree``, ``known_engagers``, ``audience_share``.
    lists : per length of the top lists, whether each account is in all of them, or why nobody can say.
    """
    followers = facts["followers"].to_numpy(dtype=np.float64, na_value=np.nan)
    engagers = facts["in_degree"].to_numpy(dtype=np.float64)
    nobody = np.zeros(len(facts), dtype=np.bool_)
    found = []
    for number in grid.followers:
        reason = "no followers are known" if np.isnan(followers).all() else None
        named = flags(followers >= number, np.isnan(followers), reason)
        words = f"followers ≥ {number:,}"
        found.append(Definition(f"followers_{number}", "followers", words, named, reason))
    for per_cent in grid.audience:
        named = flags(_first(engagers, per_cent / 100), nobody, None)
        words = f"first {per_cent:g} % by distinct engagers of the accounts that have any; ties at the border are in"
        found.append(Definition(f"audience_{per_cent:g}pct", "audience", words, named))
    for length in grid.top:
        inside = lists[length]
        reason = inside if isinstance(inside, str) else None
        named = flags(nobody if isinstance(inside, str) else inside, nobody, reason)
        words = f"in every top {length}; ties at the border are in"
        found.append(Definition(f"top_{length}", "top", words, named, reason))
    known, share = facts["known_engagers"].to_numpy(), facts["audience_share"].to_numpy()
    told, enough = known >= grid.engagers, engagers >= grid.engagers
    silent = not known.any() and bool(engagers.any())
    for least in grid.share:
        reason = "of no account that addresses another is the role known" if silent else None
        named = flags(told & (np.nan_to_num(share) >= least * (1 - TIE)), enough & ~told, reason)
        words = f"physicians and trainees ≥ {least:.0%} of its engagers, of whom at least {grid.engagers} are known"
        found.append(Definition(f"share_{least:g}", "share", words, named, reason))
    return found


def flags(named: Truth, is_unknown: Truth, reason: str | None) -> Flags:
    """Yes, no, or empty; all empty where there is a reason for it."""
    if reason is not None:
        return nobody_knows(len(named))
    return Flags(named & ~is_unknown, is_unknown.copy())


def nobody_knows(n: int) -> Flags:
    """Empty for all."""
    return Flags(np.zeros(n, dtype=np.bool_), np.ones(n, dtype=np.bool_))


def _first(values: Floats, share: float) -> Truth:
    """The first ``share`` of the values above 0, all that are equal to the last of them included."""
    there = np.sort(values[values > 0])[::-1]
    if not len(there):
        return np.zeros(len(values), dtype=np.bool_)
    border = there[min(len(there), math.ceil(share * len(there) * (1 - TIE))) - 1]
    inside: Truth = values >= border * (1 - TIE)
    return inside
