"""Posts from files: find the reader of every line, keep a ledger of every line.

sources ──check──▶ raw tables (one per reader) ──▶ posts, profiles, and what each file held
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.engines import Engine
from netmed.errors import InputError
from netmed.read.delimited import stage
from netmed.read.newest import newest_profiles
from netmed.read.nothing import nothing_found, printable_name
from netmed.read.readers import READERS, Reader, formats
from netmed.read.rejects import SHOWN, Rejects, explain
from netmed.read.same_accounts import in_posts, joined_ids
from netmed.read.source import Source
from netmed.read.spreadsheets import has_rounded_id, id_columns, refuse_rounded_columns, with_whole_ids
from netmed.read.washing import mend

__all__ = ["READERS", "FileLedger", "Reader", "Records", "Source", "formats", "read"]


@dataclass(slots=True)
class FileLedger:
    """What one input file held. Lines = recognised + malformed + unrecognised."""

    source: Source
    lines: int = 0
    recognised: int = 0
    without_posts: int = 0
    """Recognised lines that hold no post: pages of accounts, pages without results."""
    posts: int = 0
    """Post records on the recognised lines (a page has many), duplicates included."""
    profiles: int = 0
    unusable: int = 0
    """Items in pages that are neither a post nor an account."""
    unread_times: int = 0
    """Posts with a time that cannot be read; they are kept, and their time is unknown."""
    readers: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    rejects: Rejects = field(default_factory=Rejects)


@dataclass(frozen=True, slots=True)
class Records:
    """All that was read, and a ledger per file."""

    posts: ir.Table
    """``record.POST``: a view of the raw tables, to be stored before they are released."""
    profiles: ir.Table
    """``record.PROFILE`` at the newest time of each account; stored."""
    handles: ir.Table
    """``platform, account_id, handle, first, last`` as seen in profiles; stored."""
    files: list[FileLedger]
    raw: list[ir.Table]

    def release(self, engine: Engine) -> None:
        """Drop the raw tables; ``posts`` cannot be used afterwards."""
        for table in self.raw:
            engine.drop(table)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some files parsed with the schema of one reader."""

    reader: Reader
    raw: ir.Table
    recognised: ir.Table
    """Rows of ``raw`` that are this reader's."""


def read(
    engine: Engine,
    sources: list[Source],
    *,
    readers: Sequence[Reader],
    brief: bool,
    work: Path,
    progress: Callable[[str], None],
    wanted: str = "posts",
) -> Records:
    """Read checked sources; every line goes to the one reader that recognises it.

    A file is first read by the reader that its first record suggests. Where that leaves lines over, those
    readers look at the file too that such a record suggests.

    Parameters
    ----------
    readers : those that may read.
    work : a folder for tables made readable.
    brief : leave out the words of posts that came along.
    wanted : what is looked for, in words for the error: posts, or profiles.

    Raises ``InputError`` where not one line is a record of a known format.
    """
    ledgers = {str(source.path): FileLedger(source) for source in sources}
    turn = count()

    def parse(reader: Reader, some: list[Source]) -> list[_Piece]:
        if reader.is_table:
            return _parse_tables(engine, reader, some, work, ledgers, turn, progress)
        schema = reader.brief_schema if brief else reader.schema
        return _parse(engine, reader, schema, some, ledgers, turn, progress)

    pieces: list[_Piece] = []
    for reader in readers:
        pieces += parse(reader, [s for s in sources if _guess(s, readers) is reader])
    mended = _mended(ledgers, work)
    if mended:
        pieces = [replace(piece, recognised=_without(piece.recognised, mended)) for piece in pieces]
        for reader in readers:
            pieces += parse(reader, [source for source in mended.values() if _guess(source, readers) is reader])
    leads = {path: _explained(engine, ledger, readers) for path, ledger in ledgers.items()}
    for reader in readers:
        pieces += parse(reader, [ledgers[path].source for path, likely in leads.items() if reader.name in likely])
    for path, ledger in ledgers.items():
        if leads[path]:
            _explained(engine, ledger, readers)
    files = list(ledgers.values())
    if not pieces:
        raise InputError(nothing_found(files, wanted))
    parts = [(piece.reader, piece.recognised) for piece in pieces]
    same = joined_ids(engine, parts)
    posts = engine.view("post_records", in_posts(ibis.union(*[reader.posts(raw) for reader, raw in parts]), same))
    progress("looking for the newest profiles")
    profiles, handles = newest_profiles(engine, parts, same)
    return Records(posts, profiles, handles, files, [piece.raw for piece in pieces])


