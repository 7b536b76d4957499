"""GEXF 1.3: what Gephi reads best, with labels, and with time where windows are asked for.

With windows, an edge is there in the windows in which it has posts, with their number as its weight, and an
account in the windows of its edges; one without an edge is always there. The ``weight`` of the edge itself is
that of all windows. A window ends on its last day, as Gephi takes both ends as included.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

import netmed
from netmed.export.by_window import Windows
from netmed.export.graphs import Outgoing, Sheets, sheets
from netmed.export.markup import KINDS, around, escaped, gathered, joined, lines, save, value
from netmed.export.tables import TEXT, glued, word


def put(outgoing: Outgoing, path: Path) -> None:
    """Write one GEXF file; there is no date in it, so the same network gives the same bytes."""
    save(_parts(sheets(outgoing), outgoing.windows), path)


def _parts(graph: Sheets, windows: Windows | None) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f"<meta><creator>netmed {netmed.__version__}</creator>"
    yield f"<description>{escaped(pa.array([graph.name], TEXT))[0]}</description></meta>\n"
    yield f'<graph defaultedgetype="directed" idtype="string"{_mode(windows)}>\n'
    yield _attributes("node", graph.accounts)
    yield _attributes("edge", graph.edges)
    if windows is not None:
        yield '<attributes class="edge" mode="dynamic">\n<attribute id="weight" title="Weight" type="double"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    yield from _accounts(graph, windows)
    yield "</nodes>\n<edges>\n"
    yield from _edges(graph, windows)
    yield "</edges>\n</graph>\n</gexf>\n"


def _mode(windows: Windows | None) -> str:
    if windows is None:
        return ' mode="static"'
    span = f'start="{windows.starts[0]}" end="{windows.ends[-1]}"'
    return f' mode="dynamic" timeformat="date" timerepresentation="interval" {span}'


def _attributes(element: str, table: pa.Table) -> str:
    names = escaped(pa.array(table.column_names, TEXT)).to_pylist()
    declared = (
        f'<attribute id="{name}" title="{name}" type="{KINDS.get(kind, "string")}"/>\n'
        for name, kind in zip(names, table.schema.types, strict=True)
    )
    return f'<attributes class="{element}" mode="static">\n{"".join(declared)}</attributes>\n'


def _accounts(graph: Sheets, windows: Windows | None) -> Iterator[str]:
    keys, labels = escaped(graph.keys), escaped(graph.labels)
    spells = None if windows is None else _spells(*_presence(graph, windows), len(keys), windows)
    for part in lines(len(keys)):
        head = (word('<node id="'), keys[part], word('" label="'), labels[part], word('"><attvalues>'))
        body = [*_values(graph.accounts[part]), word("</attvalues>"), *([] if spells is None else [spells[part]])]
        yield joined(glued(*head, *body, word("</node>")))


def _edges(graph: Sheets, windows: Windows | None) -> Iterator[str]:
    keys = escaped(graph.keys)
    sources, targets = keys.take(pa.array(graph.source)), keys.take(pa.array(graph.target))
    count = len(sources)
    numbers = pa.array(np.arange(count)).cast(TEXT)
    weights = value(graph.weights)
    by_window = spells = None
    if windows is not None:
        by_window, spells = _weights(windows, count), _spells(windows.edge, windows.window, count, windows)
    for part in lines(count):
        ends = (word('" source="'), sources[part], word('" target="'), targets[part])
        head = (word('<edge id="'), numbers[part], *ends, word('" weight="'), weights[part], word('"><attvalues>'))
        body = [*_values(graph.edges[part]), *([] if by_window is None else [by_window[part]]), word("</attvalues>")]
        yield joined(glued(*head, *body, *([] if spells is None else [spells[part]]), word("</edge>")))


def _values(table: pa.Table) -> list[pa.Array]:
    """Each attribute as a column of elements."""
    names = escaped(pa.array(table.column_names, TEXT)).to_pylist()
    columns = [column.combine_chunks() for column in table.columns]
    return [
        around(f'<attvalue for="{name}" value="', value(column), '"/>')
        for name, column in zip(names, columns, strict=True)
    ]


def _weights(windows: Windows, edges: int) -> pa.Array:
    """Each edge's weights by window, as elements."""
    number = pa.array(windows.weight).cast(TEXT)
    element = glued(
        word('<attvalue for="weight" value="'), number, word('"'), *_span(windows, windows.window), word("/>")
    )
    return gathered(windows.edge, element, edges)


def _spells(owner: np.ndarray, window: np.ndarray, owners: int, windows: Windows) -> pa.Array:
    """The windows in which each account or edge is there, as elements; nothing for one that always is."""
    inner = gathered(owner, glued(word("<spell"), *_span(windows, window), word("/>")), owners)
    has_any = pa.array(np.bincount(owner, minlength=owners) > 0)
    return around("<spells>", pa.compute.if_else(has_any, inner, None), "</spells>")


def _presence(graph: Sheets, windows: Windows) -> tuple[np.ndarray, np.ndarray]:
    """Accounts and the windows in which an edge of theirs is there, each once, sorted."""
    ends = np.concatenate([graph.source[windows.edge], graph.target[windows.edge]])
    pairs = np.unique(np.stack([ends, np.concatenate([windows.window, windows.window])]), axis=1)
    return pairs[0], pairs[1]


def _span(windows: Windows, window: np.ndarray) -> tuple[pa.Scalar | pa.Array, ...]:
    place = pa.array(window)
    return word(' start="'), windows.starts.take(place), word('" end="'), windows.ends.take(place), word('"')
