"""How the command speaks: words to stderr, results to stdout, progress on a terminal only.

What is printed may hold names and paths from strangers, so control characters never reach the
terminal. Colour is used on a terminal alone, and not where NO_COLOR or TERM=dumb forbid it.
"""

import contextlib
import json
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

import click

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters (escape sequences), direction overrides and lone surrogates."""

Progress = Callable[[str], None]
"""What long work calls with the phase it enters, in a few words: ``progress("reading posts")``."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a command may say, from its ``--quiet`` and ``--json``."""

    quiet: bool = False
    json: bool = False

    def line(self, text: str = "") -> None:
        """Print one or more lines of words to stderr."""
        if not self.quiet:
            words(text)

    def next(self, command: str) -> None:
        """Name what to do next."""
        if not self.quiet:
            words(f"{styled('Next:', bold=True)} {one_line(command)}", safe=True)

    def summary(self, facts: Mapping[str, Any]) -> None:
        """Print the summary as JSON on stdout, if it was asked for."""
        if self.json:
            to_stdout(as_json(facts))

    @contextlib.contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the phase and the seconds while the work lasts; silent in a pipe."""
        if self.quiet or not _moves(sys.stderr):
            yield lambda phase: None
            return
        ticker = _Ticker(sys.stderr)
        try:
            yield ticker.phase
        finally:
            ticker.stop()


class _Ticker:
    """One terminal line that is written over: a phase and how long it has lasted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._since = time.monotonic()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def phase(self, text: str) -> None:
        with self._lock:
            self._text, self._since = one_line(text), time.monotonic()
        # Drawn here as well as by the thread: a C call that keeps the lock of Python lets no thread draw.
        self._draw()
        if self._thread is None:
            self._thread = threading.Thread(target=self._tick, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def _tick(self) -> None:
        while not self._stopped.wait(0.5):
            self._draw()

    def _draw(self) -> None:
        with self._lock:
            seconds = int(time.monotonic() - self._since)
            text = f"{self._text} … {seconds} s" if seconds else f"{self._text} …"
            self._stream.write("\r\x1b[2K" + text[: shutil.get_terminal_size().columns - 1])
            self._stream.flush()


def words(text: str, *, safe: bool = False) -> None:
    """Print to stderr; ``safe`` text has been cleaned already and may be styled."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write((text if safe else clean(text)) + "\n")
        sys.stderr.flush()


def error(message: str) -> None:
    """Print the one line a run ends with when it fails."""
    words(f"{styled('netmed:', fg='red', bold=True)} {clean(message).replace(chr(10), ' ')}", safe=True)


def clean(text: str) -> str:
    """Take out what could steer a terminal; line ends and tabs stay."""
    return _UNSAFE.sub("�", text)


def one_line(text: object) -> str:
    """Show a path, a name or a command on one line: what could steer the terminal or end the line is ``?``."""
    shown = str(text)
    if shown.isprintable():
        return shown
    from netmed.building.report import printable

    return printable(shown)


def as_json(facts: Mapping[str, Any]) -> bytes:
    """Word a summary as JSON: what ``--json`` prints, and what ``summary.json`` holds."""
    return (json.dumps(facts, ensure_ascii=False, indent=1, default=str) + "\n").encode("utf-8", "replace")


def styled(text: str, **style: Any) -> str:
    """Style a word where stderr is a terminal that wants colour."""
    return click.style(text, **style) if _coloured(sys.stderr) else text


@contextlib.contextmanager
def stdout() -> Iterator[BinaryIO]:
    """Yield stdout for a result; a reader that has had enough (``| head``) ends the run in peace."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end; there must be something behind it then.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


def to_stdout(content: bytes) -> None:
    """Write a result to stdout."""
    with stdout() as stream:
        stream.write(content)


def count(number: int, one: str, many: str = "") -> str:
    """Word a count: ``1 account``, ``2,000 accounts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _moves(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _coloured(stream: TextIO) -> bool:
    return _moves(stream) and not os.environ.get("NO_COLOR")