def _mended(ledgers: dict[str, FileLedger], work: Path) -> dict[str, Source]:
    """Files whose broken lines could be mended, by the path they had; each starts a new ledger."""
    mended = {}
    for number, (path, ledger) in enumerate(list(ledgers.items())):
        is_broken = ledger.source.table is None and ledger.recognised < ledger.lines
        if is_broken and mend(ledger.source, work / f"mended-{number}"):
            del ledgers[path]
            ledgers[str(ledger.source.path)] = FileLedger(ledger.source)
            mended[path] = ledger.source
    return mended


def _without(rows: ir.Table, paths: Iterable[str]) -> ir.Table:
    return rows.filter(~rows.file.isin(list(paths)))


def _guess(source: Source, readers: Sequence[Reader]) -> Reader | None:
    """The reader to try first: by the columns of a table, else by the first record."""
    first = source.first or {}
    fitting = [reader for reader in readers if reader.is_table == (source.table is not None)]
    return next((reader for reader in fitting if reader.looks_like(first)), fitting[0] if fitting else None)


def _parse_tables(
    engine: Engine,
    reader: Reader,
    sources: list[Source],
    work: Path,
    ledgers: dict[str, FileLedger],
    turn: Iterator[int],
    progress: Callable[[str], None],
) -> list[_Piece]:
    """Make tables readable, enter their rows into the ledgers."""
    if not sources:
        return []
    progress(f"reading {len(sources):,} table{'s' if len(sources) > 1 else ''} as {reader.name}")
    staged = {}
    for source in sources:
        ledger = ledgers.pop(str(source.path))
        ledger.tried.add(reader.name)
        table = stage(source, reader.schema, reader.missing, work / f"table-{next(turn)}.parquet")
        ledgers[str(source.path)] = ledger  # the path is another one where the file had to be mended
        staged[str(source.path)] = table
    ids = id_columns(reader.schema.names, reader.ids)
    held = engine.read_parquet([table.path for table in staged.values()])
    raw = engine.store(f"raw_{reader.name}", with_whole_ids(held, ids))
    refuse_rounded_columns(raw, ids)
    for file, times in reader.check(raw).items():
        ledgers[file].unread_times += times
    reader = replace(reader, recognised=_with_whole_ids_only(reader.recognised, ids))
    lines, ours = _enter(reader, raw, ledgers)
    for path, table in staged.items():
        ledger = ledgers[path]
        ledger.lines = table.rows + table.rejects.malformed
        ledger.rejects = table.rejects
        _explain_rows(ledger, raw, reader)
        table.path.unlink()
    return [_Piece(reader, raw, raw if ours == lines else raw.filter(reader.recognised(raw)))] if ours else []


def _with_whole_ids_only(
    recognised: Callable[[ir.Table], ir.BooleanValue], ids: Sequence[str]
) -> Callable[[ir.Table], ir.BooleanValue]:
    return lambda raw: recognised(raw) & ~has_rounded_id(raw, ids)


def _explain_rows(ledger: FileLedger, raw: ir.Table, reader: Reader) -> None:
    """Enter the rows of a table that are no records of its reader."""
    unrecognised = ledger.lines - ledger.rejects.malformed - ledger.recognised
    if unrecognised == 0:
        return
    ledger.rejects.unrecognised = unrecognised
    other = raw.filter(raw.file == str(ledger.source.path), ~reader.recognised(raw))
    why = f"a row that is no post of {reader.name}: no id, or one that a spreadsheet has rounded"
    rows = other.order_by("line").limit(SHOWN).line.execute()
    ledger.rejects.first += [{"line": int(row), "why": why} for row in rows]
    ledger.rejects.first = sorted(ledger.rejects.first, key=lambda reject: int(str(reject["line"])))[:SHOWN]


