"""The posts of a flattened v2 file as Bluesky would have given them out: a feed, or events of Jetstream."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

CANNOT = (
    "which mentions of a reply the platform filled in (Bluesky fills in none: they are typed ones); a post directed "
    "at an account without replying to a post (its mention stays one); the author of a deleted quoted post where "
    "only a link tells it (the DID in its URI always does); a repost whose original is gone (it goes with it); "
    "that two versions of an edited post with ids of their own are one; impressions"
)

BASE = "at://{}/app.bsky.feed.{}/{}"


def did(account: str) -> str:
    """The DID of an account of X."""
    return f"did:plc:{account:a>24}"


def account_key(key: str) -> str:
    """The key of the account that has this key on X."""
    return "bluesky:" + did(key.removeprefix("x:"))


def uri(post: Json) -> str:
    """The at-URI of a post, or of a repost."""
    is_repost = "retweeted" in _references(post)
    return BASE.format(did(post["author_id"]), "repost" if is_repost else "post", post["id"])


def key(post: Json) -> str:
    """The key of a post; of a repost it names the post and who reposts it."""
    reposted = _references(post).get("retweeted", {})
    if "author_id" in reposted:
        return f"bluesky:{uri(reposted)}#reposted-by:{did(post['author_id'])}"
    return "bluesky:" + uri(post)


def carried(post: Json) -> Json | None:
    """The same post without what Bluesky cannot carry; None for a post that it cannot carry at all."""
    references = _references(post)
    if "retweeted" in references and "author_id" not in references["retweeted"]:
        return None
    left = {key: value for key, value in post.items() if key != "edit_history_tweet_ids"}
    left["display_text_range"] = [0, len(post["text"])]
    if "replied_to" not in references:
        left.pop("in_reply_to_user_id", None)
        left.pop("in_reply_to_user", None)
    if "quoted" in references and "author_id" not in references["quoted"]:
        left["referenced_tweets"] = [one for one in post["referenced_tweets"] if one["type"] != "quoted"]
    return left


def _references(post: Json) -> dict[str, Json]:
    return {reference["type"]: reference for reference in post.get("referenced_tweets", [])}


def record(post: Json) -> Json:
    """The post's own record."""
    references, entities = _references(post), post.get("entities", {})
    made: Json = {"$type": "app.bsky.feed.post", "text": post["text"], "createdAt": post["created_at"]}
    if post.get("lang"):
        made["langs"] = [post["lang"]]
    features = [
        *[(one, {"$type": _facet("mention"), "did": did(one["id"])}) for one in entities.get("mentions", [])],
        *[(one, {"$type": _facet("tag"), "tag": one["tag"]}) for one in entities.get("hashtags", [])],
        *[(one, {"$type": _facet("link"), "uri": one["expanded_url"]}) for one in entities.get("urls", [])],
    ]
    if features:
        made["facets"] = [{"index": _bytes(post["text"], one), "features": [feature]} for one, feature in features]
    if "replied_to" in references:
        author = references["replied_to"].get("author_id") or post["in_reply_to_user_id"]
        parent = {"uri": BASE.format(did(author), "post", references["replied_to"]["id"]), "cid": "c"}
        made["reply"] = {"parent": parent, "root": parent}
    if "author_id" in references.get("quoted", {}):
        quoted = {"uri": uri(references["quoted"]), "cid": "c"}
        made["embed"] = {"$type": "app.bsky.embed.record", "record": quoted}
    return made


def _facet(kind: str) -> str:
    return f"app.bsky.richtext.facet#{kind}"


def _bytes(text: str, one: Json) -> Json:
    return {"byteStart": len(text[: one["start"]].encode()), "byteEnd": len(text[: one["end"]].encode())}


def author(post: Json) -> Json:
    """The short profile beside a post."""
    profile = post.get("author") or {}
    name = re.sub("[^a-z0-9]", "-", profile.get("username", "").lower()).strip("-")
    handle = f"{name}.meded.example" if name else "handle.invalid"
    return {"did": did(post["author_id"]), "handle": handle, "displayName": profile.get("name", "")}


def view(post: Json) -> Json:
    """A post view, with the post it quotes inside."""
    metrics = post.get("public_metrics", {})
    made = {
        "uri": uri(post),
        "cid": "c",
        "author": author(post),
        "record": record(post),
        "indexedAt": post["created_at"],
        "likeCount": metrics.get("like_count"),
        "repostCount": metrics.get("retweet_count"),
        "replyCount": metrics.get("reply_count"),
        "quoteCount": metrics.get("quote_count"),
    }
    quoted = _references(post).get("quoted", {})
    if "author_id" in quoted:
        inside = view(quoted)
        inside["value"] = inside.pop("record")
        shown = {"$type": "app.bsky.embed.record#viewRecord", **inside}
        made["embed"] = {"$type": "app.bsky.embed.record#view", "record": shown}
    return made


def rows(posts: Iterable[Json]) -> Iterator[Json]:
    """One feed item per post that Bluesky can carry."""
    for post in posts:
        references = _references(post)
        if carried(post) is None:
            continue
        if "retweeted" in references:
            reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": author(post), "uri": uri(post)}
            yield {"post": view(references["retweeted"]), "reason": reason | {"indexedAt": post["created_at"]}}
            continue
        item: Json = {"post": view(post)}
        if "author_id" in references.get("replied_to", {}):
            parent = {"$type": "app.bsky.feed.defs#postView", **view(references["replied_to"])}
            item["reply"] = {"parent": parent, "root": parent}
        yield item


def changes(posts: Iterable[Json]) -> Iterator[Json]:
    """One event of Jetstream per post that Bluesky can carry."""
    for post in posts:
        if carried(post) is None:
            continue
        references = _references(post)
        heard = int(datetime.fromisoformat(post["created_at"]).timestamp() * 1_000_000)
        made = record(post)
        if "retweeted" in references:
            subject = {"uri": uri(references["retweeted"]), "cid": "c"}
            made = {"$type": "app.bsky.feed.repost", "createdAt": post["created_at"], "subject": subject}
        commit = {"operation": "create", "collection": made["$type"], "rkey": post["id"], "record": made}
        yield {"did": did(post["author_id"]), "time_us": heard, "kind": "commit", "commit": commit}


def write(posts: Iterable[Json], path: Path) -> None:
    """Write one feed item per line."""
    path.write_bytes(b"".join(orjson.dumps(item) + b"\n" for item in rows(posts)))


def write_changes(posts: Iterable[Json], path: Path) -> None:
    """Write one event per line."""
    path.write_bytes(b"".join(orjson.dumps(event) + b"\n" for event in changes(posts)))
