"""How fast each reader is per byte, against the reader of flattened X v2 posts, on the same posts.

The posts are invented once and written in every format by the writers of the tests. Each build is a
process of its own, in turn; only the ratios are worth anything. Wanted: none more than 3 × slower.
"""

import argparse
import importlib
import statistics
import sys
import tempfile
from pathlib import Path

from build import ROOT, collection, measured

sys.path.insert(0, str(ROOT / "tests"))

from shapes import read_lines

BASE = "v2-flat"


def written(work: Path, flat: Path, name: str) -> Path:
    """The posts of ``flat`` in another format, made once and kept in ``work``."""
    path = work / f"{flat.stem}.{name}"
    if not path.exists():
        draft = path.with_suffix(".part")
        importlib.import_module(f"writers_{name}").write(read_lines(flat), draft)
        draft.rename(path)
    return path


def main() -> None:
    """Write the files, build each in turn, print the table."""
    names = sorted(path.stem.removeprefix("writers_") for path in (ROOT / "tests").glob("writers_*.py"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="posts in each file (default 100,000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the median counts (default 3)")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "netmed-benchmark")
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)

    flat = collection(given.work, given.lines, 1)
    files = {BASE: flat, **{name: written(given.work, flat, name) for name in given.only}}
    seconds: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(given.rounds):
        for name, path in files.items():
            command = [sys.executable, "-m", "netmed", "build", str(path), "-o", str(given.work / "network"), "--force"]
            seconds[name].append(measured(command, given.work / "log.txt").seconds)

    per_byte = {name: statistics.median(runs) / files[name].stat().st_size for name, runs in seconds.items()}
    print(f"{given.lines:,} posts; median of {given.rounds}, run in turn\n")
    print("| format | MB | seconds | s per 100 MB | to v2 per byte | to v2 per post |\n|---|---|---|---|---|---|")
    for name, path in files.items():
        took = statistics.median(seconds[name])
        print(
            f"| {name} | {path.stat().st_size / 1e6:,.0f} | {took:.1f} | {per_byte[name] * 1e8:.1f} "
            f"| {per_byte[name] / per_byte[BASE]:.2f} | {took / statistics.median(seconds[BASE]):.2f} |"
        )


if __name__ == "__main__":
    main()
