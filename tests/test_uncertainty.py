"""Two rankings side by side, thinned posts, and the readings of path measures, against values worked out by hand."""

import json

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from centrality_oracles import digraph
from hypothesis import given
from hypothesis import strategies as st
from networks import network, shuffled, table
from scipy.stats import kendalltau, spearmanr

from netmed import schema, simulate, uncertainty
from netmed.building import build
from netmed.centrality import scores
from netmed.errors import NetmedError, NetworkError, UnknownNameError
from netmed.network import Network
from netmed.uncertainty import compare, rank_biased_overlap


def ordered(names: str) -> pd.Series:
    """``"abc"``: a first, then b, then c; ``"a(bc)d"``: b and c share the second place."""
    values, place, together = {}, 100.0, False
    for sign in names:
        if sign in "()":
            together = sign == "("
            place -= sign == ")"
            continue
        values[sign] = place
        place -= not together
    return pd.Series(values)


def test_rank_biased_overlap_by_hand():
    # depth 1: 0, depth 2: 1, depth 3: 1 → (1 − p)/p (p² + p³) + p³ with p = 1/2
    assert rank_biased_overlap(ordered("abc"), ordered("bac"), persistence=0.5) == pytest.approx(0.25 + 0.125 + 0.125)
    # depth 1: 1, depth 2: 1/2 → (1 − p)/p (p + p²/2) + p²/2
    assert rank_biased_overlap(ordered("ab"), ordered("ac"), persistence=0.5) == pytest.approx(0.625 + 0.125)
    # uneven: s = 1, l = 3, X = 1, 1, 1: agreements 1, (1 + 1)/2, (1 + 2)/3: the short list would go on agreeing
    assert rank_biased_overlap(ordered("a"), ordered("abc"), persistence=0.5) == pytest.approx(1)
    # s = 2, l = 3: agreements 1, 1/2, (1 + 1/2)/3
    assert rank_biased_overlap(ordered("ax"), ordered("abc"), persistence=0.5) == pytest.approx(
        0.5 + 0.125 + 0.0625 + 0.0625
    )
    # a tie: sizes 1, 3, 3 against 1, 2, 3, common 1, 2, 3 → agreements 1, 4/5, 1
    assert rank_biased_overlap(ordered("a(bc)"), ordered("abc"), persistence=0.5) == pytest.approx(0.5 + 0.2 + 0.25)


def test_equation_32_of_the_paper():
    """Uneven lists, written out as it stands there."""
    short, long, p = "dabz", "abcdefg", 0.9
    x = [len(set(short[:d]) & set(long[:d])) for d in range(1, 8)]
    s, length = len(short), len(long)
    wanted = (1 - p) / p * (
        sum(x[d - 1] / d * p**d for d in range(1, length + 1))
        + sum(x[s - 1] * (d - s) / (s * d) * p**d for d in range(s + 1, length + 1))
    ) + ((x[-1] - x[s - 1]) / length + x[s - 1] / s) * p**length
    assert rank_biased_overlap(ordered(short), ordered(long), persistence=p) == pytest.approx(wanted)


@given(names=st.permutations("abcdefgh"), others=st.permutations("abcdefgh"), p=st.sampled_from([0.5, 0.9, 0.98]))
def test_identities_of_rank_biased_overlap(names: list[str], others: list[str], p: float):
    one, other = ordered("".join(names)), ordered("".join(others))
    assert rank_biased_overlap(one, one, persistence=p) == pytest.approx(1)
    assert rank_biased_overlap(one, other.rename(str.upper), persistence=p) == 0
    value = rank_biased_overlap(one, other, persistence=p)
    assert 0 <= value <= 1
    assert value == pytest.approx(rank_biased_overlap(other, one, persistence=p))
    assert value == pytest.approx(rank_biased_overlap(one.sample(frac=1, random_state=1), other, persistence=p))


def test_accounts_without_any_are_in_no_list():
    assert np.isnan(rank_biased_overlap(pd.Series({"a": 0.0}), pd.Series({"a": 0.0})))
    assert rank_biased_overlap(pd.Series({"a": 1.0}), pd.Series({"a": 0.0})) == 0
    with pytest.raises(NetmedError, match="between 0 and 1"):
        rank_biased_overlap(pd.Series({"a": 1.0}), pd.Series({"a": 1.0}), persistence=1)


