"""What every measure must equal: networkx on exact fractions, or the definition itself."""

import itertools
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

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


def projection(graph: nx.DiGraph) -> nx.Graph:
    """Undirected; the weight of a pair is the sum of both directions."""
    pairs = nx.Graph()
    pairs.add_nodes_from(graph)
    for a, b, weight in graph.edges(data="weight"):
        pairs.add_edge(a, b, weight=weight + (pairs[a][b]["weight"] if pairs.has_edge(a, b) else 0))
    return pairs


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


def _engagers(graph: nx.DiGraph) -> dict[str, float]:
    """Π p^−p: the entropy's exponential, without a logarithm."""
    found = {}
    for node in graph:
        weights = [weight for *_, weight in graph.in_edges(node, data="weight")]
        found[node] = math.prod((w / sum(weights)) ** -(w / sum(weights)) for w in weights) if weights else 0.0
    return found


def chances(network: Network, role: str) -> dict[str, float]:
    """Of accounts whose role is known: the probability that it is this one."""
    found = {}
    for row in network.accounts.to_dict("records"):
        p, stated = row[f"p_{role}"], row["role_probability"]
        if row["role"] == "unknown" and row["role_evidence"] != "roster":
            continue
        if not math.isnan(p):
            found[row["account_key"]] = p
        elif isinstance(row["role"], str) and row["role"] != "unknown":
            found[row["account_key"]] = (1.0 if math.isnan(stated) else stated) if row["role"] == role else 0.0
    return found


def _engaged(network: Network, graph: nx.DiGraph) -> Columns:
    """By going through every world of the engagers."""
    columns: Columns = {}
    for role in ("physician", "trainee"):
        chance = chances(network, role)
        found: dict[str, Any] = {}
        for node in graph:
            known = [chance[j] for j in graph.predecessors(node) if j in chance]
            if not chance or (graph.in_degree(node) and not known):
                found[node] = (None, None, None)
                continue
            worlds = [0.0] * (len(known) + 1)
            for world in itertools.product([0, 1], repeat=len(known)):
                worlds[sum(world)] += math.prod(p if yes else 1 - p for p, yes in zip(known, world, strict=True))
            mean = sum(known)
            lo, hi = (
                next(k for k in range(len(worlds)) if sum(worlds[: k + 1]) >= border - 1e-9)
                for border in (0.025, 0.975)
            )
            found[node] = (mean, min(lo, math.floor(mean + 1e-9)), max(hi, math.ceil(mean - 1e-9)))
        for place, ending in enumerate(("", "_lo", "_hi")):
            columns[f"engaged_{role}s{ending}"] = {node: values[place] for node, values in found.items()}
    return columns


def _physicians(network: Network, graph: nx.DiGraph) -> dict[str, float | None]:
    start = chances(network, "physician")
    if not sum(start.values()):
        return dict.fromkeys(graph)
    return nx.pagerank(
        graph, alpha=0.85, weight="weight", personalization=start, dangling=start, tol=1e-15, max_iter=10_000
    )


def _hits(graph: nx.DiGraph) -> Columns:
    """The first singular vectors, where there is one first pair."""
    nodes = list(graph)
    none = dict.fromkeys(nodes)
    if graph.size() == 0:
        return {"hub": none, "authority": none}
    left, values, right = np.linalg.svd(nx.to_numpy_array(graph, nodelist=nodes, weight="weight"))
    if len(values) > 1 and values[0] - values[1] < 1e-9 * values[0]:
        return {"hub": none, "authority": none}
    shares = [np.abs(vector) / np.abs(vector).sum() for vector in (left[:, 0], right[0])]
    return {
        name: dict(zip(nodes, share, strict=True)) for name, share in zip(("hub", "authority"), shares, strict=True)
    }


def _eigenvector(graph: nx.DiGraph) -> dict[str, float | None]:
    pairs = projection(graph)
    found: dict[str, float | None] = dict.fromkeys(graph)
    parts = sorted(nx.connected_components(pairs), key=len, reverse=True)
    if graph.size() and (len(parts) == 1 or len(parts[0]) > len(parts[1])):
        nodes = sorted(parts[0])
        _, vectors = np.linalg.eigh(nx.to_numpy_array(pairs, nodelist=nodes, weight="weight"))
        found |= dict(zip(nodes, np.abs(vectors[:, -1]), strict=True))
    return found


def _katz(graph: nx.DiGraph) -> dict[str, float]:
    if graph.size() == 0:
        return dict.fromkeys(graph, len(graph) ** -0.5 if len(graph) else 0.0)
    roots = [
        np.linalg.eigvals(nx.to_numpy_array(graph.subgraph(part), weight="weight")).real.max()
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1
    ]
    limit = max(roots, default=0.0) or max(strength for _, strength in graph.in_degree(weight="weight"))
    return nx.katz_centrality_numpy(graph, alpha=0.9 / limit, beta=1.0, weight="weight")


