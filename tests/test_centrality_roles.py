"""Parts that accounts play: brokers, roles in communities, spread within its budget, engagers."""

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from centrality_oracles import digraph, published_spread
from networks import network
from test_centrality import by_key, wheel

from netmed import community, parallel
from netmed.centrality import cartography, scores, spreading
from netmed.errors import NetmedError
from netmed.network import Network


def test_a_broker_and_a_clique_by_hand():
    """h joins three that are not joined: 3 contacts, each a third. In a triangle two contacts are one."""
    star = scores(network([("h", leaf, 2) for leaf in "abc"])).set_index("account_key")
    assert star.loc["h", ["constraint", "effective_size"]].tolist() == pytest.approx([3 * (1 / 3) ** 2, 3.0])
    assert star.loc["a", ["constraint", "effective_size"]].tolist() == pytest.approx([1.0, 1.0])
    triangle = scores(network([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)]))
    assert triangle["effective_size"].tolist() == pytest.approx([1.0] * 3)
    assert triangle["constraint"].tolist() == pytest.approx([2 * (1 / 2 + 1 / 4) ** 2] * 3)


def test_direction_is_nothing_to_a_broker():
    one = scores(network([("a", "b", 3), ("b", "a", 1), ("b", "c", 2), ("a", "c", 4)]))
    other = scores(network([("a", "b", 4), ("c", "b", 2), ("c", "a", 4)]))
    for column in ("constraint", "effective_size"):
        assert by_key(one, column) == pytest.approx(by_key(other, column))


def test_brokers_of_a_graph_full_of_triangles():
    rng = np.random.default_rng(1)
    pairs = [pair for pair in itertools.permutations([f"k{i:02}" for i in range(30)], 2) if rng.random() < 0.4]
    made = network([(a, b, float(rng.integers(1, 9))) for a, b in pairs])
    both = nx.Graph()
    for a, b, weight in digraph(made).edges(data="weight"):
        both.add_edge(a, b, weight=weight + (both[a][b]["weight"] if both.has_edge(a, b) else 0))
    frame = scores(made, measures=["brokerage"])
    for column, of in (("constraint", nx.constraint), ("effective_size", nx.effective_size)):
        assert by_key(frame, column) == pytest.approx(of(both, nodes=list(both), weight="weight"), rel=1e-9)


@pytest.mark.parametrize(
    ("participation", "z", "role"),
    [
        (0.0, 0.0, "R1 ultra-peripheral"),
        (0.05, 2.49, "R1 ultra-peripheral"),
        (0.0501, -1.0, "R2 peripheral"),
        (1 - 38 / 100 + 1e-16, 0.0, "R2 peripheral"),
        (0.621, 0.0, "R3 non-hub connector"),
        (0.80, 2.4999, "R3 non-hub connector"),
        (0.81, 0.0, "R4 non-hub kinless"),
        (0.0, 2.5, "R5 provincial hub"),
        (0.30, 9.0, "R5 provincial hub"),
        (0.31, 2.5, "R6 connector hub"),
        (0.75, 2.5, "R6 connector hub"),
        (0.76, 2.5, "R7 kinless hub"),
    ],
)
def test_thresholds_of_the_seven_roles(participation: float, z: float, role: str):
    assert cartography._roles(np.array([participation]), np.array([z])).tolist() == [role]


def hub_and_guests() -> tuple[Network, pd.DataFrame]:
    """A hub of ten leaves that also talks to two people elsewhere, and one account without a community."""
    edges = [("hub", f"leaf{i}", 1) for i in range(10)] + [
        ("x", "hub", 5),
        ("y", "hub", 1),
        ("x", "y", 1),
        ("x", "z", 1),
    ]
    keys = ["hub", *(f"leaf{i}" for i in range(10)), "x", "y", "z", "alone"]
    return network(edges, ["alone"]), pd.DataFrame(
        {"account_key": keys, "community": ["home"] * 11 + ["away", "away", None, None]}
    )


def test_a_hub_by_hand():
    """hub: 12 neighbours, 10 at home; at home κ is 10 once and 1 ten times: mean 20/11."""
    made, given = hub_and_guests()
    frame = scores(made, communities=given, measures=["cartography"]).set_index("account_key")
    assert frame.loc["hub", "participation"] == pytest.approx(1 - (10 / 12) ** 2 - (2 / 12) ** 2)
    assert frame.loc["hub", "within_module_z"] == pytest.approx((10 - 20 / 11) / np.std([10] + [1] * 10))
    assert frame.loc["hub", "role_ga"] == "R5 provincial hub"
    # z has no community: the edge to it is left out, x has one neighbour at home and one away
    assert frame.loc["x", "participation"] == pytest.approx(0.5)
    assert frame.loc["x", "within_module_z"] == 0
    assert frame.loc[["z", "alone"], ["participation", "within_module_z", "role_ga"]].isna().all().all()
    assert frame.attrs["meta"]["measures"]["cartography"]["notes"] == [
        "empty for 2 accounts without a community or without an edge to an account that has one",
        "pairs left out because an end has no community: 1",
    ]


def test_without_communities_the_columns_are_empty_and_say_so():
    frame = scores(wheel(), measures=["cartography"])
    assert frame[["participation", "within_module_z", "role_ga"]].isna().all().all()
    assert "no communities were given" in frame.attrs["meta"]["measures"]["cartography"]["notes"][0]


