"""Any table or JSON lines as posts, where a person says which column is what (``--map author=screen_name``).

A mapping is field → column. Columns of JSON may be reached by a dotted path (``author=user.name``), in
lists of records too (``mentions=entities.mentions.username``). Nothing is guessed from a column's name.

Without ids of posts a row is known by what it says: rows alike in all that is mapped are one post.
"""

from collections.abc import Mapping
from functools import partial

import ibis
import ibis.expr.types as ir

from netmed.errors import InputError
from netmed.read import record
from netmed.read.cells import every_mention, hashtags_in, whole
from netmed.read.mapping import Columns, checked
from netmed.read.readers import Reader
from netmed.read.values import LINK, NOTHING, any_time, conform, handles_in, located, number

COUNTS = ("likes", "retweets", "replies", "quotes", "impressions")
REFERENCES = {"reply": "reply_to", "retweet": "retweet_of", "quote": "quote_of"}
ROUNDED = "^[0-9](\\.[0-9]+)?[eE][+]?[0-9]+$"
BETWEEN_HANDLES = r"[^\p{L}\p{N}_.@:-]+"
"""Stands between handles and ids in a cell: whatever list it is (JSON, Python, R, or separated by anything)."""
BETWEEN_X_HANDLES = r"[^\p{L}\p{N}_@]+"
NO_FILLING_IN = ("bluesky",)
"""Platforms that never put mentions in front of a reply by themselves; X does, and Mastodon's own clients do."""
NO_DIRECTED_POSTS = ("mastodon",)
"""Platforms where a reply always replies to a post, even if no column tells to which."""


def mapped_readers(mapping: Mapping[str, str]) -> tuple[Reader, Reader]:
    """The reader of tables and the reader of JSON lines that follow a mapping; ask them after all others.

    Raises ``InputError`` and ``UnknownNameError`` for a mapping that cannot be used.
    """
    columns = Columns(checked(mapping))

    def reader(name: str, title: str, *, is_table: bool) -> Reader:
        return Reader(
            name,
            title,
            columns.schema(),
            columns.schema(),
            columns.are_in,
            partial(_recognised, columns),
            partial(_counts, columns),
            partial(_posts, columns),
            partial(_sightings, columns),
            partial(_profiles, columns),
            is_table=is_table,
            missing=("", "NA", "NaN", "nan", "NULL", "null", "None"),
            ids=columns.ids,
            check=partial(_looked_over, columns),
        )

    return (
        reader("mapped-table", "Any table, by --map field=column", is_table=True),
        reader("mapped-lines", "Any JSON lines, by --map field=column", is_table=False),
    )


def _looked_over(columns: Columns, raw: ir.Table) -> dict[str, int]:
    """How many times cannot be read, by file. Raises ``InputError`` where none can, or mentions name nobody."""
    _refuse_unread_mentions(columns, raw)
    if "created_at" not in columns:
        return {}
    said = columns.cell(raw, "created_at")
    is_unread = said.notnull() & _time(columns, raw).isnull()
    counted = raw.group_by("file").agg(
        said=said.notnull().sum(), unread=is_unread.sum(), example=said.min(where=is_unread)
    )
    found = {}
    for row in counted.order_by("file").execute().itertuples():
        if row.unread and row.unread == row.said:
            raise InputError(
                f"--map created_at={columns.mapping['created_at']}: none of {int(row.said):,} times in {row.file} can "
                f"be read (such as {row.example[:30]!r}); wanted is YYYY-MM-DD, with T12:00:00Z if the hour is known"
            )
        if row.unread:
            found[str(row.file)] = int(row.unread)
    return found


def _refuse_unread_mentions(columns: Columns, raw: ir.Table) -> None:
    """Raise ``InputError`` where the mentions are records and the mapping does not say which key is the handle."""
    for field in ("mentions", "mention_ids"):
        if field not in columns:
            continue
        name = columns.mapping[field]
        top = name.split(".")[0]
        has_records = raw[top].re_search(r"[\[{]\s*[\[{]").fill_null(False)
        named = _listed(columns, raw, field, BETWEEN_HANDLES).length() > 0
        told = raw.aggregate(records=has_records.sum(), read=(has_records & named).sum()).execute().iloc[0]
        if (told["records"] or 0) > 0 and not told["read"]:
            raise InputError(
                f"--map {field}={name}: {int(told['records']):,} rows hold records there, and none names an account "
                f"by that path; say the key that does, such as {top}.username or {top}.id"
            )


