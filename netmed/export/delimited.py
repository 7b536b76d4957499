"""Two CSV files in a folder, as Gephi's Data Laboratory and NodeXL import them.

One row per account and one per edge. Text that a spreadsheet would run as a formula is guarded, as in every
CSV of ours; so that labels need no guard, handles stand without their @.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netmed import schema
from netmed.export import tables
from netmed.export.graphs import Outgoing, Sheets, sheets
from netmed.export.markup import save
from netmed.export.tables import EMPTY, glued, word


def put_gephi(outgoing: Outgoing, folder: Path) -> None:
    """Write ``nodes.csv`` (Id, Label, attributes) and ``edges.csv`` (Source, Target, Type, Weight, attributes)."""
    graph = sheets(outgoing)
    kinds = pa.array(["Directed"] * len(graph.source))
    _put(folder / "nodes.csv", {"Id": graph.keys, "Label": _labels(graph)}, graph.accounts)
    ends = {"Source": graph.sources, "Target": graph.targets}
    _put(folder / "edges.csv", {**ends, "Type": kinds, "Weight": graph.weights}, graph.edges)


def put_nodexl(outgoing: Outgoing, folder: Path) -> None:
    """Write ``vertices.csv`` and ``edges.csv``; ``Relationship`` names the relations an edge is made of."""
    graph = sheets(outgoing)
    _put(folder / "vertices.csv", {"Vertex": graph.keys, "Label": _labels(graph)}, graph.accounts)
    ends = {"Vertex 1": graph.sources, "Vertex 2": graph.targets}
    facts = {"Edge Weight": graph.weights, "Relationship": _relationship(outgoing)}
    _put(folder / "edges.csv", {**ends, **facts}, graph.edges)


def _put(path: Path, own: dict[str, pa.Array], attributes: pa.Table) -> None:
    """Write one CSV: the format's own columns, then the attributes, each under a name of its own."""
    taken = {name.lower() for name in own}
    names = [f"{name}_" if name.lower() in taken else name for name in attributes.column_names]
    columns = {**own, **dict(zip(names, attributes.columns, strict=True))}
    save(tables.csv_text(pa.table(columns).to_pandas(types_mapper=_NULLABLE.get), ""), path)


_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
"""Whole numbers and truth values that may be unknown stay what they are."""


def _labels(graph: Sheets) -> pa.Array:
    bare = pc.utf8_ltrim(graph.labels, characters="@")
    return pc.if_else(pc.equal(bare, ""), graph.keys, bare)


def _relationship(outgoing: Outgoing) -> pa.Array:
    """``reply+mention``: the relations with posts on each edge."""
    edges = outgoing.network.edges
    text = pa.array([""] * len(edges), tables.TEXT)
    for relation in schema.RELATIONS:
        has_any = pa.array(edges[f"n_{relation}"].fillna(0).to_numpy(dtype="int64") > 0)
        named = pc.if_else(pc.equal(text, EMPTY), word(relation), glued(text, word(f"+{relation}")))
        text = pc.if_else(has_any, named, text)
    return text
