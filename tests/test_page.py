"""The page as bytes: what it draws, what it leaves out, what it says, and that it says it the same way twice."""

import html
import json
import random
import re

import igraph
import numpy as np
import pandas as pd
import pytest
from page_cases import NASTY, circled, hostile, made, measured, planted

from netmed.errors import UnknownNameError
from netmed.show import page
from netmed.show.content import LIGHT, circles, neighbours
from netmed.show.layout import layout
from netmed.show.network_page import radius
from netmed.show.selection import heaviest_first, select
from netmed.show.texts import clean, profile_url, script_json


def drawn(network, path, **settings):
    return page(network, measured(network), circled(network), path, **settings)


def block(text, name):
    """What the page's script reads from one of its JSON blocks."""
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text).group(1))


@pytest.fixture(scope="module")
def network():
    return planted(120, 4)[0]


# ---- what is drawn -----------------------------------------------------------------------------------------


def test_isolates_and_pairs_are_counted_and_not_drawn(tmp_path):
    people = [{"handle": f"dr{i}"} for i in range(9)]
    network = made(people, {(0, 1): 1, (1, 2): 1, (2, 0): 1, (3, 4): 5, (5, 6): 2})
    summary = drawn(network, tmp_path / "a.html")
    assert (summary.accounts_drawn, summary.in_pairs, summary.isolates, summary.less_central) == (3, 4, 2, 0)
    assert (summary.edges_drawn, summary.edges_total, summary.edges_elsewhere) == (3, 5, 2)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Not drawn: 2 accounts without an edge." in text
    assert "Not drawn: 4 accounts in separate pairs." in text


def test_pairs_are_drawn_where_there_is_nothing_else(tmp_path):
    network = made([{"handle": "a"}, {"handle": "b"}, {"handle": "c"}], {(0, 1): 1})
    summary = drawn(network, tmp_path / "a.html")
    assert (summary.accounts_drawn, summary.isolates, summary.in_pairs) == (2, 1, 0)


def test_the_most_central_are_drawn_and_the_page_says_so(network, tmp_path):
    scores = measured(network)
    summary = page(network, scores, circled(network), tmp_path / "a.html", max_accounts=50)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert summary.accounts_drawn == 50
    assert summary.sentence.startswith("50 of 120 accounts drawn: the most central by PageRank; ")
    assert summary.sentence in text
    best = scores.sort_values("pagerank", ascending=False, kind="stable")["handle"].head(50)
    assert set(block(text, "data")["accounts"]["handle"]) == set(best)


@pytest.mark.parametrize("most", [1000, 50, 3])
def test_every_account_and_edge_is_counted_once(network, tmp_path, most):
    s = drawn(network, tmp_path / "a.html", max_accounts=most)
    assert s.accounts_drawn + s.isolates + s.in_pairs + s.less_central == s.accounts_total == 120
    assert s.edges_drawn + s.edges_light + s.edges_elsewhere == s.edges_total == len(network.edges)
    assert s.bytes == (tmp_path / "a.html").stat().st_size


def test_of_too_many_edges_every_account_keeps_its_heaviest():
    network, _ = planted(80, 2, mean=8)
    scores = measured(network)
    chosen = select(network, scores["pagerank"], max_accounts=1000, max_edges=150)
    assert len(chosen.edges) == 150
    assert len(chosen.edges) + len(chosen.light_edges) == chosen.edges_total
    kept = network.edges.iloc[chosen.edges]
    assert set(kept["source_key"]) | set(kept["target_key"]) == set(network.accounts["account_key"])


def test_heaviest_first_takes_turns():
    # By account: 0 has 9, 8, 7; 1 has 9, 2; 2 has 8, 2; 5 has 7; 3 and 4 have 1. So 2 is second at both its ends.
    ends = np.array([[0, 1], [0, 2], [0, 5], [3, 4], [1, 2]])
    assert heaviest_first(ends, np.array([9.0, 8.0, 7.0, 1.0, 2.0])).tolist() == [0, 1, 2, 3, 4]


