"""Our columns as other programs give them back: names in any capitals, values as text or as floats.

A program that read a file of ours has made text of times and of lists, floats of whole numbers, and an empty
text or NaN of what is unknown. Here a value becomes what its column of ``netmed.schema`` holds, or an error
says what was wanted.
"""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from netmed.read.edge_lists import KEY, NAMES, NUMBER

Row = Mapping[Any, Any]

ACCOUNT = ("account_key", "key", "id", "vertex")
"""How a table of accounts calls the key: ours, Gephi's, NodeXL's; capitals do not matter."""

SOURCE = (*NAMES["source"], "vertex 1")
TARGET = (*NAMES["target"], "vertex 2")
WEIGHT = (*NAMES["weight"], "edge weight")

EXACT = 2.0**53
"""From here on a float has lost digits: no id may be read from it."""

_KEY = re.compile(KEY)
_TRUTH = {**dict.fromkeys(("true", "t", "yes", "1"), True), **dict.fromkeys(("false", "f", "no", "0"), False)}
_WANTED = {"string": "text", "int64": "a whole number", "float64": "a number", "boolean": "true or false"}
_TIME = "a time like 2021-03-04T05:06:07Z"


def columns(names: Iterable[object], wanted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Our column → its name over there: the first spelling that is there, as it stands or in other capitals."""
    given = list(names)
    lower = {str(name).strip().lower(): name for name in reversed(given)}
    exact = {name: name for name in given if isinstance(name, str)}
    found = {}
    for column, spellings in wanted.items():
        theirs = next((word for word in spellings if word in lower), None)
        if theirs is not None:
            found[column] = exact.get(theirs, lower[theirs])
    return found


def renamed(rows: Sequence[Row], wanted: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The rows with our columns only, under our names; what a row does not have stays away."""
    found = columns(dict.fromkeys(name for row in rows for name in row), wanted)
    return [{column: row[theirs] for column, theirs in found.items() if theirs in row} for row in rows]


def is_key(value: object) -> bool:
    """Whether a name is an account key already: ``x:1234``, ``any:name``."""
    return isinstance(value, str) and _KEY.match(value) is not None


def is_unknown(value: object) -> bool:
    """Whether a value says nothing: None, NaN, an empty text."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return False
    return value is None or value is pd.NA or value is pd.NaT or bool(value != value) or value == ""


def plain(value: Any) -> Any:
    """A value as Python has it: no numpy, no pandas; None for unknown."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [str(item) for item in value]
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    return value.item() if isinstance(value, np.generic) else value


def typed(value: Any, kind: str) -> Any:
    """A value as a column of this type (of ``netmed.schema``) holds it; None for unknown.

    Raises ``ValueError`` that says what was wanted.
    """
    if is_unknown(value):
        return None
    bare = plain(value)
    try:
        made = _MAKE.get(kind, _time)(bare)
    except (TypeError, ValueError, OverflowError):
        made = None
    if made is None:
        raise ValueError(_WANTED.get(kind, _TIME))
    return made


def handles(value: Any, handle: str | None) -> list[str] | None:
    """A list of handles, from a list or from words with a space between; None for unknown.

    A handle may hold spaces (in an edge list it is any name): the account's own ``handle`` stays in one piece.

    Raises ``ValueError`` that says what was wanted.
    """
    if is_unknown(value):
        return None
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [typed(item, "string") for item in value if not is_unknown(item)]
    text = typed(value, "string")
    if handle and text == handle:
        return [handle]
    if handle and text.endswith(f" {handle}"):
        return [*text.removesuffix(f" {handle}").split(" "), handle]
    if handle and text.startswith(f"{handle} "):
        return [handle, *text.removeprefix(f"{handle} ").split(" ")]
    return [word for word in text.split(" ") if word]


def _text(value: Any) -> str | None:
    """Text that UTF-8 can hold; a number as it is written, a whole float without its point."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < EXACT else None
    return str(value) if isinstance(value, (bool, int, float)) else None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        is_plain = re.fullmatch("[+-]?[0-9]+", value.strip())
        value = int(value) if is_plain else _number(value)
    number = int(value)
    return number if number == value and -(2**63) <= number < 2**63 else None


def _number(value: Any) -> float | None:
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        return None
    return float(value)


def _truth(value: Any) -> bool | None:
    word = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return _TRUTH.get(word.strip().lower())


def _time(value: Any) -> datetime.datetime | None:
    """A time in UTC; one that names no zone is UTC."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value.strip())
    elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if not isinstance(value, datetime.datetime):
        return None
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


_MAKE: Mapping[str, Any] = {"string": _text, "int64": _whole, "float64": _number, "boolean": _truth}


def weight(value: Any) -> float | None:
    """A weight above 0; None for anything else."""
    try:
        number = typed(value, "float64")
    except ValueError:
        return None
    return number if number is not None and math.isfinite(number) and number > 0 else None
