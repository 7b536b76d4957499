"""Pajek's .net: numbered vertices, arcs with weights, and nothing else.

Vertex i is row i of the accounts, so a table of ours in the same order is a Pajek vector. Its name is the
account key: names are unique, and lead back to the tables. Pajek knows no way to write a quote or a line end
within a name; a quote becomes ', a backslash /, a line end a space.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netmed.export.graphs import Outgoing, Sheets, distinct, sheets
from netmed.export.markup import joined, lines, save
from netmed.export.tables import TEXT, floats, glued, word

_SPOKEN = (('"', "'"), ("\\", "/"), ("\n", " "), ("\t", " "))


def put(outgoing: Outgoing, path: Path) -> None:
    """Write one Pajek network."""
    save(_parts(sheets(outgoing)), path)


def _parts(graph: Sheets) -> Iterator[str]:
    names = graph.keys
    for character, instead in _SPOKEN:
        names = pc.replace_substring(names, character, instead)
    names = distinct(names)
    yield f"*Vertices {len(names)}\n"
    for part in lines(len(names)):
        yield joined(glued(_numbers(np.arange(len(names))[part]), word(' "'), names[part], word('"')))
    yield "*Arcs\n"
    weights = floats(graph.weights)
    for part in lines(len(weights)):
        ends = (_numbers(graph.source[part]), word(" "), _numbers(graph.target[part]))
        yield joined(glued(*ends, word(" "), weights[part]))


def _numbers(rows: np.ndarray) -> pa.Array:
    """Rows as Pajek counts them: from 1."""
    return pa.array(rows + 1).cast(TEXT)