def test_light_edges_still_reach_the_page(tmp_path, monkeypatch):
    network, _ = planted(60, 2, mean=6)
    monkeypatch.setitem(select.__kwdefaults__, "max_edges", 40)
    summary = drawn(network, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert summary.edges_drawn == len(block(text, "edges")) == 40
    assert summary.edges_light == len(block(text, "data")["light_edges"]) / 3 == summary.edges_total - 40
    assert "more when an account is picked" in text


def test_networks_of_nothing_make_a_page(tmp_path):
    for people in ([], [{"handle": "a"}]):
        summary = drawn(made(people, {}), tmp_path / "a.html")
        assert (summary.accounts_drawn, summary.edges_drawn, summary.accounts_total) == (0, 0, len(people))


def test_an_account_the_scores_do_not_know_is_drawn_as_unknown(network, tmp_path):
    scores = measured(network).iloc[:-5]
    summary = page(network, scores, circled(network).iloc[:-5], tmp_path / "a.html")
    data = block((tmp_path / "a.html").read_text(encoding="utf-8"), "data")
    assert summary.accounts_drawn == 120
    assert data["measures"]["pagerank"]["values"].count(None) == 5
    assert data["accounts"]["community"].count(None) == 5
    assert data["measures"]["pagerank"]["of"] == 115


def test_a_measure_nobody_knows_is_named(network, tmp_path):
    with pytest.raises(UnknownNameError, match="pagerank"):
        drawn(network, tmp_path / "a.html", size="pagerang")


# ---- what it says ------------------------------------------------------------------------------------------


def test_ranks_are_among_all_accounts(network, tmp_path):
    scores = measured(network)
    page(network, scores, circled(network), tmp_path / "a.html", max_accounts=20)
    measure = block((tmp_path / "a.html").read_text(encoding="utf-8"), "data")["measures"]["in_degree"]
    assert measure["of"] == 120
    for value, rank in zip(measure["values"], measure["ranks"], strict=True):
        assert rank == 1 + (scores["in_degree"] > value).sum()


def test_neighbours_point_the_right_way():
    people = [{"handle": "hub"}, {"handle": "ann"}, {"handle": "bo"}, {"handle": None}]
    network = made(people, {(1, 0): 4, (2, 0): 7, (0, 3): 2, (3, 0): 1})
    rows = np.array([0, 1])  # hub and ann are drawn
    assert neighbours(network, rows, "source") == [[["@bo", 7.0], [1, 4.0], ["x:1003", 1.0]], []]
    assert neighbours(network, rows, "target") == [[["x:1003", 2.0]], [[0, 4.0]]]


def test_nine_communities_have_a_colour_and_the_rest_share_one():
    numbers = [n for n in range(1, 13) for _ in range(20 - n)] + [pd.NA]
    legend, places = circles(pd.Series(numbers, dtype="Int64"), {1: "Surgery", 3: NASTY})
    assert [c.number for c in legend] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert [c.light for c in legend] == [*LIGHT, "#C4C8CC"]
    assert legend[0].name == "Surgery"
    assert legend[1].name == "Community 2"
    assert legend[-1].name == "Other communities (3)"
    assert [places.count(i) for i in range(10)] == [c.count for c in legend]
    assert sum(c.count for c in legend) == len(numbers)


def test_the_area_of_a_disc_grows_with_the_value():
    small, half, full = radius([2.0, 6.0, 18.0], 3.0, 11.0)
    assert (small, full) == (3.0, 11.0)
    assert half == pytest.approx(3 + 8 * (4 / 16) ** 0.5)
    assert radius([None, 5.0], 3.0, 11.0) == [3.0, 11.0]
    assert radius([5.0, 5.0], 3.0, 11.0) == [3.0, 3.0]


def test_about_tells_conventions_dates_and_version(network, tmp_path):
    from netmed import __version__

    drawn(network, tmp_path / "a.html", title="Who leads #MedEd?")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    about = text[text.index('id="about"') :]
    for said in ("2021-03-01 to 2022-11-30", f"netmed {__version__}", "reply + mention", "1 / weight", "attention"):
        assert said in about
    assert "<title>Who leads #MedEd?</title>" in text
    assert "Invented accounts" in text


def test_real_accounts_are_said_to_be_real(tmp_path):
    network = made([{"handle": "a"}, {"handle": "b"}], {(0, 1): 1}, invented=False)
    drawn(network, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "These are real accounts." in text
    assert "https://x.com/a" in text


def test_invented_accounts_have_no_link_to_somebody_real(tmp_path):
    drawn(made([{"handle": "a"}, {"handle": "b"}], {(0, 1): 1}), tmp_path / "a.html")
    assert "https://x.com/a" not in (tmp_path / "a.html").read_text(encoding="utf-8")


# ---- strangers' text ---------------------------------------------------------------------------------------


def test_text_that_acts_is_made_text_that_shows():
    assert clean("a\x00b\x07c\x1b[31m", 40) == "abc[31m"
    assert clean("two\nlines\tand\u2028more", 40) == "two lines and more"
    assert clean("\u202egnp.exe\u2066x\u2069\u200f", 40) == "gnp.exex"
    assert clean("half \ud83d face", 40) == "half face"
    assert clean("👩‍⚕️ Núñez 東京 د. سارة", 40) == "👩‍⚕️ Núñez 東京 د. سارة"
    assert clean("x" * 10_000, 40) == "x" * 39 + "…"
    assert [clean(unknown, 40) for unknown in (None, float("nan"), pd.NA)] == ["", "", ""]


def test_only_a_handle_becomes_a_link():
    assert profile_url("x", "Dr_Ann1") == "https://x.com/Dr_Ann1"
    for handle in ("", "a/../b", "javascript:alert(1)", "a b", "a\n", "é", "a" * 16, NASTY, None, float("nan")):
        assert profile_url("x", handle) is None
    assert profile_url("elsewhere", "ann") is None


def test_json_cannot_end_its_script():
    text = script_json({"a": "</script><!--<script>", "b": [float("nan"), float("inf"), 1.0, 0.25], "c": "\u2028&"})
    assert "<" not in text
    assert ">" not in text
    assert json.loads(text) == {"a": "</script><!--<script>", "b": [None, None, 1, 0.25], "c": "\u2028&"}


def test_a_hostile_network_adds_no_markup(tmp_path):
    network = hostile()
    calm = made([{"handle": f"dr{i}"} for i in range(6)], {(i, j): 1 for i in range(6) for j in range(6) if i != j})
    scores = measured(network)
    scores.attrs["meta"][NASTY] = NASTY
    names = {1: NASTY}
    page(network, scores, circled(network), tmp_path / "a.html", names=names, title=NASTY)
    drawn(calm, tmp_path / "b.html")
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "b.html")]
    for tag in ("script", "/script", "style", "b>", "iframe", "img"):
        assert texts[0].count(f"<{tag}") == texts[1].count(f"<{tag}")
    own = [re.findall(r"<[a-z][^>]*\son[a-z]+=", text) for text in texts]
    assert own[0] == own[1] == []
    assert html.escape(NASTY, quote=False)[:20] in texts[0].replace("&#34;", '"')
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', texts[0]))
    assert all(len(node["label"]) <= 40 for node in block(texts[0], "nodes"))
    assert "49" not in block(texts[0], "nodes")[5]["label"]


