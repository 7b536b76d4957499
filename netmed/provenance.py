"""How a network came to be: inputs by their hash, rules, parameters, versions, times."""

import contextlib
import datetime
import hashlib
import os
import platform
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RULES_VERSION = "1"
"""Changes whenever the same input could give other events."""

LIBRARIES = ("duckdb", "ibis-framework", "igraph", "pyarrow", "pandas", "numpy")

BLOCK = 8 * 1024 * 1024
"""Bytes hashed at a time: after each block the thread waits for its turn, while others are at work in Python."""


class Hashes:
    """SHA-256 of files, computed beside other work; what ``begun`` has begun is taken over."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hash")
        self._stop = threading.Event()
        self._sums = {name: self._sum(path) for name, path in files.items()}

    def _sum(self, path: Path) -> "Future[str]":
        real = os.path.realpath(path)
        return _begun.pop(real) if real in _begun else self._pool.submit(sha256, path, self._stop)

    def __getitem__(self, name: str) -> str:
        return self._sums[name].result()

    def close(self) -> None:
        """Give up what was not asked for."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


_begun: dict[str, "Future[str]"] = {}


@contextlib.contextmanager
def begun(inputs: Iterable[str]) -> Iterator[None]:
    """Within this, inputs that are plain files are being hashed: before the libraries that read them are loaded."""
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="hash") as pool:
        for path in [Path(given) for given in inputs if os.path.isfile(given)]:  # noqa: PTH113  false for "-" and globs
            _begun[os.path.realpath(path)] = pool.submit(sha256, path, stop)
        try:
            yield
        finally:
            stop.set()
            _begun.clear()
            pool.shutdown(wait=False, cancel_futures=True)


def sha256(path: Path, stop: threading.Event | None = None) -> str:
    """Hexadecimal SHA-256 of a file's bytes; ``stop`` ends it early, with a sum that nobody may use."""
    digest = hashlib.sha256()
    block = memoryview(bytearray(min(BLOCK, path.stat().st_size + 1)))
    with path.open("rb", buffering=0) as stream:
        while (size := stream.readinto(block)) and not (stop and stop.is_set()):
            digest.update(block[:size])
    return digest.hexdigest()


def manifest(
    *,
    inputs: Sequence[Mapping[str, Any]],
    rules: Mapping[str, Any],
    parameters: Mapping[str, Any],
    invented: bool,
    started: datetime.datetime,
) -> dict[str, Any]:
    """What ``provenance.json`` says; the only place with the times of the run."""
    return {
        "netmed": _version("netmed"),
        "rules_version": RULES_VERSION,
        "rules": dict(rules),
        "parameters": dict(parameters),
        "invented": invented,
        "inputs": [dict(entry) for entry in inputs],
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": now().isoformat(timespec="seconds"),
    }


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(tz=datetime.UTC)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
