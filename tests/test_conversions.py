"""Networks to and from networkx, igraph and pandas: nothing is lost on the way and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from v2_posts import post, written

import netmed as nm
from netmed.building import report
from netmed.errors import InputError
from netmed.network import Network

ROUND: dict[str, Callable[[Network], Network]] = {
    "networkx": lambda network: nm.from_networkx(network.to_networkx()),
    "igraph": lambda network: nm.from_igraph(network.to_igraph()),
    "pandas": lambda network: nm.from_pandas(network.to_pandas().edges, network.to_pandas().accounts),
}
HOSTILE = [
    "=1+1",
    "]]>",
    "a\nb",
    'q"q',
    "<b>&amp;",
    "\u202eabc",
    "🩺",
    "\x07",
    "any:",
    " ",
    "x:@UP",
    "x:12",
    "'--",
    "\0",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Network:
    posts = [post(1, "10", "20", "@ghost"), post(2, "20", "10", reply_to="10"), post(3, "30"), post(4, "10", "10")]
    return nm.build(written(tmp_path_factory.mktemp("posts"), posts))


def weights(network: Network) -> dict[tuple[str, str], float]:
    edges = network.edges
    return dict(zip(zip(edges["source_key"], edges["target_key"], strict=True), edges["weight"], strict=True))


def same(one: Network, other: Network) -> None:
    pd.testing.assert_frame_equal(one.accounts, other.accounts)
    pd.testing.assert_frame_equal(one.edges, other.edges)
    assert one.relations == other.relations


# Out


def test_networkx_has_every_account_and_edge_with_what_is_known(built: Network) -> None:
    graph = built.to_networkx()
    assert isinstance(graph, nx.DiGraph)
    assert set(graph) == {"x:10", "x:20", "x:30", "x:@ghost"}
    assert set(graph.edges) == {("x:10", "x:20"), ("x:10", "x:@ghost"), ("x:20", "x:10")}
    assert graph.nodes["x:10"]["handles"] == ["ann"]
    assert (graph.nodes["x:10"]["followers"], graph.nodes["x:10"]["n_posts"]) == (10, 2)
    assert "followers" not in graph.nodes["x:@ghost"]
    edge = graph.edges["x:20", "x:10"]
    assert (edge["weight"], edge["n_reply"], edge["n_mention"]) == (1.0, 1, 0)
    assert edge["first_at"].isoformat() == "2021-03-02T10:00:00+00:00"
    assert all(
        type(value) in (str, int, float, bool, list) or hasattr(value, "isoformat")
        for _, facts in graph.nodes(data=True)
        for value in facts.values()
    )


def test_igraph_is_a_copy_with_attributes(built: Network) -> None:
    graph = built.to_igraph()
    assert graph.vs["name"] == built.accounts["account_key"].tolist()
    assert graph.vs["display_name"] == ["Ann", "Bo", "Cy", None]
    assert graph.es["n_reply"] == built.edges["n_reply"].tolist()
    graph.delete_vertices([0])
    assert built.graph.vcount() == 4


def test_pandas_are_copies(built: Network) -> None:
    accounts, edges = built.to_pandas()
    edges["weight"] = 0.0
    accounts["handle"] = "nobody"
    assert (built.edges["weight"] > 0).all()
    assert "ann" in set(built.accounts["handle"])


# There and back


@pytest.mark.parametrize("way", ROUND)
def test_a_built_network_comes_back_the_same(built: Network, way: str) -> None:
    same(ROUND[way](built), built)


NAMES = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=":"), min_size=1, max_size=4
)
"""Names with a colon could be keys; those that are stand in ``HOSTILE``."""
KEYS = {"x:@UP": "x:@up", "x:12": "x:12"}


@settings(max_examples=40)  # pandas makes each of them slow
@given(
    names=st.lists(NAMES, min_size=1, max_size=7, unique=True),
    ends=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(1e-6, 1e6)), max_size=15),
)
def test_random_graphs_come_back_the_same(names: list[str], ends: list[tuple[int, int, float]]) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    for source, target, weight in ends:
        if source != target and max(source, target) < len(names):
            graph.add_edge(names[source], names[target], weight=weight)
    made = nm.from_networkx(graph)
    key = {name: KEYS.get(name, f"any:{name}") for name in names}
    assert made.accounts["account_key"].tolist() == sorted(key.values())
    assert weights(made) == {(key[a], key[b]): w for a, b, w in graph.edges(data="weight")}
    for back in ROUND.values():
        same(back(made), made)


@settings(max_examples=30)
@given(seed=st.integers(0, 50), fractions=st.booleans())
def test_igraph_graphs_come_in_as_they_are(seed: int, fractions: bool) -> None:
    graph = igraph.Graph.from_networkx(nx.gnp_random_graph(12, 0.2, seed=seed, directed=True))
    graph.es["weight"] = [1 / (2 + i) if fractions else 1 + i for i in range(graph.ecount())]
    del graph.vs["_nx_name"]
    made = nm.from_igraph(graph)
    assert len(made.accounts) == 12
    wanted = {(f"any:{e.source}", f"any:{e.target}"): e["weight"] for e in graph.es}
    assert weights(made) == wanted
    assert made.edges["n_mention"].sum() == (len(wanted) if fractions else sum(wanted.values()))


# What comes in


def test_parallel_edges_add_up_and_loops_are_counted_out() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", weight=0.5, relation="reply")
    graph.add_edge("a", "b", weight=0.25)
    graph.add_edge("a", "a")
    made = nm.from_networkx(graph)
    assert weights(made) == {("any:a", "any:b"): 0.75}
    assert (made.edges["n_reply"][0], made.edges["n_mention"][0]) == (1, 1)
    assert made.relations == ("reply", "mention")
    rows = made.audit["rows"]
    assert (rows["found"], rows["in_edges"], rows["self"]) == (3, 2, 1)


def test_an_undirected_graph_gives_each_edge_in_both_directions() -> None:
    graph = nx.Graph([("a", "b", {"weight": 2}), ("b", "c"), ("c", "c")])
    made = nm.from_networkx(graph)
    one = {("any:a", "any:b"): 2.0, ("any:b", "any:c"): 1.0}
    assert weights(made) == one | {(b, a): w for (a, b), w in one.items()}
    assert "each edge in both directions" in report.render(made.audit, made.provenance)
    assert made.provenance["parameters"]["directed"] is False
    karate = nx.karate_club_graph()
    assert len(nm.from_networkx(karate).edges) == 2 * karate.number_of_edges()


def test_a_frame_needs_no_more_than_two_columns() -> None:
    made = nm.from_pandas(
        pd.DataFrame({"From": ["a", "a"], "To": ["b", "b"]}), pd.DataFrame({"account_key": ["c"], "role": ["nurse"]})
    )
    assert weights(made) == {("any:a", "any:b"): 2.0}
    assert list(made.accounts["account_key"]) == ["any:a", "any:b", "any:c"]
    assert made.accounts["role"].tolist()[2] == "nurse"


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "many", "", None])
def test_a_weight_that_is_none_is_refused(weight: Any) -> None:
    with pytest.raises(InputError, match=r"from 'any:a' to 'any:b' has weight .* a number above 0"):
        nm.from_networkx(nx.DiGraph([("a", "b", {"weight": weight})]))


def test_names_that_are_none_or_collide_and_odd_attributes_are_refused() -> None:
    for name in ("", "\ud800"):
        with pytest.raises(InputError, match="a name is text"):
            nm.from_networkx(nx.DiGraph([("a", name)]))
    with pytest.raises(InputError, match="two accounts have one key 'any:1': 1 and '1'"):
        nm.from_networkx(nx.DiGraph([(1, "1")]))
    graph = nx.DiGraph([("a", "b", {"relation": "follows"})])
    with pytest.raises(InputError, match="relation 'follows'; wanted is one of reply"):
        nm.from_networkx(graph)
    graph = nx.DiGraph()
    graph.add_node("a", followers="many")
    with pytest.raises(InputError, match="account 'any:a' has followers 'many'; wanted is a whole number"):
        nm.from_networkx(graph)
    with pytest.raises(InputError, match="wanted are source and target"):
        nm.from_pandas(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("names", [("Source", "Target", "Weight", "Relation"), ("FROM", " To ", "WEIGHT", "RELATION")])
def test_columns_and_relations_are_known_in_any_capitals(names: tuple[str, ...]) -> None:
    frame = pd.DataFrame([("a", "b", 3, "Reply"), ("b", "a", "4", " quote"), ("a", "c", 1, None)], columns=names)
    people = pd.DataFrame({"ID": ["a"], "Followers": ["12"], "Handles": ["old ann"], "HANDLE": ["ann"]})
    made = nm.from_pandas(frame, people)
    assert weights(made) == {("any:a", "any:b"): 3.0, ("any:a", "any:c"): 1.0, ("any:b", "any:a"): 4.0}
    assert made.edges[["n_reply", "n_mention", "n_quote"]].values.tolist() == [[3, 0, 0], [0, 1, 0], [0, 0, 4]]
    first = made.accounts.iloc[0]
    assert (first["followers"], first["handle"], list(first["handles"])) == (12, "ann", ["old", "ann"])


def test_a_column_as_we_call_it_comes_before_one_in_other_capitals() -> None:
    frame = pd.DataFrame({"source": ["a"], "target": ["b"], "Weight": [9], "weight": [2], "N_MENTION": [2]})
    made = nm.from_pandas(frame, pd.DataFrame({"id": ["x"], "account_key": ["a"], "Name": ["no"], "name": ["Ann"]}))
    assert weights(made) == {("any:a", "any:b"): 2.0}
    assert list(made.accounts["account_key"]) == ["any:a", "any:b"]
    assert made.accounts["name"][0] == "Ann"


def test_a_node_is_its_account_whatever_its_attributes_say() -> None:
    graph = nx.DiGraph()
    graph.add_node("a", account_key="other", Account_Key="other", source="x", target="y")
    graph.add_edge("a", "b", source="zzz", target="q", n_mention="2", weight=2)
    made = nm.from_networkx(graph)
    assert list(made.accounts["account_key"]) == ["any:a", "any:b"]
    assert (weights(made), made.edges["n_mention"][0]) == ({("any:a", "any:b"): 2.0}, 2)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"n_mention": "x"}, "has n_mention 'x'; wanted is a whole number"),
        ({"n_mention": 2.7}, "has n_mention 2.7; wanted is a whole number"),
        ({"n_mention": -1}, "has n_mention -1; wanted is a whole number of 0 or more"),
        ({"n_mention": True}, "has n_mention True; wanted is a whole number"),
        ({"n_mention": 1e30}, r"has n_mention 1e\+30; wanted is a whole number"),
        ({"first_at": "soon"}, "has first_at 'soon'; wanted is a time like 2021-03-04T05:06:07Z"),
        ({"last_at": 1614834367}, "has last_at 1614834367; wanted is a time"),
        ({"weight": [1]}, r"has weight \['1'\]; wanted is a number above 0"),
    ],
)
def test_values_of_an_edge_that_cannot_be_are_refused(facts: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InputError, match="the edge from 'any:a' to 'any:b' " + wanted):
        nm.from_networkx(nx.DiGraph([("a", "b", facts)]))


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"verified": "maybe"}, "has verified 'maybe'; wanted is true or false"),
        ({"role_probability": "high"}, "has role_probability 'high'; wanted is a number"),
        ({"location": ["Rome"]}, r"has location \['Rome'\]; wanted is text"),
        ({"handles": {"a": 1}}, "has handles {'a': 1}; wanted is text"),
        ({"created_at": "1614834367"}, "wanted is a time"),
    ],
)
def test_values_of_an_account_that_cannot_be_are_refused(facts: dict[str, Any], wanted: str) -> None:
    graph = nx.DiGraph()
    graph.add_node("a", **facts)
    with pytest.raises(InputError, match=wanted):
        nm.from_networkx(graph)


def test_values_are_read_from_text_and_floats() -> None:
    graph = nx.DiGraph()
    nothing = dict.fromkeys(("description", "verified", "created_at", "role_probability"), "")
    graph.add_node("a", followers="12", following=7.0, verified="True", protected=0.0, handle=5, name=1.5)
    graph.add_node("b", **nothing, following=float("nan"), followers=None, handles="", name="half \ud83d", role="")
    graph.add_edge("a", "b", first_at="2021-03-04T05:06:07Z", last_at="2021-03-04T07:06:08.5+02:00")
    graph.add_edge("b", "a", first_at=pd.Timestamp("2021-03-04"), last_at="2021-03-05", weight="2.5")
    made = nm.from_networkx(graph)
    one, other = (made.accounts.iloc[row] for row in (0, 1))
    assert (one["followers"], one["following"], one["verified"], one["protected"]) == (12, 7, True, False)
    assert (one["handle"], one["name"], list(one["handles"])) == ("5", "1.5", ["5"])
    assert other[[*nothing, "following", "followers", "role"]].isna().all()
    assert (other["name"], list(other["handles"])) == ("half \ufffd", ["b"])
    assert [str(time) for time in made.edges["first_at"]] == ["2021-03-04 05:06:07+00:00", "2021-03-04 00:00:00+00:00"]
    assert str(made.edges["last_at"][0]) == "2021-03-04 05:06:08.500000+00:00"
    assert list(made.edges["weight"]) == [1.0, 2.5]


def test_igraph_vertices_are_called_by_what_holds_keys() -> None:
    graph = igraph.Graph([(0, 1)], directed=True)
    wanted = {
        "numbers": ({}, ["any:0", "any:1"]),
        "names": ({"name": ["ann", "bo"]}, ["any:ann", "any:bo"]),
        "names before other ids": ({"name": ["ann", "bo"], "id": ["n0", "n1"]}, ["any:ann", "any:bo"]),
        "ids that are keys": ({"name": ["Ann", "Bo"], "id": ["x:1", "x:2"]}, ["x:1", "x:2"]),
        "ids, as a name is missing": ({"name": ["Ann", ""], "id": [0.0, 1.0]}, ["any:0", "any:1"]),
        "ids, as a name is there twice": ({"name": ["Ann", "Ann"], "id": ["n0", "n1"]}, ["any:n0", "any:n1"]),
        "names that are keys": ({"name": ["x:1", "x:2"], "id": ["any:a", "any:b"]}, ["x:1", "x:2"]),
        "account_key": ({"name": ["Ann", "Bo"], "account_key": ["a", "b"]}, ["any:a", "any:b"]),
        "an & as igraph reads it": ({"id": ["any:a&#38;b", "any:c"]}, ["any:a&b", "any:c"]),
    }
    for attributes, keys in wanted.values():
        called = graph.copy()
        for attribute, values in attributes.items():
            called.vs[attribute] = values
        made = nm.from_igraph(called)
        assert list(made.accounts["account_key"]) == keys
        assert list(weights(made)) == [tuple(keys)]
    assert list(nm.from_igraph(called).accounts["name"].isna()) == [True, True]
    called.vs["name"] = ["Ann", "Bo"]
    called.vs["id"] = ["x:1", "x:2"]
    assert list(nm.from_igraph(called).accounts["name"]) == ["Ann", "Bo"]
    called.vs["display_name"] = ["A.", "B."]
    assert list(nm.from_igraph(called).accounts["name"]) == ["A.", "B."]


def test_a_network_from_elsewhere_is_measured_and_narrowed_like_any_other() -> None:
    made = nm.from_networkx(nx.les_miserables_graph())
    scores = nm.centrality.scores(made, measures=["degree", "pagerank"]).set_index("account_key")
    want = nx.pagerank(nx.les_miserables_graph().to_directed(), tol=1e-12)
    assert scores.loc["any:Valjean", "pagerank"] == pytest.approx(want["Valjean"], abs=1e-6)
    from netmed.building import select

    heavy = select(made, min_weight=5)
    assert set(weights(heavy).values()) == {w for w in weights(made).values() if w >= 5}
    assert len(heavy.accounts) == 77


# Notebooks


def test_summaries_in_a_notebook_escape_everything(built: Network, tmp_path: Path) -> None:
    evil = Network(
        built.to_pandas()._asdict() | {"posts": built.posts, "events": built.events},
        audit=built.audit,
        provenance={"rules": {"relations": ["<i>reply"]}},
        name="<script>alert(1)",
    )
    shown = evil._repr_html_()
    assert "<script>" not in shown
    assert "<i>" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<td>4</td>" in shown
    assert "4 records = 4 kept" in shown
    assert "records =" in built.audit._repr_html_()  # type: ignore[attr-defined]
    assert str(built.audit) == report.render(built.audit, built.provenance)
    assert json.loads(json.dumps(built.audit)) == dict(built.audit)
    named = written(tmp_path, [post(1, "10", "20")], "<b>posts.jsonl")
    named.write_text(named.read_text(encoding="utf-8") + "no json\n", encoding="utf-8")
    assert "&lt;b&gt;posts" in nm.build(named).audit._repr_html_()  # type: ignore[attr-defined]
    assert Network({}, audit={})._repr_html_ is not None
