"""Is the partition better than what the same search finds where there is nothing to find?"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from netmed.community.projection import Pairs, graph_of, graphs_of, pairs_of
from netmed.community.searching import Search, best_of_rewired, default_iterations, modularity_of
from netmed.errors import NetmedError
from netmed.network import Network
from netmed.parallel import spread

USUAL = 20
"""Null graphs where nobody says how many."""

FEWEST = 5
"""Fewer null graphs tell nothing."""

AFFORDABLE = 60.0
"""Seconds of one core that the null graphs may take where nobody says how many."""

REWIRING_SECONDS = 1.2e-5
"""Per pair: ten trials for every pair, measured on 2.5 million."""

LEAST_Z = 2.0
MOST_SHARE = 0.05

BETTER = "better than chance"
NO_BETTER = "no better than chance"
UNTESTED = "not tested against chance"

SOURCE = "random graphs have modular partitions too: Guimerà, Sales-Pardo and Amaral 2004, \
doi:10.1103/PhysRevE.70.025101; rewiring: Maslov and Sneppen 2002, doi:10.1126/science.1065103"


def excess(
    network: Network, partition: pd.DataFrame, *, nulls: int | Literal["auto"] = USUAL, seed: int = 1
) -> dict[str, Any]:
    """Modularity of a partition against degree-preserving random graphs, searched as hard.

    Every null graph has the pairs of the undirected projection rewired (every account keeps the number
    of its partners) and the weights permuted over them; the same number of runs with the same settings
    looks for its best partition. Sources: Guimerà, Sales-Pardo and Amaral 2004,
    doi:10.1103/PhysRevE.70.025101; Maslov and Sneppen 2002, doi:10.1126/science.1065103.

    Parameters
    ----------
    partition : as ``leiden`` gives it. Of any other with columns account_key and community, the
        modularity is compared with the best of one run on every null graph.
    nulls : number of null graphs; 0 tests nothing; ``auto`` is 20 while that takes about a minute of one
        core, and else compares fewer runs, then fewer graphs, then none, and says so.
    seed : of rewiring and runs; global random state is neither read nor changed.

    Returns
    -------
    ``modularity`` (of as many runs as the nulls had), ``nulls``, ``runs`` per null, ``null_mean``,
    ``null_sd``, ``z``, ``share`` of nulls at least as good, ``verdict`` in words ("no better than
    chance" where z < 2 or share > 0.05), and ``reason`` where something is missing or fewer than asked.

    Raises ``NetmedError`` for a number of nulls that is negative or 1.
    """
    if nulls != "auto" and (nulls < 0 or nulls == 1):
        raise NetmedError(f"nulls are 0, a number from 2 on or 'auto', not {nulls!r}")
    pairs = pairs_of(network)
    meta = partition.attrs.get("meta", {})
    runs_meta = meta.get("modularity_by_run") if meta.get("method") == "leiden" else None
    search = _search(meta, pairs.m)
    if not pairs.m:
        return _untested("the network has no edges", None)
    by_run = runs_meta or [_modularity(network, pairs, partition, search)]
    wanted, runs, reason = _afford(nulls, len(by_run), search, pairs.m)
    if not wanted:
        return _untested(reason or "no null graphs were asked for", max(by_run))
    tasks = [(pairs.low, pairs.high, pairs.weight, pairs.n, search, runs, f"{seed} null {i}") for i in range(wanted)]
    found = np.array(spread(best_of_rewired, tasks, seconds=wanted * _seconds(runs, search, pairs.m)))
    return {**_judged(_observed(meta, by_run, runs), found), "runs": runs, "reason": reason, "source": SOURCE}


def _observed(meta: Mapping[str, Any], by_run: list[float], runs: int) -> float:
    """The best of as many runs as every null had, by what they sought: more runs would find more by themselves."""
    sought = meta["quality_by_run"] if len(by_run) > 1 else by_run
    return float(by_run[int(np.argmax(sought[:runs]))])


def _judged(observed: float, found: "np.ndarray[Any, np.dtype[np.float64]]") -> dict[str, Any]:
    """Put one number against many, and say it in words."""
    slack = 1e-9  # sums in another order differ in their last digits
    share = float(np.mean(found >= observed - slack))
    mean, deviation = float(found.mean()), float(found.std(ddof=1))
    varies = deviation > slack
    z = (observed - mean) / deviation if varies else None
    better = share <= MOST_SHARE and (z is None or z >= LEAST_Z)
    facts = {
        "modularity": observed,
        "nulls": len(found),
        "null_mean": mean,
        "null_sd": deviation if varies else 0.0,
        "z": z,
        "share": share,
        "verdict": BETTER if better else NO_BETTER,
    }
    return facts if varies else {**facts, "z_reason": "the null graphs do not differ in modularity"}


def _untested(reason: str, observed: float | None) -> dict[str, Any]:
    empty = dict.fromkeys(("null_mean", "null_sd", "z", "share"))
    return {
        "modularity": observed,
        "nulls": 0,
        **empty,
        "verdict": UNTESTED,
        "runs": 0,
        "reason": reason,
        "source": SOURCE,
    }


def _search(meta: Mapping[str, Any], pairs: int) -> Search:
    if meta.get("method") == "leiden":
        return Search(meta["objective"], meta["resolution"], meta["iterations"])
    return Search("modularity", 1.0, default_iterations(pairs))


def _modularity(network: Network, pairs: Pairs, partition: pd.DataFrame, search: Search) -> float:
    """Modularity of any partition on the pairs; accounts without a community are each alone."""
    graphs = graphs_of(network)
    given = partition.set_index("account_key")["community"].reindex(network.accounts["account_key"])
    label = np.empty(graphs.n, dtype=np.int64)
    label[graphs.vertex] = pd.factorize(given)[0]
    alone = label < 0
    label[alone] = label.max(initial=0) + 1 + np.arange(np.count_nonzero(alone))
    found = np.unique(label[pairs.vertex], return_inverse=True)[1]
    return modularity_of(graph_of(pairs.low, pairs.high, pairs.n), pairs.weight.tolist(), found.tolist(), search)


def _seconds(runs: int, search: Search, pairs: int) -> float:
    return REWIRING_SECONDS * pairs + runs * search.seconds(pairs)


def _afford(nulls: int | Literal["auto"], runs: int, search: Search, pairs: int) -> tuple[int, int, str | None]:
    """Null graphs, runs on each, and what to say where they are fewer than usual."""
    if nulls != "auto":
        return nulls, runs, None
    left = AFFORDABLE / USUAL - REWIRING_SECONDS * pairs
    many = int(left / search.seconds(pairs))
    if many >= runs:
        return USUAL, runs, None
    size = f"a network of {pairs:,} pairs"
    if many >= 1:
        return USUAL, many, f"{size}: the best of {many} runs is compared, here and on every null graph, not of {runs}"
    few = int(AFFORDABLE / _seconds(1, search, pairs))
    if few >= FEWEST:
        return few, 1, f"{size}: single runs are compared, on {few} null graphs instead of {USUAL}"
    return 0, 0, f"{size} would take too long; ask for a number of null graphs (--nulls {FEWEST}) to test it"
