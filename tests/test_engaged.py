"""Engaged physicians and trainees, of accounts and of communities, worked by hand."""

import numpy as np
import pandas as pd
import pytest
from networks import network

from netmed import community
from netmed.centrality import scores

P = {"a": 0.99, "b": 0.5, "c": 0.5, "d": 0.0, "e": None}


def made(profiles: dict | None = None):
    given = {key: {"role": "physician" if p else None, "p_physician": p, "p_trainee": 0.0} for key, p in P.items()}
    given["e"] = {}
    edges = [(key, "t", 3) for key in "abcde"] + [("e", "u", 1), ("a", "v", 2)]
    return network(edges, profiles=given if profiles is None else profiles)


def test_engagers_count_once_and_those_of_unknown_role_are_left_out_and_said():
    frame = scores(made(), measures=["engaged"]).set_index("account_key")
    t = frame.loc["t"]
    assert t["engaged_physicians"] == pytest.approx(1.99)
    # of 3: none with 1 % · 1/4, at most one with 0.01 · 3/4 + 0.99 / 4 + … = 25.5 %; all three with 24.75 %
    assert (t["engaged_physicians_lo"], t["engaged_physicians_hi"]) == (1, 3)
    columns = ["engaged_physicians", "engaged_physicians_lo", "engaged_physicians_hi"]
    assert frame.loc["v", columns].tolist() == [0.99, 0, 1]
    assert frame.loc["a", columns].tolist() == [0, 0, 0]
    assert frame.loc["u"].drop(["handle", "name"]).isna().all()
    said = frame.attrs["meta"]["measures"]["engaged"]
    assert said["engaged_physicians_engagers_of_unknown_role"] == 1
    assert "empty for 1 accounts: of none of their engagers it is known (physician)" in said["notes"]
    assert (
        "engaged_physicians leaves out engagers of unknown role (1 accounts): it is a lower bound for 1 accounts"
        in (said["notes"])
    )
    assert "who is a physician or trainee only" in said["interval"]


def test_an_engager_of_the_role_unknown_is_not_counted_by_its_probability():
    profiles = {
        "a": {"role": "physician", "p_physician": 0.9, "p_trainee": 0.0},
        "b": {"role": "unknown", "p_physician": 0.4, "p_trainee": 0.2},
        "c": {"role": "unknown", "p_physician": 0.0, "p_trainee": 0.0, "role_evidence": "roster"},
    }
    some = network([("a", "t", 1), ("b", "t", 1), ("c", "t", 1), ("b", "u", 1), ("c", "v", 1)], profiles=profiles)
    frame = scores(some, measures=["engaged"]).set_index("account_key")
    assert frame.loc["t", "engaged_physicians"] == pytest.approx(0.9)
    assert np.isnan(frame.loc["u", "engaged_physicians"])
    assert frame.loc["v", "engaged_physicians"] == 0
    said = frame.attrs["meta"]["measures"]["engaged"]
    assert said["engagers_of_unknown_role"] == 1
    assert any("lower bound for 1 accounts" in note for note in said["notes"])


def test_without_roles_all_is_empty_and_says_so():
    frame = scores(made({}), measures=["engaged"])
    assert frame.iloc[:, 3:].isna().all().all()
    assert frame.attrs["meta"]["measures"]["engaged"]["notes"][0].endswith("physician's; find roles first")


def test_flow_counts_those_it_addresses():
    frame = scores(made(), measures=["engaged_physicians"], direction="flow").set_index("account_key")
    assert frame.loc["a", "engaged_physicians"] != frame.loc["a", "engaged_physicians"]  # t and v are unknown
    assert frame.loc["t", "engaged_physicians"] == 0


def test_of_a_community():
    parts = pd.DataFrame({"account_key": list("abcdetuv"), "community": [1, 1, 1, 1, 1, 1, 2, 2]})
    frame = community.described(made(), parts).set_index("community")
    assert frame.loc[1, "expected_physicians"] == pytest.approx(1.99)
    assert frame.loc[1, ["expected_physicians_lo", "expected_physicians_hi"]].tolist() == [1, 3]
    assert frame.loc[1, ["expected_trainees", "expected_trainees_lo", "expected_trainees_hi"]].tolist() == [0, 0, 0]
    assert frame.loc[2].filter(like="expected").isna().all()
    assert set(frame.attrs["columns"]) >= set(frame.columns)
    told = frame.attrs["meta"]["expected_by_role"]
    assert told["notes"][0] == "physicians: 4 accounts of unknown role are left out"


def test_teleport_is_to_everybody_by_their_chance():
    """With weight only from b to t: a walk that starts at a or b, never elsewhere."""
    some = network(
        [("b", "t", 1)], ["a"], profiles={"a": {"p_physician": 0.2, "role": "media"}, "b": {"p_physician": 0.6}}
    )
    ranks = scores(some, measures=["physician_pagerank"]).set_index("account_key")["physician_pagerank"]
    assert ranks["a"] / ranks["b"] == pytest.approx(0.2 / 0.6)
    assert ranks["t"] == pytest.approx(0.85 * ranks["b"])
    assert ranks.sum() == pytest.approx(1)
    assert np.isnan(scores(network([("b", "t", 1)]))["physician_pagerank"]).all()
