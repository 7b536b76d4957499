"""Bluesky as its AppView gives it out: post views, and the items of feeds and timelines around them.

A view holds the post's own record, its author and its counts. A feed item holds the view, the posts
it replies to (they came along), and the reason why it is there: of a repost the *repost* is
delivered, at the time of the reason, and the post came along. Quoted posts are views inside a view.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import bluesky_posts, bluesky_profiles
from netmed.read.bluesky_posts import COUNTS, ITEM, RECORD, is_did, is_post_uri, is_quoting, is_written
from netmed.read.values import conform, iso_time

AUTHOR = dt.Struct(bluesky_profiles.PROFILE)
_STATE = {"uri": "string", "author": AUTHOR, "indexedAt": "string", **dict.fromkeys(COUNTS.values(), "int64")}
_QUOTED = {**_STATE, "value": dt.Struct(RECORD)}
_EMBED = dt.Struct({"$type": "string", "record": dt.Struct({**_QUOTED, "record": dt.Struct(_QUOTED)})})
_VIEW = {**_STATE, "record": dt.Struct(RECORD), "embed": _EMBED}
_SHOWN = dt.Struct(_VIEW)

LINE = ibis.schema(
    {
        **bluesky_profiles.PROFILE,
        **_VIEW,
        "$type": "string",
        "post": _SHOWN,
        "reply": dt.Struct({"parent": _SHOWN, "root": _SHOWN, "grandparentAuthor": AUTHOR}),
        "reason": dt.Struct({"$type": "string", "by": AUTHOR, "uri": "string", "indexedAt": "string"}),
        "notFound": "boolean",
        "blocked": "boolean",
        # a thread nobody opened: only to say how much of it is lost
        "parent": "struct<post: struct<uri: string>>",
        "replies": "array<struct<uri: string>>",
        "kind": "string",  # of other formats
    }
)


# -- which lines are ours ---------------------------------------------------------------------------


def looks_like(line: Mapping[str, Any]) -> bool:
    """Whether ``recognised`` may know a line."""
    has_uri = str(line.get("uri")).startswith("at://") and any(key in line for key in ("record", "notFound", "blocked"))
    return has_uri or "post" in line or {"did", "handle"} <= line.keys() or ".defs#" in str(line.get("$type"))


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Post views, feed items, what stands for a post that is gone or blocked, and profiles."""
    is_ours = raw["$type"].re_search(r"^app\.bsky\.[a-z]+\.defs#").fill_null(False)
    is_gone = raw.uri.startswith("at://") & (raw.notFound | raw.blocked)
    return _is_view(raw) | _is_view(raw.post) | is_ours | is_gone.fill_null(False) | _is_profile(raw)


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """One post (or repost) or one profile; lost: posts without a URI, reposts by nobody, threads nobody opened."""
    is_post = _is_view(raw) | (_is_view(raw.post) & (~_is_repost(raw) | _reposter(raw).notnull()))
    is_lost = ~is_post & (is_written(raw.record) | is_written(raw.post.record))
    unopened = raw.replies.length().fill_null(0) + raw.parent.post.uri.notnull().cast("int64")
    return {
        "posts": is_post.cast("int64"),
        "profiles": _is_profile(raw).cast("int64"),
        "unusable": is_lost.cast("int64") + unopened,
    }


def _is_view(item: ir.Table | ir.StructValue) -> ir.BooleanValue:
    return is_post_uri(item["uri"]) & is_written(item["record"])


def _is_profile(raw: ir.Table) -> ir.BooleanValue:
    return is_did(raw.did) & raw.handle.notnull() & raw.uri.isnull() & raw.kind.isnull()


# -- posts --------------------------------------------------------------------------------------------


def posts(raw: ir.Table) -> ir.Table:
    """The posts and reposts of the lines (delivered), and the posts around and inside them (came along)."""
    views = _views(raw)
    inside = [views.embed.record, views.embed.record.record]
    quoted = views.filter(is_quoting(views.embed)).select(
        "file", item=ibis.array([ibis.struct({name: one[name] for name in _QUOTED}) for one in inside]).unnest()
    )
    quoted = quoted.unpack("item").rename(record="value").mutate(is_delivered=False, quoted_uri=ibis.null("string"))
    views = views.mutate(quoted_uri=_quoted_uri(views))
    along = quoted.filter(is_post_uri(quoted.uri), is_written(quoted.record))
    return ibis.union(bluesky_posts.posts(_items(views)), bluesky_posts.posts(_items(along)), _reposts(raw))


