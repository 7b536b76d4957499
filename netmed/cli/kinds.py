"""Kinds of values that options take: checked before any work is done, an unknown name answered with the nearest."""

import datetime
from typing import Any

import click

from netmed.errors import UnknownNameError
from netmed.registry import unknown


def split(value: str) -> tuple[str, ...]:
    """Names between commas, in order, each once."""
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


class Names(click.ParamType[tuple[str, ...]]):
    """A comma-separated list of known names; an unknown one is answered with the nearest."""

    name = "names"

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self._kind = kind
        self._known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """``"reply, mention"`` → ``("reply", "mention")``."""
        if isinstance(value, tuple):
            return value
        names = split(value)
        for name in names:
            if name not in self._known:
                self.fail(unknown(self._kind, name, list(self._known)), param, ctx)
        if not names:
            self.fail(f"no {self._kind} is named; known are: {', '.join(self._known)}.", param, ctx)
        return names

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How the value is shown in the help."""
        return "A,B"


class Listed(click.ParamType[tuple[str, ...]]):
    """A comma-separated list of words that only the data can check."""

    name = "words"

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """``"physician, trainee"`` → ``("physician", "trainee")``."""
        words = value if isinstance(value, tuple) else split(value)
        if not words and value != ():
            self.fail(f"no {self._kind} is named.", param, ctx)
        return words


class Date(click.ParamType[str]):
    """A day or a moment in ISO 8601; without a zone it is UTC."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check it and leave it as text."""
        try:
            datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; wanted is YYYY-MM-DD, or 2021-06-30T12:00.", param, ctx)
        return str(value)


class Weight(click.FloatRange):
    """A least weight; a whole one stays whole, so that it is written down as it is where nobody typed it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """``"2"`` → 2, ``"2.5"`` → 2.5."""
        number = float(super().convert(value, param, ctx))
        return int(number) if number.is_integer() else number


class Pivots(click.ParamType[str | int]):
    """``auto``, ``exact``, or how many accounts shortest paths start from."""

    name = "pivots"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """``"500"`` → 500."""
        if value in ("auto", "exact"):
            return str(value)
        if not str(value).isdecimal() or int(value) < 2:
            self.fail(f"{value!r} is neither auto, exact nor a number of pivots from 2 on.", param, ctx)
        return int(value)


class Measures(click.ParamType[tuple[str, ...]]):
    """A comma-separated list of measures or columns; checked before any work is done."""

    name = "measures"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """``"degree,pagerank"`` → ``("degree", "pagerank")``."""
        from netmed.centrality.registry import chosen

        names = split(value)
        if not names:
            self.fail("no measure is named; `netmed list measures` names them.", param, ctx)
        try:
            chosen(names)
        except UnknownNameError as error:
            self.fail(str(error), param, ctx)
        return names


class ColumnName(click.ParamType[str]):
    """One column of the centrality table.

    Parameters
    ----------
    identity : whether the columns that say whose row it is count too.
    """

    name = "column"

    def __init__(self, *, identity: bool) -> None:
        self._identity = identity

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check it and leave it as it is."""
        from netmed.centrality import consensus
        from netmed.centrality.registry import chosen
        from netmed.centrality.table import IDENTITY

        known = [*(IDENTITY if self._identity else ()), *chosen(None), consensus.COLUMN.name]
        if value not in known:
            self.fail(unknown("column", value, known), param, ctx)
        return str(value)