def _parse(
    engine: Engine,
    reader: Reader,
    schema: ibis.Schema,
    sources: list[Source],
    ledgers: dict[str, FileLedger],
    turn: Iterator[int],
    progress: Callable[[str], None],
) -> list[_Piece]:
    """Parse files with one reader, enter what it recognised into the ledgers."""
    pieces = []
    for compression, group in groupby(sorted(sources, key=lambda s: s.compression), key=lambda s: s.compression):
        paths = [source.path for source in group]
        progress(f"reading {len(paths):,} file{'s' if len(paths) > 1 else ''} as {reader.name}")
        name = f"raw_{reader.name}_{compression}_{next(turn)}"
        raw = engine.read_json_lines(name, paths, schema, compression=compression)
        for path in paths:
            ledgers[str(path)].tried.add(reader.name)
        if reader.ids:
            raw = with_whole_ids(raw, reader.ids)
            refuse_rounded_columns(raw, reader.ids)
        for file, times in reader.check(raw).items():
            ledgers[file].unread_times += times
        lines, ours = _enter(reader, raw, ledgers)
        if ours:
            # Mostly all of them are: then nobody needs to look again.
            pieces.append(_Piece(reader, raw, raw if ours == lines else raw.filter(reader.recognised(raw))))
        else:
            engine.drop(raw)
    return pieces


def _enter(reader: Reader, raw: ir.Table, ledgers: dict[str, FileLedger]) -> tuple[int, int]:
    """Add a reader's counts to the ledgers; gives the lines and how many of them it recognised."""
    ours = raw.mutate(ours=reader.recognised(raw), **reader.counts(raw))
    held = ours.posts + ours.unusable if "unusable" in ours.columns else ours.posts
    counted = {
        name: ours[name].sum(where=ours.ours).fill_null(0)
        for name in ("posts", "profiles", "unusable")
        if name in ours.columns
    }
    rows = (
        ours.group_by("file")
        .agg(
            lines=ours.count(),
            recognised=ours.ours.sum(),
            without_posts=(ours.ours & (held == 0)).sum(),
            **counted,
        )
        .execute()
    )
    for row in rows.to_dict("records"):
        ledger = ledgers[row["file"]]
        ledger.lines = int(row["lines"])
        ledger.recognised += int(row["recognised"])
        ledger.without_posts += int(row["without_posts"])
        for name in counted:
            setattr(ledger, name, getattr(ledger, name) + int(row[name]))
        if row["recognised"]:
            ledger.readers.append(reader.name)
    return int(rows["lines"].sum()), int(rows["recognised"].sum())


def _explained(engine: Engine, ledger: FileLedger, readers: Sequence[Reader]) -> set[str]:
    """Enter into the ledger why lines were rejected; gives readers not tried yet that may know some of them."""
    if ledger.source.table is not None:
        return set()
    ledger.rejects = Rejects()
    if ledger.recognised == ledger.lines:
        return set()
    if ledger.recognised == 0 and ledger.source.columns:
        names = ", ".join(printable_name(name) for name in ledger.source.columns[:8])
        why = f"a table with columns {names} that no reader knows; --map says which is what"
        ledger.rejects = Rejects(unrecognised=ledger.lines, first=[{"line": 1, "why": why}])
        return set()
    others = [reader for reader in readers if not reader.is_table and reader.name not in ledger.tried]
    likely: set[str] = set()

    def lead(record: dict[str, Any]) -> None:
        likely.update(reader.name for reader in others if reader.name not in likely and reader.looks_like(record))

    tried = [reader for reader in readers if reader.name in ledger.readers]
    ledger.rejects = explain(ledger.source, _rejected_rows(engine, ledger, tried), lead)
    return likely


def _rejected_rows(engine: Engine, ledger: FileLedger, readers: list[Reader]) -> set[int]:
    """The rows of a file (from 0, blank lines not counted) that none of ``readers`` recognises.

    The file is read again: its lines were not kept in order, which few files need.
    """
    rejected = set(range(ledger.lines))
    for reader in readers:
        source = ledger.source
        raw = engine.read_json_lines(
            "ordered", [source.path], reader.brief_schema, compression=source.compression, in_order=True
        )
        found = raw.filter(reader.recognised(raw)).line.execute()
        rejected -= set(found.tolist())
        engine.drop(raw)
    return rejected
