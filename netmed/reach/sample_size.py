"""How many sets greedy needs for its guarantee: IMM (Tang, Shi and Xiao 2015, doi:10.1145/2723372.2723734).

On θ sets or more, greedy reaches at least 1 − 1/e − ε of the best with probability 1 − 1/n, where θ = λ*(ε) / OPT.
OPT is not known; a first phase draws sets until greedy itself proves a lower bound of it. The sets that greedy
chooses on at last are drawn anew: those of the first phase were looked at when their number was settled
(Chen 2018, arXiv:1808.09363).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The constants of IMM for one task.

    Parameters
    ----------
    n : accounts.
    candidates : those that may be chosen.
    k : how many are chosen.
    scale : what reaching everybody counts; n where all count 1.
    """

    n: int
    candidates: int
    k: int
    scale: float

    @property
    def _failure(self) -> float:
        """ln(1 / probability of failure), shared between the two phases."""
        return math.log(max(self.n, 2)) + math.log(2)

    @property
    def _groups(self) -> float:
        """ln of the number of groups of up to k, or somewhat more."""
        m, k = self.candidates, min(self.k, self.candidates)
        if 2 * k >= m:
            return m * math.log(2)
        return math.log(k) + math.lgamma(m + 1) - math.lgamma(k + 1) - math.lgamma(m - k + 1)

    @property
    def _star(self) -> float:
        """λ* times ε²."""
        share = 1 - 1 / math.e
        alpha, beta = (
            math.sqrt(self._failure + math.log(2)),
            math.sqrt(share * (self._groups + self._failure + math.log(2))),
        )
        return 2 * self.scale * (share * alpha + beta) ** 2

    def proving(self, reach: float, epsilon: float) -> int:
        """Sets on which greedy proves that the best reach ``reach``, if they well do."""
        wide = math.sqrt(2) * epsilon
        looks = math.log(max(math.log2(max(self.scale, 4)), 2))
        lam = (2 + 2 / 3 * wide) * (self._groups + self._failure + looks) * self.scale / wide**2
        return math.ceil(lam / reach)

    def is_proven(self, found: float, reach: float, epsilon: float) -> bool:
        """Whether greedy, that found a group with this reach on ``proving`` sets, proves the bound."""
        return found >= (1 + math.sqrt(2) * epsilon) * reach

    def needed(self, least: float, epsilon: float) -> int:
        """Sets for the guarantee, if the best reach at least ``least``."""
        return math.ceil(self._star / epsilon**2 / least)

    def epsilon(self, least: float, sets: int) -> float:
        """The ε that so many sets give."""
        return math.sqrt(self._star / (least * sets))
