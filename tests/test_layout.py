"""Where accounts stand: communities together, nothing invented, nobody on another, the same twice, kept on disk."""

import random

import igraph
import numpy as np
import pytest
from page_cases import circled, crowd, measured, planted

from netmed.network import Network
from netmed.show import page, positions
from netmed.show.discs import radius
from netmed.show.layout import layout, purity, seeded


def sized(graph, smallest, largest):
    import pandas as pd

    return radius(pd.Series(graph.indegree()), smallest, largest)


def test_purity_counts_neighbours_of_ones_own_group():
    graph = igraph.Graph.Full(2) + igraph.Graph.Full(2) + igraph.Graph(1)
    points = np.array([[0.0, 0], [1, 0], [50, 0], [51, 0], [0.5, 0]])  # the last has no edge and does not count
    assert purity(graph, points, [1, 1, 2, 2, 2], nearest=1) == (1.0, pytest.approx(1 / 3))
    assert purity(graph, points, [1, 2, 1, 2, 2], nearest=1)[0] == 0.0


@pytest.fixture(scope="module")
def large():
    """2,000 accounts in 14 communities, a fifth of the edges between them."""
    return crowd(2_000, 8_000)


def test_planted_communities_stand_together(large):
    network, group = large
    with seeded(3):
        found = network.graph.as_undirected().community_leiden(objective_function="modularity").membership
    points = layout(network.graph, found, sized(network.graph, 3.0, 15.0))
    kept, by_lot = purity(network.graph, points, group)
    assert kept >= 0.85
    assert by_lot < 0.15


def test_a_null_graph_makes_no_islands(large):
    network, group = large
    with seeded(3):
        shuffled = network.graph.copy()
        shuffled.rewire(n=20 * shuffled.ecount())
    # Even where the accounts start as islands, edges that know of none dissolve them.
    points = layout(shuffled, group.tolist(), sized(network.graph, 3.0, 15.0))
    kept, by_lot = purity(shuffled, points, group)
    assert kept <= 1.5 * by_lot


def test_large_pictures_have_room(large):
    network, group = large
    radii = np.array(sized(network.graph, 3.0, 15.0))
    points = layout(network.graph, group.tolist(), radii.tolist())
    gap = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=-1)) - radii[:, None] - radii[None]
    np.fill_diagonal(gap, 1.0)
    assert gap.min() > 0


def test_no_disc_touches_another_and_all_are_near():
    network, group = planted(300, 5)
    radii = np.array(sized(network.graph, 3.0, 30.0))
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


def test_the_same_seed_gives_the_same_place_and_chance_is_left_alone():
    network, group = planted(120, 4)
    radii = sized(network.graph, 3.0, 15.0)
    random.seed(5)
    state = random.getstate()
    once = layout(network.graph, group.tolist(), radii)
    assert random.getstate() == state
    random.seed(99)
    assert np.array_equal(once, layout(network.graph, group.tolist(), radii))
    assert not np.array_equal(once, layout(network.graph, group.tolist(), radii, seed=2))


# ---- saved with the network --------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path):
    """A network as if loaded from a folder."""
    network, group = planted(60, 3)
    tables = {name: getattr(network, name) for name in ("accounts", "posts", "events", "edges")}
    return Network(tables, path=tmp_path, name="saved"), group


def draw(network, group, path, **settings):
    page(network, measured(network), circled(network, group), path, **settings)
    return path.read_bytes()


def test_positions_are_saved_and_used_again(saved, tmp_path, monkeypatch):
    network, group = saved
    first = draw(network, group, tmp_path / "a.html")
    assert (tmp_path / positions.FILE).is_file()
    monkeypatch.setattr(positions, "layout", None)  # called, it would fail
    assert draw(network, group, tmp_path / "b.html") == first
    monkeypatch.undo()
    other = draw(network, group, tmp_path / "c.html", seed=2)
    assert other != first


@pytest.mark.parametrize("change", ["seed", "size", "groups", "edges", "damage"])
def test_whatever_positions_follow_from_is_looked_at(saved, tmp_path, monkeypatch, change):
    network, group = saved
    draw(network, group, tmp_path / "a.html")
    made_anew = []
    monkeypatch.setattr(positions, "layout", lambda *a, **k: made_anew.append(1) or layout(*a, **k))
    settings = {"seed": {"seed": 3}, "size": {"size": "out_degree"}}.get(change, {})
    if change == "groups":
        group = group[::-1].copy()
    if change == "edges":
        tables = {name: getattr(network, name) for name in ("accounts", "posts", "events", "edges")}
        tables["edges"] = tables["edges"].iloc[:-1]
        network = Network(tables, path=tmp_path, name="saved")
    if change == "damage":
        (tmp_path / positions.FILE).write_bytes(b"PAR1 and then nothing")
    draw(network, group, tmp_path / "b.html", **settings)
    assert made_anew == [1]


def test_edges_that_are_not_drawn_at_first_hold_accounts_together_too(saved, tmp_path, monkeypatch):
    network, group = saved
    seen = []
    monkeypatch.setattr(
        positions, "layout", lambda graph, *a, **k: seen.append(graph.ecount()) or layout(graph, *a, **k)
    )
    monkeypatch.setattr("netmed.show.network_page.PYVIS_EDGES", 20)
    draw(network, group, tmp_path / "a.html", renderer="pyvis")
    assert seen == [len(network.edges)]


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path):
    network, group = planted(30, 2)
    tables = {name: getattr(network, name) for name in ("accounts", "posts", "events", "edges")}
    (tmp_path / "file").write_text("")
    apart = Network(tables, path=tmp_path / "file", name="apart")
    assert len(draw(apart, group, tmp_path / "a.html")) > 100_000
