"""Bluesky: what a post record says, whoever hands it out (the AppView, a repository, the firehose).

A post is known by its at-URI, ``at://<DID>/app.bsky.feed.post/<key>``. The DID in an at-URI tells whose
post it is, even where the post itself is gone, blocked or detached. Links in the text are *facets*:
a mention carries the DID of the account meant, and that counts, whatever the text says.

A repost is known by the post and by who reposts it, ``<at-URI of the post>#reposted-by:<DID>``: not every
source tells the at-URI that a repost has too, and the AppView itself counts a post once per reposter.
"""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.values import NOTHING, conform, iso_time

DID = r"^did:[a-z]+:[A-Za-z0-9._:%-]+$"
HANDLE = r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
POST_URI = r"^at://[A-Za-z0-9._:%-]+/app\.bsky\.feed\.post/[A-Za-z0-9._:~-]+$"
ANY_URI = r"^at://[A-Za-z0-9._:%-]+/[A-Za-z0-9.-]+/[A-Za-z0-9._:~-]+$"
NO_HANDLE = "handle.invalid"
"""What the AppView writes in place of a handle that no longer leads to its account."""

_LINK = {"external": "struct<uri: string>"}
_FEATURE = dt.Struct({"$type": "string", "did": "string", "tag": "string", "uri": "string"})
RECORD = {
    "$type": "string",
    "text": "string",
    "createdAt": "string",
    "langs": "array<string>",
    "tags": "array<string>",
    "facets": dt.Array(
        dt.Struct({"index": "struct<byteStart: int64, byteEnd: int64>", "features": dt.Array(_FEATURE)})
    ),
    "reply": "struct<parent: struct<uri: string>, root: struct<uri: string>>",
    "embed": dt.Struct(
        {
            "$type": "string",
            "record": "struct<uri: string, record: struct<uri: string>>",
            "media": dt.Struct(_LINK),
            **_LINK,
        }
    ),
}
"""``app.bsky.feed.post``, as far as it is read."""

COUNTS = {"likes": "likeCount", "retweets": "repostCount", "replies": "replyCount", "quotes": "quoteCount"}

ITEM = ibis.schema(
    {
        "file": "string",
        "is_delivered": "boolean",
        "uri": "string",
        "did": "string",  # the author, where the record says so; else the URI does
        "handle": "string",
        "record": dt.Struct(RECORD),
        "quoted_uri": "string",  # as the AppView shows it, should the record itself not say it
        "stored_at": "timestamp('UTC')",  # when the server took it in
        "observed_at": "timestamp('UTC')",
        **dict.fromkeys(COUNTS, "int64"),
    }
)
"""One post as found; ``posts`` reads them."""


def posts(items: ir.Table) -> ir.Table:
    """``ITEM`` → ``record.POST``."""
    said = items.record
    embedded = ibis.cases((is_quoting(said.embed), ibis.coalesce(said.embed.record.uri, said.embed.record.record.uri)))
    quoted = ibis.coalesce(embedded, items.quoted_uri)
    parent = ibis.cases((said.reply.parent.uri.re_search(ANY_URI), said.reply.parent.uri))
    items = items.mutate(
        quoted=ibis.cases((is_post_uri(quoted), quoted)), parent=parent, ruler=_ruler(said.text, said.facets)
    )
    said = items.record
    did = real_did(items.did)
    # A handle belongs to the DID it came with.
    handle = ibis.cases((did.notnull(), real_handle(items.handle)), else_=handle_in(items.uri))
    return conform(
        items.select(
            *("file", "is_delivered", "observed_at", *COUNTS),
            platform=ibis.literal("bluesky"),
            post_id=items.uri,
            author_id=ibis.coalesce(did, did_in(items.uri)),
            author_handle=handle,
            created_at=written_at(said.createdAt, items.stored_at),
            conversation_id=ibis.coalesce(said.reply.root.uri, items.uri),
            reply_post_id=items.parent,
            reply_account_id=did_in(items.parent),
            reply_handle=handle_in(items.parent),
            quote_post_id=items.quoted,
            quote_account_id=did_in(items.quoted),
            quote_handle=handle_in(items.quoted),
            lang=said.langs[0],
            hashtags=ibis.coalesce(_features(said.facets, "#tag", "tag"), NOTHING).concat(
                ibis.coalesce(said.tags, NOTHING)
            ),
            urls=_links(said),
            is_truncated=ibis.literal(False),
            text=said.text,
            shown_from=ibis.literal(0),  # Bluesky never fills in mentions
            mentions=_mentions(said.facets, items.ruler),
        ),
        record.POST,
    )


def reposts(items: ir.Table) -> ir.Table:
    """``file, by, handle, subject, created_at, observed_at`` (and the author of the subject) → ``record.POST``.

    ``by`` is the DID of who reposts (or what stands for it in an at-URI); ``subject`` the URI of the post
    reposted; ``its_did`` and ``its_handle``, where there, its author.
    """
    its_did = real_did(items.its_did)
    return conform(
        items.select(
            *("file", "created_at", "observed_at"),
            platform=ibis.literal("bluesky"),
            is_delivered=ibis.literal(True),
            post_id=items.subject + "#reposted-by:" + items.by,
            author_id=real_did(items.by),
            author_handle=ibis.coalesce(real_handle(items.handle), real_handle(items.by)),
            retweet_post_id=items.subject,
            retweet_account_id=ibis.coalesce(its_did, did_in(items.subject)),
            retweet_handle=ibis.cases(
                (its_did.notnull(), real_handle(items.its_handle)), else_=handle_in(items.subject)
            ),
            is_truncated=ibis.literal(False),
            shown_from=ibis.literal(0),
        ),
        record.POST,
    )


