"""How a network came to be: inputs by their hash, rules, parameters, versions, times."""

import datetime
import hashlib
import platform
from collections.abc import Mapping, Sequence
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
    """SHA-256 of files, computed beside other work."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hash")
        self._sums: dict[str, Future[str]] = {name: self._pool.submit(sha256, path) for name, path in files.items()}

    def __getitem__(self, name: str) -> str:
        return self._sums[name].result()

    def close(self) -> None:
        """Give up what was not asked for."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    block = memoryview(bytearray(min(BLOCK, path.stat().st_size + 1)))
    with path.open("rb", buffering=0) as stream:
        while size := stream.readinto(block):
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
