"""Chance that is the same everywhere: one seed, the same draws on every platform and Python.

Only ``Random.random`` is promised to stay the same between Python versions, and only ``+ - * /``
and square roots are rounded the same way by every processor; all draws are made from these.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import sqrt
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from netmed.simulate.people import Account

T = TypeVar("T")


class Chance:
    """A named stream of draws; streams of one seed do not disturb each other.

    Parameters
    ----------
    seed : any integer.
    purpose : what the draws are for; another purpose gives other draws.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self.unit = Random(f"{purpose} {seed}").random  # noqa: S311 (no secret depends on it)

    def below(self, n: int) -> int:
        """Draw a whole number from 0 to ``n - 1``."""
        return int(self.unit() * n)

    def happens(self, share: float) -> bool:
        """Say yes in this share of all cases."""
        return self.unit() < share

    def pick(self, things: Sequence[T]) -> T:
        """Draw one of several things, each as likely."""
        return things[int(self.unit() * len(things))]

    def tail(self, most: float) -> float:
        """Draw from a Pareto law with exponent 4/3 (mean 4), at least 1 and at most ``most``."""
        root = sqrt(1.0 - self.unit())
        return min(most, 1.0 / (root * sqrt(root)))

    def chosen(self, shares: dict[str, float]) -> str:
        """Draw one name by its share; what the shares leave below 1 goes to the last name."""
        left = self.unit()
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return name


class Crowd:
    """Accounts that joined so far, drawn in proportion to a weight."""

    def __init__(self) -> None:
        self.members: list[Account] = []
        self._sums: list[float] = []

    def __len__(self) -> int:
        return len(self.members)

    def join(self, account: "Account", weight: float) -> None:
        """Add an account with its weight (> 0)."""
        self.members.append(account)
        self._sums.append(weight + (self._sums[-1] if self._sums else 0.0))

    def draw(self, chance: Chance) -> "Account":
        """Draw one member; a crowd without members cannot be drawn from."""
        place = bisect_right(self._sums, chance.unit() * self._sums[-1])
        return self.members[min(place, len(self.members) - 1)]
