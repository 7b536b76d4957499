"""Copies that the engine can read, of files that it cannot.

Lines too long are taken out, other encodings become UTF-8, one JSON document becomes lines.
"""

import codecs
import mmap
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from netmed.read.source import Source, lines, open_bytes

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; a longer line is taken out (a page of 500 posts has about 2 MB)."""

DOCUMENT_LIMIT = 512 * 1024 * 1024
WASHED_OUT = b"netmed: a line was taken out here\n"
"""Stands where a line was taken out, so that line numbers stay true; it is no JSON, so it counts as malformed."""


def has_long_line(source: Source) -> bool:
    """Whether some line is too long; looks only where a line must end, so it hardly reads the file."""
    if source.compression != "none":
        return any(size > LONGEST_LINE for size in _line_sizes(source))
    size = source.path.stat().st_size
    if size <= LONGEST_LINE:
        return False
    with source.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = 0
        while size - start > LONGEST_LINE:
            end = content.rfind(b"\n", start, start + LONGEST_LINE)
            if end < 0:
                return True
            start = end + 1
    return False


def _line_sizes(source: Source) -> Iterator[int]:
    """Upper bounds of line sizes, a chunk at a time: exact only across chunks without a line end."""
    open_line = 0
    for chunk in open_bytes(source):
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        if first < 0:
            open_line += len(chunk)
        else:
            yield open_line + first
            open_line = len(chunk) - last - 1
    yield open_line


HALF = re.compile(rb"\xed[\xa0-\xbf]")
"""Begins half an emoji, as some programs write them (CESU-8: two halves of three bytes each); no UTF-8 holds it."""


def wash(source: Source, copy: Path, encoding: str) -> None:
    """Copy as plain UTF-8 without a mark, each line too long replaced by ``WASHED_OUT``."""
    with copy.open("wb") as washed:
        for line in _bounded_lines(_decoded(source, encoding)):
            washed.write(line)


def mend(source: Source, copy: Path, *, replace: bool = False) -> bool:
    """Copy with the halves of emoji joined, if there are any; whether anything was mended.

    ``replace``: bytes that are no UTF-8 even then become the replacement character; else their lines stay.
    """
    joined = replaced = 0
    with copy.open("wb") as mended:
        for line in _bounded_lines(open_bytes(source)):
            try:
                line.decode()
                mended.write(line)
                continue
            except UnicodeDecodeError:
                whole = _joined(line) if HALF.search(line) else None
            joined += whole is not None
            replaced += whole is None
            mended.write(whole or (line.decode("utf-8", "replace").encode() if replace else line))
    if joined:
        source.notes.append(f"emoji written as two halves (CESU-8) were joined in {joined:,} lines")
    if replaced and replace:
        source.damage.append(f"bytes that are no UTF-8 in {replaced:,} lines; each became the replacement character")
    if joined or (replaced and replace):
        source.read_instead(copy)
        return True
    return False


def is_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8, be it with emoji in two halves, which ``mend`` joins."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return HALF.search(line) is not None and _joined(line) is not None
    return True


def _joined(line: bytes) -> bytes | None:
    """A line with the halves of its emoji joined; None where a half stands alone, or it is no UTF-8 at all."""
    try:
        text = line.decode("utf-8", "surrogatepass")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()
    except UnicodeError:
        return None


def _decoded(source: Source, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        yield from open_bytes(source)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in open_bytes(source):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _bounded_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines with their ends; one that is too long is dropped while it streams by."""
    pending, skipping = b"", False
    for chunk in chunks:
        *whole, rest = (pending + chunk).split(b"\n")
        for line in whole:
            if skipping or len(line) > LONGEST_LINE:
                yield WASHED_OUT
            else:
                yield line + b"\n"
            skipping = False
        pending = rest
        if len(pending) > LONGEST_LINE:
            pending, skipping = b"", True
    if skipping:
        yield WASHED_OUT
    elif pending:
        yield pending


Open = Callable[[Mapping[str, Any]], list[Any] | None]
"""Opens an envelope: the records in it, or None for what is a record itself."""


def unroll(source: Source, copy: Path, opened: Open) -> bool:
    """Write one JSON document (records in an array or an envelope, or one record over many lines) as lines."""
    size = 0
    parts = []
    for chunk in open_bytes(source):
        parts.append(chunk)
        size += len(chunk)
        if size > DOCUMENT_LIMIT:
            return False
    try:
        document = orjson.loads(b"".join(parts))
    except orjson.JSONDecodeError:
        return False
    if isinstance(document, dict):
        document = [document]
    if not isinstance(document, list):
        return False
    records = 0
    with copy.open("wb") as unrolled:
        for item in document:
            for record in _records(item, opened):
                line = orjson.dumps(record) + b"\n"
                unrolled.write(line if len(line) <= LONGEST_LINE else WASHED_OUT)
                records += 1
    source.notes.append(f"one JSON document of {records:,} record{'s' if records != 1 else ''}")
    source.is_lines = False
    source.read_instead(copy)
    return True


def _records(item: Any, opened: Open) -> list[Any]:
    inside = opened(item) if isinstance(item, dict) else None
    return [item] if inside is None else inside


def unroll_lines(source: Source, copy: Path, opened: Open) -> bool:
    """Write envelopes, one per line, as the records in them; other lines stay as they are."""
    if source.first is None or opened(source.first) is None:
        return False
    envelopes = 0
    with copy.open("wb") as unrolled:
        for _, line in lines(source):
            try:
                item = orjson.loads(line)
            except orjson.JSONDecodeError:
                item = None
            inside = opened(item) if isinstance(item, dict) else None
            envelopes += inside is not None
            unrolled.writelines([line + b"\n"] if inside is None else [orjson.dumps(post) + b"\n" for post in inside])
    source.notes.append(f"{envelopes:,} responses with records inside")
    source.is_lines = False
    source.read_instead(copy)
    return True
