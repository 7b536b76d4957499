"""twarc-csv: what `twarc2 csv` makes of X API v2, a post or an account per row.

By default a repost has the text, entities and counts of the original in its row, and the author of a
post replied to, quoted or reposted stands in columns of its own: those posts came along. Mentions are
a list of handles (from version 0.7 on), or v2's objects with ids and places (before, or on request).
Line ends in texts are written ``\\n``. `--json-encode-all` and `-text` put every word in JSON quotes.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import every_mention, parsed, placed, whole, yes_or_no
from netmed.read.values import conform, is_number, iso_time, number

_AUDIENCE = {"followers": "followers_count", "following": "following_count", "posts_total": "tweet_count"}
_WORDS = ("name", "description", "location", "verified", "protected", "created_at")
_COUNTS = {"likes": "like", "retweets": "retweet", "replies": "reply", "quotes": "quote", "impressions": "impression"}


def _account_columns(prefix: str) -> tuple[str, ...]:
    audience = tuple(f"public_metrics.{name}" for name in _AUDIENCE.values())
    return tuple(prefix + name for name in ("id", "username", *_WORDS, *audience))


ACCOUNT_COLUMNS = (*_account_columns(""), "__twarc.retrieved_at")
POST_COLUMNS = (
    *("id", "conversation_id", "author_id", "created_at", "text", "lang", "edit_history_tweet_ids"),
    *(f"referenced_tweets.{kind}.id" for kind in ("replied_to", "retweeted", "quoted")),
    *("in_reply_to_user_id", "in_reply_to_username", "in_reply_to_user.username"),
    *("retweeted_user_id", "retweeted_username", "quoted_user_id", "quoted_username"),
    *("entities.mentions", "entities.hashtags", "entities.urls"),
    *(f"public_metrics.{name}_count" for name in _COUNTS.values()),
    *_account_columns("author."),
    "__twarc.retrieved_at",
)
POSTS = ibis.schema(dict.fromkeys(POST_COLUMNS, "string"))
ACCOUNTS = ibis.schema(dict.fromkeys(ACCOUNT_COLUMNS, "string"))

_MENTION = dt.Struct({"start": "int64", "end": "int64", "username": "string", "id": "string"})


def looks_like_posts(columns: Mapping[str, Any]) -> bool:
    """Names with dots that only twarc-csv writes."""
    has_references = "referenced_tweets.replied_to.id" in columns or "public_metrics.retweet_count" in columns
    return {"id", "text", "author_id", "created_at"} <= set(columns) and has_references


def looks_like_accounts(columns: Mapping[str, Any]) -> bool:
    """The same of accounts (`--input-data-type users`)."""
    return {"id", "username", "public_metrics.followers_count"} <= set(columns) and "text" not in columns


def posts_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a whole id and a text."""
    return is_number(_bare(raw.id)) & raw.text.notnull()


def accounts_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a whole id and a handle."""
    return is_number(_bare(raw.id)) & raw.username.notnull()


def posts_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one post."""
    return {"posts": posts_recognised(raw).cast("int64")}


def accounts_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one account."""
    return {"posts": ibis.literal(0), "profiles": accounts_recognised(raw).cast("int64")}


# -- cells ------------------------------------------------------------------------------------------


def _bare(text: ir.StringValue) -> ir.StringValue:
    """An id without the quotes that `--json-encode-text` puts around it."""
    return text.re_replace('^"([0-9]+)"$', r"\1")


def _decoded(raw: ir.Table) -> ir.Table:
    """The cells without JSON quotes. A row has them everywhere or nowhere: the id tells."""
    is_encoded = raw.id.startswith('"')
    named = [name for name in raw.columns if name not in ("line", "file")]
    plain = {
        name: ibis.cases((is_encoded & raw[name].startswith('"'), raw[name].try_cast("json").str), else_=raw[name])
        for name in named
    }
    return raw.mutate(**plain)


def _text(cell: ir.StringValue) -> ir.StringValue:
    return cell.replace("\\n", "\n")


def _mentions(text: ir.StringValue, cell: ir.StringValue) -> ir.ArrayValue:
    """Objects keep v2's ids and places; handles are found again in the text."""
    objects = parsed(cell, dt.Array(_MENTION)).filter(lambda m: m["username"].notnull())
    handles = parsed(cell, "array<string>").filter(lambda word: word.re_search("^@[A-Za-z0-9_]+$"))
    told = objects.map(lambda m: placed(m["start"], m["username"], number(m["id"])))
    found = every_mention(text, handles.map(lambda word: word.substr(1)))
    return ibis.cases((cell.contains("{"), told), else_=found)