def _views(raw: ir.Table) -> ir.Table:
    """Every view of the lines, but not those inside others: ``file, is_delivered`` and the view."""
    itself = ibis.struct({name: raw[name] for name in _VIEW})
    found = [(itself, ibis.literal(True)), (raw.post, ~_is_repost(raw))]
    found += [(raw.reply.parent, ibis.literal(False)), (raw.reply.root, ibis.literal(False))]
    return ibis.union(
        *[
            raw.filter(_is_view(view)).select("file", is_delivered=is_delivered, item=view).unpack("item")
            for view, is_delivered in found
        ]
    )


def _quoted_uri(views: ir.Table) -> ir.StringValue:
    shown = views.embed.record
    return ibis.cases((is_quoting(views.embed), ibis.coalesce(shown.uri, shown.record.uri)))


def _items(views: ir.Table) -> ir.Table:
    return conform(
        views.select(
            *("file", "is_delivered", "uri", "record", "quoted_uri"),
            did=views.author.did,
            handle=views.author.handle,
            stored_at=iso_time(views.indexedAt),
            **{name: views[source] for name, source in COUNTS.items()},
        ),
        ITEM,
    )


def _is_repost(raw: ir.Table) -> ir.BooleanValue:
    """Whether a post is in a feed because somebody reposted it; a pinned one has a reason too, and is no repost."""
    by_somebody = raw.reason.by.did.notnull() | raw.reason.by.handle.notnull() | raw.reason.uri.notnull()
    return ibis.coalesce(raw.reason["$type"].endswith("#reasonRepost"), by_somebody)


def _reposter(raw: ir.Table) -> ir.StringValue:
    """The DID of who reposted; where the account is left out, the URI of the repost tells it."""
    return ibis.coalesce(bluesky_posts.real_did(raw.reason.by.did), bluesky_posts.did_in(raw.reason.uri))


def _reposts(raw: ir.Table) -> ir.Table:
    """The reposts that the reasons tell; one by nobody is lost, and the post of it came along all the same."""
    rows = raw.filter(_is_view(raw.post), _is_repost(raw), _reposter(raw).notnull())
    return bluesky_posts.reposts(
        rows.select(
            "file",
            by=_reposter(rows),
            handle=rows.reason.by.handle,
            subject=rows.post.uri,
            its_did=rows.post.author.did,
            its_handle=rows.post.author.handle,
            created_at=iso_time(rows.reason.indexedAt),
            observed_at=ibis.null("timestamp('UTC')"),
        )
    )


# -- profiles -----------------------------------------------------------------------------------------


def sightings(raw: ir.Table) -> ir.Table:
    """Whoever is shown in a line, ids and times only."""
    return bluesky_profiles.sightings(_people(raw, ("did", "handle")))


def profiles(raw: ir.Table) -> ir.Table:
    """Authors of the lines and of the posts around and inside them, and who reposted."""
    return bluesky_profiles.profiles(_people(raw, tuple(bluesky_profiles.PROFILE)))


def _people(raw: ir.Table, names: tuple[str, ...]) -> ir.Table:
    """``line, seen`` and the columns of a profile; seen at the newest time that the line tells."""
    seen = ibis.coalesce(
        iso_time(raw.reason.indexedAt),
        iso_time(raw.post.indexedAt),
        iso_time(raw.indexedAt),
        iso_time(raw.post.record.createdAt),
        iso_time(raw.record.createdAt),
    )
    embeds = [raw.embed, raw.post.embed, raw.reply.parent.embed, raw.reply.root.embed]
    shown = [raw.author, raw.post.author, raw.reason.by, raw.reply.parent.author, raw.reply.root.author]
    shown += [raw.reply.grandparentAuthor, *[embed.record.author for embed in embeds]]
    shown += [embed.record.record.author for embed in embeds]
    itself = ibis.struct({name: ibis.cases((_is_profile(raw), raw[name])) for name in names})
    whole = ibis.array([itself, *[ibis.struct({name: one[name] for name in names}) for one in shown]])
    return raw.select("line", seen=seen, item=whole.unnest()).unpack("item")
