"""CSV as promised: the same bytes for the same table, safe to open, told what it holds.

Text is built by Arrow, a column at a time: half a million rows take a few seconds. A cell of text
that a spreadsheet would run as a formula is guarded by a leading apostrophe; numbers never are.
The guard holds while the file is read as CSV, not after a spreadsheet saved and reopened it.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import netmed
from netmed import folder, schema
from netmed.errors import NetmedError, UnknownNameError
from netmed.registry import unknown

CHUNK = 50_000
"""Rows turned into text at once, so that memory does not grow with the table."""

BOM = "\ufeff"

TEXT = pa.large_string()
"""Text without Arrow's limit of 2 GB a column."""

_QUOTED = '[",\r\n]'


def write_csv(
    frame: pd.DataFrame,
    path: str | Path | IO[str] | IO[bytes],
    *,
    excel: bool = False,
    sort_by: str | None = None,
    top: int | None = None,
) -> None:
    r"""Write a table as CSV and, beside it, ``NAME.csv.meta.json`` with what the numbers mean.

    UTF-8, comma, header, ``\n``; floats in shortest form that reads back the same, whole ones
    without a point; empty = unknown; booleans true and false; times as 2020-01-01T00:00:00Z; lists
    with a space between; text of a formula guarded by ``'``.

    Parameters
    ----------
    frame : the table; ``attrs["meta"]`` (conventions) and ``attrs["columns"]`` (meanings) go to the
        meta file. The index is not written.
    path : a file, written whole or not at all; ``-`` for standard output; or an open stream. There
        is no meta file beside a stream.
    excel : begin with a byte order mark, so that a spreadsheet knows the file is UTF-8.
    sort_by : a column, highest first and missing last; equal ones by the first column. None keeps
        the order.
    top : only so many rows, from the first.

    Raises
    ------
    UnknownNameError : ``sort_by`` is no column; the nearest are named.
    NetmedError : ``top`` is negative.
    """
    rows = _picked(frame, sort_by, top)
    text = csv_text(rows, BOM if excel else "")
    if path == "-":
        _to_stream(getattr(sys.stdout, "buffer", sys.stdout), text)
    elif isinstance(path, (str, Path)):
        file = Path(path)
        folder.write_whole(file, b"".join(part.encode("utf-8") for part in text))
        meta = _meta(frame, rows, file.name, sort_by, top)
        content = json.dumps(meta, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        folder.write_whole(file.with_name(f"{file.name}.meta.json"), content.encode("utf-8"))
    else:
        _to_stream(path, text)


def _picked(frame: pd.DataFrame, sort_by: str | None, top: int | None) -> pd.DataFrame:
    if top is not None and top < 0:
        raise NetmedError(f"the number of rows to write is 0 or more, not {top}")
    if sort_by is not None:
        if sort_by not in frame.columns:
            raise UnknownNameError(unknown("column", sort_by, list(frame.columns)))
        keys = list(dict.fromkeys([sort_by, frame.columns[0]]))
        frame = frame.sort_values(keys, ascending=[False, True][: len(keys)], na_position="last", kind="stable")
    return frame if top is None else frame.head(top)


def _to_stream(stream: Any, text: Iterator[str]) -> None:
    """Write to a stream of text or of bytes; what was printed before comes before."""
    plain = isinstance(stream, io.TextIOBase)
    if stream is getattr(sys.stdout, "buffer", None):
        sys.stdout.flush()
    for part in text:
        stream.write(part if plain else part.encode("utf-8"))
    stream.flush()


def _meta(frame: pd.DataFrame, rows: pd.DataFrame, name: str, sort_by: str | None, top: int | None) -> dict[str, Any]:
    known = {column.name: column.meaning for table in schema.TABLES for column in table}
    meanings = {**known, **frame.attrs.get("columns", {})}
    return {
        "file": name,
        "rows": len(rows),
        "rows_in_table": len(frame),
        "sorted_by": sort_by,
        "top": top,
        "netmed": netmed.__version__,
        "conventions": frame.attrs.get("meta", {}),
        "columns": {column: meanings.get(column, "") for column in frame.columns},
    }


def csv_text(frame: pd.DataFrame, mark: str) -> Iterator[str]:
    """The CSV in pieces of up to ``CHUNK`` rows, each with its line ends."""
    names = pa.array([str(name) for name in frame.columns], TEXT)
    yield mark + ",".join(_quoted(_guarded(names)).to_pylist()) + "\n"
    if frame.columns.empty:
        return
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        cells = [_cells(part.iloc[:, i]) for i in range(part.shape[1])]
        if len(cells) == 1:  # an empty line would be no row
            cells = [pc.if_else(pc.equal(cells[0], EMPTY), word('""'), cells[0])]
        lines = pc.binary_join_element_wise(*cells, word(","))
        whole = pa.LargeListArray.from_arrays(pa.array([0, len(lines)], pa.int64()), lines)
        yield str(pc.binary_join(whole, word("\n"))[0]) + "\n"


def _cells(column: pd.Series) -> pa.Array:
    """One column as text without nulls, ready between commas."""
    values = arrow(column)
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if pa.types.is_floating(kind):
        text = floats(values)
    elif pa.types.is_timestamp(kind):
        text = times(values)
    elif pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        text = pc.cast(values, TEXT)
    else:
        text = _quoted(_guarded(pc.cast(values, TEXT)))
    return pc.fill_null(text, EMPTY)


def arrow(column: pd.Series) -> pa.Array:
    """Pandas → Arrow; lists are joined, and what has no type of its own becomes text."""
    values: Any = [_plain(value) for value in column] if column.dtype == object else column
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        array = pa.array([None if pd.isna(value) else _clean(value) for value in values], TEXT)
    whole: pa.Array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_list(whole.type) or pa.types.is_large_list(whole.type):
        words = [None if row is None else _plain(row) for row in whole.to_pylist()]
        return pa.array(words, TEXT)
    return whole


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, np.ndarray)):
        return " ".join("" if word is None else str(word) for word in value)
    return value


