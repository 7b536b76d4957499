"""Whether the columns that a person mapped are there at all: a typo is answered with the nearest name there is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from netmed.errors import InputError
from netmed.read.delimited import header
from netmed.read.readers import Reader
from netmed.read.source import Source, lines, open_bytes
from netmed.registry import unknown

SAMPLE = 64 * 1024
"""Bytes in which the header of a table ends."""

LEARNED = 200
"""Records whose keys are offered in place of one that is not there."""


def refuse_missing(mapping: Mapping[str, str], sources: Sequence[Source], readers: Sequence[Reader]) -> None:
    """Raise ``InputError`` where a mapped column is in none of the files.

    A table that lacks a column others have is read without; its notes say so. JSON lines are looked through no
    further than until every path was met.

    Parameters
    ----------
    mapping : field → column, checked.
    sources : looked through by ``intake``.
    readers : those that need no mapping.
    """
    wanted = {field: column for field, column in mapping.items() if not (field == "platform" and column[:1] == ":")}
    known = {id(source): _is_known(source, readers) for source in sources}
    tables = [(source, columns) for source in sources if (columns := _columns(source))]
    missing, names = wanted, dict[str, None]()
    for _, columns in tables:
        missing = {field: column for field, column in missing.items() if not _is_column(column, columns)}
        names |= dict.fromkeys(columns)
    for source in sorted(sources, key=lambda source: known[id(source)]):
        if not _columns(source):
            missing = _not_met(source, missing, names)
    for field, column in missing.items():
        shown = ", ".join(source.shown for source in sources[:3]) + (" …" if len(sources) > 3 else "")
        told = _nearest("column" if tables else "key", column, list(names))
        raise InputError(f"--map {field}={column}: {told} (in {shown})")
    for source, columns in tables:
        lacks = [f"{column} ({field})" for field, column in wanted.items() if not _is_column(column, columns)]
        if lacks and not known[id(source)]:
            source.notes.append("read without mapped columns, which it lacks: " + ", ".join(lacks))


def _is_known(source: Source, readers: Sequence[Reader]) -> bool:
    """Whether a reader takes the file for its own, which needs no mapping."""
    first, is_table = source.first or {}, source.table is not None
    return any(reader.looks_like(first) for reader in readers if reader.is_table == is_table)


def _columns(source: Source) -> tuple[str, ...]:
    """The columns of a table, whatever the file is called; none of anything else."""
    if source.table is not None or source.columns:
        return source.table.columns if source.table is not None else source.columns
    table = None if source.first is not None else header(source, next(open_bytes(source), b"")[:SAMPLE])
    return () if table is None else table.columns


def _is_column(column: str, columns: Sequence[str]) -> bool:
    """Whether it is one, or a path into a cell of one that holds JSON."""
    return column in columns or column.split(".")[0] in columns


def _not_met(source: Source, missing: Mapping[str, str], names: dict[str, None]) -> dict[str, str]:
    """What is missing of a file of JSON lines; paths of its first records are added to ``names``."""
    left = dict(missing)
    for place, (_, line) in enumerate(lines(source) if left else ()):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if not isinstance(record, dict):
            continue
        left = {field: path for field, path in left.items() if not _has(record, path)}
        if not left:
            break
        if place < LEARNED:
            names |= dict.fromkeys(_paths(record))
    return left


def _has(value: Any, path: str) -> bool:
    """Whether a path leads somewhere, through records and lists of records."""
    if isinstance(value, list):
        return any(_has(item, path) for item in value)
    if not isinstance(value, dict):
        return False
    top, _, rest = path.partition(".")
    return path in value or (bool(rest) and top in value and _has(value[top], rest))


def _paths(value: Any, before: str = "") -> Iterator[str]:
    """All dotted paths of a record, the outer ones first."""
    if isinstance(value, list):
        for item in value[:5]:
            yield from _paths(item, before)
    elif isinstance(value, dict):
        yield from (before + key for key in value)
        for key, inner in value.items():
            yield from _paths(inner, f"{before}{key}.")


def _nearest(kind: str, column: str, names: list[str]) -> str:
    harmless = [name for name in names if name.isprintable() and len(name) <= 100]
    same = next((name for name in harmless if name.lower() == column.lower()), None)
    if same is not None:
        return f"there is no {kind} called {column!r}; did you mean {same}?"
    return unknown(kind, column, harmless)
