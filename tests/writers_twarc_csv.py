"""Flattened v2 posts written as `twarc2 csv` writes them (0.7, its defaults), for tests.

It follows what the tool does: a repost takes words, entities and counts of the original where that is known;
entities become lists of words; line ends in words become ``\\n``; one row per id.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

CANNOT = (
    "ids of mentioned accounts (handles only; an id is known where the account also wrote, was replied to, quoted "
    "or reposted); profiles of all but authors; likes, replies and quotes of a repost (the original's stand there); "
    "time, kind and language of posts that came along; long texts (note_tweet)"
)

_METRICS = tuple(
    f"public_metrics.{name}_count" for name in ("impression", "reply", "retweet", "quote", "like", "bookmark")
)
_ACCOUNT = (
    *("id", "created_at", "username", "name", "description", "url", "location", "protected", "verified"),
    *(f"public_metrics.{name}_count" for name in ("followers", "following", "listed", "tweet")),
)
COLUMNS = (
    *("id", "conversation_id"),
    *(f"referenced_tweets.{kind}.id" for kind in ("replied_to", "retweeted", "quoted")),
    *("author_id", "in_reply_to_user_id", "in_reply_to_username", "retweeted_user_id", "retweeted_username"),
    *("quoted_user_id", "quoted_username", "created_at", "text", "lang", "source", *_METRICS, "reply_settings"),
    *("edit_history_tweet_ids", "possibly_sensitive", "entities.hashtags", "entities.mentions", "entities.urls"),
    *(f"author.{name}" for name in _ACCOUNT),
    *("__twarc.retrieved_at", "__twarc.url", "__twarc.version"),
)
ACCOUNT_COLUMNS = (*_ACCOUNT, "__twarc.retrieved_at", "__twarc.url", "__twarc.version")


def flat_keys(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested objects as names with dots."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flat_keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def cell(value: Any) -> str:
    """A value as pandas writes it, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        return json.dumps(value)
    return str(value).replace("\r", "").replace("\n", "\\n")


def rows(posts: Iterable[Json], *, as_objects: bool = False) -> Iterator[dict[str, str]]:
    """One row per post; ``as_objects`` leaves entities as they are (`--no-process-entities`, and before 0.7)."""
    seen = set()
    for post in posts:
        if post["id"] not in seen:
            seen.add(post["id"])
            said = {**post, "referenced_tweets": {}}
            for other in post.get("referenced_tweets", []):
                said |= _referred(said, other)
            if not as_objects:
                said["entities"] = _words(said.get("entities") or {})
            yield {name: cell(value) for name, value in flat_keys(said) if name in COLUMNS}


def _referred(said: Json, other: Json) -> Json:
    who = other.get("author") or {}
    found: Json = {"referenced_tweets": {**said["referenced_tweets"], other["type"]: {"id": other["id"]}}}
    if other["type"] == "replied_to":
        return found | {"in_reply_to_username": who.get("username")}
    found |= {f"{other['type']}_user_id": other.get("author_id"), f"{other['type']}_username": who.get("username")}
    if other["type"] == "retweeted":
        found |= {key: other[key] for key in ("text", "entities", "public_metrics") if key in other}
    return found


def _words(entities: Json) -> Json:
    listed = {
        "mentions": ["@" + one["username"] for one in entities.get("mentions", [])],
        "hashtags": ["#" + one["tag"] for one in entities.get("hashtags", [])],
        "urls": [one.get("expanded_url", one["url"]) for one in entities.get("urls", [])],
    }
    return {name: words for name, words in listed.items() if words}


def write(posts: Iterable[Json], path: Path, **options: bool) -> None:
    """Write a table of posts."""
    save(path, COLUMNS, rows(posts, **options))


def write_accounts(users: Iterable[Json], path: Path) -> None:
    """Write a table of v2 accounts, as `--input-data-type users` does."""
    save(path, ACCOUNT_COLUMNS, ({name: cell(value) for name, value in flat_keys(user)} for user in users))


def save(path: Path, columns: Iterable[str], found: Iterable[Mapping[str, str]], *, nothing: str = "") -> None:
    """Write rows as CSV; ``nothing`` stands where a row has none."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.DictWriter(stream, list(columns), restval=nothing, extrasaction="ignore", lineterminator="\n")
        out.writeheader()
        out.writerows(found)
