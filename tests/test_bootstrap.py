"""Resampled authors against networks in which the authors really stand several times, and ranks against scipy."""

import json
import sys
from pathlib import Path

import igraph
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled
from scipy.stats import binom, rankdata

from netmed import uncertainty
from netmed.centrality import scores, walk
from netmed.errors import NetmedError, UnknownNameError
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.uncertainty import ranks as places
from netmed.uncertainty import replicates, walks

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import rank_intervals

TINY = [
    *[("a", "b", 2), ("a", "c", 1), ("b", "c", 3), ("c", "a", 1), ("d", "a", 5), ("d", "b", 1)],
    *[("e", "x", 4), ("a", "x", 1), ("x", "e", 0.5)],
]


def duplicated(made: Network, copies: dict[str, int]) -> tuple[list[tuple[str, str, float]], dict[str, list[str]]]:
    """The edges of a network in which every author stands so many times; it is addressed in one of its places."""
    stands = {key: [f"{key}#{i}" for i in range(max(copies.get(key, 1), 1))] for key in made.accounts["account_key"]}
    edges = []
    for row in made.edges.to_dict("records"):
        for i in range(copies.get(row["source_key"], 1)):
            edges.append((f"{row['source_key']}#{i}", f"{row['target_key']}#0", row["weight"]))
    return edges, stands


@given(copies=st.lists(st.integers(0, 4), min_size=6, max_size=6))
@settings(max_examples=25)
def test_multiplicities_are_copies_of_the_authors(copies: list[int]):
    made = network(TINY, ["y"])
    graphs = Graphs(made)
    keys = list(made.accounts["account_key"])
    drawn = dict(zip("abcdex", copies, strict=True))
    edges, stands = duplicated(made, drawn)
    wanted = scores(network(edges, [copy for all_ in stands.values() for copy in all_])).set_index("account_key")
    names = ("in_degree", "in_strength", "effective_engagers", "pagerank")
    matrices = replicates.Matrices.of(graphs, names)
    column = np.array([[float(drawn.get(key, 1))] for key in keys])
    for name in ("in_degree", "in_strength"):
        found = matrices.values(name, column)[:, 0]
        assert found == pytest.approx([wanted.loc[f"{key}#0", name] for key in keys])
    engaging = pd.DataFrame(edges, columns=["source", "target", "weight"]).groupby("target")["weight"]
    entropy = engaging.apply(lambda w: float(np.exp(-(w / w.sum() * np.log(w / w.sum())).sum()))).to_dict()
    found = matrices.values("effective_engagers", column)[:, 0]
    assert found == pytest.approx([entropy.get(f"{key}#0", 0.0) for key in keys])


def lumped(made: Network, drawn: dict[str, int]) -> list[float]:
    """PageRank by igraph of the duplicated network, added up over the copies of an account."""
    gone = {key for key, number in drawn.items() if number == 0}
    edges, stands = duplicated(made, drawn)
    names = [copy for copies in stands.values() for copy in copies]
    graph = igraph.Graph(directed=True)
    graph.add_vertices(names)
    graph.add_edges([(a, b) for a, b, _ in edges])
    start = [0.0 if name.split("#")[0] in gone else 1.0 for name in names]
    values = graph.personalized_pagerank(damping=0.85, weights=[w for *_, w in edges], reset=start)
    by_name = dict(zip(names, values, strict=True))
    return [sum(by_name[copy] for copy in stands[key]) for key in made.accounts["account_key"]]


