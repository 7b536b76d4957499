"""The page as bytes: what it draws, what it leaves out, what it says, and that it says it the same way twice."""

import html
import json
import random
import re

import numpy as np
import pandas as pd
import pytest
from page_cases import NASTY, circled, crowd, hostile, made, measured, planted

from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network
from netmed.show import network_page, page
from netmed.show.colours import LIGHT
from netmed.show.discs import radius
from netmed.show.legends import by_community, by_measure, by_words
from netmed.show.packing import packed, unpacked
from netmed.show.selection import heaviest_first, select
from netmed.show.texts import clean, profile_url, script_json
from netmed.show.ties import ties


def drawn(network, path, **settings):
    return page(network, measured(network), circled(network), path, **settings)


def inside(path):
    """What the page's script reads: words and columns."""
    return unpacked(
        re.search(r'<script type="application/octet-stream" id="data">(.*?)</script>', text_of(path)).group(1)
    )


def text_of(path):
    return path.read_text(encoding="utf-8")


def block(text, name):
    """What pyvis put into one of the page's JSON blocks."""
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
    summary = page(network, scores, circled(network), tmp_path / "a.html", max_accounts=50, keep="top")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert summary.accounts_drawn == 50
    assert summary.sentence.startswith("50 of 120 accounts drawn: the most central by PageRank; ")
    assert summary.sentence in text
    best = scores.sort_values("pagerank", ascending=False, kind="stable")["handle"].head(50)
    assert inside(tmp_path / "a.html")[0]["words"]["handle"] == list(best)


def test_a_quota_leaves_every_community_its_most_central(tmp_path):
    network, group = planted(240, 4)
    scores, circles = measured(network), circled(network, group)
    summary = page(network, scores, circles, tmp_path / "a.html", max_accounts=60)
    assert "of each community, in proportion to its size" in summary.sentence
    words, columns = inside(tmp_path / "a.html")
    size = circles["community"].value_counts().sort_index()
    kept = pd.Series(columns["community"]).value_counts().sort_index()
    assert kept.sum() == 60
    for number, count in kept.items():
        assert abs(count / 60 - size[number] / size.sum()) < 0.03
    joined = scores.merge(circles)
    for number, count in kept.items():
        best = joined[joined["community"] == number].nlargest(count, "pagerank")["handle"]
        assert set(best) <= set(words["words"]["handle"])


def test_one_account_and_those_it_deals_with(network, tmp_path):
    who = network.accounts["handle"].iloc[7]
    row = network.find(who)
    summary = drawn(network, tmp_path / "a.html", keep=f"ego:@{who}")
    near = {row, *network.graph.neighbors(row)}
    assert set(inside(tmp_path / "a.html")[0]["words"]["handle"]) == set(network.accounts["handle"].iloc[sorted(near)])
    assert "one account and those it has edges with" in summary.sentence
    few = drawn(network, tmp_path / "a.html", keep=f"ego:@{who}", max_accounts=3)
    assert few.accounts_drawn == 3
    assert who in inside(tmp_path / "a.html")[0]["words"]["handle"]
    with pytest.raises(UnknownNameError, match="nobodyatall"):
        drawn(network, tmp_path / "a.html", keep="ego:@nobodyatall")
    with pytest.raises(UnknownNameError, match="ego:@handle"):
        drawn(network, tmp_path / "a.html", keep="most")


def test_the_renderer_goes_by_size(network, tmp_path):
    assert drawn(network, tmp_path / "a.html").renderer == "pyvis"
    assert drawn(network, tmp_path / "a.html", renderer="webgl").renderer == "webgl"
    large, _ = crowd(1_100, 3_000)
    assert drawn(large, tmp_path / "a.html").renderer == "webgl"
    small = drawn(large, tmp_path / "a.html", renderer="pyvis", max_accounts=300)
    assert (small.renderer, small.accounts_drawn) == ("pyvis", 300)
    with pytest.raises(NetmedError, match="1,001 accounts are more than the 1,000"):
        drawn(large, tmp_path / "a.html", renderer="pyvis", max_accounts=1_001)


@pytest.mark.parametrize("most", [1000, 50, 3])
def test_every_account_and_edge_is_counted_once(network, tmp_path, most):
    s = drawn(network, tmp_path / "a.html", max_accounts=most)
    assert s.accounts_drawn + s.isolates + s.in_pairs + s.less_central == s.accounts_total == 120
    assert s.edges_drawn + s.edges_light + s.edges_elsewhere == s.edges_total == len(network.edges)
    assert s.bytes == (tmp_path / "a.html").stat().st_size


