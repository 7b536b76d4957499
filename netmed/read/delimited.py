"""Tables as input: CSV, TSV and Parquet, made into Parquet columns of text that every engine reads.

A table is known by its header. Its cells stay text: ids must not become numbers, and what stands for
"unknown" differs from tool to tool (``Reader.missing``).
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from netmed.errors import InputError
from netmed.read.rejects import SHOWN, Rejects
from netmed.read.source import Source, open_bytes
from netmed.read.washing import mend

DELIMITERS = (",", "\t", ";", "|")
BLOCK = 8 * 1024 * 1024
"""Bytes that Arrow parses at a time; a row must fit into one."""

PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Table:
    """How a file is a table: its columns by name, and what stands between them ("" for Parquet)."""

    columns: tuple[str, ...]
    delimiter: str
    skip: int = 1
    """Lines above the first row."""


@dataclass(slots=True)
class Staged:
    """A table made readable: where it lies, its rows, and the rows that fitted no table."""

    path: Path
    rows: int
    rejects: Rejects = field(default_factory=Rejects)


def spelled(column: str) -> str:
    """The name of a column for comparison: no capitals, blanks and hyphens as underscores ("Screen Name")."""
    return re.sub(r"[\s-]+", "_", column.strip().lower())


def by_spelling(columns: Sequence[str]) -> dict[str, str]:
    """The columns by their ``spelled`` name; one that is spelled so already wins over one that is only like it."""
    first = list(reversed(columns))
    return {spelled(name): name for name in first} | {name.strip().lower(): name for name in first}


def header(source: Source, start: bytes) -> Table | None:
    """The table a file may be, from its first bytes; None for anything else."""
    if start.startswith(PARQUET):
        return _parquet_header(source)
    text = start.decode("utf-8", "replace").removeprefix("\ufeff")
    if text.lstrip()[:1] in ("", "{", "["):
        return None
    lines = text.splitlines(keepends=True)
    skip = 0
    while lines and (not lines[0].strip() or lines[0].lower().startswith("sep=")):  # Excel's own first line
        del lines[0]
        skip += 1
    found = [(_names(lines, delimiter), delimiter) for delimiter in DELIMITERS]
    (names, above), delimiter = max(found, key=lambda entry: len(entry[0][0]))
    return Table(_each_once(names), delimiter, skip + above) if len(names) > 1 else None


def _names(lines: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """The first row of a table, and the lines it takes (a name may hold a line end)."""
    rows = csv.reader(iter(lines), delimiter=delimiter)
    try:
        return [name.strip() for name in next(rows, [])], rows.line_num
    except csv.Error:
        return [], 1


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns made distinct: of several alike, the first keeps its name."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(distinct)


def _parquet_header(source: Source) -> Table | None:
    try:
        return Table(tuple(pq.read_schema(source.path).names), "")
    except (pa.ArrowInvalid, OSError):
        return None


def stage(source: Source, schema: ibis.Schema, missing: Sequence[str], target: Path) -> Staged:
    """Write the columns of ``schema`` as Parquet text, with ``line`` (the number of the row) and ``file``.

    Rows are numbered from 1 below the header, with those that are left out and without blank lines.
    A column that the file lacks is null. A row with more or fewer cells than the header has columns is
    left out and counted. Raises ``InputError`` where the file cannot be read as a table at all.
    """
    try:
        return _staged(source, schema, missing, target)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error) or not mend(source, target.with_suffix(".mended"), replace=True):
            raise InputError(_unreadable(source, error)) from error
    try:
        return _staged(source, schema, missing, target)
    except pa.ArrowInvalid as error:
        raise InputError(_unreadable(source, error)) from error


def _unreadable(source: Source, error: Exception) -> str:
    return f"{source.shown} cannot be read as a table: {str(error).splitlines()[0]}"


def _staged(source: Source, schema: ibis.Schema, missing: Sequence[str], target: Path) -> Staged:
    # Arrow knows the number of a row only where it reads one after the other: asked for where one is left out.
    staged = _written(source, schema, missing, target, in_order=False)
    return _written(source, schema, missing, target, in_order=True) if staged.rejects.malformed else staged


def _written(source: Source, schema: ibis.Schema, missing: Sequence[str], target: Path, *, in_order: bool) -> Staged:
    assert source.table is not None
    wanted = list(schema.names)
    left_out: list[int] = []
    rows = told = 0
    kinds = pa.schema([("line", pa.int64()), ("file", pa.string()), *((name, pa.string()) for name in wanted)])
    rejects = Rejects()
    with pq.ParquetWriter(target, kinds) as writer:
        for batch in _batches(source, source.table, wanted, missing, rejects, left_out if in_order else None):
            # Of each row left out: how many rows were kept before it.
            recent = left_out[told:]
            kept = np.array(recent, dtype="int64") - np.arange(told + 1, told + 1 + len(recent))
            place = np.arange(rows, rows + batch.num_rows)
            shift = told + np.searchsorted(kept, place, side="right")
            file = pa.repeat(pa.scalar(str(source.path)), batch.num_rows)
            have = set(batch.schema.names)
            nothing = pa.nulls(batch.num_rows, pa.string())
            columns = [batch.column(name) if name in have else nothing for name in wanted]
            writer.write_batch(pa.record_batch([pa.array(place + 1 + shift), file, *columns], schema=kinds))
            rows += batch.num_rows
            told += int(np.searchsorted(kept, rows - 1, side="right"))
    return Staged(target, rows, rejects)


def _batches(
    source: Source,
    table: Table,
    wanted: Sequence[str],
    missing: Sequence[str],
    rejects: Rejects,
    left_out: list[int] | None,
) -> Iterator[pa.RecordBatch]:
    present = [name for name in wanted if name in table.columns]
    if table.delimiter:
        yield from _csv_batches(source, table, present, missing, rejects, left_out)
        return
    for batch in pq.ParquetFile(source.path).iter_batches(columns=present):
        columns = [_as_text(batch.column(name)) for name in present]
        cleaned = [pc.if_else(pc.is_in(column, pa.array(missing)), None, column) for column in columns]
        yield pa.record_batch(cleaned, names=present)


def _as_text(column: pa.Array) -> pa.Array:
    """A Parquet column as text: times in ISO 8601, lists and structs as JSON."""
    kind = column.type
    if pa.types.is_nested(kind):
        words = [None if value is None else json.dumps(value, default=str) for value in column.to_pylist()]
        return pa.array(words, pa.string())
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    return column.cast(pa.string())


def _csv_batches(
    source: Source,
    table: Table,
    present: Sequence[str],
    missing: Sequence[str],
    rejects: Rejects,
    left_out: list[int] | None,
) -> Iterator[pa.RecordBatch]:
    """The rows that fit the header; the numbers of the others go to ``left_out``, where it is given, as they come."""

    def refuse(row: Any) -> str:
        rejects.malformed += 1
        if left_out is not None:
            left_out.append(row.number - table.skip)
            if len(rejects.first) < SHOWN:
                why = f"a row of {row.actual_columns:,} cells where the header has {row.expected_columns:,}"
                rejects.first.append({"line": left_out[-1], "why": why})
        return "skip"

    with _Stream(source) as stream:
        yield from pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(
                use_threads=left_out is None, block_size=BLOCK, column_names=list(table.columns), skip_rows=table.skip
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=table.delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pa.csv.ConvertOptions(
                include_columns=list(present),
                column_types=dict.fromkeys(present, pa.string()),
                null_values=list(missing),
                strings_can_be_null=True,
            ),
        )


class _Stream:
    """A source as a file for Arrow, unpacked by the same code that looked for damage."""

    def __init__(self, source: Source) -> None:
        self._chunks = open_bytes(source)
        self._rest = b""
        self.closed = False

    def __enter__(self) -> BinaryIO:
        return pa.PythonFile(self, mode="r")  # type: ignore[no-any-return]

    def __exit__(self, *_: object) -> None:
        self._chunks = iter(())

    def read(self, size: int = -1) -> bytes:
        parts = [self._rest]
        have = len(self._rest)
        while size < 0 or have < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            parts.append(chunk)
            have += len(chunk)
        whole = b"".join(parts)
        taken = whole if size < 0 else whole[:size]
        self._rest = whole[len(taken) :]
        return taken

    def close(self) -> None:
        self.closed = True
