"""The network in a dozen numbers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from netmed import schema
from netmed.centrality.cartography import numbered
from netmed.centrality.subject import Subject
from netmed.errors import NetworkError
from netmed.network import Network


def summary(network: Network, *, partition: pd.DataFrame | None = None) -> dict[str, int | float | None]:
    """Size and shape of a network; None where a number is not defined.

    Parameters
    ----------
    partition : account_key and community, as ``netmed.community.leiden`` gives them, for ``modularity``.

    Returns
    -------
    ``accounts``, ``edges`` (ordered pairs), ``isolates`` (accounts without an edge).
    ``density`` : edges / (n (n − 1)).
    ``reciprocity`` : share of the edges whose reverse is there too.
    ``components_weak``, ``components_strong`` : isolates count as components.
    ``giant_share`` : share of the accounts in the largest weak component.
    ``giant_strong_share`` : share of the accounts in the largest strong component.
    ``transitivity`` : closed share of the connected triples, direction ignored.
    ``degree_assortativity`` : correlation over edges of the source's out-degree with the target's
        in-degree (Newman 2003, doi:10.1103/PhysRevE.67.026126).
    ``in_degree_centralisation`` : Σ (max in-degree − in-degree) / (n − 1)², which is 1 for a star
        in which all address one (Freeman 1978, doi:10.1016/0378-8733(78)90021-7).
    ``max_coreness`` : largest k of a k-core, in- and out-edges counted together.
    ``core_size`` : accounts in that core.
    ``modularity`` : of the partition, on the undirected projection with the weights of both directions
        added up, at resolution 1 (Newman 2004, doi:10.1103/PhysRevE.70.056131); None without one. An
        account without a community is one of its own.
    ``events``, ``posts`` : rows of these tables; None for a network made without them.

    Raises
    ------
    NetworkError : edges that no measure can be trusted on.
    NetmedError : a partition that is not one of this network.
    """
    graphs = Subject(network)
    n, m = graphs.n, graphs.m
    weak = graphs.E.connected_components(mode="weak").sizes()
    in_degree = np.bincount(graphs.target, minlength=n)
    out_degree = np.bincount(graphs.source, minlength=n)
    strong = graphs.E.connected_components(mode="strong").sizes()
    core = np.asarray(graphs.E.coreness(mode="all"), dtype=np.int64)
    return {
        "accounts": n,
        "edges": m,
        "isolates": int(np.count_nonzero(in_degree + out_degree == 0)),
        "density": m / (n * (n - 1)) if n > 1 else None,
        "reciprocity": _defined(graphs.E.reciprocity()) if m else None,
        "components_weak": len(weak),
        "components_strong": len(strong),
        "giant_share": max(weak) / n if n else None,
        "giant_strong_share": max(strong) / n if n else None,
        "transitivity": _defined(graphs.undirected.transitivity_undirected()),
        "degree_assortativity": _assortativity(graphs, out_degree[graphs.source], in_degree[graphs.target]),
        "in_degree_centralisation": float((in_degree.max() - in_degree).sum() / (n - 1) ** 2) if n > 1 else None,
        "max_coreness": int(core.max(initial=0)),
        "core_size": int(np.count_nonzero(core == core.max(initial=0))),
        "modularity": None if partition is None else _modularity(graphs, partition),
        "events": _rows(network, schema.EVENTS, lambda: network.events),
        "posts": _rows(network, schema.POSTS, lambda: network.posts),
    }


def _assortativity(graphs: Subject, sources: Any, targets: Any) -> float | None:
    """Correlate the two degrees; where one never varies, rounding would make up a number."""
    if graphs.m == 0 or np.ptp(sources) == 0 or np.ptp(targets) == 0:
        return None
    return _defined(graphs.E.assortativity_degree(directed=True))


def _modularity(subject: Subject, partition: pd.DataFrame) -> float | None:
    given, _ = numbered(subject, partition)
    if subject.m == 0:
        return None
    community = np.where(given < 0, given.max(initial=-1) + np.cumsum(given < 0), given)
    return float(subject.undirected.modularity(community.tolist(), weights=subject.pairs.weight.tolist()))


def _defined(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _rows(network: Network, table: schema.Table, read: Callable[[], pd.DataFrame]) -> int | None:
    """Rows of a table: from the manifest if there is one, so that millions of posts stay on disk."""
    for name, facts in network.provenance.get("files", {}).items():
        if name.split(".")[0] == table.name and facts.get("rows") is not None:
            return int(facts["rows"])
    try:
        return len(read())
    except NetworkError:
        return None
