"""How often a rank interval covers the true rank, by measure and rank band.

A population of authors is made, with heavy tails in how much is written and who is addressed; the observed
network is of authors drawn from it, every one an account of its own. The true rank is the one in the
population. Bands are of the true rank (``true``), and of the rank observed (``seen``).
"""

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from netmed import build, simulate, uncertainty
from netmed.centrality import scores
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.uncertainty import resampling
from netmed.uncertainty.ranks import ranks
from netmed.uncertainty.replicates import Matrices

BANDS = {"1-5": (1, 5), "6-20": (6, 20), "21-50": (21, 50), "1-50": (1, 50)}
MEASURES = ("in_degree", "in_strength", "effective_engagers", "pagerank")

Edges = tuple[np.ndarray, np.ndarray, np.ndarray]


def heavy_tailed(accounts: int, authors: int, *, exponent: float = 0.8, groups: int = 4, seed: int = 0) -> Edges:
    """Authors who address by popularity (Zipf), mostly in their own group, each as much as a Pareto says."""
    chance = np.random.default_rng(seed)
    pull = np.arange(1, accounts + 1) ** -exponent * np.exp(0.3 * chance.standard_normal(accounts))
    group = chance.integers(0, groups, accounts)
    who = chance.choice(accounts, authors, replace=False, p=pull**0.3 / (pull**0.3).sum())
    said = np.minimum(np.ceil(chance.pareto(1.3, authors)).astype(int) + 1, 300)
    source = np.repeat(who, said)
    target = np.empty(len(source), dtype=int)
    for number in range(groups):
        chosen = group[source] == number
        weights = pull * np.where(group == number, 1, 0.15)
        target[chosen] = chance.choice(accounts, chosen.sum(), p=weights / weights.sum())
    pairs, weight = np.unique((source * accounts + target)[source != target], return_counts=True)
    return pairs // accounts, pairs % accounts, weight.astype(float)


def simulated(posts: int, seed: int) -> tuple[Edges, int]:
    """The network of an invented collection as a population; and how many accounts it has."""
    with tempfile.TemporaryDirectory() as work:
        simulate.collection(posts, Path(work) / "posts.jsonl.gz", seed=seed)
        graphs = Graphs(build(Path(work) / "posts.jsonl.gz", relations=("reply", "mention", "retweet", "quote")))
    return (graphs.source, graphs.target, graphs.weight), graphs.n


def as_network(edges: Edges, accounts: int) -> Network:
    """A network of numbered accounts."""
    source, target, weight = edges
    keys = np.array([f"n{i:07}" for i in range(accounts)])
    people = pd.DataFrame({"account_key": keys, "handle": keys, "name": keys})
    people["is_author"] = pd.array([False] * accounts, dtype="boolean")
    rows = pd.DataFrame({"source_key": keys[source], "target_key": keys[target], "weight": weight})
    return Network({"accounts": people, "edges": rows}, provenance={})


def drawn(population: Edges, accounts: int, authors: int, seed: int) -> Network:
    """The network of so many authors of the population, drawn one by one; a second copy is a further account."""
    source, target, weight = population
    chance = np.random.default_rng(seed)
    who = chance.choice(np.unique(source), authors)
    first = np.searchsorted(source, who, "left")
    number = np.searchsorted(source, who, "right") - first
    row = np.repeat(first - np.concatenate(([0], np.cumsum(number)[:-1])), number) + np.arange(number.sum())
    again = pd.Series(who).duplicated().to_numpy()
    speaker = np.where(again, accounts + np.cumsum(again) - 1, who)
    edges = (np.repeat(speaker, number), target[row], weight[row])
    return as_network(edges, accounts + int(again.sum()))


def truth(population: Network, names: tuple[str, ...]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Measure → best and worst place of every account in the population."""
    graphs = Graphs(population)
    matrices = Matrices.of(graphs, names)
    return {name: ranks(matrices.values(name, np.ones((graphs.n, 1)))[:, 0]) for name in names}


def coverage(
    population: Edges, accounts: int, authors: int, *, worlds: int, replicates: int, names: tuple[str, ...] = MEASURES
) -> dict[tuple[str, str, str], list[tuple[float, float]]]:
    """(measure, "true" or "seen", band) → of each world the share covered and the mean width."""
    found = defaultdict(list)
    true = truth(as_network(population, accounts), names)
    for world in range(worlds):
        made = drawn(population, accounts, authors, seed=world)
        table = scores(made, measures=["in_degree"])
        frame = uncertainty.bootstrap(made, table, measures=names, replicates=replicates, seed=world).head(accounts)
        for name in names:
            best, worst = true[name]
            low, high = (frame[f"rank_{name}_{end}"].to_numpy(dtype=int) for end in ("lo", "hi"))
            covered = (low <= worst) & (high >= best)
            for kind, rank in (("true", best), ("seen", frame[f"rank_{name}"].to_numpy(dtype=int))):
                for band, (first, last) in BANDS.items():
                    here = (rank >= first) & (rank <= last)
                    if here.any():
                        found[name, kind, band].append((covered[here].mean(), (high - low)[here].mean()))
    return found


def main() -> None:
    """Print coverage by measure and band."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--plain", action="store_true", help="percentile intervals for all measures")
    chosen = parser.parse_args()
    if chosen.plain:
        resampling.corrected_interval = resampling._percentile
    sizes = {"worlds": chosen.worlds, "replicates": chosen.replicates}
    for accounts, writing, authors, exponent in (
        (6000, 4000, 500, 0.8), (6000, 4000, 2000, 0.8), (6000, 4000, 2000, 1.0), (6000, 4000, 1000, 0.6)):  # fmt: skip
        made = heavy_tailed(accounts, writing, exponent=exponent)
        show(
            f"heavy-tailed: exponent {exponent}, {authors:,} of {writing:,} authors",
            coverage(made, accounts, authors, **sizes),
        )
    for posts, authors in ((20_000, 400), (20_000, 1500)):
        made, accounts = simulated(posts, seed=5)
        show(f"simulated: {posts:,} posts, {authors:,} authors", coverage(made, accounts, authors, **sizes))


def show(title: str, found: dict[tuple[str, str, str], list[tuple[float, float]]]) -> None:
    """Print coverage and mean width by measure and band."""
    print(title)
    for name in MEASURES:
        said = [
            "{} {} {:.1%} ({:.0f})".format(kind, band, *np.mean(found[name, kind, band], axis=0))
            for kind, band in (*(("true", band) for band in BANDS), ("seen", "1-50"))
        ]
        print(f"  {name:<19}", "  ".join(said))


if __name__ == "__main__":
    main()
