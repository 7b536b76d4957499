"""Cascade and joint reach at full size, and against a plain simulation of cascades at equal error.

A network of 500,000 accounts and 2.5 million edges is invented (that of measures.py). Every job runs as a process
of its own, after a small one of its kind, so that nothing is compiled within the time that is taken:

- ``singles``: two million sets, with the error of the ten of the highest reach.
- ``cascade``, ``joint``: the public functions with their default precision; joint with 50 accounts.
- ``against``: seconds that a simulation on a networkx graph (one coin per edge) would take to know the reach of
  every account with the standard error that two million sets give it. Runs needed are (spread of the cascade's
  size / that error)², at least two. Measured on the accounts of the highest reach and on others drawn at random,
  and multiplied up; accounts whose reach is exact are left out.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import networkx as nx
import numpy as np
from measures import edges, network

from netmed import reach
from netmed.graphs import Graphs
from netmed.reach import singles
from netmed.reach.diffusion import Diffusion, diffusion
from netmed.transmission import transmission

HIGHEST, DRAWN = 200, 800
RUNS = 40


def spreading(work: Path, how: str, model: str) -> Diffusion:
    """The diffusion of the invented network."""
    made = network(work)
    graphs = Graphs(made)
    return diffusion(graphs, transmission(made, graphs, how), model)


def two_million(work: Path, how: str, model: str) -> None:
    """Two million sets."""
    flow = spreading(work, how, model)
    singles.until_precise(flow, precision=0.01, sets=1000, seed=1)
    started = time.perf_counter()
    found = singles.until_precise(flow, precision=0.01, sets=2_000_000, seed=1)
    seconds = time.perf_counter() - started
    print(
        f"{seconds:.1f} s, {found.members / found.sets:.1f} members a set, "
        f"highest reach {found.values().max():,.0f}, relative error {found.relative_error():.3f}"
    )


def cascade(work: Path, how: str, model: str) -> None:
    """The table with its default precision."""
    made = network(work)
    reach.cascade(made, probability=how, model=model, sets=1000)
    started = time.perf_counter()
    meta = reach.cascade(made, probability=how, model=model).attrs["meta"]
    print(f"{time.perf_counter() - started:.1f} s, {meta['sets']:,} sets, error {meta['relative_error']:.4f}")


def joint(work: Path, how: str, model: str) -> None:
    """Fifty accounts."""
    made = network(work)
    reach.joint(made, 2, probability=how, model=model, sets=1000)
    started = time.perf_counter()
    table, _ = reach.joint(made, 50, probability=how, model=model)
    seconds, meta = time.perf_counter() - started, table.attrs["meta"]
    print(
        f"{seconds:.1f} s, {meta['sets']:,} sets and {meta['fresh_sets']:,} fresh ones, epsilon {meta['epsilon']:.3f}, "
        f"{meta['memory_of_sets'] / 2**20:,.0f} MB of sets, reach {table['joint_reach'].iloc[-1]:,.0f} "
        f"± {table['joint_reach_se'].iloc[-1]:,.0f}, plain list {meta['reach_of_plain_list']:,.0f}"
    )


def simulated(onward: nx.DiGraph, seed: int, chance: random.Random) -> int:
    """Size of one cascade."""
    reached, queue = {seed}, [seed]
    while queue:
        heard = queue.pop()
        for other in onward.successors(heard):
            if other not in reached and chance.random() < onward[heard][other]["p"]:
                reached.add(other)
                queue.append(other)
    return len(reached)


def against(work: Path, how: str, model: str) -> None:
    """The simulation's seconds over those of two million sets."""
    flow = spreading(work, how, model)
    singles.until_precise(flow, precision=0.01, sets=1000, seed=1)
    started = time.perf_counter()
    found = singles.until_precise(flow, precision=0.01, sets=2_000_000, seed=1)
    ours = time.perf_counter() - started
    onward = nx.DiGraph()
    onward.add_nodes_from(range(flow.n))
    ends = zip(flow.target.tolist(), flow.source.tolist(), flow.probability.tolist(), strict=True)
    onward.add_weighted_edges_from(ends, weight="p")
    values, errors = found.values(), found.errors()
    asked = np.flatnonzero(~np.isnan(errors) & flow.is_known)
    ranked = asked[np.argsort(-values[asked], kind="stable")]
    others = np.random.default_rng(1).choice(ranked[HIGHEST:], DRAWN, replace=False)
    chance = random.Random(1)
    needed = []
    for vertex in [*ranked[:HIGHEST].tolist(), *others.tolist()]:
        begun = time.perf_counter()
        sizes = [simulated(onward, vertex, chance) for _ in range(RUNS)]
        a_run = (time.perf_counter() - begun) / RUNS
        needed.append(max(np.var(sizes) / errors[vertex] ** 2, 2.0) * a_run)
    high = float(sum(needed[:HIGHEST]))
    rest = float(np.mean(needed[HIGHEST:])) * (len(ranked) - HIGHEST)
    print(
        f"sets {ours:.1f} s; simulation {high + rest:,.0f} s for {len(ranked):,} accounts ({high:,.0f} s of it for the "
        f"{HIGHEST} of the highest reach): {(high + rest) / ours:,.0f} ×"
    )


JOBS = {"singles": two_million, "cascade": cascade, "joint": joint, "against": against}
MODELS = ("independent-cascade", "linear-threshold")


def main() -> None:
    """Make the network, run each job in a process of its own, print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=500_000)
    parser.add_argument("--edges", type=int, default=2_500_000)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "netmed-benchmark")
    parser.add_argument("--probability", nargs="*", default=["data", "weighted-cascade"])
    parser.add_argument("--model", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--only", nargs="*", choices=JOBS, default=list(JOBS))
    parser.add_argument("--job", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        name, how, model = given.job
        JOBS[name](given.work, how, model)
        scale = 1024 * 1024 if sys.platform == "darwin" else 1024
        print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale:,.0f} MB")
        return
    given.work.mkdir(parents=True, exist_ok=True)
    ends, weight = edges(given.accounts, given.edges, 1)
    for name, array in {"ends": ends, "weight": weight, "accounts": np.int64(given.accounts)}.items():
        np.save(given.work / f"{name}.npy", array)
    print(f"{given.accounts:,} accounts, {given.edges:,} edges; seconds without making the network, nor compiling")
    for name in given.only:
        for how in given.probability:
            for model in given.model if name != "against" else MODELS[:1]:
                command = [sys.executable, __file__, "--work", str(given.work), "--job", name, how, model]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
                print(f"{name:8} {how:16} {model:20} {'; '.join(line for line in said if line)}", flush=True)


if __name__ == "__main__":
    main()
