"""An interrupt that falls into a destructor, where Python drops it, still ends the run."""

import signal
import sys
import time

import pytest

from netmed.cli import interrupts


class Unlucky:
    """The signal comes while this one is being taken away."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def _interrupted_in_a_destructor() -> None:
    with interrupts.delivered():
        unlucky = Unlucky()
        del unlucky
        time.sleep(10)


class Broken:
    def __del__(self) -> None:
        raise ValueError("no interrupt")


def test_an_interrupt_inside_a_destructor_is_delivered_again(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted_in_a_destructor()
    assert capsys.readouterr().err == ""


def test_other_troubles_of_destructors_go_where_they_went(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(str(unraisable.exc_value)))
    hook = sys.unraisablehook
    with interrupts.delivered():
        broken = Broken()
        del broken
    assert seen == ["no interrupt"]
    assert sys.unraisablehook is hook
