"""One post of a collection as it is said: how it is delivered, and the events that it truly makes."""

from dataclasses import dataclass, field

from netmed.simulate.people import Account
from netmed.simulate.posts import Post

Intent = tuple[Account, str]
"""An account that a post addresses, and the relation."""

_PRECEDENCE = ("retweet_manual", "mention", "mention_auto")


@dataclass(slots=True)
class Delivery:
    """One post to be put on a page, with the posts that come along and the id of one that cannot.

    ``again``: it is delivered a second time, later; ``late``: it is held back for a later harvest.
    """

    post: Post
    along: tuple[Post, ...] = ()
    lost: str = ""
    again: bool = False
    late: bool = False


@dataclass(slots=True)
class Said:
    """One post of the collection: how it is delivered and what is true about it.

    ``key`` is the post's key (of the first version where it was edited), ``events`` are its
    (target, relation) pairs, ``unresolved`` a relation whose target nothing in the data tells,
    ``year`` counts original posts and is None for a repost.
    """

    key: str
    kind: str
    author: Account
    year: int | None
    deliveries: list[Delivery]
    events: list[Intent] = field(default_factory=list)
    unresolved: str = ""


def settle(intents: list[Intent]) -> list[Intent]:
    """Keep one relation per target by precedence; a reply that also quotes its target keeps both."""
    by_target: dict[int, list[Intent]] = {}
    for intent in intents:
        by_target.setdefault(intent[0].index, []).append(intent)
    kept: list[Intent] = []
    for target in by_target.values():
        relations = {intent[1]: intent for intent in target}
        strong = [relations[name] for name in ("reply", "quote") if name in relations]
        kept += strong or [next(relations[name] for name in _PRECEDENCE if name in relations)]
    return kept
