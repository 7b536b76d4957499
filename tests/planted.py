"""Graphs whose communities are known: planted ones with heavy-tailed degrees, and ones that have none."""

from typing import Any

import numpy as np
import pandas as pd
from networks import table

from netmed import schema
from netmed.network import Network


def from_arrays(source: np.ndarray, target: np.ndarray, weight: np.ndarray, n: int, **columns: Any) -> Network:
    """A Network of numbered accounts ``p00000`` … from arrays of edges; loops go, edges of a pair are added up."""
    keys = np.array([f"p{i:05}" for i in range(n)])
    real = source != target
    pair, where = np.unique(source[real] * n + target[real], return_inverse=True)
    total = np.bincount(where, weights=weight[real], minlength=len(pair))
    edges = table(schema.EDGES, []).reindex(range(len(pair)))
    edges = edges.assign(source_key=keys[pair // n], target_key=keys[pair % n], weight=total, n_mention=1, n_reply=0)
    accounts = table(schema.ACCOUNTS, [{"account_key": key, "handle": key, "name": key} for key in keys])
    return Network(
        {
            "accounts": accounts.assign(**columns),
            "edges": edges,
            "events": table(schema.EVENTS, []),
            "posts": table(schema.POSTS, []),
        },
        provenance={"rules": {"relations": list(schema.DEFAULT_RELATIONS)}},
    )


def planted(n: int = 2000, communities: int = 12, *, mixing: float = 0.2, seed: int = 1) -> tuple[Network, np.ndarray]:
    """Accounts with a home, and heavy tails (power laws) of activity, of attention and of community sizes.

    A share ``mixing`` of everybody's edges goes to anyone at all, in proportion to the attention they draw; the
    rest goes to accounts of the same home. Returns the network and the home of every account.
    """
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(2, communities + 2) ** 0.7
    home = rng.choice(communities, size=n, p=share / share.sum())
    activity = np.minimum(5 + 5 * rng.pareto(2.0, n), 80).astype(int)
    attention = rng.pareto(1.5, n) + 0.3
    source = np.repeat(np.arange(n), activity)
    anyone = rng.random(len(source)) < mixing
    target = rng.choice(n, size=len(source), p=attention / attention.sum())
    for own in range(communities):
        inside = np.flatnonzero(home == own)
        speaks = ~anyone & (home[source] == own)
        target[speaks] = rng.choice(inside, size=speaks.sum(), p=attention[inside] / attention[inside].sum())
    return from_arrays(source, target, rng.integers(1, 4, len(source)).astype(float), n), home


def without_communities(n: int = 600, *, seed: int = 1) -> Network:
    """Heavy tails and nothing else: pairs are a draw by activity and attention alone, and weights one by nothing."""
    drawn = planted(n, 1, mixing=1.0, seed=seed)[0]
    low, high = (drawn.edges[side].str[1:].astype(int).to_numpy() for side in ("source_key", "target_key"))
    pairs = np.unique(np.sort(np.column_stack([low, high]), axis=1), axis=0)
    weight = np.random.default_rng(seed).integers(1, 6, len(pairs)).astype(float)
    return from_arrays(pairs[:, 0], pairs[:, 1], weight, n)


def classic(folder: Any, name: str, *, directed: bool = False) -> Network:
    """A published graph of ``classic-graphs``; an undirected one is given in both directions."""
    edges = pd.read_csv(folder / f"{name}.edges.csv", dtype={"source": str, "target": str})
    weight = edges["weight"].to_numpy(float) if "weight" in edges else np.ones(len(edges))
    ends = sorted({*edges["source"], *edges["target"]})
    place = {end: i for i, end in enumerate(ends)}
    source, target = (edges[side].map(place).to_numpy() for side in ("source", "target"))
    if not directed:
        source, target, weight = np.r_[source, target], np.r_[target, source], np.r_[weight, weight]
    return from_arrays(source, target, weight, len(ends), handle=ends)
