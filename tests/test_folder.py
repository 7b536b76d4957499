"""A network folder on disk: at every single step of writing it, a kill leaves the old one whole, or none.

Crash points rather than luck: every call of the operating system by which a network is put in its
place is made the last one of its process, in turn, and what is then on disk is looked at.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netmed import folder, provenance
from netmed.errors import NetworkError

CRASH = """
import os, sys
from pathlib import Path
from netmed import folder

target, die_at, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
made = 0

def fatal(call):
    def counted(*args, **kwargs):
        global made
        made += 1
        is_last = made == die_at
        if is_last and when == "before":
            os._exit(9)
        try:
            return call(*args, **kwargs)
        finally:
            if is_last:
                os._exit(9)
    return counted

for name in ("rename", "fsync", "rmdir", "unlink", "mkdir", "open"):
    setattr(os, name, fatal(getattr(os, name)))
with folder.writing(target, force=True) as fresh:
    (fresh / "a.parquet").write_bytes(b"new" * 1000)
    (fresh / "b.parquet").write_bytes(b"new" * 2000)
    folder.seal(fresh, {"of": "new"}, {})
os._exit(0)
"""


def write(target: Path, of: str, *, force: bool = False) -> Path:
    """A network of two files that say whose they are."""
    with folder.writing(target, force=force) as fresh:
        (fresh / "a.parquet").write_bytes(of.encode() * 1000)
        (fresh / "b.parquet").write_bytes(of.encode() * 2000)
        folder.seal(fresh, {"of": of}, {"a": 1})
    return target


def whose(target: Path) -> str:
    """Whose network lies there, checked by its own manifest and to the last byte."""
    facts = folder.verify(target)
    of = str(facts["of"])
    assert (target / "a.parquet").read_bytes() == of.encode() * 1000
    assert (target / "b.parquet").read_bytes() == of.encode() * 2000
    for name, file in facts["files"].items():
        assert folder.sha256(target / name) == file["sha256"]
    return of


def left(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def crash(target: Path, die_at: int, when: str) -> int:
    words = [sys.executable, "-c", CRASH, str(target), str(die_at), when]
    return subprocess.run(words, check=False, timeout=60).returncode


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_every_step_leaves_the_old_network_or_the_new(tmp_path: Path, when: str) -> None:
    seen, step = set(), 0
    while True:
        step += 1
        place = tmp_path / str(step)
        target = write(place / "net", "old")
        if crash(target, step, when) == 0:
            break
        seen.add(whose(target))
        assert left(place)[-1] == "net"
        write(target, "next", force=True)
        assert (whose(target), left(place)) == ("next", ["net"])
    assert seen == {"old", "new"}
    assert step > 10


@pytest.mark.slow
def test_a_kill_at_every_step_of_a_first_network_leaves_none_or_all(tmp_path: Path) -> None:
    step = 0
    while True:
        step += 1
        place = tmp_path / str(step)
        place.mkdir()
        if crash(place / "net", step, "before") == 0:
            break
        if (place / "net").exists():
            assert whose(place / "net") == "new"
        else:
            with pytest.raises(NetworkError, match="does not exist"):
                folder.verify(place / "net")
        write(place / "net", "next", force=True)
        assert (whose(place / "net"), left(place)) == ("next", ["net"])
    assert step > 10


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
@pytest.mark.parametrize("at", [1, 2])
def test_what_fails_while_the_networks_change_places_puts_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, at: int
) -> None:
    target = write(tmp_path / "net", "old")
    calls = 0
    rename = os.rename

    def failing(source: Any, place: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        rename(source, place)

    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", failing)
        with pytest.raises(type(error)):
            write(target, "new", force=True)
    assert (whose(target), left(tmp_path)) == ("old", ["net"])


def test_an_interrupt_after_the_first_rename_puts_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is noticed when a call has returned: the old network is then already aside."""
    target = write(tmp_path / "net", "old")
    rename = os.rename

    def interrupted(source: Any, place: Any) -> None:
        rename(source, place)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(target, "new", force=True)
    assert (whose(target), left(tmp_path)) == ("old", ["net"])


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def half() -> None:
        with folder.writing(tmp_path / "deep" / "net") as fresh:
            (fresh / "a.parquet").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert left(tmp_path / "deep") == []


def test_leftovers_of_killed_runs_go_and_those_of_others_stay(tmp_path: Path) -> None:
    for name in (".net.new-abc", ".net.new-def", ".other.new-abc", ".net2.new-abc", ".n[e]t.new-abc"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "big").write_bytes(b"x")
    write(tmp_path / "net", "new")
    assert left(tmp_path) == [".n[e]t.new-abc", ".net2.new-abc", ".other.new-abc", "net"]
    write(tmp_path / "n[e]t", "new")
    assert left(tmp_path) == [".net2.new-abc", ".other.new-abc", "n[e]t", "net"]


def test_a_network_put_aside_by_a_killed_run_is_found_when_opened(tmp_path: Path) -> None:
    target = write(tmp_path / "net", "old")
    target.rename(tmp_path / ".net.old")
    assert whose(target) == "old"
    assert left(tmp_path) == ["net"]


