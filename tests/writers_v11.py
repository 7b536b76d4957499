"""The posts of a flattened v2 file as X's API v1.1 would have given them (extended form)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

CANNOT = (
    "the versions of an edited post (v1.1 knows no edits: each version is a post of its own); a repost whose "
    "original is gone (v1.1 takes it away with the original)"
)


def carried(post: Json) -> Json | None:
    """The same post without what v1.1 cannot carry; None for a post that it cannot carry at all."""
    references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
    if "retweeted" in references and "author_id" not in references["retweeted"]:
        return None
    return {key: value for key, value in post.items() if key != "edit_history_tweet_ids"}


def statuses(posts: Iterable[Json]) -> Iterator[Json]:
    """One status per post."""
    return (status(post) for post in posts if carried(post) is not None)


def status(post: Json) -> Json:
    """One status, with the posts it reposts and quotes inside, as far as they are known."""
    text, entities = post["text"], post.get("entities", {})
    references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
    made: Json = {
        **_ids("id", post["id"]),
        "created_at": _time(post["created_at"]),
        "full_text": text,
        "truncated": False,
        "lang": post.get("lang"),
        "display_text_range": [_shown_from(text, "replied_to" in references), len(text)],
        "entities": {
            "user_mentions": [
                {"screen_name": m["username"], "indices": [m["start"], m["end"]], **_ids("id", m.get("id"))}
                for m in entities.get("mentions", [])
            ],
            "hashtags": [{"text": tag["tag"]} for tag in entities.get("hashtags", [])],
            "urls": [{"expanded_url": url["expanded_url"]} for url in entities.get("urls", [])],
        },
        "user": _user(post["author_id"], post.get("author") or {}),
        **_ids("in_reply_to_status_id", references.get("replied_to", {}).get("id")),
        **_ids("in_reply_to_user_id", post.get("in_reply_to_user_id")),
        "in_reply_to_screen_name": (post.get("in_reply_to_user") or {}).get("username"),
        "favorite_count": post.get("public_metrics", {}).get("like_count"),
        "retweet_count": post.get("public_metrics", {}).get("retweet_count"),
    }
    if "retweeted" in references and "author_id" in references["retweeted"]:
        made["retweeted_status"] = status(references["retweeted"])
    if "quoted" in references:
        made |= _ids("quoted_status_id", references["quoted"]["id"])
        if "author_id" in references["quoted"]:
            made["quoted_status"] = status(references["quoted"])
    return made


def _ids(name: str, value: str | None) -> Json:
    return {name: None if value is None else int(value), f"{name}_str": value}


def _time(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%a %b %d %H:%M:%S +0000 %Y}"


def _shown_from(text: str, is_reply: bool) -> int:
    """Where X begins to show a reply: behind the run of handles at its start."""
    run = re.match(r"(?:@\w+ )*", text)
    return run.end() if run is not None and is_reply else 0


def _user(account_id: str, profile: Json) -> Json:
    counts = profile.get("public_metrics", {})
    return {
        **_ids("id", account_id),
        "screen_name": profile.get("username"),
        "name": profile.get("name"),
        "description": profile.get("description"),
        "followers_count": counts.get("followers_count"),
        "friends_count": counts.get("following_count"),
        "statuses_count": counts.get("tweet_count"),
    }


def write(posts: Iterable[Json], path: Path) -> None:
    """Write one status per line."""
    path.write_bytes(b"".join(orjson.dumps(status) + b"\n" for status in statuses(posts)))
