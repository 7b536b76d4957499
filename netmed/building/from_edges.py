"""A network from edge lists: no posts and no events, only who addresses whom and how much.

Rows of one ordered pair are one edge, their weights added up; a row from an account to itself is
counted and makes no edge. Where all weights are whole numbers they are taken for numbers of posts, and
``n_mention``, ``n_reply``, … add them up by relation; where any is a fraction, these count rows.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import provenance, schema
from netmed.building import audit, tables
from netmed.building.beside import Given
from netmed.building.choices import Choices
from netmed.building.filters import Filters
from netmed.building.role_filter import among, members
from netmed.building.role_finding import with_roles
from netmed.building.write import Made, Written, largest_component
from netmed.engines import Engine, open_engine
from netmed.errors import InputError, NetworkError
from netmed.network import Network
from netmed.read import edge_lists, intake
from netmed.read.spreadsheets import refuse_rounded
from netmed.read.values import conform

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "edges-csv"
"""What ``--format`` calls it."""

WHOLE = 1e12
"""Up to here a weight without a fraction is taken for a number of posts."""


def make(
    inputs: Sequence[str | Path],
    root: Path,
    filters: Filters,
    choices: Choices,
    given: Given,
    *,
    least_weight: float | None,
    memory: str | None,
    engine: str,
    progress: Callable[[str], None] | None,
) -> Made:
    """Read edge lists and write the four tables into ``root``; ``posts`` and ``events`` are empty.

    ``least_weight``: None keeps every edge, as weights may be fractions.
    """
    say = progress or (lambda _: None)
    _refuse(filters, choices)
    choices = replace(choices, min_weight=least_weight or 0)
    work = root / ".work"
    work.mkdir()
    say("looking through the edge lists")
    sources = intake.find(inputs, work)
    originals = {source.shown: source.original for source in sources}
    files = edge_lists.staged(sources, work)
    beside = given.staged(work, engine=engine, memory=memory)
    with open_engine(engine, work=work / "engine", reads=[root], memory=memory) as opened:
        raw = opened.read_parquet([file.path for file in files])
        checked = opened.store("rows_checked", edge_lists.rows(raw))
        edge_lists.enter_unusable(files, checked)
        every = opened.store("rows", checked.filter(checked.why.isnull()).drop("why"))
        ids = [every.select("file", post_id=every[end].re_replace("^[a-z]+:", "")) for end in schema.EDGES.sort_by]
        refuse_rounded(ibis.union(*ids), "account")
        people = opened.store("people", _people(every))
        say("adding up the edges")
        known = beside.applied(opened, None, every, people, platform="any")
        every, people = known.events, known.people
        edges, is_whole = _edges(opened, every, choices)
        written = _write(opened, root, edges, people, choices)
        audited = audit.of_edges(files, every, edges, written, choices, is_whole=is_whole)
        audited["rows"]["alike"] = _alike(people)
        audited = beside.entered(audited)
    used = [
        {"file": shown, "bytes": path.stat().st_size, "sha256": provenance.sha256(path)}
        for shown, path in originals.items()
    ]
    shutil.rmtree(work)
    return Made(written.rows, audited, [*used, *beside.inputs], choices, invented=False)


def _refuse(filters: Filters, choices: Choices) -> None:
    """Say what an edge list cannot be asked for."""
    if not filters.is_empty:
        raise InputError(
            f"an edge list has no posts to choose by {filters.in_words()}; choose before the edges are counted, "
            "or build from the posts"
        )
    if choices.keep_text or choices.include_referenced:
        asked = "--keep-text" if choices.keep_text else "--include-referenced"
        raise InputError(f"an edge list has no posts, so {asked} means nothing; leave it away")


def _people(every: ir.Table) -> ir.Table:
    """Both ends of every row, with what the key itself says of the account."""
    ends = ibis.union(every.select(account_key="source_key"), every.select(account_key="target_key"), distinct=True)
    key = ends.account_key
    platform, name = key.re_extract("^([a-z]+):", 1), key.re_replace("^[a-z]+:", "")
    of_platform = platform.isin(["x", "bluesky", "mastodon"])
    by_handle = of_platform & name.startswith("@")
    has_handle = by_handle | ~of_platform | name.contains("@")
    handle = ibis.cases((by_handle, name.substr(1)), (has_handle, name))
    people = ends.mutate(
        platform=ibis.cases((of_platform, platform), else_="any"),
        account_id=ibis.cases((~by_handle, name)),
        handle=handle,
        handles=ibis.cases((handle.notnull(), ibis.array([handle]))),
    )
    return conform(people, ibis.schema({name: schema.ACCOUNTS.dtypes()[name] for name in tables.PEOPLE_COLUMNS}))


def _alike(people: ir.Table) -> int:
    """Names that differ from another one only in capitals or by an @ in front: perhaps one account, twice."""
    plain = people.account_key.re_replace("^([a-z]+:)@", r"\1").lower()
    return int(people.count().execute()) - int(people.aggregate(n=plain.nunique()).execute().iloc[0, 0])


def _edges(engine: Engine, every: ir.Table, choices: Choices) -> tuple[ir.Table, bool]:
    """``schema.EDGES`` of the relations chosen, and whether all weights are whole numbers."""
    is_whole = bool(((every.weight == every.weight.floor()) & (every.weight <= WHOLE)).all().execute())
    chosen = every.filter(every.relation.isin(choices.edge_relations), every.source_key != every.target_key)
    # Fractions are added up from the smallest on: the same sum in whatever order the rows came.
    weight = chosen.weight.sum() if is_whole else chosen.weight.collect(order_by=chosen.weight).sums()
    counts = {
        name: chosen.weight.sum(where=chosen.relation == name).fill_null(0).cast("int64")
        if is_whole
        else (chosen.relation == name).sum()
        for name in schema.RELATIONS
    }
    edges = chosen.group_by("source_key", "target_key").agg(
        weight=weight, **{f"n_{name}": count for name, count in counts.items()}
    )
    edges = edges.filter(edges.weight >= choices.min_weight)
    return engine.store("edges", conform(edges, ibis.schema(schema.EDGES.dtypes()))), is_whole


def _write(engine: Engine, root: Path, edges: ir.Table, people: ir.Table, choices: Choices) -> Written:
    """Write the tables of a network without posts; what was chosen by role and component stays."""
    nothing = {table.name: _empty(engine, root, table) for table in (schema.POSTS, schema.EVENTS)}
    # Whoever stands in an edge list is an account: shaped as events, the ends come out as accounts.
    ends = people.select(source_key="account_key", target_key="account_key", relation=ibis.null("string"))
    accounts = tables.accounts_table(nothing["posts"], engine.view("ends", ends), people)
    accounts = engine.store("everybody", with_roles(engine, accounts, root) if choices.find_roles else accounts)
    others: dict[str, int] = {}
    if choices.roles:
        chosen, before = members(engine, accounts, choices), int(edges.count().execute())
        edges = engine.store("edges_of_roles", among(edges, chosen))
        accounts = accounts.semi_join(chosen.keys, "account_key")
        others = chosen.counts_with(int(chosen.keys.count().execute()))
        others |= {"edges": before - int(edges.count().execute())}
    of_roles = edges
    if choices.giant:
        giant = largest_component(engine, edges, root)
        edges = engine.store("edges_giant", edges.filter(edges.source_key.isin(giant.account_key)))
        accounts = accounts.semi_join(giant, "account_key")
    content = {**nothing, "edges": edges, "accounts": accounts}
    rows = {}
    for table in schema.TABLES:
        rows[table.name] = engine.write_parquet(content[table.name], root / f"{table.name}.parquet", table.sort_by)
    out = {table.name: engine.read_parquet([root / f"{table.name}.parquet"]) for table in schema.TABLES}
    return Written(out["accounts"], out["posts"], out["events"], edges, rows, {}, others, of_roles)


def _empty(engine: Engine, root: Path, table: schema.Table) -> ir.Table:
    """A table of the schema without rows."""
    path = root / ".work" / f"no-{table.name}.parquet"
    pq.write_table(pa.table(ibis.schema(table.dtypes()).to_pyarrow().empty_table()), path)
    return engine.read_parquet([path])


def narrowed(
    network: Network, root: Path, filters: Filters, choices: Choices, given: Given, *, memory: str | None, engine: str
) -> Made:
    """Write a network without events into ``root``, its edges chosen by relation, weight and component.

    Raises ``NetworkError`` for choices that only events could answer.
    """
    if not filters.is_empty:
        raise NetworkError(
            f"{network.name} was made from an edge list and has no posts to choose by {filters.in_words()}"
        )
    if given.crosswalk is not None:
        raise NetworkError(f"{network.name} was made from an edge list; build it again from there with --crosswalk")
    frames = {"edges": _of_relations(network, choices), "accounts": network.accounts}
    work = root / ".work"
    work.mkdir()
    beside = given.staged(work, engine=engine, memory=memory)
    paths = {name: work / f"{name}-in.parquet" for name in frames}
    for name, frame in frames.items():
        kinds = ibis.schema(getattr(schema, name.upper()).dtypes()).to_pyarrow()
        pq.write_table(pa.Table.from_pandas(frame, schema=kinds, preserve_index=False), paths[name])
    with open_engine(engine, work=work / "engine", reads=[root], memory=memory) as opened:
        before = opened.store("edges_in", opened.read_parquet([paths["edges"]]))
        people = opened.store("people", opened.read_parquet([paths["accounts"]]).select(*tables.PEOPLE_COLUMNS))
        people = beside.described(opened, people, platform="any")
        edges = opened.store("edges", before.filter(before.weight >= choices.min_weight))
        written = _write(opened, root, edges, people, choices)
        audited = audit.of_edges_of_network(network, before, edges, written, choices)
        audited = beside.entered(audited)
    shutil.rmtree(work)
    inputs = [*network.provenance.get("inputs", []), *beside.inputs]
    return Made(written.rows, audited, inputs, choices, invented=bool(network.provenance.get("invented")))


def _of_relations(network: Network, choices: Choices) -> "pd.DataFrame":
    """The edges of fewer relations, where the counts by relation are the weights."""
    edges, wanted = network.edges, choices.edge_relations
    more = [relation for relation in wanted if relation not in network.relations]
    there = [relation for relation in schema.RELATIONS if (edges[f"n_{relation}"] > 0).any()]
    if not more and set(there) <= set(wanted):
        return edges
    counts = edges[[f"n_{relation}" for relation in there]].sum(axis=1)
    if more or not (counts == edges["weight"]).all():
        why = f"no {' + '.join(more)}" if more else "no weight for each relation"
        raise NetworkError(
            f"{network.name} was made from an edge list and keeps {why}; build it again from there with --relations"
        )
    edges = edges.assign(
        weight=edges[[f"n_{relation}" for relation in wanted]].sum(axis=1).astype("float64"),
        **{f"n_{relation}": edges[f"n_{relation}"] * (relation in wanted) for relation in schema.RELATIONS},
    )
    return edges[edges["weight"] > 0]
