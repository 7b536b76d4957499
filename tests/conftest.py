"""What all tests share: where the real data lies, and that CI lets nothing be skipped."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

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
