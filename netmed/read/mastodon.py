"""Mastodon: statuses, as its API gives them out in lists, timelines, threads, searches and streams.

What an API calls an id is known on that one server only, so a post is known by its ``uri`` and an
account by ``user@host``: both are the same wherever they are asked for. Who is replied to is told by a
local id; the post itself, or another one of the input, knows whose it is (``mastodon_threads``).
Messages that only those named in them can see (``direct``) are no public speech and are left out.
"""

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.markup import beginning_of_text, links, plain_text
from netmed.read.mastodon_streams import is_news, is_notification, is_other_event
from netmed.read.mastodon_threads import asked_host, completed, with_parents
from netmed.read.values import NOTHING, conform, iso_time, located

WHO = {"id": "string", "username": "string", "acct": "string", "url": "string", "uri": "string"}
PROFILE = {
    "display_name": "string",
    "note": "string",
    "followers_count": "int64",
    "following_count": "int64",
    "statuses_count": "int64",
    "locked": "boolean",
}
_POST = {
    "id": "string",
    "uri": "string",
    "url": "string",
    "created_at": "string",
    "edited_at": "string",
    "visibility": "string",
    "language": "string",
    "content": "string",
    "in_reply_to_id": "string",
    "in_reply_to_account_id": "string",
    "favourites_count": "int64",
    "reblogs_count": "int64",
    "replies_count": "int64",
    "quotes_count": "int64",
    "account": dt.Struct({**WHO, **PROFILE, "created_at": "string"}),
    "mentions": "array<struct<id: string, username: string, acct: string, url: string>>",
    "tags": "array<struct<name: string, url: string>>",
    "card": "struct<url: string>",
    "quote_id": "string",
}
_SHALLOW = {"state": "string", "quoted_status_id": "string"}
_QUOTED = dt.Struct({**_POST, "quote": dt.Struct(_SHALLOW)})
_QUOTE = dt.Struct({**_POST, **_SHALLOW, "quoted_status": _QUOTED})
"""Mastodon puts the quoted status into ``quoted_status``; older forks make it ``quote`` itself."""
_OWN = {**_POST, "quote": _QUOTE}

_ACCOUNT = {"username": "string", "acct": "string", **PROFILE}
_NEWS = {"type": "string", "status": dt.Struct(_OWN), "event": "string", "payload": "string"}
STATUS = ibis.schema({**_OWN, "reblog": dt.Struct(_OWN), **_ACCOUNT, **_NEWS})
"""A status, an account by itself, a notification, or an event of a stream."""


