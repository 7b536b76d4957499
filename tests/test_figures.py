"""Static figures: what is made, of what, in which form, and the same twice."""

import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from page_cases import circled, crowd, hostile, made, measured

from netmed import community
from netmed.errors import UnknownNameError
from netmed.show import figures, legends, map_figure

ALL = {"map", "ranks", "mixing", "communities", "degrees"}


@pytest.fixture(scope="module")
def known():
    network, group = crowd(120, 500, 4, seed=2, posts=True)
    circles = circled(network, group)
    mixed = community.mixing(network, circles, by="community", permutations=20)
    return network, measured(network), circles, mixed


def words(path):
    return [element.text for element in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(scope="module", params=["png", "svg", "pdf"])
def form(request, known, tmp_path_factory):
    """A form, and the figures in it."""
    network, scores, circles, mixed = known
    place = tmp_path_factory.mktemp(request.param)
    return request.param, figures(network, scores, circles, place, mixing=mixed, to=request.param)


def test_every_figure_in_every_form(form):
    name, written = form
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[name]
    assert {figure: path.name for figure, path in written.items()} == {figure: f"{figure}.{name}" for figure in ALL}
    assert all(path.read_bytes().startswith(start) for path in written.values())


def test_same_network_same_bytes(form, known, tmp_path):
    network, scores, circles, mixed = known
    again = figures(network, scores, circles, tmp_path, mixing=mixed, to=form[0])
    for figure in ALL:
        assert form[1][figure].read_bytes() == again[figure].read_bytes()


def test_forms_and_measures_nobody_knows_are_named(known, tmp_path):
    network, scores, circles, _ = known
    with pytest.raises(UnknownNameError, match="png"):
        figures(network, scores, circles, tmp_path, to="pgn")
    with pytest.raises(UnknownNameError, match="pagerank"):
        figures(network, scores, circles, tmp_path, measure="pagerang")


def test_the_most_central_stand_in_order_with_their_intervals(known, tmp_path):
    network, scores, circles, _ = known
    path = figures(network, scores, circles, tmp_path, to="svg")["ranks"]
    assert any("without intervals" in (word or "") for word in words(path))
    rank = scores["pagerank"].rank(method="min", ascending=False).astype("Int64")
    sure = scores.assign(rank_pagerank_lo=(rank - 1).clip(lower=1), rank_pagerank_hi=rank + 4)
    sure.attrs = scores.attrs
    path = figures(network, sure, circles, tmp_path, to="svg")["ranks"]
    said = words(path)
    best = scores.nlargest(20, "pagerank")["name"].tolist()
    assert [word for word in said if word in set(best)] == best
    assert "rank by PageRank, with its interval over resampled authors" in said
    assert any(word.startswith("120 accounts, 500 edges (reply + mention) · 2020-01-0") for word in said)


def test_mixing_says_shares(known, tmp_path):
    network, scores, circles, mixed = known
    said = words(figures(network, scores, circles, tmp_path, mixing=mixed, to="svg")["mixing"])
    first = mixed[(mixed["source_group"] == "1") & (mixed["target_group"] == "1")]["share"]
    assert f"{float(first.iloc[0]):.0%}" in said


def test_a_community_has_one_colour_in_every_figure(known, tmp_path):
    network, scores, circles, _ = known
    written = figures(network, scores, circles, tmp_path, to="svg")
    community = circles.set_index("account_key")["community"].reindex(network.accounts["account_key"])
    colours = legends.palette(community)
    sizes = community.value_counts()
    assert set(colours) == set(sizes.index[:9])
    assert len(colours) > 2
    entries = legends.by_community(community, {n: f"Community {n}" for n in sizes.index}).entries
    assert [entry.light for entry in entries if not entry.is_rest] == list(colours.values())
    for name in ("map", "communities"):
        drawing = written[name].read_text(encoding="utf-8").lower()
        assert all(colour.lower() in drawing for colour in colours.values()), name
    said = words(written["map"])
    assert "Community (accounts)" in said
    for number in colours:
        assert f"Community {number} ({sizes[number]})" in said


def test_a_community_whose_name_cannot_be_printed_has_its_number(known, tmp_path):
    network, scores, circles, _ = known
    names = {1: "_under", 2: "医師会"}  # the font has no sign of it
    for name in ("map", "communities"):
        said = words(figures(network, scores, circles, tmp_path, to="svg", names=names)[name])
        for wanted in ("_under", "Community 2"):
            assert any(word.startswith(wanted) for word in said if word), (name, wanted)


def test_the_map_is_coloured_as_asked(known, tmp_path):
    network, scores, circles, _ = known
    said = words(figures(network, scores, circles, tmp_path, to="svg", color="in_degree")["map"])
    assert "In-degree (accounts)" in said
    assert "Community (accounts)" not in said
    with pytest.raises(UnknownNameError, match="rolle"):
        figures(network, scores, circles, tmp_path, color="rolle")


def test_no_caption_of_the_map_stands_on_another(known):
    network, scores, circles, _ = known
    keys = network.accounts["account_key"]
    community = circles.set_index("account_key")["community"].reindex(keys).astype("Int64")
    called = {int(n): "a rather long name of a community" for n in community.unique()}
    ordered = scores.set_index("account_key").reindex(keys)
    chosen = map_figure.drawn(network, ordered, community, "pagerank")
    key = legends.by_community(community.iloc[chosen.accounts], called)
    figure = map_figure.map_figure(network, ordered, community, called, network.accounts, "pagerank", chosen, key, 1)
    figure.draw_without_rendering()
    shown = [text for text in figure.axes[0].texts if text.get_visible()]
    boxes = [(text.get_bbox_patch() or text).get_window_extent() for text in shown]
    assert len(shown) >= 4
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_of_texts_on_one_another_the_first_stays():
    figure, axes = map_figure.blank(4, 3)
    box = {"boxstyle": "round,pad=3"}
    texts = [axes.text(0.1, 0.5, "first", bbox=box), axes.text(0.12, 0.52, "second"), axes.text(0.9, 0.9, "third")]
    map_figure.without_overlaps(figure, texts)
    assert [text.get_visible() for text in texts] == [True, False, True]


def test_what_cannot_be_drawn_is_left_out(tmp_path):
    nobody = made([], {})
    assert figures(nobody, measured(nobody), circled(nobody), tmp_path) == {}
    pair = made([{"handle": "a"}, {"handle": "b"}], {(0, 1): 2})
    assert set(figures(pair, measured(pair), circled(pair), tmp_path)) == {"map", "ranks", "degrees"}


def test_strangers_text_is_printed_and_the_unnamed_stay_so(tmp_path):
    network = hostile()
    network.accounts["name"] = ["$x^{2}$", "Dr 🧠", "東京", "a" * 10_000, "\u202eback", "<b>"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a sign the font lacks would warn
        path = figures(network, measured(network), circled(network), tmp_path, to="svg")["ranks"]
    said = words(path)
    assert "$x^{2}$" in said
    assert "Dr" in said
    assert "back" in said
    path = figures(network, measured(network), circled(network), tmp_path, to="svg", redact_below=10)["ranks"]
    assert not {"$x^{2}$", "Dr", "back", "<b>"} & set(words(path))
    assert len([word for word in words(path) if re.fullmatch(r"account \d", word or "")]) == 6


def test_chance_and_settings_are_left_alone(known, tmp_path):
    import matplotlib

    network, scores, circles, _ = known
    before, state = dict(matplotlib.rcParams), np.random.get_state()[1].copy()
    figures(network, scores, pd.DataFrame(circles), tmp_path)
    assert dict(matplotlib.rcParams) == before
    assert (np.random.get_state()[1] == state).all()
