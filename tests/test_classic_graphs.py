"""Six graphs that everybody knows, with values computed by others."""

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import netmed
from netmed.centrality import scores, summary
from netmed.network import Network

UNDIRECTED = ["karate", "lesmis", "krackhardt_kite", "florentine", "davis_women"]


def edges_of(folder: Path, graph: str) -> pd.DataFrame:
    edges = pd.read_csv(folder / "classic-graphs" / f"{graph}.edges.csv", dtype={"source": str, "target": str})
    return edges if "weight" in edges else edges.assign(weight=1.0)


def reference_of(folder: Path, graph: str) -> pd.DataFrame:
    return pd.read_csv(folder / "classic-graphs" / f"{graph}.reference.csv", dtype={"node": str}).set_index("node")


def both_ways(edges: pd.DataFrame) -> Network:
    """An undirected graph as a network: every pair in both directions, each with the whole weight."""
    back = edges.rename(columns={"source": "target", "target": "source"})
    return netmed.from_pandas(pd.concat([edges, back], ignore_index=True))


def measured(made: Network, wanted: pd.DataFrame, **settings: object) -> pd.DataFrame:
    frame = scores(made, paths="unweighted", **settings)
    return frame.set_index(frame["account_key"].str.removeprefix("any:")).loc[wanted.index]


@pytest.mark.parametrize("graph", UNDIRECTED)
def test_every_value_of_an_undirected_graph(graph: str, shared_data: Path) -> None:
    edges, wanted = edges_of(shared_data, graph), reference_of(shared_data, graph)
    frame, n = measured(both_ways(edges), wanted), len(wanted)
    near = {"rtol": 0, "atol": 1e-8}
    # a pair is one edge in and one out, so that what counts one side is the undirected value
    np.testing.assert_array_equal(frame["in_degree"], wanted["degree"])
    np.testing.assert_array_equal(frame["out_degree"], wanted["degree"])
    np.testing.assert_allclose(frame["in_strength"], wanted["strength"], **near)
    np.testing.assert_array_equal(frame["coreness_in"], wanted["core"])
    # and what counts both sides is twice it
    np.testing.assert_array_equal(frame["coreness"], 2 * wanted["core"])
    # shares of pairs: ordered ones here, (n − 1)(n − 2); unordered ones there, half as many of both
    np.testing.assert_allclose(frame["betweenness"], wanted["betweenness_norm"], **near)
    np.testing.assert_allclose(frame["betweenness"] * (n - 1) * (n - 2) / 2, wanted["betweenness_raw"], atol=1e-6)
    np.testing.assert_allclose(frame["harmonic"] * (n - 1), wanted["harmonic_in"], **near)
    np.testing.assert_allclose(frame["clustering"], wanted["clustering"], **near)
    # doubled weights of all pairs change no vector; the eigenvalue is twice as large
    np.testing.assert_allclose(frame["eigenvector"], wanted["eigenvector"], **near)
    np.testing.assert_allclose(frame["pagerank"], wanted["pagerank_0.85"], **near)
    assert (frame["reciprocity"] == 1).all()


def test_the_factor_between_the_conventions(shared_data: Path) -> None:
    """Each pair both ways adds up to twice the weight in the projection: values, vectors, shares."""
    edges, wanted = edges_of(shared_data, "lesmis"), reference_of(shared_data, "lesmis")
    twice, once = both_ways(edges), netmed.from_pandas(edges)
    one, two = (measured(made, wanted, measures=["eigenvector", "brokerage", "clustering"]) for made in (once, twice))
    values = [
        scores(made, measures=["eigenvector"]).attrs["meta"]["measures"]["eigenvector"]["largest_eigenvalue"]
        for made in (once, twice)
    ]
    assert values[1] == pytest.approx(2 * values[0], rel=1e-12)
    columns = ["eigenvector", "constraint", "effective_size", "clustering"]
    np.testing.assert_allclose(one[columns], two[columns], atol=1e-10)


