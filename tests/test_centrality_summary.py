"""The network in a dozen numbers, against networkx and by hand."""

import networkx as nx
import pandas as pd
import pytest
from centrality_oracles import community_of, digraph, projection
from hypothesis import given, settings
from networks import network
from test_centrality import networks, two_communities

from netmed.centrality import summary
from netmed.errors import NetmedError
from netmed.network import Network


@given(made=networks())
@settings(max_examples=80, deadline=None)
def test_summary_equals_networkx(made: Network):
    found, graph = summary(made, partition=two_communities(made)), digraph(made)
    if graph.size():
        parts = [{node for node in graph if community_of(node) == group} for group in (0, 1)]
        wanted = nx.community.modularity(projection(graph), parts, weight="weight")
        assert found["modularity"] == pytest.approx(wanted, abs=1e-12)
    else:
        assert found["modularity"] is None
    strong = [len(part) for part in nx.strongly_connected_components(graph)]
    assert found["giant_strong_share"] == (max(strong) / len(graph) if strong else None)
    cores = nx.core_number(graph)
    assert found["core_size"] == sum(core == max(cores.values()) for core in cores.values())
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
        "giant_strong_share": None,
        "transitivity": None,
        "degree_assortativity": None,
        "in_degree_centralisation": None,
        "max_coreness": 0,
        "core_size": 0,
        "modularity": None,
        "events": 0,
        "posts": 0,
    }


def test_an_account_without_a_community_is_one_of_its_own():
    """Two pairs: each a community, 1/2. One split up: half inside, 1/4 + 2/16 expected."""
    made = network([("a", "b", 1), ("c", "d", 1)])
    whole = pd.DataFrame({"account_key": list("abcd"), "community": [1, 1, 2, 2]})
    assert summary(made, partition=whole)["modularity"] == pytest.approx(0.5)
    assert summary(made, partition=whole.iloc[:2])["modularity"] == pytest.approx(1 / 2 - 1 / 4 - 2 / 16)
    assert summary(made)["modularity"] is None
    with pytest.raises(NetmedError, match="another network"):
        summary(made, partition=whole.assign(account_key=list("wxyz")))
