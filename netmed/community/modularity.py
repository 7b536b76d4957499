"""Communities by modularity: groups that address each other more than chance would have it."""

import random
from importlib.metadata import version

import igraph
import pandas as pd

from netmed.errors import NetmedError
from netmed.network import Network

_COLUMNS = {
    "account_key": "identity on one platform, `platform:id`; `platform:@handle` if only the handle is known",
    "community": "number of its community, 1 is the largest; empty for an account without an edge",
}


def leiden(network: Network, *, resolution: float = 1.0, runs: int = 10, seed: int = 1) -> pd.DataFrame:
    """Communities by the Leiden algorithm (Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z).

    Works on the undirected projection: the weight of a pair is the sum of the weights of both
    directions. Accounts and pairs are sorted first, so the order of rows changes nothing.

    Parameters
    ----------
    network : the network; a weight is the strength of an edge source → target.
    resolution : of modularity (Reichardt and Bornholdt 2006, doi:10.1103/PhysRevE.74.016110);
        above 1 gives more and smaller communities.
    runs : independent runs, of which the one with the highest modularity is kept.
    seed : of all runs; global random state is neither read nor changed.

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key and community, numbered
    from 1 by size (of equal ones, the one with the smallest account_key first); empty for an
    account without an edge. ``attrs["meta"]`` holds the conventions: ``modularity`` is that at the
    resolution asked for, None for a network without edges.

    Raises
    ------
    NetmedError : a resolution that is not positive, or fewer than one run.
    """
    if not 0 < resolution < float("inf"):
        raise NetmedError(f"a resolution is a positive number, not {resolution!r}")
    if runs < 1:
        raise NetmedError(f"at least 1 run is needed, not {runs!r}")
    graph = _undirected(network)
    best: list[int] = []
    modularity: float | None = None
    generator = random.Random(seed)  # noqa: S311 (no secret is drawn)
    igraph.set_random_number_generator(generator)
    try:
        for _ in range(runs if graph.ecount() else 0):
            found = graph.community_leiden(
                objective_function="modularity", weights="weight", resolution=resolution, n_iterations=-1
            ).membership
            quality = graph.modularity(found, weights="weight", resolution=resolution)
            if modularity is None or quality > modularity:
                best, modularity = found, quality
    finally:
        igraph.set_random_number_generator(random)
    numbers = _by_size(graph.vs["name"], best) if best else {}
    keys = network.accounts["account_key"].reset_index(drop=True)
    community = pd.Series([numbers.get(key) for key in keys], dtype="Int64")
    frame = pd.DataFrame({"account_key": keys, "community": community})
    frame.attrs["meta"] = {
        "method": "leiden",
        "objective": "modularity",
        "resolution": resolution,
        "runs": runs,
        "seed": seed,
        "modularity": modularity,
        "communities": len(set(numbers.values())),
        "accounts": len(keys),
        "without_community": int(community.isna().sum()),
        "relations": list(network.relations),
        "graph": "undirected; the weight of a pair is the sum of the weights of both directions",
        "source": "Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z",
        "versions": {"igraph": version("igraph")},
    }
    frame.attrs["columns"] = dict(_COLUMNS)
    return frame


def _undirected(network: Network) -> igraph.Graph:
    """Accounts that have an edge, sorted by key, and pairs with the sum of both directions."""
    edges = network.edges
    # positions of the sorted keys, so that the smaller end of a pair is the smaller number
    keys = pd.Index(pd.concat([edges["source_key"], edges["target_key"]]).unique()).sort_values()
    source, target = keys.get_indexer(pd.Index(edges["source_key"])), keys.get_indexer(pd.Index(edges["target_key"]))
    ends = pd.DataFrame({"source": source, "target": target, "weight": edges["weight"].to_numpy(dtype=float)})
    ends = ends.sort_values(["source", "target"])
    low, high = ends[["source", "target"]].min(axis=1), ends[["source", "target"]].max(axis=1)
    pairs = ends["weight"].groupby([low.rename("low"), high.rename("high")]).sum().reset_index()
    graph = igraph.Graph(n=len(keys), edges=list(zip(pairs["low"].tolist(), pairs["high"].tolist(), strict=True)))
    graph.vs["name"] = keys.tolist()
    graph.es["weight"] = pairs["weight"].tolist()
    return graph


def _by_size(keys: list[str], membership: list[int]) -> dict[str, int]:
    """Number communities from 1, the largest first; keys come sorted, so first seen has the smallest."""
    table = pd.DataFrame({"key": keys, "found": membership})
    groups = table.groupby("found")["key"].agg(["size", "first"])
    order = groups.sort_values(["size", "first"], ascending=[False, True]).index
    number = {found: rank for rank, found in enumerate(order, start=1)}
    return {key: number[found] for key, found in zip(keys, membership, strict=True)}