def test_who_enters_and_who_leaves():
    one = pd.Series({"a": 9.0, "b": 8.0, "c": 7.0, "d": 7.0, "e": 0.0})
    other = pd.Series({"a": 8.0, "b": 1.0, "c": 9.0, "d": 2.0, "e": 3.0})
    found = compare(one, other, top=3)
    assert found.left == ("b", "d")
    assert found.entered == ("e",)
    assert found.top_overlap == pytest.approx(2 * 2 / (4 + 3))
    assert found.kendall_tau == pytest.approx(kendalltau(one, other).statistic)
    assert found.spearman == pytest.approx(spearmanr(one, other).statistic)
    assert compare(one, one, top=2).entered == ()
    constant = compare(one * 0, one)
    assert np.isnan(constant.kendall_tau)
    assert constant.rbo == 0


@pytest.fixture(scope="module")
def meded(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("posts") / "posts.jsonl"
    simulate.collection(500, path, seed=4)
    return build(path)


def test_all_posts_are_the_network_itself(meded: Network):
    """Edges counted anew from all events are the edges; nothing changes where nothing is left out."""
    frame = uncertainty.thinning(meded, fractions=(1.0,), repeats=2, measures=["in_strength", "pagerank"])
    assert frame[["kendall_tau", "spearman", "rbo", "top_overlap"]].to_numpy().tolist() == [[1.0] * 4] * 2
    assert frame["edges"].tolist() == [len(meded.edges)] * 2
    used = meded.events[meded.events["relation"].isin(meded.relations)]
    used = used[used["source_key"] != used["target_key"]]
    assert frame["posts"].tolist() == [used["post_key"].nunique()] * 2


def test_a_post_counts_once_per_pair_and_goes_as_a_whole():
    """Two posts: one replies to b, quotes b and mentions c; the other mentions c. Half of them are kept."""
    events = [
        ("1", "a", "b", "reply"),
        ("1", "a", "b", "quote"),
        ("1", "a", "c", "mention"),
        ("2", "a", "c", "mention"),
    ]
    plain = network([("a", "b", 1), ("a", "c", 2)], relations=("reply", "mention", "quote"))
    rows = [dict(zip(("post_key", "source_key", "target_key", "relation"), event, strict=True)) for event in events]
    made = Network(
        {"accounts": plain.accounts, "edges": plain.edges, "events": table(schema.EVENTS, rows), "posts": plain.posts},
        provenance=plain.provenance,
    )
    frame = uncertainty.thinning(made, fractions=(0.5,), repeats=40, measures=["in_strength"], top=1)
    assert frame["posts"].tolist() == [1]
    # either {b: 1, c: 1} of the first post (top: both) or {c: 1} of the second (top: c); the full top is c
    overlap = frame["top_overlap"].item()
    assert frame["top_overlap_lo"].item() == pytest.approx(2 / 3)
    assert frame["top_overlap_hi"].item() == 1
    share = (overlap - 2 / 3) * 3
    assert frame["edges"].item() == pytest.approx(2 - share)
    assert 0.2 < share < 0.8


def test_fewer_posts_less_of_the_ranking(meded: Network):
    frame = uncertainty.thinning(meded, repeats=4)
    assert list(frame.attrs["columns"]) == list(frame.columns)
    json.dumps(frame.attrs, allow_nan=False)
    for _, rows in frame.groupby("measure"):
        assert rows["fraction"].tolist() == [0.9, 0.5, 0.1]
        assert rows["rbo"].is_monotonic_decreasing
        assert (rows["rbo_lo"] <= rows["rbo"]).all()
        assert (rows["rbo"] <= rows["rbo_hi"]).all()
    again = uncertainty.thinning(shuffled(meded, 1), repeats=4)
    pd.testing.assert_frame_equal(frame, again)
    assert not frame.equals(uncertainty.thinning(meded, repeats=4, seed=2))


def test_an_edge_list_is_thinned_by_weight_and_says_so():
    made = network([("a", "b", 400), ("c", "b", 1), ("a", "d", 300)])
    frame = uncertainty.thinning(made, fractions=(0.5,), repeats=3, measures=["in_strength"])
    assert "units of weight" in frame.attrs["meta"]["method"]
    assert frame["posts"].tolist() == [350]
    with pytest.raises(NetworkError, match=r"weights such as 0\.5, and part of a post cannot be left out"):
        uncertainty.thinning(network([("a", "b", 1), ("b", "c", 0.5)]))


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([], ["a", "b"])])
def test_without_edges_nothing_is_compared_and_the_reason_is_given(made: Network):
    frame = uncertainty.thinning(made, repeats=2)
    assert len(frame) == 6
    assert frame[frame["measure"] == "in_degree"][["kendall_tau", "rbo", "top_overlap"]].isna().all().all()
    assert "no edge" in frame.attrs["meta"]["empty"]
    audit = uncertainty.audit_conventions(made)
    assert audit[["spearman", "kendall_tau", "top_overlap"]].isna().all().all()
    assert "no edge" in audit.attrs["meta"]["empty"]
    assert (audit["flag"] == "").all()


