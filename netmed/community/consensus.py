"""One partition that many runs agree on, where the best of them is but one of many about as good."""

import numpy as np
import numpy.typing as npt

from netmed.community.projection import Pairs
from netmed.community.searching import Membership, Runs, Search, leiden_runs
from netmed.graphs import Floats, Integers

ROUNDS = 10
"""At most so many rounds; two or three are usual."""

LEAST = 0.2
"""A pair that is together in less of the runs is left out, but for the strongest of each account."""

UNDECIDED = 0.02
"""Done where at most this share of pairs is together in some of the runs but not in all."""

SOURCE = "Lancichinetti and Fortunato 2012, doi:10.1038/srep00336; on the pairs that have an edge alone, as in \
Tandon and others 2019, doi:10.1103/PhysRevE.99.042301 (without their added pairs)"


def agreed(pairs: Pairs, first: Runs, search: Search, *, seed: int) -> tuple[Membership, int]:
    """The consensus of runs, and the rounds it took.

    The weight of a pair becomes the share of runs in which both are together; Leiden runs on these
    weights, and again, until the runs agree. The best of the last round is the consensus.
    """
    runs, low, high = first, pairs.low, pairs.high
    mean = float(pairs.weight.mean())
    for done in range(ROUNDS):
        share = _together(low, high, runs)
        undecided = np.count_nonzero((share > 0) & (share < 1))
        if undecided <= UNDECIDED * len(share):
            return runs.memberships[runs.best], done
        kept = _kept(low, high, share, pairs.n)
        low, high = low[kept], high[kept]
        # of the mean weight the network has, so that a resolution of the constant Potts model keeps its meaning
        runs = leiden_runs(
            low,
            high,
            share[kept] * mean,
            pairs.n,
            search,
            runs=len(first.memberships),
            seed=seed,
            stage=f"consensus {done}",
        )
    return runs.memberships[runs.best], ROUNDS


def _together(low: Integers, high: Integers, runs: Runs) -> Floats:
    """Share of the runs in which both ends of a pair are in one community."""
    total = np.zeros(len(low))
    for found in runs.memberships:
        total += found[low] == found[high]
    return total / len(runs.memberships)


def _kept(low: Integers, high: Integers, share: Floats, n: int) -> npt.NDArray[np.bool_]:
    """Pairs to keep: often together, or the most often together that an end has."""
    most = np.zeros(n)
    np.maximum.at(most, low, share)
    np.maximum.at(most, high, share)
    strongest = (share == most[low]) | (share == most[high])
    kept: npt.NDArray[np.bool_] = (share >= LEAST) | (strongest & (share > 0))
    return kept
