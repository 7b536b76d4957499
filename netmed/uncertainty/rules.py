"""Other rules that a careful person could have chosen: what an edge is, what it weighs, which way it points."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from netmed import building
from netmed.errors import NetworkError
from netmed.network import Network
from netmed.schema import RELATIONS

Change = Callable[[Network], Network]


@dataclass(frozen=True, slots=True)
class Rule:
    """One other rule: what it changes, its name and its words, how the network is made by it, how it is measured.

    ``only`` : the measures that it can change; all if empty.
    """

    choice: str
    name: str
    words: str
    change: Change = field(default=lambda network: network)
    measuring: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()


PATH_MEASURES = ("betweenness", "harmonic")


def alternatives(network: Network) -> list[Rule]:
    """Every other rule, in the order of the table; relations are added to those of this network."""
    own = network.relations
    relations = [
        ("reply only", ("reply",), "a reply makes an edge and nothing else"),
        ("mention only", ("mention",), "a typed mention makes an edge and nothing else"),
        *[
            (f"with {added}", (*own, added), f"{words} make edges too")
            for added, words in (
                ("mention_auto", "mentions the platform put into replies"),
                ("quote", "quotes"),
                ("retweet", "reposts"),
            )
        ],
        ("all relations", RELATIONS, "every way of addressing makes an edge"),
    ]
    made = [Rule("relations", name, words, _relations(chosen)) for name, chosen, words in relations]
    if "mention" in own:
        # with this option they become mentions, so the edges are those of "with mention_auto" by the rule of edges
        made[2] = Rule(
            "relations",
            "with mention_auto",
            f"{relations[2][2]} (--auto-mentions include)",
            _relations((*own, "mention_auto")),
        )
    return [
        *made,
        Rule("weights", "distinct pairs", "every edge weighs 1, however many posts", _pairs),
        Rule("weights", "min weight 2", "one post is no edge", _heavier),
        Rule("direction", "flow", "every edge turned round", measuring={"direction": "flow"}),
        Rule("paths", "unweighted", "every edge has length 1 in shortest paths", measuring={"paths": "unweighted"},
             only=PATH_MEASURES),
    ]  # fmt: skip


def _relations(chosen: tuple[str, ...]) -> Change:
    wanted = tuple(name for name in RELATIONS if name in chosen)

    def change(network: Network) -> Network:
        if set(wanted) == set(network.relations):
            raise NetworkError("these are the relations the network has")
        return building.select(network, relations=wanted, auto_mentions="separate")

    return change


def _pairs(network: Network) -> Network:
    return _with_edges(network, network.edges.assign(weight=1.0))


def _heavier(network: Network) -> Network:
    return _with_edges(network, network.edges[network.edges["weight"] >= 2])


def _with_edges(network: Network, edges: Any) -> Network:
    return Network({"accounts": network.accounts, "edges": edges}, provenance=network.provenance, name=network.name)
