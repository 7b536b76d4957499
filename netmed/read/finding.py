"""From what a person typed to files: names, folders, globs, standard input."""

import glob
import os
import shutil
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from netmed.errors import InputError
from netmed.folder import MANIFEST
from netmed.read.source import CHUNK, Source


def find(inputs: Iterable[str | os.PathLike[str]], work: Path) -> list[Source]:
    """Files for what a person typed: files, folders (with all below), globs, ``-`` for stdin.

    Raises ``InputError`` where something is missing, unreadable, or nothing was given.
    """
    found: dict[Path, Source] = {}
    for given in inputs:
        name = os.fspath(given)
        if name == "-":
            path = work / "stdin"
            if path not in found:
                _spool(sys.stdin.buffer, path)
                found[path] = Source("-", path, path)
            continue
        for path in _files(name):
            real = path if path.is_fifo() else Path(os.path.realpath(path))
            found.setdefault(real, Source(_printed(path), path, real))
    if not found:
        raise InputError("no input files; give posts as files, folders or globs, or - for standard input")
    return sorted(found.values(), key=lambda source: source.shown)


def _files(name: str) -> list[Path]:
    if not name:
        raise InputError("an input has an empty name; give posts as files, folders or globs")
    path = Path(name)
    if _is_network(path):
        raise InputError(f"{name} is a network, not posts; a network is narrowed alone: netmed build {name} -o OTHER")
    if path.is_dir():
        below = _below(path)
        if not below:
            raise InputError(f"the folder {name} has no files in it; give a folder with posts (JSON lines)")
        return below
    if path.exists():
        return [path]
    # Absolute globs too; where nothing fits, brackets are taken as they stand: folders are called "data [final]".
    found = glob.glob(name, recursive=True) or glob.glob(name.replace("[", "[[]"), recursive=True)  # noqa: PTH207
    matches = sorted(Path(match) for match in found)
    files = [file for match in matches for file in (_files(str(match)) if match.is_dir() else [match])]
    if not files:
        what = "no file matches" if glob.has_magic(name) else "there is no file or folder"
        raise InputError(f"{what} {name!r}; check the spelling, or give another input")
    return files


def _is_network(path: Path) -> bool:
    return os.path.isfile(path / MANIFEST)  # noqa: PTH113  false where one may not look, too


def _below(top: Path) -> list[Path]:
    """Files in a folder and those below it, but for hidden ones; a link to a folder is followed once.

    Networks below are passed over: they are netmed's own, and hold no raw posts.
    A link that leads nowhere is among them, so that it is reported and not passed over.
    """
    files, seen = [], set()
    for place, folders, names in os.walk(top, onerror=_refuse, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not (name.startswith(".") or _is_network(Path(place, name)))]
        files += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(file for file in files if os.path.isfile(file) or not os.path.exists(file))  # noqa: PTH110, PTH113


def _refuse(error: OSError) -> None:
    raise InputError(f"{error.filename} cannot be read: {error.strerror or error}") from error


def _printed(path: Path) -> str:
    """A path as text that can be written down; bytes that are no UTF-8 become ``\\xe9``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _spool(stream: BinaryIO, path: Path) -> None:
    with path.open("wb") as copy:
        while chunk := stream.read(CHUNK):
            copy.write(chunk)


def settle(source: Source, work: Path, number: int) -> None:
    """Make the source a file that can be read more than once, under a name the engine can take."""
    mode = source.path.stat().st_mode
    if stat.S_ISFIFO(mode):
        copy = work / f"pipe-{number}"
        with source.path.open("rb") as stream:
            _spool(stream, copy)
        source.path = source.original = copy
    elif not stat.S_ISREG(mode):
        raise InputError(f"{source.shown} is not a file; give posts as files, folders or globs")
    elif _is_unspeakable(source.path):
        copy = work / f"named-{number}"
        shutil.copyfile(source.path, copy)
        source.path = copy


def _is_unspeakable(path: Path) -> bool:
    """Whether the engine cannot open a path: bytes that are no UTF-8, or a backslash in what it takes for a glob."""
    text = str(path)
    return _printed(path) != text or ("\\" in text and glob.has_magic(text))
