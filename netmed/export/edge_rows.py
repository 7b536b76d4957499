"""``edges-csv``: the edge list that netmed reads itself, ``source,target,weight,relation``.

One row per edge and relation with its posts, so that the weights of an edge's rows sum to its weight. A post
that both replies to an account and quotes it counts once: it stands under reply, and is left out of quote.

Where a weight is no number of posts (fractions, from an edge list), nobody knows how it divides: the edge is
one row, under the relation most of its rows had, or mention where no relation is known.

Keys are written as they are, for the file must lead back to the same accounts. Accounts without an edge are
not in it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from netmed.export import tables
from netmed.export.graphs import Outgoing
from netmed.export.markup import save
from netmed.network import Network
from netmed.schema import RELATIONS


def put(outgoing: Outgoing, path: Path) -> None:
    """Write one edge list, sorted by source, target and the order of relations."""
    save(tables.csv_text(edge_rows_of(outgoing.network), ""), path)


def edge_rows_of(network: Network) -> pd.DataFrame:
    """``source, target, weight, relation`` of every edge."""
    edges = network.edges
    weights = edges["weight"].to_numpy(dtype="float64")
    shares = _shares(edges, weights)
    row, relation = np.nonzero(shares)
    ends = edges[["source_key", "target_key"]].iloc[row].reset_index(drop=True)
    return pd.DataFrame(
        {
            "source": ends["source_key"],
            "target": ends["target_key"],
            "weight": shares[row, relation],
            "relation": np.array(RELATIONS, dtype=object)[relation],
        }
    )


def _shares(edges: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """How the weight of each edge (rows) divides among the relations (columns); every row sums to the weight."""
    counts = np.column_stack([edges[f"n_{name}"].fillna(0).to_numpy(dtype="float64") for name in RELATIONS])
    # Posts already counted under an earlier relation are no more to be had.
    left = weights[:, None] - (np.cumsum(counts, axis=1) - counts)
    shares = np.clip(np.minimum(counts, left), 0, None)
    is_count = np.all(weights == np.floor(weights))
    divides = is_count & (shares.sum(axis=1) == weights)
    most = np.where(counts.any(axis=1), counts.argmax(axis=1), RELATIONS.index("mention"))
    whole = np.zeros_like(shares)
    whole[np.arange(len(weights)), most] = weights
    divided: np.ndarray = np.where(divides[:, None], shares, whole)
    return divided
