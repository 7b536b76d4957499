"""The tables of a network as Ibis tables on the engine, whether it lies on disk or lives in memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from netmed.building.as_files import as_files
from netmed.engines import Engine, open_engine
from netmed.network import Network

AMPLIFYING = ("retweet", "retweet_manual", "quote")
"""Relations by which an account shows another's post to its own followers."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables on an engine, and how many posts and events there are.

    ``work`` : a folder that the engine may read and write; it goes when the engine closes.
    """

    engine: Engine
    work: Path
    accounts: ir.Table
    posts: ir.Table
    events: ir.Table
    edges: ir.Table
    n_posts: int
    n_events: int


@contextmanager
def opened(network: Network, *reads: Path, memory: str | None = None) -> Iterator[Tables]:
    """Open the tables of a network; ``reads`` are further files the engine may open."""
    with tempfile.TemporaryDirectory(prefix="netmed-") as folder:
        work = Path(folder)
        paths = as_files(network, work)
        with open_engine("duckdb", work=work / "engine", reads=[work, *paths.values(), *reads], memory=memory) as made:
            tables = {name: made.read_parquet([path]) for name, path in paths.items()}
            sizes = {name: pq.read_metadata(paths[name]).num_rows for name in ("posts", "events")}
            yield Tables(made, work, **tables, n_posts=sizes["posts"], n_events=sizes["events"])


def amplifiers(tables: Tables) -> ir.Table | None:
    """``account_key, other_key``: who reposted or quoted whom, each pair once; None where nothing can tell.

    By the events, whatever relations make the edges; of an edge list, by the counts of its edges.
    """
    if tables.n_events or tables.n_posts:
        events = tables.events
        passed_on = events.filter(events.relation.isin(list(AMPLIFYING)), events.source_key != events.target_key)
        return passed_on.select(account_key="target_key", other_key="source_key").distinct()
    edges = tables.edges
    count = sum((edges[f"n_{name}"].fill_null(0) for name in AMPLIFYING), start=ibis.literal(0))
    rows = edges.filter(count > 0).select(account_key="target_key", other_key="source_key").distinct()
    return rows if rows.count().execute() else None
