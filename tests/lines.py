"""Invented posts in the shapes in which X gives them out, for tests of the rules.

A ``Post`` says once what was written; ``render`` words it as API v2 (page, flattened, stream) or v1.1
(compatibility, extended). A ``Case`` is a small conversation with its own ids and handles, so that
many cases fit into one build and each test looks at its own posts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from shapes import flatten

Json = dict[str, Any]

V2 = ("page", "flat", "stream")
V11 = ("compat", "extended")
SHAPES = V2 + V11

AUTO = -1
"""``shown_from``: after the leading run of mentions of a reply, as X shows it."""


@dataclass(frozen=True)
class Person:
    """One account; without an id it is known by handle only."""

    id: str | None
    handle: str
    name: str = ""
    followers: int = 10


@dataclass(frozen=True)
class Mention:
    """One mention entity: offsets in code points of the text."""

    start: int
    end: int
    handle: str
    id: str | None


@dataclass(frozen=True)
class Post:
    """One post, and what it refers to. ``is_gone``: deleted, so nothing but its id is given out."""

    id: str
    author: Person | None
    text: str
    at: str | None = "2020-01-01T00:00:00.000Z"
    reply_to: "Post | None" = None
    to: Person | None = None
    quotes: "Post | None" = None
    reposts: "Post | None" = None
    mentions: tuple[Mention, ...] = ()
    people: tuple[Person, ...] = ()
    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    likes: int = 0
    lang: str = "en"
    versions: tuple[str, ...] = ()
    shown_from: int | None = AUTO
    is_gone: bool = False
    is_delivered: bool = True


def line(record: Json) -> bytes:
    """One line of a file."""
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def write(path: Path, records: Iterable[Json | bytes]) -> Path:
    """Write records, and raw lines as they are, one per line."""
    raw = [one if isinstance(one, bytes) else line(one) for one in records]
    path.write_bytes(b"".join(one if one.endswith(b"\n") else one + b"\n" for one in raw))
    return path


# API v2


def user(person: Person) -> Json:
    """A v2 profile."""
    return {
        "id": person.id,
        "username": person.handle,
        "name": person.name or person.handle.title(),
        "description": "",
        "created_at": "2012-05-05T00:00:00.000Z",
        "public_metrics": {"followers_count": person.followers, "following_count": 2, "tweet_count": 3},
    }


def v2(post: Post) -> Json:
    """A v2 post object, all its fields asked for."""
    record: Json = {"id": post.id, "text": post.text, "lang": post.lang, "conversation_id": post.id}
    record["edit_history_tweet_ids"] = list(post.versions) or [post.id]
    metrics = ("retweet_count", "reply_count", "like_count", "quote_count", "impression_count")
    record["public_metrics"] = dict.fromkeys(metrics, 0) | {"like_count": post.likes}
    if post.author is not None:
        record["author_id"] = post.author.id
    if post.at is not None:
        record["created_at"] = post.at
    if post.to is not None:
        record["in_reply_to_user_id"] = post.to.id
    pairs = (("replied_to", post.reply_to), ("quoted", post.quotes), ("retweeted", post.reposts))
    references = [{"type": kind, "id": other.id} for kind, other in pairs if other is not None]
    if references:
        record["referenced_tweets"] = references
    mentions = [{"start": m.start, "end": m.end, "username": m.handle, "id": m.id} for m in post.mentions]
    entities = {
        "mentions": mentions,
        "hashtags": [{"start": 0, "end": 1, "tag": tag} for tag in post.tags],
        "urls": [{"start": 0, "end": 1, "url": "https://t.co/x", "expanded_url": url} for url in post.urls],
    }
    if any(entities.values()):
        record["entities"] = {name: values for name, values in entities.items() if values}
    return record


def page(posts: Sequence[Post], *, retrieved: str | None = "2022-06-01T00:00:00+00:00") -> Json:
    """A response page: posts with the posts and accounts that come along."""
    along = {other.id: other for post in posts for other in _referred(post) if not other.is_gone}
    people: dict[str, Json] = {}
    for post in (*posts, *along.values()):
        for person in (post.author, post.to, *post.people):
            if person is not None and person.id is not None:
                people.setdefault(person.id, user(person))
    record: Json = {"data": [v2(post) for post in posts], "meta": {"result_count": len(posts)}}
    record["includes"] = {"users": list(people.values()), "tweets": [v2(post) for post in along.values()]}
    if retrieved is not None:
        record["__twarc"] = {"version": "2.10.4", "retrieved_at": retrieved}
    return record


def _referred(post: Post) -> list[Post]:
    return [other for other in (post.reply_to, post.quotes, post.reposts) if other is not None]


def flat(posts: Sequence[Post], *, retrieved: str | None = "2022-06-01T00:00:00+00:00") -> list[Json]:
    """The same posts flattened, one record each."""
    return [record for post in posts for record in flatten(page([post], retrieved=retrieved))]


def stream(post: Post) -> Json:
    """A record of the filtered stream: one post, no time of retrieval."""
    whole = page([post], retrieved=None)
    return {"data": whole["data"][0], "includes": whole["includes"], "matching_rules": [{"id": "1", "tag": "meded"}]}


# API v1.1


def v11(post: Post, *, extended: bool) -> Json:
    """A v1.1 status, with ``full_text`` or in the compatibility form."""
    at = post.at and f"{datetime.fromisoformat(post.at).astimezone(UTC):%a %b %d %H:%M:%S +0000 %Y}"
    record: Json = {"id": int(post.id), "id_str": post.id, "created_at": at, "lang": post.lang, "favorite_count": 0}
    record["favorite_count"] = post.likes
    if post.author is not None:
        record["user"] = _v11_user(post.author)
    shown = [post.shown_from if post.shown_from != AUTO else _hidden(post), len(post.text)]
    if extended or len(post.text) <= 140:
        record |= {"full_text" if extended else "text": post.text, "truncated": False, "entities": _entities(post)}
        if extended and post.shown_from is not None:
            record["display_text_range"] = shown
    else:
        seen = replace(post, mentions=tuple(m for m in post.mentions if m.end <= 139))
        record |= {"text": post.text[:139] + "…", "truncated": True, "entities": _entities(seen)}
        whole = {"full_text": post.text, "display_text_range": shown, "entities": _entities(post)}
        record["extended_tweet"] = whole
    record |= _address("in_reply_to_status_id", post.reply_to and post.reply_to.id)
    record |= _address("in_reply_to_user_id", post.to and post.to.id)
    record["in_reply_to_screen_name"] = post.to and post.to.handle
    if post.reposts is not None:
        record["retweeted_status"] = v11(post.reposts, extended=extended)
    quoted = post.quotes or (post.reposts and post.reposts.quotes)
    record["is_quote_status"] = quoted is not None
    if quoted is not None:
        record |= _address("quoted_status_id", quoted.id)
        if not quoted.is_gone:
            record["quoted_status"] = v11(replace(quoted, quotes=None), extended=extended)
    return record


def _v11_user(person: Person) -> Json:
    profile = {"screen_name": person.handle, "name": person.name or person.handle.title(), "statuses_count": 3}
    profile |= {"followers_count": person.followers, "created_at": "Sat May 05 00:00:00 +0000 2012"}
    return profile if person.id is None else {"id": int(person.id), "id_str": person.id, **profile}


def _address(name: str, value: str | None) -> Json:
    return {name: value and int(value), f"{name}_str": value}


def _entities(post: Post) -> Json:
    mentions = [
        {"indices": [m.start, m.end], "screen_name": m.handle, "id_str": m.id, "id": m.id and int(m.id)}
        for m in post.mentions
    ]
    return {
        "user_mentions": mentions,
        "hashtags": [{"text": tag, "indices": [0, 1]} for tag in post.tags],
        "urls": [{"expanded_url": url, "indices": [0, 1]} for url in post.urls],
    }


def _hidden(post: Post) -> int:
    """Where X begins to show a reply: after the mentions it put in front, a space behind each."""
    run = re.match(r"(?:@\w+ )*", post.text)
    return run.end() if run is not None and post.reply_to is not None and post.reposts is None else 0


# all shapes


def render(posts: Sequence[Post], shape: str) -> list[Json]:
    """The records of a file that delivers these posts."""
    if shape == "page":
        return [page(posts[place : place + 3]) for place in range(0, len(posts), 3)]
    if shape == "flat":
        return flat(posts)
    if shape == "stream":
        return [stream(post) for post in posts]
    return [v11(post, extended=shape == "extended") for post in posts]


@dataclass
class Case:
    """A conversation of its own: accounts and posts have short names here and own ids in the data.

    ``@name`` in a text is a mention of that account, with its entity; ``name`` in any spelling.
    """

    number: int
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """The account of that name; its handle has the number of the case in it."""
        place = len(self.people)
        return self.people.setdefault(name, Person(f"{self.number}{place:02}", f"{name}_{self.number}"))

    def post(self, name: str, author: str | None, text: str, **facts: Any) -> "Case":
        """Say one more post; ``reply_to``, ``quotes``, ``reposts`` name posts, ``to`` an account.

        A reply addresses the author of the post replied to unless ``to`` says otherwise (None: the
        platform does not tell). ``gone`` in place of a post's name is a deleted post.
        """
        for role in ("reply_to", "quotes", "reposts"):
            if role in facts:
                facts[role] = self.posts.get(facts[role]) or self._gone(facts[role])
        if "to" in facts:
            facts["to"] = facts["to"] and self.person(facts["to"])
        elif "reply_to" in facts:
            facts["to"] = facts["reply_to"].author
        facts.setdefault("at", f"2020-01-{len(self.posts) + 1:02}T12:00:00.000Z")
        written, mentions = self._mentions(text)
        people = tuple(person for person in self.people.values() if any(m.id == person.id for m in mentions))
        who = None if author is None else self.person(author)
        identity = facts.pop("id", f"{self.number}{len(self.posts):03}")
        facts = {"mentions": mentions, "people": people, **facts}
        self.posts[name] = Post(identity, who, written, **facts)
        return self

    def _gone(self, name: str) -> Post:
        self.posts[name] = Post(f"{self.number}9{len(self.posts):02}", None, "", is_gone=True, is_delivered=False)
        return self.posts[name]

    def _mentions(self, text: str) -> tuple[str, tuple[Mention, ...]]:
        written, mentions, end = "", [], 0
        for match in re.finditer(r"(?:(?<![A-Za-z0-9_])|(?<=\bRT))@([a-zA-Z]+)", text):
            person = self.person(match[1].lower())
            handle = match[1] + person.handle[len(match[1]) :]
            written += text[end : match.start()]
            mentions.append(Mention(len(written), len(written) + len(handle) + 1, handle, person.id))
            written, end = written + "@" + handle, match.end()
        return written + text[end:], tuple(mentions)

    @property
    def delivered(self) -> list[Post]:
        """The posts that a file delivers."""
        return [post for post in self.posts.values() if post.is_delivered]

    def words(self, events: Iterable[tuple[str, str, str, str]]) -> set[str]:
        """Events of this case in its short names: ``post source>target relation``."""
        post_names = {"x:" + post.id: name for name, post in self.posts.items()}
        names = {f"x:{person.id}": name for name, person in self.people.items()}

        def name(key: str) -> str:
            return names.get(key) or key.removeprefix("x:").removesuffix(f"_{self.number}")

        return {
            f"{post_names[post]} {name(source)}>{name(target)} {relation}"
            for post, source, target, relation in events
            if post in post_names
        }
