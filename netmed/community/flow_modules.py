"""A second opinion on communities: where a reader who follows the edges would stay (Infomap)."""

import pandas as pd

from netmed.community.partition import frame_of
from netmed.community.projection import pairs_of
from netmed.community.searching import INFOMAP_SECONDS, infomap_trials
from netmed.errors import NetmedError
from netmed.network import Network

SOURCE = "Rosvall and Bergstrom 2008, doi:10.1073/pnas.0706851105"

AFFORDABLE = 30.0
"""Seconds of one core that a second opinion may take where nobody asked for more."""


def infomap(network: Network, *, trials: int = 10, seed: int = 1) -> pd.DataFrame:
    """Communities by Infomap (Rosvall and Bergstrom 2008, doi:10.1073/pnas.0706851105).

    Works on the directed, weighted graph, source → target: a community is where a random walk along
    the edges stays for long. Of the trials the one with the shortest description is kept.

    Parameters
    ----------
    network : the network; a weight is the strength of an edge.
    trials : independent trials, each with a seed of its own.
    seed : of all trials; global random state is neither read nor changed.

    Returns
    -------
    The same table as ``leiden``; ``attrs["meta"]["codelength"]`` is in bits per step, None for a
    network without edges. Modularity is that of the undirected projection, to compare with Leiden's.

    Raises ``NetmedError`` for fewer than one trial.
    """
    if trials < 1:
        raise NetmedError(f"at least 1 trial is needed, not {trials!r}")
    pairs = pairs_of(network)
    conventions = {
        "method": "infomap",
        "runs": trials,
        "keep": "best",
        "graph": "directed, source → target; weight is a strength",
        "source": SOURCE,
    }
    if not pairs.m:
        return frame_of(network, pairs, None, None, {**conventions, "modularity": None, "codelength": None}, seed=seed)
    found = infomap_trials(pairs.source, pairs.target, pairs.strength, pairs.n, trials=trials, seed=seed)
    best = found.best
    told = {**conventions, "modularity": float(found.modularity[best]), "codelength": -float(found.quality[best])}
    return frame_of(network, pairs, found.memberships[best], found, told, seed=seed)


def affordable_trials(edges: int, most: int = 10) -> int:
    """How many trials a second opinion may take; 0 where a single one would last too long."""
    return int(min(most, AFFORDABLE / (INFOMAP_SECONDS * max(1, edges))))
