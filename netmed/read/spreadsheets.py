"""Ids that went through a spreadsheet: refused, because silently wrong data is worse than none.

A spreadsheet keeps 15 digits of a number. Longer ids come back as 1.23E+18, or with zeros from the
16th digit on: then different posts and accounts have become one.
"""

import re

import ibis.expr.types as ir

from netmed.errors import InputError

DIGITS_KEPT = 15
FEWEST = 10
"""Fewer long ids than these tell nothing: one in some ten thousand ends in zeros by chance."""

ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")


def refuse_rounded(records: ir.Table) -> None:
    """Raise ``InputError`` where most of the long post ids of a file end in zeros."""
    is_long = records.post_id.length() > DIGITS_KEPT
    is_rounded = is_long & records.post_id.substr(DIGITS_KEPT).re_search("^0+$")
    counted = records.group_by("file").agg(long=is_long.sum(), rounded=is_rounded.sum())
    bad = counted.filter(counted.long >= FEWEST, counted.rounded * 2 > counted.long).order_by("file").limit(1).execute()
    for row in bad.itertuples():
        raise InputError(
            f"{row.rounded:,} of {row.long:,} post ids in {row.file} end in zeros after the 15th digit: a spreadsheet "
            "has rounded them, and different posts share an id now; go back to the file as it was downloaded"
        )


def rounded_id(record: dict[str, object]) -> str | None:
    """The id of a record as a spreadsheet wrote it, such as 1.23E+18; None if it is no such."""
    value = str(record.get("id_str") or record.get("id") or "")
    return value if ROUNDED.fullmatch(value) else None
