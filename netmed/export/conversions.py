"""Networks to and from networkx, igraph and pandas.

Edges point from the account that speaks (source) to the account spoken to (target) on both sides.
What comes in needs no more than names and edges: a name that is no account key becomes ``any:name``,
an edge without weight weighs 1, edges of one ordered pair are added up, and an edge from an account to
itself is counted and left out. An undirected graph gives every edge in both directions.

Attributes and columns with the names of ours are kept, whatever their capitals, also where another program
has made text or floats of their values: a network that was exported comes back from the file.
"""

from typing import Any, NamedTuple, TypeAlias

import igraph
import networkx as nx
import pandas as pd

from netmed import schema
from netmed.errors import InputError
from netmed.export import foreign, incoming
from netmed.export.incoming import FACTS
from netmed.network import COUNTS, Network
from netmed.schema import unguarded

DISPLAY_NAME = "display_name"
"""``accounts.name`` in an igraph graph, where ``name`` is the vertex itself."""

VERTEX_NAMES = ("account_key", "name", "id")
"""Attributes of igraph vertices that may hold their names."""

_OF_EDGE = ["weight", *COUNTS, "first_at", "last_at"]


DirectedGraph: TypeAlias = "nx.DiGraph[str]"


class Frames(NamedTuple):
    """The two tables that make a network: one row per account, one per ordered pair."""

    accounts: pd.DataFrame
    edges: pd.DataFrame


def as_pandas(network: Network) -> Frames:
    """Copies of ``accounts`` and ``edges``."""
    return Frames(network.accounts.copy(), network.edges.copy())


def as_networkx(network: Network) -> "nx.DiGraph[str]":
    """A ``networkx.DiGraph`` of account keys; what is unknown of an account or an edge is left out."""
    graph: nx.DiGraph[str] = nx.DiGraph(name=network.name, relations=list(network.relations))
    graph.add_nodes_from(zip(network.accounts["account_key"].tolist(), _records(network.accounts, FACTS), strict=True))
    ends = (network.edges[end].tolist() for end in schema.EDGES.sort_by)
    graph.add_edges_from(zip(*ends, _records(network.edges, _OF_EDGE), strict=True))
    return graph


def as_igraph(network: Network) -> igraph.Graph:
    """A copy of ``network.graph`` with all columns as attributes; ``name`` is the account key, unknown is None."""
    graph = network.graph.copy()
    graph["name"], graph["relations"] = network.name, list(network.relations)
    for part, frame, columns in ((graph.vs, network.accounts, FACTS), (graph.es, network.edges, _OF_EDGE)):
        for column in columns:
            part[DISPLAY_NAME if column == "name" else column] = [foreign.plain(value) for value in frame[column]]
    return graph


