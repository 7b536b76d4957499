"""One input file: its bytes, whatever it is packed in, and its lines.

Damage is noted on the source and ends the bytes; nothing raises in the middle of a file.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import zstandard

if TYPE_CHECKING:
    from netmed.read.delimited import Table

CHUNK = 1024 * 1024
PIECE = 4 * 1024
"""Bytes of zstd unpacked at a time: at most 128 MB come out of them, whatever a hostile file does."""

BLANK = b" \t\r\x0b\x0c"
"""What a line may hold and still be blank: the engine skips just these, and row numbers rest on it."""


@dataclass(slots=True)
class Source:
    """One input file: what the person called it, and what the engine shall read."""

    shown: str
    original: Path
    path: Path
    compression: str = "none"
    damage: list[str] = field(default_factory=list)
    """What is wrong with the file as a whole; each is a loss."""
    notes: list[str] = field(default_factory=list)
    """What was done to read it; no loss."""
    is_lines: bool = True
    """Whether line numbers mean something: false for one JSON document over many lines."""
    first: dict[str, object] | None = None
    """The first record, for guessing the reader; of a table, its columns."""
    table: "Table | None" = None
    """How it is a table, if it is one that a reader knows."""
    columns: tuple[str, ...] = ()
    """The columns of a table, known or not."""

    def read_instead(self, copy: Path) -> None:
        """Let the engine read a plain copy."""
        self.path, self.compression = copy, "none"

    @property
    def numbered_by(self) -> str:
        """What is counted where something in the file is named: its rows below the header, its lines or its records."""
        return "row" if self.table is not None else "line" if self.is_lines else "record"

    @property
    def is_invented(self) -> bool:
        """Whether the file says of itself that `netmed simulate` made it."""
        made_by = (self.first or {}).get("__twarc")
        return isinstance(made_by, dict) and str(made_by.get("version")).startswith("netmed simulate")


def open_bytes(source: Source) -> Iterator[bytes]:
    """The plain bytes of a source in chunks; damage of the compression is noted and ends them."""
    with source.path.open("rb") as stream:
        if source.compression == "gzip":
            yield from _gunzip(source, stream)
        elif source.compression == "zstd":
            yield from _unzstd(source, stream)
        else:
            while chunk := stream.read(CHUNK):
                yield chunk


def _gunzip(source: Source, stream: BinaryIO) -> Iterator[bytes]:
    unpacked = gzip.GzipFile(fileobj=stream)
    try:
        while chunk := unpacked.read1(CHUNK):
            yield chunk
    except EOFError:
        _note_damage(source, "the gzip file is cut off; what came before the cut was read")
    except (gzip.BadGzipFile, zlib.error) as error:
        _note_damage(source, f"the gzip file is damaged ({error}); what came before was read, and may be wrong")


def _unzstd(source: Source, stream: BinaryIO) -> Iterator[bytes]:
    frame = zstandard.ZstdDecompressor().decompressobj()
    fed = False
    try:
        while packed := stream.read(PIECE):
            while packed:
                if frame.eof:
                    frame = zstandard.ZstdDecompressor().decompressobj()
                chunk = frame.decompress(packed)
                for at in range(0, len(chunk), CHUNK):
                    yield chunk[at : at + CHUNK]
                packed, fed = frame.unused_data if frame.eof else b"", True
        if fed and not frame.eof:
            _note_damage(source, "the zstd file is cut off; what came before the cut was read")
    except zstandard.ZstdError as error:
        _note_damage(source, f"the zstd file is damaged ({error}); what came before was read, and may be wrong")


def _note_damage(source: Source, what: str) -> None:
    if what not in source.damage:
        source.damage.append(what)


def lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Non-blank lines with their numbers, from 1 in the file as it was given."""
    number, pending = 0, b""
    for chunk in open_bytes(source):
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            number += 1
            if line.strip(BLANK):
                yield number, line
    if pending.strip(BLANK):
        yield number + 1, pending
