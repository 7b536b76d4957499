"""XML, a column at a time: text that breaks out of nothing, and elements joined by Arrow.

Only cleaned text comes here (``graphs.UNSEEN`` is taken out); escaping does the rest. A line end or tab
within an attribute is written as a number, or a parser would turn it into a space.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netmed.export.tables import CHUNK, EMPTY, TEXT, floats, glued, word

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"))
_SPECIAL = '[&<>"\t\n]'

KINDS = {pa.int64(): "long", pa.float64(): "double", pa.bool_(): "boolean"}
"""Arrow type → what GraphML and GEXF both call it; anything else is a string."""


def escaped(text: pa.Array) -> pa.Array:
    """Text that can stand between tags and between double quotes."""
    if not pc.any(pc.match_substring_regex(text, _SPECIAL)).as_py():
        return text
    for character, entity in _ESCAPES:
        text = pc.replace_substring(text, character, entity)
    return text


def value(column: pa.Array) -> pa.Array:
    """Values of an attribute in the words of XML; null stays null."""
    if pa.types.is_floating(column.type):
        return floats(column)
    if column.type in KINDS:
        return pc.cast(column, TEXT)
    return escaped(column)


def around(before: str, text: pa.Array, after: str) -> pa.Array:
    """Each text between two words; nothing at all where it is null."""
    return pc.fill_null(glued(word(before), text, word(after)), EMPTY)


def gathered(owner: np.ndarray, text: pa.Array, owners: int) -> pa.Array:
    """All texts of each of ``owners`` in one; ``owner`` is sorted and says whose each text is."""
    ends = np.cumsum(np.bincount(owner, minlength=owners), dtype=np.int64)
    offsets = pa.array(np.concatenate([[0], ends]), pa.int64())
    return pc.binary_join(pa.LargeListArray.from_arrays(offsets, text), EMPTY)


def lines(rows: int) -> Iterator[slice]:
    """Slices of up to ``CHUNK`` rows, so that memory does not grow with the graph."""
    for start in range(0, rows, CHUNK):
        yield slice(start, min(start + CHUNK, rows))


def joined(text: pa.Array) -> str:
    """Elements, a line each."""
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(text)], pa.int64()), text)
    return str(pc.binary_join(whole, word("\n"))[0]) + "\n"


def save(parts: Iterable[str], path: Path) -> None:
    """Write text part by part as UTF-8, with the line ends it has."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(parts)
