"""Networks to and from networkx, igraph and pandas.

Edges point from the account that speaks (source) to the account spoken to (target) on both sides.
What comes in needs no more than names and edges: a name that is no account key becomes ``any:name``,
an edge without weight weighs 1, edges of one ordered pair are added up, and an edge from an account to
itself is counted and left out. An undirected graph gives every edge in both directions.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import ibis
import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa

from netmed import schema
from netmed.errors import InputError
from netmed.network import COUNTS, Network, to_pandas
from netmed.read.edge_lists import KEY, NAMES

WHOLE = 1e12
"""Up to here a weight without a fraction is taken for a number of posts."""

DISPLAY_NAME = "display_name"
"""``accounts.name`` in an igraph graph, where ``name`` is the vertex itself."""

_KEY = re.compile(KEY)
_HANDLE = re.compile("^(x|bluesky|mastodon):@")
_FACTS = [column for column in schema.ACCOUNTS.names if column != "account_key"]
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
    graph.add_nodes_from(zip(network.accounts["account_key"].tolist(), _records(network.accounts, _FACTS), strict=True))
    ends = (network.edges[end].tolist() for end in schema.EDGES.sort_by)
    graph.add_edges_from(zip(*ends, _records(network.edges, _OF_EDGE), strict=True))
    return graph


def as_igraph(network: Network) -> igraph.Graph:
    """A copy of ``network.graph`` with all columns as attributes; ``name`` is the account key, unknown is None."""
    graph = network.graph.copy()
    graph["name"], graph["relations"] = network.name, list(network.relations)
    for part, frame, columns in ((graph.vs, network.accounts, _FACTS), (graph.es, network.edges, _OF_EDGE)):
        for column in columns:
            part[DISPLAY_NAME if column == "name" else column] = [_plain(value) for value in frame[column]]
    return graph


def _records(frame: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """One mapping per row, without what is unknown."""
    rows: list[dict[str, Any]] = [{} for _ in range(len(frame))]
    for column in columns:
        for row, value in zip(rows, frame[column], strict=True):
            if (plain := _plain(value)) is not None:
                row[column] = plain
    return rows


def _plain(value: Any) -> Any:
    """A cell as Python has it: no numpy, no pandas; None for unknown."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return [str(item) for item in value]
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    return value.item() if isinstance(value, np.generic) else value


def from_networkx(graph: "nx.Graph[Any]", *, name: str | None = None) -> Network:
    """A network from a networkx graph, directed or not, with or without parallel edges.

    Attributes with the names of our columns are kept (``handle``, ``followers``, …; ``weight``,
    ``n_reply``, …), also ``relation`` of an edge; others are left behind.

    Raises ``InputError`` for weights that are no numbers above 0, and names that are none or collide.
    """
    nodes = [{"account_key": node, **facts} for node, facts in graph.nodes(data=True)]
    edges = [{**facts, "source": source, "target": target} for source, target, facts in graph.edges(data=True)]
    what = f"networkx {type(graph).__name__}"
    return _made(edges, nodes, graph.is_directed(), what, name or _text(graph.graph.get("name")), graph.graph)


def from_igraph(graph: igraph.Graph, *, name: str | None = None) -> Network:
    """A network from an igraph graph; vertices without a ``name`` are called by their numbers.

    Attributes are kept as ``from_networkx`` keeps them; ``display_name`` is the account's name.

    Raises ``InputError`` as ``from_networkx`` does.
    """
    names = graph.vs["name"] if "name" in graph.vs.attributes() else list(range(graph.vcount()))
    nodes = []
    for vertex, key in zip(graph.vs, names, strict=True):
        facts = vertex.attributes()
        nodes.append({**facts, "name": facts.get(DISPLAY_NAME), "account_key": key})
    edges = [{**edge.attributes(), "source": names[edge.source], "target": names[edge.target]} for edge in graph.es]
    own = {attribute: graph[attribute] for attribute in graph.attributes()}
    return _made(edges, nodes, graph.is_directed(), "igraph Graph", name or _text(own.get("name")), own)


