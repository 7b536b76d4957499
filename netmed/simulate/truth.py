"""What is true of a collection, counted and written down while it is made.

The truth file is JSON Lines; ``record`` tells the kind of each line:

``event``       ``post_key, source_key, target_key, relation``: every true event, self events included
``unresolved``  ``post_key, source_key, relation``: an event whose target nothing in the data tells
``account``     every account that wrote a post or is an end of an event: ``account_key, handles``
                (oldest first, ``since`` and ``handle``), ``name, role, level`` (student, resident or
                fellow of a trainee), ``specialty, community, is_educator, is_author, n_posts``
``counts``      the fields of ``Summary``, once, at the end
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from netmed.simulate.people import Account
from netmed.simulate.posts import stamp
from netmed.simulate.said import Said


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a collection; they sum.

    ``posts`` (distinct) = ``originals`` + ``reposts``; ``originals`` = Σ ``by_year``;
    ``posts`` = Σ ``by_kind``; ``delivered`` records = ``posts`` + ``duplicates`` + ``superseded``
    (older versions of edited posts); ``events`` = Σ ``by_relation``, of which ``self_events`` make
    no edge; ``unresolved`` events are not among them. ``lost``: posts that refer to a post which
    never came along. ``accounts`` are ``authors`` and those only addressed; ``renamed`` of them had
    more than one handle.
    """

    posts: int
    originals: int
    reposts: int
    duplicates: int
    superseded: int
    delivered: int
    pages: int
    lost: int
    events: int
    self_events: int
    unresolved: int
    accounts: int
    authors: int
    renamed: int
    by_year: dict[int, int]
    by_kind: dict[str, int]
    by_relation: dict[str, int]


class Truth:
    """Counts posts as they are said and words the lines of the truth file."""

    def __init__(self, years: Iterable[int]) -> None:
        self.pages = 0
        self._years = dict.fromkeys(years, 0)
        self._kinds: Counter[str] = Counter()
        self._relations: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._accounts: dict[int, Account] = {}

    @property
    def originals(self) -> int:
        """Original posts so far."""
        return sum(self._years.values())

    def count(self, said: Said) -> None:
        """Count one post."""
        source = said.author
        self._kinds[said.kind] += 1
        if said.year is not None:
            self._years[said.year] += 1
        self._counts["superseded"] += len(said.deliveries) - 1
        self._counts["duplicates"] += sum(delivery.again for delivery in said.deliveries)
        self._counts["lost"] += any(delivery.lost for delivery in said.deliveries)
        self._accounts[source.index] = source
        for target, relation in said.events:
            self._accounts[target.index] = target
            self._relations[relation] += 1
            self._counts["self"] += target is source
        self._counts["unresolved"] += said.unresolved != ""

    def lines(self, said: Said) -> Iterator[bytes]:
        """Give the lines of one post."""
        source = said.author
        for target, relation in said.events:
            yield _line("event", post_key=said.key, source_key=source.key, target_key=target.key, relation=relation)
        if said.unresolved:
            yield _line("unresolved", post_key=said.key, source_key=source.key, relation=said.unresolved)

    def closing(self) -> Iterator[bytes]:
        """Give the lines of the accounts and of the counts."""
        for _, account in sorted(self._accounts.items()):
            yield _line(
                "account",
                account_key=account.key,
                handles=[{"since": stamp(since), "handle": handle} for since, handle in account.handles],
                name=account.name,
                role=account.role,
                level=account.level,
                specialty=account.specialty,
                community=account.community,
                is_educator=account.is_educator,
                is_author=account.posted > 0,
                n_posts=account.posted,
            )
        yield _line("counts", **asdict(self.summary()))

    def summary(self) -> Summary:
        """Give the counts so far."""
        posts, counts = sum(self._kinds.values()), self._counts
        accounts = self._accounts.values()
        return Summary(
            posts=posts,
            originals=self.originals,
            reposts=self._kinds["retweet"],
            duplicates=counts["duplicates"],
            superseded=counts["superseded"],
            delivered=posts + counts["duplicates"] + counts["superseded"],
            pages=self.pages,
            lost=counts["lost"],
            events=sum(self._relations.values()),
            self_events=counts["self"],
            unresolved=counts["unresolved"],
            accounts=len(accounts),
            authors=sum(account.posted > 0 for account in accounts),
            renamed=sum(len(account.handles) > 1 for account in accounts),
            by_year=dict(self._years),
            by_kind=dict(sorted(self._kinds.items())),
            by_relation=dict(sorted(self._relations.items())),
        )


def _line(record: str, **fields: Any) -> bytes:
    return orjson.dumps({"record": record, **fields}, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
