"""X API v2: response pages, single-post streams, and flattened posts (twarc2).

A page is one line with ``data`` and ``includes``; a stream puts one object into ``data``; a flattened
file has one post per line, with author, referenced posts and mentioned accounts written inside.
Offsets of mentions are code points of the text, of the long text (``note_tweet``) where there is one.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.values import NOTHING, conform, is_number, iso_time, number, plucked, with_columns_of

_METRICS = dict.fromkeys(("retweet_count", "reply_count", "like_count", "quote_count", "impression_count"), "int64")
_AUDIENCE = dict.fromkeys(("followers_count", "following_count", "tweet_count"), "int64")
PROFILE = {
    "name": "string",
    "description": "string",
    "location": "string",
    "verified": "boolean",
    "protected": "boolean",
    "created_at": "string",
    "public_metrics": dt.Struct(_AUDIENCE),
}
_USER = dt.Struct({"id": "string", "username": "string", **PROFILE})
_SPAN = {"start": "int64", "end": "int64", "username": "string", "id": "string"}


def _entities(mention: dict[str, Any]) -> dt.Struct:
    return dt.Struct(
        {
            "mentions": dt.Array(dt.Struct(mention)),
            "hashtags": "array<struct<tag: string>>",
            "urls": "array<struct<expanded_url: string>>",
        }
    )


_POST = {
    "id": "string",
    "author_id": "string",
    "text": "string",
    "created_at": "string",
    "lang": "string",
    "conversation_id": "string",
    "in_reply_to_user_id": "string",
    "edit_history_tweet_ids": "array<string>",
    "display_text_range": "array<int64>",
    "entities": _entities(_SPAN),
    "note_tweet": dt.Struct({"text": "string", "entities": _entities(_SPAN)}),
    "public_metrics": dt.Struct(_METRICS),
    "referenced_tweets": "array<struct<type: string, id: string>>",
}
_ITEM = dt.Struct({**PROFILE, **_POST, "username": "string", "public_metrics": dt.Struct({**_METRICS, **_AUDIENCE})})
_ENVELOPE = {
    "includes": dt.Struct({"users": dt.Array(_USER), "tweets": dt.Array(dt.Struct(_POST))}),
    "meta": "struct<result_count: int64>",
    "errors": "array<struct<type: string>>",
    "__twarc": "struct<retrieved_at: string>",
}

PAGE = ibis.schema({"data": dt.Array(_ITEM), **_ENVELOPE})
SINGLE = ibis.schema({"data": _ITEM, **_ENVELOPE})


def _flat(referenced: dict[str, Any], author: str = "author") -> ibis.Schema:
    """One post per line; ``author`` is the key of profiles of authors."""
    return ibis.schema(
        {
            # keys of other formats, looked at only to leave their records alone
            **dict.fromkeys(("id_str", "user", "data", "author_user"), "string"),
            **PROFILE,
            **_POST,
            "username": "string",
            "public_metrics": dt.Struct({**_METRICS, **_AUDIENCE}),
            "entities": _entities({**_SPAN, **PROFILE}),
            author: _USER,
            "in_reply_to_user": _USER,
            "referenced_tweets": dt.Array(dt.Struct({"type": "string", **referenced, author: _USER})),
            "__twarc": "struct<retrieved_at: string>",
        }
    )


FLAT = _flat(_POST)
_WORDLESS = {name: kind for name, kind in _POST.items() if name not in ("text", "note_tweet", "display_text_range")}
FLAT_BRIEF = _flat(_WORDLESS)
"""Without the words of referenced posts: most files say them many times over, and few builds need them."""

FOURCAT, FOURCAT_BRIEF = _flat(_POST, "author_user"), _flat(_WORDLESS, "author_user")
"""As 4CAT flattens. A schema of its own, because twarc's files would be read more slowly with one for both."""


# -- which lines are ours ---------------------------------------------------------------------------


def page_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines with a list in ``data``, and pages without results or with nothing but the API's errors."""
    is_error = raw.errors[0]["type"].startswith("https://api.twitter.com/")
    return raw.data.notnull() | ((raw.meta.result_count == 0) | is_error).fill_null(False)


def single_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines with one post or one account in ``data``."""
    return _is_post(raw.data) | is_user(raw.data)


def flat_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines that are one post, or one account, by themselves."""
    return raw.author_user.isnull() & _is_flat(raw)


def fourcat_recognised(raw: ir.Table) -> ir.BooleanValue:
    """The same, where they tell their author as 4CAT does."""
    return raw.author_user.notnull() & _is_flat(raw)


def _is_flat(raw: ir.Table) -> ir.BooleanValue:
    foreign = raw.id_str.notnull() | raw.user.notnull() | raw.data.notnull()
    return ~foreign & (_is_post(raw) | is_user(raw))


def looks_flat(line: Mapping[str, Any]) -> bool:
    """A guess from a first record: a post or an account of API v2, by itself."""
    return "data" not in line and "id_str" not in line and ("author_id" in line or "username" in line)


