"""JSON: Cytoscape.js (which Cytoscape reads too) and graphology (which sigma.js draws).

Text is left as it is, for JSON can hold it. An attribute that is unknown is left out of its account or edge.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from netmed.export.graphs import Outgoing, Sheets, sheets
from netmed.export.markup import lines, save

Row = dict[str, Any]


def put_cytoscape(outgoing: Outgoing, path: Path) -> None:
    """Write Cytoscape.js JSON; ``value`` is what networkx takes as the name of a node."""
    graph = sheets(outgoing, clean=False)

    def account(key: str, label: str, attributes: Row) -> Row:
        return {"data": {"id": key, "value": key, "label": label, **attributes}}

    def edge(number: int, source: str, target: str, attributes: Row) -> Row:
        return {"data": {"id": f"e{number}", "source": source, "target": target, **attributes}}

    head = f'{{"data":{_words({"name": graph.name})},"directed":true,"multigraph":false,"elements":{{"nodes":[\n'
    save(_document(graph, head, account, edge, "]}}\n"), path)


def put_graphology(outgoing: Outgoing, path: Path) -> None:
    """Write a serialised graphology graph."""
    graph = sheets(outgoing, clean=False)

    def account(key: str, label: str, attributes: Row) -> Row:
        return {"key": key, "attributes": {"label": label, **attributes}}

    def edge(number: int, source: str, target: str, attributes: Row) -> Row:
        return {"key": f"e{number}", "source": source, "target": target, "attributes": attributes}

    options = _words({"type": "directed", "multi": False, "allowSelfLoops": False})
    head = f'{{"attributes":{_words({"name": graph.name})},"options":{options},"nodes":[\n'
    save(_document(graph, head, account, edge, "]}\n"), path)


def _document(
    graph: Sheets,
    head: str,
    account: Callable[[str, str, Row], Row],
    edge: Callable[[int, str, str, Row], Row],
    tail: str,
) -> Iterator[str]:
    yield head
    for part in lines(len(graph.keys)):
        known = zip(
            graph.keys[part].to_pylist(), graph.labels[part].to_pylist(), _known(graph.accounts[part]), strict=True
        )
        yield _items((account(*row) for row in known), first=part.start == 0)
    yield '\n],"edges":[\n'
    edges = graph.edges.add_column(0, "weight", graph.weights)
    sources, targets = graph.sources, graph.targets
    for part in lines(len(sources)):
        numbers = range(part.start, part.stop)
        ends = (sources[part].to_pylist(), targets[part].to_pylist())
        yield _items(
            (edge(*row) for row in zip(numbers, *ends, _known(edges[part]), strict=True)), first=not part.start
        )
    yield f"\n{tail}"


def _known(table: Any) -> Iterator[Row]:
    """The attributes of each row that are not null."""
    for row in table.to_pylist() if table.column_names else [{}] * table.num_rows:
        yield {name: value for name, value in row.items() if value is not None}


def _items(items: Iterator[Row], *, first: bool) -> str:
    return ("" if first else ",\n") + ",\n".join(_words(item) for item in items)


def _words(content: Row) -> str:
    return orjson.dumps(content).decode("utf-8")
