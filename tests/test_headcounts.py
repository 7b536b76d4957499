"""Counts of what is known with a probability only: every world gone through, and the laws."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from netmed import headcounts
from netmed.headcounts import counted, probabilities

CHANCES = st.lists(st.sampled_from([0.0, 1.0, 0.5, 0.1, 0.03, 0.975, 0.99, 0.7, 1 / 3]), max_size=9)


def alone(p: list[float]) -> tuple[float, int, int]:
    """One group of its own."""
    expected, lo, hi = counted(np.zeros(len(p), dtype=np.int64), np.array(p, dtype=float), 1)
    return float(expected[0]), int(lo[0]), int(hi[0])


def worlds(p: list[float]) -> list[float]:
    """Chance of every count, by going through all 2^k worlds."""
    chance = [0.0] * (len(p) + 1)
    for world in product([0, 1], repeat=len(p)):
        chance[sum(world)] += float(np.prod([q if yes else 1 - q for q, yes in zip(p, world, strict=True)]))
    return chance


@given(CHANCES)
def test_every_world(p: list[float]):
    chance = worlds(p)
    lo = next(k for k in range(len(p) + 1) if sum(chance[: k + 1]) >= 0.025 - 1e-9)
    hi = next(k for k in range(len(p) + 1) if sum(chance[: k + 1]) >= 0.975 - 1e-9)
    mean = sum(k * q for k, q in enumerate(chance))
    expected, low, high = alone(p)
    assert expected == pytest.approx(mean)
    assert (low, high) == (min(lo, int(mean + 1e-9)), max(hi, -int(-(mean - 1e-9) // 1)))
    assert sum(chance[low : high + 1]) >= 0.95 - 1e-9


@given(CHANCES.filter(bool), st.data())
def test_more_chance_never_less_of_anything(p: list[float], data: st.DataObject):
    which = data.draw(st.integers(0, len(p) - 1))
    more = [*p[:which], data.draw(st.floats(p[which], 1)), *p[which + 1 :]]
    for before, after in zip(alone(p), alone(more), strict=True):
        assert before <= after + 1e-9
    assert alone(more)[1] - 1e-9 <= alone(more)[0] <= alone(more)[2] + 1e-9
    assert 0 <= alone(more)[1] <= alone(more)[2] <= len(p)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), max_size=60))
def test_groups_do_not_touch_one_another(members: list[tuple[int, float]]):
    group = np.array([g for g, _ in members], dtype=np.int64)
    together = counted(group, np.array([p for _, p in members], dtype=float), 7)
    for number in range(7):
        found = tuple(float(column[number]) for column in together)
        assert found == pytest.approx(alone([p for g, p in members if g == number]))


@pytest.mark.parametrize("k", [1, 2, 15, 16, 17, 33, 100, 1000, 4097])
@pytest.mark.parametrize("p", [0.001, 0.3, 0.5, 0.9])
def test_equal_chances_are_the_binomial(k: int, p: float):
    distribution = headcounts._distribution(np.array([[p] * k + [0.0] * ((1 << (k - 1).bit_length()) - k)]))
    wanted = stats.binom.pmf(np.arange(k + 1), k, p)
    np.testing.assert_allclose(distribution[0][: k + 1], wanted, atol=1e-13)
    assert np.abs(distribution[0][k + 1 :]).max(initial=0) < 1e-13
    lo, hi = stats.binom.ppf([0.025, 0.975], k, p)
    _, low, high = alone([p] * k)
    assert (low, high) == (min(lo, np.floor(k * p + 1e-9)), max(hi, np.ceil(k * p - 1e-9)))


def test_many_unlike_chances_are_near_the_normal():
    p = np.random.default_rng(3).beta(0.4, 0.6, 100_000)
    expected, lo, hi = alone(list(p))
    half = 1.959964 * np.sqrt((p * (1 - p)).sum())
    assert abs(lo - (expected - half)) < 1.5
    assert abs(hi - (expected + half)) < 1.5


def test_batches_give_what_one_gives(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(4)
    group, p = rng.integers(0, 40, 900), rng.random(900)
    whole = counted(group, p, 41)
    monkeypatch.setattr(headcounts, "AT_ONCE", 64)
    for one, other in zip(whole, counted(group, p, 41), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [column[40] for column in whole] == [0, 0, 0]


def test_nobody_at_all():
    none = counted(np.zeros(0, dtype=np.int64), np.zeros(0), 0)
    assert [len(column) for column in none] == [0, 0, 0]


def test_probabilities_and_what_stands_for_them():
    accounts = pd.DataFrame(
        {
            "role": ["physician", "physician", "trainee", "unknown", "journal", None, None, "physician"],
            "role_probability": [0.9, np.nan, 0.8, 0.7, 0.9, np.nan, np.nan, 0.6],
            "p_physician": [0.9, np.nan, np.nan, np.nan, np.nan, np.nan, 0.2, 0.61],
        }
    )
    unsure = pd.DataFrame(
        {"role": ["unknown"] * 3, "role_evidence": [None, "Dr", "roster"], "p_physician": [0.3, 0.4, 0.0]}
    )
    np.testing.assert_array_equal(probabilities(unsure, "physician"), [np.nan, np.nan, 0.0])
    np.testing.assert_array_equal(probabilities(unsure.drop(columns="role_evidence"), "physician"), [np.nan] * 3)
    np.testing.assert_array_equal(probabilities(accounts, "physician"), [0.9, 1.0, 0.0, np.nan, 0.0, np.nan, 0.2, 0.61])
    np.testing.assert_array_equal(probabilities(accounts, "trainee")[:5], [0.0, 0.0, 0.8, np.nan, 0.0])
    assert np.isnan(probabilities(pd.DataFrame({"handle": ["a"]}), "trainee")).all()
