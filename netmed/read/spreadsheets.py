"""Ids that went through a spreadsheet: refused, because silently wrong data is worse than none.

A spreadsheet keeps 15 digits of a number. Longer ids come back as 1.23E+18, or with zeros from the
16th digit on: then different posts and accounts have become one.
"""

import re
from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir

from netmed.errors import InputError

DIGITS_KEPT = 15
FEWEST = 10
"""Fewer long ids than these tell nothing: one in some ten thousand ends in zeros by chance."""

ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")


def refuse_rounded(records: ir.Table, what: str = "post") -> None:
    """Raise ``InputError`` where most of the long ids (``post_id``) of a file end in zeros.

    ``what`` they are ids of, in one word.
    """
    is_long = records.post_id.length() > DIGITS_KEPT
    is_rounded = is_long & records.post_id.substr(DIGITS_KEPT).re_search("^0+$")
    counted = records.group_by("file").agg(long=is_long.sum(), rounded=is_rounded.sum())
    bad = counted.filter(counted.long >= FEWEST, counted.rounded * 2 > counted.long).order_by("file").limit(1).execute()
    for row in bad.itertuples():
        raise InputError(
            f"{row.rounded:,} of {row.long:,} {what} ids in {row.file} end in zeros after the 15th digit: a "
            f"spreadsheet has rounded them, and different {what}s share an id now; go back to the file as it was "
            "downloaded"
        )


SCIENTIFIC = r"(^|[^0-9A-Za-z.])[0-9](\.[0-9]+)?[eE]\+?(1[5-9]|[2-9][0-9])([^0-9]|$)"
"""An id of more digits than a spreadsheet keeps, as it then shows it; alone or in a list."""

FLOAT = r"^([0-9]{1,15})\.0+$"
"""A whole id in a column that a program read as numbers with gaps (pandas): 111.0."""


def id_columns(names: Iterable[str], more: Iterable[str] = ()) -> list[str]:
    """The columns of a table that hold ids: by their names, and ``more`` of which a person says so."""
    told = set(more)
    return [name for name in names if name in told or re.search(r"(^|[._])ids?(_str)?$", name)]


def with_whole_ids(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The rows with ids such as ``111.0`` as ``111``."""
    whole = {name: ibis.coalesce(rows[name].re_extract(FLOAT, 1).nullif(""), rows[name]) for name in columns}
    return rows.mutate(**whole) if whole else rows


def has_rounded_id(rows: ir.Table, columns: Sequence[str]) -> ir.BooleanValue:
    """Whether a row has an id such as 1.23E+18: nobody can tell any more whom or what it means."""
    return ibis.or_(ibis.literal(False), *[rows[name].re_search(SCIENTIFIC).fill_null(False) for name in columns])


def refuse_rounded_columns(rows: ir.Table, columns: Sequence[str]) -> None:
    """Raise ``InputError`` where most ids of a column are such as 1.23E+18, or most long ones end in zeros.

    ``rows`` of text with their ``file``.
    """
    if not columns:
        return
    tail = "^0+$"
    counts: dict[str, ir.IntegerValue] = {}
    for place, name in enumerate(columns):
        is_long = rows[name].re_search(f"^x?[0-9]{{{DIGITS_KEPT + 1},20}}$")
        digits = rows[name].re_replace("^x", "")
        counts[f"n_{place}"] = rows[name].notnull().sum()
        counts[f"bad_{place}"] = rows[name].re_search(SCIENTIFIC).sum()
        counts[f"long_{place}"] = is_long.sum()
        counts[f"zeros_{place}"] = (is_long & digits.substr(DIGITS_KEPT).re_search(tail)).sum()
    for row in rows.group_by("file").agg(**counts).order_by("file").execute().to_dict("records"):
        for place, name in enumerate(columns):
            n, bad, long, zeros = (int(row[f"{what}_{place}"] or 0) for what in ("n", "bad", "long", "zeros"))
            where = f"ids in column {name} of {row['file']}"
            if bad * 2 > n:
                raise InputError(
                    f"{bad:,} of {n:,} {where} are like 1.23E+18: a spreadsheet has rounded them, and they cannot be "
                    "told apart now; go back to the file as it was downloaded"
                )
            if long >= FEWEST and zeros * 2 > long:
                raise InputError(
                    f"{zeros:,} of {long:,} {where} end in zeros after the 15th digit: a spreadsheet has rounded "
                    "them, and different ones are the same now; go back to the file as it was downloaded"
                )


def rounded_id(record: dict[str, object]) -> str | None:
    """The id of a record as a spreadsheet wrote it, such as 1.23E+18; None if it is no such."""
    value = str(record.get("id_str") or record.get("id") or "")
    return value if ROUNDED.fullmatch(value) else None
