"""X API v1.1: one post per line, compatibility (140 characters) and extended (``full_text``) forms.

Long posts of the compatibility form keep their text and entities in ``extended_tweet``. Reposts and
quotes carry the whole other post inside: it came along. ``display_text_range`` tells where the text
a reader sees begins; mentions that end before it were put there by the platform.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.values import NOTHING, conform, legacy_time, number

_USER = dt.Struct(
    {
        "id_str": "string",
        "id": "string",
        "screen_name": "string",
        "name": "string",
        "description": "string",
        "location": "string",
        "followers_count": "int64",
        "friends_count": "int64",
        "statuses_count": "int64",
        "verified": "boolean",
        "protected": "boolean",
        "created_at": "string",
    }
)
_ENTITIES = dt.Struct(
    {
        "user_mentions": "array<struct<id_str: string, id: string, screen_name: string, indices: array<int64>>>",
        "hashtags": "array<struct<text: string>>",
        "urls": "array<struct<expanded_url: string>>",
    }
)
_POST = {
    "id_str": "string",
    "id": "string",
    "created_at": "string",
    "text": "string",
    "full_text": "string",
    "truncated": "boolean",
    "display_text_range": "array<int64>",
    "entities": _ENTITIES,
    "extended_tweet": dt.Struct({"full_text": "string", "display_text_range": "array<int64>", "entities": _ENTITIES}),
    "in_reply_to_status_id_str": "string",
    "in_reply_to_status_id": "string",
    "in_reply_to_user_id_str": "string",
    "in_reply_to_user_id": "string",
    "in_reply_to_screen_name": "string",
    "quoted_status_id_str": "string",
    "quoted_status_id": "string",
    "quoted_status_permalink": "struct<expanded: string>",
    "user": _USER,
    "lang": "string",
    "retweet_count": "int64",
    "favorite_count": "int64",
    "reply_count": "int64",
    "quote_count": "int64",
}
_IDS = "struct<id_str: string, id: string>"
_QUOTED = dt.Struct({**_POST, "quoted_status": _IDS, "retweeted_status": _IDS})
_RETWEETED = dt.Struct({**_POST, "quoted_status": _QUOTED, "retweeted_status": _IDS})

STATUS = ibis.schema({**_POST, "quoted_status": _QUOTED, "retweeted_status": _RETWEETED})


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines with an id, a text and a ``user``."""
    return _is_post(raw)


def unroll(response: Mapping[str, Any]) -> list[Any] | None:
    """The posts of a response of the search (``statuses``); Mastodon's have an ``account`` and no ``user``."""
    found = response.get("statuses")
    if (
        not isinstance(found, list)
        or "accounts" in response
        or any(isinstance(post, dict) and "user" not in post for post in found[:1])
    ):
        return None
    return found


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised line is one post."""
    return {"posts": _is_post(raw).cast("int64")}


def _is_post(post: Any) -> ir.BooleanValue:
    text = post["full_text"].notnull() | post["text"].notnull()
    author = post["user"]["id_str"].notnull() | post["user"]["id"].notnull() | post["user"]["screen_name"].notnull()
    return _id(post["id_str"], post["id"]).notnull() & text & author


def _id(text: Any, numeric: Any) -> ir.StringValue:
    """The id as text; -1 and the like mean that there is none."""
    return number(ibis.coalesce(text, numeric))


def posts(raw: ir.Table) -> ir.Table:
    """The posts of the lines (delivered), and those inside them (came along)."""
    inside = [
        raw.select("file", item=raw.retweeted_status).unpack("item"),
        raw.select("file", item=raw.retweeted_status.quoted_status).unpack("item"),
        raw.select("file", item=raw.quoted_status).unpack("item"),
    ]
    return ibis.union(
        _posts(raw.filter(_is_post(raw)), delivered=True),
        *[_posts(along.filter(_is_post(along)), delivered=False) for along in inside],
    )


def _posts(posts: ir.Table, *, delivered: bool) -> ir.Table:
    """Columns of the API → ``record.POST``; ``posts`` also has ``file``."""
    extended = posts.extended_tweet
    entities = ibis.coalesce(extended.entities, posts.entities)
    links = ibis.coalesce(entities.urls.map(lambda url: url["expanded_url"]), NOTHING)
    permalink = ibis.cases(
        (posts.quoted_status_permalink.expanded.notnull(), ibis.array([posts.quoted_status_permalink.expanded])),
        else_=NOTHING,
    )
    return conform(
        posts.select(
            file=posts.file,
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(delivered),
            post_id=_id(posts.id_str, posts.id),
            author_id=_id(posts.user.id_str, posts.user.id),
            author_handle=posts.user.screen_name,
            created_at=legacy_time(posts.created_at),
            reply_post_id=_id(posts.in_reply_to_status_id_str, posts.in_reply_to_status_id),
            reply_account_id=_id(posts.in_reply_to_user_id_str, posts.in_reply_to_user_id),
            reply_handle=posts.in_reply_to_screen_name,
            quote_post_id=ibis.coalesce(
                _id(posts.quoted_status_id_str, posts.quoted_status_id),
                _id(posts.quoted_status.id_str, posts.quoted_status.id),
            ),
            retweet_post_id=_id(posts.retweeted_status.id_str, posts.retweeted_status.id),
            lang=posts.lang,
            hashtags=entities.hashtags.map(lambda hashtag: hashtag["text"]),
            urls=links.concat(permalink),
            likes=posts.favorite_count,
            retweets=posts.retweet_count,
            replies=posts.reply_count,
            quotes=posts.quote_count,
            is_truncated=posts.truncated.fill_null(False) & extended.full_text.isnull() & posts.full_text.isnull(),
            text=ibis.coalesce(extended.full_text, posts.full_text, posts.text),
            shown_from=ibis.coalesce(extended.display_text_range, posts.display_text_range)[0],
            mentions=entities.user_mentions.map(
                lambda m: ibis.struct(
                    {
                        "start": m["indices"][0],
                        "end": m["indices"][1],
                        "handle": m["screen_name"],
                        "id": _id(m["id_str"], m["id"]),
                    }
                )
            ),
        ),
        record.POST,
    )


def profiles(raw: ir.Table) -> ir.Table:
    """Authors of the lines and of the posts inside them, seen when the line's post was written at the earliest."""
    return ibis.union(*[_profile(users) for users in _users(raw)])


def sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*[conform(_identified(users), record.SIGHTING) for users in _users(raw)])


def _users(raw: ir.Table) -> list[ir.Table]:
    raw = raw.mutate(seen=legacy_time(raw.created_at))
    users = (raw.user, raw.retweeted_status.user, raw.retweeted_status.quoted_status.user, raw.quoted_status.user)
    return [raw.select("line", "seen", item=user).unpack("item") for user in users]


def _identified(users: ir.Table) -> ir.Table:
    account_id = _id(users.id_str, users.id)
    users = users.mutate(account_id=account_id, handle=users.screen_name, platform=ibis.literal("x"))
    return users.filter(users.account_id.notnull(), users.handle.notnull()).rename(observed_at="seen")


def _profile(users: ir.Table) -> ir.Table:
    """Columns of the API → ``record.PROFILE``; ``users`` also has ``seen``."""
    users = _identified(users)
    counts = {"followers": "followers_count", "following": "friends_count", "posts_total": "statuses_count"}
    return conform(users.mutate(**{name: users[source] for name, source in counts.items()}), record.PROFILE)
