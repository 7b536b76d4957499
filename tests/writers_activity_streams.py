"""The posts of a flattened v2 file as Activity Streams (Gnip) would have given them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

CANNOT = (
    "the versions of an edited post; a repost whose original is gone; a quote of a post that is gone; a reply "
    "without a post replied to (a directed post), or to an account whose handle is unknown"
)


def carried(post: Json) -> Json | None:
    """The same post without what the format cannot carry; None for a post that it cannot carry at all."""
    references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
    if "retweeted" in references and "author_id" not in references["retweeted"]:
        return None
    kept = {key: value for key, value in post.items() if key != "edit_history_tweet_ids"}
    if "author_id" not in references.get("quoted", {}):
        references.pop("quoted", None)
    if _link(post) is None:
        kept.pop("in_reply_to_user_id", None)
        references.pop("replied_to", None)
    kept["referenced_tweets"] = list(references.values())
    return kept


def rows(posts: Iterable[Json]) -> Iterator[Json]:
    """One activity per post."""
    return (activity(left) for post in posts if (left := carried(post)) is not None)


def activity(post: Json) -> Json:
    """One activity, with the activities it shares and quotes inside."""
    text, entities = post["text"], post.get("entities", {})
    references = {reference["type"]: reference for reference in post.get("referenced_tweets", [])}
    identity = f"tag:search.twitter.com,2005:{post['id']}"
    made: Json = {
        "id": identity,
        "objectType": "activity",
        "verb": "share" if "retweeted" in references else "post",
        "postedTime": post["created_at"],
        "body": text[:140],
        "actor": _actor(post),
        "object": {"objectType": "note", "id": identity.replace("tag", "object")},
        "twitter_lang": post.get("lang"),
        "favoritesCount": post.get("public_metrics", {}).get("like_count"),
        "retweetCount": post.get("public_metrics", {}).get("retweet_count"),
    }
    run = re.match(r"(?:@\w+ )*", text)
    link = _link(post)
    shown = [run.end() if run is not None and link is not None else 0, len(text)]
    if len(text) > 140 and "retweeted" not in references:
        made["twitter_entities"] = _entities(entities, 140)
        made["long_object"] = {"body": text, "display_text_range": shown, "twitter_entities": _entities(entities)}
    else:
        made |= {"body": text, "display_text_range": shown, "twitter_entities": _entities(entities)}
    if link is not None:
        made["inReplyTo"] = {"link": link}
    if "retweeted" in references:
        made["object"] = activity(references["retweeted"])
    if "author_id" in references.get("quoted", {}):
        made["twitter_quoted_status"] = activity(references["quoted"])
    return made


def _link(post: Json) -> str | None:
    """Where the post replied to stands; its author's handle is in the link."""
    replied = [one["id"] for one in post.get("referenced_tweets", []) if one["type"] == "replied_to"]
    handle = (post.get("in_reply_to_user") or {}).get("username")
    return f"http://twitter.com/{handle}/statuses/{replied[0]}" if replied and handle else None


def _entities(entities: Json, end: int = 10**6) -> Json:
    return {
        "user_mentions": [
            {"screen_name": m["username"], "id_str": m["id"], "id": int(m["id"]), "indices": [m["start"], m["end"]]}
            for m in entities.get("mentions", [])
            if m["end"] <= end
        ],
        "hashtags": [{"text": tag["tag"]} for tag in entities.get("hashtags", [])],
        "urls": [{"expanded_url": url["expanded_url"]} for url in entities.get("urls", [])],
    }


def _actor(post: Json) -> Json:
    profile = post.get("author") or {}
    counts = profile.get("public_metrics", {})
    return {
        "objectType": "person",
        "id": f"id:twitter.com:{post['author_id']}",
        "preferredUsername": profile.get("username"),
        "displayName": profile.get("name"),
        "summary": profile.get("description"),
        "followersCount": counts.get("followers_count"),
        "friendsCount": counts.get("following_count"),
        "statusesCount": counts.get("tweet_count"),
        "verified": profile.get("verified"),
        "postedTime": profile.get("created_at"),
    }


def write(posts: Iterable[Json], path: Path) -> None:
    """Write one activity per line."""
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows(posts)))
