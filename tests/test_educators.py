"""Large educators: each definition against its own words, what cannot be known, and how lists overlap."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network, shuffled

from netmed import educators
from netmed.centrality import scores
from netmed.cli.root import netmed as command
from netmed.educators import Grid, large_educators, overlap
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network

SMALL = Grid(followers=(100, 1000), audience=(10, 50), top=(1, 2), share=(0.5, 0.9), engagers=2)


def clinic(**changes: dict[str, Any]) -> Network:
    """t is addressed by two physicians and a trainee, j by two patients, s by one physician; t answers j."""
    people: dict[str, dict[str, Any]] = {
        "t": {"role": "physician", "p_physician": 0.9, "p_trainee": 0.1, "followers": 1000, "is_educator": True},
        "j": {"role": "journal", "p_physician": 0.0, "p_trainee": 0.0, "followers": 99, "is_educator": False},
        "s": {"role": "physician", "p_physician": 1.0, "p_trainee": 0.0, "followers": None, "is_educator": None},
        "p1": {"role": "physician", "p_physician": 0.9, "p_trainee": 0.1, "followers": 5, "is_educator": False},
        "p2": {"role": "physician", "p_physician": 0.6, "p_trainee": 0.1, "followers": 5, "is_educator": False},
        "r": {"role": "trainee", "p_physician": 0.1, "p_trainee": 0.8, "followers": 5, "is_educator": False},
        "a": {"role": "patient_advocate", "p_physician": 0.0, "p_trainee": 0.0, "followers": 5, "is_educator": False},
        "b": {"role": "patient_advocate", "p_physician": 0.02, "p_trainee": 0.0, "followers": 5, "is_educator": False},
    }
    people = {key: {**facts, **changes.get(key, {})} for key, facts in people.items()}
    edges = [("p1", "t", 3), ("p2", "t", 1), ("r", "t", 1), ("a", "j", 1), ("b", "j", 1), ("p1", "s", 1), ("t", "j", 2)]
    return network(edges, profiles=people)


def named(frame: pd.DataFrame, definition: str) -> set[str]:
    return set(frame.loc[frame[definition].fillna(False), "account_key"])


def test_each_definition_by_hand():
    frame = large_educators(clinic(), grid=SMALL)
    assert named(frame, "followers_100") == named(frame, "followers_1000") == {"t"}
    # t and j have three engagers, s has one: of three, 10 % is one, and both that are equal at the border are in
    assert named(frame, "audience_10pct") == named(frame, "audience_50pct") == {"t", "j"}
    assert named(frame, "share_0.5") == {"t"}
    rows = frame.set_index("account_key")
    assert rows.loc["t", "audience_share"] == pytest.approx((1.0 + 0.7 + 0.9) / 3)
    assert rows.loc["j", "audience_share"] == pytest.approx((0 + 0.02 + 1.0) / 3)
    assert rows.loc["t", "engaged_physicians"] == pytest.approx(1.6)
    assert named(frame, "share_0.9") == set()
    assert list(frame["account_key"])[:2] == ["t", "j"]
    assert named(frame, "followers_100_educator") == {"t"}
    assert named(frame, "audience_10pct_educator") == {"t"}
    # s has no followers and no flag: neither yes nor no
    everything = large_educators(clinic(), grid=Grid(audience=(100,), followers=(1,), top=(1,), share=(1,), engagers=1))
    s = everything.set_index("account_key").loc["s"]
    assert s["followers_1"] is pd.NA
    assert bool(s["audience_100pct"])
    assert s["audience_100pct_educator"] is pd.NA
    assert bool(s["share_1"])
    told = everything.attrs["meta"]["definitions"]
    assert (told["followers_1"]["accounts"], told["followers_1"]["unknown"]) == (7, 1)
    assert set(frame.attrs["columns"]) == set(frame.columns)
    json.dumps(frame.attrs, allow_nan=False)


def test_top_lists_are_those_of_the_consensus():
    made = clinic()
    frame = large_educators(made, grid=SMALL)
    for k in SMALL.top:
        table = scores(made, measures=["degree"], consensus=k)
        assert named(frame, f"top_{k}") == set(table.loc[table["consensus_k"] == 3, "account_key"])


def test_too_few_engagers_of_known_role_are_unknown_and_too_few_in_all_are_no():
    unknown = {key: {"role": "unknown", "p_physician": None, "p_trainee": None} for key in ("p1", "p2")}
    frame = large_educators(clinic(**unknown), grid=SMALL).set_index("account_key")
    assert frame.loc["t", "share_0.5"] is pd.NA
    assert (frame.loc["t", "known_engagers"], frame.loc["t", "in_degree"]) == (1, 3)
    strict = Grid(followers=(1,), audience=(100,), top=(1,), share=(0.5,), engagers=4)
    frame = large_educators(clinic(**unknown), grid=strict).set_index("account_key")
    assert frame.loc["t", "share_0.5"] is not pd.NA
    assert not frame.loc["t", "share_0.5"]


def test_absent_data_is_empty_with_a_reason_and_spoils_no_core():
    made = network([("a", "t", 1), ("b", "t", 1), ("c", "b", 1)])
    frame = large_educators(made, grid=SMALL, lists=["in_degree"])
    assert frame.attrs["meta"]["core"] == ["t"]
    assert frame["named_by"].tolist() == [4, 1]
    assert frame["named_by_kinds"].tolist() == [2, 1]
    assert frame.attrs["meta"]["named_by_every_kind"] == 1
    told = frame.attrs["meta"]["definitions"]
    empty = {name: d["reason"] for name, d in told.items() if d["reason"] and not name.endswith("_educator")}
    assert empty == {
        **dict.fromkeys(["followers_100", "followers_1000"], "empty: no followers are known"),
        **dict.fromkeys(["share_0.5", "share_0.9"], "empty: of no account that addresses another is the role known"),
    }
    for name in [*empty, "audience_10pct_educator"]:
        assert frame[name].isna().all()
        assert told[name]["accounts"] is None
    assert told["audience_10pct_educator"]["reason"] == "empty: of no account is it known whether it is an educator's"
    pairs = overlap(frame).set_index(["definition", "other"])
    assert pairs.loc[("followers_100", "top_1"), ["accounts", "both", "jaccard"]].isna().all()
    assert "followers: empty: no followers are known" in overlap(frame).attrs["meta"]["notes"]


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([("a", "b", 1)])])
def test_degenerate_networks(made: Network):
    frame = large_educators(made)
    assert len(frame) <= 1
    assert len(overlap(frame)) == math.comb(26, 2)
    assert frame.attrs["meta"]["core"] == [] or len(made.edges)


NAMES = "abcdefgh"
FACTS = st.fixed_dictionaries(
    {
        "followers": st.sampled_from([None, 5, 100, 2000]),
        "p_physician": st.sampled_from([None, 0.0, 0.4, 1.0]),
        "p_trainee": st.sampled_from([0.0, 0.3]),
        "role": st.sampled_from([None, "unknown", "physician"]),
        "is_educator": st.sampled_from([None, True, False]),
    }
)


@given(st.data())
@settings(max_examples=15)
def test_laws(data: st.DataObject):
    pairs = st.sampled_from([(a, b) for a in NAMES for b in NAMES if a != b])
    chosen = data.draw(st.lists(pairs, unique=True, max_size=25))
    made = network([(a, b, 1) for a, b in chosen], NAMES, profiles={key: data.draw(FACTS) for key in NAMES})
    frame = large_educators(made, grid=SMALL)
    told = frame.attrs["meta"]["definitions"]
    for looser, stricter in (
        ("followers_100", "followers_1000"),
        ("audience_50pct", "audience_10pct"),
        ("top_2", "top_1"),
        ("share_0.5", "share_0.9"),
    ):
        assert named(frame, stricter) <= named(frame, looser)
    for name in (name for name in told if not name.endswith("_educator")):
        assert named(frame, f"{name}_educator") <= named(frame, name)
        assert (told[name]["accounts"] or 0) == len(named(frame, name))
    assert set(frame["account_key"]) == set().union(*(named(frame, name) for name in told))
    for row in overlap(frame).to_dict("records"):
        one, other = named(frame, row["definition"]), named(frame, row["other"])
        if pd.notna(row["jaccard"]):
            assert row["jaccard"] == pytest.approx(len(one & other) / len(one | other))
    other = large_educators(shuffled(made), scores(shuffled(made)), grid=SMALL)
    pd.testing.assert_frame_equal(frame, other)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("followers=0", "from 1 on, not 0"),
        ("audience=101", "per cent above 0 and up to 100, not 101"),
        ("share=1.5", "share above 0 and up to 1"),
        ("top=2.5", "length from 1 on"),
        ("engagers=1,2", "worded engagers=NUMBER"),
        ("share", "worded share=NUMBER"),
        ("top=ten", "worded top=NUMBER"),
        ("followers=inf", "not inf"),
        ("follower=3", "did you mean followers"),
    ],
)
def test_wrong_words(words: str, error: str):
    with pytest.raises((NetmedError, UnknownNameError), match=error):
        Grid.worded([words])


def test_worded():
    assert Grid.worded(["followers=20000, 30000", "share=.4", "engagers=3"]) == Grid(
        followers=(20000, 30000), share=(0.4,), engagers=3
    )
    assert Grid.worded([]) == educators.Grid()


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("e.csv").write_text("source,target\na,t\nb,t\nc,t\nt,b\n")
    Path("r.csv").write_text("account_key,role,followers\nany:a,physician,10\nany:b,trainee,\nany:t,physician,9000\n")

    def run(*words: str) -> Any:
        return CliRunner().invoke(command, list(words))

    assert run("build", "e.csv", "--format", "edges-csv", "--accounts", "r.csv", "-o", "n").exit_code == 0
    done = run("centrality", "n", "--measures", "degree", "--large-educators", "--define", "engagers=2", "-o", "out/")
    assert done.exit_code == 0, done.output
    assert "followers: followers_5000 1 (?), followers_10000 0 (?)" in done.stderr
    assert "share: share_0.25 1 (?), share_0.5 1 (?), share_0.75 1 (?)" in done.stderr
    assert "the list moves with the definition: least alike are" in done.stderr
    table = pd.read_csv("out/large-educators.csv")
    assert table.loc[table["account_key"] == "any:t", "audience_share"].tolist() == [1.0]
    assert table["followers_5000_educator"].isna().all()
    assert len(pd.read_csv("out/large-educators-overlap.csv")) == math.comb(26, 2)
    assert json.loads(Path("out/large-educators.csv.meta.json").read_text())["conventions"]["grid"]["engagers"] == 2
    for wrong in (
        ["--large-educators", "-o", "-"],
        ["--large-educators", "--direction", "flow"],
        ["--define", "top=3"],
        ["--large-educators", "--define", "tip=3"],
    ):
        assert run("centrality", "n", *wrong).exit_code == 2