def _harmonic(graph: nx.DiGraph, length: str | None) -> dict[str, float]:
    others = max(len(graph) - 1, 1)
    return {node: float(total) / others for node, total in nx.harmonic_centrality(graph, distance=length).items()}


def _brokerage(graph: nx.DiGraph) -> Columns:
    """As networkx has it, on the undirected weighted projection.

    With nodes named: without, networkx 3.6 divides a tie by the strongest of the wrong end.
    """
    pairs = projection(graph)
    found = (of(pairs, nodes=list(pairs), weight="weight") for of in (nx.constraint, nx.effective_size))
    named = zip(("constraint", "effective_size"), found, strict=True)
    return {name: {k: None if math.isnan(v) else v for k, v in values.items()} for name, values in named}


def community_of(key: str) -> int:
    """The communities that tests hand over: two, by the last figure of the name."""
    return int(key[-1], 36) % 2


def _cartography(graph: nx.DiGraph) -> Columns:
    pairs = projection(graph)
    participation: dict[str, Any] = dict.fromkeys(graph)
    z, role = dict(participation), dict(participation)
    inside = {i: sum(community_of(j) == community_of(i) for j in pairs[i]) for i in pairs}
    for i in pairs:
        k = pairs.degree(i)
        if not k:
            continue
        groups = [sum(community_of(j) == group for j in pairs[i]) for group in (0, 1)]
        participation[i] = 1 - sum(Fraction(count, k) ** 2 for count in groups)
        others = [inside[j] for j in pairs if pairs.degree(j) and community_of(j) == community_of(i)]
        z[i] = (inside[i] - np.mean(others)) / np.std(others) if len(set(others)) > 1 else 0.0
        if z[i] < 2.5:
            number = 1 + sum(participation[i] > Fraction(step, 100) for step in (5, 62, 80))
        else:
            number = 5 + sum(participation[i] > Fraction(step, 100) for step in (30, 75))
        role[i] = f"R{number}"
    return {"participation": participation, "within_module_z": z, "role_ga": role}


def _reciprocity(graph: nx.DiGraph) -> dict[str, float | None]:
    return dict(nx.reciprocity(graph, graph.nodes)) if len(graph) else {}


def _clustering(graph: nx.DiGraph) -> dict[str, float]:
    return dict(nx.clustering(projection(graph)))


def published_spread(graph: nx.DiGraph, seed: str, p: Callable[[str, str], float], tolerance: float = 0.001) -> float:
    """The iteration of Fink and others, pulled over all accounts instead of pushed over those reached."""
    chance = dict.fromkeys(graph, 1.0) | {seed: 0.0}
    recent = dict.fromkeys(graph, 0.0) | {seed: 1.0}
    while True:
        moved = {a: (1 - math.prod(1 - recent[b] * p(a, b) for b in graph.successors(a))) * chance[a] for a in graph}
        falls = [moved[a] / chance[a] for a in graph if chance[a] > 0]
        chance = {a: chance[a] - moved[a] for a in graph}
        recent = moved
        if max(falls, default=0.0) <= tolerance:
            return sum(1 - left for left in chance.values()) - 1


def _viral(network: Network, graph: nx.DiGraph) -> dict[str, float | None]:
    """With the probabilities of the data: posts of a that address b, of the original posts of b."""
    rows = network.accounts.to_dict("records")
    posts = {row["account_key"]: row["n_original"] for row in rows}
    known = {key: isinstance(n, int) and n > 0 for key, n in posts.items()}

    def p(a: str, b: str) -> float:
        return min(1.0, graph[a][b]["weight"] / posts[b]) if known[b] else 0.0

    return {key: published_spread(graph, key, p) if known[key] or not graph.in_degree(key) else None for key in graph}


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
    "effective_engagers": lambda network, _: {"effective_engagers": _engagers(digraph(network))},
    "engaged": lambda network, _: _engaged(network, digraph(network)),
    "pagerank": lambda network, _: {
        "pagerank": nx.pagerank(digraph(network), alpha=0.85, weight="weight", tol=1e-15, max_iter=10_000)
    },
    "physician_pagerank": lambda network, _: {"physician_pagerank": _physicians(network, digraph(network))},
    "hits": lambda network, _: _hits(digraph(network)),
    "eigenvector": lambda network, _: {"eigenvector": _eigenvector(digraph(network))},
    "katz": lambda network, _: {"katz": _katz(digraph(network))},
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
    "brokerage": lambda network, _: _brokerage(digraph(network)),
    "cartography": lambda network, _: _cartography(digraph(network)),
    "clustering": lambda network, _: {"clustering": _clustering(digraph(network))},
    "reciprocity": lambda network, _: {"reciprocity": _reciprocity(digraph(network))},
    "viral": lambda network, _: {"viral": _viral(network, digraph(network))},
}
