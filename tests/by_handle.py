"""Posts as tables tell them that know most accounts by handle: in the words of API v1.1, without those ids.

What a table cannot say is taken out here, so that the v1.1 reader must give the same events as the table's.
"""

import re
from typing import Any

Json = dict[str, Any]

NOBODYS, ALONG = "0", "1"
"""Behind a post's id, they make ids that no post has, and that only a post that came along with it has."""


def references(post: Json) -> dict[str, Json]:
    """The posts a post refers to, by kind of reference."""
    return {reference["type"]: reference for reference in post.get("referenced_tweets", [])}


def handle(post: Json | None) -> str | None:
    """The handle of the author, as far as it is known."""
    return ((post or {}).get("author") or {}).get("username")


def after_rt(post: Json) -> str | None:
    """Whom the text reposts."""
    found = re.match(r"RT @(\w{1,20}):", post["text"])
    return found and found[1]


def status(post: Json, **more: Any) -> Json:
    """The post alone, in v1.1: its author's id and handle, mentions by handle."""
    entities = post.get("entities", {})
    return {
        "id_str": post["id"],
        "created_at": post["created_at"],
        "full_text": post["text"],
        "user": {"id_str": post["author_id"], "screen_name": handle(post)},
        "entities": {
            "user_mentions": [
                {"screen_name": m["username"], "indices": [m["start"], m["end"]]} for m in entities.get("mentions", [])
            ],
            "urls": [{"expanded_url": url["expanded_url"]} for url in entities.get("urls", [])],
        },
        **more,
    }


def other(post: Json, author: str) -> Json:
    """A post that comes along with this one, of an account known by handle."""
    return {"id_str": post["id"] + ALONG, "text": "", "user": {"screen_name": author}}
