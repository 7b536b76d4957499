"""What all tests share: where the real data lies, and that CI lets nothing be skipped."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import netmed
from netmed import cli

SHARED = Path(__file__).parents[1].parent / "shared"
"""Beside the repository, never in it."""

IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

hypothesis.settings.register_profile("house", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real posts and reference networks; a test over it is skipped where it is absent."""
    return _shared("data")


@pytest.fixture(scope="session")
def interface() -> str:
    """The text of the promised names."""
    return _shared("interface.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def congress(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> netmed.Network:
    """Built as a user would: the edge list as CSV. Its edges run with the flow, from the one who is heard."""
    text = (shared_data / "congress-twitter" / "congress.edgelist").read_text(encoding="utf-8")
    rows = re.findall(r"^(\d+) (\d+) \{'weight': ([^}]+)\}$", text, re.MULTILINE)
    file = tmp_path_factory.mktemp("congress") / "congress.csv"
    file.write_text("source,target,weight\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return netmed.build(str(file), format="edges-csv")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process: exit code, stdout, stderr."""

    def go(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.call(list(args))
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of one test: a copy of what a file of tests has ``made``."""
    place = tmp_path / "desk"
    shutil.copytree(made, place)
    monkeypatch.chdir(place)
    return place


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        if IN_CI:
            pytest.fail(f"CI has no ../shared/{name}, and no test may be skipped there", pytrace=False)
        pytest.skip(f"../shared/{name} is not there")
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[Any]:
    """Under CI a skipped test is a failed one: what is not run is not known."""
    report = yield
    return _no_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[Any]:
    """The same for a whole file that skips itself."""
    report = yield
    return _no_skip(report)


def _no_skip(report: Any) -> Any:
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped under CI, where nothing may be: {reason}"
    return report
