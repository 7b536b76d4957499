"""rtweet's tables (R, X API v1.1) of both generations: 35 and 42 columns (0.4 to 0.6), 88 and 90 (0.6 and 0.7).

Lists are words between spaces, "unknown" is ``NA``, and `write_as_csv` puts an ``x`` in front of ids.
Mentions come as two lists beside each other, ids and handles, without their places. The newer generation
tells author, words and profile of a post quoted or reposted: it came along. The older one has only its id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import every_mention, hashtags_in, prefixed_number, whole, words, yes_or_no
from netmed.read.values import any_time, conform, handles_in

MISSING = ("", "NA")

# Of every fact the names it has had, the newest first.
_REPLY_POST = ("reply_to_status_id", "in_reply_to_status_status_id", "in_reply_to_status_id")
_REPLY_ACCOUNT = ("reply_to_user_id", "in_reply_to_status_user_id", "in_reply_to_user_id")
_REPLY_HANDLE = ("reply_to_screen_name", "in_reply_to_status_screen_name", "in_reply_to_screen_name")
_QUOTE_POST = ("quoted_status_id", "quote_status_id")
_URLS = ("urls_expanded_url", "urls_expanded")
_COUNTS = {
    "likes": "favorite_count",
    "retweets": "retweet_count",
    "replies": "reply_count",
    "quotes": "quote_count",
}
_PROFILE = {
    "name": "name",
    "description": "description",
    "location": "location",
    "followers": "followers_count",
    "following": "friends_count",
    "posts_total": "statuses_count",
    "verified": "verified",
    "protected": "protected",
}
_INSIDE = ("user_id", "screen_name", "text", "created_at", "favorite_count", "retweet_count", *_PROFILE.values())

COLUMNS = ibis.schema(
    dict.fromkeys(
        (
            *("status_id", "user_id", "screen_name", "created_at", "text", "lang", "is_retweet", "account_created_at"),
            *(*_REPLY_POST, *_REPLY_ACCOUNT, *_REPLY_HANDLE, *_QUOTE_POST, "retweet_status_id", *_URLS),
            *("mentions_user_id", "mentions_screen_name", "hashtags", *_COUNTS.values(), *_PROFILE.values()),
            *(f"{kind}_{name}" for kind in ("quoted", "retweet") for name in _INSIDE),
        ),
        "string",
    )
)


def looks_like(columns: Mapping[str, Any]) -> bool:
    """Posts with rtweet's own names, or its tables of accounts."""
    have = set(columns)
    has_posts = {"status_id", "user_id", "screen_name", "text", "is_retweet", "mentions_screen_name"} <= have
    has_accounts = {"user_id", "screen_name", "followers_count", "statuses_count", "favourites_count"} <= have
    return has_posts or (has_accounts and "text" not in have)


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Rows with a whole id of a post, or of nothing but an account."""
    return _is_post(raw) | _is_account(raw)


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised row is one post or one account."""
    return {"posts": _is_post(raw).cast("int64"), "profiles": _is_account(raw).cast("int64")}


def _is_post(raw: ir.Table) -> ir.BooleanValue:
    return prefixed_number(raw.status_id).notnull() & (raw.user_id.notnull() | raw.screen_name.notnull())


def _is_account(raw: ir.Table) -> ir.BooleanValue:
    nothing_said = raw.status_id.isnull() & raw.text.isnull()
    return nothing_said & prefixed_number(raw.user_id).notnull() & raw.screen_name.notnull()


def _first(raw: ir.Table, names: Sequence[str]) -> ir.StringValue:
    return ibis.coalesce(*[raw[name] for name in names])


# -- posts ------------------------------------------------------------------------------------------


def posts(raw: ir.Table) -> ir.Table:
    """The posts of the rows (delivered), and those quoted or reposted where their author is told (came along)."""
    rows = raw.filter(_is_post(raw))
    handles, ids = words(rows.mentions_screen_name), words(rows.mentions_user_id).map(prefixed_number)
    rows = rows.mutate(
        platform=ibis.literal("x"),
        is_truncated=ibis.literal(False),
        # Ids stand beside their handles; lists of unlike length stand beside nothing.
        named=handles,
        ids=ibis.cases((ids.length() == handles.length(), ids), else_=handles.map(lambda _: ibis.null("string"))),
        hashtags=words(rows.hashtags),
        urls=words(_first(rows, _URLS)),
    )
    return ibis.union(_delivered(rows), _reposted(rows), _quoted(rows))


