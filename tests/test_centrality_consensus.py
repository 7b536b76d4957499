"""Consensus of top lists: Riddell's arithmetic, ties at the border, and who is in none."""

import numpy as np
import pandas as pd
import pytest
from networks import network
from test_centrality import wheel

from netmed.centrality import consensus, scores
from netmed.centrality.measure import Settings
from netmed.errors import NetmedError, UnknownNameError


def lists_of(memberships: list[tuple[int, int, int]], rest: int) -> dict[str, np.ndarray]:
    """Values by which accounts are in the lists they are said to be in; the rest lies below or is empty."""
    inside = np.array(memberships + [(0, 0, 0)] * rest, dtype=bool)
    values = np.where(inside, 10.0 + np.arange(len(inside))[:, None], 1.0)
    values[len(memberships) :: 2] = np.nan
    return dict(zip(Settings().consensus_lists, values.T, strict=True))


def test_the_arithmetic_of_riddell():
    """300 places on three lists of 100 are 142 accounts: 61 in all three, 36 in two, 45 in one."""
    two = [(1, 1, 0), (1, 0, 1), (0, 1, 1)]
    one = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    memberships = [(1, 1, 1)] * 61 + two * 12 + one * 15
    times, details = consensus.count(lists_of(memberships, 500), Settings(consensus=100))
    assert times.tolist() == [sum(each) for each in memberships] + [0] * 500
    assert details["lists"] == ["in_degree", "eigenvector", "betweenness"]
    assert set(details["length_of_lists"].values()) == {100}
    assert (details["slots"], details["accounts"]) == (300, 142)
    assert details["accounts_in_lists"] == {"3": 61, "2": 36, "1": 45}


def test_ties_at_the_border_all_count_and_zero_counts_never():
    settings = Settings(consensus=2, consensus_lists=("x",))
    values = np.array([5.0, 3.0, 3.0 * (1 - 1e-12), 2.9, 0.0])
    assert consensus.count({"x": values}, settings)[0].tolist() == [1, 1, 1, 0, 0]
    assert consensus.count({"x": np.array([5.0, 0.0, 0.0, np.nan])}, settings)[0].tolist() == [1, 0, 0, 0]
    assert consensus.count({"x": np.full(3, np.nan)}, settings)[1]["slots"] == 0


def test_the_column_is_there_when_asked_for():
    plain = scores(wheel(), measures=["in_degree"])
    assert "consensus_k" not in plain
    assert "consensus" not in plain.attrs["meta"]
    frame = scores(wheel(), measures=["in_degree"], consensus=5)
    assert list(frame.columns[3:]) == ["in_degree", "consensus_k"]
    whole = scores(wheel(), consensus=5)
    wanted = sum(
        (whole[name] >= np.sort(whole[name].fillna(0))[-5] * (1 - 1e-9)).astype(int)
        for name in ("in_degree", "eigenvector", "betweenness")
    )
    assert frame["consensus_k"].tolist() == wanted.tolist() == whole["consensus_k"].tolist()
    said = frame.attrs["meta"]["consensus"]
    assert said["slots"] == wanted.sum() == sum(said["length_of_lists"].values())
    assert set(frame.attrs["meta"]["measures"]) == {"degree", "eigenvector", "betweenness"}
    assert str(frame["consensus_k"].dtype) == "int64"
    assert "conventions" in frame.attrs["columns"]["consensus_k"]


def test_other_lists():
    made = network([("a", "b", 3), ("c", "b", 1), ("a", "c", 1)])
    frame = scores(made, measures=[], consensus=1, consensus_lists=("in_degree", "out_strength", "in_mention"))
    assert dict(zip(frame["account_key"], frame["consensus_k"], strict=True)) == {"a": 1, "b": 2, "c": 0}


def test_lists_that_are_empty_hold_nobody():
    frame = scores(network([], ["a", "b"]), consensus=3)
    assert frame["consensus_k"].tolist() == [0, 0]
    assert scores(network([]), consensus=3)["consensus_k"].tolist() == []


@pytest.mark.parametrize("k", [0, -1, 2.5, True, "3"])
def test_a_length_that_is_none(k: object):
    with pytest.raises(NetmedError, match="whole number from 1"):
        scores(wheel(), consensus=k)


def test_lists_that_are_not_there():
    with pytest.raises(UnknownNameError, match="in_degree"):
        scores(wheel(), consensus=3, consensus_lists=("in_degre",))
    with pytest.raises(NetmedError, match="at least one column"):
        scores(wheel(), consensus=3, consensus_lists=())
    with pytest.raises(NetmedError, match="text"):
        scores(wheel(), consensus=3, consensus_lists=("role_ga",))


def test_the_order_of_accounts_is_that_of_the_network():
    made = network([("a", "b", 1), ("c", "b", 1), ("b", "d", 1)])
    turned = type(made)({"accounts": made.accounts[::-1].reset_index(drop=True), "edges": made.edges})
    one, other = (scores(each, measures=[], consensus=1) for each in (made, turned))
    pd.testing.assert_frame_equal(one, other.sort_values("account_key", ignore_index=True), check_like=False)
