"""The rules of what an edge is, read from Bluesky records in plain Python: an oracle for the build.

Written from the rules and the lexicons alone, record by record; it shares no line with netmed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Event = tuple[str, str, str, str]
RANK = {"retweet": 0, "reply": 1, "quote": 1, "retweet_manual": 2, "mention": 3}


@dataclass
class Said:
    """One post or repost as one record tells it."""

    uri: str
    author: str
    is_delivered: bool
    text: str = ""
    parent: str | None = None
    quote: str | None = None
    repost: str | None = None
    mentions: list[tuple[int, str]] = field(default_factory=list)
    """Where it begins, in bytes, and the DID."""


def owner(uri: str) -> str:
    """Whose record an at-URI names."""
    return uri.split("/")[2]


def said(record: Json, uri: str, author: str, *, is_delivered: bool) -> Said:
    """A post record with its URI and its author."""
    quote = None
    embed = record.get("embed") or {}
    if embed and embed["$type"] in ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia"):
        inside = embed.get("record") or {}
        quote = inside.get("uri") or (inside.get("record") or {}).get("uri")
        if quote and "/app.bsky.feed.post/" not in quote:
            quote = None
    mentions = [
        (facet["index"]["byteStart"], feature["did"])
        for facet in record.get("facets") or []
        for feature in facet["features"]
        if feature["$type"] == "app.bsky.richtext.facet#mention"
    ]
    parent = record["reply"]["parent"]["uri"] if record.get("reply") else None
    return Said(uri, author, is_delivered, record["text"], parent, quote, mentions=mentions)


def repost(subject: str, by: str) -> Said:
    """A repost: known by the post and by who reposts it, for only some sources tell its own URI."""
    return Said(f"{subject}#reposted-by:{by}", by, True, repost=subject)


def of_view(view: Json, *, is_delivered: bool) -> Iterator[Said]:
    """A post view, and the posts it shows inside."""
    if "record" not in view or not view["uri"]:
        return
    yield said(
        view["record"],
        view["uri"],
        (view.get("author") or {}).get("did") or owner(view["uri"]),
        is_delivered=is_delivered,
    )
    shown = (view.get("embed") or {}).get("record") or {}
    for inside in (shown, shown.get("record") or {}):
        if inside.get("$type") == "app.bsky.embed.record#viewRecord" and inside["uri"]:
            author = (inside.get("author") or {}).get("did") or owner(inside["uri"])
            yield said(inside["value"], inside["uri"], author, is_delivered=False)


def of_item(item: Json) -> Iterator[Said]:
    """A feed item, a post view, a change or a record."""
    if "commit" in item or item.get("kind") in ("identity", "account"):
        yield from of_change(item["did"], item.get("commit") or {}, "operation")
    elif item.get("type") == "record":
        yield from of_change(item["record"]["did"], item["record"], "action")
    elif "value" in item:
        yield said(item["value"], item["uri"], owner(item["uri"]), is_delivered=True)
    elif "post" in item:
        reason = item.get("reason") or {}
        is_repost = reason.get("$type") == "app.bsky.feed.defs#reasonRepost"
        yield from of_view(item["post"], is_delivered=not is_repost)
        if is_repost:
            yield repost(item["post"]["uri"], reason["by"]["did"])
        for name in ("parent", "root"):
            yield from of_view((item.get("reply") or {}).get(name) or {}, is_delivered=False)
    else:
        yield from of_view(item, is_delivered=True)


def of_change(did: str, change: Json, operation: str) -> Iterator[Said]:
    """What a repository says changed."""
    uri = f"at://{did}/{change.get('collection')}/{change.get('rkey')}"
    if change.get(operation) not in ("create", "update"):
        return
    if change["collection"] == "app.bsky.feed.post":
        yield said(change["record"], uri, did, is_delivered=True)
    if change["collection"] == "app.bsky.feed.repost":
        yield repost(change["record"]["subject"]["uri"], did)


def items(document: Any) -> Iterator[Json]:
    """The records of a document: a list, a response, a thread, or one record."""
    if isinstance(document, list):
        for one in document:
            yield from items(one)
    elif "thread" in document:
        yield from items(document["thread"])
    elif "feed" in document or "posts" in document:
        yield from document.get("feed") or document["posts"]
    elif "replies" in document or "parent" in document:
        yield document["post"]
        for one in (document.get("replies") or []) + [document[name] for name in ("parent",) if name in document]:
            yield from items(one)
    else:
        yield document


@dataclass
class Reading:
    """What the records say by the rules."""

    posts: dict[str, Said]
    events: set[Event]
    delivered: int
    """Delivered records, every one counted."""


def read(documents: Iterable[Any]) -> Reading:
    """Read documents; order does not matter."""
    every = [one for document in documents for item in items(document) for one in of_item(item)]
    posts: dict[str, Said] = {}
    for one in every:
        if one.uri not in posts or (one.is_delivered and not posts[one.uri].is_delivered):
            posts[one.uri] = one
    events: set[Event] = set()
    for post in posts.values():
        if not post.is_delivered:
            continue
        best: dict[str, set[str]] = defaultdict(set)
        for target, relation in addresses(post, posts):
            best[target].add(relation)
        for target, relations in best.items():
            strongest = min(RANK[relation] for relation in relations)
            for relation in relations:
                if RANK[relation] == strongest:
                    key = "bluesky:" + post.uri
                    events.add((key, "bluesky:" + post.author, "bluesky:" + target, relation))
    return Reading(posts, events, sum(one.is_delivered for one in every))


def addresses(post: Said, posts: dict[str, Said]) -> Iterator[tuple[str, str]]:
    """Whom a post addresses, and how."""

    def author_of(uri: str) -> str:
        return posts[uri].author if uri in posts else owner(uri)

    if post.repost:
        yield author_of(post.repost), "retweet"
        return
    if post.parent:
        yield owner(post.parent), "reply"
    if post.quote:
        yield author_of(post.quote), "quote"
    for start, did in post.mentions:
        before = post.text.encode()[:start].decode()
        is_manual = re.search(r"(?<!\w)(rt|mt|via)\s*:?\s*$", before, re.IGNORECASE)
        yield did, "retweet_manual" if is_manual else "mention"
