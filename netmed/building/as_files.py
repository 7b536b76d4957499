"""The tables of a network as Parquet files, whether it lies on disk or lives in memory."""

from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import schema
from netmed.network import Network


def as_files(network: Network, work: Path) -> dict[str, Path]:
    """Table → its file: the network's own, else one written into ``work`` with the columns of the schema."""
    paths = {}
    for table in schema.TABLES:
        stored = None if network.path is None else network.path / f"{table.name}.parquet"
        if stored is None or not stored.is_file():
            stored = work / f"{table.name}.parquet"
            pq.write_table(_typed(getattr(network, table.name), table), stored)
        paths[table.name] = stored
    return paths


def _typed(frame: pd.DataFrame, table: schema.Table) -> pa.Table:
    kinds = ibis.schema(table.dtypes()).to_pyarrow()
    # a column of which nothing is known has no type of its own
    given = {name: frame[name] if name in frame else pd.Series([None] * len(frame)) for name in table.names}
    columns = [pa.array(column, from_pandas=True).cast(kinds.field(name).type) for name, column in given.items()]
    return pa.table(columns, schema=kinds)
