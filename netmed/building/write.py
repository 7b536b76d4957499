"""The last step of every build: edges and accounts from events, four sorted Parquet files."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import schema
from netmed.building import tables
from netmed.building.choices import Choices
from netmed.building.role_filter import among, members
from netmed.building.role_finding import with_roles
from netmed.engines import Engine


@dataclass(frozen=True, slots=True)
class Written:
    """The tables as written, and their rows by name."""

    accounts: ir.Table
    posts: ir.Table
    events: ir.Table
    edges: ir.Table
    rows: dict[str, int]
    outside: dict[str, int]
    """Posts of the collection and events left out because they lie outside the largest component."""
    other_roles: dict[str, int] = field(default_factory=dict)
    """Accounts there were, by what became of them, and what was left out with them; empty without ``roles``."""
    of_roles: ir.Table | None = None
    """Of an edge list: the edges between accounts of the chosen roles."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a build made: rows per table, the audit, the inputs read, the choices that held.

    ``invented``: all of it is made up, no account is a person's.
    """

    rows: dict[str, int]
    audit: dict[str, Any]
    inputs: list[dict[str, Any]]
    choices: Choices
    invented: bool


def write(engine: Engine, root: Path, posts: ir.Table, events: ir.Table, people: ir.Table, choices: Choices) -> Written:
    """Write ``accounts, posts, events, edges`` into ``root``, each sorted by its key; roles are found where chosen."""
    find_roles, others = choices.find_roles, {}
    if choices.roles:
        everybody = tables.accounts_table(posts, events, people)
        everybody = engine.store("everybody", with_roles(engine, everybody, root) if find_roles else everybody)
        chosen = members(engine, everybody, choices)
        people, find_roles = everybody.select(*tables.PEOPLE_COLUMNS), False
        sizes = _sizes(posts, events)
        events = engine.store("events_of_roles", among(events, chosen))
        posts = engine.store("posts_of_roles", posts.filter(posts.author_key.isin(chosen.keys.account_key)))
        within = int(tables.accounts_table(posts, events, people).count().execute())
        others = chosen.counts_with(within) | _fewer(sizes, _sizes(posts, events))
    edges = tables.edges_table(events, relations=choices.edge_relations, min_weight=choices.min_weight)
    edges = engine.store("edges", edges)
    before = _sizes(posts, events) if choices.giant else {}
    if choices.giant:
        giant = largest_component(engine, edges, root)
        inside = events.source_key.isin(giant.account_key) & events.target_key.isin(giant.account_key)
        events = engine.store("events_giant", events.filter(inside))
        posts = posts.filter(posts.author_key.isin(giant.account_key))
        edges = engine.store("edges_giant", edges.filter(edges.source_key.isin(giant.account_key)))
    rows: dict[str, int] = {}

    def put(table: schema.Table, content: ir.Table) -> ir.Table:
        path = root / f"{table.name}.parquet"
        rows[table.name] = engine.write_parquet(content, path, table.sort_by)
        return engine.read_parquet([path])

    posts = put(schema.POSTS, posts)
    put(schema.EVENTS, events)
    put(schema.EDGES, edges)
    left = tables.accounts_table(posts, events, people)
    accounts = put(schema.ACCOUNTS, with_roles(engine, left, root) if find_roles else left)
    outside = _fewer(before, _sizes(posts, events)) if choices.giant else {}
    return Written(accounts, posts, events, edges, rows, outside, others)


def _fewer(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: before[name] - after[name] for name in before}


def _sizes(posts: ir.Table, events: ir.Table) -> dict[str, int]:
    collection = posts.filter(posts.in_collection)
    return {"posts": int(collection.count().execute()), "events": int(events.count().execute())}


def largest_component(engine: Engine, edges: ir.Table, root: Path) -> ir.Table:
    """``account_key`` of the largest weakly connected component; of equals, the one with the smallest key."""
    import igraph

    pairs = edges.select("source_key", "target_key").execute()
    graph = igraph.Graph.TupleList(pairs.itertuples(index=False), directed=True)
    components = [sorted(graph.vs[part]["name"]) for part in graph.connected_components(mode="weak")]
    largest = min(components, key=lambda names: (-len(names), names[0]), default=[])
    path = root / ".giant.parquet"
    pq.write_table(pa.table({"account_key": pa.array(largest, pa.string())}), path)
    members = engine.store("giant", engine.read_parquet([path]))
    engine.settle()
    path.unlink()
    return members