def _recognised(columns: Columns, raw: ir.Table) -> ir.BooleanValue:
    """Rows with an author, and with the post's id or at least something said."""
    author = columns.cell(raw, "author").notnull() | columns.cell(raw, "author_id").notnull()
    if "post_id" in columns:
        return author & _proper(_platform(columns, raw), columns.cell(raw, "post_id")).notnull()
    said = [columns.cell(raw, field).notnull() for field in columns.speech]
    return author & ibis.or_(*said)


def _counts(columns: Columns, raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """Every row is one post."""
    return {"posts": _recognised(columns, raw).cast("int64"), "profiles": ibis.literal(0)}


def _posts(columns: Columns, raw: ir.Table) -> ir.Table:
    platform = _platform(columns, raw)
    handle, account_id = _account(columns, raw, platform, "author", "author_id")
    text = columns.cell(raw, "text")
    mentions, from_text = _mentions(columns, raw, platform, text)
    references = {}
    for kind, field in REFERENCES.items():
        whom, whose = _account(columns, raw, platform, field, f"{field}_id")
        references[f"{kind}_handle"], references[f"{kind}_account_id"] = whom, whose
        references[f"{kind}_post_id"] = _proper(platform, columns.cell(raw, f"{field}_post_id"))
    if not any(field in columns for field in ("retweet_of", "retweet_of_id", "retweet_of_post_id")):
        references["retweet_handle"] = _reposted(platform, text, references)
    references["reply_post_id"] = _replied_to(platform, _post_id(columns, raw, platform), references)
    hashtags = (
        _listed(columns, raw, "hashtags", r"[^\p{L}\p{M}\p{N}_]+") if "hashtags" in columns else hashtags_in(text)
    )
    return conform(
        raw.select(
            file="file",
            platform=platform,
            is_delivered=ibis.literal(True),
            post_id=_post_id(columns, raw, platform),
            author_id=account_id,
            author_handle=handle,
            created_at=_time(columns, raw),
            conversation_id=columns.cell(raw, "conversation_id"),
            lang=columns.cell(raw, "lang"),
            hashtags=hashtags,
            urls=_links(columns, raw),
            is_truncated=ibis.literal(False),
            text=text,
            shown_from=ibis.cases((platform.isin(NO_FILLING_IN), 0)),
            mentions_from_text=ibis.literal(from_text),
            mentions=mentions,
            **{name: whole(columns.cell(raw, name)) for name in COUNTS},
            **references,
        ),
        record.POST,
    )


def _reposted(platform: ir.StringValue, text: ir.StringValue, references: dict[str, ir.StringValue]) -> ir.StringValue:
    """Whom a text reposts that begins as X words a repost, where no column tells; a reply is none."""
    author = text.re_extract("^RT @([A-Za-z0-9_]{1,20}):", 1)
    replies = ibis.or_(*[references[f"reply_{end}"].notnull() for end in ("handle", "account_id", "post_id")])
    return ibis.cases((platform.isin(["x", "any"]) & (author != "") & ~replies, author))


def _replied_to(
    platform: ir.StringValue, post_id: ir.StringValue, references: dict[str, ir.StringValue]
) -> ir.StringValue:
    """The post replied to; where only the account is told and there must be a post, a name that no post has."""
    is_reply = references["reply_handle"].notnull() | references["reply_account_id"].notnull()
    unknown = ibis.cases((platform.isin(NO_DIRECTED_POSTS) & is_reply, post_id + "#replied-to"))
    return ibis.coalesce(references["reply_post_id"], unknown)


# -- who and when -------------------------------------------------------------------------------------


def _platform(columns: Columns, raw: ir.Table) -> ir.StringValue:
    """The constant, or what the column says; a word that cannot be a platform is ``any``."""
    if columns.platform is not None:
        return ibis.literal(columns.platform)
    said = columns.cell(raw, "platform").lower()
    return ibis.cases((said == "twitter", "x"), (said.re_search("^[a-z][a-z0-9-]*$"), said), else_="any")


def _proper(platform: ir.StringValue, text: ir.StringValue) -> ir.StringValue:
    """An id; null where it is none: on X all are digits, and nowhere have they been rounded (1.23E+18)."""
    return ibis.cases((platform == "x", number(text)), (~text.re_search(ROUNDED), text))


def _account(
    columns: Columns, raw: ir.Table, platform: ir.StringValue, handle_field: str, id_field: str
) -> tuple[ir.StringValue, ir.StringValue]:
    """Handle and id; on Mastodon ``user@host`` is both."""
    handle = _handle(columns.cell(raw, handle_field))
    account_id = _proper(platform, columns.cell(raw, id_field))
    return handle, ibis.coalesce(account_id, _mastodon_id(platform, handle))


def _handle(text: ir.StringValue) -> ir.StringValue:
    """A handle without the ``@`` in front; null where nothing is left."""
    return text.strip().re_replace("^@|[.]+$", "").nullif("")


def _mastodon_id(platform: ir.StringValue, handle: ir.StringValue) -> ir.StringValue:
    return ibis.cases(((platform == "mastodon") & handle.contains("@"), handle.lower()))


def _time(columns: Columns, raw: ir.Table) -> ir.TimestampValue:
    """ISO 8601, the format of X's API v1.1, or seconds or milliseconds since 1970; null for anything else."""
    text = columns.cell(raw, "created_at")
    since = ibis.cases((text.re_search(r"^[0-9]{9,10}(\.0*)?$|^[0-9]{12,13}$"), whole(text)))
    seconds = ibis.cases((since > 10**11, since // 1000), else_=since)
    return ibis.coalesce(seconds.as_timestamp("s").cast("timestamp('UTC')"), any_time(text))


def _post_id(columns: Columns, raw: ir.Table, platform: ir.StringValue) -> ir.StringValue:
    """The post's id; where none is mapped, one made from all that is."""
    if "post_id" in columns:
        return _proper(platform, columns.cell(raw, "post_id"))
    said = [columns.cell(raw, field).fill_null("") for field in sorted(columns.mapping) if field != "platform"]
    return ibis.literal("row-").concat(platform.concat(*["\x1f" + cell for cell in said]).hexdigest("sha256")[:16])


# -- lists --------------------------------------------------------------------------------------------


def _listed(columns: Columns, raw: ir.Table, field: str, between: str) -> ir.ArrayValue:
    """The words of a list, however it is written; null where no column is mapped."""
    if field not in columns:
        return ibis.null("array<string>")
    return ibis.coalesce(columns.inner_list(raw, field), _split(columns.cell(raw, field), between), NOTHING)


def _split(cell: ir.StringValue, between: str) -> ir.ArrayValue:
    """Words of a cell; none of a cell that holds records, where a path has to say which key is meant."""
    words = cell.re_replace(r"^c\(", " ").re_replace(between, " ").split(" ").filter(lambda word: word != "")
    return ibis.cases((~cell.contains("{"), words))


def _links(columns: Columns, raw: ir.Table) -> ir.ArrayValue:
    """Links may hold commas; a comma before the next link ends one."""
    found = _listed(columns, raw, "urls", r"[\s\"'\[\]|]+|,\s+|[,;]$")
    return found.map(lambda word: word.replace(",http", " http").replace(";http", " http").split(" ")).flatten()


def _mentions(
    columns: Columns, raw: ir.Table, platform: ir.StringValue, text: ir.StringValue
) -> tuple[ir.ArrayValue, bool]:
    """Mentioned accounts, found again in the text; and whether they had to be found there in the first place."""
    if "mentions" not in columns and "mention_ids" not in columns:
        return _whole(every_mention(text, _named(platform, text)), platform, text), True
    listed = _listed(columns, raw, "mentions", BETWEEN_HANDLES)
    if "mentions" in columns:
        # On X a handle has neither dots nor colons: they end it there.
        listed = ibis.cases((platform == "x", _listed(columns, raw, "mentions", BETWEEN_X_HANDLES)), else_=listed)
    handles = listed.map(_handle).filter(lambda handle: handle.notnull())
    ids = _listed(columns, raw, "mention_ids", BETWEEN_HANDLES).map(lambda word: _proper(platform, word))
    if "mentions" not in columns:
        nowhere = {"start": ibis.null("int64"), "end": ibis.null("int64"), "handle": ibis.null("string")}
        return ids.map(lambda account_id: ibis.struct({**nowhere, "id": account_id})), False
    found = every_mention(text, handles)
    if "mention_ids" in columns:
        found = ibis.cases((handles.length() == ids.length(), every_mention(text, handles, ids)), else_=found)
    return _whole(found, platform, text), False


def _whole(mentions: ir.ArrayValue, platform: ir.StringValue, text: ir.StringValue) -> ir.ArrayValue:
    """What a handle of Mastodon tells beside: it is the id, and its name alone may stand in the text.

    One that is nowhere in the text was put there by the server: it stands before the text, and is empty.
    """
    is_said = (platform == "mastodon") & text.notnull()

    def known(mention: ir.StructValue) -> ir.StructValue:
        name = mention["handle"].re_extract("^[^@]+", 0)
        at_name = ibis.cases((is_said, located(text, name.re_replace("[^A-Za-z0-9_]", " "))))
        start = ibis.coalesce(mention["start"], at_name, ibis.cases((is_said, 0)))
        end = ibis.coalesce(mention["end"], at_name + name.length() + 1, ibis.cases((is_said, -1)))
        account_id = ibis.coalesce(mention["id"], _mastodon_id(platform, mention["handle"]))
        return ibis.struct({"start": start, "end": end, "handle": mention["handle"], "id": account_id})

    return mentions.map(known)


def _named(platform: ir.StringValue, text: ir.StringValue) -> ir.ArrayValue:
    """The handles that a text names: the last resort. On Bluesky they are domains, on Mastodon ``user@host``.

    Where the platform is not known they are whole: ``@bob.bsky.social`` is nobody called bob.
    """
    plain = text.lower().re_replace(LINK, " ").re_replace("[^a-z0-9_.@-]", " ")
    words = plain.split(" ").filter(lambda word: word.startswith("@"))
    names = words.map(lambda word: word.re_replace("[.-]+$", "").substr(1)).unique().sort()
    domains = names.filter(lambda name: name.re_search(r"^[a-z0-9-]+([.][a-z0-9-]+)+$"))
    with_host = names.filter(lambda name: name.re_search("^[a-z0-9_.-]+@[a-z0-9.-]+$"))
    return ibis.cases(
        (platform == "bluesky", domains),
        (platform == "mastodon", with_host),
        (platform == "x", handles_in(text)),
        else_=names.filter(lambda name: name.re_search("^[a-z0-9_][a-z0-9_.-]*(@[a-z0-9.-]+)?$")),
    )


# -- profiles -----------------------------------------------------------------------------------------


def _sightings(columns: Columns, raw: ir.Table) -> ir.Table:
    return conform(_people(columns, raw), record.SIGHTING)


def _profiles(columns: Columns, raw: ir.Table) -> ir.Table:
    return conform(_people(columns, raw), record.PROFILE)


def _people(columns: Columns, raw: ir.Table) -> ir.Table:
    """Authors as their rows show them.

    Where no ids are mapped at all and the platform is one of no other reader, the handle stands for the id,
    as it does in the key: so names and followers find their account.
    """
    platform = _platform(columns, raw)
    handle, account_id = _account(columns, raw, platform, "author", "author_id")
    if columns.has_only_handles:
        account_id = "@" + handle.lower()
    people = raw.select(
        line="line",
        platform=platform,
        account_id=account_id,
        handle=handle,
        name=columns.cell(raw, "name"),
        description=columns.cell(raw, "description"),
        location=columns.cell(raw, "location"),
        followers=whole(columns.cell(raw, "followers")),
        following=whole(columns.cell(raw, "following")),
        observed_at=_time(columns, raw),
    )
    return people.filter(people.account_id.notnull(), people.handle.notnull())