def _clean(value: object) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair becomes the replacement character."""
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def floats(values: pa.Array) -> pa.Array:
    """Shortest text that reads back as the same number; NaN is unknown, −0 is 0."""
    known = pc.add(pc.if_else(pc.is_nan(values), None, values), 0.0)
    text = pc.cast(known, TEXT)
    # Arrow writes large numbers with powers of ten; whole ones stay whole as far as they are exact
    large = pc.and_(pc.greater_equal(pc.abs(known), 1e9), pc.less_equal(pc.abs(known), 2.0**53))
    large = pc.and_(large, pc.equal(pc.floor(known), known))
    if not pc.any(large).as_py():
        return text
    return pc.if_else(large, pc.cast(pc.cast(pc.if_else(large, known, 0.0), pa.int64()), TEXT), text)


def times(values: pa.Array) -> pa.Array:
    """UTC in ISO 8601; parts of a second only where there are any."""
    utc = pc.cast(values, pa.timestamp("us", values.type.tz), safe=False)  # nanoseconds are cut, whatever they say
    micros = pc.cast(utc, pa.int64())  # since 1970 in UTC, whatever the time zone
    rest = pc.subtract(micros, pc.multiply(_seconds(micros), 1_000_000))
    text = pc.cast(pc.cast(_seconds(micros), pa.timestamp("s")), TEXT)
    digits = pc.utf8_rtrim(pc.utf8_lpad(pc.cast(rest, TEXT), width=6, padding="0"), characters="0")
    part = pc.if_else(pc.equal(rest, 0), EMPTY, glued(word("."), digits))
    return glued(pc.replace_substring(text, " ", "T"), part, word("Z"))


def _seconds(micros: pa.Array) -> pa.Array:
    """Whole seconds at or before, also before 1970."""
    towards_zero = pc.divide(micros, 1_000_000)
    early = pc.less(micros, pc.multiply(towards_zero, 1_000_000))
    return pc.if_else(early, pc.subtract(towards_zero, 1), towards_zero)


def _guarded(text: pa.Array) -> pa.Array:
    """Text that begins like a formula gets an apostrophe in front."""
    risky = pc.match_substring_regex(text, schema.FORMULA)
    return pc.if_else(risky, glued(word("'"), text), text)


def _quoted(text: pa.Array) -> pa.Array:
    """Text with a comma, a quote or a line end goes between quotes."""
    needs = pc.match_substring_regex(text, _QUOTED)
    return pc.if_else(needs, glued(word('"'), pc.replace_substring(text, '"', '""'), word('"')), text)


def word(text: str) -> pa.Scalar:
    """One piece of text, to glue to columns."""
    return pa.scalar(text, TEXT)


EMPTY = word("")


def glued(*parts: pa.Array | pa.Scalar) -> pa.Array:
    """Join columns and pieces of text row by row; null where one of them is."""
    return pc.binary_join_element_wise(*parts, EMPTY)
