"""Who may be chosen, how many, and what they may cost."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netmed.errors import NetmedError
from netmed.graphs import Floats, Integers
from netmed.reach.accounts import Setting, values_of, vertices_of
from netmed.reach.greedy import SLACK, Choice, greedy, greedy_within
from netmed.reach.stored import StoredSets


@dataclass(frozen=True, eq=False)
class Wish:
    """What is to be chosen.

    Attributes
    ----------
    candidates : vertices that may be chosen, ascending.
    most : how many can be chosen at most.
    k : how many were asked for; None for as many as the budget allows.
    price, budget : (n,), cost by vertex, and the sum they may come to; None where nothing costs.
    """

    candidates: Integers
    most: int
    k: int | None
    price: Floats | None = None
    budget: float | None = None

    def choose(self, sets: StoredSets) -> Choice:
        """The choice on stored sets."""
        if self.price is None or self.budget is None:
            return greedy(sets, self.candidates, self.most)
        return greedy_within(sets, self.candidates, self.price[self.candidates], self.budget, self.k)

    def plain(self, values: Floats) -> tuple[int, ...]:
        """The candidates of the highest value, (n,), as many as wished; within a budget, of what is left of it."""
        ranked = self.candidates[np.lexsort((self.candidates, -values[self.candidates]))].tolist()
        if self.price is None or self.budget is None:
            return tuple(ranked[: self.most])
        listed: list[int] = []
        for vertex in ranked:
            if len(listed) < self.most and self.spent([*listed, vertex]) <= self.budget * SLACK:
                listed.append(vertex)
        return tuple(listed)

    def spent(self, vertices: Iterable[int]) -> float:
        """What these cost."""
        return 0.0 if self.price is None else float(self.price[list(vertices)].sum())

    def guarantee(self, choice: Choice, epsilon: float, failure: str) -> str:
        """In words, how far from the best a choice may be."""
        if epsilon >= 1 - 1 / np.e:
            return "none: there are too few sets for one"
        if self.price is None:
            return f"at least 1 − 1/e − {epsilon:.3g} of the best {len(choice.vertices)}, {failure}"
        if self.k is not None and len(choice.vertices) == self.k:
            return "none: the number of accounts, not the budget alone, ended the choice"
        return f"at least (1 − 1/e) / 2 − {epsilon:.3g} of the best within the budget, {failure}"


def wish(
    made: Setting, k: int | None, candidates: Iterable[str] | None, costs: pd.Series | None, budget: float | None
) -> Wish:
    """Checked: raises ``NetmedError`` for what cannot be wished, ``UnknownNameError`` for unknown accounts."""
    if k is not None and (isinstance(k, bool) or not isinstance(k, int) or k < 1):
        raise NetmedError(f"k is how many accounts are chosen, a whole number from 1 on, not {k!r}")
    if (costs is None) != (budget is None):
        raise NetmedError("costs and a budget go together; only one of them was given")
    able = _able(made, candidates)
    if costs is None or budget is None:
        if k is None:
            raise NetmedError("say how many accounts are chosen (k), or give costs and a budget")
        return Wish(able, min(k, len(able)), k)
    if not 0 < budget < np.inf:
        raise NetmedError(f"the budget is a number above 0, not {budget!r}")
    price = _price(made, costs, able)
    cheapest = int((np.cumsum(np.sort(price[able])) <= budget * SLACK).sum())
    if cheapest == 0:
        raise NetmedError(f"the budget of {budget:g} allows for no candidate; the cheapest costs {price[able].min():g}")
    return Wish(able, cheapest if k is None else min(cheapest, k), k, price, budget)


def _able(made: Setting, candidates: Iterable[str] | None) -> Integers:
    able = ~made.is_empty
    if candidates is not None:
        is_named = np.zeros(made.graphs.n, dtype=np.bool_)
        is_named[vertices_of(made.network, made.graphs, candidates, "candidates")] = True
        able &= is_named
    if not able.any():
        raise NetmedError("nobody can be chosen: there is no candidate whose probability is known")
    return np.flatnonzero(able)


def _price(made: Setting, costs: pd.Series, able: Integers) -> Floats:
    vertices, given = values_of(made.network, made.graphs, costs, "costs")
    price = np.full(made.graphs.n, np.nan)
    price[vertices] = given
    wrong = able[~((price[able] > 0) & (price[able] < np.inf))]
    if len(wrong):
        first = made.identity(wrong[:1]).iloc[0]
        name = f"@{first['handle']}" if isinstance(first["handle"], str) else first["account_key"]
        raise NetmedError(f"every candidate has a cost above 0; {len(wrong):,} have none, the first is {name}")
    return price
