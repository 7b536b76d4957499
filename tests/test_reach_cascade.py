"""Cascade reach of every account: against every world, published spreads, and what its errors promise."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled
from reach_oracles import Flow, Truth, as_network

from netmed import parallel, reach
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network

MODELS = ("independent-cascade", "linear-threshold")

DIAMOND = {
    ("a", "b"): 0.6,
    ("a", "c"): 0.3,
    ("b", "d"): 0.5,
    ("c", "d"): 0.7,
    ("d", "a"): 0.4,
    ("d", "e"): 1.0,
    ("e", "b"): 0.2,
    ("f", "a"): 0.9,
}
"""Two ways to d, a way back, an edge that always transmits."""


def by_key(frame: pd.DataFrame, column: str = "cascade_reach") -> dict[str, float]:
    return dict(zip(frame["account_key"], frame[column], strict=True))


def within(frame: pd.DataFrame, truth: dict[str, float], errors: float = 4.0) -> None:
    """Every value is within so many of its own standard errors; where there is none, it is exact."""
    for key, value, error in zip(
        frame["account_key"], frame["cascade_reach"], frame["cascade_reach_se"].fillna(0), strict=True
    ):
        assert abs(value - truth[key]) <= errors * error + 1e-9, (key, value, truth[key], error)


@pytest.mark.parametrize("model", MODELS)
def test_it_is_the_mean_over_all_worlds(model: str) -> None:
    truth = Truth(DIAMOND, model)
    frame = reach.cascade(as_network(DIAMOND), probability="weight", model=model, sets=1_000_000)
    within(frame, {key: truth.reach(key) for key in "abcdef"})
    assert frame["cascade_reach_se"].max() < 0.004
    assert frame.attrs["meta"]["sets"] == 1_000_000


flows = st.dictionaries(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")).filter(lambda ends: ends[0] != ends[1]),
    st.sampled_from([0.05, 0.3, 0.5, 0.8, 1.0]),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("model", MODELS)
@given(flow=flows, seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_it_is_the_mean_over_all_worlds_of_any_network(model: str, flow: Flow, seed: int) -> None:
    truth = Truth(flow, model)
    frame = reach.cascade(as_network(flow, "abcde"), probability="weight", model=model, sets=60_000, seed=seed)
    within(frame, {key: truth.reach(key) for key in "abcde"}, errors=6)
    assert (frame["cascade_reach"] >= 1).all()


def test_a_chain_by_its_formula() -> None:
    chain = as_network({("a", "b"): 0.5, ("b", "c"): 0.5, ("c", "d"): 0.5})
    frame = reach.cascade(chain, probability="weight", sets=500_000)
    within(frame, {"a": 1.875, "b": 1.75, "c": 1.5, "d": 1.0})
    assert by_key(frame)["c"] == 1.5  # nothing is drawn for what goes one step
    assert by_key(frame)["d"] == 1.0
    assert frame["cascade_reach_se"].isna().tolist() == [False, False, True, True]


def test_thresholds_are_scaled_where_weights_sum_to_more_than_one() -> None:
    """b hears a with 0.9 and c with 0.6: 0.6 and 0.4; e hears d with 0.3, as it is."""
    flow = {("a", "b"): 0.9, ("c", "b"): 0.6, ("d", "e"): 0.3}
    frame = reach.cascade(as_network(flow), probability="weight", model="linear-threshold")
    assert by_key(frame) == pytest.approx({"a": 1.6, "b": 1, "c": 1.4, "d": 1.3, "e": 1})
    assert frame.attrs["meta"]["accounts_scaled"] == 1
    assert frame.attrs["meta"]["stopped"] == "nothing had to be drawn"
    cascade = reach.cascade(as_network(flow), probability="weight")
    assert by_key(cascade) == pytest.approx({"a": 1.9, "b": 1, "c": 1.6, "d": 1.3, "e": 1})


def test_errors_are_as_large_as_they_say() -> None:
    """Over many seeds, deviations from the truth in standard errors have a mean of 0 and a spread of 1."""
    made, truth = as_network(DIAMOND), Truth(DIAMOND)
    deviations = []
    for seed in range(100):
        frame = reach.cascade(made, probability="weight", sets=400, seed=seed).set_index("account_key")
        for key in "af":
            row = frame.loc[key]
            deviations.append((row["cascade_reach"] - truth.reach(key)) / row["cascade_reach_se"])
    assert abs(np.mean(deviations)) < 0.25
    assert 0.85 < np.std(deviations) < 1.15


def test_who_is_in_no_set_has_an_error_all_the_same() -> None:
    flow = {("a", "b"): 1e-6, ("b", "c"): 1e-6} | {(f"x{i}", f"y{i}"): 0.5 for i in range(3)}
    frame = reach.cascade(as_network(flow), probability="weight", sets=100).set_index("account_key")
    assert frame.loc["a", "cascade_reach"] == 1 + 1e-6
    assert frame.loc["a", "cascade_reach_se"] == pytest.approx(1.5 / 100, rel=0.05)  # one of the 1.5 that hear anybody


def test_unknown_is_empty_and_says_why() -> None:
    """cy is addressed, and nobody knows how much it wrote; di is not addressed."""
    posts = {"ana": 4, "bo": 2, "cy": 0, "di": None}
    edges = [("bo", "ana", 1), ("ana", "bo", 1), ("cy", "bo", 1), ("bo", "cy", 2), ("di", "cy", 1)]
    made = network(edges, profiles={key: {"n_original": count} for key, count in posts.items()})
    frame = reach.cascade(made, sets=200_000)
    assert frame["cascade_reach"].isna().tolist() == [False, False, True, False]
    assert frame["cascade_reach_se"].isna().tolist() == [False, True, True, True]  # bo's word comes back only to bo
    assert by_key(frame)["di"] == 1.0
    truth = Truth({("ana", "bo"): 1 / 4, ("bo", "ana"): 1 / 2, ("bo", "cy"): 1 / 2})
    within(frame[frame["account_key"] != "cy"], {key: truth.reach(key) for key in ("ana", "bo", "di")})
    assert "empty for 1 addressed accounts whose probability is unknown" in frame.attrs["meta"]["notes"][0]


def test_weighted_cascade() -> None:
    """1 / accounts addressed: a hears b and c, d hears a."""
    made = network([("a", "b", 3), ("a", "c", 1), ("d", "a", 7)])
    truth = Truth({("b", "a"): 0.5, ("c", "a"): 0.5, ("a", "d"): 1.0})
    frame = reach.cascade(made, probability="weighted-cascade", sets=300_000)
    within(frame, {key: truth.reach(key) for key in "abcd"})


def test_edges_of_a_file_that_transmit_nothing(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("source,target,probability\na,b,1\nb,c,0\nc,d,1\n", encoding="utf-8")
    made = network([("b", "a", 1), ("c", "b", 1), ("d", "c", 1), ("a", "d", 1)])
    frame = reach.cascade(made, probability=str(file), sets=1000)
    assert by_key(frame) == {"a": 2, "b": 1, "c": 2, "d": 1}


def test_only_those_of_the_target_count() -> None:
    weight = {"a": 0.5, "d": 1.0, "e": 0.25}
    truth = Truth(DIAMOND, weight=weight)
    frame = reach.cascade(as_network(DIAMOND), probability="weight", sets=500_000, target=pd.Series(weight))
    within(frame, {key: truth.reach(key) for key in "abcdef"})
    assert frame.attrs["meta"]["scale"] == 1.75


def test_a_target_that_lies_behind_others_of_no_weight() -> None:
    """Only the last of a chain counts: what leads there is not exact after one step."""
    chain = {("a", "b"): 0.5, ("b", "c"): 0.5, ("c", "d"): 0.5}
    frame = reach.cascade(as_network(chain), probability="weight", sets=400_000, target=pd.Series({"d": 1.0}))
    within(frame, {"a": 0.125, "b": 0.25, "c": 0.5, "d": 1.0})
    assert frame["cascade_reach_se"].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (pd.Series({"a": 1.5}), "numbers from 0 to 1; a has"),
        (pd.Series({"a": np.nan}), "numbers from 0 to 1"),
        (pd.Series({"a": 0.0}), "nobody is left to be reached"),
    ],
)
def test_targets_that_are_none(target: pd.Series, words: str) -> None:
    with pytest.raises(NetmedError, match=words):
        reach.cascade(as_network(DIAMOND), probability="weight", target=target)


def test_a_target_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match="no account called 'z'"):
        reach.cascade(as_network(DIAMOND), probability="weight", target=pd.Series({"z": 1.0}))


@pytest.mark.parametrize(
    "wrong", [{"precision": 0}, {"precision": 1.5}, {"sets": 0}, {"sets": True}, {"seed": -1}, {"seed": "x"}]
)
def test_settings_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(NetmedError, match=next(iter(wrong))):
        reach.cascade(as_network(DIAMOND), probability="weight", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"model": "sir"}, {"direction": "up"}, {"probability": "much"}])
def test_words_that_mean_nothing(wrong: dict[str, str]) -> None:
    with pytest.raises(NetmedError, match="not '"):
        reach.cascade(as_network(DIAMOND), **{"probability": "weight", **wrong})  # type: ignore[arg-type]


def test_direction_flow_reads_edges_as_they_run() -> None:
    along = network([(b, a, p) for (b, a), p in DIAMOND.items()])
    found = reach.cascade(along, probability="weight", direction="flow", sets=50_000)
    wanted = reach.cascade(as_network(DIAMOND), probability="weight", sets=50_000)
    pd.testing.assert_frame_equal(found, wanted)


def test_drawing_ends_when_it_is_precise() -> None:
    rough = reach.cascade(as_network(DIAMOND), probability="weight", precision=0.02).attrs["meta"]
    fine = reach.cascade(as_network(DIAMOND), probability="weight", precision=0.002).attrs["meta"]
    assert rough["relative_error"] <= 0.02
    assert fine["relative_error"] <= 0.002
    assert rough["sets"] < fine["sets"] / 50
    assert fine["stopped"] == "the precision was attained"


def test_drawing_ends_at_its_limits_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from netmed.reach import singles

    monkeypatch.setattr(singles, "MOST", 4096)
    meta = reach.cascade(as_network(DIAMOND), probability="weight", precision=1e-6).attrs["meta"]
    assert meta["sets"] == 4096
    assert "more than 4,096 sets; the precision was not attained" in meta["stopped"]
    monkeypatch.setattr(singles, "WORK", 8000)
    meta = reach.cascade(as_network(DIAMOND), probability="weight", precision=1e-6).attrs["meta"]
    assert meta["members"] <= 8000
    assert "more than 8,000 members; the precision was not attained" in meta["stopped"]


def invented(n: int = 3000, m: int = 12_000) -> Network:
    rng = np.random.default_rng(5)
    pairs = np.unique(rng.integers(0, n, (m, 2)) ** 2 // n, axis=0)
    return network([(f"u{a:04}", f"u{b:04}", 1) for a, b in pairs if a != b])


@pytest.mark.parametrize("model", MODELS)
def test_the_same_on_any_number_of_cores_and_in_any_order(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = invented()
    frames = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(parallel, "cores", lambda cores=cores: cores)
        frames.append(reach.cascade(made, probability="weighted-cascade", model=model, sets=100_000, seed=3))
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(frames[0], frames[2])
    other = reach.cascade(shuffled(made, 4), probability="weighted-cascade", model=model, sets=100_000, seed=3)
    assert by_key(other) == by_key(frames[0])
    again = reach.cascade(made, probability="weighted-cascade", model=model, sets=100_000, seed=4)
    assert by_key(again) != by_key(frames[0])


def test_global_chance_is_left_alone() -> None:
    before, numpys = random.getstate(), np.random.get_state()[1].copy()
    reach.cascade(as_network(DIAMOND), probability="weight", sets=1000)
    assert random.getstate() == before
    assert (np.random.get_state()[1] == numpys).all()


@pytest.mark.parametrize("model", MODELS)
def test_networks_of_nothing(model: str) -> None:
    empty = reach.cascade(network([]), probability="constant:0.1", model=model)
    assert list(empty.columns) == ["account_key", "handle", "name", "cascade_reach", "cascade_reach_se"]
    assert len(empty) == 0
    lone = reach.cascade(network([], ["a", "b"]), probability="constant:0.1", model=model)
    assert lone["cascade_reach"].tolist() == [1.0, 1.0]
    assert lone["cascade_reach_se"].isna().all()
    pair = reach.cascade(network([("a", "b", 1), ("b", "a", 1)]), probability="constant:0.25", model=model)
    assert pair["cascade_reach"].tolist() == [1.25, 1.25]
    assert pair["cascade_reach_se"].isna().all()  # who answers is heard by whom it heard: nothing new


def test_columns_and_conventions_are_told() -> None:
    frame = reach.cascade(as_network(DIAMOND), probability="weight", sets=100)
    assert set(frame.attrs["columns"]) == set(frame.columns)
    wanted = {"relations", "direction", "model", "probability", "seed", "sets", "stopped", "versions", "method"}
    assert wanted <= set(frame.attrs["meta"])
