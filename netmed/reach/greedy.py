"""The accounts that together cover most sets: greedy, looking again only at those that may still be the best.

What an account adds can only fall while others are chosen (coverage is submodular), so one whose new gain is
still above all old ones need not be compared with them (lazy evaluation; Minoux 1978, doi:10.1007/BFb0006528;
CELF: Leskovec and others 2007, doi:10.1145/1281192.1281239).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from netmed.graphs import Floats, Integers
from netmed.reach.stored import StoredSets

SLACK = 1 + 1e-12
"""A budget may be exceeded by what sums of costs lose to rounding."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Accounts in the order they were chosen, the sets each added, and how many gains were looked at again."""

    vertices: tuple[int, ...]
    gains: tuple[int, ...]
    looks: int = 0

    @property
    def covered(self) -> int:
        """Sets covered by all of them."""
        return sum(self.gains)


def greedy(sets: StoredSets, candidates: Integers, k: int) -> Choice:
    """``k`` of the candidates: next is who adds most; of equal ones the lowest vertex.

    Covers at least 1 − (1 − 1/k)^k ≥ 1 − 1/e of what the best ``k`` cover (Nemhauser and others 1978,
    doi:10.1007/BF01588971).
    """
    return _lazily(sets, candidates, k, np.ones(len(candidates)), lambda spent, cost: True)


def greedy_within(sets: StoredSets, candidates: Integers, costs: Floats, budget: float, k: int | None) -> Choice:
    """Of what the budget allows, the better of two: next is who adds most, and next is who adds most per cost.

    Covers at least (1 − 1/e) / 2 of the best within the budget (Leskovec and others 2007), where ``k`` is none.
    """
    most = len(candidates) if k is None else k

    def affordable(spent: float, cost: float) -> bool:
        return spent + cost <= budget * SLACK

    per_cost = _lazily(sets, candidates, most, costs, affordable)
    plain = _lazily(sets, candidates, most, np.ones(len(candidates)), affordable, costs)
    return plain if plain.covered > per_cost.covered else per_cost


def _lazily(
    sets: StoredSets,
    candidates: Integers,
    k: int,
    divisor: Floats,
    affordable: Callable[[float, float], bool],
    costs: Floats | None = None,
) -> Choice:
    from netmed.reach import kernels  # late: numba takes half a second to import

    costs = divisor if costs is None else costs
    first = sets.counts()[candidates] / divisor
    order = np.lexsort((candidates, -first))
    is_covered = np.zeros(sets.kept, dtype=np.bool_)
    again: list[tuple[float, int, int, int]] = []  # −gain / divisor, vertex, place, how many were chosen then
    chosen: list[int] = []
    gains: list[int] = []
    spent, at, looks = 0.0, 0, 0
    while len(chosen) < k and (at < len(order) or again):
        if at < len(order) and (not again or (-first[order[at]], candidates[order[at]]) < (again[0][0], again[0][1])):
            place, seen = int(order[at]), 0
            at += 1
        else:
            _, _, place, seen = heapq.heappop(again)
        if not affordable(spent, float(costs[place])):
            continue  # nor will it be later
        vertex = int(candidates[place])
        lists = sets.sets_of(vertex)
        if seen < len(chosen):
            gain = int(kernels.uncovered(lists, is_covered)) + int(sets.alone[vertex])
            heapq.heappush(again, (-gain / float(divisor[place]), vertex, place, len(chosen)))
            looks += 1
            continue
        gain = int(kernels.uncovered(lists, is_covered)) + int(sets.alone[vertex])
        is_covered[lists] = True
        chosen.append(vertex)
        gains.append(gain)
        spent += float(costs[place])
    return Choice(tuple(chosen), tuple(gains), looks)
