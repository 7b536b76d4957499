"""DMI-TCAT's export of full posts: a post per row, with its author; mentions, hashtags and links where asked for.

Reposts have no column of their own: TCAT keeps their whole text behind ``RT @author: ``, and a text that
begins so, in a post that replies to nobody, is taken for one. A typed repost of that very form is taken for
a real one, too.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import every_mention, hashtags_in, whole
from netmed.read.values import any_time, conform, handles_in, is_number, number

_SURE = ("id", "from_user_name", "text", "to_user_name", "filter_level", "from_user_followercount")
COLUMNS = ibis.schema(
    dict.fromkeys(
        (
            *("id", "time", "created_at", "text", "lang", "retweet_count", "favorite_count"),
            *("from_user_name", "from_user_id", "from_user_realname", "from_user_description", "from_user_verified"),
            *("from_user_tweetcount", "from_user_followercount", "from_user_friendcount", "from_user_created_at"),
            *("location", "to_user_name", "in_reply_to_user_id", "in_reply_to_status_id"),
            *("quoted_status_id", "retweet_id", "mentions", "hashtags", "urls", "urls_expanded", "urls_followed"),
        ),
        "string",
    )
)
MISSING = ("NULL",)
"""An empty cell of ``mentions`` says that there are none; a table without that column says nothing."""


def looks_like(columns: Mapping[str, Any]) -> bool:
    """Older exports lack a few columns; these stand in all."""
    return all(name in columns for name in _SURE)


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a post's id and an author."""
    return is_number(raw.id) & (raw.from_user_name.nullif("").notnull() | number(raw.from_user_id).notnull())


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one post."""
    return {"posts": recognised(raw).cast("int64"), "profiles": ibis.literal(0)}


def posts(raw: ir.Table) -> ir.Table:
    """A post per row; mentions from the text where the export was made without them."""
    raw = _plain(raw)
    replied_post, replied_id = _id(raw.in_reply_to_status_id), _id(raw.in_reply_to_user_id)
    replies = ibis.coalesce(replied_post, replied_id, raw.to_user_name).notnull()
    after_rt = raw.text.re_extract("^RT @([A-Za-z0-9_]{1,20}):", 1).nullif("")
    links = ibis.coalesce(raw.urls_followed, raw.urls_expanded, raw.urls)
    is_listed = raw.mentions.notnull()
    listed = every_mention(raw.text, _list(raw.mentions))
    found = every_mention(raw.text, handles_in(raw.text))
    return conform(
        raw.select(
            *("file", "lang", "text"),
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(True),
            is_truncated=ibis.literal(False),
            post_id=raw.id,
            author_id=_id(raw.from_user_id),
            author_handle=raw.from_user_name,
            created_at=_written(raw),
            reply_post_id=replied_post,
            reply_account_id=replied_id,
            reply_handle=raw.to_user_name,
            quote_post_id=_id(raw.quoted_status_id),
            retweet_post_id=_id(raw.retweet_id),
            retweet_handle=ibis.cases((~replies, after_rt)),
            hashtags=ibis.coalesce(_list(raw.hashtags), hashtags_in(raw.text)),
            urls=_list(links),
            likes=whole(raw.favorite_count),
            retweets=whole(raw.retweet_count),
            mentions_from_text=~is_listed,
            mentions=ibis.cases((is_listed, listed), else_=found),
        ),
        record.POST,
    )


def _plain(raw: ir.Table) -> ir.Table:
    return raw.mutate(**{name: raw[name].nullif("") for name in COLUMNS.names if name != "mentions"})


def _id(cell: ir.StringValue) -> ir.StringValue:
    """An id; 0 stands for none."""
    return number(cell).nullif("0")


def _list(cell: ir.StringValue) -> ir.ArrayValue:
    """The words of a cell, ``; `` between."""
    return cell.split(";").map(lambda word: word.strip()).filter(lambda word: word != "")


def _written(raw: ir.Table) -> ir.TimestampValue:
    """``created_at`` is UTC; ``time`` holds seconds since 1970, by the server's clock, and is used only without it."""
    return ibis.coalesce(any_time(raw.created_at), whole(raw.time).as_timestamp("s").cast("timestamp('UTC')"))


def sightings(raw: ir.Table) -> ir.Table:
    """The authors, in brief."""
    return conform(_authors(raw), record.SIGHTING)


def profiles(raw: ir.Table) -> ir.Table:
    """The authors, seen when the post was written."""
    return conform(_authors(raw), record.PROFILE)


def _authors(raw: ir.Table) -> ir.Table:
    raw = _plain(raw)
    authors = raw.select(
        line="line",
        platform=ibis.literal("x"),
        account_id=_id(raw.from_user_id),
        handle=raw.from_user_name,
        name=raw.from_user_realname,
        description=raw.from_user_description,
        location=raw.location,
        followers=whole(raw.from_user_followercount),
        following=whole(raw.from_user_friendcount),
        posts_total=whole(raw.from_user_tweetcount),
        verified=ibis.cases((raw.from_user_verified == "1", True), (raw.from_user_verified == "0", False)),
        created_at=raw.from_user_created_at,
        observed_at=_written(raw),
    )
    return authors.filter(authors.account_id.notnull(), authors.handle.notnull())
