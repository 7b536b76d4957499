"""Why a line could not be used: looked up only for the lines the engine rejected."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from netmed.read.source import BLANK, Source, lines
from netmed.read.spreadsheets import rounded_id
from netmed.read.washing import WASHED_OUT

SHOWN = 20
"""How many rejected lines of a file are listed; all are counted."""


@dataclass(slots=True)
class Rejects:
    """The rejected lines of one file: how many, and the first of them with reasons."""

    malformed: int = 0
    unrecognised: int = 0
    first: list[dict[str, object]] = field(default_factory=list)


def explain(source: Source, rows: Iterable[int], strange: Callable[[dict[str, Any]], None]) -> Rejects:
    """Sort the rejected rows (counted from 0 among the non-blank lines) by reason.

    ``strange`` is shown each record that was not recognised.
    """
    wanted = set(rows)
    found = Rejects()
    for row, (number, line) in enumerate(lines(source)):
        if row not in wanted:
            continue
        malformed, why = _why(line, strange)
        found.malformed += malformed
        found.unrecognised += not malformed
        if len(found.first) < SHOWN:
            found.first.append({"line": number, "why": why})
    return found


def _why(line: bytes, strange: Callable[[dict[str, Any]], None]) -> tuple[bool, str]:
    """Whether the line is malformed (no JSON) rather than not recognised, and the reason in words."""
    if line == WASHED_OUT.rstrip(b"\n"):
        return True, "longer than 16 MiB"
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return True, f"invalid UTF-8 at byte {error.start + 1}"
    if "\0" in text:
        return True, "a NUL character"
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return True, _malformed(text, error)
    if not isinstance(record, dict):
        return False, f"JSON, but no record: {type(record).__name__}"
    strange(record)
    if (wrong := rounded_id(record)) is not None:
        return False, f"an id that a spreadsheet has rounded ({wrong}); use the file as it was downloaded"
    return False, "a record of no known format; its keys are " + _keys(record)


def _malformed(text: str, error: orjson.JSONDecodeError) -> str:
    text = text.strip(BLANK.decode())
    try:
        _, end = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text)
    except (ValueError, RecursionError):
        return f"no JSON: {error.msg.split(':')[0]} (column {error.colno})"
    if end < len(text):
        return "more than one record on the line" if "{" in text[end:] else "something after the record"
    return "a lone surrogate: half an emoji"


def _no_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)


def _keys(record: dict[str, object]) -> str:
    """The first keys of a record, shortened: names of fields, never what is in them."""
    names = [key[:30].encode("ascii", "replace").decode() for key in list(record)[:6]]
    return ", ".join(name if name.isprintable() else "?" for name in names) or "none"
