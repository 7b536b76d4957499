"""What every measure must equal: networkx on exact fractions, or the definition itself."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import networkx as nx

from netmed.network import Network
from netmed.schema import RELATIONS

Columns = dict[str, Mapping[str, Any]]


def digraph(network: Network) -> nx.DiGraph:
    """Engagement graph with strengths as ``weight`` and exact lengths as ``length``."""
    graph = nx.DiGraph()
    graph.add_nodes_from(network.accounts["account_key"])
    for row in network.edges.to_dict("records"):
        length = 1 / Fraction(row["weight"]).limit_denominator(10**6)
        graph.add_edge(row["source_key"], row["target_key"], **row, length=length)
    return graph


def peeled(graph: nx.DiGraph, degree: Callable[[nx.DiGraph], Any]) -> dict[str, int]:
    """Coreness by its definition: take away what has less than k until nothing more falls."""
    core = dict.fromkeys(graph, 0)
    for k in range(1, 2 * len(graph)):
        rest = graph.copy()
        while weak := [node for node, d in degree(rest) if d < k]:
            rest.remove_nodes_from(weak)
        core.update(dict.fromkeys(rest, k))
    return core


def _relations(graph: nx.DiGraph, chosen: tuple[str, ...]) -> Columns:
    columns: Columns = {}
    for relation in RELATIONS:
        count = f"n_{relation}"
        present = relation in chosen or any(d[count] for *_, d in graph.edges(data=True))
        columns[f"in_{relation}"] = dict(graph.in_degree(weight=count)) if present else dict.fromkeys(graph)
        columns[f"out_{relation}"] = dict(graph.out_degree(weight=count)) if present else dict.fromkeys(graph)
    return columns


def _harmonic(graph: nx.DiGraph, length: str | None) -> dict[str, float]:
    others = max(len(graph) - 1, 1)
    return {node: float(total) / others for node, total in nx.harmonic_centrality(graph, distance=length).items()}


ORACLES: dict[str, Callable[[Network, str | None], Columns]] = {
    "degree": lambda network, _: {
        "in_degree": dict(digraph(network).in_degree()),
        "out_degree": dict(digraph(network).out_degree()),
    },
    "strength": lambda network, _: {
        "in_strength": dict(digraph(network).in_degree(weight="weight")),
        "out_strength": dict(digraph(network).out_degree(weight="weight")),
    },
    "relations": lambda network, _: _relations(digraph(network), network.relations),
    "pagerank": lambda network, _: {
        "pagerank": nx.pagerank(digraph(network), alpha=0.85, weight="weight", tol=1e-15, max_iter=10_000)
    },
    "betweenness": lambda network, length: {
        "betweenness": nx.betweenness_centrality(digraph(network).reverse(), normalized=True, weight=length),
        "betweenness_se": dict.fromkeys(digraph(network)),
    },
    "harmonic": lambda network, length: {
        "harmonic": _harmonic(digraph(network), length),
        "harmonic_se": dict.fromkeys(digraph(network)),
    },
    "coreness": lambda network, _: {
        "coreness": nx.core_number(digraph(network)),
        "coreness_in": peeled(digraph(network), lambda graph: graph.in_degree()),
        "coreness_out": peeled(digraph(network), lambda graph: graph.out_degree()),
    },
}