# -- ids ----------------------------------------------------------------------------------------------


def is_did(text: ir.StringValue) -> ir.BooleanValue:
    """Whether it is a DID."""
    return text.re_search(DID).fill_null(False)


def real_did(text: ir.StringValue) -> ir.StringValue:
    """A DID; null for anything else."""
    return ibis.cases((is_did(text), text))


def real_handle(text: ir.StringValue) -> ir.StringValue:
    """A handle; null for anything else, and for what stands for a lost one."""
    return ibis.cases((text.re_search(HANDLE) & (text != NO_HANDLE), text))


def is_post_uri(uri: ir.StringValue) -> ir.BooleanValue:
    """Whether it is the at-URI of a post; feeds, lists and starter packs have them too."""
    return uri.re_search(POST_URI).fill_null(False)


def did_in(uri: ir.StringValue) -> ir.StringValue:
    """The DID of an at-URI: whose record it is."""
    return real_did(authority(uri))


def handle_in(uri: ir.StringValue) -> ir.StringValue:
    """The handle of an at-URI that names its account so; rare, and null for all others."""
    return real_handle(authority(uri))


def authority(uri: ir.StringValue) -> ir.StringValue:
    """How an at-URI names its account: by its DID, rarely by its handle."""
    return uri.re_extract("^at://([^/]+)/", 1)


def is_written(said: ir.StructValue) -> ir.BooleanValue:
    """Whether a record of a post is there."""
    return said["text"].notnull() | said["createdAt"].notnull()


def is_quoting(embed: ir.StructValue) -> ir.BooleanValue:
    """Whether an embed is a record, with or without media beside it."""
    return embed["$type"].startswith("app.bsky.embed.record").fill_null(False)


# -- time ---------------------------------------------------------------------------------------------


def written_at(claimed: ir.StringValue, stored: ir.TimestampValue) -> ir.TimestampValue:
    """When a post was written: what the program of its author claims, as far as it can be.

    Where it claims no time, or one more than a day after the server took the post in, the server's counts.
    """
    told = iso_time(claimed)
    is_ahead = (told > stored + ibis.interval(days=1)).fill_null(False)
    return ibis.cases((told.isnull() | is_ahead, stored), else_=told)


# -- facets -------------------------------------------------------------------------------------------


def _features(facets: ir.ArrayValue, kind: str, value: str) -> ir.ArrayValue:
    """What the facets of a kind hold."""
    features = facets.map(lambda facet: facet["features"]).flatten()
    return features.filter(lambda feature: feature["$type"].endswith(kind)).map(lambda feature: feature[value])


def _links(said: ir.StructValue) -> ir.ArrayValue:
    embedded = ibis.array([said["embed"]["external"]["uri"], said["embed"]["media"]["external"]["uri"]])
    written = ibis.coalesce(_features(said["facets"], "#link", "uri"), NOTHING)
    return written.concat(embedded).filter(lambda url: url.notnull()).unique().sort()


_SIZES = {"[\x01-\x7f]": "a", "[\x80-\u07ff]": "b_", "[\u0800-\uffff]": "c__", "[\U00010000-\U0010ffff]": "d___"}
"""How many bytes a character has in UTF-8: a letter for the character, a line for each byte more."""


def _ruler(text: ir.StringValue, facets: ir.ArrayValue) -> ir.StringValue:
    """A text with as many signs as ``text`` has bytes, a letter where a character begins; only if it mentions."""
    ruler = text
    for characters, mark in _SIZES.items():
        ruler = ruler.re_replace(characters, mark)
    return ibis.cases((_features(facets, "#mention", "did").length() > 0, ruler))


def _place(ruler: ir.StringValue, byte: ir.IntegerValue) -> ir.IntegerValue:
    """How many characters begin before a byte; null outside the text."""
    inside = ibis.cases(((byte >= 0) & (byte <= ruler.length()), byte))
    return ruler.substr(0, inside).replace("_", "").length()


def _mentions(facets: ir.ArrayValue, ruler: ir.StringValue) -> ir.ArrayValue:
    """The accounts meant, by DID; offsets in bytes become offsets in code points."""

    def mentioned(facet: ir.StructValue) -> ir.ArrayValue:
        start, end = _place(ruler, facet["index"]["byteStart"]), _place(ruler, facet["index"]["byteEnd"])
        meant = facet["features"].filter(lambda feature: feature["$type"].endswith("#mention") & is_did(feature["did"]))
        return meant.map(
            lambda feature: ibis.struct(
                {"start": start, "end": end, "handle": ibis.null("string"), "id": feature["did"]}
            )
        )

    return facets.map(mentioned).flatten()
