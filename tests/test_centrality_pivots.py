"""Sampled paths: unbiased, with errors that mean what they say."""

import numpy as np
import pytest
from networks import network
from test_centrality import wheel

from netmed.centrality import paths, scores
from netmed.centrality.measure import Settings
from netmed.graphs import Graphs

ESTIMATES = {"betweenness": paths.betweenness_from, "harmonic": paths.harmonic_to}


def ends(graphs: Graphs, column: str) -> list[int]:
    return np.unique(graphs.target if column == "betweenness" else graphs.source).tolist()


@pytest.mark.parametrize("column", ESTIMATES)
@pytest.mark.parametrize("how", ["inverse", "unweighted"])
def test_all_pivots_are_the_exact_answer(column: str, how: str):
    """The sum over all pivots, added up the way samples are, is what igraph counts in one go."""
    graphs, settings = Graphs(wheel()), Settings(paths=how)
    candidates = ends(graphs, column)
    exact, no_error = ESTIMATES[column](graphs, paths.Sample(len(candidates), candidates, 1), settings)
    # one more in the population makes the estimator work on a "sample", of which every member was drawn
    nearly = paths.Sample(len(candidates) + 1, candidates, 1)
    value, error = ESTIMATES[column](graphs, nearly, settings)
    np.testing.assert_allclose(value * len(candidates) / (len(candidates) + 1), exact, rtol=1e-9, atol=1e-15)
    assert np.isnan(no_error).all()
    assert not np.isnan(error).any()


@pytest.mark.parametrize("column", ESTIMATES)
@pytest.mark.parametrize("pivots", [12, 30])  # fewer than the batches, and no multiple of them
def test_estimates_are_unbiased_and_errors_are_honest(column: str, pivots: int):
    graphs, settings = Graphs(wheel()), Settings()
    candidates = ends(graphs, column)
    exact, _ = ESTIMATES[column](graphs, paths.Sample(len(candidates), candidates, 1), settings)
    rng = np.random.default_rng(7)
    runs = [
        ESTIMATES[column](
            graphs, paths.Sample(len(candidates), rng.choice(candidates, pivots, replace=False).tolist(), 1), settings
        )
        for _ in range(300)
    ]
    values = np.array([value for value, _ in runs])
    errors = np.array([error for _, error in runs])
    varied = values.std(axis=0) > 1e-9
    assert varied.sum() > 20
    bias = (values.mean(axis=0) - exact)[varied] / (values.std(axis=0)[varied] / np.sqrt(len(runs)))
    assert np.abs(bias).max() < 4.5
    assert (errors[:, varied] ** 2).mean() / values[:, varied].var(axis=0).mean() == pytest.approx(1, abs=0.12)
    central = np.argsort(exact)[-5:]
    inside = np.abs(values - exact)[:, central] <= 2.2 * errors[:, central]
    assert inside.mean() > 0.85


def test_what_was_sampled_is_said():
    frame = scores(wheel(), betweenness=10, seed=4)
    said = frame.attrs["meta"]["measures"]["betweenness"]
    assert {name: said[name] for name in ("method", "pivots", "population", "seed", "batches")} == {
        "method": "pivots",
        "pivots": 10,
        "population": 60,
        "seed": 4,
        "batches": 10,
    }
    assert frame["betweenness_se"].notna().all()
    assert frame.attrs["meta"]["measures"]["harmonic"]["method"] == "exact"  # cheap: no reason to sample
    assert frame["harmonic_se"].isna().all()


def test_only_accounts_that_can_start_or_end_a_path_are_drawn():
    """30 speak to 3 who speak to 1: on F paths start at 4 accounts and end at 33."""
    edges = [(f"a{i:02}", f"b{i % 3}", 1 + i % 4) for i in range(30)] + [(f"b{i}", "c", 1 + i) for i in range(3)]
    made = network(edges, ["alone"])
    said = scores(made, betweenness=3).attrs["meta"]["measures"]
    assert (said["betweenness"]["population"], said["harmonic"]["population"]) == (4, 33)
    exact = scores(made, measures=["betweenness"])["betweenness"]
    runs = [scores(made, measures=["betweenness"], betweenness=3, seed=s)["betweenness"] for s in range(40)]
    # c alone starts the paths through b: it is drawn in 3 of 4 samples, and then counts 4/3
    share = np.mean([run.sum() > 0 for run in runs])
    assert share == pytest.approx(0.75, abs=0.2)
    assert {round(run.sum() / exact.sum(), 9) for run in runs} == {0.0, round(4 / 3, 9)}


def test_as_many_pivots_as_there_are_is_exact():
    exact, asked = scores(wheel()), scores(wheel(), betweenness=60)
    assert asked.attrs["meta"]["measures"]["betweenness"]["method"] == "exact"
    assert asked["betweenness"].tolist() == exact["betweenness"].tolist()


def test_auto_is_exact_while_cheap_and_samples_beyond(monkeypatch: pytest.MonkeyPatch):
    def methods(**settings: object) -> list[tuple[str, int | None]]:
        said = scores(wheel(), **settings).attrs["meta"]["measures"]
        return [(said[name]["method"], said[name]["pivots"]) for name in ESTIMATES]

    assert methods() == [("exact", None)] * 2
    monkeypatch.setattr(paths, "EXACT_WORK", 1000)
    monkeypatch.setattr(paths, "PIVOT_WORK", 1000)
    monkeypatch.setattr(paths, "FEWEST_PIVOTS", 8)
    assert methods() == [("pivots", 8)] * 2
    assert methods(betweenness=11) == [("pivots", 11)] * 2
    assert methods(betweenness="exact") == [("exact", None)] * 2
    assert scores(wheel(), seed=1)["harmonic"].tolist() != scores(wheel(), seed=2)["harmonic"].tolist()
    monkeypatch.setattr(paths, "BLOCK", 1)
    one_by_one = scores(wheel(), seed=1)
    monkeypatch.setattr(paths, "BLOCK", 10**6)
    np.testing.assert_allclose(scores(wheel(), seed=1)["harmonic"], one_by_one["harmonic"], rtol=1e-12)