def _words(cell: ir.StringValue, key: str, sign: str = "") -> ir.ArrayValue:
    """A list of words (``sign`` in front), or of objects that have the word under ``key``."""
    listed = parsed(cell, "array<string>").map(lambda word: word.re_replace(f"^{sign}", ""))
    objects = parsed(cell, f"array<struct<{key}: string>>").map(lambda one: one[key])
    return ibis.cases((cell.startswith("[{"), objects), else_=listed)


# -- posts ------------------------------------------------------------------------------------------


def posts(raw: ir.Table) -> ir.Table:
    """The posts of the rows (delivered), and those they refer to as far as the row knows them (came along)."""
    rows = _decoded(raw)
    text = _text(rows.text)
    rows = rows.mutate(
        text=text,
        mentions=_mentions(text, rows["entities.mentions"]),
        hashtags=_words(rows["entities.hashtags"], "tag", "#"),
        urls=_words(rows["entities.urls"], "expanded_url"),
        observed_at=iso_time(rows["__twarc.retrieved_at"]),
        **{name: whole(rows[f"public_metrics.{source}_count"]) for name, source in _COUNTS.items()},
    )
    rows = rows.mutate(
        platform=ibis.literal("x"),
        reply_handle=ibis.coalesce(rows["in_reply_to_username"], rows["in_reply_to_user.username"]),
        is_merged=(rows.retweeted_username.notnull() & ~rows.text.startswith("RT @")).fill_null(False),
    )
    return ibis.union(_delivered(rows), _reposted(rows), _replied_to(rows), _quoted(rows))


def _delivered(rows: ir.Table) -> ir.Table:
    """A repost is said as X says it, ``RT @author: …``; likes and the like are the original's, its own unknown."""
    prefix = ibis.literal("RT @").concat(rows.retweeted_username, ": ")
    author = placed(ibis.literal(3), rows.retweeted_username, number(rows.retweeted_user_id))
    return conform(
        rows.mutate(
            text=ibis.cases((rows.is_merged, prefix.concat(rows.text)), else_=rows.text),
            mentions=ibis.cases((rows.is_merged, ibis.array([author])), else_=rows.mentions),
            **{name: ibis.cases((~rows.is_merged, rows[name])) for name in _COUNTS if name != "retweets"},
            is_delivered=ibis.literal(True),
            post_id=rows.id,
            version_ids=parsed(rows["edit_history_tweet_ids"], "array<string>"),
            author_id=number(ibis.coalesce(rows.author_id, rows["author.id"])),
            author_handle=rows["author.username"],
            created_at=iso_time(rows.created_at),
            reply_post_id=number(rows["referenced_tweets.replied_to.id"]),
            reply_account_id=number(rows.in_reply_to_user_id),
            reply_handle=ibis.coalesce(rows.reply_handle, _addressed(rows)),
            quote_post_id=number(rows["referenced_tweets.quoted.id"]),
            quote_account_id=number(rows.quoted_user_id),
            quote_handle=rows.quoted_username,
            retweet_post_id=number(rows["referenced_tweets.retweeted.id"]),
            retweet_account_id=number(rows.retweeted_user_id),
            retweet_handle=rows.retweeted_username,
            is_truncated=ibis.literal(False),
        ),
        record.POST,
    )


def _addressed(rows: ir.Table) -> ir.StringValue:
    """Whom a directed post names: it replies to an account and to no post, so its text begins with the handle."""
    is_directed = rows.in_reply_to_user_id.notnull() & rows["referenced_tweets.replied_to.id"].isnull()
    first = rows.mentions.filter(lambda mention: mention["start"] == 0)[0]
    return ibis.cases((is_directed, first["handle"]))


