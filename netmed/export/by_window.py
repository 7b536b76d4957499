"""Edges by window of time: how many posts of each edge fall into each year, quarter or month.

Counted anew from the events, by the rules of the edges: relations chosen, distinct posts. The windows of an
edge sum to its weight, but for posts of unknown time.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from netmed.errors import NetworkError, UnknownNameError
from netmed.export.formats import WINDOWS
from netmed.network import Network
from netmed.registry import unknown

_PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}


@dataclass(frozen=True, slots=True)
class Windows:
    """Weights by window, sorted by edge and window; a window holds its first and last day.

    ``edge`` is a row of ``network.edges``, ``window`` a place in ``starts`` and ``ends`` (ISO dates). Windows
    in which nothing happened lie between the others too. ``untimed``: posts that lie in no window.
    """

    by: str
    edge: np.ndarray
    window: np.ndarray
    weight: np.ndarray
    starts: pa.Array
    ends: pa.Array
    untimed: int


def windows(network: Network, by: str) -> Windows:
    """Count the posts of every edge by window.

    Raises ``UnknownNameError`` for a length nobody knows, ``NetworkError`` where no post has a time.
    """
    if by not in WINDOWS:
        raise UnknownNameError(unknown("window", by, list(WINDOWS)))
    posts = _posts(network)
    timed = posts[posts["created_at"].notna()]
    if timed.empty:
        why = "was made from an edge list" if len(network.events) == 0 else "has no post with a time on an edge"
        raise NetworkError(f"{network.name} {why}, so its edges lie in no window of time; export it without --by")
    period = timed["created_at"].dt.tz_convert("UTC").dt.tz_localize(None).dt.to_period(_PERIODS[by])
    first, last = period.min(), period.max()
    every = pd.period_range(first, last, freq=_PERIODS[by])
    place = every.get_indexer(pd.PeriodIndex(period))
    counted = timed.assign(window=place).groupby(["edge", "window"], sort=True).size().reset_index(name="weight")
    return Windows(
        by,
        counted["edge"].to_numpy(),
        counted["window"].to_numpy(),
        counted["weight"].to_numpy(),
        pa.array(every.start_time.strftime("%Y-%m-%d").tolist(), pa.large_string()),
        pa.array(every.end_time.strftime("%Y-%m-%d").tolist(), pa.large_string()),
        len(posts) - len(timed),
    )


def _posts(network: Network) -> pd.DataFrame:
    """``edge, post_key, created_at``: each post of each edge once."""
    events = network.events
    events = events[events["relation"].isin(network.relations) & (events["source_key"] != events["target_key"])]
    keys = pd.Index(network.accounts["account_key"])
    edge = pd.Index(_pairs(network.edges, keys)).get_indexer(pd.Index(_pairs(events, keys)))
    of_edges = events[["post_key", "created_at"]].assign(edge=edge)
    return of_edges[of_edges["edge"] >= 0].drop_duplicates(["edge", "post_key"])


def _pairs(table: pd.DataFrame, keys: pd.Index) -> np.ndarray:
    """One number for each ordered pair of accounts: numbers are found much faster than pairs of text."""
    source, target = (keys.get_indexer(pd.Index(table[end])).astype("int64") for end in ("source_key", "target_key"))
    pairs: np.ndarray = source * len(keys) + target
    return pairs