def _records(frame: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """One mapping per row, without what is unknown."""
    rows: list[dict[str, Any]] = [{} for _ in range(len(frame))]
    for column in columns:
        for row, value in zip(rows, frame[column], strict=True):
            if (plain := foreign.plain(value)) is not None:
                row[column] = plain
    return rows


def from_networkx(graph: "nx.Graph[Any]", *, name: str | None = None) -> Network:
    """A network from a networkx graph, directed or not, with or without parallel edges.

    Attributes with the names of our columns are kept (``handle``, ``followers``, …; ``weight``,
    ``n_reply``, …), also ``relation`` of an edge; others are left behind. A node is its account, whatever
    its attributes say. Values may be text, as files hold them: times in ISO 8601, handles with a space between.

    Raises ``InputError`` for weights that are no numbers above 0, names that are none or collide, and
    values that their columns cannot hold.
    """
    return incoming.network(
        [(source, target) for source, target in graph.edges()],
        [facts for _, _, facts in graph.edges(data=True)],
        list(graph.nodes(data=True)),
        directed=graph.is_directed(),
        what=f"networkx {type(graph).__name__}",
        name=name or _text(graph.graph.get("name")),
        said=graph.graph,
    )


def from_igraph(graph: igraph.Graph, *, name: str | None = None) -> Network:
    """A network from an igraph graph.

    A vertex is called by the first of its attributes ``account_key``, ``name`` and ``id`` that holds account
    keys throughout, else by the first that names every vertex and none twice, else by its number. So a
    GraphML file of ours is read by its ``id``: its ``name`` is what the account calls itself.

    Attributes are kept as ``from_networkx`` keeps them; ``display_name`` is the account's name where
    ``name`` is the vertex.

    Raises ``InputError`` as ``from_networkx`` does.
    """
    called, names = _vertices(graph)
    people = []
    for vertex, key in zip(graph.vs, names, strict=True):
        facts = vertex.attributes()
        own = None if called == "name" else facts.get("name")
        people.append((key, {**facts, "name": facts.get(DISPLAY_NAME, own)}))
    attributes = {attribute: graph[attribute] for attribute in graph.attributes()}
    return incoming.network(
        [(names[source], names[target]) for source, target in graph.get_edgelist()],
        [edge.attributes() for edge in graph.es],
        people,
        directed=graph.is_directed(),
        what="igraph Graph",
        name=name or _text(attributes.get("name")),
        said=attributes,
    )


def _vertices(graph: igraph.Graph) -> tuple[str | None, list[Any]]:
    """The attribute that names the vertices, and the names; None where they have but numbers."""
    candidates = {name: graph.vs[name] for name in VERTEX_NAMES if name in graph.vs.attributes()}
    if "id" in candidates:  # igraph's reader of GraphML turns an & within an id into this
        ids = candidates["id"]
        candidates["id"] = [one.replace("&#38;", "&") if isinstance(one, str) else one for one in ids]
    for name, names in candidates.items():
        if all(foreign.is_key(one) for one in names):
            return name, names
    for name, names in candidates.items():
        if not any(foreign.is_unknown(one) for one in names) and len(set(map(str, names))) == len(names):
            return name, names
    return next(iter(candidates.items()), (None, list(range(graph.vcount()))))


def from_pandas(edges: pd.DataFrame, accounts: pd.DataFrame | None = None, *, name: str | None = None) -> Network:
    """A network from a frame of edges, and a frame of accounts where more is known of them.

    Columns are known whatever their capitals, and as Gephi and NodeXL call them. A CSV is best read as text,
    ``pandas.read_csv(path, dtype=str, keep_default_na=False)``: so long ids keep their digits, and an account
    called NA its name.

    Parameters
    ----------
    edges : ``source, target`` (or ``source_key, target_key``; ``from, to``; ``Vertex 1, Vertex 2``), and where
        there are such ``weight`` (``Edge Weight``), ``relation``, the counts ``n_reply``, …, ``first_at, last_at``.
    accounts : ``account_key`` (or ``Id``, ``Vertex``) and any columns of ``schema.ACCOUNTS``; accounts without
        an edge are kept.

    Raises ``InputError`` as ``from_networkx`` does, and where a column is missing.
    """
    found = foreign.columns(edges.columns, {"source": foreign.SOURCE, "target": foreign.TARGET})
    if len(found) < 2:
        raise InputError(f"edges have columns {', '.join(map(str, edges.columns))}; wanted are source and target")
    rows = _rows(edges)
    ends = [(row[found["source"]], row[found["target"]]) for row in rows]
    people = [] if accounts is None else _people(accounts)
    return incoming.network(ends, rows, people, directed=True, what="pandas DataFrame", name=name, said={})


def _people(accounts: pd.DataFrame) -> list[tuple[Any, dict[Any, Any]]]:
    """The key of each account, and what the frame says of it."""
    found = foreign.columns(accounts.columns, {"key": foreign.ACCOUNT, "label": ("label",)})
    if "key" not in found:
        raise InputError(f"accounts have columns {', '.join(map(str, accounts.columns))}; wanted is account_key")
    rows = _rows(accounts)
    people = [(row[found["key"]], row) for row in rows]
    # Only Gephi's and NodeXL's sheets of ours have labels: those were CSV, where text is guarded.
    if "label" not in found or str(found["key"]).lower() == "account_key":
        return people
    return [
        (key, {column: value if value == _rest(key) else unguarded(value) for column, value in row.items()})
        for key, row in people
    ]


def _rest(key: Any) -> str | None:
    """What a key says besides the platform: id or handle, which need no guessing then."""
    return key.partition(":")[2] if foreign.is_key(key) else None


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """One mapping per row; of several columns with one name the first is taken."""
    once: pd.DataFrame = frame.loc[:, ~frame.columns.duplicated()]
    return [dict(row) for row in once.to_dict("records")]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
