"""The posts of a flattened v2 file as DMI-TCAT exports them, with or without the column of mentions."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from by_handle import after_rt, handle, other, references, status

Json = dict[str, Any]

CANNOT = (
    "ids of accounts but the author's (they are known by handle); which post was reposted, and whether X did it or a "
    "hand typed RT @author: at the start of a post that replies to nobody; the author of a quoted post that is not in "
    "the table, unless its link is in the text; where a mention stands, unless it is found in the text; from where X "
    "shows a reply; the versions of an edited post"
)


def carried(post: Json) -> Json:
    """The same post in API v1.1, without what the table cannot carry."""
    refers = references(post)
    more: Json = {"in_reply_to_screen_name": (post.get("in_reply_to_user") or {}).get("username")}
    if "replied_to" in refers:
        more["in_reply_to_status_id_str"] = refers["replied_to"]["id"]
    if "quoted" in refers:
        more["quoted_status_id_str"] = refers["quoted"]["id"]
    is_reply = more["in_reply_to_screen_name"] or "replied_to" in refers
    if (author := after_rt(post)) and not is_reply:
        return status(post, retweeted_status=other(post, author))
    return status(post, **more)


def row(post: Json, *, mentions: bool) -> Json:
    """One row in the order of TCAT's columns (those that are read, and two that are not)."""
    refers = references(post)
    author, entities = post["author"], post.get("entities", {})
    counts, metrics = author.get("public_metrics", {}), post.get("public_metrics", {})
    written = datetime.fromisoformat(post["created_at"])
    made: Json = {
        "id": post["id"],
        "time": int(written.timestamp()),
        "created_at": f"{written:%Y-%m-%d %H:%M:%S}",
        "from_user_name": handle(post),
        "text": " ".join(post["text"].split("\n")),
        "filter_level": "low",
        "truncated": "",
        "retweet_count": metrics.get("retweet_count", ""),
        "favorite_count": metrics.get("like_count", ""),
        "lang": post.get("lang", ""),
        "to_user_name": (post.get("in_reply_to_user") or {}).get("username") or "",
        "in_reply_to_status_id": refers.get("replied_to", {}).get("id", ""),
        "quoted_status_id": refers.get("quoted", {}).get("id", ""),
        "from_user_id": post["author_id"],
        "from_user_realname": author.get("name", ""),
        "from_user_verified": int(bool(author.get("verified"))),
        "from_user_description": " ".join((author.get("description") or "").split("\n")),
        "from_user_tweetcount": counts.get("tweet_count", ""),
        "from_user_followercount": counts.get("followers_count", ""),
        "from_user_friendcount": counts.get("following_count", ""),
        "from_user_created_at": author.get("created_at", ""),
        "urls_expanded": "; ".join(url["expanded_url"] for url in entities.get("urls", [])),
    }
    if mentions:
        made["mentions"] = "; ".join(mention["username"] for mention in entities.get("mentions", []))
    return made


def rows(posts: Iterable[Json], *, mentions: bool = True) -> Iterator[dict[str, str]]:
    """One row per post."""
    return ({name: str(value) for name, value in row(post, mentions=mentions).items()} for post in posts)


def write(posts: Iterable[Json], path: Path, *, mentions: bool = True) -> None:
    """Write as TCAT does: a byte order mark, tabs where the name ends in .tsv."""
    made = list(rows(posts, mentions=mentions))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, list(made[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
        table.writeheader()
        table.writerows(made)
