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


SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?(1[5-9]|[2-9][0-9])$"
"""An id of more digits than a spreadsheet keeps, as it then shows it."""


def refuse_scientific(rows: ir.Table) -> None:
    """Raise ``InputError`` where most of the ids in a column of a table are such as 1.23E+18.

    ``rows`` of text with their ``file``; columns of ids are known by their names.
    """
    columns = [name for name in rows.columns if re.search(r"(^|[._])id(_str)?$", name)]
    if not columns:
        return
    counts = {f"n_{place}": rows[name].notnull().sum() for place, name in enumerate(columns)}
    counts |= {f"bad_{place}": rows[name].re_search(SCIENTIFIC).sum() for place, name in enumerate(columns)}
    for row in rows.group_by("file").agg(**counts).order_by("file").execute().to_dict("records"):
        for place, name in enumerate(columns):
            bad, n = int(row[f"bad_{place}"] or 0), int(row[f"n_{place}"])
            if bad * 2 > n:
                raise InputError(
                    f"{bad:,} of {n:,} ids in column {name} of {row['file']} are like 1.23E+18: a spreadsheet has "
                    "rounded them, and they cannot be told apart now; go back to the file as it was downloaded"
                )


def rounded_id(record: dict[str, object]) -> str | None:
    """The id of a record as a spreadsheet wrote it, such as 1.23E+18; None if it is no such."""
    value = str(record.get("id_str") or record.get("id") or "")
    return value if ROUNDED.fullmatch(value) else None