@pytest.mark.parametrize(
    "copies", [[1] * 6, [2, 0, 1, 3, 0, 0], [0, 0, 0, 0, 0, 6], [1, 1, 2, 0, 1, 1], [0, 3, 3, 0, 0, 0]]
)
def test_pagerank_is_that_of_the_copies_of_accounts(copies: list[int]):
    made = network(TINY, ["y"])
    graphs = Graphs(made)
    drawn = dict(zip("abcdex", copies, strict=True))
    column = np.array([[float(drawn.get(key, 1))] for key in made.accounts["account_key"]])
    share, arrived = walks.pagerank(walk.step_matrix(graphs), np.bincount(graphs.source, minlength=7) > 0, column)
    assert share[:, 0] == pytest.approx(lumped(made, drawn), abs=1e-10)
    assert share.sum() == pytest.approx(1)
    afresh = (share - arrived)[column > 0] / column[column > 0]
    assert afresh == pytest.approx(afresh[0])


def test_pagerank_of_one_replicate_is_that_of_the_table():
    chance = np.random.default_rng(3)
    pairs = {(f"n{a:02}", f"n{b:02}") for a, b in chance.integers(0, 60, (300, 2)) if a != b and a > 15}
    made = network([(a, b, int(w)) for (a, b), w in zip(sorted(pairs), chance.integers(1, 9, len(pairs)), strict=True)])
    graphs = Graphs(made)
    ones = np.ones((graphs.n, 3))
    share, _ = walks.pagerank(walk.step_matrix(graphs), np.bincount(graphs.source, minlength=graphs.n) > 0, ones)
    wanted = scores(made, measures=["pagerank"])["pagerank"]
    for column in share.T:
        assert column == pytest.approx(wanted.to_numpy(), abs=1e-10)


@given(values=st.lists(st.sampled_from([0.0, 1.0, 0.1 + 0.2, 0.3, 7.0, 1e6])))
def test_ranks_are_those_of_scipy(values: list[float]):
    best, worst = places.ranks(values)
    rounded = [-round(value, 9) for value in values]
    assert best.tolist() == list(rankdata(rounded, "min")) if values else best.tolist() == []
    assert worst.tolist() == list(rankdata(rounded, "max")) if values else worst.tolist() == []
    for top in (1, 3):
        assert places.share_of_top(best, worst, top).sum() == pytest.approx(min(top, len(values)))


def test_ranks_among_copies_are_those_of_the_copies_written_out():
    values, copies = [5.0, 3.0, 3.0, 1.0], np.array([2, 0, 3, 1])
    best, worst = places.ranks(values, copies)
    assert best.tolist() == [1, 3, 3, 6]
    assert worst.tolist() == [2, 5, 5, 6]
    best, worst = places.ranks([5.0, 3.0], np.array([0, 4]))
    assert (best.tolist(), worst.tolist()) == ([1, 1], [1, 4])


def test_the_corrected_interval_by_hand():
    """Ten replicates, one account observed third; it stood better in two of ten: the shift is 2 Φ⁻¹(0.2)."""
    replicate = np.array([[1], [2], [4], [5], [6], [7], [8], [9], [10], [11]], dtype=np.int32)
    observed = (np.array([3], dtype=np.int32), np.array([3], dtype=np.int32))
    low, high = places.corrected_interval(replicate, replicate, observed, 0.8)
    # Φ(2 (−0.8416) − 1.2816) · 11 = 0.0166 → first; Φ(2 (−0.8416) + 1.2816) · 11 = 3.79 → the fourth, 5
    assert (low.tolist(), high.tolist()) == ([1], [5])
    assert [r.tolist() for r in places.percentile_interval(replicate, replicate, 0.8)] == [[1], [11]]
    unbiased = (np.array([6], dtype=np.int32), np.array([7], dtype=np.int32))
    low, high = places.corrected_interval(replicate, replicate, unbiased, 0.8)
    assert (low.tolist(), high.tolist()) == ([1], [11])


def test_an_account_nobody_addressed_could_have_been_addressed():
    """Exact Poisson limits (Garwood): 0 → 3.689, 1 → 5.572, 10 → 18.39; the values observed are 10, 5, 4, 3, 1, 0."""
    values = np.array([10.0, 5.0, 4.0, 3.0, 1.0, 0.0])
    reach = places.reach_of_few(values, values.astype(int), 1.0, 0.95)
    # 3 could have been 8.77; 1 could have been 5.57; 0 could have been 3.69
    assert reach.tolist() == [1, 1, 1, 2, 2, 4]
    heavier = places.reach_of_few(values * 2, values.astype(int), 2.0, 0.95)
    assert heavier.tolist() == reach.tolist()


