"""``netmed reach``: what it prints and writes, from end to end; and what it refuses."""

import csv
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from desks import furnished

from netmed import load
from netmed.reach import named
from netmed.reach.rungs import COLUMNS, RUNGS

Said = tuple[int, str, str]
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network built from posts."""
    return furnished(tmp_path_factory.mktemp("made"), 120)


@pytest.fixture
def run(run: Callable[..., Said]) -> Callable[..., Said]:
    """``netmed reach graphs/meded`` with these words."""
    return lambda *words: run("reach", "graphs/meded", *words)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8", newline="")))


def test_the_ladder_is_written_and_told_in_words(run: Callable[..., Said], desk: Path) -> None:
    code, out, err = run("--joint", "3", "--precision", "0.1", "--json")
    assert code == 0
    network = load("graphs/meded")
    table = rows_of(desk / "outputs/meded/reach.csv")
    assert [row["account_key"] for row in table] == network.accounts["account_key"].tolist()
    assert list(table[0]) == ["account_key", "handle", "name", *(column.name for column in COLUMNS)]
    facts = json.loads(out)
    top = max(table, key=lambda row: float(row["cascade_reach"] or 0))
    assert facts["ladders"][0]["account_key"] == top["account_key"]
    assert f"reach of @{top['handle']}, a ladder and never one number" in err
    for rung in RUNGS:
        assert f"\n  {rung.number}  " in err
    assert f"R0  {float(top['potential_impressions']):,.0f} on paper, for the posts delivered" in err
    assert "R2  empty: no lists of followers were given" in err
    known = sum(bool(row["cascade_reach"]) for row in table)
    assert f"{len(table):,} accounts = {known:,} with a cascade reach + {len(table) - known:,} unknown" in err
    chosen = rows_of(desk / "outputs/meded/joint-reach.csv")
    assert [row["account_key"] for row in chosen] == facts["joint"]["accounts"]
    of_list = {row["account_key"]: row["unique_reach"] for row in table if row["unique_reach"]}
    assert of_list == {row["account_key"]: row["unique_reach"] for row in chosen}
    assert len(rows_of(desk / "outputs/meded/overlap.csv")) == 3
    assert "together: 3 accounts reach" in err
    assert "the plain top list (3 accounts of the highest cascade_reach) would have reached" in err
    assert err.splitlines()[-1] == "Next: netmed visualize graphs/meded"
    meta = json.loads((desk / "outputs/meded/reach.csv.meta.json").read_text(encoding="utf-8"))
    assert all(meta["columns"].values())
    assert meta["conventions"]["rungs"]["R1"]["sure"].startswith("bounds")
    assert meta["conventions"]["seed"] == 1


def test_accounts_by_handle_and_from_a_file_and_their_followers(run: Callable[..., Said], desk: Path) -> None:
    network = load("graphs/meded")
    accounts = network.accounts.dropna(subset=["handle"])
    one, two = accounts["handle"][:2]
    (desk / "list.txt").write_text(f"handle\n@{one.upper()}\n{two}\n")
    (desk / "table.csv").write_text(f"n,account_key\n1,{accounts['account_key'].iloc[0]}\n2,@{two}\n")
    (desk / "followers.csv").write_text(f"follower,followee\nx,{one}\ny,@{one}\nz,nobody\n")
    words = ["--followers", "followers.csv", "--precision", "0.1", "-o", "-"]
    code, out, err = run("--accounts", f"@{one},@{two}", *words)
    assert code == 0
    table = list(csv.DictReader(out.splitlines()))
    assert {row["handle"] for row in table} == {one, two}
    assert {row["handle"]: row["listed_followers"] for row in table} == {one: "2", two: ""}
    assert "followers.csv: 3 rows = 2 used + 0 named again + 1 of nobody in the network" in err
    assert f"{len(load('graphs/meded').accounts):,} in the network = 2 named + " in err
    assert all(row["unique_reach"] for row in table if row["cascade_reach"])
    keys = accounts["account_key"].tolist()[:2]
    (desk / "guarded.csv").write_text("Name;Handle\n" + f"x;'@{network.accounts['handle'].iloc[0].upper()}\n")
    assert named.accounts_named(network, "guarded.csv") == [network.accounts["account_key"].iloc[0]]
    assert named.accounts_named(network, "list.txt") == named.accounts_named(network, "table.csv") == keys


def test_a_target_a_budget_and_the_first_rows(run: Callable[..., Said], desk: Path) -> None:
    keys = load("graphs/meded").accounts["account_key"]
    (desk / "costs.csv").write_text(
        "account_key,cost\n" + "".join(f"{key},{2 + i % 3}\n" for i, key in enumerate(keys))
    )
    words = ["--target", "physicians", "--budget", "7", "--costs", "costs.csv", "--precision", "0.1", "--top", "5"]
    code, _, err = run(*words)
    assert code == 0
    table = rows_of(desk / "outputs/meded/reach.csv")
    assert len(table) == 5
    reach = [float(row["cascade_reach"]) for row in table]
    assert reach == sorted(reach, reverse=True)
    chosen = rows_of(desk / "outputs/meded/joint-reach.csv")
    price = {key: 2 + i % 3 for i, key in enumerate(keys)}
    assert sum(price[row["account_key"]] for row in chosen) <= 7
    assert " physicians: @" in err
    assert "of 7 spent" in err
    assert "R7 and R8 count physicians only" in err


@pytest.mark.parametrize(
    ("words", "code", "wanted"),
    [
        (["--joint", "2", "-o", "-"], 2, "--joint writes more tables"),
        (["--from", "@a"], 2, "--from names those that --joint"),
        (["--budget", "3"], 2, "--budget and --costs go together"),
        (["--sketch"], 2, "--sketch is of --followers"),
        (["--precision", "2"], 2, "is not in the range"),
        (["--accounts", "@nobody_of_this_name"], 1, "there is no account called 'nobody_of_this_name'"),
        (["--accounts", "@zzzzqqqq0000"], 1, "nor any like it among"),
        (["--accounts", "missing.csv"], 1, "missing.csv does not exist"),
        (["--joint", "2", "--target", "surgeons"], 1, "there is no target called 'surgeons'"),
        (["--joint", "2", "--target", "specialty:quackery"], 1, "there is no specialty called 'quackery'"),
        (["--followers", "missing.csv"], 1, "missing.csv does not exist"),
        (["--probability", "constant:3"], 1, "a number above 0 and up to 1"),
        (["-o", "graphs/meded"], 1, "is a network folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(
    run: Callable[..., Said], desk: Path, words: list[str], code: int, wanted: str
) -> None:
    before = {path for path in desk.rglob("*") if not path.name.endswith(".lock")}
    got, out, err = run(*words)
    assert (got, out) == (code, "")
    assert wanted in err
    assert code == 2 or err.rstrip("\n").splitlines()[-1].startswith("netmed: error: ")
    assert {path for path in desk.rglob("*") if not path.name.endswith(".lock")} == before


@pytest.mark.parametrize(
    ("error", "where"), [(KeyboardInterrupt(), "cascade_reach.singles.until_precise"), (MemoryError(), "within.steps")]
)
def test_interrupted_or_out_of_memory_nothing_is_half_written(
    run: Callable[..., Said], desk: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, where: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(f"netmed.reach.{where}", fail)
    code, out, err = run("--joint", "2", "--precision", "0.1")
    assert (code, out) == (130 if isinstance(error, KeyboardInterrupt) else 1, "")
    said = "interrupted; nothing half-written" if code == 130 else "out of memory"
    assert said in err.rstrip("\n").splitlines()[-1]
    assert not (desk / "outputs").exists()


def test_the_picture_of_the_page_is_what_the_script_draws() -> None:
    spec = importlib.util.spec_from_file_location("make_reach_picture", ROOT / "scripts" / "make_reach_picture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "reach.svg").read_text(encoding="utf-8") == module.svg()