def _reposted(rows: ir.Table) -> ir.Table:
    """The originals of reposts: the row has their words and counts, unless it was made with `--no-merge-retweets`."""
    rows = _along(rows, "retweeted", rows.retweeted_user_id, rows.retweeted_username)
    content = {name: ibis.cases((rows.is_merged, rows[name])) for name in ("text", "mentions", *_COUNTS)}
    return conform(rows.mutate(**content, is_truncated=~rows.is_merged), record.POST)


def _replied_to(rows: ir.Table) -> ir.Table:
    known = rows.filter(rows.reply_handle.notnull())
    rows = _along(known, "replied_to", known.in_reply_to_user_id, known.reply_handle)
    return conform(rows.select(*_ALONG, is_truncated=ibis.literal(True)), record.POST)


def _quoted(rows: ir.Table) -> ir.Table:
    rows = _along(rows, "quoted", rows.quoted_user_id, rows.quoted_username)
    return conform(rows.select(*_ALONG, is_truncated=ibis.literal(True)), record.POST)


_ALONG = ("file", "platform", "is_delivered", "post_id", "author_id", "author_handle", "observed_at")


def _along(rows: ir.Table, kind: str, author_id: ir.StringValue, handle: ir.StringValue) -> ir.Table:
    rows = rows.mutate(
        is_delivered=ibis.literal(False),
        post_id=number(rows[f"referenced_tweets.{kind}.id"]),
        author_id=number(author_id),
        author_handle=handle,
    ).drop("created_at", "lang", "conversation_id", "reply_handle")
    return rows.filter(rows.post_id.notnull(), rows.author_id.notnull())


# -- accounts ---------------------------------------------------------------------------------------


def no_posts(raw: ir.Table) -> ir.Table:
    """A table of accounts has none."""
    return conform(raw.filter(ibis.literal(False)).select("file"), record.POST)


def posts_sightings(raw: ir.Table) -> ir.Table:
    """Authors of the rows, and of the posts they quote, in brief."""
    rows = _decoded(raw)
    return ibis.union(*[conform(accounts, record.SIGHTING) for accounts in (_authors(rows), _quoted_authors(rows))])


def posts_profiles(raw: ir.Table) -> ir.Table:
    """Authors of the rows, seen when the row's post was fetched, or at least written; and those of quoted posts."""
    rows = _decoded(raw)
    return ibis.union(_profiles(_authors(rows), "author."), conform(_quoted_authors(rows), record.PROFILE))


def accounts_sightings(raw: ir.Table) -> ir.Table:
    """The accounts of the rows, in brief."""
    return conform(_accounts(_decoded(raw)), record.SIGHTING)


def accounts_profiles(raw: ir.Table) -> ir.Table:
    """The accounts of the rows, seen when they were fetched."""
    return _profiles(_accounts(_decoded(raw)), "")


def _authors(rows: ir.Table) -> ir.Table:
    seen = ibis.coalesce(iso_time(rows["__twarc.retrieved_at"]), iso_time(rows.created_at))
    author_id = number(ibis.coalesce(rows["author.id"], rows.author_id))
    return _known(rows.mutate(account_id=author_id, handle=rows["author.username"], observed_at=seen))


def _quoted_authors(rows: ir.Table) -> ir.Table:
    """Only id and handle are told. Without a time they never stand in the place of a profile."""
    who = rows.select("line", account_id=number(rows.quoted_user_id), handle=rows.quoted_username)
    return _known(who)


def _accounts(rows: ir.Table) -> ir.Table:
    seen = iso_time(rows["__twarc.retrieved_at"])
    return _known(rows.mutate(account_id=rows.id, handle=rows.username, observed_at=seen))


def _known(accounts: ir.Table) -> ir.Table:
    accounts = accounts.mutate(platform=ibis.literal("x"))
    return accounts.filter(accounts.account_id.notnull(), accounts.handle.notnull())


def _profiles(accounts: ir.Table, prefix: str) -> ir.Table:
    """Columns that begin with ``prefix`` → ``record.PROFILE``."""
    said = {name: accounts[prefix + name] for name in _WORDS}
    said |= {name: _text(said[name]) for name in ("name", "description", "location")}
    said |= {name: yes_or_no(said[name]) for name in ("verified", "protected")}
    counts = {name: whole(accounts[f"{prefix}public_metrics.{source}"]) for name, source in _AUDIENCE.items()}
    return conform(accounts.mutate(**said, **counts), record.PROFILE)
