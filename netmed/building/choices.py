"""What makes edges out of events: relations, weight, component; checked once, here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netmed.errors import NetmedError, UnknownNameError
from netmed.registry import unknown
from netmed.schema import RELATIONS


@dataclass(frozen=True, slots=True)
class Choices:
    """The rules of a build that a person can choose."""

    relations: tuple[str, ...]
    auto_mentions: str = "separate"
    min_weight: float = 1
    giant: bool = False
    include_referenced: bool = False
    keep_text: bool = False
    find_roles: bool = False
    roles: tuple[str, ...] = ()
    """Only the network among accounts of these roles; none: of all."""

    @property
    def edge_relations(self) -> tuple[str, ...]:
        """The relations that make edges; with auto-mentions included, they count as mentions."""
        wanted = set(self.relations)
        if self.auto_mentions == "include" and "mention" in wanted:
            wanted.add("mention_auto")
        return tuple(relation for relation in RELATIONS if relation in wanted)

    def described(self) -> dict[str, Any]:
        """For provenance."""
        return {
            "relations": list(self.edge_relations),
            "auto_mentions": self.auto_mentions,
            "min_weight": self.min_weight,
            "giant": self.giant,
            "include_referenced": self.include_referenced,
            "keep_text": self.keep_text,
        }


def checked_relations(relations: Sequence[str]) -> tuple[str, ...]:
    """Names of relations, each known. Raises ``UnknownNameError`` or ``NetmedError``."""
    names = relations.split(",") if isinstance(relations, str) else list(relations)
    for name in names:
        if name not in RELATIONS:
            raise UnknownNameError(unknown("relation", name, list(RELATIONS)))
    if not names:
        raise NetmedError(f"no relations were chosen; choose among {', '.join(RELATIONS)}")
    return tuple(names)


def checked_weight(weight: float) -> float:
    """A finite weight above 0. Raises ``NetmedError``."""
    if not (math.isfinite(weight) and weight > 0):
        raise NetmedError(f"the least weight must be a number above 0, not {weight}")
    return weight


def checked_auto_mentions(choice: str) -> str:
    """ "separate" or "include". Raises ``NetmedError``."""
    if choice not in ("separate", "include"):
        raise NetmedError(f"auto-mentions can be 'separate' or 'include', not {choice!r}")
    return choice