def test_two_runs_do_not_write_one_network_at_once(tmp_path: Path) -> None:
    """The second is refused, and the first is not disturbed; other networks beside it are free."""
    target = tmp_path / "net"
    with folder.writing(target) as fresh:
        (fresh / "a.parquet").write_bytes(b"first" * 1000)
        with pytest.raises(NetworkError, match="another netmed is writing"):
            write(target, "second", force=True)
        assert (fresh / "a.parquet").read_bytes() == b"first" * 1000
        write(tmp_path / "other", "other")
        (fresh / "b.parquet").write_bytes(b"first" * 2000)
        folder.seal(fresh, {"of": "first"}, {})
    assert whose(target) == "first"
    write(target, "third", force=True)
    assert (whose(target), left(tmp_path)) == ("third", ["net", "other"])


def test_a_network_that_appears_meanwhile_is_not_overwritten_without_force(tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "net", write(tmp_path / "elsewhere", "theirs")

    def ours() -> None:
        with folder.writing(target) as fresh:
            folder.seal(fresh, {"of": "ours"}, {})
            elsewhere.rename(target)

    with pytest.raises(NetworkError, match="exists already"):
        ours()
    assert (whose(target), left(tmp_path)) == ("theirs", ["net"])


def _file(target: Path) -> None:
    target.write_bytes(b"mine")


def _folder(target: Path) -> None:
    target.mkdir()
    (target / "thesis.docx").write_bytes(b"mine")


def _old_network(target: Path) -> None:
    write(target, "old")


@pytest.mark.parametrize(
    ("make", "force", "said"),
    [
        (_file, False, "is a file"),
        (_file, True, "is a file"),
        (_folder, False, "exists and is not a network folder"),
        (_folder, True, "exists and is not a network folder"),
        (_old_network, False, "exists already; add --force"),
    ],
)
def test_what_is_in_the_way_stays(tmp_path: Path, make: Callable[[Path], None], force: bool, said: str) -> None:
    make(tmp_path / "net")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(NetworkError, match=said):
        write(tmp_path / "net", "new", force=force)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    assert whose(write(tmp_path / "net", "new")) == "new"
    assert left(tmp_path) == ["net"]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    """``graphs/latest`` may be a link: what it points to is replaced, again and again."""
    target = write(tmp_path / "of-2022", "old")
    (tmp_path / "latest").symlink_to("of-2022")
    with pytest.raises(NetworkError, match="exists already"):
        write(tmp_path / "latest", "new")
    for name in ("second", "third"):
        write(tmp_path / "latest", name, force=True)
        assert (whose(target), whose(tmp_path / "latest")) == (name, name)
    assert left(tmp_path) == ["latest", "of-2022"]
    (tmp_path / "nowhere").symlink_to("not-yet")
    write(tmp_path / "nowhere", "new")
    assert whose(tmp_path / "not-yet") == "new"


def test_a_name_that_no_reader_could_write_down_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="is no UTF-8 text"):
        write(tmp_path / os.fsdecode(b"caf\xe9"), "new")
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", ['it\'s "q" [1]*? {a}', " ", "new\nline", "a\\b", "-o", "ü"])
def test_any_other_name_will_do(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "old")
    write(tmp_path / name, "new", force=True)
    assert (whose(tmp_path / name), left(tmp_path)) == ("new", [name])


def _cut(target: Path) -> None:
    (target / "a.parquet").write_bytes(b"old")


def _missing(target: Path) -> None:
    (target / "b.parquet").unlink()


def _no_manifest(target: Path) -> None:
    (target / folder.MANIFEST).unlink()


def _half_a_manifest(target: Path) -> None:
    text = (target / folder.MANIFEST).read_text()
    (target / folder.MANIFEST).write_text(text[: len(text) // 2])


def _foreign_manifest(target: Path) -> None:
    (target / folder.MANIFEST).write_text(json.dumps(["not", "ours"]))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_cut, r"a.parquet has 3 bytes, 3,000 were written"),
        (_missing, r"b.parquet is missing"),
        (_no_manifest, r"is not a network folder \(no provenance.json\)"),
        (_half_a_manifest, r"provenance.json is damaged"),
        (_foreign_manifest, r"provenance.json is damaged"),
    ],
)
def test_a_damaged_network_is_not_opened(tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
    target = write(tmp_path / "net", "old")
    assert whose(target) == "old"
    harm(target)
    with pytest.raises(NetworkError, match=said) as error:
        folder.verify(target)
    assert "\n" not in str(error.value)


def test_a_result_file_is_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "table.csv"
    folder.write_whole(path, b"old")

    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing)
        with pytest.raises(OSError, match="No space left"):
            folder.write_whole(path, b"new")
    assert (path.read_bytes(), left(path.parent)) == (b"old", ["table.csv"])
    folder.write_whole(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o644)


def test_hashes_that_were_begun_early_are_those_of_the_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"posts" * 5_000_000)
    other.write_bytes(b"")
    with provenance.begun([str(one), "-", str(tmp_path), str(tmp_path / "missing*")]):
        hashes = provenance.Hashes({"a": one, "b": other})
        assert hashes["a"] == hashlib.sha256(one.read_bytes()).hexdigest()
        assert hashes["b"] == hashlib.sha256(b"").hexdigest()
        hashes.close()
    with pytest.raises(RuntimeError, match="stop"), provenance.begun([str(one)]):
        raise RuntimeError("stop")
    assert provenance.Hashes({"a": one})["a"] == hashlib.sha256(one.read_bytes()).hexdigest()
