"""Copies that the engine can read, of files that it cannot.

Lines too long are taken out, other encodings become UTF-8, one JSON document becomes lines.
"""

import codecs
import mmap
from collections.abc import Iterator
from pathlib import Path

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


def wash(source: Source, copy: Path, encoding: str) -> None:
    """Copy as plain UTF-8 without a mark, each line too long replaced by ``WASHED_OUT``."""
    with copy.open("wb") as washed:
        for line in _bounded_lines(_decoded(source, encoding)):
            washed.write(line)


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


def unroll(source: Source, copy: Path) -> bool:
    """Write one JSON document (an array of records, or one record over many lines) as lines."""
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
        statuses = document.get("statuses")
        document = statuses if isinstance(statuses, list) else [document]
    if not isinstance(document, list):
        return False
    with copy.open("wb") as unrolled:
        for item in document:
            line = orjson.dumps(item) + b"\n"
            unrolled.write(line if len(line) <= LONGEST_LINE else WASHED_OUT)
    source.notes.append(f"one JSON document of {len(document):,} records")
    source.is_lines = False
    source.read_instead(copy)
    return True


def unroll_searches(source: Source, copy: Path) -> bool:
    """Write responses of the v1.1 search, one per line, as the posts in them; other lines stay as they are."""
    if not isinstance((source.first or {}).get("statuses"), list):
        return False
    searches = 0
    with copy.open("wb") as unrolled:
        for _, line in lines(source):
            try:
                statuses = orjson.loads(line)["statuses"]
                posts = [orjson.dumps(post) for post in statuses] if isinstance(statuses, list) else [line]
            except (orjson.JSONDecodeError, TypeError, KeyError):
                posts = [line]
            searches += posts != [line]
            unrolled.writelines(post + b"\n" for post in posts)
    source.notes.append(f"{searches:,} responses of a search")
    source.is_lines = False
    source.read_instead(copy)
    return True
