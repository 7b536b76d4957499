"""Communities by Leiden: groups that address each other more than chance would have it."""

from typing import Literal

import pandas as pd

from netmed.community import consensus
from netmed.community.partition import frame_of
from netmed.community.projection import PROJECTION, graph_of, pairs_of
from netmed.community.searching import Objective, Search, default_iterations, leiden_runs, modularity_of, quality_of
from netmed.errors import NetmedError
from netmed.network import Network

LEIDEN = "Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z"

_OBJECTIVES = {
    "modularity": "modularity: Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113; with a resolution: Reichardt "
    "and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110",
    "cpm": "constant Potts model: Traag, Van Dooren and Nesterov 2011, doi:10.1103/PhysRevE.84.016114; weight inside "
    "less resolution times pairs of accounts inside, over all weight",
}


def leiden(
    network: Network,
    *,
    objective: Objective = "modularity",
    resolution: float = 1.0,
    runs: int = 50,
    seed: int = 1,
    keep: Literal["best", "consensus"] = "best",
    iterations: int | None = None,
) -> pd.DataFrame:
    """Communities by the Leiden algorithm (Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z).

    Works on the undirected projection: the weight of a pair is the sum of the weights of both
    directions. Accounts and pairs are sorted first, and every run has a seed of its own, so neither
    the order of rows nor the number of cores changes anything.

    Parameters
    ----------
    network : the network; a weight is the strength of an edge source → target.
    objective : ``modularity``, or ``cpm``: the constant Potts model (Traag, Van Dooren and Nesterov
        2011, doi:10.1103/PhysRevE.84.016114), which has no least size of a community it can see.
    resolution : of modularity (Reichardt and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110), where
        above 1 gives more and smaller communities; of cpm, the weight per pair of accounts that a
        community has at least.
    runs : independent runs.
    seed : of all runs; global random state is neither read nor changed.
    keep : ``best``, the run with the highest objective; ``consensus``, what the runs agree on
        (Lancichinetti and Fortunato 2012, doi:10.1038/srep00336; fast form of Tandon and others 2019,
        doi:10.1103/PhysRevE.99.042301).
    iterations : of every run; -1 goes on until one improves nothing. None is that up to 100,000 pairs,
        and from 10 down to 2 for larger networks.

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key; community, numbered
    from 1 by size (of equal ones, the one with the smallest account_key first), empty for an
    account without an edge; stability, how often it sits with its own, from 0 to 1.
    ``attrs["meta"]`` holds the conventions. ``modularity`` is that of the partition returned, at the
    resolution asked for (of cpm, at 1), None for a network without edges; the runs are told by
    ``modularity_of_runs``, ``communities_of_runs`` and ``agreement_of_runs`` (mean ARI and NMI).

    Raises
    ------
    NetmedError : a resolution that is not positive, fewer than one run, or another word.
    NetworkError : edges that cannot be trusted (self loops, weights that are not positive).
    """
    _check(objective, resolution, runs, keep, iterations)
    pairs = pairs_of(network)
    search = Search(objective, resolution, default_iterations(pairs.m) if iterations is None else iterations)
    conventions = {
        "method": "leiden",
        "objective": objective,
        "resolution": resolution,
        "runs": runs,
        "keep": keep,
        "iterations": search.iterations,
        "graph": PROJECTION,
        "source": LEIDEN,
        "objective_source": _OBJECTIVES[objective],
    }
    if not pairs.m:
        return frame_of(network, pairs, None, None, {**conventions, "modularity": None, "quality": None}, seed=seed)
    found = leiden_runs(pairs.low, pairs.high, pairs.weight, pairs.n, search, runs=runs, seed=seed)
    kept = found.memberships[found.best]
    modularity, quality = float(found.modularity[found.best]), float(found.quality[found.best])
    if keep == "consensus":
        kept, rounds = consensus.agreed(pairs, found, search, seed=seed)
        graph = graph_of(pairs.low, pairs.high, pairs.n)
        modularity = quality = modularity_of(graph, pairs.weight.tolist(), kept.tolist(), search)
        if objective == "cpm":
            quality = quality_of(pairs.low, pairs.high, pairs.weight, kept, resolution)
        conventions |= {"consensus_rounds": rounds, "consensus_source": consensus.SOURCE}
    told = {**conventions, "modularity": modularity, "quality": quality}
    return frame_of(network, pairs, kept, found, told, seed=seed)


def _check(objective: str, resolution: float, runs: int, keep: str, iterations: int | None) -> None:
    if objective not in _OBJECTIVES:
        raise NetmedError(f"objective is 'modularity' or 'cpm', not {objective!r}")
    if not 0 < resolution < float("inf"):
        raise NetmedError(f"a resolution is a positive number, not {resolution!r}")
    if runs < 1:
        raise NetmedError(f"at least 1 run is needed, not {runs!r}")
    if keep not in ("best", "consensus"):
        raise NetmedError(f"keep is 'best' or 'consensus', not {keep!r}")
    if iterations is not None and iterations != -1 and iterations < 1:
        raise NetmedError(f"iterations are a number from 1 on, or -1 until nothing improves, not {iterations!r}")