def test_of_too_many_edges_every_account_keeps_its_heaviest():
    network, _ = planted(80, 2, mean=8)
    scores = measured(network)
    everybody = circled(network)["community"]
    chosen = select(network, scores["pagerank"], everybody, max_accounts=1000, max_edges=150)
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
    monkeypatch.setattr(network_page, "PYVIS_EDGES", 40)
    summary = drawn(network, tmp_path / "a.html", renderer="pyvis")
    words, columns = inside(tmp_path / "a.html")
    assert summary.edges_drawn == len(block(text_of(tmp_path / "a.html"), "edges")) == words["edges"][0] == 40
    assert summary.edges_light == words["edges"][1] == summary.edges_total - 40
    assert len(columns["from"]) == summary.edges_total
    assert "more when an account is picked" in text_of(tmp_path / "a.html")


def test_networks_of_nothing_make_a_page(tmp_path):
    for people in ([], [{"handle": "a"}]):
        summary = drawn(made(people, {}), tmp_path / "a.html")
        assert (summary.accounts_drawn, summary.edges_drawn, summary.accounts_total) == (0, 0, len(people))


def test_an_account_the_scores_do_not_know_is_drawn_as_unknown(network, tmp_path):
    scores = measured(network).iloc[:-5]
    summary = page(network, scores, circled(network).iloc[:-5], tmp_path / "a.html")
    words, columns = inside(tmp_path / "a.html")
    assert summary.accounts_drawn == 120
    assert np.isnan(columns["value:pagerank"]).sum() == 5
    assert (columns["rank:pagerank"] == 0).sum() == 5
    assert (columns["community"] == 0).sum() == 5
    assert {m["key"]: m["of"] for m in words["measures"]}["pagerank"] == 115


def test_a_measure_nobody_knows_is_named(network, tmp_path):
    with pytest.raises(UnknownNameError, match="pagerank"):
        drawn(network, tmp_path / "a.html", size="pagerang")


# ---- what it says ------------------------------------------------------------------------------------------


def test_ranks_are_among_all_accounts(network, tmp_path):
    scores = measured(network)
    scores["rank_in_degree_lo"], scores["rank_in_degree_hi"] = 1, pd.array([pd.NA] + [9] * 119, dtype="Int64")
    page(network, scores, circled(network), tmp_path / "a.html", max_accounts=20)
    words, columns = inside(tmp_path / "a.html")
    assert {m["key"]: m["of"] for m in words["measures"]}["in_degree"] == 120
    for value, rank in zip(columns["value:in_degree"], columns["rank:in_degree"], strict=True):
        assert rank == 1 + (scores["in_degree"] > value).sum()
    assert set(columns["rank_lo:in_degree"]) == {1}
    assert set(columns["rank_hi:in_degree"]) <= {0, 9}
    assert "rank_lo:pagerank" not in columns


def test_edges_know_their_posts_by_time_and_relation():
    network, _ = crowd(60, 150, 3, posts=True)
    chosen = select(
        network, measured(network)["pagerank"], circled(network)["community"], max_accounts=99, max_edges=99
    )
    made_of = ties(network, chosen, with_examples=True)
    columns = made_of.columns
    rows = [*chosen.edges, *chosen.light_edges]
    assert made_of.relations == ("reply", "mention")
    assert made_of.windows[0] == "2020-01"
    assert len(made_of.windows) == 33
    starts = np.cumsum([0, *columns["parts"].tolist()])
    keys = network.accounts["account_key"].to_numpy()[chosen.accounts]
    events = network.events.assign(month=network.events["created_at"].dt.strftime("%Y-%m"))
    for i, row in enumerate(rows):
        edge = network.edges.iloc[row]
        assert (keys[columns["from"][i]], keys[columns["to"][i]]) == (edge["source_key"], edge["target_key"])
        own = events[(events["source_key"] == edge["source_key"]) & (events["target_key"] == edge["target_key"])]
        told = {}
        for at in range(starts[i], starts[i + 1]):
            key = made_of.windows[columns["window"][at]], {1: "reply", 2: "mention"}[int(columns["ways"][at])]
            told[key] = int(columns["count"][at])
        assert told == own.groupby(["month", "relation"]).size().to_dict()
        newest = own.nlargest(2, "created_at")["post_key"]
        ids = (columns["example_high"].astype("uint64") << np.uint64(32)) | columns["example_low"]
        examples = {f"x:{post}" for post in ids[columns["example_edge"] == i]}
        assert len(examples) == len(newest)
        assert own.set_index("post_key").loc[list(examples), "created_at"].min() == own["created_at"].nlargest(2).min()


