"""Zeeschuimer's captures of X: one item per line, in ``data``, as X's own pages get it (GraphQL).

4CAT keeps the same items with ``data`` opened and the rest in ``__import_meta``. A post's facts are in
``legacy``, worded as in API v1.1; its author in ``core``; long texts in ``note_tweet``. Reposted and quoted
posts are whole posts inside: they came along. Items before 2023 ("adaptive") have ``legacy`` and ``user``.
"""

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.cells import whole
from netmed.read.values import NOTHING, any_time, conform, number

_USER = {
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
_RESULT = dt.Struct(
    {
        "rest_id": "string",
        "legacy": dt.Struct(_USER),
        "core": "struct<screen_name: string, name: string, created_at: string>",
        "location": "struct<location: string>",
        "privacy": "struct<protected: boolean>",
        "verification": "struct<verified: boolean>",
    }
)
_ENTITIES = {
    "user_mentions": "array<struct<id_str: string, screen_name: string, indices: array<int64>>>",
    "hashtags": "array<struct<text: string>>",
    "urls": "array<struct<expanded_url: string>>",
}
_NOTE = dt.Struct({"text": "string", "entity_set": dt.Struct(_ENTITIES)})
_LEGACY = {
    "id_str": "string",
    "user_id_str": "string",
    "created_at": "string",
    "full_text": "string",
    "display_text_range": "array<int64>",
    "entities": dt.Struct(_ENTITIES),
    "conversation_id_str": "string",
    "in_reply_to_status_id_str": "string",
    "in_reply_to_user_id_str": "string",
    "in_reply_to_screen_name": "string",
    "quoted_status_id_str": "string",
    "quoted_status_permalink": "struct<expanded: string>",
    "retweeted_status_id_str": "string",
    "lang": "string",
    "favorite_count": "int64",
    "retweet_count": "int64",
    "reply_count": "int64",
    "quote_count": "int64",
}


def _within(post: dict[str, Any]) -> dt.Struct:
    """A post as a result, which may be wrapped once more (posts with limited visibility)."""
    return dt.Struct({"result": dt.Struct({**post, "tweet": dt.Struct(post)})})


def _post(reposted: dt.Struct, quoted: dt.Struct) -> dict[str, Any]:
    return {
        "rest_id": "string",
        "core": dt.Struct({"user_results": dt.Struct({"result": _RESULT})}),
        "legacy": dt.Struct({**_LEGACY, "retweeted_status_result": reposted}),
        "note_tweet": dt.Struct({"note_tweet_results": dt.Struct({"result": _NOTE})}),
        "views": "struct<count: string>",
        "quoted_status_result": quoted,
    }


_ID = _within({"rest_id": "string"})
_QUOTED = _within(_post(_ID, _ID))
_REPOSTED = _within(_post(_ID, _QUOTED))
_ITEM = _post(_REPOSTED, _QUOTED)
_OUTER = {**_ITEM, "tweet": dt.Struct(_ITEM), "user": dt.Struct({"id_str": "string", **_USER})}

CAPTURE = ibis.schema({"data": dt.Struct(_OUTER), "timestamp_collected": "int64", "source_platform": "string"})
OPENED = ibis.schema({**_OUTER, "__import_meta": "struct<timestamp_collected: int64>"})


# -- one table of items, whatever holds them ------------------------------------------------------------


def _captured(raw: ir.Table) -> list[ir.Table]:
    return _items(raw, raw.data, raw.timestamp_collected)


def _opened(raw: ir.Table) -> list[ir.Table]:
    return _items(raw, raw, raw["__import_meta"]["timestamp_collected"])


def _items(raw: ir.Table, outer: Any, collected: ir.IntegerValue) -> list[ir.Table]:
    """``line, file, observed, seen, item`` of the posts themselves, and of those inside them.

    ``observed`` is when X's page was captured, ``seen`` that or at least when the post was written.

    The first table also has ``user``, the profile beside the post in old items. Then come the reposted posts, those
    that these quote, and the quoted posts; each table has only the rows where there is one.
    """
    observed = (collected // 1000).as_timestamp("s").cast("timestamp('UTC')")
    is_wrapped = outer["tweet"]["rest_id"].notnull()
    plain = ibis.struct({name: outer[name] for name in _ITEM})
    written = any_time(ibis.coalesce(outer["legacy"]["created_at"], outer["tweet"]["legacy"]["created_at"]))
    rows = raw.select(
        "line",
        "file",
        observed=observed,
        seen=ibis.coalesce(observed, written),
        user=outer["user"],
        item=_settled(ibis.cases((is_wrapped, outer["tweet"]), else_=plain)),
    )

    def held(holder: Any, wrapped: Any) -> ir.Table:
        seen = ibis.coalesce(observed, written)
        return raw.select("line", "file", observed=observed, seen=seen, holder=ibis.coalesce(holder, wrapped))

    reposts = held(outer["legacy"]["retweeted_status_result"], outer["tweet"]["legacy"]["retweeted_status_result"])
    quotes = held(outer["quoted_status_result"], outer["tweet"]["quoted_status_result"])
    reposted = _within_each(reposts, reposts.holder, _REPOSTED)
    return [
        rows,
        reposted,
        _within_each(reposted, reposted.item["quoted_status_result"], _QUOTED),
        _within_each(quotes, quotes.holder, _QUOTED),
    ]


def _within_each(items: ir.Table, holder: Any, kind: dt.Struct) -> ir.Table:
    having = items.filter(_id_of(holder).notnull())
    return having.select("line", "file", "observed", "seen", item=_settled(_unwrapped(holder, kind)))


def _settled(value: ir.Value) -> ir.Value:
    """The value as a column of its own: Ibis writes an expression out again wherever it is used, and a database
    takes seconds to plan posts within posts within posts.
    """
    return ibis.array([value]).unnest()


def captured_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines with a post in ``data``."""
    return _is_post(raw.data) | _is_post(raw.data["tweet"])


def opened_recognised(raw: ir.Table) -> ir.BooleanValue:
    """Lines that are a post of X's pages."""
    return _is_post(raw) | _is_post(raw.tweet)


def _is_post(post: Any) -> ir.BooleanValue:
    return _post_id(post).notnull() & post["legacy"]["full_text"].notnull()


def _post_id(post: Any) -> ir.StringValue:
    return number(ibis.coalesce(post["rest_id"], post["legacy"]["id_str"]))


def captured_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised line is one post."""
    return {"posts": captured_recognised(raw).cast("int64")}


def opened_counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every recognised line is one post."""
    return {"posts": opened_recognised(raw).cast("int64")}


# -- posts ----------------------------------------------------------------------------------------------


def captured_posts(raw: ir.Table) -> ir.Table:
    """The posts of the lines (delivered), and those inside them (came along)."""
    return _all_posts(_captured(raw))


def opened_posts(raw: ir.Table) -> ir.Table:
    """The same of items that 4CAT keeps."""
    return _all_posts(_opened(raw))


def _all_posts(items: list[ir.Table]) -> ir.Table:
    delivered, *inside = items
    nobody = ibis.null(delivered.user.type())
    return ibis.union(
        _posts(delivered.select("file", "observed", "item", "user"), delivered=True),
        *[_posts(some.select("file", "observed", "item", user=nobody), delivered=False) for some in inside],
    )


def _unwrapped(holder: Any, kind: dt.Struct) -> Any:
    result = holder["result"]
    plain = ibis.struct({name: result[name] for name in kind["result"]["tweet"]})
    return ibis.cases((result["tweet"]["rest_id"].notnull(), result["tweet"]), else_=plain)


def _posts(posts: ir.Table, *, delivered: bool) -> ir.Table:
    """Items → ``record.POST``; ``posts`` has ``file, observed, item, user``."""
    posts = posts.filter(_is_post(posts.item))
    item, legacy = posts.item, posts.item["legacy"]
    note = item["note_tweet"]["note_tweet_results"]["result"]
    entities, own = note["entity_set"], legacy["entities"]
    author, profile = _author(item)
    hidden = legacy["display_text_range"][0]
    is_same = note["text"].substr(0, hidden) == legacy["full_text"].substr(0, hidden)
    links = ibis.coalesce(entities["urls"], own["urls"]).map(lambda url: url["expanded_url"])
    permalink = legacy["quoted_status_permalink"]["expanded"]
    return conform(
        posts.select(
            file="file",
            platform=ibis.literal("x"),
            is_delivered=ibis.literal(delivered),
            is_truncated=ibis.literal(False),
            post_id=_post_id(item),
            author_id=ibis.coalesce(author, number(posts.user["id_str"])),
            author_handle=ibis.coalesce(profile, posts.user["screen_name"]),
            created_at=any_time(legacy["created_at"]),
            observed_at="observed",
            conversation_id=number(legacy["conversation_id_str"]),
            reply_post_id=number(legacy["in_reply_to_status_id_str"]),
            reply_account_id=number(legacy["in_reply_to_user_id_str"]),
            reply_handle=legacy["in_reply_to_screen_name"],
            quote_post_id=number(ibis.coalesce(legacy["quoted_status_id_str"], _id_of(item["quoted_status_result"]))),
            retweet_post_id=number(
                ibis.coalesce(_id_of(legacy["retweeted_status_result"]), legacy["retweeted_status_id_str"])
            ),
            lang=legacy["lang"],
            hashtags=ibis.coalesce(entities["hashtags"], own["hashtags"]).map(lambda hashtag: hashtag["text"]),
            urls=ibis.coalesce(links, NOTHING).concat(
                ibis.cases((permalink.notnull(), ibis.array([permalink])), else_=NOTHING)
            ),
            likes=legacy["favorite_count"],
            retweets=legacy["retweet_count"],
            replies=legacy["reply_count"],
            quotes=legacy["quote_count"],
            impressions=whole(item["views"]["count"]),
            text=ibis.coalesce(note["text"], legacy["full_text"]),
            # The range is that of the short text; a long text that begins otherwise hides nothing.
            shown_from=ibis.cases((note["text"].isnull() | is_same, hidden), else_=0),
            mentions=ibis.coalesce(entities["user_mentions"], own["user_mentions"]).map(
                lambda m: ibis.struct(
                    {
                        "start": m["indices"][0],
                        "end": m["indices"][1],
                        "handle": m["screen_name"],
                        "id": number(m["id_str"]),
                    }
                )
            ),
        ),
        record.POST,
    )


def _author(item: Any) -> tuple[ir.StringValue, ir.StringValue]:
    """Id and handle; profiles that X's page had already may be missing, the id never is."""
    user = item["core"]["user_results"]["result"]
    account_id = ibis.coalesce(number(item["legacy"]["user_id_str"]), number(user["rest_id"]))
    return account_id, ibis.coalesce(user["core"]["screen_name"], user["legacy"]["screen_name"])


def _id_of(holder: Any) -> ir.StringValue:
    return ibis.coalesce(holder["result"]["rest_id"], holder["result"]["tweet"]["rest_id"])


# -- profiles -------------------------------------------------------------------------------------------


def captured_profiles(raw: ir.Table) -> ir.Table:
    """Authors of the posts and of those inside them, seen when the page was."""
    return conform(_people(_captured(raw)), record.PROFILE)


def captured_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return conform(_people(_captured(raw)), record.SIGHTING)


def opened_profiles(raw: ir.Table) -> ir.Table:
    """The same of items that 4CAT keeps."""
    return conform(_people(_opened(raw)), record.PROFILE)


def opened_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return conform(_people(_opened(raw)), record.SIGHTING)


def _people(items: list[ir.Table]) -> ir.Table:
    delivered = items[0]
    beside = delivered.select(
        "line",
        platform=ibis.literal("x"),
        account_id=number(delivered.user["id_str"]),
        handle=delivered.user["screen_name"],
        observed_at="seen",
        **_facts(delivered.user),
    )
    people = ibis.union(*map(_authors, items), beside)
    return people.filter(people.account_id.notnull(), people.handle.notnull())


def _authors(items: ir.Table) -> ir.Table:
    user = items.item["core"]["user_results"]["result"]
    return _profile(items.select("line", "seen", item=user, handle_of=_author(items.item)[1]))


def _profile(users: ir.Table) -> ir.Table:
    user = users.item
    facts = _facts(user["legacy"])
    return users.select(
        "line",
        platform=ibis.literal("x"),
        account_id=number(user["rest_id"]),
        handle=users.handle_of,
        observed_at="seen",
        **facts
        | {
            "name": ibis.coalesce(user["core"]["name"], facts["name"]),
            "location": ibis.coalesce(user["location"]["location"], facts["location"]),
            "verified": ibis.coalesce(user["verification"]["verified"], facts["verified"]),
            "protected": ibis.coalesce(user["privacy"]["protected"], facts["protected"]),
            "created_at": ibis.coalesce(user["core"]["created_at"], facts["created_at"]),
        },
    )


def _facts(user: Any) -> dict[str, ir.Value]:
    counts = {"followers": "followers_count", "following": "friends_count", "posts_total": "statuses_count"}
    named = ("name", "description", "location", "verified", "protected", "created_at")
    return {name: user[name] for name in named} | {name: user[source] for name, source in counts.items()}