@pytest.mark.parametrize("graph", UNDIRECTED)
def test_brokers_of_an_undirected_graph(graph: str, shared_data: Path) -> None:
    edges, wanted = edges_of(shared_data, graph), reference_of(shared_data, graph)
    frame = measured(both_ways(edges), wanted, measures=["brokerage"])
    pairs = nx.from_pandas_edgelist(edges, edge_attr="weight")
    for column, of in (("constraint", nx.constraint), ("effective_size", nx.effective_size)):
        values = pd.Series(of(pairs, nodes=list(pairs), weight="weight"))
        np.testing.assert_allclose(frame[column], values[frame.index], rtol=1e-9)


def test_every_value_of_the_directed_graph(shared_data: Path) -> None:
    edges, wanted = edges_of(shared_data, "uk_faculty"), reference_of(shared_data, "uk_faculty")
    made = netmed.from_pandas(edges)
    frame, n = measured(made, wanted), len(wanted)
    near = {"rtol": 0, "atol": 1e-8}
    np.testing.assert_array_equal(frame["in_degree"] + frame["out_degree"], wanted["degree"])
    np.testing.assert_allclose(frame["in_strength"] + frame["out_strength"], wanted["strength"], **near)
    np.testing.assert_allclose(frame["pagerank"], wanted["pagerank_0.85"], **near)
    np.testing.assert_allclose(frame["betweenness"], wanted["betweenness_norm"], **near)
    # paths that arrive on E are those that leave on F
    np.testing.assert_allclose(frame["harmonic"] * (n - 1), wanted["harmonic_in"], **near)
    np.testing.assert_allclose(frame["clustering"], wanted["clustering"], **near)
    # the reference ignores direction: a pair counts once, where two edges of both directions count twice
    undirected = measured(both_ways(edges), wanted, measures=["coreness"])
    np.testing.assert_array_equal(undirected["coreness"], 2 * wanted["core"])


def test_the_eigenvector_of_a_directed_graph_is_that_of_its_projection(shared_data: Path) -> None:
    """The reference is of the directed graph, which is another measure: ours follows Riddell and is undirected."""
    edges, wanted = edges_of(shared_data, "uk_faculty"), reference_of(shared_data, "uk_faculty")
    frame = measured(netmed.from_pandas(edges), wanted, measures=["eigenvector"])
    directed = nx.from_pandas_edgelist(edges, edge_attr="weight", create_using=nx.DiGraph)
    exact = {"weight": "weight", "max_iter": 10_000, "tol": 1e-14}
    theirs = pd.Series(nx.eigenvector_centrality(directed, **exact)).loc[wanted.index]
    np.testing.assert_allclose(theirs, wanted["eigenvector"], rtol=0, atol=1e-8)
    pairs = nx.Graph()
    pairs.add_nodes_from(directed)
    for source, target, weight in directed.edges(data="weight"):
        pairs.add_edge(source, target, weight=pairs.get_edge_data(source, target, {"weight": 0})["weight"] + weight)
    own = pd.Series(nx.eigenvector_centrality(pairs, **exact)).loc[wanted.index]
    np.testing.assert_allclose(frame["eigenvector"], own, rtol=0, atol=1e-8)


def test_published_figures(shared_data: Path) -> None:
    """From the gallery of networkx and from Zachary's club: what anybody can look up."""
    kite = edges_of(shared_data, "krackhardt_kite")
    frame = measured(both_ways(kite), reference_of(shared_data, "krackhardt_kite"))
    published = {0: 0.023, 1: 0.023, 2: 0, 3: 0.102, 4: 0, 5: 0.231, 6: 0.231, 7: 0.389, 8: 0.222, 9: 0}
    assert frame["betweenness"].round(3).to_dict() == {str(node): value for node, value in published.items()}
    stats = json.loads((shared_data / "classic-graphs" / "REFERENCE_STATS.json").read_text(encoding="utf-8"))["karate"]
    groups = {str(node): group for group, nodes in stats["club_split"].items() for node in nodes}
    club = pd.DataFrame({"account_key": [f"any:{node}" for node in groups], "community": list(groups.values())})
    found = summary(both_ways(edges_of(shared_data, "karate")), partition=club)
    assert (found["accounts"], found["edges"]) == (34, 2 * 78)
    # without weights: as the figure was published
    assert found["modularity"] == pytest.approx(stats["modularity_of_club_split"], abs=1e-9)
    assert found["transitivity"] == pytest.approx(stats["transitivity"], abs=1e-12)