def from_pandas(edges: pd.DataFrame, accounts: pd.DataFrame | None = None, *, name: str | None = None) -> Network:
    """A network from a frame of edges, and a frame of accounts where more is known of them.

    Parameters
    ----------
    edges : ``source, target`` (or ``source_key, target_key``; ``from, to``), and where there are such ``weight``,
        ``relation``, the counts ``n_reply``, …, ``first_at, last_at``.
    accounts : ``account_key`` and any columns of ``schema.ACCOUNTS``; accounts without an edge are kept.

    Raises ``InputError`` as ``from_networkx`` does, and where a column is missing.
    """
    columns = {str(column).lower(): column for column in reversed(list(edges.columns))}
    ends = {}
    for end in ("source", "target"):
        found = next((columns[word] for word in NAMES[end] if word in columns), None)
        if found is None:
            raise InputError(f"edges have columns {', '.join(map(str, edges.columns))}; wanted are source and target")
        ends[found] = end
    rows = edges.rename(columns=ends).to_dict("records")
    if accounts is not None and "account_key" not in accounts:
        raise InputError(f"accounts have columns {', '.join(map(str, accounts.columns))}; wanted is account_key")
    people = [] if accounts is None else accounts.to_dict("records")
    return _made(rows, people, True, "pandas DataFrame", name, {})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _made(
    rows: list[dict[Any, Any]],
    people: list[dict[Any, Any]],
    directed: bool,
    what: str,
    name: str | None,
    said: Mapping[str, Any],
) -> Network:
    """A network in memory from rows of edges (``source, target``) and of accounts (``account_key``)."""
    accounts = _accounts(people, [row[end] for row in rows for end in ("source", "target")])
    pairs, loops = _pairs(rows, directed)
    is_whole = all(row["weight"].is_integer() and row["weight"] <= WHOLE for found in pairs.values() for row in found)
    edges = [_edge(*pair, pairs[pair], is_whole) for pair in sorted(pairs)]
    counted = [relation for relation in schema.RELATIONS if any(edge[f"n_{relation}"] for edge in edges)]
    relations = [word for word in said.get("relations") or () if word in schema.RELATIONS]
    relations = relations or counted or list(schema.DEFAULT_RELATIONS)
    tables = {
        "accounts": _table(schema.ACCOUNTS, accounts),
        "edges": _table(schema.EDGES, edges),
        "posts": _table(schema.POSTS, []),
        "events": _table(schema.EVENTS, []),
    }
    used = len(rows) * (1 if directed else 2) - loops * (1 if directed else 2)
    rules = {"relations": relations, "auto_mentions": "separate", "min_weight": 0, "giant": False}
    return Network(
        tables,
        audit=_audit(what, len(rows), used, loops, directed, len(edges), accounts),
        provenance={"rules": rules, "parameters": {"made_from": what, "directed": directed}, "inputs": []},
        name=name,
    )


def _key(name: object) -> str:
    """The account key of a vertex. Raises ``InputError`` for what can be no name."""
    text = name if isinstance(name, str) else "" if name is None or name is pd.NA or name != name else str(name)
    if not text or text.encode("utf-8", "ignore").decode() != text:
        raise InputError(f"an account is called {name!r}; a name is text of at least one letter")
    if _HANDLE.match(text):
        return text.lower()
    return text if _KEY.match(text) else f"any:{text}"


def _accounts(people: list[dict[Any, Any]], ends: Iterable[object]) -> list[dict[str, Any]]:
    """A row for each account: what is said of it, and for the rest what its key says."""
    found: dict[str, dict[str, Any]] = {}
    called: dict[str, object] = {}
    for row in people:
        key = _key(row["account_key"])
        if key in found:
            raise InputError(f"two accounts have one key {key!r}: {called[key]!r} and {row['account_key']!r}")
        found[key], called[key] = {name: _plain(row.get(name)) for name in _FACTS}, row["account_key"]
    for end in ends:
        found.setdefault(_key(end), {})
    return [_completed(key, found[key]) for key in sorted(found)]


