"""The edges of a page: how often, when and in which way one account addressed another, and example posts."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.network import COUNTS, Network
from netmed.show.packing import smallest
from netmed.show.selection import Rows, Selection

WINDOWS = 120
"""At most so many stops of the time slider."""

EXAMPLES, EXAMPLES_IN_ALL = 2, 12_000
"""Example posts of an edge, and of all edges together: each costs the file a dozen bytes."""

_POST = re.compile(r"x:(\d{1,19})")


@dataclass(frozen=True, slots=True)
class Ties:
    """Edges of the drawn accounts as columns of numbers, and the words that go with them.

    ``columns``: per edge ``from``, ``to`` (places among the drawn accounts), ``weight`` and ``parts``
    (how many entries it has); per entry ``window`` (stop of the time slider), ``ways`` (bits: which
    relations), ``count`` (posts). Examples: ``example_edge``, and the post's id in two halves.
    """

    columns: dict[str, npt.NDArray[Any]]
    relations: tuple[str, ...]
    windows: list[str]


def ties(network: Network, chosen: Selection, *, with_examples: bool) -> Ties:
    """Collect the edges of a selection, those drawn at once first."""
    rows = np.concatenate([chosen.edges, chosen.light_edges])
    place = np.full(chosen.accounts_total, -1, dtype=np.int64)
    place[chosen.accounts] = np.arange(len(chosen.accounts))
    ends = np.asarray(network.graph.get_edgelist(), dtype=np.intp).reshape(-1, 2)[rows]
    weight = network.edges["weight"].to_numpy(dtype=float)[rows]
    columns = {
        "from": smallest(place[ends[:, 0]]),
        "to": smallest(place[ends[:, 1]]),
        "weight": weight.astype(np.float32),
    }
    relations = tuple(relation for relation in network.relations if f"n_{relation}" in COUNTS)
    entries, windows = _dated(network, rows, weight, relations)
    if entries is None:
        entries, windows = _undated(network, rows, weight, relations), []
    entries = entries.sort_values(["edge", "window", "ways"], kind="stable")
    columns["parts"] = smallest(np.bincount(entries["edge"].to_numpy(dtype=np.intp), minlength=len(rows)))
    columns["window"] = smallest(entries["window"].to_numpy(dtype=np.int64))
    columns["ways"] = entries["ways"].to_numpy(dtype=np.uint8)
    columns["count"] = entries["count"].to_numpy(dtype=np.float32)
    if with_examples:
        columns |= _examples(network, rows, relations)
    return Ties(columns, relations, windows)


def _of_edges(network: Network, rows: Rows, relations: tuple[str, ...]) -> pd.DataFrame:
    """Events behind these edges: the edge's place in ``rows``, when, which post, which way."""
    events = network.events[["post_key", "created_at", "source_key", "target_key", "relation"]]
    events = events[events["relation"].isin(relations)]
    keys = pd.Index(network.accounts["account_key"])
    n = len(keys)

    def code(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        source, target = (
            keys.get_indexer(pd.Index(frame[f"{end}_key"])).astype(np.int64) for end in ("source", "target")
        )
        return np.where((source < 0) | (target < 0), -1, source * n + target)

    edge = pd.Index(code(network.edges.iloc[rows])).get_indexer(pd.Index(code(events)))
    events = events.assign(edge=edge)
    return events[events["edge"] >= 0]


def _dated(
    network: Network, rows: Rows, weight: npt.NDArray[np.float64], relations: tuple[str, ...]
) -> tuple[pd.DataFrame | None, list[str]]:
    """Entries by window of time; None where the posts behind the edges do not make up their weights."""
    if not len(network.events) or not len(rows):
        return None, []
    events = _of_edges(network, rows, relations).dropna(subset=["created_at"])
    if not len(events):
        return None, []
    number, labels = windows(pd.to_datetime(events["created_at"], utc=True))
    bit = events["relation"].map({relation: 1 << i for i, relation in enumerate(relations)}).astype("int64")
    posts = events.assign(window=number, ways=bit).drop_duplicates(["edge", "post_key", "ways"])
    posts = posts.groupby(["edge", "post_key"], sort=False).agg({"ways": "sum", "window": "first"}).reset_index()
    entries = posts.groupby(["edge", "window", "ways"]).size().rename("count").reset_index()
    told = np.bincount(entries["edge"], entries["count"], len(rows))
    return (entries, labels) if np.array_equal(told, weight) else (None, [])


def _undated(network: Network, rows: Rows, weight: npt.NDArray[np.float64], relations: tuple[str, ...]) -> pd.DataFrame:
    """One entry per relation where the counts make up the weight, and one for the whole edge elsewhere."""
    edges = network.edges.iloc[rows]
    parts, told, mask = [], np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int64)
    for i, relation in enumerate(relations):
        count = edges[f"n_{relation}"].astype("Float64").fillna(0).to_numpy(dtype=float)
        told += count
        mask |= np.where(count > 0, 1 << i, 0)
        there = np.flatnonzero(count > 0)
        parts.append(pd.DataFrame({"edge": there, "ways": 1 << i, "count": count[there]}))
    sums = told == weight
    whole = np.flatnonzero(~sums)
    every = (1 << len(relations)) - 1
    split = pd.concat(parts) if parts else pd.DataFrame({"edge": [], "ways": [], "count": []})
    rest = pd.DataFrame({"edge": whole, "ways": np.where(mask[whole], mask[whole], every or 1), "count": weight[whole]})
    kept: pd.DataFrame = pd.concat([split[sums[split["edge"].to_numpy(dtype=np.intp)]], rest])
    return kept.assign(window=0)


