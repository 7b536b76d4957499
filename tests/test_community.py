"""Communities: planted ones come back, numbered by size, named by what is theirs alone."""

import json
import random
from math import comb

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled

from netmed.community import leiden, names
from netmed.errors import NetmedError
from netmed.network import Network

TWO = [("a", "b", 1), ("b", "c", 1), ("c", "a", 1), ("d", "e", 1), ("e", "f", 1), ("f", "d", 1), ("a", "d", 0.5)]


def planted(sizes: list[int], mixing: float, seed: int) -> tuple[Network, dict[str, int]]:
    """Everyone sends 12 posts, a share of ``mixing`` of them to anyone, the others to their own."""
    rng = random.Random(seed)
    home = {f"p{i:04}": group for i, group in enumerate(g for g, size in enumerate(sizes) for _ in range(size))}
    groups = {g: [key for key, own in home.items() if own == g] for g in range(len(sizes))}
    edges = []
    for key, own in home.items():
        for _ in range(12):
            pool = list(home) if rng.random() < mixing else groups[own]
            edges.append((key, rng.choice([other for other in pool if other != key]), 1))
    return network(edges), home


def adjusted_rand(one: list[int], other: list[int]) -> float:
    """Adjusted Rand index in closed form (Hubert and Arabie 1985)."""
    cells = pd.crosstab(np.array(one), np.array(other)).to_numpy()
    together = sum(comb(int(n), 2) for n in cells.ravel())
    rows = sum(comb(int(n), 2) for n in cells.sum(axis=1))
    columns = sum(comb(int(n), 2) for n in cells.sum(axis=0))
    by_chance = rows * columns / comb(len(one), 2)
    return (together - by_chance) / ((rows + columns) / 2 - by_chance)


def found(made: Network, **settings: object) -> dict[str, int | None]:
    frame = leiden(made, **settings)
    return {
        key: None if pd.isna(c) else int(c) for key, c in zip(frame["account_key"], frame["community"], strict=True)
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_communities_come_back(seed: int):
    made, home = planted([60, 45, 30, 25], mixing=0.2, seed=seed)
    numbers = found(made, seed=seed)
    assert adjusted_rand([numbers[key] for key in home], list(home.values())) >= 0.9
    sizes = pd.Series(numbers).value_counts()
    assert sizes.sort_index().is_monotonic_decreasing


def test_the_ruler_of_that_test():
    assert adjusted_rand([1, 1, 2, 2], [5, 5, 4, 4]) == 1
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)


def test_equal_sizes_are_numbered_by_the_smallest_key():
    assert found(network(TWO)) == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2}
    larger = network([*TWO, ("f", "g", 1), ("g", "d", 1)])
    assert found(larger) == {"a": 2, "b": 2, "c": 2, "d": 1, "e": 1, "f": 1, "g": 1}


def test_isolates_have_no_community():
    frame = leiden(network(TWO, ["alone", "zz"]))
    assert frame.loc[frame["community"].isna(), "account_key"].tolist() == ["alone", "zz"]
    assert frame.attrs["meta"]["without_community"] == 2
    assert frame.attrs["meta"]["communities"] == 2


@pytest.mark.parametrize("accounts", [[], ["a"], ["a", "b"]])
def test_without_edges_there_is_none(accounts: list[str]):
    frame = leiden(network([], accounts))
    assert frame["account_key"].tolist() == accounts
    assert frame["community"].isna().all()
    assert str(frame["community"].dtype) == "Int64"
    assert frame.attrs["meta"]["modularity"] is None
    assert names(network([], accounts), frame) == {}
    json.dumps(frame.attrs)


@given(
    st.lists(
        st.tuples(*[st.sampled_from("abcdefgh")] * 2, st.sampled_from([1, 2, 0.5])).filter(lambda e: e[0] != e[1]),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from([0.5, 1.0, 1.7]),
)
@settings(max_examples=40, deadline=None)
def test_modularity_equals_networkx(edges: list, resolution: float):
    made = network(edges)
    graph = nx.Graph()
    for row in made.edges.to_dict("records"):
        a, b = row["source_key"], row["target_key"]
        graph.add_edge(a, b, weight=row["weight"] + (graph[a][b]["weight"] if graph.has_edge(a, b) else 0))
    frame = leiden(made, resolution=resolution, runs=3)
    parts = [set(part["account_key"]) for _, part in frame.groupby("community")]
    wanted = nx.community.modularity(graph, parts, weight="weight", resolution=resolution)
    assert frame.attrs["meta"]["modularity"] == pytest.approx(wanted, abs=1e-9)


def test_weights_of_both_directions_add_up():
    """a and b are one community by 2 + 2 against 3; by either direction alone they would not be."""
    made = network([("a", "b", 2), ("b", "a", 2), ("b", "c", 3), ("c", "d", 4), ("a", "e", 3), ("e", "f", 4)])
    assert found(made) == {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 3}
    one_way = network([("a", "b", 2), ("b", "c", 3), ("c", "d", 4), ("a", "e", 3), ("e", "f", 4)])
    assert found(one_way)["a"] != found(one_way)["b"]


def test_resolution_splits():
    made, _ = planted([40, 40, 40], mixing=0.3, seed=4)
    counts = [leiden(made, resolution=r).attrs["meta"]["communities"] for r in (0.1, 1.0, 5.0)]
    assert counts[0] < counts[1] < counts[2]


def test_more_runs_are_never_worse():
    made, _ = planted([30] * 4, mixing=0.9, seed=5)
    one, many = ([leiden(made, runs=runs, seed=s).attrs["meta"]["modularity"] for s in range(5)] for runs in (1, 15))
    assert all(best >= first for first, best in zip(one, many, strict=True))
    assert max(many) > min(one)
    assert min(many) > min(one)


def test_chance_is_named():
    made, _ = planted([30, 30], mixing=0.6, seed=6)
    random.seed(3)
    before = random.getstate()
    first, again, mixed = leiden(made, seed=2), leiden(made, seed=2), leiden(shuffled(made), seed=2)
    assert random.getstate() == before
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first, mixed.sort_values("account_key", ignore_index=True))
    assert len({leiden(made, seed=s, runs=1).attrs["meta"]["modularity"] for s in range(2, 8)}) > 1


