"""Every door out: what ``netmed export --to`` knows, one row per format.

Commands, docs and tests are made from this table. It is asked by ``netmed --help``, so a writer's room is
imported only when it writes.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netmed.registry import Registry

if TYPE_CHECKING:
    from netmed.export.graphs import Outgoing

Writer = Callable[["Outgoing", Path], None]
"""Writes the graph into a file, or into an empty folder, that is not yet in its place."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, what it is, who opens it, what it looks like on disk, who writes it.

    ``endings`` are those of a file, the usual first; ``files`` are those of a folder. A format has one of the
    two. ``writer`` is ``room.function`` within ``netmed.export``. ``attributes``: it can carry columns of
    accounts; ``windows``: edges by time.
    """

    name: str
    title: str
    tool: str
    writer: str
    endings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    attributes: bool = True
    windows: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether the result is a folder of files."""
        return not self.endings

    def load_writer(self) -> Writer:
        """Import the room that writes it."""
        room, function = self.writer.split(".")
        writer: Writer = getattr(importlib.import_module(f"netmed.export.{room}"), function)
        return writer


FORMATS: Registry[Format] = Registry(
    "format",
    (
        Format("graphml", "one XML file: igraph, networkx, yEd, visone, Gephi", "igraph", "graphml.put", (".graphml",)),
        Format(
            "gexf",
            "one XML file for Gephi, with labels; --by year lets its timeline play",
            "Gephi",
            "gexf.put",
            (".gexf",),
            windows=True,
        ),
        Format(
            "pajek",
            "one .net file: Pajek, visone; weights, no attributes",
            "Pajek",
            "pajek.put",
            (".net",),
            attributes=False,
        ),
        Format(
            "cytoscape",
            "one JSON file: Cytoscape, Cytoscape.js",
            "Cytoscape",
            "json_formats.put_cytoscape",
            (".cyjs", ".json"),
        ),
        Format(
            "gephi-csv",
            "a folder of nodes.csv and edges.csv for Gephi's Data Laboratory",
            "Gephi",
            "delimited.put_gephi",
            files=("nodes.csv", "edges.csv"),
        ),
        Format(
            "nodexl-csv",
            "a folder of vertices.csv and edges.csv for NodeXL",
            "NodeXL",
            "delimited.put_nodexl",
            files=("vertices.csv", "edges.csv"),
        ),
        Format(
            "parquet",
            "a folder of accounts.parquet and edges.parquet: pandas, R, DuckDB, Spark",
            "pandas or R",
            "parquet_files.put",
            files=("accounts.parquet", "edges.parquet"),
        ),
        Format(
            "edges-csv",
            "source,target,weight,relation; `netmed build --format edges-csv` reads it back",
            "any program that reads CSV",
            "edge_rows.put",
            (".edges.csv", ".csv"),
            attributes=False,
        ),
        Format(
            "graphology",
            "one JSON file: graphology, sigma.js",
            "sigma.js",
            "json_formats.put_graphology",
            (".json",),
        ),
    ),
    name=lambda form: form.name,
)

WINDOWS = ("year", "quarter", "month")
"""Lengths of a window of time."""
