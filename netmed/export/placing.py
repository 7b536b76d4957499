"""A result that is there whole or not at all, be it a file or a folder of files.

It is written under a hidden name beside its place and moved in when it is finished and on disk.
"""

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from netmed.errors import NetworkError


@contextlib.contextmanager
def placed(target: Path, *, files: Collection[str] = (), force: bool = False) -> Iterator[Path]:
    """Yield a path to write to; on success what is there becomes ``target``.

    Parameters
    ----------
    files : names within a folder, which is empty then when yielded; none means that a file is to be written.
    force : replace what an earlier export left.

    Raises ``NetworkError`` where ``target`` exists and ``force`` is not given, or is something else than
    such an export: nothing but our own is ever replaced.
    """
    place = Path(os.path.realpath(target))
    _check(place, target, files, force=force)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name[:100]}.", dir=place.parent) as work:
        draft = Path(work) / "new"
        if files:
            draft.mkdir()
            draft.chmod(0o755)
        yield draft
        for path in [*(draft.iterdir() if files else ()), draft]:
            _settle(path)
        _check(place, target, files, force=force)
        _swap(draft, place, Path(work) / "old")
        _settle(place.parent)


def _check(place: Path, shown: Path, files: Collection[str], *, force: bool) -> None:
    if not place.exists():
        return
    if place.is_dir() != bool(files):
        found, wanted = ("a folder", "a file") if place.is_dir() else ("a file", "a folder")
        raise NetworkError(f"{shown} is {found}, and the export is {wanted}; give -o another name")
    other = sorted({path.name for path in place.iterdir()} - set(files)) if files else []
    if other:
        raise NetworkError(f"{shown} holds other things ({other[0]}); give -o the name of a folder of its own")
    if not force and (not files or any(place.iterdir())):
        raise NetworkError(f"{shown} exists already; add --force to replace it, or give -o another name")


def _swap(draft: Path, place: Path, aside: Path) -> None:
    """Move in what was made; where that fails, what was there before is back."""
    if not (draft.is_dir() and place.exists()):
        os.replace(draft, place)
        return
    os.rename(place, aside)
    try:
        os.rename(draft, place)
    except BaseException:
        os.rename(aside, place)
        raise


def _settle(path: Path) -> None:
    """See that a file or a folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
