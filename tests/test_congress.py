"""The influence network of the US Congress: published values of a published measure, to the last figures."""

import math
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from centrality_oracles import digraph

import netmed
from netmed.centrality import scores, summary
from netmed.centrality.measure import Settings
from netmed.centrality.paths import Sample, betweenness_from
from netmed.centrality.subject import Subject
from netmed.network import Network


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "congress-twitter" / "reference_centralities.csv").set_index("node")


def by_node(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index(frame["account_key"].str.removeprefix("any:").astype(int)).sort_index()


@pytest.fixture(scope="module")
def as_listed(congress: Network) -> pd.DataFrame:
    return by_node(scores(congress))


@pytest.fixture(scope="module")
def flow(congress: Network) -> pd.DataFrame:
    return by_node(scores(congress, direction="flow", probability="weight"))


def test_viral_centrality_as_published(flow: pd.DataFrame, reference: pd.DataFrame) -> None:
    viral = flow["viral"]
    found = [round(value, 6) for value in (viral.min(), viral.mean(), viral.max())]
    assert found == [0.002478, 0.195206, 1.145936]
    top = viral.sort_values(ascending=False).index[:10].tolist()
    assert top == [399, 367, 393, 322, 470, 164, 436, 226, 159, 208]
    np.testing.assert_allclose(viral, reference["viral_centrality_tol0.001"], rtol=1e-12)


@pytest.mark.parametrize(
    ("column", "published"),
    [
        ("in_degree", "in_degree"),
        ("out_degree", "out_degree"),
        ("in_strength", "in_strength"),
        ("out_strength", "out_strength"),
        ("pagerank", "pagerank_weighted"),
        ("hub", "hits_hub"),
        ("authority", "hits_authority"),
    ],
)
def test_what_others_computed_on_the_edges_as_listed(
    as_listed: pd.DataFrame, reference: pd.DataFrame, column: str, published: str
) -> None:
    np.testing.assert_allclose(as_listed[column], reference[published], atol=1e-9)


def test_what_turns_round_with_the_direction(flow: pd.DataFrame, reference: pd.DataFrame) -> None:
    np.testing.assert_allclose(flow["pagerank"], reference["pagerank_weighted_reversed"], atol=1e-9)
    np.testing.assert_array_equal(flow["in_degree"], reference["out_degree"])
    np.testing.assert_allclose(flow["out_strength"], reference["in_strength"], atol=1e-9)


def test_betweenness_of_both_readings_of_a_weight(
    congress: Network, flow: pd.DataFrame, reference: pd.DataFrame
) -> None:
    unweighted = by_node(scores(congress, direction="flow", paths="unweighted", measures=["betweenness"]))
    np.testing.assert_allclose(unweighted["betweenness"], reference["betweenness_norm"], atol=1e-12)
    np.testing.assert_allclose(unweighted["betweenness"] * 474 * 473, reference["betweenness_raw"], atol=1e-6)
    # the reference added lengths up as they are rounded, which decides some ties: it is off by up to 7e-6,
    np.testing.assert_allclose(flow["betweenness"], reference["betweenness_norm_dist_inv_weight"], atol=1e-5)
    # where igraph's tolerance, in the sum from any start, gives what whole numbers give
    graph = digraph(congress)
    whole = math.lcm(*(length.denominator for *_, length in graph.edges(data="length")))
    nx.set_edge_attributes(graph, {(a, b): int(d * whole) for a, b, d in graph.edges(data="length")}, "length")
    subject = Subject(congress, flow=True)
    starts = list(range(0, 475, 25))
    found, _ = betweenness_from(subject, Sample(len(starts) + 1, starts, 1), Settings())
    keys = sorted(graph)
    wanted = nx.betweenness_centrality_subset(
        graph, sources=[keys[start] for start in starts], targets=keys, weight="length"
    )
    share = 474 * 473 * len(starts) / (len(starts) + 1)  # a sample of all but one stands for one more
    np.testing.assert_allclose(found * share, [wanted[key] for key in keys], atol=1e-9)


def test_cores_of_the_pairs(congress: Network, reference: pd.DataFrame) -> None:
    """The reference joins who is joined in either direction; here that is a pair of edges, both ways."""
    ends = pd.concat(
        [congress.edges[["source_key", "target_key"]].set_axis(way, axis=1) for way in (["a", "b"], ["b", "a"])]
    )
    ends = ends.drop_duplicates().assign(weight=1.0).rename(columns={"a": "source", "b": "target"})
    both = by_node(scores(netmed.from_pandas(ends), measures=["coreness"]))
    np.testing.assert_array_equal(both["coreness_in"], reference["core_number_undirected"])
    np.testing.assert_array_equal(both["coreness"], 2 * reference["core_number_undirected"])


def test_the_network_in_numbers(congress: Network, shared_data: Path) -> None:
    members = pd.read_csv(shared_data / "congress-twitter" / "congress_members.csv")
    keys = [f"any:{node}" for node in range(len(members))]
    party = pd.DataFrame({"account_key": keys, "community": members["Party"]})
    found = summary(congress, partition=party)
    assert (found["accounts"], found["edges"], found["components_weak"], found["components_strong"]) == (
        475,
        13289,
        1,
        7,
    )
    assert found["giant_strong_share"] == 469 / 475
    assert found["reciprocity"] == pytest.approx(0.4615847693581157, abs=1e-12)
    assert found["density"] == pytest.approx(0.05902287363979569, abs=1e-12)
    assert found["transitivity"] == pytest.approx(0.2695349719561668, abs=1e-12)
    assert found["modularity"] == pytest.approx(0.3663806430212883, abs=1e-9)


def test_clustering_on_average(as_listed: pd.DataFrame) -> None:
    assert as_listed["clustering"].mean() == pytest.approx(0.30139896111608555, abs=1e-12)
