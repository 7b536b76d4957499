"""The real command, ended at random moments by Ctrl-C and by SIGKILL: the old network is whole, or there is none.

The moments are drawn by a seed between the first sign of work (the folder it writes into) and the end
of an undisturbed run. ``test_folder.py`` does the same for every step of the exchange, without luck.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

import netmed
from netmed.errors import NetworkError

POSTS = 2_000
"""Few: most of a short build is many small steps, and the long one of reading more is like any other moment."""

MOMENTS = 20
INTERRUPTED = (130, -signal.SIGINT)
"""A signal in the last of Python's own shutdown ends the process by the signal itself: 130 to a shell."""

STARTER = """
import json, os, sys
import igraph, ibis.backends.duckdb, netmed.building.from_posts, netmed.building.report, netmed.cli.commands.build

for line in sys.stdin:
    posts, target, said = json.loads(line)
    process = os.fork()
    if process == 0:
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT), 2)
        netmed.cli.main(["build", posts, "-o", target, "--force"])
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Scene:
    """Posts, the network they make, its seconds from the first sign of work, and another network and its posts."""

    posts: Path
    made: Path
    seconds: float
    other: Path
    few: Path


class Starter:
    """A process that has loaded netmed and starts the command in processes of its own: 20 starts for one."""

    def __init__(self) -> None:
        words = [sys.executable, "-c", STARTER]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, posts: Path, target: Path, said: Path) -> int:
        """Run ``netmed build``; give the process, once the hidden folder beside the target is there."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(posts), str(target), str(said)]) + "\n")
        self._process.stdin.flush()
        process = self._number()
        while not list(target.parent.glob(f".{target.name}.new-*")):
            time.sleep(0.001)
        return process

    def wait(self) -> int:
        """The exit code of the last one; minus the signal's number where it ended by one."""
        return self._number()

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def content(network: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(network.iterdir())}


def tables(network: Path) -> dict[str, bytes]:
    """All that does not hold the time of the run."""
    return {name: data for name, data in content(network).items() if name != "provenance.json"}


def left(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


@pytest.fixture(scope="module")
def starters() -> Iterator[tuple[Starter, Starter]]:
    """Two, so that two runs can be ended at a time."""
    started = (Starter(), Starter())
    yield started
    for starter in started:
        starter.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, starters: tuple[Starter, Starter]) -> Iterator[Scene]:
    place = tmp_path_factory.mktemp("scene")
    posts, few = place / "posts.jsonl", place / "few.jsonl"
    made, other = place / "made", place / "other"
    netmed.simulate.collection(POSTS, posts, seed=11)
    netmed.simulate.collection(200, few, seed=12)
    netmed.build(few, output=other)
    starters[0].start(posts, made, place / "said")
    began = time.monotonic()
    assert starters[0].wait() == 0
    yield Scene(posts, made, time.monotonic() - began, other, few)
    shutil.rmtree(place)


@dataclass(frozen=True)
class Ended:
    """What one run that was ended left behind."""

    code: int
    said: str
    state: str
    beside: list[str]
    place: Path


def end(
    scene: Scene, starter: Starter, place: Path, moment: float, number: signal.Signals, *, replacing: bool
) -> Ended:
    """Start a build, end it at its moment, and look."""
    place.mkdir()
    target = place / "net"
    if replacing:
        shutil.copytree(scene.other, target)
    process = starter.start(scene.posts, target, place / "said")
    time.sleep(moment)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)
    code = starter.wait()
    said = (place / "said").read_text()
    (place / "said").unlink()
    return Ended(code, said, state(scene, target), [name for name in left(place) if name != "net"], place)


def state(scene: Scene, target: Path) -> str:
    """Which network stands there: the old one to the last byte, the new one, none, or half of one."""
    try:
        loaded = netmed.load(target)
        assert len(loaded.accounts) > 0
    except NetworkError:
        return "half" if target.exists() else "none"
    if content(target) == content(scene.other):
        return "old"
    return "new" if tables(target) == tables(scene.made) else "half"


def end_many(
    scene: Scene, starters: tuple[Starter, Starter], place: Path, number: signal.Signals
) -> list[tuple[bool, Ended]]:
    """At ``MOMENTS`` seeded moments, two at a time; every other one with an old network in place."""
    chance = random.Random(int(number))
    moments = [chance.uniform(0, 1.05 * scene.seconds) for _ in range(MOMENTS)]

    def share(which: int) -> list[tuple[bool, Ended]]:
        mine = range(which, MOMENTS, 2)
        return [
            (n % 4 < 2, end(scene, starters[which], place / str(n), moments[n], number, replacing=n % 4 < 2))
            for n in mine
        ]

    with ThreadPoolExecutor(max_workers=2) as pool:
        return [ended for ends in pool.map(share, (0, 1)) for ended in ends]


def test_ctrl_c_leaves_the_old_network_or_none_and_says_one_line(
    scene: Scene, starters: tuple[Starter, Starter], tmp_path: Path
) -> None:
    ends = end_many(scene, starters, tmp_path, signal.SIGINT)
    for replacing, ended in ends:
        assert ended.state in {"old" if replacing else "none", "new"}, ended
        assert ended.beside == [], "Ctrl-C gives the program time to clean up"
        assert "Traceback" not in ended.said
        if ended.code == 130:
            assert ended.said.strip().splitlines()[-1] == "netmed: interrupted; nothing half-written"
        else:
            assert ended.code in (0, -signal.SIGINT)
            assert ended.state == "new"
    assert sum(ended.code in INTERRUPTED for _, ended in ends) >= MOMENTS // 2


def test_sigkill_leaves_the_old_network_or_none_and_the_next_run_cleans_up(
    scene: Scene, starters: tuple[Starter, Starter], tmp_path: Path
) -> None:
    ends = end_many(scene, starters, tmp_path, signal.SIGKILL)
    for replacing, ended in ends:
        assert ended.state in {"old" if replacing else "none", "new"}, ended
    leaving = [ended.place for _, ended in ends if ended.beside]
    assert len(leaving) >= MOMENTS // 2
    place = leaving[0]
    netmed.build(scene.few, output=place / "net", force=True)
    assert left(place) == ["net"]
    assert tables(place / "net") == tables(scene.other)


def test_ctrl_c_of_the_command_as_it_is_typed(scene: Scene, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "netmed", "build", str(scene.posts), "-o", str(tmp_path / "net")]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.iterdir()):
        time.sleep(0.001)
    time.sleep(scene.seconds / 3)
    run.send_signal(signal.SIGINT)
    out, said = run.communicate(timeout=60)
    assert (run.returncode, out, said.strip()) == (130, "", "netmed: interrupted; nothing half-written")
    assert left(tmp_path) == []


def test_two_builds_into_one_network_do_not_disturb_each_other(
    scene: Scene, starters: tuple[Starter, Starter], tmp_path: Path
) -> None:
    target = tmp_path / "graphs" / "net"
    target.parent.mkdir()
    starters[0].start(scene.posts, target, tmp_path / "said")
    with pytest.raises(NetworkError, match="another netmed is writing"):
        netmed.build(scene.few, output=target)
    assert starters[0].wait() == 0
    assert tables(target) == tables(scene.made)
    assert left(target.parent) == ["net"]
