"""The default centrality table and communities at full size, against the bare igraph calls they stand on.

A network of 500,000 accounts and 2.5 million edges is invented (heavy-tailed activity and attention, planted
communities), and each job runs as a process of its own: the table, the bare calls, ten runs of Leiden.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.network import Network
from netmed.schema import RELATIONS

COMMUNITIES = 400
MIXING = 0.25


def edges(accounts: int, wanted: int, seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """``wanted`` distinct ordered pairs without loops, and their weights."""
    rng = np.random.default_rng(seed)
    activity, attention = rng.pareto(1.7, accounts) + 0.3, rng.pareto(1.5, accounts) + 0.2
    community = rng.integers(0, COMMUNITIES, accounts)
    order = np.argsort(community, kind="stable")
    first = np.searchsorted(community[order], np.arange(COMMUNITIES + 1))
    rising = np.concatenate([[0], np.cumsum(attention[order])])
    drawn = int(wanted * 1.6)
    source = rng.choice(accounts, drawn, p=activity / activity.sum())
    low, high = rising[first[community[source]]], rising[first[community[source] + 1]]
    near = order[np.minimum(np.searchsorted(rising[1:], low + (high - low) * rng.random(drawn)), accounts - 1)]
    far = rng.choice(accounts, drawn, p=attention / attention.sum())
    target = np.where(rng.random(drawn) < MIXING, far, near)
    pairs = np.unique(np.column_stack([source, target])[source != target], axis=0)
    if len(pairs) < wanted:
        raise SystemExit(f"only {len(pairs):,} pairs were drawn, {wanted:,} are wanted")
    kept = np.sort(rng.choice(len(pairs), wanted, replace=False))
    return pairs[kept], rng.geometric(0.6, wanted).astype(np.float64)


def network(work: Path) -> Network:
    """The invented network as netmed has it."""
    ends, weight = np.load(work / "ends.npy"), np.load(work / "weight.npy")
    keys = np.array([f"x:{i:07d}" for i in range(int(np.load(work / "accounts.npy")))])
    frame = pd.DataFrame({"source_key": keys[ends[:, 0]], "target_key": keys[ends[:, 1]], "weight": weight})
    for relation in RELATIONS:
        frame[f"n_{relation}"] = (weight if relation == "reply" else 0 * weight).astype("int64")
    rng = np.random.default_rng(1)
    people = pd.DataFrame({"account_key": keys, "handle": keys, "name": keys, "role": None, "role_probability": np.nan})
    people["n_original"] = pd.array(rng.integers(1, 200, len(keys)), dtype="Int64")
    rules = {"relations": ["reply", "mention"]}
    return Network({"accounts": people, "edges": frame}, provenance={"rules": rules})


def table(work: Path) -> None:
    """The default table."""
    from netmed import centrality

    made = network(work)
    started = time.perf_counter()
    frame = centrality.scores(made)
    print(f"seconds {time.perf_counter() - started:.1f} columns {frame.shape[1]}")


def bare(work: Path) -> None:
    """What the table asks of igraph, called plainly, one after the other."""
    import igraph

    from netmed.centrality.paths import FEWEST_PIVOTS as PIVOTS

    ends, weight = np.load(work / "ends.npy"), np.load(work / "weight.npy")
    accounts = int(np.load(work / "accounts.npy"))
    started = time.perf_counter()
    graph = igraph.Graph(n=accounts, edges=list(zip(*ends.T.tolist(), strict=True)), directed=True)
    strengths, lengths = weight.tolist(), (weight.max() / weight).tolist()
    for mode in ("in", "out"):
        graph.degree(mode=mode)
        graph.strength(mode=mode, weights=strengths)
    for mode in ("all", "in", "out"):
        graph.coreness(mode=mode)
    graph.pagerank(damping=0.85, weights=strengths)
    graph.hub_score(weights=strengths)
    graph.authority_score(weights=strengths)
    undirected = graph.as_undirected()
    undirected.eigenvector_centrality()
    undirected.transitivity_local_undirected(mode="zero")
    pivots = np.random.default_rng(1).choice(np.unique(ends[:, 0]), PIVOTS, replace=False).tolist()
    graph.betweenness(weights=lengths, sources=pivots)
    for start in range(0, PIVOTS, 2):
        graph.distances(source=pivots[start : start + 2], mode="in", weights=lengths)
    print(f"seconds {time.perf_counter() - started:.1f}")


def communities(work: Path) -> None:
    """Ten runs of Leiden, the best kept."""
    from netmed import community

    made = network(work)
    started = time.perf_counter()
    meta = community.leiden(made, runs=10).attrs["meta"]
    print(f"seconds {time.perf_counter() - started:.1f} communities {meta['communities']} Q {meta['modularity']:.4f}")


JOBS = {"table": table, "bare": bare, "communities": communities}


def main() -> None:
    """Make the network, run each job in a process of its own, print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500_000)
    parser.add_argument("--edges", type=int, default=2_500_000)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "netmed-benchmark")
    parser.add_argument("--only", nargs="*", choices=JOBS, default=list(JOBS))
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        JOBS[given.job](given.work)
        return
    given.work.mkdir(parents=True, exist_ok=True)
    ends, weight = edges(given.accounts, given.edges, 1)
    np.save(given.work / "ends.npy", ends)
    np.save(given.work / "weight.npy", weight)
    np.save(given.work / "accounts.npy", np.int64(given.accounts))
    print(f"{given.accounts:,} accounts, {given.edges:,} edges; seconds without making the network")
    for name in given.only:
        command = [sys.executable, __file__, "--work", str(given.work), "--job", name]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{name}: {said}; largest process so far {peak:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
