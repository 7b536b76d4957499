"""4CAT's tables of X posts: its own collections (API v2), and those imported from Zeeschuimer; a post per row.

They name accounts by handle and hold no id but the post's, its author's and (Zeeschuimer) the quoted post's.
Where a table says that a post is a reply, repost or quote without saying of what, a stand-in takes the place
of the id: the relation is known, its target is not, and is counted as unresolved.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import every_mention, whole
from netmed.read.values import any_time, conform, is_number, number

_SURE = ("thread_id", "body", "author", "language_guess", "is_retweet", "is_reply", "mentions")
COLUMNS = ibis.schema(
    dict.fromkeys(
        (
            *("id", "thread_id", "timestamp", "unix_timestamp", "body", "language_guess"),
            *("author", "author_id", "author_fullname", "author_followers", "verified"),
            *("is_retweet", "retweeted_user", "is_quote_tweet", "quoted_user", "quote_author", "quote_tweet_id"),
            *("is_reply", "replied_user", "replied_author", "hashtags", "urls", "mentions"),
            *("like_count", "retweet_count", "reply_count", "quote_count", "impression_count"),
        ),
        "string",
    )
)
MISSING = ("", "None")
UNKNOWN = "UNKNOWN"
"""4CAT's own word for an author that the API did not give out."""
QUOTED_LINK = r"^https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{1,20})/status(?:es)?/([0-9]+)(?:\?.*)?$"


def looks_like(columns: Mapping[str, Any]) -> bool:
    """Tables of other platforms lack the columns on reposts and replies."""
    return all(name in columns for name in _SURE)


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a post's id and an author."""
    author = number(raw.author_id).notnull() | _handle(raw.author).notnull()
    return is_number(raw.id) & author


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one post."""
    return {"posts": recognised(raw).cast("int64"), "profiles": ibis.literal(0)}


def posts(raw: ir.Table) -> ir.Table:
    """A post per row. A repost's lists hold what the original mentions, too; they are none of its own."""
    is_reply, is_repost, is_quote = (_is(raw[name]) for name in ("is_reply", "is_retweet", "is_quote_tweet"))
    is_quote = is_quote & ~is_repost  # of a repost of a quote, the author quoted is the original's business
    after_rt = raw.body.re_extract("^RT @([A-Za-z0-9_]{1,20}):? ", 1).nullif("")
    urls = raw.urls.replace(",http", " http").split(" ").filter(lambda url: url != "")
    links = urls.filter(lambda url: url.re_search(QUOTED_LINK))
    link = ibis.cases((is_quote & (links.length() == 1), links[0]))
    linked = link.re_extract(QUOTED_LINK, 2).nullif("")
    reposted = ibis.coalesce(_handle(raw.retweeted_user), after_rt)
    quoted_post = ibis.coalesce(number(raw.quote_tweet_id), linked)
    quoted = ibis.coalesce(
        _handle(raw.quoted_user), _handle(raw.quote_author), link.re_extract(QUOTED_LINK, 1).nullif("")
    )
    return conform(
        raw.select(
            file="file",
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(True),
            is_truncated=ibis.literal(False),
            post_id=raw.id,
            author_id=number(raw.author_id),
            author_handle=_handle(raw.author),
            created_at=_written(raw),
            conversation_id=number(raw.thread_id),
            reply_post_id=ibis.cases((is_reply & ~is_repost, raw.id + "/replied-to")),
            reply_handle=ibis.cases((~is_repost, _replied(raw))),
            quote_post_id=ibis.cases(
                (is_quote & quoted_post.isnull() & quoted.isnull(), raw.id + "/quoted"), (is_quote, quoted_post)
            ),
            quote_handle=ibis.cases((is_quote, quoted)),
            retweet_post_id=ibis.cases((is_repost & reposted.isnull(), raw.id + "/reposted")),
            retweet_handle=ibis.cases((is_repost, reposted)),
            lang=raw.language_guess,
            hashtags=_list(raw.hashtags),
            urls=urls,
            likes=whole(raw.like_count),
            retweets=whole(raw.retweet_count),
            replies=whole(raw.reply_count),
            quotes=whole(raw.quote_count),
            impressions=whole(raw.impression_count),
            text=raw.body,
            mentions=every_mention(raw.body, _list(raw.mentions)),
        ),
        record.POST,
    )


def _is(cell: ir.StringValue) -> ir.BooleanValue:
    return (cell.lower() == "yes").fill_null(False)


def _handle(cell: ir.StringValue) -> ir.StringValue:
    """A handle; null for 4CAT's word for none."""
    return cell.nullif(UNKNOWN)


def _replied(raw: ir.Table) -> ir.StringValue:
    return ibis.coalesce(_handle(raw.replied_user), _handle(raw.replied_author))


def _list(cell: ir.StringValue) -> ir.ArrayValue:
    """The words of a cell, commas between."""
    return cell.split(",").map(lambda word: word.strip()).filter(lambda word: word != "")


def _written(raw: ir.Table) -> ir.TimestampValue:
    return ibis.coalesce(whole(raw.unix_timestamp).as_timestamp("s").cast("timestamp('UTC')"), any_time(raw.timestamp))


def sightings(raw: ir.Table) -> ir.Table:
    """The authors, in brief."""
    return conform(_authors(raw), record.SIGHTING)


def profiles(raw: ir.Table) -> ir.Table:
    """The authors, seen when the post was written at the earliest."""
    return conform(_authors(raw), record.PROFILE)


def _authors(raw: ir.Table) -> ir.Table:
    authors = raw.select(
        line="line",
        platform=ibis.literal("x"),
        account_id=number(raw.author_id),
        handle=_handle(raw.author),
        name=raw.author_fullname,
        followers=whole(raw.author_followers),
        observed_at=_written(raw),
    )
    return authors.filter(authors.account_id.notnull(), authors.handle.notnull())