def test_settings_out_of_range_are_refused():
    made = network([("a", "b", 1)])
    with pytest.raises(NetmedError, match="above 0 and up to 1"):
        uncertainty.thinning(made, fractions=(0, 0.5))
    with pytest.raises(NetmedError, match="repeats is 1 or more"):
        uncertainty.thinning(made, repeats=0)
    with pytest.raises(UnknownNameError, match="did you mean betweenness"):
        uncertainty.audit_conventions(made, measures=["betweennes"])


STRONG = [("a", "s", 20), ("s", "z", 20), ("a", "w", 1), ("w", "z", 1), ("z", "y", 5), ("b", "a", 2), ("y", "b", 1)]


def test_every_reading_equals_networkx():
    made = network(STRONG)
    frame = uncertainty.audit_conventions(made, top=2).set_index(["measure", "lengths", "direction"])
    assert len(frame) == 12
    assert frame["is_own"].sum() == 2
    graph = digraph(made)
    for *_, data in graph.edges(data=True):
        data["one"] = 1
    length = {"1/weight": "length", "1": "one", "weight": "weight"}
    on_flow = graph.reverse()
    for lengths, name in length.items():
        for direction, turned in (("flow", on_flow), ("attention", graph)):
            between = nx.betweenness_centrality(turned, weight=name)
            # networkx sums over the ways that arrive, so its graph is turned once more
            near = nx.harmonic_centrality(turned.reverse(), distance=name)
            for measure, values in (("betweenness", between), ("harmonic", near)):
                own = scores(made)[measure]
                wanted = pd.Series({key: float(values[key]) for key in made.accounts["account_key"]})
                row = frame.loc[(measure, lengths, direction)]
                assert row["spearman"] == pytest.approx(spearmanr(own, wanted.round(9).to_numpy()).statistic)
                first = sorted(wanted.index[np.isclose(wanted, wanted.max())])
                more = [f"and {len(first) - 3} more"] if len(first) > 3 else []
                assert row["first"] == " ".join([f"@{key}" for key in first[:3]] + more)


def test_the_common_mistake_is_named():
    """Two ways from z to a on the flow graph: over s with strong ties, over w with weak ones."""
    made = network([("a", "s", 20), ("s", "z", 20), ("a", "w", 1), ("w", "z", 1)])
    frame = uncertainty.audit_conventions(made, top=2).set_index(["measure", "lengths", "direction"])
    mistake = frame.loc[("betweenness", "weight", "flow")]
    assert mistake["first"] == "@w"
    # ranks 1, 2, 2, 2 against 2, 1, 2, 2: covariance −1/4 over variance 3/4
    assert mistake["spearman"] == pytest.approx(-1 / 3)
    assert mistake["flag"] == (
        "first is @w instead of @s; of the first 2 only 0% stay; the order is rather reversed (Spearman -0.33)"
    )
    turned = frame.loc[("betweenness", "1/weight", "attention")]
    assert (turned["flag"], turned["spearman"], turned["top_overlap"]) == ("", 1, 1)
    # on F z reaches all (a at 1/10), on E a does: another account is first
    assert frame.loc[("harmonic", "1/weight", "attention"), "flag"].startswith("first is @a instead of @z")


def test_the_mistake_on_a_published_network(shared_data):
    rows = pd.read_csv(shared_data / "classic-graphs" / "lesmis.edges.csv", dtype={"source": str, "target": str})
    both = [(a, b, float(w)) for x, y, w in rows[["source", "target", "weight"]].itertuples(index=False)
            for a, b in ((x, y), (y, x))]  # fmt: skip
    made = network(both)
    frame = uncertainty.audit_conventions(made, measures=["betweenness"]).set_index(["lengths", "direction"])
    graph = digraph(made)
    right = pd.Series(nx.betweenness_centrality(graph, weight="length")).sort_index()
    wrong = pd.Series(nx.betweenness_centrality(graph, weight="weight")).sort_index()
    assert frame.loc[("weight", "flow"), "spearman"] == pytest.approx(spearmanr(right, wrong).statistic, abs=1e-6)
    assert frame.loc[("weight", "flow"), "spearman"] < 0.9
