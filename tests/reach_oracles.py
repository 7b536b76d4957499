"""Reach by its definition: every world of live edges, with its probability. For networks of a few edges."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from networks import network

from netmed.network import Network

Flow = Mapping[tuple[str, str], float]


def as_network(flow: Flow, accounts: Iterable[str] = ()) -> Network:
    """A network whose flow edges b → a have these probabilities as weights."""
    return network([(a, b, p) for (b, a), p in flow.items()], list(accounts))


def cascade_worlds(flow: Flow) -> Iterator[tuple[float, list[tuple[str, str]]]]:
    """Every edge is live with its probability."""
    for states in itertools.product((False, True), repeat=len(flow)):
        chance, live = 1.0, []
        for (edge, p), state in zip(flow.items(), states, strict=True):
            chance *= p if state else 1 - p
            if state:
                live.append(edge)
        yield chance, live


def threshold_worlds(flow: Flow) -> Iterator[tuple[float, list[tuple[str, str]]]]:
    """Every account has at most one live edge to it, each with its weight (of sums above 1, its share)."""
    options = []
    for account in sorted({a for _, a in flow}):
        inward = {edge: p for edge, p in flow.items() if edge[1] == account}
        total = max(sum(inward.values()), 1.0)
        shares = [(p / total, edge) for edge, p in inward.items()]
        options.append([*shares, (1 - sum(share for share, _ in shares), None)])
    for picks in itertools.product(*options):
        chance = 1.0
        for share, _ in picks:
            chance *= share
        yield chance, [edge for _, edge in picks if edge is not None]


WORLDS = {"independent-cascade": cascade_worlds, "linear-threshold": threshold_worlds}


def reached(live: Iterable[tuple[str, str]], seeds: Iterable[str]) -> set[str]:
    edges = list(live)
    found = set(seeds)
    while new := {a for b, a in edges if b in found} - found:
        found |= new
    return found


@dataclass(frozen=True)
class Truth:
    """Expected reach of groups, and of what two accounts both reach."""

    flow: Flow
    model: str = "independent-cascade"
    weight: Mapping[str, float] | None = None

    def _worth(self, accounts: set[str]) -> float:
        return len(accounts) if self.weight is None else sum(self.weight.get(account, 0.0) for account in accounts)

    def reach(self, *seeds: str) -> float:
        return sum(chance * self._worth(reached(live, seeds)) for chance, live in WORLDS[self.model](self.flow))

    def both(self, one: str, other: str) -> float:
        return sum(
            chance * self._worth(reached(live, [one]) & reached(live, [other]))
            for chance, live in WORLDS[self.model](self.flow)
        )

    def greedy(self, k: int, candidates: Iterable[str]) -> list[str]:
        chosen: list[str] = []
        for _ in range(k):
            chosen.append(max((c for c in candidates if c not in chosen), key=lambda c: self.reach(*chosen, c)))
        return chosen

    def best(self, k: int, candidates: Iterable[str]) -> set[str]:
        return set(max(itertools.combinations(sorted(candidates), k), key=lambda group: self.reach(*group)))