def world(authors: int = 60, targets: int = 40, seed: int = 0) -> Network:
    chance = np.random.default_rng(seed)
    draw = (chance.random((authors, 6)) ** 2 * targets).astype(int)
    pairs = {(f"s{a:03}", f"t{t:03}") for a in range(authors) for t in draw[a]}
    return network([(a, t, 1 + int(t[-1]) % 3) for a, t in sorted(pairs)], ["alone"])


MEASURES = ("in_degree", "pagerank", "in_strength", "out_degree", "effective_engagers", "betweenness", "harmonic")


def test_columns_types_and_meanings():
    made = world()
    frame = uncertainty.bootstrap(made, scores(made), measures=MEASURES, replicates=60, top=5)
    wanted = [column for m in MEASURES for column in (f"rank_{m}", f"rank_{m}_lo", f"rank_{m}_hi", f"p_top_k_{m}")]
    assert list(frame.columns) == ["account_key", *wanted, "p_top_k"]
    assert set(frame.attrs["columns"]) == set(frame.columns)
    json.dumps(frame.attrs, allow_nan=False)
    table = scores(made)
    for measure in MEASURES:
        if measure in table:
            observed = rankdata(-table[measure].round(9), "min")
            assert frame[f"rank_{measure}"].tolist() == observed.tolist()
        assert (frame[f"rank_{measure}_lo"] <= frame[f"rank_{measure}"]).all()
        assert (frame[f"rank_{measure}_hi"] >= frame[f"rank_{measure}"]).all()
        assert frame[f"rank_{measure}_lo"].min() >= 1
        assert frame[f"rank_{measure}_hi"].max() <= len(frame)
    assert frame["p_top_k_in_degree"].sum() == pytest.approx(5)
    pd.testing.assert_series_equal(frame["p_top_k"], frame["p_top_k_in_degree"], check_names=False)


def test_chance_is_named_and_order_of_rows_is_nothing():
    made = world()
    table = scores(made)
    np.random.seed(4)
    before = np.random.get_state()[1].tolist()
    one = uncertainty.bootstrap(made, table, measures=MEASURES, replicates=60, seed=3)
    assert np.random.get_state()[1].tolist() == before
    pd.testing.assert_frame_equal(one, uncertainty.bootstrap(made, table, measures=MEASURES, replicates=60, seed=3))
    other = uncertainty.bootstrap(made, table, measures=MEASURES, replicates=60, seed=4)
    assert (one["p_top_k"] != other["p_top_k"]).any()
    mixed = shuffled(made, 2)
    again = uncertainty.bootstrap(mixed, scores(mixed), measures=MEASURES, replicates=60, seed=3)
    assert list(again["account_key"]) == list(mixed.accounts["account_key"])
    pd.testing.assert_frame_equal(one, again.sort_values("account_key", ignore_index=True), check_exact=True)


def test_the_chance_to_be_first_in_closed_form():
    """Of 20 authors 12 address p and 8 address q; p leads if more than 10 of 20 draws are of the twelve."""
    made = network([(f"s{i:02}", "p" if i < 12 else "q", 1) for i in range(20)])
    frame = uncertainty.bootstrap(made, scores(made), measures=["in_degree"], replicates=4000, top=1).set_index(
        "account_key"
    )
    leads = binom.sf(10, 20, 0.6) + binom.pmf(10, 20, 0.6) / 2
    assert frame.loc["p", "p_top_k"] == pytest.approx(leads, abs=0.02)
    assert frame.loc["p", ["rank_in_degree_lo", "rank_in_degree_hi"]].tolist() == [1, 2]
    assert frame.loc["s00", "rank_in_degree_hi"] == 22