def test_a_post_that_is_both_counts_once_for_either():
    network = made([{"handle": "a"}, {"handle": "b"}, {"handle": "c"}], {(0, 1): 1, (1, 2): 1}, invented=False)
    when = pd.Timestamp("2021-05-02", tz="UTC")
    rows = [("x:1", 0, 1, "reply"), ("x:1", 0, 1, "mention"), ("x:2", 1, 2, "mention"), ("x:3", 0, 1, "quote")]
    events = [[post, when, f"x:{1000 + s}", f"x:{1000 + t}", how, ""] for post, s, t, how in rows]
    tables = {name: getattr(network, name) for name in ("accounts", "posts", "edges")}
    tables["events"] = pd.DataFrame(events, columns=network.events.columns)
    network = Network(tables)
    chosen = select(network, pd.Series([1.0, 0, 0]), pd.Series([1, 1, 1]), max_accounts=9, max_edges=9)
    columns = ties(network, chosen, with_examples=False).columns
    assert (columns["ways"].tolist(), columns["count"].tolist()) == ([3, 2], [1, 1])
    assert "example_edge" not in columns


def test_edges_without_posts_have_their_counts_or_their_weight():
    network = made([{"handle": "a"}, {"handle": "b"}, {"handle": "c"}], {(0, 1): 4, (1, 2): 2})
    network.edges["weight"] = [4.0, 0.25]  # as from an edge list with fractions
    chosen = select(network, pd.Series([1.0, 0, 0]), pd.Series([1, 1, 1]), max_accounts=9, max_edges=9)
    made_of = ties(network, chosen, with_examples=True)
    assert made_of.windows == []
    assert made_of.columns["count"].tolist() == [4.0, 0.25]
    assert made_of.columns["ways"].tolist() == [1, 1]


def test_nine_communities_have_a_colour_and_the_rest_share_one():
    numbers = [n for n in range(1, 13) for _ in range(20 - n)] + [pd.NA]
    names = {n: f"Community {n}" for n in range(1, 13)} | {1: "Surgery"}
    legend = by_community(pd.Series(numbers, dtype="Int64"), names)
    assert [e.name for e in legend.entries[:2]] == ["Surgery", "Community 2"]
    assert [e.light for e in legend.entries] == [*LIGHT, "#C4C8CC"]
    assert legend.entries[-1].name == "Other communities (3)"
    assert [(legend.places == i).sum() for i in range(10)] == [e.count for e in legend.entries]
    assert sum(e.count for e in legend.entries) == len(numbers)


def test_roles_are_a_legend_where_there_are_any():
    legend = by_words("role", "Role", pd.Series(["trainee", "physician", "physician", None]))
    assert [(e.name, e.count, e.is_rest) for e in legend.entries] == [
        ("physician", 2, False),
        ("trainee", 1, False),
        ("Unknown", 1, True),
    ]
    assert by_words("role", "Role", pd.Series([None, pd.NA, ""])) is None


def test_a_measure_is_a_scale_of_steps():
    legend = by_measure("in_degree", "In-degree", np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, np.nan]))
    assert [e.name for e in legend.entries] == ["0 to 1", "2 to 3", "4 to 5", "6 to 7", "8 to 9", "Unknown"]
    assert [e.count for e in legend.entries] == [2, 2, 2, 2, 2, 1]
    assert legend.is_scale
    assert by_measure("in_degree", "In-degree", np.ones(5)) is None


def test_colours_that_nobody_has_are_refused(network, tmp_path):
    with pytest.raises(NetmedError, match="no drawn account has a specialty"):
        drawn(network, tmp_path / "a.html", color="specialty")
    with pytest.raises(UnknownNameError, match="betweenness"):
        drawn(network, tmp_path / "a.html", color="betweenes")
    drawn(network, tmp_path / "a.html", color="role")
    assert inside(tmp_path / "a.html")[0]["color"] == "role"


def test_numbers_come_back_from_the_block_as_they_were():
    columns = {
        "a": np.array([0, 255, 7], dtype=np.uint8),
        "b": np.array([-5, 70_000], dtype=np.int32),
        "c": np.array([0.1, np.nan], dtype=np.float32),
        "d": np.zeros(0, dtype=np.uint16),
        "e": np.array([4_000_000_000], dtype=np.uint32),
    }
    words, found = unpacked(packed({"who": "Zoë </script>"}, columns))
    assert words["who"] == "Zoë </script>"
    for name, column in columns.items():
        assert found[name].dtype == column.dtype
        np.testing.assert_array_equal(found[name], column)


def test_the_area_of_a_disc_grows_with_the_value():
    small, half, full = radius(pd.Series([2.0, 6.0, 18.0]), 3.0, 11.0)
    assert (small, full) == (3.0, 11.0)
    assert half == pytest.approx(3 + 8 * (4 / 16) ** 0.5)
    assert radius(pd.Series([None, 5.0]), 3.0, 11.0) == [3.0, 11.0]
    assert radius(pd.Series([5.0, 5.0]), 3.0, 11.0) == [3.0, 3.0]


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


