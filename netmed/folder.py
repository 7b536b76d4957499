"""A network folder on disk: written beside its place, moved in whole, checked when opened.

A kill at any moment leaves the old network or the new one, never half of one: tables are written
into a hidden sibling, flushed, described by a manifest that is written last, and renamed. What a
killed run leaves behind is put right at the next one.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netmed.errors import NetworkError
from netmed.provenance import sha256

MANIFEST = "provenance.json"


@contextlib.contextmanager
def writing(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield an empty folder to write into; on success it becomes ``target``.

    Raises ``NetworkError`` where ``target`` exists and ``force`` is not given, or is no network.
    """
    target = Path(os.path.realpath(target))
    check_target(target, force=force)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.parent):
        recover(target)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
        fresh.chmod(0o755)
        claim = _claim(fresh)
    try:
        yield fresh
        _flush(fresh)
        with _locked(target.parent):
            check_target(target, force=force)
            _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        os.close(claim)


def _swap(fresh: Path, target: Path) -> None:
    """Put the new network in the place of the old one; where that fails, the old one is back."""
    aside = _aside(target)
    try:
        if target.exists():
            os.rename(target, aside)
        os.rename(fresh, target)
        _flush_entry(target.parent)
    except BaseException:
        if aside.exists() and not target.exists():
            os.rename(aside, target)
        raise
    finally:
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def check_target(target: Path, *, force: bool) -> None:
    """Refuse a target that would lose something: a network without ``force``, or any other thing."""
    if os.fsencode(target).decode("utf-8", "ignore") != str(target):
        raise NetworkError(f"{str(target)!r} is no UTF-8 text; choose another name with -o")
    if not target.exists():
        return
    if not target.is_dir():
        raise NetworkError(f"{target} is a file; give -o the name of a folder that does not exist yet")
    if any(target.iterdir()) and not (target / MANIFEST).exists():
        raise NetworkError(f"{target} exists and is not a network folder; choose another name with -o")
    if any(target.iterdir()) and not force:
        raise NetworkError(f"{target} exists already; add --force to replace it, or choose another name with -o")


def recover(target: Path) -> None:
    """Put right what a killed run left: the old network back in place, half-written ones away.

    Raises ``NetworkError`` where another run that still lives is writing the same network.
    """
    aside = _aside(target)
    if aside.exists() and not target.exists():
        os.rename(aside, target)
    leftovers = list(target.parent.glob(f".{_literal(target.name)}.new-*"))
    if any(_is_claimed(leftover) for leftover in leftovers):
        raise NetworkError(f"another netmed is writing {target}; wait until it is done, or choose another name with -o")
    for leftover in [aside, *leftovers]:
        shutil.rmtree(leftover, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


@contextlib.contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """Only one run at a time comes and goes in a folder; the lock ends with the process."""
    handle = os.open(parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _claim(fresh: Path) -> int:
    """Mark a folder as being written for as long as this process lives; close the handle to end it."""
    handle = os.open(fresh, os.O_RDONLY)
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _is_claimed(leftover: Path) -> bool:
    handle = os.open(leftover, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def seal(root: Path, provenance: dict[str, Any], rows: dict[str, int]) -> None:
    """Write the manifest last: the provenance, and the size, hash and rows of every file."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256(path), "rows": rows.get(path.stem)}
        for path in sorted(root.iterdir())
        if path.name != MANIFEST
    }
    write_json(root / MANIFEST, {**provenance, "files": files})


def verify(root: Path) -> dict[str, Any]:
    """Read the manifest of a network folder and check the files against it.

    Raises ``NetworkError`` where something is missing or has another size than was written.
    """
    if not root.exists() and _aside(root).exists():
        with _locked(root.parent):
            recover(root)  # a run was killed between moving the old network away and the new one in
    if not root.exists():
        raise NetworkError(f"{root} does not exist; `netmed build POSTS -o {root}` makes a network")
    manifest = root / MANIFEST
    if not manifest.is_file():
        raise NetworkError(f"{root} is not a network folder (no {MANIFEST}); `netmed build` makes one from posts")
    try:
        provenance = json.loads(manifest.read_text(encoding="utf-8"))
        files = provenance["files"].items()
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise NetworkError(f"{manifest} is damaged ({error}); build the network again") from error
    for name, facts in files:
        path = root / name
        size = path.stat().st_size if path.is_file() else None
        if size != facts["bytes"]:
            found = "is missing" if size is None else f"has {size:,} bytes, {facts['bytes']:,} were written"
            raise NetworkError(f"{path} {found}; build the network again")
    return dict(provenance)


def write_json(path: Path, content: object) -> None:
    """Write JSON the same way every time: UTF-8, indented, ``\\n``, key order as given."""
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8", newline="\n"
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write one result file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_beside(path)
    try:
        with draft.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def draft_beside(path: Path) -> Path:
    """A name beside ``path`` that nobody has: known before the file is there, so that Ctrl-C at any moment finds it."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _flush(root: Path) -> None:
    for path in root.iterdir():
        _flush_entry(path)
    _flush_entry(root)


def _flush_entry(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _literal(name: str) -> str:
    """Escape a name so that ``glob`` takes it as it stands."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
