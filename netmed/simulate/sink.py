"""Where the lines go: a stream or a file, compressed by its name, and never half of a file."""

import contextlib
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard

from netmed.errors import InputError
from netmed.folder import draft_beside


@contextlib.contextmanager
def writing(target: Path | BinaryIO) -> Iterator[IO[bytes]]:
    """Yield a binary stream that ends up in ``target``.

    A path that ends in ``.gz`` or ``.zst`` is compressed (without time or name inside). A regular
    file appears whole or not at all. Raises ``InputError`` where the path cannot be written.
    """
    if not isinstance(target, Path):
        yield target
        target.flush()
        return
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise InputError(f"{target} is a folder; give the name of a file to write")
        with target.open("wb") as device:
            yield device
        return
    draft = draft_beside(target)
    try:
        with _opened(draft) as file:
            with _compressed(target, file) as stream:
                yield stream
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _opened(draft: Path) -> BinaryIO:
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        return draft.open("xb")
    except OSError as error:
        raise InputError(f"{draft.parent} cannot be written to ({error.strerror}); choose another place") from error


@contextlib.contextmanager
def _compressed(target: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    match target.suffix.lower():
        case ".gz":
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed:
                yield cast("IO[bytes]", packed)
        case ".zst":
            with zstandard.ZstdCompressor(level=6, write_checksum=True).stream_writer(file, closefd=False) as squeezed:
                yield cast("IO[bytes]", squeezed)
        case _:
            yield file
