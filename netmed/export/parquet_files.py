"""Two Parquet files in a folder: the accounts with what was joined, and the edges.

Types are kept: lists are lists, times are times, text is as it was. Columns keep their own names.
"""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import schema
from netmed.export.graphs import Outgoing


def put(outgoing: Outgoing, folder: Path) -> None:
    """Write ``accounts.parquet`` and ``edges.parquet``."""
    network = outgoing.network
    accounts = _columns(network.accounts, schema.ACCOUNTS) | dict(outgoing.joined)
    pq.write_table(pa.table(accounts), folder / "accounts.parquet", compression="zstd")
    pq.write_table(pa.table(_columns(network.edges, schema.EDGES)), folder / "edges.parquet", compression="zstd")


def _columns(frame: pd.DataFrame, table: schema.Table) -> dict[str, pa.Array]:
    kinds = _kinds(table)
    columns = {}
    for name in frame.columns:
        made = pa.array(frame[name], type=kinds.get(name), from_pandas=True)
        columns[str(name)] = made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
    return columns


def _kinds(table: schema.Table) -> dict[str, pa.DataType]:
    """The types of the schema, as Arrow has them."""
    known = {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "boolean": pa.bool_(),
        "array<string>": pa.list_(pa.string()),
    }
    return {column.name: known.get(column.dtype, pa.timestamp("us", tz="UTC")) for column in table}
