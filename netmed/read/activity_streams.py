"""X as Activity Streams (Gnip, the enterprise API): one activity per line, with an ``actor`` and a ``verb``.

A ``share`` is a repost, its ``object`` the activity reposted, which came along; so did
``twitter_quoted_status``. A reply names the post replied to by its link alone. Long posts keep their text
and entities in ``long_object``.
"""

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.values import conform, iso_time, number

_ACTOR = dt.Struct(
    {
        "id": "string",
        "preferredUsername": "string",
        "displayName": "string",
        "summary": "string",
        "location": "struct<displayName: string>",
        "followersCount": "int64",
        "friendsCount": "int64",
        "statusesCount": "int64",
        "verified": "boolean",
        "postedTime": "string",
    }
)
_ENTITIES = dt.Struct(
    {
        "user_mentions": "array<struct<id_str: string, id: string, screen_name: string, indices: array<int64>>>",
        "hashtags": "array<struct<text: string>>",
        "urls": "array<struct<expanded_url: string>>",
    }
)
_ID = dt.Struct({"id": "string"})
_ACTIVITY = {
    "id": "string",
    "verb": "string",
    "postedTime": "string",
    "body": "string",
    "actor": _ACTOR,
    "twitter_entities": _ENTITIES,
    "display_text_range": "array<int64>",
    "long_object": dt.Struct({"body": "string", "display_text_range": "array<int64>", "twitter_entities": _ENTITIES}),
    "inReplyTo": "struct<link: string>",
    "twitter_lang": "string",
    "favoritesCount": "int64",
    "retweetCount": "int64",
}
_QUOTED = dt.Struct({**_ACTIVITY, "object": _ID, "twitter_quoted_status": _ID})
_SHARED = dt.Struct({**_ACTIVITY, "object": _ID, "twitter_quoted_status": _QUOTED})

ACTIVITY = ibis.schema({**_ACTIVITY, "object": _SHARED, "twitter_quoted_status": _QUOTED})

STATUS_LINK = "^https?://(?:www[.]|mobile[.])?(?:twitter|x)[.]com/([A-Za-z0-9_]{1,20})/status(?:es)?/([0-9]+)"


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines that are one activity of posting or sharing."""
    return _is_activity(raw)


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised line is one post."""
    return {"posts": _is_activity(raw).cast("int64")}


def _is_activity(item: Any) -> ir.BooleanValue:
    known = _number_in(item["id"]).notnull() & _number_in(item["actor"]["id"]).notnull()
    return known & item["body"].notnull() & item["verb"].isin(["post", "share"]).fill_null(False)


def _number_in(identity: ir.StringValue) -> ir.StringValue:
    """The id at the end of ``tag:search.twitter.com,2005:ID``, ``id:twitter.com:ID`` and the like."""
    return number(identity.re_extract("^[a-z]+:(?:search[.])?twitter[.]com(?:,[0-9]+)?:([0-9]+)$", 1))


def posts(raw: ir.Table) -> ir.Table:
    """The activities of the lines (delivered), and those inside them (came along)."""
    inside = [
        raw.select("file", item=raw.object).unpack("item"),
        raw.select("file", item=raw.object.twitter_quoted_status).unpack("item"),
        raw.select("file", item=raw.twitter_quoted_status).unpack("item"),
    ]
    return ibis.union(
        _posts(raw.filter(_is_activity(raw)), delivered=True),
        *[_posts(along.filter(_is_activity(along)), delivered=False) for along in inside],
    )


def _posts(activities: ir.Table, *, delivered: bool) -> ir.Table:
    """Columns of the format → ``record.POST``; ``activities`` also has ``file``."""
    long = activities.long_object
    entities = ibis.coalesce(long.twitter_entities, activities.twitter_entities)
    replied = activities.inReplyTo.link
    return conform(
        activities.select(
            file=activities.file,
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(delivered),
            post_id=_number_in(activities.id),
            author_id=_number_in(activities.actor.id),
            author_handle=activities.actor.preferredUsername,
            created_at=iso_time(activities.postedTime),
            reply_post_id=number(replied.re_extract(STATUS_LINK, 2)),
            reply_handle=replied.re_extract(STATUS_LINK, 1).nullif(""),
            quote_post_id=_number_in(activities.twitter_quoted_status.id),
            retweet_post_id=ibis.cases((activities.verb == "share", _number_in(activities.object.id))),
            lang=activities.twitter_lang,
            hashtags=entities.hashtags.map(lambda hashtag: hashtag["text"]),
            urls=entities.urls.map(lambda url: url["expanded_url"]),
            likes=activities.favoritesCount,
            retweets=activities.retweetCount,
            is_truncated=ibis.literal(False),
            text=ibis.coalesce(long.body, activities.body),
            shown_from=ibis.coalesce(long.display_text_range, activities.display_text_range)[0],
            mentions=entities.user_mentions.map(
                lambda m: ibis.struct(
                    {
                        "start": m["indices"][0],
                        "end": m["indices"][1],
                        "handle": m["screen_name"],
                        "id": number(ibis.coalesce(m["id_str"], m["id"])),
                    }
                )
            ),
        ),
        record.POST,
    )


def profiles(raw: ir.Table) -> ir.Table:
    """Actors of the lines and of the activities inside them, seen when the line's post was written at the earliest."""
    return ibis.union(*[_profiles(actors) for actors in _actors(raw)])


def sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*[conform(_identified(actors), record.SIGHTING) for actors in _actors(raw)])


def _actors(raw: ir.Table) -> list[ir.Table]:
    raw = raw.mutate(seen=iso_time(raw.postedTime))
    quoted = (raw.object.twitter_quoted_status.actor, raw.twitter_quoted_status.actor)
    return [raw.select("line", "seen", item=actor).unpack("item") for actor in (raw.actor, raw.object.actor, *quoted)]


def _identified(actors: ir.Table) -> ir.Table:
    actors = actors.mutate(
        account_id=_number_in(actors.id), handle=actors.preferredUsername, platform=ibis.literal("x")
    )
    return actors.filter(actors.account_id.notnull(), actors.handle.notnull()).rename(observed_at="seen")


def _profiles(actors: ir.Table) -> ir.Table:
    """Actors with ``seen`` → ``record.PROFILE``."""
    actors = _identified(actors)
    return conform(
        actors.select(
            *("platform", "account_id", "handle", "verified", "observed_at"),
            name="displayName",
            description="summary",
            location=actors.location.displayName,
            followers="followersCount",
            following="friendsCount",
            posts_total="statusesCount",
            created_at="postedTime",
        ),
        record.PROFILE,
    )