def _completed(key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    prefix, _, rest = key.partition(":")
    is_platform = prefix in ("x", "bluesky", "mastodon")
    by_handle = is_platform and rest.startswith("@")
    handle = rest[1:] if by_handle else rest if not is_platform or "@" in rest else None
    own: dict[str, Any] = {
        "platform": prefix if is_platform else "any",
        "account_id": None if by_handle else rest,
        "handle": handle,
    }
    own |= {name: 0 for name in _FACTS if name.startswith("n_")} | {"is_author": False}
    row = {"account_key": key, **own, **{name: value for name, value in facts.items() if value is not None}}
    return {"handles": [row["handle"]] if row["handle"] else None, **row}


def _pairs(rows: list[dict[Any, Any]], directed: bool) -> tuple[dict[tuple[str, str], list[dict[Any, Any]]], int]:
    """The rows of each ordered pair, and how many rows are loops."""
    pairs: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    loops = 0
    for row in rows:
        source, target = _key(row["source"]), _key(row["target"])
        if source == target:
            loops += 1
            continue
        checked = {**row, "weight": _weight(row, source, target)}
        pairs.setdefault((source, target), []).append(checked)
        if not directed:
            pairs.setdefault((target, source), []).append(checked)
    return pairs, loops


def _weight(row: Mapping[Any, Any], source: str, target: str) -> float:
    given = _plain(row.get("weight", 1))
    try:
        weight = float(given)
    except (TypeError, ValueError):
        weight = math.nan
    if isinstance(given, str) or not (math.isfinite(weight) and weight > 0):
        raise InputError(f"the edge from {source!r} to {target!r} has weight {given!r}; wanted is a number above 0")
    return weight


def _edge(source: str, target: str, rows: list[dict[Any, Any]], is_whole: bool) -> dict[str, Any]:
    """One edge from the rows of its pair; weights are counts of posts where all of the network are whole."""
    weight = math.fsum(row["weight"] for row in rows)
    counts = dict.fromkeys(COUNTS, 0)
    for row in rows:
        stated = {name: int(row[name]) for name in COUNTS if _plain(row.get(name)) is not None}
        if not stated:
            relation = _plain(row.get("relation")) or "mention"
            if relation not in schema.RELATIONS:
                raise InputError(
                    f"the edge from {source!r} to {target!r} has relation {relation!r}; wanted is one of "
                    + ", ".join(schema.RELATIONS)
                )
            stated = {f"n_{relation}": int(row["weight"]) if is_whole else 1}
        for name, count in stated.items():
            counts[name] += count
    times = {name: [t for row in rows if (t := _plain(row.get(name))) is not None] for name in ("first_at", "last_at")}
    first, last = min(times["first_at"], default=None), max(times["last_at"], default=None)
    return {"source_key": source, "target_key": target, "weight": weight, **counts, "first_at": first, "last_at": last}


def _table(table: schema.Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the table that a network loaded from disk has."""
    kinds = ibis.schema(table.dtypes()).to_pyarrow()
    try:
        return to_pandas(pa.Table.from_pylist(rows, schema=kinds))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise InputError(f"an attribute cannot be a column of {table.name}: {str(error).splitlines()[0]}") from error


def _audit(
    what: str, given: int, used: int, loops: int, directed: bool, edges: int, accounts: list[dict[str, Any]]
) -> dict[str, Any]:
    """The audit of a network from elsewhere: rows = in edges + self; shaped as that of an edge list."""
    own = loops if directed else 2 * loops
    rows = {"found": used + own, "in_edges": used, "self": own, "edges": edges, "weights": ""}
    rows |= dict.fromkeys(("other_relations", "below_min_weight", "outside_giant"), 0)
    kinds = dict.fromkeys(("post", "reply", "quote", "reply+quote", "retweet"), 0)
    posts = dict.fromkeys(("kept", "original", "came_along", "outside_giant"), 0)
    events = dict.fromkeys(("found", "resolved", "in_edges", "self", "other_relations", "unresolved"), 0)
    return {
        "from": what if directed else f"{what}, undirected: each edge in both directions",
        "files": [],
        "totals": {"records": used + own, "kept": used + own, "filtered": 0},
        "given_edges": given,
        "rows": rows,
        "posts": {**posts, "kinds": kinds, "first_at": None, "last_at": None},
        "events": {**events, "below_min_weight": 0, "outside_giant": 0, "edges": edges, "by_relation": {}},
        "identity": {
            "accounts": len(accounts),
            "authors": sum(bool(row["is_author"]) for row in accounts),
            "handle_only": sum(row["account_id"] is None for row in accounts),
            "without_handle": sum(row["handle"] is None for row in accounts),
            "renamed": sum(len(row["handles"] or ()) > 1 for row in accounts),
        },
        "losses": {},
    }
