"""The ranking under other rules: against networks built by those rules, and as the command says it."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from networks import network, shuffled
from scipy.stats import kendalltau

from netmed import building, cli, simulate, uncertainty
from netmed.centrality import scores
from netmed.errors import NetmedError, UnknownNameError
from netmed.network import Network, load
from netmed.schema import RELATIONS


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("posts") / "posts.jsonl"
    simulate.collection(200, path, seed=8)
    return path


@pytest.fixture(scope="module")
def folder(posts: Path) -> Path:
    building.build(posts, output=posts.parent / "meded")
    return posts.parent / "meded"


@pytest.fixture(scope="module")
def meded(folder: Path) -> Network:
    return load(folder)


@pytest.fixture(scope="module")
def table(meded: Network) -> pd.DataFrame:
    return uncertainty.sensitivity(meded, measures=("in_degree", "betweenness"), top=5)


RULES = {
    "reply only": ["reply"],
    "mention only": ["mention"],
    "with mention_auto": ["reply", "mention", "mention_auto"],
    "with quote": ["reply", "mention", "quote"],
    "with retweet": ["reply", "mention", "retweet"],
    "all relations": list(RELATIONS),
}


@pytest.mark.parametrize("rule", ["mention only", "with retweet"])
def test_a_rule_is_the_network_built_by_it(posts: Path, meded: Network, table: pd.DataFrame, rule: str):
    built = building.build(posts, relations=RULES[rule])
    row = table[(table["rule"] == rule) & (table["measure"] == "in_degree")].iloc[0]
    assert row["edges"] == len(built.edges)
    assert row["accounts"] == len(built.accounts)
    own, other = (scores(each, measures=["in_degree"])["in_degree"] for each in (meded, built))
    assert row["kendall_tau"] == pytest.approx(kendalltau(own, other).statistic)


def test_automatic_mentions_included_are_the_rule_of_that_name(posts: Path, table: pd.DataFrame):
    built = building.build(posts, auto_mentions="include")
    assert table.loc[table["rule"] == "with mention_auto", "edges"].tolist() == [len(built.edges)] * 2


def test_rows_rules_and_what_cannot_change(meded: Network, table: pd.DataFrame):
    rules = [*RULES, "distinct pairs", "min weight 2", "flow"]
    assert table[["rule", "measure"]].to_numpy().tolist() == [
        *([rule, measure] for rule in rules for measure in ("in_degree", "betweenness")),
        ["unweighted", "betweenness"],
    ]
    by = table.set_index(["rule", "measure"])
    assert by.loc[("distinct pairs", "in_degree"), ["kendall_tau", "rbo", "top_overlap"]].tolist() == [1, 1, 1]
    assert by.loc[("min weight 2", "in_degree"), "edges"] == (meded.edges["weight"] >= 2).sum()
    assert by.loc[("flow", "betweenness"), ["kendall_tau", "rbo"]].tolist() == [1, 1]
    degrees = scores(meded, measures=["degree"])
    assert by.loc[("flow", "in_degree"), "kendall_tau"] == pytest.approx(
        kendalltau(degrees["in_degree"], degrees["out_degree"]).statistic
    )
    pairs, unweighted = by.loc[("distinct pairs", "betweenness")], by.loc[("unweighted", "betweenness")]
    assert pairs["kendall_tau"] == unweighted["kendall_tau"]
    assert table.attrs["meta"]["rows"] == {"all": len(table), "measured": len(table), "empty": 0}
    assert list(table.attrs["columns"]) == list(table.columns)
    json.dumps(table.attrs, allow_nan=False)


def test_who_enters_and_leaves_sums(meded: Network, table: pd.DataFrame):
    who = uncertainty.accounts_of(table)
    assert len(who) == table["n_entered"].sum() + table["n_left"].sum()
    assert len(who) > 0
    entered = who[who["change"] == "entered"]
    assert (entered["rank_rule"] <= 5).all()
    assert not (entered["rank_own"] <= 5).any()
    handles = dict(zip(meded.accounts["account_key"], meded.accounts["handle"], strict=True))
    row = table[table["n_left"].between(1, 5)].iloc[0]
    gone = who[(who["rule"] == row["rule"]) & (who["measure"] == row["measure"]) & (who["change"] == "left")]
    assert row["left"] == " ".join(f"@{handles[key]}" for key in gone["account_key"])


def test_order_of_rows_changes_nothing(meded: Network, table: pd.DataFrame):
    again = uncertainty.sensitivity(shuffled(meded, 3), measures=("in_degree", "betweenness"), top=5)
    pd.testing.assert_frame_equal(table, again)
    assert table.attrs["accounts"] == again.attrs["accounts"]


def test_an_edge_list_names_what_cannot_be_asked():
    made = network([("a", "b", 2), ("c", "b", 1), ("b", "d", 3), ("d", "c", 1)], relations=["mention"])
    frame = uncertainty.sensitivity(made, measures=["in_degree"], top=2)
    empty = frame[frame["empty"].notna()].set_index("rule")
    assert set(empty.index) == set(RULES)
    assert empty.loc["mention only", "empty"] == "not asked: these are the relations the network has"
    assert "edge list" in empty.loc["with retweet", "empty"]
    asked = frame[frame["empty"].isna()].set_index("rule")
    assert list(asked.index) == ["distinct pairs", "min weight 2", "flow"]
    assert frame.attrs["meta"]["rows"] == {"all": 9, "measured": 3, "empty": 6}


@pytest.mark.parametrize("made", [network([]), network([], ["a"]), network([], ["a", "b"])])
def test_without_edges_there_are_rows_with_a_reason(made: Network):
    frame = uncertainty.sensitivity(made)
    assert len(frame) == 28
    assert frame["kendall_tau"].isna().all()
    assert frame["empty"].notna().all()
    assert uncertainty.accounts_of(frame).empty


def test_errors_say_what_was_wanted(meded: Network):
    with pytest.raises(UnknownNameError, match="did you mean pagerank"):
        uncertainty.sensitivity(meded, measures=["pagerenk"])
    with pytest.raises(NetmedError, match="1 or more, not 0"):
        uncertainty.sensitivity(meded, top=0)


def test_the_command_writes_both_tables_and_says_counts_that_sum(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert cli.call(["sensitivity", str(folder), "--measures", "in_degree,pagerank", "--top", "5", "--json"]) == 0
    said = capsys.readouterr()
    facts = json.loads(said.out)
    with Path("outputs/meded/sensitivity.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with Path("outputs/meded/sensitivity-accounts.csv").open(newline="", encoding="utf-8") as file:
        who = list(csv.DictReader(file))
    assert len(rows) == facts["rows"]["all"] == 18
    assert "18 rows = 18 measured + 0 without numbers" in said.err
    assert sum(int(row["n_entered"]) + int(row["n_left"]) for row in rows) == len(who)
    means = pd.DataFrame(rows).assign(rbo=lambda t: t["rbo"].astype(float)).groupby("measure")["rbo"].mean()
    assert f"most robust: {means.idxmax()} (rank-biased overlap {means.max():.2f}" in said.err
    assert f"least robust: {means.idxmin()} ({means.min():.2f})" in said.err
    assert said.err.splitlines()[-1] == f"Next: netmed centrality {folder}"
    meta = json.loads(Path("outputs/meded/sensitivity.csv.meta.json").read_text())
    assert meta["conventions"]["top_k"] == 5
    assert all(meta["columns"].values())


def test_the_command_takes_a_part_of_the_network_and_stdout(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    words = ["sensitivity", str(folder), "--relations", "reply", "--measures", "in_degree", "-o", "-", "--giant"]
    assert cli.call(words) == 0
    said = capsys.readouterr()
    rows = list(csv.DictReader(said.out.splitlines()))
    reply = next(row for row in rows if row["rule"] == "reply only")
    assert reply["empty"] == "not asked: these are the relations the network has"
    assert "9 rows = 8 measured + 1 without numbers" in said.err
    assert not Path("outputs").exists()