def _delivered(rows: ir.Table) -> ir.Table:
    after_rt = rows.text.re_extract("^RT @([A-Za-z0-9_]{1,20}):", 1)
    is_lost = yes_or_no(rows.is_retweet) & rows.retweet_status_id.isnull() & (after_rt != "")
    return conform(
        rows.mutate(
            is_delivered=ibis.literal(True),
            post_id=prefixed_number(rows.status_id),
            author_id=prefixed_number(rows.user_id),
            author_handle=rows.screen_name,
            created_at=any_time(rows.created_at),
            reply_post_id=prefixed_number(_first(rows, _REPLY_POST)),
            reply_account_id=prefixed_number(_first(rows, _REPLY_ACCOUNT)),
            reply_handle=_first(rows, _REPLY_HANDLE),
            quote_post_id=prefixed_number(_first(rows, _QUOTE_POST)),
            quote_account_id=prefixed_number(rows.quoted_user_id),
            quote_handle=rows.quoted_screen_name,
            retweet_post_id=prefixed_number(rows.retweet_status_id),
            retweet_account_id=prefixed_number(rows.retweet_user_id),
            retweet_handle=ibis.coalesce(rows.retweet_screen_name, ibis.cases((is_lost, after_rt))),
            mentions=every_mention(rows.text, rows.named, rows.ids),
            **{name: whole(rows[source]) for name, source in _COUNTS.items()},
        ),
        record.POST,
    )


def _reposted(rows: ir.Table) -> ir.Table:
    """The row lists whom the original mentions, after its author; hashtags that a cut repost lacks are in the text."""
    mentions = every_mention(rows.retweet_text, rows.named, rows.ids).filter(lambda m: m["start"].notnull())
    hashtags = ibis.coalesce(hashtags_in(rows.retweet_text), rows.hashtags)
    along = _inside(rows.mutate(mentions=mentions, hashtags=hashtags), "retweet", rows.retweet_status_id)
    return conform(along, record.POST)


def _quoted(rows: ir.Table) -> ir.Table:
    """Of the quoted post no lists are told: its mentions are looked for in the text."""
    mentions = every_mention(rows.quoted_text, handles_in(rows.quoted_text))
    rows = rows.drop("hashtags", "urls").mutate(mentions=mentions, mentions_from_text=ibis.literal(True))
    return conform(_inside(rows, "quoted", _first(rows, _QUOTE_POST)), record.POST)


def _inside(rows: ir.Table, kind: str, post_id: ir.StringValue) -> ir.Table:
    along = rows.mutate(
        is_delivered=ibis.literal(False),
        post_id=prefixed_number(post_id),
        author_id=prefixed_number(rows[f"{kind}_user_id"]),
        author_handle=rows[f"{kind}_screen_name"],
        created_at=any_time(rows[f"{kind}_created_at"]),
        text=rows[f"{kind}_text"],
        likes=whole(rows[f"{kind}_favorite_count"]),
        retweets=whole(rows[f"{kind}_retweet_count"]),
    ).drop("lang")
    return along.filter(along.post_id.notnull(), along.author_id.notnull() | along.author_handle.notnull())


# -- accounts ---------------------------------------------------------------------------------------


def sightings(raw: ir.Table) -> ir.Table:
    """Authors of the rows, and of the posts quoted and reposted in them, in brief."""
    return ibis.union(*[conform(users, record.SIGHTING) for users in _users(raw)])


def profiles(raw: ir.Table) -> ir.Table:
    """The same whole, seen when the row's post was written at the earliest."""
    return ibis.union(*[_profile(users) for users in _users(raw)])


def _users(raw: ir.Table) -> list[ir.Table]:
    seen = any_time(raw.created_at)
    own = {name: raw[source] for name, source in _PROFILE.items()}
    accounts = [raw.select("line", "user_id", "screen_name", **own, created_at="account_created_at", observed_at=seen)]
    for kind in ("quoted", "retweet"):
        inside = {name: raw[f"{kind}_{source}"] for name, source in _PROFILE.items()}
        who = {name: raw[f"{kind}_{name}"] for name in ("user_id", "screen_name")}
        accounts.append(raw.select("line", **who, **inside, observed_at=seen))
    return [_identified(users) for users in accounts]


def _identified(users: ir.Table) -> ir.Table:
    """Accounts of which more is told than id and handle: less is no profile, and posts tell it too."""
    users = users.mutate(
        platform=ibis.literal("x"), account_id=prefixed_number(users.user_id), handle=users.screen_name
    )
    is_profile = users.name.notnull() | users.followers.notnull() | users.description.notnull()
    return users.filter(users.account_id.notnull(), users.handle.notnull(), is_profile)


def _profile(users: ir.Table) -> ir.Table:
    numbers = {name: whole(users[name]) for name in ("followers", "following", "posts_total")}
    marks = {name: yes_or_no(users[name]) for name in ("verified", "protected")}
    return conform(users.mutate(**numbers, **marks), record.PROFILE)
