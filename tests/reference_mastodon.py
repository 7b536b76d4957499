"""The rules of what an edge is, read from Mastodon's statuses in plain Python: an oracle for the build.

It is written from the rules alone, status by status, and shares no line with netmed. HTML is read with
the standard library's parser.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
Event = tuple[str, str, str, str]
RANK = {"retweet": 0, "reply": 1, "quote": 1, "retweet_manual": 2, "mention": 3, "mention_auto": 4}


@dataclass
class Reading:
    """What the statuses say by the rules."""

    events: set[Event] = field(default_factory=set)
    unresolved: Counter[str] = field(default_factory=Counter)
    collection: dict[str, Json] = field(default_factory=dict)
    """Delivered statuses by uri."""
    direct: int = 0


class Page(HTMLParser):
    """The text of a status, and where in it each link begins."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.starts, self._hidden = "", {}, False
        self.feed(content)
        self.close()
        self.text = self.text.rstrip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "p" and named.get("class") == "quote-inline":
            self._hidden = True
        if tag == "br":
            self.handle_data("\n")
        if tag == "a" and named.get("href") and not self._hidden:
            self.starts.setdefault(named["href"], len(self.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.handle_data("\n\n")
            self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data.replace("\xa0", " ")


def handle(account: Json) -> str:
    """``user@host``."""
    acct = account["acct"]
    return (acct if "@" in acct else f"{acct}@{urlsplit(account['url']).netloc}").lower()


def read(statuses: Iterable[Json]) -> Reading:
    """Read the delivered statuses of one server."""
    reading = Reading()
    everyone = list(_inside(statuses))
    by_id = {status["id"]: status for status, _ in everyone if status["visibility"] != "direct"}
    accounts: dict[str, str] = {}
    for status, _ in everyone:
        if status["visibility"] != "direct":
            accounts |= {one["id"]: handle(one) for one in [status["account"], *status["mentions"]]}
    for status, is_delivered in everyone:
        if not is_delivered:
            continue
        if status["visibility"] == "direct":
            reading.direct += 1
            continue
        kept = reading.collection.setdefault(status["uri"], status)
        if _fullness(status) > _fullness(kept):
            reading.collection[status["uri"]] = status
    for uri, status in reading.collection.items():
        best: dict[str, set[str]] = defaultdict(set)
        for target, relation in _addresses(status, by_id, accounts):
            if target is None:
                reading.unresolved[relation] += 1
            else:
                best[target].add(relation)
        for target, relations in best.items():
            strongest = min(RANK[relation] for relation in relations)
            source = "mastodon:" + handle(status["account"])
            reading.events |= {
                ("mastodon:" + uri, source, "mastodon:" + target, relation)
                for relation in relations
                if RANK[relation] == strongest
            }
    return reading


def _fullness(status: Json) -> tuple[Any, ...]:
    text = Page(status["content"]).text
    return len(status["mentions"]), len(text), status.get("edited_at") or "", text


def _inside(statuses: Iterable[Json]) -> Iterator[tuple[Json, bool]]:
    for status in statuses:
        yield status, True
        for other in (status, status.get("reblog") or {}):
            if other is not status and other:
                yield other, False
            if quoted := (other.get("quote") or {}).get("quoted_status"):
                yield quoted, False


def _addresses(status: Json, by_id: dict[str, Json], accounts: dict[str, str]) -> Iterator[tuple[str | None, str]]:
    if status.get("reblog"):
        yield handle(status["reblog"]["account"]), "retweet"
        return
    is_reply = bool(status["in_reply_to_id"])
    if is_reply:
        parent = by_id.get(status["in_reply_to_id"])
        yield (handle(parent["account"]) if parent else accounts.get(status["in_reply_to_account_id"])), "reply"
    if status.get("quote"):
        quoted = status["quote"].get("quoted_status")
        yield (handle(quoted["account"]) if quoted else None), "quote"
    page = Page(status["content"])
    run: int | None = 0
    for start, one in sorted((page.starts[one["url"]], handle(one)) for one in status["mentions"]):
        length = len(one.split("@")[0]) + 1
        is_auto = is_reply and start == run
        run = start + length + 1 if is_auto and page.text[start + length : start + length + 1] == " " else None
        is_manual = re.search(r"(?<!\w)(rt|mt|via)\s*:?\s*$", page.text[:start], re.IGNORECASE)
        yield one, "mention_auto" if is_auto else "retweet_manual" if is_manual else "mention"
