"""The posts of a flattened v2 file as a 4CAT table: of its own collections, or as imported from Zeeschuimer."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from by_handle import NOBODYS, after_rt, handle, other, references, status

Json = dict[str, Any]

CANNOT = (
    "ids of accounts but the author's (they are known by handle); which post was replied to or reposted (nor quoted, "
    "unless its link is in the text), and so whom a reply addresses where 4CAT found no handle; where a mention "
    "stands, unless it is found in the text; from where X shows a reply; the versions of an edited post"
)


def carried(post: Json) -> Json:
    """The same post in API v1.1, without what the table cannot carry."""
    refers = references(post)
    replied = (post.get("in_reply_to_user") or {}).get("username")
    more: Json = {"in_reply_to_screen_name": replied}
    if "replied_to" in refers:
        more["in_reply_to_status_id_str"] = post["id"] + NOBODYS
    if "retweeted" in refers and (author := handle(refers["retweeted"]) or after_rt(post)):
        return status(post, retweeted_status=other(post, author))
    if "quoted" in refers:
        known = handle(refers["quoted"])
        quoted = {"quoted_status": other(post, known)} if known else {}
        more |= quoted or {"quoted_status_id_str": refers["quoted"]["id"]}
    return status(post, **more)


def rows(posts: Iterable[Json], *, imported: bool = False) -> Iterator[dict[str, str]]:
    """One row per post; ``imported`` from Zeeschuimer."""
    return ({name: str(value) for name, value in row(post, imported=imported).items()} for post in posts)


def row(post: Json, *, imported: bool) -> Json:
    """One row in the order of 4CAT's columns."""
    refers = references(post)
    entities, metrics = post.get("entities", {}), post.get("public_metrics", {})
    written = datetime.fromisoformat(post["created_at"])
    made: Json = {
        "id": post["id"],
        "thread_id": post.get("conversation_id", post["id"]),
        "timestamp": f"{written:%Y-%m-%d %H:%M:%S}",
        "unix_timestamp": int(written.timestamp()),
        "subject": "",
        "body": post["text"],
        "author": handle(post),
        "author_fullname": post["author"]["name"],
        "author_id": post["author_id"],
        "language_guess": post.get("lang", ""),
        "retweet_count": metrics.get("retweet_count", ""),
        "like_count": metrics.get("like_count", ""),
        "is_retweet": _yes("retweeted" in refers),
        "retweeted_user": handle(refers.get("retweeted")) or "",
        "is_quote_tweet": _yes("quoted" in refers),
        "is_reply": _yes("replied_to" in refers),
        "hashtags": ",".join(tag["tag"] for tag in entities.get("hashtags", [])),
        "urls": ",".join(url["expanded_url"] for url in entities.get("urls", [])),
        "mentions": ",".join(sorted({mention["username"] for mention in entities.get("mentions", [])})),
    }
    replied, quoted = (post.get("in_reply_to_user") or {}).get("username") or "", handle(refers.get("quoted")) or ""
    if imported:
        identity = refers["quoted"]["id"] if "quoted" in refers else ""
        return (
            made
            | {"collected_from_url": "", "replied_author": replied, "quote_author": quoted}
            | {"quote_tweet_id": identity}
        )
    followers = post["author"].get("public_metrics", {}).get("followers_count", "")
    return made | {"author_followers": followers, "replied_user": replied, "quoted_user": quoted}


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def write(posts: Iterable[Json], path: Path, *, imported: bool = False) -> None:
    """Write a CSV as 4CAT does."""
    made = list(rows(posts, imported=imported))
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(made[0]))
        table.writeheader()
        table.writerows(made)