def test_pseudonyms_and_edge_lists_are_shown_as_such(tmp_path):
    people = [{"handle": "k7"}, {"handle": "k8"}, {"handle": "k9"}]
    network = made(people, {(0, 1): 1, (1, 2): 1}, invented=False)
    tables = {name: getattr(network, name) for name in ("accounts", "posts", "events", "edges")}
    drawn(Network(tables, provenance={"pseudonymised": True}), tmp_path / "a.html")
    assert "Pseudonymised accounts" in text_of(tmp_path / "a.html")
    assert "https://x.com/k7" not in text_of(tmp_path / "a.html")
    assert set(inside(tmp_path / "a.html")[1]["profile"]) == {0}
    tables["accounts"] = tables["accounts"].assign(platform="any")
    drawn(Network(tables), tmp_path / "a.html")
    assert "real accounts" not in text_of(tmp_path / "a.html")
    assert 'id="care"' not in text_of(tmp_path / "a.html")


def test_accounts_of_few_followers_can_be_left_unnamed(tmp_path):
    people = [
        {"handle": "famous", "name": "Dr Famous", "followers": 9_000, "description": "teaches"},
        {"handle": "quietone", "name": "Dr Quiet", "followers": 12, "description": "of a small town"},
        {"handle": "unknownone", "name": "Dr Unknown", "description": "nobody counted"},
    ]
    network = made(people, {(0, 1): 3, (1, 2): 1, (2, 0): 1}, invented=False)
    summary = page(
        network,
        measured(network),
        circled(network),
        tmp_path / "a.html",
        names={1: "@quietone, @famous"},
        redact_below=5_000,
    )
    words, columns = inside(tmp_path / "a.html")
    assert summary.redacted == 2
    everything = text_of(tmp_path / "a.html") + json.dumps(words)
    for secret in ("quietone", "Dr Quiet", "small town", "unknownone", "Dr Unknown", "nobody counted"):
        assert secret not in everything
    assert "@famous" in everything
    assert sorted(columns["redacted"]) == [0, 1, 1]
    assert "2 of them, with fewer than 5,000 followers, are not named." in everything
    assert words["communities"] == {"1": "Community 1"}


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
    assert profile_url("bluesky", "ann.bsky.social") == "https://bsky.app/profile/ann.bsky.social"
    assert profile_url("mastodon", "ann@med.example") == "https://med.example/@ann"
    for handle in ("ann", "ann@", "@med.example", "a/b@med.example", "ann@med", "ann@med.example/x", "ann@m.e:8"):
        assert profile_url("mastodon", handle) is None


def test_json_cannot_end_its_script():
    text = script_json({"a": "</script><!--<script>", "b": [float("nan"), float("inf"), 1.0, 0.25], "c": "\u2028&"})
    assert "<" not in text
    assert ">" not in text
    assert json.loads(text) == {"a": "</script><!--<script>", "b": [None, None, 1, 0.25], "c": "\u2028&"}


@pytest.mark.parametrize("renderer", ["pyvis", "webgl"])
def test_a_hostile_network_adds_no_markup(tmp_path, renderer):
    network = hostile()
    calm = made([{"handle": f"dr{i}"} for i in range(6)], {(i, j): 1 for i in range(6) for j in range(6) if i != j})
    scores = measured(network)
    scores.attrs["meta"][NASTY] = NASTY
    names = {1: NASTY}
    page(network, scores, circled(network), tmp_path / "a.html", names=names, title=NASTY, renderer=renderer)
    drawn(calm, tmp_path / "b.html", renderer=renderer)
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "b.html")]
    for tag in ("script", "/script", "style", "b>", "iframe", "img"):
        assert texts[0].count(f"<{tag}") == texts[1].count(f"<{tag}")
    own = [re.findall(r"<[a-z][^>]*\son[a-z]+=", text) for text in texts]
    assert own[0] == own[1] == []
    assert html.escape(NASTY, quote=False)[:20] in texts[0].replace("&#34;", '"')
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', texts[0]))
    words = inside(tmp_path / "a.html")[0]["words"]
    assert all(len(handle) <= 40 for handle in words["handle"])
    assert "{{7*7}}{% raw %}" in words["name"]


@pytest.mark.parametrize("renderer", ["pyvis", "webgl"])
def test_the_page_loads_nothing_and_runs_only_its_own(network, tmp_path, renderer):
    import base64
    import hashlib

    drawn(network, tmp_path / "a.html", renderer=renderer)
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
    assert "cdn" not in head


# ---- the same bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("renderer", ["pyvis", "webgl"])
def test_same_network_and_seed_same_bytes(network, tmp_path, renderer):
    random.seed(5)
    state = random.getstate()
    drawn(network, tmp_path / "a.html", renderer=renderer)
    assert random.getstate() == state
    random.seed(99)
    drawn(network, tmp_path / "b.html", renderer=renderer)
    drawn(network, tmp_path / "c.html", seed=2, renderer=renderer)
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
