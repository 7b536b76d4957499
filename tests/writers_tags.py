"""Flattened v2 posts written as a TAGS v6 sheet of 18 columns, for tests."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from writers_twarc_csv import save

Json = dict[str, Any]

CANNOT = (
    "quotes (no column tells them; a mention of the account quoted is then a mention); the id of a reposted post, and "
    "so its whole text (its author is who stands after RT @); versions of edited posts (each is a post of its own); "
    "reposts typed by hand (`RT @author:` is a repost); likes, reposts, replies and views; language; names and "
    "descriptions of authors; long texts"
)
COLUMNS = (
    *("id_str", "from_user", "text", "created_at", "time", "geo_coordinates", "user_lang"),
    *("in_reply_to_user_id_str", "in_reply_to_screen_name", "from_user_id_str", "in_reply_to_status_id_str"),
    *("source", "profile_image_url", "user_followers_count", "user_friends_count", "user_location"),
    *("status_url", "entities_str"),
)


def rows(posts: Iterable[Json]) -> Iterator[dict[str, str]]:
    """One row per delivered post."""
    for post in posts:
        author, moment = post["author"], datetime.fromisoformat(post["created_at"])
        reply = next((one["id"] for one in post.get("referenced_tweets", []) if one["type"] == "replied_to"), "")
        yield {
            "id_str": post["id"],
            "from_user": author["username"],
            "text": post["text"],
            "created_at": f"{moment:%a %b %d %H:%M:%S +0000 %Y}",
            "time": f"{moment:%d/%m/%Y %H:%M:%S}",
            "in_reply_to_user_id_str": post.get("in_reply_to_user_id", ""),
            "in_reply_to_screen_name": (post.get("in_reply_to_user") or {}).get("username", ""),
            "from_user_id_str": post["author_id"],
            "in_reply_to_status_id_str": reply,
            "user_followers_count": str(author["public_metrics"]["followers_count"]),
            "user_friends_count": str(author["public_metrics"]["following_count"]),
            "user_location": author.get("location", ""),
            "status_url": f"http://twitter.com/{author['username']}/statuses/{post['id']}",
            "entities_str": json.dumps(_entities(post.get("entities") or {})),
        }


def _entities(entities: Json) -> Json:
    mentions = [
        {
            "screen_name": one["username"],
            "id_str": one["id"],
            "id": int(one["id"]),
            "indices": [one["start"], one["end"]],
        }
        for one in entities.get("mentions", [])
    ]
    return {
        "hashtags": [{"text": one["tag"], "indices": [0, 1]} for one in entities.get("hashtags", [])],
        "symbols": [],
        "user_mentions": mentions,
        "urls": [{"expanded_url": one.get("expanded_url", one["url"])} for one in entities.get("urls", [])],
    }


def write(posts: Iterable[Json], path: Path) -> None:
    """Write a sheet."""
    save(path, COLUMNS, rows(posts))
