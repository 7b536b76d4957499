"""The rules of what an edge is, read from X records in plain Python: an oracle for the build.

It is written from the rules alone, post by post, and shares no line with netmed. Records are v2
pages, v2 flattened posts, v2 stream records and v1.1 statuses, in any mixture.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Event = tuple[str, str, str, str]
Handle = tuple[str | None, str | None]
"""Id and handle of an account, as far as they are known."""

NOWHERE = 10**9
RANK = {"retweet": 0, "reply": 1, "quote": 1, "retweet_manual": 2, "mention": 3, "mention_auto": 4}


@dataclass
class Said:
    """One post as one record tells it."""

    id: str
    author: Handle
    at: datetime | None
    is_delivered: bool
    text: str
    reply_post: str | None = None
    reply_to: Handle = (None, None)
    quote: str | None = None
    retweet: str | None = None
    mentions: list[tuple[int, int, Handle]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    shown_from: int | None = None
    versions: list[str] = field(default_factory=list)
    handle_at: datetime | None = None
    """When the author had the handle: when the record was made, not when a post inside it was."""


@dataclass
class Reading:
    """What the records say by the rules."""

    events: set[Event]
    unresolved: Counter[str]
    posts: dict[str, Said]
    delivered: int
    """Delivered records, every one counted."""

    @property
    def collection(self) -> dict[str, Said]:
        """The delivered posts by id."""
        return {key: post for key, post in self.posts.items() if post.is_delivered}


def read(records: Iterable[Json]) -> Reading:
    """Read records that are posts or pages; order does not matter."""
    said: list[Said] = []
    seen: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        mine = list(_v11(record) if "user" in record and "data" not in record else _v2(record))
        said += mine
        for (identity, handle), at in _handles(record, mine):
            if identity and handle and at is not None:
                seen[handle.lower()][identity].append(at)
            elif identity and handle:
                seen[handle.lower()].setdefault(identity, [])
    first = _first_versions(said)
    posts: dict[str, Said] = {}
    for post in said:
        key = first.get(post.id, post.id)
        if key not in posts or _is_better(post, posts[key]):
            posts[key] = post
    events: set[Event] = set()
    unresolved: Counter[str] = Counter()
    for key, post in posts.items():
        if not post.is_delivered:
            continue
        best: dict[str, set[str]] = defaultdict(set)
        for target, relation in _addresses(post, posts, first):
            name = _key(target, post.at, seen)
            if name is None:
                unresolved[relation] += 1
            else:
                best[name].add(relation)
        source = _key(post.author, post.at, seen)
        for target_key, relations in best.items():
            strongest = min(RANK[relation] for relation in relations)
            for relation in relations:
                if RANK[relation] == strongest:
                    if source is None:
                        unresolved[relation] += 1
                    else:
                        events.add(("x:" + key, source, target_key, relation))
    return Reading(events, unresolved, posts, sum(post.is_delivered for post in said))


def _is_better(one: Said, other: Said) -> bool:
    return (one.is_delivered, int(one.id), len(one.mentions)) > (
        other.is_delivered,
        int(other.id),
        len(other.mentions),
    )


def _first_versions(said: list[Said]) -> dict[str, str]:
    first: dict[str, str] = {}
    for post in said:
        if len(post.versions) > 1:
            oldest = min(post.versions, key=int)
            for version in post.versions:
                first[version] = min(first.get(version, oldest), oldest, key=int)
    return first


# who addresses whom


def _addresses(post: Said, posts: dict[str, Said], first: dict[str, str]) -> Iterator[tuple[Handle, str]]:
    def author_of(reference: str) -> Handle:
        other = posts.get(first.get(reference, reference))
        return other.author if other else (None, None)

    if post.retweet:
        target = author_of(post.retweet)
        if not any(target) and post.text.startswith("RT @"):
            target = next((who for start, _, who in post.mentions if start == 3), target)
        yield target, "retweet"
        return
    if post.reply_post or any(post.reply_to):
        known = author_of(post.reply_post) if post.reply_post else (None, None)
        yield (post.reply_to if post.reply_to[0] or not any(known) else known), "reply"
    if post.quote:
        target = author_of(post.quote)
        if not any(target):
            target = next(((None, handle) for handle, number in _links(post) if number == post.quote), target)
        yield target, "quote"
    run = 0 if post.reply_post else None
    for start, end, who in sorted(post.mentions, key=lambda one: one[:2]):
        if post.shown_from is not None:
            is_auto = end <= post.shown_from
        else:
            is_auto = run is not None and start == run
            run = end + 1 if is_auto and post.text[end : end + 1] == " " else None
        before = post.text[:start] if start != NOWHERE else ""
        if is_auto:
            yield who, "mention_auto"
        elif re.search(r"(?<!\w)(rt|mt|via)\s*:?\s*$", before, re.IGNORECASE):
            yield who, "retweet_manual"
        else:
            yield who, "mention"


def _links(post: Said) -> Iterator[tuple[str, str]]:
    for url in post.urls:
        found = re.match(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w{2,15})/status(?:es)?/(\d+)", url)
        if found:
            yield found[1], found[2]


# who is who


def _key(account: Handle, at: datetime | None, seen: dict[str, dict[str, list[datetime]]]) -> str | None:
    identity, handle = account
    if identity is None and handle is not None:
        identity = _holder(seen.get(handle.lower(), {}), at)
    if identity is not None:
        return "x:" + identity
    return None if handle is None else "x:@" + handle.lower()


def _holder(held: dict[str, list[datetime]], at: datetime | None) -> str | None:
    """Who held a handle at a time: from first to last sighting, the first also before, the last also after."""
    if len(held) < 2:
        return next(iter(held), None)
    times = {identity: moments for identity, moments in held.items() if moments}
    if at is None or len(times) < len(held):
        return None
    first = min(times, key=lambda one: (min(times[one]), one))
    last = min(times, key=lambda one: (-max(times[one]).timestamp(), one))
    fits = [
        one
        for one, moments in times.items()
        if (one == first or at >= min(moments)) and (one == last or at <= max(moments))
    ]
    return fits[0] if len(fits) == 1 else None


def _handles(record: Json, said: list[Said]) -> Iterator[tuple[Handle, datetime | None]]:
    for post in said:
        yield post.author, post.handle_at
        yield post.reply_to, post.at
        for _, _, who in post.mentions:
            yield who, post.at
    written = [post.at for post in said if post.is_delivered and post.at]
    observed = _time((record.get("__twarc") or {}).get("retrieved_at")) or max(written, default=None)
    for profile in _profiles(record):
        yield (
            (_id(profile), profile["username"]),
            observed or max((p.at for p in said if p.is_delivered and p.at), default=None),
        )


def _profiles(record: Json) -> Iterator[Json]:
    """v2 profiles, wherever they stand; those of v1.1 are authors."""
    data = record.get("data", record)
    items = data if isinstance(data, list) else [data]
    yield from (record.get("includes") or {}).get("users", [])
    for item in items:
        inside = [item.get("author"), item.get("in_reply_to_user"), item]
        inside += [other.get("author") for other in item.get("referenced_tweets", [])]
        inside += (item.get("entities") or {}).get("mentions", [])
        for profile in inside:
            is_user = profile and "username" in profile and "id" in profile and "text" not in profile
            if is_user and ("start" not in profile or "public_metrics" in profile):
                yield profile


# one record


def _v2(record: Json) -> Iterator[Said]:
    data = record.get("data", record)
    along = list((record.get("includes") or {}).get("tweets", []))
    for item in data if isinstance(data, list) else [data]:
        if "text" in item:
            yield _v2_post(item, is_delivered=True)
            along += [other for other in item.get("referenced_tweets", []) if "text" in other]
    for item in along:
        yield _v2_post(item, is_delivered=False)


def _v2_post(item: Json, *, is_delivered: bool) -> Said:
    note = item.get("note_tweet") or {}
    entities = item.get("entities") or {}
    mentions = (note.get("entities") or {}).get("mentions") or entities.get("mentions") or []
    references = {one["type"]: one["id"] for one in item.get("referenced_tweets") or []}
    links = (entities.get("urls") or []) + ((note.get("entities") or {}).get("urls") or [])
    return Said(
        id=item["id"],
        author=(item.get("author_id"), None),
        at=_time(item.get("created_at")) or _snowflake(item["id"]),
        is_delivered=is_delivered,
        text=note.get("text") or item["text"],
        reply_post=references.get("replied_to"),
        reply_to=(item.get("in_reply_to_user_id"), None),
        quote=references.get("quoted"),
        retweet=references.get("retweeted"),
        mentions=[(one["start"], one["end"], (one.get("id"), one["username"])) for one in mentions],
        urls=[one.get("expanded_url") or "" for one in links],
        shown_from=(item.get("display_text_range") or [None])[0],
        versions=item.get("edit_history_tweet_ids") or [],
    )


def _v11(record: Json) -> Iterator[Said]:
    outer = _time(record.get("created_at")) or _snowflake(_id(record) or "0")
    reposted = record.get("retweeted_status") or {}
    yield _v11_post(record, outer, is_delivered=True)
    for inside in (reposted, reposted.get("quoted_status") or {}, record.get("quoted_status") or {}):
        if inside.get("user") and ("text" in inside or "full_text" in inside):
            yield _v11_post(inside, outer, is_delivered=False)


def _v11_post(item: Json, outer: datetime | None, *, is_delivered: bool) -> Said:
    whole = item.get("extended_tweet") or {}
    entities = whole.get("entities") or item.get("entities") or {}
    permalink = (item.get("quoted_status_permalink") or {}).get("expanded")
    identity = _id(item) or ""
    return Said(
        id=identity,
        author=(_id(item["user"]), item["user"].get("screen_name")),
        at=_time(item.get("created_at")) or _snowflake(identity),
        handle_at=outer,
        is_delivered=is_delivered,
        text=whole.get("full_text") or item.get("full_text") or item["text"],
        reply_post=_id(item, "in_reply_to_status_id"),
        reply_to=(_id(item, "in_reply_to_user_id"), item.get("in_reply_to_screen_name")),
        quote=_id(item, "quoted_status_id") or _id(item.get("quoted_status") or {}),
        retweet=_id(item.get("retweeted_status") or {}),
        mentions=[(*_span(one), (_id(one), one["screen_name"])) for one in entities.get("user_mentions") or []],
        urls=[one.get("expanded_url") or "" for one in entities.get("urls") or []] + ([permalink] if permalink else []),
        shown_from=(whole.get("display_text_range") or item.get("display_text_range") or [None])[0],
    )


def _span(mention: Json) -> tuple[int, int]:
    """Offsets; a mention without any stands nowhere in the text, so neither in front nor after RT."""
    start, end = mention.get("indices") or (NOWHERE, NOWHERE)
    return start, end


def _id(item: Json, name: str = "id") -> str | None:
    value = item.get(name + "_str") or item.get(name)
    return str(value) if re.fullmatch(r"\d{1,20}", str(value)) else None


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    if text[0].isdigit():
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def _snowflake(identity: str) -> datetime | None:
    if int(identity) < 29_700_859_247:
        return None
    return datetime(2010, 11, 4, 1, 42, 54, 657_000, UTC) + timedelta(milliseconds=int(identity) >> 22)
