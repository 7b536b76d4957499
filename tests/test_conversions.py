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


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), "3", None])
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
    with pytest.raises(InputError, match="cannot be a column of accounts"):
        nm.from_networkx(graph)
    with pytest.raises(InputError, match="wanted are source and target"):
        nm.from_pandas(pd.DataFrame({"a": [1]}))


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
