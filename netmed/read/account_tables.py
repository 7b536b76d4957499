"""Tables beside the posts: profiles and rosters (``--accounts``), and who is whom (``--crosswalk``).

Both are read as text with columns of our names, ``file`` and ``line``; what the text means is told by
``profiles`` and ``references``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netmed.errors import InputError
from netmed.read import intake
from netmed.read.delimited import by_spelling, stage
from netmed.read.edge_lists import KEY
from netmed.read.rejects import Rejects
from netmed.read.source import Source
from netmed.read.spreadsheets import refuse_rounded_columns
from netmed.read.values import any_time
from netmed.schema import NO, YES

Names = Mapping[str, tuple[str, ...]]

PROFILE: Names = {
    "account_key": ("account_key", "key"),
    "platform": ("platform",),
    "account_id": ("account_id", "id", "user_id", "author_id"),
    "handle": ("handle", "screen_name", "screenname", "username", "user_screen_name", "twitter_handle"),
    "name": ("name", "display_name", "full_name"),
    "description": ("description", "bio", "biography", "user_description", "profile_description"),
    "location": ("location",),
    "followers": ("followers", "followers_count"),
    "following": ("following", "following_count", "friends_count"),
    "posts_total": ("posts_total", "statuses_count", "tweet_count"),
    "verified": ("verified",),
    "protected": ("protected",),
    "created_at": ("created_at", "account_created_at"),
    "observed_at": ("observed_at",),
    "role": ("role",),
    "specialty": ("specialty", "speciality"),
    "is_educator": ("is_educator", "educator"),
}
"""Columns of a profile table, and how other tools call them; capitals, blanks and hyphens do not matter."""

CROSSWALK: Names = {
    "person": ("person", "person_id"),
    "account": ("account", "account_key"),
    "x": ("x", "twitter"),
    "bluesky": ("bluesky",),
    "mastodon": ("mastodon",),
}
"""Columns of a crosswalk: ``person,account``, or one column for each platform."""

MISSING = ("", "NA")
NO_BIO = ("NULL", "null", "nan", "NaN", "None", "N/A", "#N/A", "<NA>")
"""As R, Python and databases write what is not there; a person may be called Nan, no bio is."""
ID_COLUMNS = ("account_key", "account_id", "account", "x")
"""Columns in which a spreadsheet may have rounded ids."""
PLATFORMS = ("x", "bluesky", "mastodon")


@dataclass(slots=True)
class SideTable:
    """One table made readable: Parquet text with the columns of ``names``, ``file`` and ``line``."""

    source: Source
    path: Path
    rows: int
    rejects: Rejects = field(default_factory=Rejects)


def is_profiles(columns: Sequence[str]) -> bool:
    """Whether the columns can tell whose profile a row is."""
    theirs = by_spelling(columns)
    return any(name in theirs for wanted in ("account_key", "account_id", "handle") for name in PROFILE[wanted])


def is_crosswalk(columns: Sequence[str]) -> bool:
    """Whether the columns name persons and accounts."""
    theirs = by_spelling(columns).keys()
    has = {ours for ours, names in CROSSWALK.items() if not theirs.isdisjoint(names)}
    return "person" in has and len(has) > 1


def checked(source: Source, work: Path, number: int, is_ours: Callable[[Sequence[str]], bool]) -> None:
    """Look through one file; ``source.table`` is set where it is a table of the kind wanted."""
    formats = intake.Formats(is_table=lambda columns: is_ours(list(columns)), open=lambda _: None)
    intake.check(source, work, number, formats)


def staged(source: Source, names: Names, target: Path) -> SideTable:
    """Write a checked table as Parquet with all columns of ``names``; one that the file lacks is null.

    Raises ``InputError`` where the file is no such table.
    """
    if source.table is None:
        found = f"columns {', '.join(name[:30] for name in source.columns[:8])}" if source.columns else "no header"
        wanted = "one of account_key, account_id, handle"
        if "person" in names:
            wanted = "person and account, or person and some of x, bluesky, mastodon,"
        raise InputError(f"{source.shown} has {found}; wanted is a CSV or TSV with {wanted} in its first line")
    theirs = by_spelling(source.table.columns)
    chosen = {
        ours: theirs[next(n for n in all_ if n in theirs)] for ours, all_ in names.items() if set(all_) & {*theirs}
    }
    rest = [name for name in source.table.columns if name not in chosen.values()]
    if rest:
        source.notes.append("columns not used: " + ", ".join(name[:30] for name in rest[:12]))
    draft = target.with_suffix(".draft")
    held = stage(source, ibis.schema(dict.fromkeys(chosen.values(), "string")), MISSING, draft)
    raw = pq.read_table(draft)
    draft.unlink()
    columns = {
        name: pa.repeat(pa.scalar(source.shown), raw.num_rows) if name == "file" else raw[name]
        for name in ("file", "line")
    }
    for ours in names:
        cells = raw[chosen[ours]] if ours in chosen else pa.nulls(raw.num_rows, pa.string())
        trimmed = pc.utf8_trim_whitespace(cells)
        columns[ours] = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    table = pa.table(columns)
    held_ids = [name for name in ID_COLUMNS if name in names]
    refuse_rounded_columns(ibis.memtable(table.select(["file", *held_ids])), held_ids)
    pq.write_table(table, target)
    return SideTable(source, target, held.rows, held.rejects)


def profiles(raw: ir.Table, platform: str) -> ir.Table:
    """Rows of profile tables as text → the same columns with keys, numbers and times.

    ``platform`` is where a row belongs that does not say so itself.
    """
    key = ibis.coalesce(raw.account_key, ibis.cases((raw.account_id.re_search(KEY), raw.account_id)))
    given = ibis.cases((raw.account_id.re_search(KEY), ibis.null("string")), else_=raw.account_id)
    handle = raw.handle.re_replace("^@", "")
    own = raw.platform.lower().nullif("")
    own = ibis.cases((own == "twitter", "x"), else_=own)
    where = ibis.literal(platform) if platform == "any" else _platform(given, handle, platform)
    where = ibis.coalesce(own, key.re_extract("^([a-z]+):", 1).nullif(""), where)
    account_id = ibis.cases((where == "mastodon", ibis.coalesce(given, handle.lower())), else_=given)
    return raw.mutate(
        part=ibis.literal(0),
        account_key=key,
        platform=where,
        account_id=account_id,
        handle=handle,
        **{name: _whole(raw[name]) for name in ("followers", "following", "posts_total")},
        **{name: _truth(raw[name]) for name in ("verified", "protected", "is_educator")},
        **{name: any_time(raw[name]) for name in ("created_at", "observed_at")},
    )


def _platform(account_id: ir.StringValue, handle: ir.StringValue, otherwise: str) -> ir.StringValue:
    """Where an account is, from its looks: X has no dot and no second @ in a handle, and ids of digits."""
    return ibis.cases(
        (account_id.startswith("did:"), "bluesky"),
        (handle.contains("@"), "mastodon"),
        (handle.contains("."), "bluesky"),
        else_=otherwise,
    )


def _whole(text: ir.StringValue) -> ir.IntegerValue:
    """A count; ``1,200`` and ``1200.0`` are counts too."""
    number = text.replace(",", "").try_cast("float64")
    return ibis.cases(((number >= 0) & (number < 1e15), number)).cast("int64")


def _truth(text: ir.StringValue) -> ir.BooleanValue:
    lower = text.lower()
    return ibis.cases((lower.isin(list(YES)), True), (lower.isin(list(NO)), False))


def references(raw: ir.Table, platform: str) -> ir.Table:
    """Rows of a crosswalk as text → ``file, line, part, person, account_key, platform, account_id, handle``.

    One row for each account named (``part`` tells those of a row apart). ``account_key`` is null here:
    an account is told by its platform with its id or its handle. ``platform`` is where an account belongs that
    does not say so.
    """
    prefix, rest = raw.account.re_extract("^([A-Za-z]+):", 1).lower(), raw.account.re_replace("^[A-Za-z]+:", "")
    row = ("file", "line", "person")
    long = raw.filter(raw.account.notnull()).select(*row, part=ibis.literal(0), platform=prefix, rest=rest)
    wide = [
        raw.filter(raw[name].notnull()).select(
            *row, part=ibis.literal(part), platform=ibis.literal(name), rest=raw[name].re_replace(f"^{name}:", "")
        )
        for part, name in enumerate(PLATFORMS, start=1)
    ]
    named = ibis.union(long, *wide)
    where = ibis.cases((named.platform == "twitter", "x"), (named.platform == "", platform), else_=named.platform)
    bare = named.rest.re_replace("^@", "")
    is_id = ibis.cases(
        (where == "x", named.rest.re_search("^[0-9]+$")),
        (where == "bluesky", bare.startswith("did:")),
        (where == "mastodon", ibis.literal(True)),
        else_=~named.rest.startswith("@"),
    )
    return named.select(
        "file",
        "line",
        "part",
        "person",
        account_key=ibis.null("string"),
        platform=where,
        account_id=ibis.cases((is_id, ibis.cases((where == "mastodon", bare.lower()), else_=bare))),
        handle=ibis.cases((~is_id | (where == "mastodon"), bare)),
    )
