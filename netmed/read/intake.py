"""Input files before the engine sees them: found, checked, and known by their hash.

The engine reads damaged files without a word (a cut ``.zst`` loses its tail, a wrong CRC is never
looked at, one long line fails its whole file). So every file is looked through here first. A sound
file is read where it lies; of an unsound one a washed copy is made, and what was washed out is said.
"""

import codecs
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from netmed.errors import InputError
from netmed.read.delimited import PARQUET, header
from netmed.read.finding import find, settle
from netmed.read.source import Source, lines, open_bytes
from netmed.read.washing import Open, has_long_line, unroll, unroll_lines, wash

__all__ = ["check", "find"]

SAMPLE = 64 * 1024
TABLE_NAMES = {".csv", ".tsv", ".tab"}
"""Endings of files that mean to be tables: errors about them speak of columns. Nothing is recognised by its name."""


@dataclass(frozen=True, slots=True)
class Formats:
    """What the readers know of whole files."""

    is_table: Callable[[Mapping[str, object]], bool]
    """Whether a table with these columns is theirs."""
    open: Open
    """The records in an envelope, or None."""


ZIP = b"PK\x03\x04"
SPREADSHEETS = (".xlsx", ".xlsm", ".ods")
"""Zip archives too; the message about them says what to do with a spreadsheet."""

_MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16"}
_MARKS |= {codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
_GZIP_ODDITIES = 0x02 | 0x10
"""Header checksum and comment: sound gzip that the engine does not read."""


def check(source: Source, work: Path, number: int, formats: Formats) -> None:
    """Look through one file; where the engine must not read it as it is, make a washed copy.

    ``formats`` tells which tables are known, and opens envelopes.

    Raises ``InputError`` for a file that cannot be opened.
    """
    try:
        settle(source, work, number)
        with source.path.open("rb") as stream:
            start = stream.read(SAMPLE)
    except OSError as error:
        raise InputError(f"{source.shown} cannot be read: {error.strerror or error}") from error
    source.compression = _compression(start)
    is_odd = source.compression == "gzip" and _is_odd_gzip(source, start)
    if source.compression != "none":
        start = _try_compressed(source)
    copy = work / f"washed-{number}"
    if start.startswith(ZIP) and source.original.suffix.lower() not in SPREADSHEETS:
        raise InputError(f"{source.shown} is a zip archive; unpack it, or pack the file itself as .gz or .zst")
    if start.startswith(PARQUET):
        _unpack(source, work / f"unpacked-{number}")
        if not _as_table(source, start, formats) and not source.columns:
            source.damage.append("a Parquet file that is damaged; nothing in it was read")
            copy.write_bytes(b"")
            source.read_instead(copy)
        return
    encoding = next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), None) or _unmarked(start)
    if encoding is None and _is_binary(start):
        source.damage.append("a binary file, not text; nothing in it was read")
        copy.write_bytes(b"")
        source.read_instead(copy)
        return
    if encoding is not None:
        mark = "without" if encoding[-2:] in ("le", "be") else "with"
        source.notes.append(f"read as {encoding.removesuffix('-sig').upper()} {mark} a byte order mark")
    document = work / f"document-{number}"
    is_long = has_long_line(source)
    if is_long and start.lstrip()[:1] in (b"[", b"{") and not source.damage and unroll(source, document, formats.open):
        is_long = False
    if source.damage or encoding is not None or is_odd or is_long:
        wash(source, copy, encoding or "utf-8")
        source.read_instead(copy)
    if _as_table(source, next(open_bytes(source), b"")[:SAMPLE], formats):
        return
    source.first = _first_record(source)
    unrolling = unroll if source.first is None else unroll_lines
    if unrolling(source, document, formats.open):
        source.first = _first_record(source)


def _as_table(source: Source, start: bytes, formats: Formats) -> bool:
    """Whether the file is a table that some reader knows by its columns."""
    table = header(source, start)
    if table is None:
        return False
    if TABLE_NAMES & set(source.original.suffixes) or not table.delimiter:
        source.columns = table.columns
    if not formats.is_table(dict.fromkeys(table.columns)):
        return False
    source.table = table
    source.is_lines = False
    source.first = dict.fromkeys(table.columns)
    return True


def _compression(start: bytes) -> str:
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    is_skippable = start[1:4] == b"\x2a\x4d\x18" and start[0] & 0xF0 == 0x50  # pzstd begins with such a frame
    return "zstd" if is_skippable or start.startswith(b"\x28\xb5\x2f\xfd") else "none"


def _is_odd_gzip(source: Source, start: bytes) -> bool:
    """Sound gzip that the engine refuses: a comment in the header, zeros at the end (from tapes and images)."""
    with source.path.open("rb") as stream:
        stream.seek(-min(4, len(start)), os.SEEK_END)
        return stream.read() == bytes(4) or bool(start[3:4] and start[3] & _GZIP_ODDITIES)


def _unmarked(start: bytes) -> str | None:
    """UTF-16 without a byte order mark: JSON begins with two signs of ASCII (RFC 4627, section 3)."""
    for kind, sign, nul in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        is_text = start[sign : sign + 1] in (b"{", b"[") and start[sign + 2 : sign + 3] not in (b"", b"\0")
        if is_text and start[nul : nul + 3 : 2] == b"\0\0":
            return kind
    return None


def _is_binary(start: bytes) -> bool:
    """NUL bytes in something of which no line begins like JSON."""
    return b"\0" in start and not any(line.lstrip().startswith((b"{", b"[")) for line in start.split(b"\n"))


def _try_compressed(source: Source) -> bytes:
    """Unpack to the end, as only that shows damage; give the first bytes."""
    start = b""
    total = 0
    for chunk in open_bytes(source):
        if len(start) < SAMPLE:
            start += chunk
        total += len(chunk)
    packed = source.path.stat().st_size
    if packed and total > 200 * packed:
        source.notes.append(f"unusually dense: {packed:,} bytes unpack to {total:,}")
    return start[:SAMPLE]


def _unpack(source: Source, copy: Path) -> None:
    """Parquet is read from its end, so it must lie there unpacked."""
    if source.compression == "none":
        return
    with copy.open("wb") as unpacked:
        unpacked.writelines(open_bytes(source))
    source.read_instead(copy)


def _first_record(source: Source) -> dict[str, object] | None:
    """The first of the first lines that is a JSON object."""
    for place, (_, line) in enumerate(lines(source)):
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            return value
        if place == 50:
            break
    return None