def test_what_every_author_says_is_sure():
    """A target that all address is first in every replicate."""
    edges = [(f"s{i}", "hub", 1) for i in range(12)] + [(f"s{i}", f"t{i}", 1) for i in range(12)]
    made = network(edges)
    frame = uncertainty.bootstrap(made, scores(made), replicates=80, top=1).set_index("account_key")
    assert frame.loc["hub", ["rank_in_degree_lo", "rank_in_degree_hi", "p_top_k"]].tolist() == [1, 1, 1.0]
    assert frame.loc["t3", "rank_in_degree"] == 2
    assert frame.loc["t3", "rank_in_degree_hi"] == 25


def test_intervals_cover_the_true_rank_as_often_as_they_say():
    """150, 400 and 1,000 draws from 1,000 authors; of the 50 accounts that are truly first, in four networks each."""
    population = rank_intervals.heavy_tailed(1500, 1000)
    shares = []
    for authors in (150, 400, 1000):
        found = rank_intervals.coverage(population, 1500, authors, worlds=4, replicates=99, names=("in_degree",))
        shares.append(np.mean([covered for covered, _ in found["in_degree", "true", "1-50"]]))
    assert min(shares) >= 0.90
    assert np.mean(shares) <= 0.99


def test_flow_turns_the_degrees_and_leaves_the_rest_empty_with_a_reason():
    made = world()
    flow = uncertainty.bootstrap(
        made, scores(made, direction="flow"), measures=["out_degree", "pagerank"], replicates=60
    )
    plain = uncertainty.bootstrap(made, scores(made), measures=["in_degree"], replicates=60)
    assert flow["rank_out_degree_hi"].tolist() == plain["rank_in_degree_hi"].tolist()
    assert flow["rank_pagerank"].isna().all()
    assert "flow" in flow.attrs["meta"]["measures"]["pagerank"]["empty"]


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([], ["a", "b"]), network([("a", "b", 2)])])
def test_degenerate_networks_have_the_columns_empty_and_a_reason(made: Network):
    frame = uncertainty.bootstrap(made, scores(made), measures=MEASURES, replicates=60)
    assert len(frame) == len(made.accounts)
    assert frame.drop(columns="account_key").isna().all().all()
    assert frame.shape[1] == 2 + 4 * len(MEASURES)
    for measure in MEASURES:
        assert frame.attrs["meta"]["measures"][measure]["empty"]


def test_path_measures_that_cost_too_much_are_empty_with_a_reason(monkeypatch: pytest.MonkeyPatch):
    made = world()
    monkeypatch.setattr("netmed.uncertainty.resampled_paths.WORK", 60 * 10 * 200)
    frame = uncertainty.bootstrap(made, scores(made), measures=["betweenness", "in_degree"], replicates=60)
    assert frame["rank_betweenness_lo"].isna().all()
    assert frame["p_top_k"].isna().all()
    assert "affordable" in frame.attrs["meta"]["measures"]["betweenness"]["empty"]
    assert frame["rank_in_degree_lo"].notna().all()


def test_errors_say_what_was_wanted():
    made = world()
    with pytest.raises(UnknownNameError, match="did you mean pagerank"):
        uncertainty.bootstrap(made, scores(made), measures=["pagerenk"])
    with pytest.raises(NetmedError, match="95% intervals need 39 replicates at least, not 38"):
        uncertainty.bootstrap(made, scores(made), replicates=38)
    with pytest.raises(NetmedError, match="not in the network"):
        uncertainty.bootstrap(made, scores(network([("p", "q", 1)])))


def test_several_processes_give_the_same(monkeypatch: pytest.MonkeyPatch):
    made = world()
    table = scores(made)
    one = uncertainty.bootstrap(made, table, replicates=60)
    monkeypatch.setattr("netmed.parallel.WORTHWHILE", 0.0)
    pd.testing.assert_frame_equal(one, uncertainty.bootstrap(made, table, replicates=60), check_exact=True)