def windows(moments: pd.Series, *, most: int | None = None) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Which day, month, quarter or year each moment lies in, counted from the first, and what these are called.

    The finest that makes not too many (``most``, if it is given).
    """
    instant = moments.dt.tz_localize(None).to_numpy(dtype="datetime64[s]")
    for unit, limit in (("D", 45), ("M", WINDOWS), ("Q", WINDOWS), ("Y", 256)):
        number = instant.astype("datetime64[M]" if unit == "Q" else f"datetime64[{unit}]").astype(np.int64)
        number = number // 3 if unit == "Q" else number
        first, last = int(number.min()), int(number.max())
        if last - first < (limit if most is None else most):
            break
    stops = range(first, last + 1)
    if unit == "Q":
        labels = [f"{1970 + stop // 4} Q{stop % 4 + 1}" for stop in stops]
    else:
        labels = np.array(list(stops), dtype=f"datetime64[{unit}]").astype(str).tolist()
    return number - first, labels


def _examples(network: Network, rows: Rows, relations: tuple[str, ...]) -> dict[str, npt.NDArray[Any]]:
    """Ids of posts behind the edges, newest first: some of the heaviest edges if not of all."""
    if not len(network.events) or not len(rows):
        return {}
    events = _of_edges(network, rows, relations)
    events = events[events["post_key"].str.fullmatch(_POST.pattern)]
    events = events.sort_values(["created_at", "post_key"], ascending=False).drop_duplicates(["edge", "post_key"])
    events = events.groupby("edge", sort=False).head(EXAMPLES)
    weight = network.edges["weight"].to_numpy(dtype=float)[rows]
    ranked = np.argsort(-weight[events["edge"].to_numpy()], kind="stable")[:EXAMPLES_IN_ALL]
    events = events.iloc[np.sort(ranked)].sort_values("edge", kind="stable")
    ids = events["post_key"].str.slice(2).astype("uint64").to_numpy()
    return {
        "example_edge": smallest(events["edge"].to_numpy(dtype=np.int64)),
        "example_high": (ids >> np.uint64(32)).astype(np.uint32),
        "example_low": (ids & np.uint64(0xFFFFFFFF)).astype(np.uint32),
    }
