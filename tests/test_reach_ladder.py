"""The ladder of reach: every rung against what is known by another way."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networks
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import reach_networks
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import netmed as nm
from netmed import schema
from netmed.errors import NetmedError, UnknownNameError
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.reach import rates, rungs, within

QUICK: dict[str, Any] = {"probability": "constant:0.5"}


def row(network: Network, key: str, **settings: Any) -> Mapping[str, Any]:
    """The ladder of one account."""
    frame = nm.reach.ladder(network, **{**QUICK, **settings}).set_index("account_key")
    found: dict[str, Any] = frame.loc[key].to_dict()
    return found


# R0 to R2


LISTS = {"you": ["a", "b"], "a": ["c"], "b": ["c", "d"]}


def test_the_vendors_example_reach_4_exposures_5(tmp_path: Path) -> None:
    """A and B follow you; A's repost reaches C, B's reaches C and D."""
    network = reach_networks.followed(LISTS, [("you", "a"), ("you", "b")])
    (tmp_path / "lists.csv").write_text(reach_networks.as_csv(LISTS))
    you = row(network, "you", followers=tmp_path / "lists.csv")
    assert (you["deduplicated_reach"], you["exposures"]) == (4, 5)
    assert (you["potential_reach_lo"], you["potential_reach_hi"], you["amplifiers"]) == (2, 5, 2)
    assert (you["potential_impressions"], you["listed_followers"], you["lists_missing"]) == (2, 2, 0)


NAMES = [f"n{i}" for i in range(12)]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    keys = [f"k{i}" for i in range(draw(st.integers(1, 5)))]
    lists = {key: draw(st.lists(st.sampled_from([*NAMES, *keys]), unique=True)) for key in keys}
    pairs = draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=8))
    return lists, pairs


@settings(max_examples=5)
@given(worlds())
def test_the_true_reach_lies_within_the_bounds_always(
    tmp_path_factory: pytest.TempPathFactory, world: tuple[dict[str, list[str]], list[tuple[str, str]]]
) -> None:
    from netmed.reach import listed, posted
    from netmed.reach.relational import opened

    lists, pairs = world
    # nobody follows itself
    lists = {key: [name for name in names if name != key] for key, names in lists.items()}
    network = reach_networks.followed(lists, pairs)
    file = tmp_path_factory.mktemp("lists") / "lists.csv"
    file.write_text(reach_networks.as_csv(lists))
    with opened(network) as tables:
        bounds, _ = posted.followers(tables, network.accounts)
    found, told = listed.from_lists(network, file)
    assert told["rows"]["all"] == sum(value for name, value in told["rows"].items() if name != "all")
    for i, key in enumerate(network.accounts["account_key"]):
        others = {by for who, by in pairs if who == key and by != key}
        true = set(lists[key]).union(*(lists[by] for by in others))
        assert bounds["potential_reach_lo"][i] <= len(true) <= bounds["potential_reach_hi"][i]
        assert bounds["amplifiers"][i] == len(others)
        if lists[key]:
            assert found["deduplicated_reach"][i] == len(true)
            assert found["exposures"][i] == len(lists[key]) + sum(len(lists[by]) for by in others)
            assert found["lists_missing"][i] == sum(not lists[by] for by in others)
        else:
            assert pd.isna(found["deduplicated_reach"][i])


def test_followers_that_are_not_known_leave_no_upper_bound_and_say_so() -> None:
    network = reach_networks.followed(LISTS, [("you", "a"), ("you", "b")])
    network.accounts.loc[network.accounts["account_key"] == "b", "followers"] = pd.NA
    frame = nm.reach.ladder(network, **QUICK).set_index("account_key")
    assert frame.loc["you", "potential_reach_lo"] == 2
    assert np.isnan(frame.loc["you", "potential_reach_hi"])
    assert frame.loc["a", "potential_reach_hi"] == 1
    assert np.isnan(frame.loc["b", "potential_impressions"])
    empty = frame.attrs["meta"]["empty"]
    assert "for 2 accounts" in empty["potential_reach_hi"]
    assert "1 accounts have no profile" in empty["potential_impressions"]


def test_a_quote_and_a_repost_by_hand_amplify_and_a_reply_does_not() -> None:
    events = [("1", "a", "you", "quote"), ("2", "b", "you", "retweet_manual"), ("3", "c", "you", "reply")]
    profiles = {key: {"followers": 10} for key in ("you", "a", "b", "c")}
    network = reach_networks.posted([{"post_key": "0", "author_key": "you"}], events, profiles)
    assert row(network, "you")["potential_reach_hi"] == 30


def test_names_of_any_kind_match_and_rows_of_nobody_are_counted(tmp_path: Path) -> None:
    import gzip

    network = reach_networks.followed({"x:1": [], "x:2": []}, [("x:1", "x:2")])
    network.accounts["account_id"] = ["1", "2"]
    network.accounts["handle"] = ["Ana", "Bo"]
    text = "Follower,Followee\n@Zed,@ana\nzed,1\nx:2,ANA\nyan,x:1\n@bo,bo\nq,nobody\n,1\nbo,1\n"
    (tmp_path / "l.csv.gz").write_bytes(gzip.compress(text.encode()))
    frame = nm.reach.ladder(network, followers=tmp_path / "l.csv.gz", **QUICK)
    assert frame["listed_followers"].tolist()[0] == 3  # zed, Bo (by key and by handle), yan
    assert pd.isna(frame["listed_followers"][1])
    assert frame["lists_missing"][0] == 1
    assert frame.attrs["meta"]["followers"]["rows"] == {
        "all": 8,
        "used": 3,
        "named_again": 2,
        "of_nobody_in_the_network": 1,
        "of_itself": 1,
        "without_a_name": 1,
        "that_do_not_fit_the_header": 0,
    }


def test_a_sketch_is_within_its_error(tmp_path: Path) -> None:
    from netmed.reach import listed

    rng = np.random.default_rng(5)
    lists = {f"k{i}": [f"n{j}" for j in rng.choice(40_000, 3000, replace=False)] for i in range(40)}
    network = reach_networks.followed(lists, [])
    (tmp_path / "l.csv").write_text(reach_networks.as_csv(lists))
    found, told = listed.from_lists(network, tmp_path / "l.csv", sketch=True)
    error = (found["deduplicated_reach"] / 3000 - 1).astype(float)
    assert 0.3 < np.sqrt((error**2).mean()) / told["relative_standard_error"] < 1.6
    assert (found["exposures"] == 3000).all()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a,b\n1,2\n", "wanted is a table with the columns follower,followee"),
        ("follower,followee\n1.23E+18,1\n", "rounded"),
        (None, "does not exist"),
    ],
)
def test_what_is_no_list_of_followers_is_refused(tmp_path: Path, text: str | None, wanted: str) -> None:
    network = reach_networks.followed(LISTS, [])
    if text is not None:
        (tmp_path / "l.csv").write_text(text)
    with pytest.raises(NetmedError, match=wanted):
        nm.reach.ladder(network, followers=tmp_path / "l.csv", **QUICK)


# R4 and what posts tell


def test_impressions_are_summed_over_posts_that_have_them_and_absent_is_not_0() -> None:
    figures = {"likes": 3, "retweets": 1, "replies": 0, "quotes": 1}
    posts = [
        {"post_key": "1", "author_key": "a", "impressions": 100, **figures},
        {"post_key": "2", "author_key": "a", "impressions": 50, **figures},
        {"post_key": "3", "author_key": "a"},
        {"post_key": "4", "author_key": "a", "kind": "retweet", "impressions": 7000},
        {"post_key": "5", "author_key": "a", "impressions": 9000, "in_collection": False},
        {"post_key": "6", "author_key": "b", "likes": 3},
        {"post_key": "7", "author_key": "c", "impressions": 0, "likes": 0},
    ]
    frame = nm.reach.ladder(reach_networks.posted(posts), **QUICK).set_index("account_key")
    assert frame["measured_impressions"].tolist()[0::2] == [150, 0]
    assert np.isnan(frame.loc["b", "measured_impressions"])
    assert frame["posts_with_impressions"].tolist() == [2, 0, 1]
    assert frame.loc["a", "engagement_rate"] == pytest.approx(10 / 150)
    assert np.isnan(frame.loc["c", "engagement_rate"])
    assert "for 1 accounts" in frame.attrs["meta"]["empty"]["measured_impressions"]


def brute_h(counts: list[int]) -> int:
    return max((h for h in range(len(counts) + 1) if sum(c >= h for c in counts) >= h), default=0)


@pytest.mark.parametrize("counts", [[0], [1, 1, 1], [5, 4, 3, 2, 1], [9, 9, 9], [3, 0, 6, 1, 5], [2, 2, 0]])
def test_the_h_index_and_amplification_of_counted_reposts(counts: list[int]) -> None:
    posts: list[dict[str, Any]] = [
        {"post_key": f"p{i}", "author_key": "you", "retweets": 10 * i} for i in range(len(counts))
    ]
    posts += [
        {"post_key": f"r{i}-{j}", "author_key": f"a{j}", "kind": "retweet", "retweeted_post_key": f"p{i}"}
        for i, number in enumerate(counts)
        for j in range(number)
    ]
    posts += [
        {"post_key": "own", "author_key": "you", "kind": "retweet", "retweeted_post_key": "p0"},
        {"post_key": "along", "author_key": "z", "in_collection": False, "kind": "retweet", "retweeted_post_key": "p0"},
    ]
    you = row(reach_networks.posted(posts), "you")
    assert you["h_index_reposts"] == brute_h(counts)
    assert you["h_index_reposts_stated"] == brute_h([10 * i for i in range(len(counts))])
    assert you["amplification"] == pytest.approx(sum(counts) / len(counts))
    assert you["amplification_lo"] <= you["amplification"] <= you["amplification_hi"]


def test_without_dispersion_the_interval_is_garwoods() -> None:
    """Ten posts of one repost each: the exact interval of a Poisson count of ten, by chi-square."""
    low, high, dispersion = rates.interval(np.array([10.0]), np.array([10.0]), np.array([10.0]))
    assert dispersion[0] == 1
    assert low[0] == pytest.approx(stats.chi2.ppf(0.025, 20) / 2 / 10)
    assert high[0] == pytest.approx(stats.chi2.ppf(0.975, 22) / 2 / 10)
    low, high, _ = rates.interval(np.array([0.0]), np.array([0.0]), np.array([4.0]))
    assert (low[0], high[0]) == (0, pytest.approx(-math.log(0.025) / 4))
    assert np.isnan(rates.interval(np.array([np.nan]), np.array([np.nan]), np.array([np.nan]))).all()


@pytest.mark.parametrize(("shape", "posts"), [(0.5, 10), (1.0, 40), (50.0, 10)])
def test_the_interval_covers_the_mean_of_overdispersed_counts(shape: float, posts: int) -> None:
    """Negative binomial counts of mean 2: at least 90 % of 2,000 accounts; a plain Poisson interval far fewer."""
    rng = np.random.default_rng(1)
    counts = rng.poisson(rng.gamma(shape, 2 / shape, (2000, posts))).astype(float)
    many = np.full(2000, float(posts))
    low, high, _ = rates.interval(counts.sum(axis=1), (counts**2).sum(axis=1), many)
    covered = ((low <= 2) & (high >= 2)).mean()
    assert covered >= 0.90
    total = counts.sum(axis=1)
    plain = (stats.chi2.ppf(0.025, 2 * total) / 2 <= 2 * posts) & (
        stats.chi2.ppf(0.975, 2 * total + 2) / 2 >= 2 * posts
    )
    assert shape > 1 or plain.mean() < covered - 0.1


# Cascades


def test_cascades_on_chains_made_by_hand() -> None:
    """One of five posts, three deep; one alone; a reply to what is not there; a ring; a repost of nothing known."""
    posts = [
        {"post_key": "1", "author_key": "a"},
        {"post_key": "2", "author_key": "b", "kind": "reply", "reply_to_post_key": "1"},
        {"post_key": "3", "author_key": "c", "kind": "quote", "quoted_post_key": "2"},
        {"post_key": "4", "author_key": "d", "kind": "retweet", "retweeted_post_key": "3"},
        {"post_key": "5", "author_key": "b", "kind": "reply+quote", "reply_to_post_key": "1", "quoted_post_key": "x"},
        {"post_key": "6", "author_key": "a"},
        {"post_key": "7", "author_key": "c", "kind": "reply", "reply_to_post_key": "gone"},
        {"post_key": "8", "author_key": "e", "kind": "reply", "reply_to_post_key": "9"},
        {"post_key": "9", "author_key": "e", "kind": "reply", "reply_to_post_key": "8"},
        {"post_key": "10", "author_key": "e", "kind": "reply", "reply_to_post_key": "9"},
        {"post_key": "11", "author_key": "d", "kind": "retweet", "retweeted_post_key": "gone"},
        {"post_key": "x", "author_key": "f", "in_collection": False},
        {"post_key": "13", "author_key": "g", "kind": "reply", "reply_to_post_key": "13"},
    ]
    frame = nm.reach.ladder(reach_networks.posted(posts), **QUICK).set_index("account_key")
    assert frame.loc["a", ["cascade_size_mean", "cascade_size_max", "cascade_depth"]].tolist() == [3, 5, 3]
    assert frame.loc["c", ["cascade_size_mean", "cascade_size_max", "cascade_depth"]].tolist() == [1, 1, 0]
    assert frame.loc["g", "cascade_size_max"] == 1
    for key in ("b", "d", "e", "f"):
        assert pd.isna(frame.loc[key, "cascade_size_max"])
    assert frame.attrs["meta"]["cascades"] == {
        "posts": 13,
        "posts_in_cascades_of_the_collection": 8,
        "posts_in_rings": 3,
        "posts_in_other_cascades": 2,
    }


def test_a_long_thread_is_as_deep_as_it_is_long() -> None:
    posts = [
        {"post_key": f"{i:04}", "author_key": "a", "reply_to_post_key": f"{i - 1:04}" if i else None}
        for i in range(777)
    ]
    found = row(reach_networks.posted(posts), "a")
    assert (found["cascade_size_max"], found["cascade_depth"]) == (777, 776)


# R5 to R9


def drawn(seed: int, n: int = 30, m: int = 80) -> Network:
    """A random network with roles, specialties and posts."""
    rng = np.random.default_rng(seed)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, n, (m, 2)) if a != b}
    profiles = {
        f"k{i:02}": {
            "n_original": 5,
            "p_physician": float(rng.random()),
            "p_trainee": 0.1,
            "role": "physician",
            "specialty": ["cardiology", "surgery", None][int(rng.integers(3))],
        }
        for i in range(n)
    }
    return networks.network(
        [(f"k{a:02}", f"k{b:02}", 1) for a, b in sorted(pairs)], sorted(profiles), profiles=profiles
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("searched", [1e18, -1])
def test_accounts_within_steps_are_those_of_a_search(
    monkeypatch: pytest.MonkeyPatch, seed: int, searched: float
) -> None:
    monkeypatch.setattr(within, "SEARCHED", searched)
    n = 700 if searched < 0 else 40  # more than one block of bits
    network = drawn(seed, n, 2 * n)
    graphs = Graphs(network)
    two, three, told = within.steps(graphs)
    flow = nx.DiGraph(zip(graphs.target.tolist(), graphs.source.tolist(), strict=True))
    flow.add_nodes_from(range(n))
    for k, found in ((2, two), (3, three)):
        wanted = [len(nx.single_source_shortest_path_length(flow, v, cutoff=k)) - 1 for v in range(n)]
        assert found.tolist() == wanted
    assert ("search" in told["method"]) == (searched > 0)
    assert three.max() > two.max()


def test_engaged_accounts_and_the_share_of_physicians_are_sums_of_probabilities() -> None:
    network = drawn(3)
    frame = nm.reach.ladder(network, **QUICK).set_index("account_key")
    chance = network.accounts.set_index("account_key")["p_physician"]
    for key, edges in network.edges.groupby("target_key"):
        p = chance[edges["source_key"]]
        assert frame.loc[key, "engaged_accounts"] == len(edges)
        assert frame.loc[key, "engaged_physicians"] == pytest.approx(p.sum())
        assert frame.loc[key, "share_of_physicians"] == pytest.approx(p.sum() / chance.sum())
        assert frame.loc[key, "engaged_physicians_lo"] <= p.sum() <= frame.loc[key, "engaged_physicians_hi"]
    nobody = frame.index.difference(network.edges["target_key"])
    assert (frame.loc[nobody, ["engaged_accounts", "engaged_physicians", "share_of_physicians"]] == 0).all(axis=None)
    assert frame["engaged_physicians"].tolist() == nm.centrality.scores(network)["engaged_physicians"].tolist()


def test_entropy_is_that_of_the_engagers_in_bits() -> None:
    edges: list[networks.Edge] = [(name, "you", weight) for name, weight in (("a", 9), ("b", 1), ("c", 1), ("d", 1))]
    edges += [("a", "her", 1), ("b", "her", 1)]
    said = {"a": "cardiology", "b": "surgery", "c": "surgery"}
    network = networks.network(edges, profiles={key: {"n_original": 1, "specialty": s} for key, s in said.items()})
    parts = pd.DataFrame({"account_key": ["a", "b", "c", "d"], "community": [1, 1, 2, 3]})
    frame = nm.reach.ladder(network, communities=parts, **QUICK).set_index("account_key")
    assert frame.loc["you", "reach_entropy_communities"] == pytest.approx(1.5)  # a half and two quarters
    third = 1 / 3
    wanted = -(third * math.log2(third) + 2 * third * math.log2(2 * third))
    assert frame.loc["you", "reach_entropy_specialties"] == pytest.approx(wanted)
    assert frame.loc["her", "reach_entropy_communities"] == 0
    assert np.isnan(frame.loc["a", "reach_entropy_communities"])
    assert "base 2" in frame.attrs["meta"]["entropy"]


def test_cascade_and_joint_reach_are_those_of_their_own_tables() -> None:
    network = drawn(4, 9, 12)
    settings: dict[str, Any] = {"probability": "constant:0.2", "seed": 7, "sets": 20_000}
    table, _ = nm.reach.joint(network, 3, **settings)
    frame = nm.reach.ladder(network, chosen=table, **settings)
    alone = nm.reach.cascade(network, **settings)
    assert frame["cascade_reach"].tolist() == alone["cascade_reach"].tolist()
    own = frame.set_index("account_key")["unique_reach"]
    assert own.dropna().to_dict() == table.set_index("account_key")["unique_reach"].to_dict()
    assert "only the 3 accounts" in frame.attrs["meta"]["empty"]["unique_reach"]
    named = ["k05", "k02"]
    some = nm.reach.ladder(network, accounts=named, **settings)
    assert some["account_key"].tolist() == ["k02", "k05"]
    listed, _ = nm.reach.joint(network, 2, candidates=named, **settings)
    assert some.set_index("account_key")["marginal_reach"].to_dict() == dict(
        zip(listed["account_key"], listed["marginal_reach"], strict=True)
    )
    with pytest.raises(UnknownNameError, match="k0"):
        nm.reach.ladder(network, accounts=["k0x"], **settings)


# What is not there


def test_an_edge_list_leaves_what_it_cannot_tell_empty_with_a_reason() -> None:
    frame = nm.reach.ladder(networks.network([("a", "b", 2), ("c", "b", 1)]), **QUICK).set_index("account_key")
    known = {"engaged_accounts", "reach_2", "reach_3", "cascade_reach"}
    columns = [column.name for column in rungs.COLUMNS]
    assert list(frame.columns) == ["handle", "name", *columns]
    for name in columns:
        if name in known:
            assert frame[name].notna().all(), name
        elif name != "cascade_reach_se" and not name.endswith(("_lo", "_hi")):
            assert frame[name].isna().all(), name
            assert frame.attrs["meta"]["empty"][name], name
    assert frame.loc["b", ["engaged_accounts", "reach_2"]].tolist() == [2, 2]
    assert set(frame.attrs["columns"]) >= set(columns)


@pytest.mark.parametrize("accounts", [[], ["a"]])
def test_networks_without_edges_have_a_table_too(accounts: list[str]) -> None:
    frame = nm.reach.ladder(networks.network([], accounts), **QUICK)
    assert len(frame) == len(accounts)
    assert frame["reach_3"].sum() == 0
    assert (frame["cascade_reach"] == 1).all()


def test_the_order_of_the_rows_changes_no_value() -> None:
    network = drawn(6)
    one = nm.reach.ladder(network, **QUICK).set_index("account_key")
    other = nm.reach.ladder(networks.shuffled(network), **QUICK).set_index("account_key")
    pd.testing.assert_frame_equal(one, other.loc[one.index])


def test_turned_round_the_engaged_are_those_it_addressed() -> None:
    network = networks.network([("a", "b", 1), ("b", "c", 1)], profiles={k: {"n_original": 1} for k in "abc"})
    turned = row(network, "a", direction="flow")
    assert (turned["engaged_accounts"], turned["reach_2"]) == (1, 2)


def test_amplifiers_of_an_edge_list_with_reposts_are_known() -> None:
    profiles = {"a": {"followers": 3, "n_original": 2}, "b": {"followers": 4}}
    network = networks.network([("b", "a", 2, "retweet")], profiles=profiles)
    found = row(network, "a")
    assert (found["potential_reach_lo"], found["potential_reach_hi"], found["potential_impressions"]) == (4, 7, 6)
    assert schema.RELATIONS[3] == "retweet"