def _is_post(item: Any) -> ir.BooleanValue:
    known = item["author_id"].notnull() | item["conversation_id"].notnull() | item["edit_history_tweet_ids"].notnull()
    return is_number(item["id"]) & item["text"].notnull() & (known | item["public_metrics"]["retweet_count"].notnull())


def is_user(item: Any) -> ir.BooleanValue:
    """Whether an item of ``data`` is an account."""
    return is_number(item["id"]) & item["username"].notnull() & item["text"].isnull()


# -- how many records a line holds --------------------------------------------------------------------


def page_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Posts and accounts in ``data``, and items that are neither."""
    posts = raw.data.map(lambda item: _is_post(item).cast("int64")).sums().fill_null(0)
    users = raw.data.map(lambda item: is_user(item).cast("int64")).sums().fill_null(0)
    return {"posts": posts, "profiles": users, "unusable": raw.data.length().fill_null(0) - posts - users}


def single_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """One post or one account."""
    return {"posts": _is_post(raw.data).cast("int64"), "profiles": is_user(raw.data).cast("int64")}


def flat_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """One post or one account."""
    return {"posts": _is_post(raw).cast("int64"), "profiles": is_user(raw).cast("int64")}


# -- posts --------------------------------------------------------------------------------------------


def page_posts(raw: ir.Table) -> ir.Table:
    """Posts of ``data`` (delivered) and of ``includes`` (came along)."""
    delivered = raw.select("file", observed=observed(raw), item=raw.data.unnest()).unpack("item")
    return ibis.union(_posts(delivered.filter(_is_post(delivered)), delivered=True), _included_posts(raw))


def single_posts(raw: ir.Table) -> ir.Table:
    """The post of ``data`` (delivered) and those of ``includes`` (came along)."""
    delivered = raw.select("file", observed=observed(raw), item=raw.data).unpack("item")
    return ibis.union(_posts(delivered.filter(_is_post(delivered)), delivered=True), _included_posts(raw))


def flat_posts(raw: ir.Table) -> ir.Table:
    """One delivered post per line; referenced posts that were found came along with it."""
    delivered = raw.filter(_is_post(raw)).mutate(observed=observed(raw))
    along = raw.select("file", observed=observed(raw), item=raw.referenced_tweets.unnest()).unpack("item")
    along = with_columns_of(along.filter(is_number(along.id), along.author_id.notnull()), _POST)
    return ibis.union(_posts(delivered, delivered=True), _posts(along, delivered=False))


def _included_posts(raw: ir.Table) -> ir.Table:
    along = raw.select("file", observed=observed(raw), item=raw.includes.tweets.unnest()).unpack("item")
    return _posts(along.filter(_is_post(along)), delivered=False)


def observed(raw: ir.Table) -> ir.TimestampValue:
    """When twarc fetched the record; null if it does not say."""
    return iso_time(raw["__twarc"].retrieved_at)


def _posts(posts: ir.Table, *, delivered: bool) -> ir.Table:
    """Columns of the API → ``record.POST``; ``posts`` also has ``file`` and ``observed``."""
    kinds = posts.referenced_tweets.map(lambda reference: reference["type"])
    ids = posts.referenced_tweets.map(lambda reference: number(reference["id"]))
    note, entities = posts.note_tweet, posts.entities
    mentions = ibis.coalesce(note.entities.mentions, entities.mentions)
    hashtags = ibis.coalesce(note.entities.hashtags, entities.hashtags)
    links = entities.urls.map(lambda url: url["expanded_url"])
    more_links = note.entities.urls.map(lambda url: url["expanded_url"])
    both = ibis.coalesce(links, NOTHING).concat(more_links).unique().sort()
    urls = ibis.cases((more_links.length() > 0, both), else_=links)
    metrics = posts.public_metrics
    return conform(
        posts.select(
            file=posts.file,
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(delivered),
            post_id=posts.id,
            version_ids=posts.edit_history_tweet_ids,
            author_id=number(posts.author_id),
            created_at=iso_time(posts.created_at),
            observed_at=posts.observed,
            conversation_id=posts.conversation_id,
            reply_post_id=plucked(ids, kinds, "replied_to"),
            reply_account_id=number(posts.in_reply_to_user_id),
            quote_post_id=plucked(ids, kinds, "quoted"),
            retweet_post_id=plucked(ids, kinds, "retweeted"),
            lang=posts.lang,
            hashtags=hashtags.map(lambda hashtag: hashtag["tag"]),
            urls=urls,
            likes=metrics.like_count,
            retweets=metrics.retweet_count,
            replies=metrics.reply_count,
            quotes=metrics.quote_count,
            impressions=metrics.impression_count,
            is_truncated=ibis.literal(False),
            text=ibis.coalesce(note.text, posts.text),
            shown_from=posts.display_text_range[0],
            mentions=mentions.map(
                lambda m: ibis.struct(
                    {"start": m["start"], "end": m["end"], "handle": m["username"], "id": number(m["id"])}
                )
            ),
        ),
        record.POST,
    )
