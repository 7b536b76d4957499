"""Flattened v2 posts written as rtweet tables, for tests: 0.7's `write_as_csv`, and 0.5's 35 columns."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from writers_twarc_csv import save

Json = dict[str, Any]

CANNOT = (
    "places of mentions (found again in the text); versions of edited posts (each is a post of its own); the id of "
    "a post's conversation; views (impressions); long texts; time of collection (profiles are seen at the post's "
    "time); profiles of mentioned accounts and of accounts replied to"
)
CANNOT_BEFORE_0_6 = CANNOT + (
    "; all profiles; the author of a quoted post (known where that post, or a link to it, is in the data), and "
    "of a reposted one (who stands after RT @)"
)

_PROFILE = ("name", "followers_count", "friends_count", "statuses_count", "location", "description", "verified")
_INSIDE = ("text", "created_at", "favorite_count", "retweet_count", "user_id", "screen_name", *_PROFILE)
COLUMNS = (
    *("user_id", "status_id", "created_at", "screen_name", "text", "source", "display_text_width"),
    *("reply_to_status_id", "reply_to_user_id", "reply_to_screen_name", "is_quote", "is_retweet"),
    *("favorite_count", "retweet_count", "quote_count", "reply_count", "hashtags", "symbols", "urls_expanded_url"),
    *("mentions_user_id", "mentions_screen_name", "lang", "quoted_status_id", *(f"quoted_{name}" for name in _INSIDE)),
    *("retweet_status_id", *(f"retweet_{name}" for name in _INSIDE), *_PROFILE, "protected", "account_created_at"),
)
OLD_COLUMNS = (
    *("screen_name", "user_id", "created_at", "status_id", "text", "retweet_count", "favorite_count"),
    *("is_quote_status", "quote_status_id", "is_retweet", "retweet_status_id", "in_reply_to_status_status_id"),
    *("in_reply_to_status_user_id", "in_reply_to_status_screen_name", "lang", "source", "urls_expanded"),
    *("mentions_screen_name", "mentions_user_id", "symbols", "hashtags", "place_id"),
)


def rows(posts: Iterable[Json]) -> Iterator[dict[str, str]]:
    """One row per delivered post, as 0.7 has them."""
    for post in posts:
        others = {other["type"]: other for other in post.get("referenced_tweets", [])}
        mentions = (post.get("entities") or {}).get("mentions", [])
        row = {
            **_said(post),
            **_profile(post["author"]),
            "status_id": "x" + post["id"],
            "lang": post["lang"],
            "protected": str(post["author"].get("protected", False)).upper(),
            "account_created_at": post["author"]["created_at"],
            "is_quote": str("quoted" in others).upper(),
            "is_retweet": str("retweeted" in others).upper(),
            "reply_count": str(post["public_metrics"]["reply_count"]),
            "quote_count": str(post["public_metrics"]["quote_count"]),
            "mentions_user_id": " ".join("x" + one["id"] for one in mentions),
            "mentions_screen_name": " ".join(one["username"] for one in mentions),
            "hashtags": " ".join(one["tag"] for one in (post.get("entities") or {}).get("hashtags", [])),
            "urls_expanded_url": " ".join(
                one.get("expanded_url", one["url"]) for one in (post.get("entities") or {}).get("urls", [])
            ),
        }
        if "replied_to" in others:
            row["reply_to_status_id"] = "x" + others["replied_to"]["id"]
        if "in_reply_to_user_id" in post:
            row["reply_to_user_id"] = "x" + post["in_reply_to_user_id"]
            row["reply_to_screen_name"] = (post.get("in_reply_to_user") or {}).get("username", "")
        for kind, prefix in (("quoted", "quoted_"), ("retweeted", "retweet_")):
            if kind in others:
                other = others[kind]
                row[prefix + "status_id"] = "x" + other["id"]
                if other.get("author"):
                    inside = {**_said(other), **_profile(other["author"])}
                    row |= {prefix + name: inside[name] for name in _INSIDE}
        yield {name: value or "NA" for name, value in row.items()}


def _said(post: Json) -> dict[str, str]:
    return {
        "user_id": "x" + post["author_id"],
        "screen_name": post["author"]["username"],
        "text": post["text"],
        "created_at": post["created_at"][:19] + "Z",
        "favorite_count": str(post["public_metrics"]["like_count"]),
        "retweet_count": str(post["public_metrics"]["retweet_count"]),
    }


def _profile(user: Json) -> dict[str, str]:
    metrics = user["public_metrics"]
    return {
        "name": user["name"],
        "description": user.get("description", ""),
        "location": user.get("location", ""),
        "followers_count": str(metrics["followers_count"]),
        "friends_count": str(metrics["following_count"]),
        "statuses_count": str(metrics["tweet_count"]),
        "verified": str(user.get("verified", False)).upper(),
    }


def old_rows(posts: Iterable[Json]) -> Iterator[dict[str, str]]:
    """The same as 0.5 has them: no ``x``, other names, nothing inside."""
    renamed = {
        "quoted_status_id": "quote_status_id",
        "is_quote": "is_quote_status",
        "reply_to_status_id": "in_reply_to_status_status_id",
        "reply_to_user_id": "in_reply_to_status_user_id",
        "reply_to_screen_name": "in_reply_to_status_screen_name",
        "urls_expanded_url": "urls_expanded",
    }
    for row in rows(posts):
        old = {renamed.get(name, name): value for name, value in row.items()}
        for name in OLD_COLUMNS:
            if name.endswith("_id") and name in old:
                old[name] = " ".join(word.removeprefix("x") for word in old[name].split())
        yield old


def write(posts: Iterable[Json], path: Path) -> None:
    """Write as rtweet 0.7."""
    save(path, COLUMNS, rows(posts), nothing="NA")


def write_old(posts: Iterable[Json], path: Path) -> None:
    """Write as rtweet 0.5."""
    save(path, OLD_COLUMNS, old_rows(posts), nothing="NA")
