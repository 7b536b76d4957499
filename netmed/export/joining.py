"""Tables of results beside the accounts: what ``--with centrality.csv`` brings along.

A table has one row per account and names it by ``account_key``. Its cells are text in the file; a column
becomes numbers or truth values only where every cell is one, and ids stay text.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netmed import schema
from netmed.errors import InputError
from netmed.export import tables
from netmed.read.delimited import stage
from netmed.read.finding import find
from netmed.read.intake import Formats, check
from netmed.read.source import Source, lines

KEY = "account_key"

IDENTITY = (KEY, "handle", "name")
"""Columns by which our tables say whose row it is; the network has its own."""

_WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"
"""Whole numbers as we write them; 007 is a name."""

_NUMBER = r"^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$"
_LEADING_ZERO = r"^-?0[0-9]"


@dataclass(frozen=True, slots=True)
class Joined:
    """What one table brought: its columns, its rows, and how many accounts found theirs."""

    table: str
    columns: tuple[str, ...]
    rows: int
    matched: int


def joined(
    accounts: pd.DataFrame, given: Sequence[str | Path | pd.DataFrame]
) -> tuple[dict[str, pa.Array], tuple[Joined, ...]]:
    """Columns of the tables in the order of ``accounts``, null where a table has no row for an account.

    Where two tables share a column, the later one's is taken.

    Raises ``InputError`` for a table that cannot be read, has no account_key, names an account twice, or
    none of these accounts.
    """
    columns: dict[str, pa.Array] = {}
    told = []
    for number, table in enumerate(given, start=1):
        name = f"table {number}" if isinstance(table, pd.DataFrame) else _shown(table)
        content = _of_frame(table) if isinstance(table, pd.DataFrame) else _of_file(table)
        places = _places(accounts, content, name)
        brought = {key: column.take(places) for key, column in content.items() if key not in IDENTITY}
        columns = {**columns, **brought}
        matched = len(places) - places.null_count
        told.append(Joined(name, tuple(brought), len(content[KEY]), matched))
    return columns, tuple(told)


def _places(accounts: pd.DataFrame, content: Mapping[str, pa.Array], name: str) -> pa.Array:
    """For every account the row of the table that is its own, or null."""
    if KEY not in content:
        raise InputError(_keyless(name, list(content)))
    keys = pd.Index(content[KEY].to_pandas())
    if not keys.is_unique:
        twice = keys[keys.duplicated()][0]
        raise InputError(f"{name} has several rows for {twice}; wanted is one row per account")
    rows = keys.get_indexer(pd.Index(accounts[KEY].astype(object)))
    if not (rows >= 0).any():
        raise InputError(f"{name} names none of the network's {len(accounts):,} accounts; is it of another network?")
    return pa.array(rows, mask=rows < 0)


def _of_frame(frame: pd.DataFrame) -> dict[str, pa.Array]:
    return {str(name): tables.arrow(frame[name]) for name in frame.columns}


def _shown(given: str | Path) -> str:
    return "standard input" if str(given) == "-" else str(given)


def _of_file(given: str | Path) -> dict[str, pa.Array]:
    """Read a table as the readers of posts do: packed, UTF-16, tabs or semicolons, from stdin; empty cells are null."""
    shown = _shown(given)
    if Path(given).is_dir():
        raise InputError(f"{shown} is a folder; --with takes a table")
    with tempfile.TemporaryDirectory(prefix="netmed-") as folder:
        work = Path(folder)
        source = find(["-"], work)[0] if str(given) == "-" else Source(shown, Path(given), Path(given))
        check(source, work, 0, Formats(is_table=lambda _: True, open=lambda _: None))
        columns, delimiter = _table(source, shown)
        made = stage(source, ibis.schema(dict.fromkeys(columns, "string")), ("",), work / "table.parquet")
        for row in made.rejects.first[:1]:
            raise InputError(f"{shown} does not fit its header: row {row['line']} is {row['why']}")
        for damage in source.damage:
            raise InputError(f"{shown} cannot be read whole: {damage}")
        staged = pq.ParquetFile(made.path).read().columns[2:]  # line and file come first
    cells = {name: column.combine_chunks() for name, column in zip(columns, staged, strict=True)}
    if delimiter:
        cells = {name: _unguarded(column) for name, column in cells.items()}
    return {
        name: column if name.endswith(("_key", "_id")) else _typed(_with_points(column) if delimiter == ";" else column)
        for name, column in cells.items()
    }


def _table(source: Source, shown: str) -> tuple[list[str], str]:
    """The columns, and what stands between them. Raises ``InputError`` for what is no table."""
    if source.table is not None:
        return list(source.table.columns), source.table.delimiter
    if source.damage:
        raise InputError(f"{shown} cannot be read: {source.damage[0]}")
    if source.first is not None:
        raise InputError(f"{shown} is no table: it holds JSON; --with takes a CSV, TSV or Parquet with {KEY}")
    only = next((line.decode("utf-8", "replace").strip()[:30] for _, line in lines(source)), None)
    if only is None:
        raise InputError(f"{shown} is empty; --with takes a CSV, TSV or Parquet with {KEY} and columns of results")
    if only == KEY:
        raise InputError(f"{shown} has no column but {KEY}; wanted are columns of results beside it")
    raise InputError(_keyless(shown, [only]))


def _keyless(name: str, columns: Sequence[str]) -> str:
    found = ", ".join(list(columns)[:8]) or "none"
    return f"{name} has no column {KEY} (columns: {found}); tables that netmed writes for accounts have"


def _with_points(text: pa.Array) -> pa.Array:
    """Numbers with a point where all are written 0,5, as spreadsheets do that set ; between cells."""
    pointed = pc.replace_substring(text, ",", ".")
    return pointed if _all(pc.match_substring_regex(pointed, _NUMBER)) else text


def _unguarded(text: pa.Array) -> pa.Array:
    """Without the apostrophe that kept a spreadsheet from running the cell."""
    is_guarded = pc.match_substring_regex(text, "^'" + schema.FORMULA.removeprefix("^"))
    return pc.if_else(is_guarded, pc.utf8_slice_codeunits(text, 1), text)


def _typed(text: pa.Array) -> pa.Array:
    """Numbers or truth values where every cell that is not empty is one."""
    if text.null_count == len(text):
        return text
    if _all(pc.match_substring_regex(text, _WHOLE)):
        return pc.cast(text, pa.int64())
    if _all(pc.match_substring_regex(text, _NUMBER)) and not _any(pc.match_substring_regex(text, _LEADING_ZERO)):
        return pc.cast(text, pa.float64())
    lower = pc.utf8_lower(text)  # pandas writes True, R writes TRUE
    if _all(pc.is_in(lower, pa.array(["true", "false"]), skip_nulls=False), text):
        return pc.if_else(pc.is_null(text), None, pc.equal(lower, "true"))
    return text


def _all(truth: pa.Array, known: pa.Array | None = None) -> bool:
    relevant = truth if known is None else pc.or_(truth, pc.is_null(known))
    return bool(pc.all(relevant, skip_nulls=True).as_py())


def _any(truth: pa.Array) -> bool:
    return bool(pc.any(truth, skip_nulls=True).as_py())
