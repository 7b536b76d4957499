"""``netmed export``: where things go, what is said, what is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import pandas as pd
import pytest
from desks import furnished
from export_readers import READERS

from netmed import cli, load
from netmed.cli import catalogue
from netmed.export import FORMATS

Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network and its centrality table; copied for every test."""
    return furnished(
        tmp_path_factory.mktemp("made"), 250, ("centrality", "meded", "--measures", "degree,pagerank", "--quiet")
    )


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command in this process: exit code, stdout, stderr."""

    def go(*args: str) -> tuple[int, bytes, str]:
        capfdbinary.readouterr()
        code = cli.call(["export", *args])
        said = capfdbinary.readouterr()
        return code, said.out, said.err.decode("utf-8")

    return go


def files(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@pytest.mark.parametrize("to", list(FORMATS))
def test_every_format_goes_to_a_place_of_its_own(run: Run, desk: Path, to: str) -> None:
    form = FORMATS[to]
    code, out, err = run("meded", "--to", to)
    assert (code, out) == (0, b"")
    place = desk / "outputs" / "meded" / (to if form.is_folder else f"meded{form.endings[0]}")
    network = load("graphs/meded")
    assert len(READERS[to](place).weights) == len(network.edges)
    words = err.splitlines()
    assert words[0] == f"written as {to}: {len(network.accounts)} accounts, {len(network.edges)} edges"
    assert words[1] == f"written: {place.relative_to(desk)}"
    assert words[2] == (
        f"Next: open {place.relative_to(desk)} in {form.tool}; a page that needs no tool: netmed visualize meded"
    )


@pytest.mark.parametrize("to", [to for to, form in FORMATS.items() if not form.is_folder])
def test_stdout_holds_the_same_bytes(run: Run, desk: Path, to: str) -> None:
    ending = FORMATS[to].endings[-1]
    assert run("meded", "--to", to, "-o", f"here{ending}")[0] == 0
    before = files(desk)
    code, out, err = run("meded", "--to", to, "-o", "-")
    assert code == 0
    assert out == before[f"here{ending}"]
    assert "written: " not in err
    assert files(desk) == before


def test_all_formats_have_places_that_differ() -> None:
    places = [form.endings[0] if form.endings else name for name, form in FORMATS.items()]
    assert len(set(places)) == len(places)


def test_a_table_is_joined_and_the_counts_sum(run: Run, desk: Path) -> None:
    table = pd.read_csv("outputs/meded/centrality.csv")
    rows = len(table)
    part = pd.concat([table.iloc[: rows // 2], table.iloc[:1].assign(account_key="x:0")])
    part.to_csv("half.csv", index=False)
    code, _, err = run("meded", "--to", "graphml", "--with", "outputs/meded/centrality.csv", "--with", "half.csv")
    assert code == 0
    words = err.splitlines()
    assert words[0] == (
        f"outputs/meded/centrality.csv: {rows} accounts = {rows} matched + 0 without a row; "
        "0 rows of accounts not in the network"
    )
    half = rows // 2
    assert words[1] == (
        f"half.csv: {rows} accounts = {half} matched + {rows - half} without a row; "
        "1 row of accounts not in the network"
    )
    graph = nx.read_graphml("outputs/meded/meded.graphml")
    key, rank = table["account_key"][0], table["pagerank"][0]
    assert graph.nodes[key]["pagerank"] == rank


def test_a_table_comes_from_stdin(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("outputs/meded/centrality.csv").open("rb") as table:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=table))
        code, _, err = run("meded", "--to", "graphml", "--with", "-")
    assert code == 0
    assert err.startswith("standard input: ")
    assert any("pagerank" in facts for _, facts in nx.read_graphml("outputs/meded/meded.graphml").nodes(data=True))


def test_the_summary_as_json(run: Run, desk: Path) -> None:
    code, out, _ = run(
        *("meded", "--to", "gexf", "--by", "year", "--with", "outputs/meded/centrality.csv", "--json", "-o", "x.gexf")
    )
    assert code == 0
    facts = json.loads(out)
    network = load("graphs/meded")
    assert (facts["file"], facts["format"]) == ("x.gexf", "gexf")
    assert (facts["accounts"], facts["edges"]) == (len(network.accounts), len(network.edges))
    assert facts["timed"] + facts["untimed"] == network.edges["weight"].sum()
    assert facts["windows"][0] == f"{network.events['created_at'].min().year}-01-01"
    assert facts["joined"][0]["matched"] == len(network.accounts)
    assert "pagerank" in facts["joined"][0]["columns"]


def test_windows_are_told_in_counts_that_sum(run: Run, desk: Path) -> None:
    code, _, err = run("meded", "--to", "gexf", "--by", "quarter")
    assert code == 0
    weight = int(load("graphs/meded").edges["weight"].sum())
    assert f" windows by quarter: weight {weight:,} = {weight:,} in windows + 0 of unknown time\n" in err


def test_the_selection_holds(run: Run, desk: Path) -> None:
    assert run("meded", "--to", "edges-csv", "--relations", "retweet", "--min-weight", "2", "-o", "r.csv")[0] == 0
    table = pd.read_csv("r.csv")
    assert set(table["relation"]) == {"retweet"}
    assert (table["weight"] >= 2).all()


def test_an_edge_list_is_read_back_as_the_same_edges(run: Run, desk: Path) -> None:
    assert run("meded", "--to", "edges-csv", "-o", "e.csv")[0] == 0
    assert cli.call(["build", "e.csv", "--format", "edges-csv", "-o", "graphs/again", "--quiet"]) == 0
    columns = ["source_key", "target_key", "weight", "n_reply", "n_mention"]
    pd.testing.assert_frame_equal(load("graphs/again").edges[columns], load("graphs/meded").edges[columns])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["meded"], "Missing option '--to'"),
        (["meded", "--to", "gefx"], "is not one of"),
        (["meded", "--to", "graphml", "--by", "year"], "graphml has no place for time; give --to gexf"),
        (["meded", "--to", "gexf", "--by", "week"], "is not one of 'year', 'quarter', 'month'"),
        (["meded", "--to", "pajek", "--with", "outputs/meded/centrality.csv"], "pajek has no place for columns"),
        (["meded", "--to", "gephi-csv", "-o", "-"], "cannot go to stdout; give -o a folder"),
        (["meded", "--to", "gephi-csv", "-o", "nodes.csv"], "nodes.csv is the name of one; give -o a folder"),
        (["meded", "--to", "gexf", "-o", "x.graphml"], "x.graphml ends in .graphml and meded.gexf is a .gexf file"),
        (["meded", "--to", "gexf", "-o", "-", "--json"], "both want stdout"),
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(run: Run, desk: Path, words: list[str], wanted: str) -> None:
    before = files(desk)
    code, out, err = run(*words)
    assert (code, out) == (2, b"")
    assert wanted in " ".join(err.split())
    assert files(desk) == before


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["nowhere", "--to", "gexf"], "nowhere does not exist"),
        (["meded", "--to", "gexf", "--with", "no.csv"], "no.csv cannot be read"),
        (
            ["meded", "--to", "gexf", "--with", "outputs/meded/bare.csv"],
            "has no column account_key (columns: in_degree)",
        ),
        (["meded", "--to", "gexf", "--with", "posts.jsonl.gz"], "posts.jsonl.gz is no table: it holds JSON"),
        (
            ["meded", "--to", "gexf", "--with", "outputs/meded/centrality.csv.meta.json"],
            "centrality.csv.meta.json is no table: it holds JSON",
        ),
        (["meded", "--to", "gephi-csv", "-o", "graphs/meded"], "is a network folder; results go elsewhere"),
        (["meded", "--to", "parquet", "-o", "graphs/meded", "--force"], "is a network folder; results go elsewhere"),
        (["meded", "--to", "parquet", "-o", "outputs/meded", "--force"], "outputs/meded holds other things"),
    ],
)
def test_an_error_is_one_line_and_writes_nothing(run: Run, desk: Path, words: list[str], wanted: str) -> None:
    Path("outputs/meded/bare.csv").write_text("in_degree\n1\n")
    before = files(desk)
    code, out, err = run(*words)
    assert (code, out) == (1, b"")
    assert wanted in err
    assert len(err.splitlines()) == 1
    assert files(desk) == before


@pytest.mark.parametrize("to", list(FORMATS))
def test_an_earlier_export_stays_without_force(run: Run, desk: Path, to: str) -> None:
    assert run("meded", "--to", to)[0] == 0
    before = files(desk)
    code, _, err = run("meded", "--to", to, "--relations", "retweet")
    assert code == 1
    assert "exists already; add --force to replace it" in err
    assert files(desk) == before
    assert run("meded", "--to", to, "--relations", "retweet", "--force")[0] == 0
    after = files(desk)
    assert set(after) == set(before)
    assert after != before


def test_the_list_of_formats_has_every_door() -> None:
    named = [name for name, _ in catalogue.formats()]
    assert len(set(named)) == len(named)
    assert set(FORMATS) <= set(named)


def test_the_help_of_export_needs_no_heavy_library() -> None:
    code = "import sys; from netmed import cli; cli.call(['export', '--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pandas", "numpy", "pyarrow", "igraph", "duckdb", "networkx"} & set(done.stderr.split()) == set()
    assert "netmed export graphs/meded --to gexf --by year" in done.stdout


def test_a_page_says_of_every_format_what_it_carries() -> None:
    page = (Path(__file__).parents[1] / "docs" / "export.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"| `{name}` |" in page
