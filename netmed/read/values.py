"""Small expressions that several readers share: times, ids, conforming to a schema."""

import datetime
from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

NOTHING = ibis.literal([], type="array<string>")
MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_FIRST = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LAST = datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC)


def iso_time(text: ir.StringValue) -> ir.TimestampValue:
    """ISO 8601 text (``…Z``, ``…00Z``, ``+02:00``, or without a zone: UTC) as UTC; null if it is none."""
    return _credible(text.try_cast("timestamp('UTC')"))


def _credible(moment: ir.TimestampValue) -> ir.TimestampValue:
    """Null for times that no platform can mean: the engine also takes "infinity" and the year 294247."""
    known = (moment >= ibis.literal(_FIRST, "timestamp('UTC')")) & (moment < ibis.literal(_LAST, "timestamp('UTC')"))
    return ibis.cases((known, moment))


def legacy_time(text: ir.StringValue) -> ir.TimestampValue:
    """``Wed Jan 01 00:00:00 +0000 2020``, the time format of X's API v1.1, as UTC."""
    month = (ibis.literal(MONTHS).find(text.substr(4, 3)) // 3 + 1).cast("string").lpad(2, "0")
    iso = ibis.literal("").concat(
        text.substr(26, 4), "-", month, "-", text.substr(8, 2), " ", text.substr(11, 8), text.substr(20, 5)
    )
    return iso_time(ibis.cases((text.re_search("^[A-Z][a-z]{2} [A-Z][a-z]{2} "), iso), else_=text))


def any_time(text: ir.StringValue) -> ir.TimestampValue:
    """A time in any format a source writes, as UTC."""
    return ibis.coalesce(iso_time(text), legacy_time(text))


def is_number(text: ir.StringValue) -> ir.BooleanValue:
    """Whether an X id looks like one: digits only."""
    return text.re_search("^[0-9]{1,20}$").fill_null(False)


def number(text: ir.StringValue) -> ir.StringValue:
    """An X id; null for anything else, such as an id that a spreadsheet has rounded."""
    return ibis.cases((is_number(text), text))


def conform(table: ir.Table, schema: ibis.Schema) -> ir.Table:
    """The columns of ``schema`` in order; a column the source does not have is null."""
    have = set(table.columns)
    return table.select(
        **{name: table[name].cast(kind) if name in have else ibis.null(kind) for name, kind in schema.items()}
    )


def with_columns_of(table: ir.Table, columns: Mapping[str, Any]) -> ir.Table:
    """Add the columns that are not there, null."""
    missing = {name: ibis.null(kind) for name, kind in columns.items() if name not in table.columns}
    return table.mutate(**missing) if missing else table


def plucked(values: ir.ArrayValue, names: ir.ArrayValue, wanted: str) -> ir.StringValue:
    """The value that stands where ``names`` first says ``wanted``; null where it does not."""
    place = names.index(wanted)
    return ibis.cases((place >= 0, values[place]))


def _worded(text: ir.StringValue) -> ir.StringValue:
    """The text in lower case, a space before and after, and everything that is in no word made a space.

    Every character keeps its place, one later than in ``text``: `` @handle `` is found only as a whole word, so
    ``a@hospital.org`` names nobody, nor does ``@zoë`` name zo. Signs of scripts without spaces end a handle.
    """
    return ibis.literal(" ").concat(text.lower().re_replace(r"[^\p{Latin}0-9_@]", " "), " ")


def located(text: ir.StringValue, handle: ir.StringValue) -> ir.IntegerValue:
    """Where ``@handle`` first stands in the text as a word of its own, in code points; null where it does not."""
    place = _worded(text).find(ibis.literal(" @").concat(handle.lower(), " "))
    return ibis.cases((place >= 0, place))


LINK = r"https?://\S+"


def handles_in(text: ir.StringValue) -> ir.ArrayValue:
    """The X handles that a text names, links aside (lower case, each once, sorted): for formats that list none."""
    words = _worded(text.re_replace(LINK, " ")).split(" ").filter(lambda word: word.re_search("^@[a-z0-9_]{1,20}$"))
    return words.map(lambda word: word.substr(1)).unique().sort()