def test_the_communities_of_leiden_fit():
    made = wheel()
    frame = scores(made, communities=community.leiden(made, runs=2), measures=["cartography"])
    assert frame["role_ga"].notna().sum() == len(frame) - 1  # all but the one that is alone
    assert str(frame["role_ga"].dtype) == "string"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda given: given.drop(columns="community"), "community is not there"),
        (lambda given: pd.concat([given, given.iloc[:1]]), "two rows of hub"),
        (lambda given: given.assign(account_key="who"), "two rows"),
        (lambda given: given.assign(account_key=[f"w{i}" for i in range(len(given))]), "another network"),
    ],
)
def test_communities_that_do_not_fit(change: object, said: str):
    made, given = hub_and_guests()
    with pytest.raises(NetmedError, match=said):
        scores(made, communities=change(given))


def test_spread_along_a_path_and_into_one_account_twice():
    """Flow d > b > a and d > c > a, each 0.5: a is spared with (1 − 1/4)²; both steps are the same."""
    made = network([("a", "b", 0.5), ("b", "d", 0.5), ("a", "c", 0.5), ("c", "d", 0.5)])
    found = by_key(scores(made, probability="weight"), "viral")
    assert found == pytest.approx({"a": 0, "b": 0.5, "c": 0.5, "d": 1 + 1 - 0.75**2}, rel=1e-12)
    sure = network([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)])
    assert by_key(scores(sure, probability="weight"), "viral") == {"a": 2, "b": 2, "c": 2}


def test_spread_ends_at_the_tolerance():
    """a and b pass it to and fro at 0.03: what comes back after three steps is below one in a thousand."""
    made = network([("a", "b", 1), ("b", "c", 1), ("c", "d", 1), ("a", "d", 1), ("d", "a", 1)])
    found = by_key(scores(made, probability="constant:0.03"), "viral")
    graph = digraph(made)
    for key in graph:
        assert found[key] == pytest.approx(published_spread(graph, key, lambda a, b: 0.03), rel=1e-12)
        full = published_spread(graph, key, lambda a, b: 0.03, tolerance=0.0)
        assert 0 <= full - found[key] < 1e-3
    assert any(found[key] != published_spread(graph, key, lambda a, b: 0.03, tolerance=0.0) for key in graph)


def test_beyond_the_budget_those_with_most_attention_are_computed(monkeypatch: pytest.MonkeyPatch):
    whole = scores(wheel(), measures=["in_strength", "viral"], probability="constant:0.2")
    for name, value in (("FIRST", 5), ("WORK", 2_000)):
        monkeypatch.setattr(spreading, name, value)
    part = scores(wheel(), measures=["in_strength", "viral"], probability="constant:0.2")
    said = part.attrs["meta"]["measures"]["viral"]
    done = part["viral"].notna() & (part["in_strength"] > 0)
    assert 5 <= done.sum() == said["accounts_computed"] < 60
    assert said["accounts_left_out"] == 60 - done.sum() == part["viral"].isna().sum()
    assert f"empty for {60 - done.sum()} accounts" in said["notes"][0]
    assert part.loc[done, "in_strength"].min() >= part.loc[part["viral"].isna(), "in_strength"].max()
    assert part.loc[done, "viral"].tolist() == whole.loc[done, "viral"].tolist()
    for cores in (1, 3):
        monkeypatch.setattr(parallel, "cores", lambda cores=cores: cores)
        other = scores(wheel(), measures=["in_strength", "viral"], probability="constant:0.2")
        pd.testing.assert_frame_equal(part, other, check_exact=True)


def test_unknown_probabilities_leave_their_accounts_empty_and_the_rest_a_lower_bound():
    made = network([("a", "b", 1), ("b", "c", 1)], profiles={"c": {"n_original": 2}})
    frame = scores(made, measures=["viral"])
    assert by_key(frame, "viral") == {"a": 0, "b": None, "c": 0.5}
    assert "lower bounds" in frame.attrs["meta"]["measures"]["viral"]["notes"][0]


def test_a_broad_audience_and_a_devoted_one():
    edges = [(f"f{i}", "broad", 2) for i in range(4)] + [("fan", "narrow", 9), ("f1", "mixed", 1), ("f2", "mixed", 3)]
    found = by_key(scores(network(edges)), "effective_engagers")
    assert (found["broad"], found["narrow"], found["fan"]) == (pytest.approx(4), 1, 0)
    assert found["mixed"] == pytest.approx(4 * 3**-0.75)


def test_paths_are_the_same_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch):
    """As many processes as cores, the same sums; here they are asked for where it would not pay."""
    monkeypatch.setattr(parallel, "WORTHWHILE", 0.0)
    frames = []
    for cores in (1, 2):
        monkeypatch.setattr(parallel, "cores", lambda cores=cores: cores)
        for pivots in (12, "exact"):
            frames.append(scores(wheel(), measures=["betweenness", "harmonic"], betweenness=pivots))
    pd.testing.assert_frame_equal(frames[0], frames[2], check_exact=True)
    pd.testing.assert_frame_equal(frames[1], frames[3], check_exact=True)
    monkeypatch.undo()
    alone = scores(wheel(), measures=["betweenness", "harmonic"])
    pd.testing.assert_frame_equal(alone, frames[1], rtol=1e-12, atol=1e-15)


def test_auto_says_what_it_took_and_why():
    said = scores(wheel()).attrs["meta"]["measures"]
    assert (
        said["betweenness"]["why"]
        == "60 accounts × 174 accounts and edges = 10,440 steps, within the budget of 60,000,000"
    )
    asked = scores(wheel(), betweenness=9).attrs["meta"]["measures"]["betweenness"]
    assert asked["why"] == "9 pivots were asked for"
