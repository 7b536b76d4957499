"""Joint reach: against every world, against every group, and on sets that had no part in the choice."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from networks import network, shuffled
from reach_oracles import Truth, as_network

from netmed import parallel, reach
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network

MODELS = ("independent-cascade", "linear-threshold")

CHANCE = "with probability 1 − 1/accounts"

TWO_CAMPS = {
    ("a", "p"): 0.9,
    ("a", "q"): 0.8,
    ("a", "r"): 0.5,
    ("b", "p"): 0.7,
    ("b", "q"): 0.9,
    ("q", "r"): 0.6,
    ("c", "s"): 0.6,
    ("c", "t"): 0.4,
    ("s", "t"): 0.3,
    ("t", "c"): 0.2,
}
"""a and b speak to the same; c, who reaches fewer than b, to others."""


def star(name: str, leaves: int) -> list[tuple[str, str, float]]:
    return [(f"{name}{i}", name, 1.0) for i in range(leaves)]


def ranked(table: pd.DataFrame) -> list[str]:
    return table["account_key"].tolist()


@pytest.mark.parametrize("model", MODELS)
def test_it_is_the_best_group_and_every_column_is_the_mean_over_all_worlds(model: str) -> None:
    truth = Truth(TWO_CAMPS, model)
    names = sorted({end for edge in TWO_CAMPS for end in edge})
    table, overlap = reach.joint(as_network(TWO_CAMPS), 3, probability="weight", model=model, sets=400_000)
    order = ranked(table)
    assert order == truth.greedy(3, names)
    assert set(order[:2]) == truth.best(2, names)
    assert table["rank"].tolist() == [1, 2, 3]
    errors = table.attrs["meta"]["standard_errors"]
    top = sorted(names, key=lambda name: -truth.reach(name))
    for j in range(3):
        wanted = truth.reach(*order[: j + 1])
        assert abs(table["joint_reach"][j] - wanted) <= 4 * table["joint_reach_se"][j]
        before = truth.reach(*order[:j]) if j else 0.0
        assert abs(table["marginal_reach"][j] - (wanted - before)) <= 4 * errors["marginal_reach"][j] + 1e-9
        rest = [name for name in order if name != order[j]]
        alone = truth.reach(*order) - truth.reach(*rest)
        assert abs(table["unique_reach"][j] - alone) <= 4 * errors["unique_reach"][j] + 1e-9
        assert abs(table["top_k_reach"][j] - truth.reach(*top[: j + 1])) <= 4 * errors["top_k_reach"][j] + 1e-9
    assert table["joint_reach_se"].max() < 0.005
    for row in overlap.itertuples():
        one, other = truth.reach(row.account_key), truth.reach(row.other_key)
        both = truth.both(row.account_key, row.other_key)
        assert abs(row.both_reach - both) <= 4 * row.both_reach_se
        assert row.reach == pytest.approx(one, rel=0.02)
        assert row.other_reach == pytest.approx(other, rel=0.02)
        assert row.jaccard == pytest.approx(row.both_reach / (row.reach + row.other_reach - row.both_reach))
        assert row.overlap_coefficient == pytest.approx(row.both_reach / min(row.reach, row.other_reach))
        assert row.by_chance == pytest.approx(row.reach * row.other_reach / len(names))


def test_a_plain_list_pays_for_overlap() -> None:
    """b is second by reach alone, and adds to a less than c does."""
    truth = Truth(TWO_CAMPS)
    table, overlap = reach.joint(as_network(TWO_CAMPS), 2, probability="weight", sets=400_000)
    assert ranked(table) == ["a", "c"]
    assert table["top_k_reach"][1] == pytest.approx(truth.reach("a", "b"), abs=0.02)
    assert table["joint_reach"][1] == pytest.approx(truth.reach("a", "c"), abs=0.02)
    assert overlap["both_reach"].tolist() == [0.0]
    assert overlap["jaccard"].tolist() == [0.0]
    meta = table.attrs["meta"]
    assert meta["sum_of_single_reaches"] == pytest.approx(truth.reach("a") + truth.reach("c"), abs=0.02)
    assert meta["counted_twice"] == pytest.approx(0, abs=0.01)


def test_errors_are_as_large_as_they_say() -> None:
    made, truth = as_network(TWO_CAMPS), Truth(TWO_CAMPS)
    wanted = {"joint_reach": truth.reach("a", "c", "b"), "marginal_reach": 0.0, "unique_reach": 0.0}
    wanted["marginal_reach"] = truth.reach("a", "c", "b") - truth.reach("a", "c")
    wanted["unique_reach"] = truth.reach("a", "c", "b") - truth.reach("c", "b")
    found: dict[str, list[float]] = {name: [] for name in wanted}
    for seed in range(80):
        table, _ = reach.joint(made, 3, probability="weight", candidates=["a", "b", "c"], sets=3000, seed=seed)
        assert ranked(table) == ["a", "c", "b"]
        errors = table.attrs["meta"]["standard_errors"]
        place = {"joint_reach": 2, "marginal_reach": 2, "unique_reach": 0}
        for name, at in place.items():
            error = table["joint_reach_se"][at] if name == "joint_reach" else errors[name][at]
            found[name].append((table[name][at] - wanted[name]) / error)
    for name, deviations in found.items():
        assert abs(np.mean(deviations)) < 0.3, name
        assert 0.8 < np.std(deviations) < 1.2, name


def test_what_adds_and_what_is_unique_add_up() -> None:
    table, _ = reach.joint(as_network(TWO_CAMPS), 4, probability="weight", sets=20_000)
    np.testing.assert_allclose(table["marginal_reach"].cumsum(), table["joint_reach"], rtol=1e-12)
    assert (table["unique_reach"] <= table["marginal_reach"] + 1e-9).all()
    assert table["unique_reach"].iloc[-1] == pytest.approx(table["marginal_reach"].iloc[-1], abs=1e-9)
    assert (table["joint_reach"] >= table["top_k_reach"] - 4 * table["joint_reach_se"]).all()


def test_its_own_sets_flatter_greedy() -> None:
    """100 accounts, all alike: on few sets one seems better; fresh sets know it is not."""
    flow = {(f"h{i:02}", f"l{i:02}"): 0.5 for i in range(100)} | {(f"l{i:02}", f"m{i:02}"): 0.5 for i in range(100)}
    table, _ = reach.joint(as_network(flow), 1, probability="weight", sets=20_000)
    meta = table.attrs["meta"]
    assert meta["reach_on_own_sets"] > 1.75 + 0.1
    assert abs(table["joint_reach"][0] - 1.75) <= 4 * table["joint_reach_se"][0]


def test_only_candidates_are_chosen() -> None:
    names = ["b", "q", "t"]
    table, overlap = reach.joint(as_network(TWO_CAMPS), 2, probability="weight", candidates=names, sets=50_000)
    assert ranked(table) == ["b", "t"]
    assert len(overlap) == 1
    truth = Truth(TWO_CAMPS)
    top = sorted(names, key=lambda name: -truth.reach(name))
    assert table["top_k_reach"][1] == pytest.approx(truth.reach(*top[:2]), abs=0.05)


def test_fewer_candidates_than_asked_for() -> None:
    table, _ = reach.joint(as_network(TWO_CAMPS), 5, probability="weight", candidates=["b", "t"], sets=1000)
    assert len(table) == 2
    assert table.attrs["meta"]["notes"] == ["5 were asked for and there are 2 candidates; all of them are listed"]


def test_reach_of_a_target() -> None:
    """Of physicians only: c, whose audience is one, comes first."""
    weight = {"s": 1.0, "t": 0.8, "p": 0.1}
    truth = Truth(TWO_CAMPS, weight=weight)
    names = list("abc")
    table, overlap = reach.joint(
        as_network(TWO_CAMPS), 2, probability="weight", target=pd.Series(weight), candidates=names, sets=400_000
    )
    assert ranked(table) == truth.greedy(2, names) == ["c", "a"]
    for j in range(2):
        wanted = truth.reach(*ranked(table)[: j + 1])
        assert abs(table["joint_reach"][j] - wanted) <= 4 * table["joint_reach_se"][j]
    assert table.attrs["meta"]["scale"] == pytest.approx(1.9)
    assert overlap["by_chance"][0] == pytest.approx(overlap["reach"][0] * overlap["other_reach"][0] / 1.9)


def test_a_target_may_be_said_in_words() -> None:
    chances = {"s": 0.9, "t": 0.8, "p": 0.1}
    profiles = {name: {"role": "physician", "p_physician": p, "p_trainee": 0.0} for name, p in chances.items()}
    edges = [(hears, heard, p) for (heard, hears), p in TWO_CAMPS.items()]
    made = network(edges, profiles=profiles)
    said, _ = reach.joint(made, 2, probability="weight", target="physicians", sets=5_000)
    given, _ = reach.joint(made, 2, probability="weight", target=pd.Series(chances), sets=5_000)
    pd.testing.assert_frame_equal(said, given)
    assert said.attrs["meta"]["scale"] == pytest.approx(1.8)
    with pytest.raises(UnknownNameError, match="no target called 'surgeons'"):
        reach.cascade(made, probability="weight", target="surgeons")


def budgeted(costs: dict[str, float], budget: float, edges: list[tuple[str, str, float]], **more: Any) -> pd.DataFrame:
    table, _ = reach.joint(
        network(edges),
        probability="constant:1",
        costs=pd.Series(costs),
        budget=budget,
        candidates=list(costs),
        sets=20_000,
        **more,
    )
    return table


def test_a_budget_is_better_spent_on_many_that_are_cheap() -> None:
    """Greedy by reach alone would buy a (reach 10) for all of the budget; b, c, d reach 18 for it."""
    edges = [*star("a", 9), *star("b", 5), *star("c", 5), *star("d", 5)]
    table = budgeted({"a": 6, "b": 2, "c": 2, "d": 2}, 6, edges)
    assert sorted(ranked(table)) == ["b", "c", "d"]
    assert table["joint_reach"].iloc[-1] == 18
    assert table["top_k_reach"].tolist() == [10, 10, 10]  # the plain list spent all of it on a
    meta = table.attrs["meta"]
    assert (meta["budget"], meta["spent"], meta["accounts_of_plain_list"]) == (6, 6, 1)
    assert meta["guarantee"].startswith("at least (1 − 1/e) / 2 − ")


def test_a_budget_is_not_wasted_on_a_bargain() -> None:
    """Per cost b (2 for 0.1) is the best, and then a (30) is too dear: greedy by reach buys a."""
    edges = [*star("a", 29), *star("b", 1)]
    table = budgeted({"a": 10, "b": 0.1}, 10, edges)
    assert ranked(table) == ["a"]
    assert table["joint_reach"].tolist() == [30]


def test_a_budget_for_so_many_accounts_and_no_more() -> None:
    edges = [*star("a", 9), *star("b", 5), *star("c", 4)]
    table = budgeted({"a": 1, "b": 1, "c": 1}, 10, edges, k=2)
    assert ranked(table) == ["a", "b"]
    assert table.attrs["meta"]["guarantee"].startswith("none: the number of accounts")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"k": 0}, "k is how many"),
        ({"k": True}, "k is how many"),
        ({}, "say how many accounts are chosen"),
        ({"k": 1, "budget": 3.0}, "costs and a budget go together"),
        ({"costs": pd.Series({"a": 1.0})}, "costs and a budget go together"),
        ({"costs": pd.Series({"a": 1.0}), "budget": 2.0}, "7 have none"),
        ({"costs": pd.Series({"a": 0.0}), "budget": 2.0, "candidates": ["a"]}, "cost above 0"),
        ({"costs": pd.Series({"a": 3.0}), "budget": 2.0, "candidates": ["a"]}, "the cheapest costs 3"),
        ({"costs": pd.Series({"a": 3.0}), "budget": -1.0, "candidates": ["a"]}, "budget is a number above 0"),
        ({"k": 1, "epsilon": 0.7}, "epsilon is above 0"),
        ({"k": 1, "precision": 0.0}, "precision is"),
        ({"k": 1, "candidates": ["a", "a"]}, "name a twice"),
        ({"k": 1, "candidates": []}, "nobody can be chosen"),
    ],
)
def test_what_cannot_be_asked_for(given: dict[str, Any], words: str) -> None:
    with pytest.raises(NetmedError, match=words):
        reach.joint(as_network(TWO_CAMPS), probability="weight", **given)


def test_a_candidate_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError, match="no account called 'zz'"):
        reach.joint(as_network(TWO_CAMPS), 1, probability="weight", candidates=["zz"])


def test_who_is_unknown_is_never_chosen() -> None:
    edges = [*star("a", 5), *star("b", 3)]
    profiles = {"a": {"n_original": None}, "b": {"n_original": 1}}
    table, _ = reach.joint(network(edges, profiles=profiles), 1, sets=1000)
    assert ranked(table) == ["b"]
    assert table["joint_reach"].tolist() == [4]
    assert "1 addressed accounts whose probability is unknown cannot be chosen" in table.attrs["meta"]["notes"][0]
    with pytest.raises(NetmedError, match="no candidate whose probability is known"):
        reach.joint(network(edges, profiles=profiles), 1, candidates=["a"])


def test_as_many_sets_as_the_guarantee_asks_for() -> None:
    table, _ = reach.joint(as_network(TWO_CAMPS), 2, probability="weight", precision=0.01)
    meta = table.attrs["meta"]
    assert meta["sets"] >= meta["sets_needed"]
    assert meta["epsilon"] <= 0.1
    assert meta["guarantee"] == f"at least 1 − 1/e − {meta['epsilon']:.3g} of the best 2, {CHANCE}"
    assert meta["relative_error"] <= 0.01
    few, _ = reach.joint(as_network(TWO_CAMPS), 2, probability="weight", sets=20)
    assert few.attrs["meta"]["guarantee"] == "none: there are too few sets for one"
    assert not math.isnan(few["joint_reach"].iloc[0])


def invented() -> Network:
    rng = np.random.default_rng(8)
    pairs = np.unique(rng.integers(0, 500, (3000, 2)) ** 2 // 500, axis=0)
    return network([(f"u{a:04}", f"u{b:04}", 1) for a, b in pairs if a != b])


def test_the_same_on_any_number_of_cores_and_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    made = invented()
    found = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(parallel, "cores", lambda cores=cores: cores)
        found.append(reach.joint(made, 8, probability="weighted-cascade", sets=60_000, seed=3))
    found.append(reach.joint(shuffled(made, 2), 8, probability="weighted-cascade", sets=60_000, seed=3))
    for table, overlap in found[1:]:
        pd.testing.assert_frame_equal(table, found[0][0])
        pd.testing.assert_frame_equal(overlap, found[0][1])
        assert table.attrs["meta"] == found[0][0].attrs["meta"]
    table, _ = reach.joint(made, 8, probability="weighted-cascade", sets=60_000, seed=4)
    assert table["joint_reach"].tolist() != found[0][0]["joint_reach"].tolist()


@pytest.mark.parametrize("model", MODELS)
def test_networks_of_nothing(model: str) -> None:
    with pytest.raises(NetmedError, match="nobody can be chosen"):
        reach.joint(network([]), 1, probability="constant:0.1", model=model)
    table, overlap = reach.joint(network([], ["a", "b", "c"]), 2, probability="constant:0.1", model=model, sets=100)
    assert table["joint_reach"].tolist() == [1, 2]
    assert table["unique_reach"].tolist() == [1, 1]
    assert overlap["both_reach"].tolist() == [0]
    one, none = reach.joint(network([], ["a"]), 1, probability="constant:0.1", model=model, sets=100)
    assert one["joint_reach"].tolist() == [1]
    assert len(none) == 0


def test_columns_are_those_promised_and_told(interface: str) -> None:
    table, overlap = reach.joint(as_network(TWO_CAMPS), 2, probability="weight", sets=100)
    assert f"joint-reach.csv: `{', '.join(table.columns)}`" in interface
    for frame in (table, overlap):
        assert set(frame.attrs["columns"]) == set(frame.columns)
    assert list(overlap.columns[:3]) == ["account_key", "handle", "name"]
    assert overlap[["account_key", "other_key"]].values.tolist() == [ranked(table)]
    assert len(reach.joint(as_network(TWO_CAMPS), 4, probability="weight", sets=100)[1]) == 6
