"""Tables of results beside the accounts: what ``--with centrality.csv`` brings along.

A table has one row per account and names it by ``account_key``. Its cells are text in the file; a column
becomes numbers or truth values only where every cell is one, and ids stay text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from netmed.errors import InputError
from netmed.export import tables

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
        name = f"table {number}" if isinstance(table, pd.DataFrame) else str(table)
        content = _of_frame(table) if isinstance(table, pd.DataFrame) else _of_file(Path(table))
        places = _places(accounts, content, name)
        brought = {key: column.take(places) for key, column in content.items() if key not in IDENTITY}
        columns = {**columns, **brought}
        matched = len(places) - places.null_count
        told.append(Joined(name, tuple(brought), len(content[KEY]), matched))
    return columns, tuple(told)


def _places(accounts: pd.DataFrame, content: Mapping[str, pa.Array], name: str) -> pa.Array:
    """For every account the row of the table that is its own, or null."""
    if KEY not in content:
        found = ", ".join(list(content)[:8]) or "none"
        raise InputError(f"{name} has no column {KEY} (columns: {found}); tables that netmed writes for accounts have")
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


def _of_file(path: Path) -> dict[str, pa.Array]:
    """Read a CSV of ours; empty cells are null."""
    try:
        with path.open("rb") as stream:
            names = pacsv.open_csv(stream, parse_options=pacsv.ParseOptions(newlines_in_values=True)).schema.names
        kinds = dict.fromkeys(names, pa.string())
        table = pacsv.read_csv(
            path,
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=True),
        )
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}; --with takes a CSV") from error
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
        what = re.sub(r"(got \d+):.*", r"\1", (str(error).splitlines() or [""])[0])  # Arrow quotes the row
        raise InputError(f"{path} is no CSV with a header: {what}") from error
    cells = {name: _unguarded(column.combine_chunks()) for name, column in zip(names, table.columns, strict=True)}
    return {name: column if name.endswith(("_key", "_id")) else _typed(column) for name, column in cells.items()}


def _unguarded(text: pa.Array) -> pa.Array:
    """Without the apostrophe that kept a spreadsheet from running the cell."""
    is_guarded = pc.match_substring_regex(text, "^'" + tables.FORMULA.removeprefix("^"))
    return pc.if_else(is_guarded, pc.utf8_slice_codeunits(text, 1), text)


def _typed(text: pa.Array) -> pa.Array:
    """Numbers or truth values where every cell that is not empty is one."""
    if text.null_count == len(text):
        return text
    if _all(pc.match_substring_regex(text, _WHOLE)):
        return pc.cast(text, pa.int64())
    if _all(pc.match_substring_regex(text, _NUMBER)) and not _any(pc.match_substring_regex(text, _LEADING_ZERO)):
        return pc.cast(text, pa.float64())
    if _all(pc.is_in(text, pa.array(["true", "false"]), skip_nulls=False), text):
        return pc.if_else(pc.is_null(text), None, pc.equal(text, "true"))
    return text


def _all(truth: pa.Array, known: pa.Array | None = None) -> bool:
    relevant = truth if known is None else pc.or_(truth, pc.is_null(known))
    return bool(pc.all(relevant, skip_nulls=True).as_py())


def _any(truth: pa.Array) -> bool:
    return bool(pc.any(truth, skip_nulls=True).as_py())
