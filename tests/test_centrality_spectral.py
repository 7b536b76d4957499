"""Where eigenvectors are not what one thinks: bipartite, split up, acyclic, equal, large."""

import networkx as nx
import numpy as np
import pytest
from centrality_oracles import ORACLES, digraph
from networks import network
from planted import planted
from test_centrality import assert_equal, by_key, wheel

from netmed.centrality import perron, scores
from netmed.network import Network


def said(made: Network, name: str, **settings: object) -> dict:
    return scores(made, measures=[name], **settings).attrs["meta"]["measures"][name]


def test_a_star_is_bipartite_and_has_an_eigenvector():
    """The middle √½, each of four leaves √⅛: power iteration would swing for ever."""
    found = by_key(scores(network([(f"leaf{i}", "hub", 2) for i in range(4)])), "eigenvector")
    assert found == pytest.approx({"hub": 0.5**0.5, **{f"leaf{i}": 0.125**0.5 for i in range(4)}}, rel=1e-12)


def test_the_eigenvector_is_of_the_giant_component_alone():
    made = network([("a", "b", 1), ("b", "c", 1), ("x", "y", 99)], ["alone"])
    found = by_key(scores(made), "eigenvector")
    assert found == pytest.approx({"a": 0.5, "b": 0.5**0.5, "c": 0.5, "x": None, "y": None, "alone": None})
    assert said(made, "eigenvector")["notes"] == ["empty for 3 accounts outside the giant component"]
    equal = network([("a", "b", 1), ("x", "y", 99)])
    assert scores(equal)["eigenvector"].isna().all()
    assert "2 components are equally large" in said(equal, "eigenvector")["notes"][0]


def test_hits_says_where_it_is_not_unique():
    """Two stars of one size, whatever else there is below; one edge more and it is unique."""
    stars = [(f"{star}{i}", star, 1) for star in "xy" for i in range(3)]
    made = network([*stars, ("p", "q", 1)])
    assert scores(made)[["hub", "authority"]].isna().all().all()
    note = "empty: not unique, 2 separate parts of the network have the same largest singular value"
    assert said(made, "hits")["notes"] == [note]
    assert by_key(scores(network([*stars, ("p", "x", 1)])), "authority")["x"] == pytest.approx(1)
    # the same accounts may speak in one part and be spoken to in another
    assert scores(network([("a", "b", 1), ("b", "c", 1)]))["hub"].isna().all()
    # 5² = 3² + 4²: a star and an edge of one singular value
    assert scores(network([("a", "x", 3), ("b", "x", 4), ("p", "q", 5)]))["hub"].isna().all()


def test_hits_by_hand():
    """b is addressed by a (3) and c (4): singular value 5, hubs 3 : 4."""
    made = network([("a", "b", 3), ("c", "b", 4), ("b", "a", 1)])
    assert said(made, "hits")["largest_singular_value"] == pytest.approx(5)
    assert by_key(scores(made), "hub") == pytest.approx({"a": 3 / 7, "b": 0, "c": 4 / 7})
    assert by_key(scores(made), "authority") == pytest.approx({"a": 0, "b": 1, "c": 0})


def test_katz_without_a_way_back():
    """a → b → c, weights 1 and 4: α = 0.9/4, x = 1, 1 + α, 1 + 4α(1 + α)."""
    made = network([("a", "b", 1), ("b", "c", 4)])
    facts = said(made, "katz")
    assert facts["alpha"] == pytest.approx(0.225)
    assert facts["largest_eigenvalue"] == 0
    assert "largest in_strength" in facts["alpha_from"]
    x = np.array([1, 1.225, 1 + 0.9 * 1.225])
    assert scores(made)["katz"].tolist() == pytest.approx((x / np.linalg.norm(x)).tolist(), rel=1e-12)


def test_katz_takes_the_largest_of_several_cycles():
    """A ring of three with weights 1, 2, 4 has λ = 2, whose powers never settle; a pair of 3 and 3 has λ = 3."""
    ring = [("a", "b", 1), ("b", "c", 2), ("c", "a", 4)]
    assert said(network(ring), "katz")["largest_eigenvalue"] == pytest.approx(2, rel=1e-12)
    assert said(network([*ring, ("x", "y", 3), ("y", "x", 3)]), "katz")["largest_eigenvalue"] == pytest.approx(3)


@pytest.mark.parametrize("name", ["hits", "eigenvector", "katz"])
def test_large_matrices_go_the_other_way(name: str, monkeypatch: pytest.MonkeyPatch):
    """Above ``DENSE`` rows ARPACK solves; several parts, so that some are ruled out and some are not."""
    rng = np.random.default_rng(3)
    edges = {}
    for group, size in (("p", 40), ("q", 39), ("r", 5)):
        for a, b in rng.integers(0, size, (4 * size, 2)):
            if a != b:
                edges[f"{group}{a:02}", f"{group}{b:02}"] = float(rng.integers(1, 9))
    made = network([(a, b, w) for (a, b), w in edges.items()])
    monkeypatch.setattr(perron, "DENSE", 3)
    monkeypatch.setattr(perron, "STEPS", 2)
    frame = scores(made, measures=[name])
    for column, wanted in ORACLES[name](made, None).items():
        assert_equal(frame, column, wanted)


def test_physicians_start_the_walk():
    """Only d is a physician's, who addresses a: a gets 0.85 of what d has, b and c get nothing."""
    edges = [("d", "a", 1), ("b", "c", 1)]
    made = network(edges, profiles={"d": {"role": "physician", "role_probability": 0.4}, "b": {"role": "trainee"}})
    found = by_key(scores(made), "physician_pagerank")
    assert found == pytest.approx({"a": 0.85 / 1.85, "b": 0, "c": 0, "d": 1 / 1.85}, abs=1e-9)
    assert said(made, "physician_pagerank")["expected_physicians"] == 0.4
    unknown = network(edges)
    assert scores(unknown)["physician_pagerank"].isna().all()
    assert said(unknown, "physician_pagerank")["notes"] == ["empty: no role is known; find roles first"]
    none = network(edges, profiles={"b": {"role": "trainee"}})
    assert said(none, "physician_pagerank")["notes"] == ["empty: no account is known as a physician's"]


def test_a_role_without_a_probability_is_certain():
    edges = [("d", "a", 1), ("b", "c", 1)]
    made = network(edges, profiles={"d": {"role": "physician"}, "b": {"role": "physician", "role_probability": 0.5}})
    found = by_key(scores(made), "physician_pagerank")
    assert found["d"] == pytest.approx(2 * found["b"])


def test_as_networkx_has_them():
    graph = digraph(wheel())
    frame = scores(wheel())
    hub, authority = nx.hits(graph, max_iter=1000, tol=1e-12)
    for column, wanted in (("hub", hub), ("authority", authority)):
        assert by_key(frame, column) == pytest.approx(wanted, abs=1e-9)


def test_the_walks_are_the_same_to_the_last_bit():
    made, _ = planted(4_000, 20, seed=3)
    chance = np.random.default_rng(1).uniform(0, 1, len(made.accounts))
    made = Network({"accounts": made.accounts.assign(p_physician=chance, role="physician"), "edges": made.edges})
    first, *others = (scores(made, measures=["pagerank", "physician_pagerank"]) for _ in range(4))
    for other in others:
        for name in ("pagerank", "physician_pagerank"):
            assert other[name].to_numpy().tobytes() == first[name].to_numpy().tobytes()
    expected = nx.pagerank(digraph(made), alpha=0.85, tol=1e-13, max_iter=1000)
    assert by_key(first, "pagerank") == pytest.approx(expected, rel=1e-8)
