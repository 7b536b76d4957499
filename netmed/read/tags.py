"""TAGS: Martin Hawksey's Google Sheets that keep a search of X (API v1.1), a post per row.

The layout grew from version 5 to 6 (16 to 18 columns), and people add columns of their own. `entities_str`
holds the entities as JSON. The sheet has no column for reposts: they begin with ``RT @author:``, often cut off.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import every_mention, hashtags_in, parsed, placed, whole
from netmed.read.values import any_time, conform, handles_in, is_number, iso_time, number

MISSING = ("", "NA")

COLUMNS = ibis.schema(
    dict.fromkeys(
        (
            *("id_str", "from_user", "from_user_id_str", "text", "created_at", "time", "entities_str", "status_url"),
            *("in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name"),
            *("to_user_id_str", "to_user"),  # before version 6
            *("lang", "favorite_count", "retweet_count"),  # added by hand, under the API's names
            *("user_followers_count", "user_friends_count", "user_statuses_count"),
            *("user_name", "user_description", "user_location", "user_verified", "user_created_at"),
        ),
        "string",
    )
)

_ENTITIES = dt.Struct(
    {
        "user_mentions": "array<struct<screen_name: string, id_str: string, indices: array<int64>>>",
        "hashtags": "array<struct<text: string>>",
        "urls": "array<struct<expanded_url: string>>",
    }
)
_DAY_FIRST = r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}:[0-9]{2}:[0-9]{2})$"


def looks_like(columns: Mapping[str, Any]) -> bool:
    """The first columns of every version, and one that only TAGS has."""
    have = set(columns)
    return {"id_str", "from_user", "text"} <= have and bool({"entities_str", "status_url", "from_user_id_str"} & have)


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a whole id and an author."""
    return is_number(raw.id_str) & raw.from_user.notnull() & raw.text.notnull()


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one post."""
    return {"posts": recognised(raw).cast("int64")}


def posts(raw: ir.Table) -> ir.Table:
    """A post per row; a repost names the author of the original, whose id nobody knows."""
    entities = parsed(raw.entities_str, _ENTITIES)
    rows = raw.mutate(entities=entities, is_bare=entities.user_mentions.isnull())
    listed = rows.entities.user_mentions.map(
        lambda m: placed(m["indices"][0], m["screen_name"], number(m["id_str"]))
    ).filter(lambda m: m["handle"].notnull())
    found = every_mention(rows.text, handles_in(rows.text))
    reply_handle = ibis.coalesce(rows.in_reply_to_screen_name, rows.to_user)
    author = rows.text.re_extract("^RT @([A-Za-z0-9_]{1,20}):", 1)
    is_repost = (author != "") & rows.in_reply_to_status_id_str.isnull()
    after_rt = listed.filter(lambda mention: mention["start"] == 3)[0]
    return conform(
        rows.select(
            "file",
            "lang",
            "text",
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(True),
            is_truncated=ibis.literal(False),
            post_id=rows.id_str,
            author_id=number(rows.from_user_id_str),
            author_handle=rows.from_user,
            created_at=_written(rows),
            reply_post_id=number(rows.in_reply_to_status_id_str),
            reply_account_id=number(ibis.coalesce(rows.in_reply_to_user_id_str, rows.to_user_id_str)),
            reply_handle=reply_handle,
            retweet_account_id=ibis.cases((is_repost, after_rt["id"])),
            retweet_handle=ibis.cases((is_repost, author)),
            hashtags=ibis.coalesce(rows.entities.hashtags.map(lambda tag: tag["text"]), hashtags_in(rows.text)),
            urls=rows.entities.urls.map(lambda url: url["expanded_url"]),
            likes=whole(rows.favorite_count),
            retweets=whole(rows.retweet_count),
            mentions_from_text=rows.is_bare,
            mentions=ibis.cases((rows.is_bare, found), else_=listed),
        ),
        record.POST,
    )


def _written(rows: ir.Table) -> ir.TimestampValue:
    """``created_at`` is UTC. ``time`` is the sheet's own clock: of use only where not even the id tells the time."""
    day, month, year, clock = (rows.time.re_extract(_DAY_FIRST, place) for place in range(1, 5))
    date = year.concat("-", month.lpad(2, "0"), "-", day.lpad(2, "0"))
    day_first = iso_time(date.concat("T", clock.lpad(8, "0"), "Z"))
    tells_time = rows.id_str.length() > 11
    stated = ibis.coalesce(any_time(rows.created_at), iso_time(rows.time))
    return ibis.coalesce(stated, ibis.cases((~tells_time, day_first)))


# -- accounts ---------------------------------------------------------------------------------------


def sightings(raw: ir.Table) -> ir.Table:
    """The authors, in brief, where the sheet tells more of them than who they are."""
    return conform(_authors(raw), record.SIGHTING)


def profiles(raw: ir.Table) -> ir.Table:
    """The authors, seen when the post was written at the earliest."""
    authors = _authors(raw)
    return conform(
        authors.mutate(
            name=authors.user_name,
            description=authors.user_description,
            location=authors.user_location,
            followers=whole(authors.user_followers_count),
            following=whole(authors.user_friends_count),
            posts_total=whole(authors.user_statuses_count),
            created_at=authors.user_created_at,
        ),
        record.PROFILE,
    )


def _authors(raw: ir.Table) -> ir.Table:
    authors = raw.mutate(
        platform=ibis.literal("x"),
        account_id=number(raw.from_user_id_str),
        handle=raw.from_user,
        observed_at=_written(raw),
    )
    is_profile = authors.user_followers_count.notnull() | authors.user_friends_count.notnull()
    return authors.filter(authors.account_id.notnull(), authors.handle.notnull(), is_profile)