# -- which records are ours -----------------------------------------------------------------------------


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Statuses, accounts by themselves, notifications, and events of streams that hold no post."""
    return _is_status(raw) | is_account(raw) | is_notification(raw) | is_other_event(raw)


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """One post, one account, or none: direct messages, and what came along with a notification, are no post."""
    is_told = is_notification(raw) & is_news(raw)
    is_lost = is_told & raw.status.id.notnull() & ~_is_status(raw.status)
    return {
        "posts": (is_public(raw) | (is_told & is_public(raw.status))).cast("int64"),
        "profiles": is_account(raw).cast("int64"),
        "unusable": is_lost.cast("int64"),
    }


def _is_status(status: Any) -> ir.BooleanValue:
    identified = status["id"].notnull() & ibis.coalesce(status["uri"], status["url"]).notnull()
    return identified & status["account"]["acct"].notnull() & status["content"].notnull()


def is_public(status: Any) -> ir.BooleanValue:
    """Whether a row is a status that is no direct message."""
    return _is_status(status) & (status["visibility"].fill_null("") != "direct")


def is_account(raw: ir.Table) -> ir.BooleanValue:
    """Whether a row is an account by itself."""
    is_profile = raw.acct.notnull() & raw.username.notnull() & raw.statuses_count.notnull()
    return is_profile & raw.content.isnull() & raw.account.isnull()


# -- posts --------------------------------------------------------------------------------------------


def posts(raw: ir.Table) -> ir.Table:
    """The statuses (delivered), those inside them (reposted or quoted, they came along), those of notifications."""
    return _posts(with_parents(statuses(raw)))


def statuses(raw: ir.Table) -> ir.Table:
    """The same before they are read: a row per status with its own columns, ``asked`` and ``is_delivered``."""
    raw = raw.mutate(asked=asked_host(raw))
    told, raw = raw.filter(is_notification(raw)), raw.filter(is_public(raw))
    reblog, shown = raw.reblog, told.status
    no = ibis.literal(False)
    inside = [
        _item(raw, reblog, reblog.quote, None, no),
        _item(raw, held(raw.quote), raw.quote.quoted_status.quote, None, no),
        _item(raw, held(reblog.quote), reblog.quote.quoted_status.quote, None, no),
        _item(told, shown, shown.quote, None, is_news(told)),
        _item(told, held(shown.quote), shown.quote.quoted_status.quote, None, no),
    ]
    others = ibis.union(*inside)
    return ibis.union(_item(raw, raw, raw.quote, reblog, ibis.literal(True)), others.filter(is_public(others)))


def held(quote: ir.StructValue) -> dict[str, ir.Value]:
    """The status that a quote holds, whichever way."""
    return {name: ibis.coalesce(quote.quoted_status[name], quote[name]) for name in _POST}


def _item(
    raw: ir.Table, status: Any, quote: ir.StructValue, reblog: ir.StructValue | None, is_delivered: ir.BooleanValue
) -> ir.Table:
    """One status as a row: its own columns, and what it says of the status it reposts and of the one it quotes."""
    nothing = ibis.null("string")
    quoted = held(quote) if "quoted_status" in quote.names else None
    quote_id = ibis.coalesce(quote.quoted_status_id, status["quote_id"])
    quote_uri = ibis.coalesce(quoted["uri"], quoted["url"]) if quoted else nothing
    whose = quoted and completed(quoted["account"].acct, quoted["account"].url, quoted["uri"])
    return raw.select(
        "file",
        "asked",
        is_delivered=is_delivered,
        **{name: status[name] for name in _POST if name != "quote_id"},
        is_quote=ibis.coalesce(quote.state, quote_id, quote_uri).notnull(),
        quote_local_id=ibis.coalesce(quote_id, quoted["id"]) if quoted else quote_id,
        quote_uri=quote_uri,
        quote_handle=nothing if whose is None else whose,
        retweet_post_id=nothing if reblog is None else ibis.coalesce(reblog.uri, reblog.url),
        retweet_handle=nothing if reblog is None else completed(reblog.account.acct, reblog.account.url, reblog.uri),
    )


def _posts(posts: ir.Table) -> ir.Table:
    """Columns of ``with_parents`` → ``record.POST``."""
    posts = posts.mutate(post_id=ibis.coalesce(posts.uri, posts.url), text=plain_text(posts.content))
    card = ibis.cases((posts.card.url.notnull(), ibis.array([posts.card.url])), else_=NOTHING)
    return conform(
        posts.select(
            "file",
            "is_delivered",
            "post_id",
            "text",
            "reply_handle",
            "quote_handle",
            "retweet_post_id",
            "retweet_handle",
            platform=ibis.literal("mastodon"),
            author_id=posts.handle.lower(),
            author_handle=posts.handle,
            created_at=iso_time(posts.created_at),
            observed_at=iso_time(posts.edited_at),  # no earlier, at least: the newest version is known by it
            # A post of which only the local id is known has that for a name: none of ours has it.
            reply_post_id=ibis.coalesce(
                posts.reply_uri,
                _local_name(posts, posts.in_reply_to_id),
                ibis.cases((posts.in_reply_to_account_id.notnull(), posts.post_id + "#replied-to")),
            ),
            reply_account_id=posts.reply_handle.lower(),
            quote_post_id=ibis.coalesce(
                posts.quote_uri,
                _local_name(posts, posts.quote_local_id),
                ibis.cases((posts.is_quote, posts.post_id + "#quoted")),
            ),
            quote_account_id=posts.quote_handle.lower(),
            retweet_account_id=posts.retweet_handle.lower(),
            lang=posts.language,
            hashtags=posts.tags.map(lambda tag: tag["name"]),
            urls=links(posts.content).concat(card).unique().sort(),
            likes=posts.favourites_count,
            retweets=posts.reblogs_count,
            replies=posts.replies_count,
            quotes=posts.quotes_count,
            is_truncated=ibis.literal(False),
            mentions=posts.mentions.map(lambda mention: _mention(posts, mention)),
        ),
        record.POST,
    )


def _local_name(posts: ir.Table, local_id: ir.StringValue) -> ir.StringValue:
    return ibis.coalesce(posts.asked + "/", ibis.literal("")) + local_id


def _mention(posts: ir.Table, mention: ir.StructValue) -> ir.StructValue:
    """Where a mention stands: at the link to the account, else where the text says its name, in full or in short.

    The link comes first, as several accounts may have the name that the text shows. One that is nowhere in the
    text was put there by the server: it stands before the text and is empty, so in a reply it was filled in.
    """
    text, content = posts.text, posts.content
    handle, name = completed(mention["acct"], mention["url"]), mention["username"]
    link = content.find(ibis.literal('href="').concat(mention["url"], '"'))
    at_link = ibis.cases((link >= 0, beginning_of_text(content.substr(0, link)).length()))
    start = ibis.coalesce(at_link, located(text, _as_words(handle)), located(text, _as_words(name)))
    is_full = text.substr(start + 1, handle.length()).lower() == handle.lower()
    end = start + 1 + ibis.cases((is_full, handle.length()), else_=name.length())
    place = {"start": ibis.coalesce(start, 0), "end": ibis.coalesce(end, -1)}
    return ibis.struct({**place, "handle": handle, "id": handle.lower()})


def _as_words(handle: ir.StringValue) -> ir.StringValue:
    """A handle as ``located`` sees the text: dots and hyphens are spaces there."""
    return handle.re_replace("[^A-Za-z0-9_@]", " ")