def test_igraph_draws_from_the_global_generator_again_afterwards():
    import igraph

    def draw() -> list[tuple[int, int]]:
        random.seed(9)
        return igraph.Graph.Erdos_Renyi(n=30, m=20).get_edgelist()

    before = draw()
    leiden(network(TWO))
    assert draw() == before


@pytest.mark.parametrize("wrong", [{"resolution": 0}, {"resolution": float("nan")}, {"runs": 0}])
def test_settings_out_of_range(wrong: dict):
    with pytest.raises(NetmedError):
        leiden(network(TWO), **wrong)


def tagged(**by_author: list[str]) -> list[dict]:
    """One post per author and hashtag set; hashtags in arrays, as Parquet gives them."""
    return [
        {"post_key": f"{author}{i}", "author_key": author, "hashtags": np.array(tags, dtype=object)}
        for author, posts in by_author.items()
        for i, tags in enumerate(posts)
    ]


def test_names_come_from_hashtags_of_their_own():
    posts = tagged(
        a=[["meded", "foamed"], ["meded", "spam"], ["meded", "spam"]],
        b=[["meded", "foamed"], ["meded"]],
        c=[["meded"]],
        d=[["meded", "cardiotwitter"]],
        e=[["meded", "cardiotwitter"]],
        f=[["meded", "cardiotwitter", "x" * 31], [], ["echofirst"]],
        nobody=[["foamed"]],
    )
    made = network(TWO, posts=[*posts, {"post_key": "z", "author_key": "d"}])
    assert names(made, leiden(made)) == {1: "#foamed", 2: "#cardiotwitter"}


def test_one_busy_account_names_nothing_and_accounts_step_in():
    posts = tagged(a=[["mine"]] * 50, b=[["meded"]], c=[["meded"]], d=[["meded"]], e=[["meded"]], f=[["meded"]])
    made = network(
        [*TWO, ("b", "a", 4)],
        posts=posts,
        profiles={"d": {"handle": "Dalia"}, "e": {"handle": None}, "f": {"handle": ""}},
    )
    assert names(made, leiden(made)) == {1: "@a, @b", 2: "@Dalia, e"}


def test_without_posts_names_are_accounts():
    made = network(TWO)
    bare = Network({"accounts": made.accounts, "edges": made.edges})
    assert names(bare, leiden(bare)) == {1: "@a, @b", 2: "@d, @e"}


def test_one_community_has_nothing_to_differ_from():
    posts = tagged(a=[["meded"]], b=[["meded"]], c=[["meded"]])
    made = network(TWO[:3], posts=posts)
    assert names(made, leiden(made)) == {1: "@a, @b"}


def test_communities_that_would_share_a_name_are_told_apart_by_their_top_account():
    made_of = "abc"
    pairs = [(f"{side}{i}", f"{side}{j}", 1) for side in made_of for i in range(4) for j in range(4) if i != j]
    tags = {"a": "rstats", "b": "rstats", "c": "other", "d": "plain"}
    people = [f"{side}{i}" for side in made_of for i in range(4)]
    others = [f"d{i}{j}" for i in range(10) for j in range(4)]
    pairs += [(f"d{i}{j}", f"d{i}{k}", 1) for i in range(10) for j in range(4) for k in range(4) if j != k]
    posts = [{"post_key": f"p{n}", "author_key": n, "hashtags": [tags[n[0]]]} for n in [*people, *others]]
    made = network([*pairs, ("a1", "a0", 5), ("b1", "b0", 5)], posts=posts)
    shared = sorted(name for name in names(made, leiden(made, seed=1)).values() if name.startswith("#rstats"))
    assert shared == ["#rstats @a0", "#rstats @b0"]