def test_the_page_loads_nothing_and_runs_only_its_own(network, tmp_path):
    import base64
    import hashlib

    drawn(network, tmp_path / "a.html")
    raw = (tmp_path / "a.html").read_bytes()
    text = raw.decode("utf-8")
    assert b"\r" not in raw
    head = text[: text.index("<style>")]
    assert head.index('<meta charset="utf-8">') < head.index("Content-Security-Policy") < head.index("<title>")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', head).group(1)
    policy = html.unescape(policy)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        for body in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert not re.search(r"<(script|img|iframe|link|object|embed)[^>]*\s(src|href|data)=", text)
    assert "cdn" not in text[: text.index("vis-network")]


# ---- the same bytes ----------------------------------------------------------------------------------------


def test_same_network_and_seed_same_bytes(network, tmp_path):
    random.seed(5)
    state = random.getstate()
    drawn(network, tmp_path / "a.html")
    assert random.getstate() == state
    random.seed(99)
    drawn(network, tmp_path / "b.html")
    drawn(network, tmp_path / "c.html", seed=2)
    a, b, c = ((tmp_path / f"{name}.html").read_bytes() for name in "abc")
    assert a == b
    assert a != c


def test_the_order_of_scores_and_communities_changes_nothing(network, tmp_path):
    page(network, measured(network), circled(network), tmp_path / "a.html")
    scores, communities = measured(network), circled(network)
    mixed = scores.sort_values("pagerank")
    mixed.attrs = scores.attrs
    page(network, mixed, communities.iloc[::-1], tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


# ---- where accounts stand ----------------------------------------------------------------------------------


def purity(points, group, nearest=8):
    """Share of each account's nearest neighbours in the picture that are of its own community."""
    distance = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(distance, np.inf)
    near = np.argsort(distance, axis=1)[:, :nearest]
    return float((group[near] == group[:, None]).mean())


def chance(group):
    return float(((np.bincount(group) / len(group)) ** 2).sum())


def test_planted_communities_stand_together_and_a_null_graph_makes_no_islands():
    network, group = planted(600, 12, mixing=0.22)
    radii = radius(network.graph.indegree(), 3.0, 15.0)
    found = network.graph.as_undirected().community_leiden(objective_function="modularity").membership
    points = layout(network.graph, found, radii)
    assert purity(points, group) >= 0.85
    shuffled = network.graph.copy()
    shuffled.rewire(n=20 * shuffled.ecount())
    assert purity(layout(shuffled, group.tolist(), radii), group) <= 1.5 * chance(group)


def test_no_disc_touches_another_and_all_are_near():
    network, group = planted(300, 5)
    radii = np.array(radius(network.graph.indegree(), 3.0, 30.0))
    points = layout(network.graph, group.tolist(), radii.tolist())
    gap = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=-1)) - radii[:, None] - radii[None]
    np.fill_diagonal(gap, 1.0)
    assert gap.min() > 0
    assert np.isfinite(points).all()
    assert np.abs(points.min(axis=0) + points.max(axis=0)).max() < 1e-6  # centred
    assert np.ptp(points[:, 0]) > np.ptp(points[:, 1])  # lies on its long side


def test_small_components_are_packed_beside_the_large_one():
    graph = igraph.Graph.Full(30) + igraph.Graph.Ring(5) + igraph.Graph.Full(2) + igraph.Graph(1)
    points = layout(graph, [0] * 38, [5.0] * 38)
    large, ring, pair = points[:30], points[30:35], points[35:37]
    for one, other in ((large, ring), (large, pair), (ring, pair)):
        apart = (one.max(axis=0) < other.min(axis=0)) | (other.max(axis=0) < one.min(axis=0))
        assert apart.any()


@pytest.mark.parametrize(
    "graph", [igraph.Graph(0), igraph.Graph(1), igraph.Graph.Full(2), igraph.Graph.Ring(3), igraph.Graph.Star(60)]
)
def test_odd_graphs_have_a_place_for_everyone(graph):
    points = layout(graph, [0] * graph.vcount(), [4.0] * graph.vcount())
    assert points.shape == (graph.vcount(), 2)
    assert np.isfinite(points).all()
    assert len({tuple(point) for point in points.round(3).tolist()}) == graph.vcount()
