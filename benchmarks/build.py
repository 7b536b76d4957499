"""How fast a full build is, against a bare parse of the same file and against twarc-network.

All are run as processes of their own, in turn, in one go: only their ratios are worth anything.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from shapes import flatten  # noqa: E402

from netmed import simulate  # noqa: E402

PARSE = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'):\n    orjson.loads(line)\n"
"""The bare loop: every line parsed, nothing kept."""

TWARC_LINES = 50_000
"""Lines that twarc-network gets; its time is scaled up to the whole file."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its wall time in seconds and its peak resident memory in MB."""

    seconds: float
    peak: float


def collection(work: Path, lines: int, seed: int) -> Path:
    """The flattened file of so many posts, made once and kept in ``work``."""
    path = work / f"flat-{lines}-{seed}.jsonl"
    if path.exists():
        return path
    pages = work / f"pages-{lines}-{seed}.jsonl"
    # About 1.6 posts are delivered per original one; reposts and second copies make the difference.
    made = simulate.collection(max(1, round(lines / 1.55)), pages, seed=seed)
    if made.delivered < lines:
        raise SystemExit(f"only {made.delivered:,} posts were made, {lines:,} are wanted")
    draft = path.with_suffix(".part")
    with pages.open("rb") as source, draft.open("wb") as target:
        posts = (post for page in source for post in flatten(orjson.loads(page)))
        for post in islice(posts, lines):
            target.write(orjson.dumps(post) + b"\n")
    pages.unlink()
    draft.rename(path)
    return path


def head(path: Path, lines: int) -> Path:
    """The first lines of a file, as a file beside it."""
    part = path.with_name(f"{path.stem}-head-{lines}.jsonl")
    if not part.exists():
        with path.open("rb") as source, part.open("wb") as target:
            target.writelines(islice(source, lines))
    return part


def measured(command: Sequence[str], log: Path) -> Run:
    """Run a process to its end; its peak memory is its own, as the system counted it."""
    with log.open("wb") as out:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
        start = time.perf_counter()
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Run(seconds, usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))


def main() -> None:
    """Make the file, run everything in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=400_000, help="posts in the file (default 400,000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each; the median counts (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", help="bound given to netmed build, such as 1GB")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "netmed-benchmark")
    parser.add_argument("--twarc", type=Path, help="twarc2 of an environment that has twarc-network")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)

    path = collection(given.work, given.lines, given.seed)
    network = given.work / "network"
    build = [sys.executable, "-m", "netmed", "build", str(path), "-o", str(network), "--force"]
    commands = {
        "bare parse (orjson)": [sys.executable, "-c", PARSE, str(path)],
        "netmed build": build + (["--memory", given.memory] if given.memory else []),
    }
    scale = dict.fromkeys(commands, 1.0)
    if given.twarc:
        part = min(TWARC_LINES, given.lines)
        name = "twarc2 network --edges mention"
        # A token keeps it from asking for one; nothing is fetched here, so none is needed.
        commands[name] = [
            *(str(given.twarc), "--bearer-token", "none", "--log", os.devnull),
            *("network", "--edges", "mention", str(head(path, part)), str(given.work / "twarc.html")),
        ]
        scale[name] = given.lines / part

    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(given.rounds):
        for name, command in commands.items():
            runs[name].append(measured(command, given.work / "log.txt"))

    seconds = {name: statistics.median(run.seconds for run in runs[name]) * scale[name] for name in runs}
    own = seconds["netmed build"]
    size = path.stat().st_size / 1e6
    print(f"{given.lines:,} flattened v2 posts, {size:,.0f} MB; median of {given.rounds}, run in turn\n")
    print("| what | seconds | against netmed build | peak memory, MB |\n|---|---|---|---|")
    for name in runs:
        peak = max(run.peak for run in runs[name])
        scaled = f" (×{scale[name]:g} from {given.lines / scale[name]:,.0f})" if scale[name] != 1 else ""
        print(f"| {name}{scaled} | {seconds[name]:.1f} | {seconds[name] / own:.2f} | {peak:,.0f} |")
    print(f"\nnetmed build takes {own / seconds['bare parse (orjson)']:.2f} × the bare parse")
    if given.twarc:
        print(f"and is {seconds[name] / own:.0f} × faster than twarc2 network")


if __name__ == "__main__":
    main()
