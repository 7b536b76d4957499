"""The tables of communities and accounts, and the command that writes them all."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from networks import network, shuffled

from netmed import cli
from netmed.cli import catalogue
from netmed.community import described, leiden, members, names, study
from netmed.errors import NetmedError
from netmed.network import Network

TWO = [("a", "b", 1), ("b", "c", 1), ("c", "a", 2), ("d", "e", 1), ("e", "f", 1), ("f", "d", 1), ("a", "d", 0.5)]
PEOPLE = {
    "a": {"role": "physician", "specialty": "surgery"},
    "b": {"role": "physician", "specialty": "surgery"},
    "c": {"role": "trainee", "specialty": "anaesthesia"},
    "d": {"role": "unknown"},
}


@pytest.fixture
def made() -> Network:
    return network(TWO, ["alone"], profiles=PEOPLE)


def test_a_table_of_communities_by_hand(made: Network):
    frame = described(made, leiden(made, runs=2)).set_index("community")
    assert list(frame.index) == [1, 2]
    first = frame.loc[1]
    assert (first["accounts"], first["share"]) == (3, 0.5)
    assert first["top_accounts"] == "@a @b @c"
    assert first["specialties"] == "surgery; anaesthesia"
    assert first[["weight_inside", "weight_out", "weight_in"]].tolist() == [4, 0.5, 0]
    assert first["share_inside"] == pytest.approx(4 / 4.5)
    # ends inside: 8 + 0.5 here, 6 + 0.5 there
    assert frame["conductance"].tolist() == pytest.approx([0.5 / 6.5, 0.5 / 6.5])
    assert frame["stability"].tolist() == [1, 1]
    assert first[["physicians", "trainees", "role_known"]].tolist() == [2, 1, 3]
    assert frame.loc[2, ["physicians", "trainees", "role_known"]].tolist() == [0, 0, 0]
    assert pd.isna(frame.loc[2, "specialties"])
    assert frame["weight_inside"].sum() + frame["weight_out"].sum() == made.edges["weight"].sum()
    assert frame["weight_out"].sum() == frame["weight_in"].sum()


def test_without_roles_their_counts_are_unknown_and_not_zero():
    bare = described(network(TWO), leiden(network(TWO), runs=2))
    assert bare[["physicians", "trainees", "role_known"]].isna().all().all()


def test_specialties_name_where_hashtags_do_not(made: Network):
    assert names(made, leiden(made, runs=2)) == {1: "@a, @b", 2: "@d, @e"}  # nobody to differ from
    people = {**PEOPLE, "d": {"specialty": "cardiology"}, "e": {"specialty": "cardiology"}}
    both = network(TWO, profiles=people)
    assert names(both, leiden(both, runs=2)) == {1: "surgery", 2: "cardiology"}


def test_a_table_of_accounts_by_hand(made: Network):
    second = pd.DataFrame({"account_key": list("abcdef"), "community": [1, 1, 1, 1, 2, 2]})
    frame = members(made, leiden(made, runs=2), second).set_index("account_key")
    assert list(frame.reset_index().columns[:7]) == [
        *("account_key", "handle", "name", "community", "community_name", "stability", "infomap")
    ]
    assert frame.loc["d", ["community", "community_name", "infomap"]].tolist() == [2, "@d, @e", 1]
    assert frame.loc["d", ["in_strength", "in_strength_inside", "out_strength"]].tolist() == [1.5, 1, 1]
    assert frame.loc["a", ["out_strength", "out_strength_inside", "in_strength_inside"]].tolist() == [1.5, 1, 2]
    assert frame.loc["alone", ["community", "community_name", "stability", "infomap"]].isna().all()
    assert frame.loc["alone", "in_strength"] == 0
    told = frame.attrs["meta"]["agreement"]
    assert (told["with"], told["accounts"]) == ("infomap", 6)
    assert 0 < told["ari"] < 1
    assert set(frame.reset_index().columns) == set(frame.attrs["columns"])


def test_order_of_rows_changes_nothing(made: Network):
    one, other = (study(each, runs=3, nulls=2) for each in (made, shuffled(made)))
    for table in ("communities", "mixing", "homophily"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    pd.testing.assert_frame_equal(one.members, other.members.sort_values("account_key", ignore_index=True))
    assert one.facts == other.facts


@pytest.mark.parametrize("method", ["leiden", "infomap"])
@pytest.mark.parametrize("bare", [network([]), network([], ["a"]), network([("a", "b", 2)])])
def test_degenerate_networks_have_all_columns(bare: Network, method: str):
    whole = study(network(TWO), method=method, runs=2)
    done = study(bare, method=method, runs=2)
    for table in ("communities", "members", "mixing", "expected_mixing", "homophily"):
        frame = getattr(done, table)
        assert list(frame.columns) == list(getattr(whole, table).columns)
        assert frame.dtypes.astype(str).tolist() == getattr(whole, table).dtypes.astype(str).tolist()
        assert set(frame.columns) == set(frame.attrs["columns"])
        json.dumps(frame.attrs, allow_nan=False)
    assert len(done.members) == len(bare.accounts)
    assert len(done.communities) == (0 if bare.edges.empty else 1)
    json.dumps(done.facts, allow_nan=False)


def test_a_second_opinion_that_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netmed.community.flow_modules.AFFORDABLE", 1e-6)
    done = study(network(TWO), runs=2, nulls=0)
    assert done.members["infomap"].isna().all()
    assert "too long" in done.facts["second_opinion"]["reason"]
    assert done.facts["chance"]["verdict"] == "not tested against chance"


def test_a_wrong_word_ends_it_before_the_work(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("netmed.community.whole.leiden", lambda *_a, **_k: pytest.fail("work was done"))
    with pytest.raises(NetmedError, match="did you mean role"):
        study(network(TWO), by="rol")
    with pytest.raises(NetmedError, match="method"):
        study(network(TWO), method="louvain")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lines = ["source,target,weight", *(f"{s},{t},{w}" for s, t, w in TWO)]
    (tmp_path / "posts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert cli.call(["build", "posts.csv", "--format", "edges-csv", "-o", "graphs/two", "--quiet"]) == 0
    return tmp_path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_command_writes_five_tables_and_counts_that_sum(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.call(["communities", "two", "--runs", "4", "--nulls", "3", "--seed", "2"]) == 0
    said = capsys.readouterr().err
    assert "6 accounts = 6 in 2 communities + 0 without an edge" in said
    assert "over 4 runs" in said
    assert "3 null graphs" in said
    assert "second opinion: infomap finds" in said
    assert "weight 7.5 in all" in said
    assert said.splitlines()[-1] == "Next: netmed visualize two"
    results = folder / "outputs" / "two"
    tables = {
        name: read(results / f"{name}.csv")
        for name in ("communities", "members", "mixing", "expected-mixing", "homophily")
    }
    assert [row["accounts"] for row in tables["communities"]] == ["3", "3"]
    assert list(tables["members"][0])[:4] == ["account_key", "handle", "name", "community"]
    assert [row["community"] for row in tables["members"]] == ["1", "1", "1", "2", "2", "2"]
    assert sum(float(row["weight"]) for row in tables["mixing"]) == 7.5
    assert {row["ei"] for row in tables["homophily"] if row["scope"] == "overall" and row["counted"] == "edges"} == {
        repr((1 - 6) / 7)
    }
    for name in tables:
        meta = json.loads((results / f"{name}.csv.meta.json").read_text(encoding="utf-8"))
        assert all(meta["columns"].values()), name
        assert meta["conventions"].get("seed") == (None if name == "expected-mixing" else 2)
    meta = json.loads((results / "communities.csv.meta.json").read_text(encoding="utf-8"))
    assert meta["conventions"]["chance"]["nulls"] == 3
    assert np.isfinite(meta["conventions"]["second_opinion"]["ari"])


def test_the_same_seed_writes_the_same_bytes(folder: Path):
    for place in ("one", "other"):
        assert cli.call(["communities", "two", "-o", place, "--runs", "3", "--excel", "--quiet"]) == 0
    files = sorted(path.name for path in (folder / "one").iterdir())
    assert len(files) == 10
    assert [(folder / "one" / n).read_bytes() for n in files] == [(folder / "other" / n).read_bytes() for n in files]
    assert (folder / "one" / "mixing.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_json_holds_the_numbers(folder: Path, capsys: pytest.CaptureFixture[str]):
    command = ["communities", "two", "--method", "infomap", "--runs", "2", "--min-weight", "1", "--json", "--quiet"]
    assert cli.call(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["method"], facts["communities"], facts["weight"], facts["ei"]) == ("infomap", 2, 7, -1)
    assert facts["second_opinion"]["method"] == "leiden"
    assert facts["second_opinion"]["ari"] == 1
    assert Path(facts["files"]["members"]).is_file()
    assert "leiden" in read(Path(facts["files"]["members"]))[0]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-o", "-"], 2, "stdout"),
        (["-o", "x.csv"], 2, "folder"),
        (["--nulls", "1"], 2, "null graphs"),
        (["--method", "infomap", "--keep", "consensus"], 2, "Leiden"),
        (["--by", "rol"], 1, "did you mean role"),
        (["--by", "role"], 1, "no account has a known role"),
        (["-o", "graphs/two"], 1, "network folder"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
):
    assert cli.call(["communities", "two", *words]) == code
    assert said in capsys.readouterr().err
    assert not (folder / "outputs").exists()


def test_the_methods_are_listed():
    assert {"leiden", "infomap", "rewiring", "mixing", "e-i"} <= {name for name, _ in catalogue.methods()}
