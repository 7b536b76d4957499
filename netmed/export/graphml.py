"""GraphML: what igraph, networkx, yEd and Gephi all read.

The ids are the account keys. GraphML has no labels of its own, and none is invented: ``handle`` is an attribute.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from netmed.export.graphs import Outgoing, Sheets, sheets
from netmed.export.markup import KINDS, around, escaped, joined, lines, save, value
from netmed.export.tables import TEXT, glued, word

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def put(outgoing: Outgoing, path: Path) -> None:
    """Write one GraphML file."""
    save(_parts(sheets(outgoing)), path)


def _parts(graph: Sheets) -> Iterator[str]:
    edges = graph.edges.add_column(0, "weight", graph.weights)
    yield _HEAD
    yield _keys("node", graph.accounts)
    yield _keys("edge", edges)
    yield '<graph edgedefault="directed">\n'
    keys = escaped(graph.keys)
    for part in lines(len(keys)):
        data = _data("node", graph.accounts[part])
        yield joined(glued(word('<node id="'), keys[part], word('">'), *data, word("</node>")))
    sources, targets = keys.take(pa.array(graph.source)), keys.take(pa.array(graph.target))
    for part in lines(len(sources)):
        data = _data("edge", edges[part])
        ends = (word('<edge source="'), sources[part], word('" target="'), targets[part], word('">'))
        yield joined(glued(*ends, *data, word("</edge>")))
    yield "</graph>\n</graphml>\n"


def _keys(element: str, table: pa.Table) -> str:
    """Declare the attributes of all accounts or of all edges."""
    names = escaped(pa.array(table.column_names, TEXT)).to_pylist()
    return "".join(
        f'<key id="{element}-{place}" for="{element}" attr.name="{name}" attr.type="{KINDS.get(kind, "string")}"/>\n'
        for place, (name, kind) in enumerate(zip(names, table.schema.types, strict=True))
    )


def _data(element: str, table: pa.Table) -> list[pa.Array]:
    """Each attribute as a column of elements."""
    columns = [column.combine_chunks() for column in table.columns]
    return [around(f'<data key="{element}-{place}">', value(column), "</data>") for place, column in enumerate(columns)]
