"""The network in a dozen numbers, against networkx and by hand."""

import networkx as nx
import pytest
from centrality_oracles import digraph
from hypothesis import given, settings
from networks import network
from test_centrality import networks

from netmed.centrality import summary
from netmed.network import Network


@given(made=networks())
@settings(max_examples=80, deadline=None)
def test_summary_equals_networkx(made: Network):
    found, graph = summary(made), digraph(made)
    n, m = len(graph), graph.size()
    weak = [len(part) for part in nx.weakly_connected_components(graph)]
    assert (found["accounts"], found["edges"], found["isolates"]) == (n, m, nx.number_of_isolates(graph))
    assert found["components_weak"] == len(weak)
    assert found["components_strong"] == nx.number_strongly_connected_components(graph)
    assert found["giant_share"] == (max(weak) / n if n else None)
    assert found["density"] == (pytest.approx(nx.density(graph)) if n > 1 else None)
    assert found["reciprocity"] == (pytest.approx(nx.overall_reciprocity(graph)) if m else None)
    assert (found["transitivity"] or 0) == pytest.approx(nx.transitivity(graph.to_undirected()))
    assert found["max_coreness"] == max(nx.core_number(graph).values(), default=0)
    ends = [(graph.out_degree(a), graph.in_degree(b)) for a, b in graph.edges]
    if all(len(set(degrees)) > 1 for degrees in zip(*ends, strict=True)) and m:
        wanted = nx.degree_assortativity_coefficient(graph, x="out", y="in")
        assert found["degree_assortativity"] == pytest.approx(wanted)
    else:
        assert found["degree_assortativity"] is None


def test_centralisation_by_hand():
    """A star of which all address the middle is 1, a ring is 0; a path of three: (0 + 0 + 1) / 4."""
    star = network([(leaf, "hub", 1) for leaf in "abcd"])
    ring = network([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)])
    path = network([("a", "b", 1), ("b", "c", 1)])
    found = [summary(made)["in_degree_centralisation"] for made in (star, ring, path)]
    assert found == [1.0, 0.0, 0.25]


def test_transitivity_ignores_direction_and_counts_a_mutual_pair_once():
    """A triangle with a tail: 3 closed of 5 triples."""
    made = network([("a", "b", 1), ("b", "a", 1), ("b", "c", 1), ("c", "a", 1), ("d", "a", 1)])
    assert summary(made)["transitivity"] == pytest.approx(0.6)


def test_rows_of_posts_and_events():
    assert summary(network([("a", "b", 1)], posts=[{"post_key": "p"}]))["posts"] == 1
    made = network([("a", "b", 1)])
    bare = Network({"accounts": made.accounts, "edges": made.edges})
    assert (summary(bare)["events"], summary(bare)["posts"]) == (None, None)
    files = {"posts.parquet": {"rows": 7}, "events.parquet": {"rows": 9}, "audit.json": {"rows": None}}
    told = Network({"accounts": made.accounts, "edges": made.edges}, provenance={"files": files})
    assert (summary(told)["events"], summary(told)["posts"]) == (9, 7)


def test_nothing_at_all():
    assert summary(network([])) == {
        "accounts": 0,
        "edges": 0,
        "isolates": 0,
        "density": None,
        "reciprocity": None,
        "components_weak": 0,
        "components_strong": 0,
        "giant_share": None,
        "transitivity": None,
        "degree_assortativity": None,
        "in_degree_centralisation": None,
        "max_coreness": 0,
        "events": 0,
        "posts": 0,
    }
