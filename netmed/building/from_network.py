"""A narrower network from a network: fewer posts, other relations, without reading the raw files again."""

import shutil
from pathlib import Path

import ibis
import ibis.expr.types as ir

from netmed.building import audit, from_edges
from netmed.building.as_files import as_files
from netmed.building.beside import Given
from netmed.building.choices import Choices
from netmed.building.filters import Filters
from netmed.building.tables import PEOPLE_COLUMNS
from netmed.building.write import Made, write
from netmed.engines import open_engine
from netmed.network import Network


def make(
    network: Network, root: Path, filters: Filters, choices: Choices, given: Given, *, memory: str | None, engine: str
) -> Made:
    """Write the four tables of the narrowed network into ``root``.

    Posts that made events and pass the filters keep their events; posts that came along stay where
    a remaining post refers to them. Roles and profiles of accounts are carried over.
    """
    if not len(network.events) and not len(network.posts) and len(network.accounts):
        return from_edges.narrowed(network, root, filters, choices, given, memory=memory, engine=engine)
    work = root / ".work"
    work.mkdir()
    beside = given.staged(work, engine=engine, memory=memory)
    paths = as_files(network, work)
    with open_engine(engine, work=work / "engine", reads=[root, *paths.values()], memory=memory) as opened:
        posts = opened.store("posts_in", opened.read_parquet([paths["posts"]]))
        events = opened.store("events_in", opened.read_parquet([paths["events"]]))
        people = opened.read_parquet([paths["accounts"]]).select(*PEOPLE_COLUMNS)
        kept, made = posts, events
        if not filters.is_empty:
            speaks = posts.in_collection | posts.post_key.isin(events.post_key)
            kept = opened.store("posts_kept", _with_references(posts, speaks, filters.passes(posts)))
            made = opened.store("events_kept", events.semi_join(kept, "post_key"))
        known = beside.applied(opened, kept, made, people, platform="x")
        written = write(opened, root, known.posts, known.events, known.people, choices)
        audited = beside.entered(audit.of_network(network, posts, kept, events, written, choices))
    shutil.rmtree(work)
    inputs = [*network.provenance.get("inputs", []), *beside.inputs]
    return Made(written.rows, audited, inputs, choices, invented=bool(network.provenance.get("invented")))


def _with_references(posts: ir.Table, speaks: ir.BooleanColumn, passes: ir.BooleanColumn) -> ir.Table:
    """Posts that speak and pass, and those that came along and are referred to by one of these."""
    kept = posts.filter(speaks, passes)
    references = [
        kept.select(post_key=kept[name]) for name in ("reply_to_post_key", "quoted_post_key", "retweeted_post_key")
    ]
    along = posts.filter(~speaks).semi_join(ibis.union(*references, distinct=True), "post_key")
    return ibis.union(kept, along)
