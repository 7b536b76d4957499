"""Positions are saved with the network: the same picture again, at once.

The file says of which picture it is: the drawn accounts and edges, groups, sizes, seed and method.
Whatever of that is another, the picture is laid out anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import igraph
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from netmed.folder import write_whole
from netmed.network import Network
from netmed.show.layout import METHOD, Points, layout

FILE = "positions.parquet"


def positions(
    network: Network,
    keys: Sequence[str],
    graph: igraph.Graph,
    membership: npt.NDArray[np.int64],
    radii: Sequence[float],
    *,
    seed: int,
) -> Points:
    """Positions of the accounts ``keys``, vertices of ``graph``: the saved ones where they fit, or new ones, saved.

    A network that lives in memory, or in a folder that cannot be written, is laid out each time.
    """
    wanted = fingerprint(keys, graph, membership, radii, seed)
    place = network.path / FILE if network.path is not None else None
    saved = _read(place, wanted) if place is not None else None
    if saved is not None and len(saved) == len(keys):
        return saved
    points = layout(graph, membership.tolist(), radii, seed=seed).round(1)
    if place is not None:
        _write(place, keys, points, wanted)
    return points


def fingerprint(
    keys: Sequence[str],
    graph: igraph.Graph,
    membership: npt.NDArray[np.int64],
    radii: Sequence[float],
    seed: int,
) -> str:
    """SHA-256 of all that positions follow from."""
    digest = hashlib.sha256(f"{METHOD}\n{seed}\n{igraph.__version__}\n".encode())
    digest.update("\n".join(keys).encode("utf-8", "surrogatepass"))
    digest.update(np.asarray(graph.get_edgelist(), dtype="<i8").tobytes())
    digest.update(np.asarray(membership, dtype="<i8").tobytes())
    digest.update(np.asarray(radii, dtype="<f8").round(2).tobytes())
    return digest.hexdigest()


def _read(place: Path, wanted: str) -> Points | None:
    try:
        table = pq.read_table(place)
    except (OSError, pa.ArrowInvalid):
        return None
    if (table.schema.metadata or {}).get(b"picture") != wanted.encode():
        return None
    return np.column_stack([table["x"].to_numpy(), table["y"].to_numpy()])


def _write(place: Path, keys: Sequence[str], points: Points, wanted: str) -> None:
    """Save, or leave it: a picture that must be laid out again is no reason to fail."""
    try:
        table = pa.table({"account_key": list(keys), "x": points[:, 0], "y": points[:, 1]})
        sink = pa.BufferOutputStream()
        pq.write_table(table.replace_schema_metadata({"picture": wanted}), sink)
        write_whole(place, sink.getvalue().to_pybytes())
    except (OSError, UnicodeEncodeError, pa.ArrowException):
        return
