"""The command: its names, its exit codes, what it prints where, and that it leaves nothing half-done."""

import csv
import io
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from desks import furnished

from netmed import __version__, errors
from netmed.cli import options, places, root, say

COMMANDS = [name for names in root.SECTIONS.values() for name in names]
HEAVY = {"pandas", "numpy", "igraph", "duckdb", "ibis", "pyarrow", "pyvis", "networkx", "IPython", "jinja2"}

Said = tuple[int, str, str]
Run = Callable[..., Said]


def command(name: str) -> click.Command:
    found = root.netmed.get_command(click.Context(root.netmed), name)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with posts and a network built from them; copied for every test."""
    return furnished(tmp_path_factory.mktemp("made"), 250)


def contents(place: Path) -> dict[str, bytes]:
    """Every file under a folder, with its bytes; folders have none."""
    return {str(path.relative_to(place)): path.read_bytes() if path.is_file() else b"" for path in place.rglob("*")}


# Names and help


def test_the_sections_and_their_commands(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert [section for section in root.SECTIONS if f"\n{section}:\n" in out] == ["Start", "Measure", "Show", "Other"]
    for name in COMMANDS:
        assert f"\n  {name} " in out
    assert "Docs " in out
    assert "Support " in out


def test_every_command_is_a_promised_one(interface: str) -> None:
    for name in COMMANDS:
        assert f"    netmed {name}" in interface


def test_every_option_is_a_promised_one(interface: str) -> None:
    ours = {"--help", "--output", "--sort-by", "--excel", "--title", "--truth", "--posts", "--with", "--no-roles"}
    ours |= {
        "--audit-conventions",
        "--method",
        "--objective",
        "--keep",
        "--core",
        "--nulls",
        "--resolution",
        "--runs",
        "--key",
    }
    ours |= {"--large-educators", "--define"}
    ours |= {"--target", "--from", "--budget", "--costs", "--model", "--precision", "--followers", "--sketch"}
    for name in COMMANDS:
        for parameter in command(name).params:
            for flag in (flag for flag in parameter.opts if flag.startswith("--")):
                assert flag in ours or flag in interface, f"{name} {flag}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example_of_it(run: Run, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0
    assert out.rstrip().splitlines()[-2] == "Example:"
    assert out.rstrip().splitlines()[-1].startswith(f"  netmed {name}")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["centrality", "--help"], ["build", "--nonsense"]])
def test_words_about_itself_need_no_heavy_library(words: list[str]) -> None:
    code = f"import sys; from netmed import cli; cli.call({words!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stderr.split()) == set()


def test_version_is_what_a_paper_cites(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert out.splitlines()[0] == f"netmed {__version__}"
    assert f"(version {__version__}) [Computer software]." in out
    assert "CITATION.cff" in out


# Exit codes and errors


def test_without_a_word_the_help_is_shown_as_it_is(run: Run) -> None:
    code, out, err = run()
    assert code == 2
    assert "\nMeasure:\n" in out + err
    assert "??" not in out + err


def test_a_result_in_place_of_another_is_said(run: Run, desk: Path) -> None:
    assert "in place of" not in run("centrality", "graphs/meded", "--measures", "degree", "-o", "new/")[2]
    assert "in place of the one that was there" in run("centrality", "graphs/meded", "-o", "new/")[2]


def test_what_a_roster_tells_is_said_at_once(run: Run, desk: Path) -> None:
    (desk / "roster.csv").write_text("handle,role,speciality_\nnobody,physician,x\n", encoding="utf-8")
    err = run("build", "posts.jsonl.gz", "-o", "graphs/r", "--accounts", "roster.csv")[2]
    assert "roster.csv: 0 of 1 rows describe accounts of the network; columns not used: speciality_" in err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["bild", "x"], "there is no command called 'bild'; did you mean build?"),
        (["build", "x", "--relations", "reply,mentoin"], "there is no relation called 'mentoin'; did you mean mention"),
        (["build", "x", "--relations", ","], "no relation is named"),
        (["build", "x", "--since", "yesterday"], "'yesterday' is no date; wanted is YYYY-MM-DD"),
        (["build"], "Missing argument"),
        (["help"], "write `netmed --help`, or `netmed COMMAND --help`"),
        (["build", "x", "-o", "-"], "cannot go to stdout"),
        (["centrality", "x", "--betweenness", "some"], "neither auto, exact nor a number of pivots"),
        (["centrality", "x", "--betweenness", "1"], "a number of pivots from 2 on"),
        (["run", "posts.jsonl.gz", "--betweenness", "1"], "a number of pivots from 2 on"),
        (["run", "posts.jsonl.gz", "--measures", "degree,pagerenk"], "did you mean pagerank"),
        (["run", "posts.jsonl.gz", "--measures", ","], "no measure is named"),
        (["run", "posts.jsonl.gz", "--seed", "-1"], "is not in the range"),
        (["centrality", "graphs/meded", "--measures", "pagerenk"], "did you mean pagerank"),
        (["centrality", "graphs/meded", "--sort-by", "in_degre"], "did you mean in_degree"),
        (
            ["centrality", "graphs/meded", "-o", "tables/x.txt"],
            "ends in .txt and centrality.csv is a .csv file",
        ),
        (["visualize", "graphs/meded", "-o", "pages/x.csv"], "pages/x.csv ends in .csv and network.html is a .html"),
        (["visualize", "graphs/meded", "--size", "pagerenk"], "did you mean pagerank"),
        (["visualize", "graphs/meded", "--size", "handle"], "there is no column called 'handle'"),
        (["centrality", "x", "--json", "-o", "-"], "--json and -o - both want stdout"),
        (["centrality", "x", "--direction", "sideways"], "is not one of 'attention', 'flow'"),
        (["list", "things"], "is not one of 'readers', 'measures', 'methods', 'formats'"),
    ],
)
def test_wrong_usage_is_2_says_what_was_wanted_and_writes_nothing(
    run: Run, desk: Path, words: list[str], wanted: str
) -> None:
    before = contents(desk)
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert wanted in err
    assert contents(desk) == before


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["audit", "nowhere"], "nowhere does not exist"),
        (
            ["run", "graphs/meded", "--since", "2021-01-01"],
            "its own input graphs/meded; give -o outputs/OTHER",
        ),
        (["run", "graphs/meded", "--force"], "graphs/meded would replace its own input"),
        (["run", "graphs/../graphs/meded/", "-o", "outputs/meded", "--force"], "would replace its own input"),
        (["run", "graphs/meded/posts.parquet", "-o", "outputs/meded", "--force"], "would replace its own input"),
        (["run", "posts.jsonl.gz", "-o", "outputs/meded"], "an earlier run left graphs/meded; add --force"),
        (["run", "posts.jsonl.gz", "-o", "graphs/q"], "the network goes to graphs/q; results go elsewhere"),
        (["run", "posts.jsonl.gz", "-o", "./outputs/../graphs/q"], "results go elsewhere"),
        (["run", "posts.jsonl.gz", "-o", "graphs/q/q"], "the network goes to graphs/q; results go elsewhere"),
        (["run", "posts.jsonl.gz", "-o", "posts.jsonl.gz"], "posts.jsonl.gz is a file; give -o the name of a folder"),
        (["build", "posts.jsonl.gz", "--format", "x-v2-pag"], "did you mean x-v2-page"),
        (["build", "posts.jsonl.gz", "--engine", "spark"], "Spark"),
        (["build", "posts.jsonl.gz", "-o", "graphs/meded"], "add --force"),
        (["build", "missing.jsonl"], "missing.jsonl"),
        (["build", "graphs/meded", "-o", "graphs/meded", "--force"], "would be replaced by a part of itself; give -o"),
        (["build", "graphs/meded", "--since", "2021-01-01"], "would be replaced by a part of itself; give -o"),
        (
            ["centrality", "graphs/meded", "--since", "2090-01-01"],
            "none meets --since 2090-01-01; nothing was",
        ),
        (["centrality", "graphs/meded", "-o", "graphs/meded"], "is a network folder; results go elsewhere"),
        (["simulate", "--posts", "5", "-o", "posts.jsonl.gz"], "posts.jsonl.gz exists already; add --force"),
    ],
)
def test_a_netmed_error_is_1_and_one_line_and_changes_nothing(
    run: Run, desk: Path, words: list[str], wanted: str
) -> None:
    before = contents(desk)
    code, out, err = run(*words)
    assert {name: data for name, data in contents(desk).items() if not name.endswith(".lock")} == before
    assert code == 1
    assert out == ""
    last = err.rstrip("\n").splitlines()[-1]
    assert last.startswith("netmed: error: ")
    assert wanted in last


def failing(error: BaseException) -> Callable[..., object]:
    def fail(*_args: object, **_kwargs: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (errors.InputError("posts.jsonl holds no post\nat all"), 1, "netmed: error: posts.jsonl holds no post at all"),
        (KeyboardInterrupt(), 130, "netmed: interrupted; nothing half-written"),
        (OSError(28, "No space left on device", "/disk/x"), 1, "netmed: error: /disk/x: No space left on device"),
        (MemoryError(), 1, "netmed: error: out of memory; narrow the network"),
    ],
)
def test_what_ends_a_run_becomes_a_line_and_a_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    monkeypatch.setattr("netmed.building.build", failing(error))
    got, out, err = run("build", "x.jsonl")
    assert got == code
    assert out == ""
    assert err.strip().splitlines()[-1].startswith(line)


def test_a_bug_shows_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netmed.building.build", failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        run("build", "x.jsonl")


def test_ctrl_c_leaves_no_file(tmp_path: Path) -> None:
    start = [sys.executable, "-m", "netmed", "simulate", "--posts", "200000", "-o", str(tmp_path / "x.jsonl")]
    child = subprocess.Popen(start, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 130
    assert "interrupted; nothing half-written" in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_had_enough_ends_the_run_in_peace() -> None:
    start = [sys.executable, "-m", "netmed", "simulate", "--posts", "20000", "-o", "-"]
    child = subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.read(10)[:1] == b"{"
    child.stdout.close()
    assert child.stderr is not None
    assert child.stderr.read() == b""
    assert child.wait(20) == 0


# What is printed, and where


def test_build_says_counts_and_what_comes_next(run: Run, desk: Path) -> None:
    code, out, err = run("build", "posts.jsonl.gz")
    assert code == 0
    assert out == ""
    assert (desk / "graphs" / "posts" / "provenance.json").is_file()
    network = options.open_network("graphs/posts")
    own = int(network.posts["in_collection"].sum())
    along = len(network.posts) - own
    assert f"{len(network.accounts):,} accounts, {own:,} posts + {along:,} that came along, " in err
    assert along > 0
    assert f"{len(network.edges):,} edges (reply + mention)" in err
    assert err.splitlines()[-1] == "Next: netmed audit graphs/posts"


def test_json_is_the_summary_on_stdout(run: Run, desk: Path) -> None:
    code, out, err = run("build", "posts.jsonl.gz", "--json", "--quiet")
    assert code == 0
    assert err == ""
    facts = json.loads(out)
    network = options.open_network("graphs/posts")
    assert facts["edges"] == len(network.edges)
    assert facts["events"] == len(network.events)
    assert facts["audit"] == network.audit


def test_audit_prints_on_stdout(run: Run, desk: Path) -> None:
    code, out, err = run("audit", "meded")
    assert code == 0
    assert f"{options.open_network('meded').audit['totals']['records']:,}  records =" in out
    assert err.splitlines()[-1] == "Next: netmed centrality graphs/meded"
    code, out, _ = run("audit", "graphs/meded", "--json")
    assert json.loads(out) == options.open_network("graphs/meded").audit


def test_rules_name_every_relation(run: Run) -> None:
    code, out, err = run("rules")
    assert code == 0
    for relation in ("reply", "mention", "mention_auto", "retweet", "retweet_manual", "quote"):
        assert relation in out
    assert err.splitlines()[-1].startswith("Next: netmed build")


def test_centrality_goes_to_the_promised_place(run: Run, desk: Path) -> None:
    code, out, err = run("centrality", "graphs/meded")
    assert code == 0
    assert out == ""
    rows = list(csv.DictReader((desk / "outputs" / "meded" / "centrality.csv").open(encoding="utf-8", newline="")))
    network = options.open_network("graphs/meded")
    assert [row["account_key"] for row in rows] == list(network.accounts["account_key"])
    addressed = network.edges.groupby("target_key").size()
    assert {row["account_key"]: int(row["in_degree"]) for row in rows if row["in_degree"] != "0"} == dict(addressed)
    assert (desk / "outputs" / "meded" / "centrality.csv.meta.json").is_file()
    ends = len(set(network.edges["source_key"]) | set(network.edges["target_key"]))
    assert f"{len(rows):,} accounts = {ends:,} with an edge + {len(rows) - ends:,} without" in err
    assert err.splitlines()[-1] == "Next: netmed visualize graphs/meded"


def test_a_table_on_stdout_is_nothing_but_the_table(run: Run, desk: Path) -> None:
    words = ["centrality", "graphs/meded", "--measures", "in_degree", "--sort-by", "in_degree", "--top", "3", "-o", "-"]
    code, out, err = run(*words)
    assert code == 0
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["account_key", "handle", "name", "in_degree"]
    assert len(rows) == 4
    degrees = sorted(options.open_network("graphs/meded").edges.groupby("target_key").size(), reverse=True)
    assert [int(row[3]) for row in rows[1:]] == degrees[:3]
    assert "3 in the table + " in err
    assert not (desk / "outputs").exists()


def test_a_commands_own_relations_are_counted_from_the_events(run: Run, desk: Path) -> None:
    words = ["centrality", "graphs/meded", "--measures", "out_strength", "-o", "-", "--relations", "retweet"]
    _, out, _ = run(*words)
    events = options.open_network("graphs/meded").events
    reposts = events[(events["relation"] == "retweet") & (events["source_key"] != events["target_key"])]
    assert len(reposts) > 10
    assert sum(float(row["out_strength"]) for row in csv.DictReader(io.StringIO(out))) == len(reposts)


def test_run_does_all_of_it_and_says_where_it_lies(run: Run, desk: Path) -> None:
    code, out, err = run("run", "posts.jsonl.gz", "-o", "outputs/study", "--json")
    assert code == 0
    results = json.loads(out)["results"]
    assert results == {
        "network": "graphs/study",
        "audit": "outputs/study/audit.txt",
        "summary": "outputs/study/summary.json",
        "communities": "outputs/study/communities.csv",
        "members": "outputs/study/members.csv",
        "mixing": "outputs/study/mixing.csv",
        "expected-mixing": "outputs/study/expected-mixing.csv",
        "homophily": "outputs/study/homophily.csv",
        "table": "outputs/study/centrality.csv",
        "page": "outputs/study/network.html",
    }
    for place in results.values():
        assert place in err
        assert (desk / place).exists()
    rows = list(csv.DictReader((desk / results["table"]).open(encoding="utf-8", newline="")))
    summary = json.loads((desk / results["summary"]).read_text())
    assert (summary["file"], summary["accounts"]) == (results["table"], len(rows))
    assert "taking the place" not in err
    before = contents(desk)
    code, _, err = run("run", "posts.jsonl.gz", "-o", "outputs/study")
    assert code == 1
    assert err.startswith("netmed: error: an earlier run left graphs/study, outputs/study/audit.txt")
    assert "add --force" in err
    assert len(err.splitlines()) == 1
    shutil.rmtree(desk / "graphs" / "study")
    code, _, err = run("run", "posts.jsonl.gz", "-o", "outputs/study")
    assert (code, (desk / "graphs" / "study").exists()) == (1, False)
    assert run("build", "posts.jsonl.gz", "-o", "graphs/study")[0] == 0
    code, _, err = run("run", "posts.jsonl.gz", "-o", "outputs/study", "--force")
    assert code == 0
    assert contents(desk).keys() == before.keys()
    assert "taking the place of the last run: graphs/study, outputs/study/audit.txt" in err


def test_run_draws_a_page_whatever_the_table_holds(run: Run, desk: Path) -> None:
    code, _, _ = run("run", "posts.jsonl.gz", "--measures", "in_degree")
    assert code == 0
    head = (desk / "outputs" / "posts" / "centrality.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "account_key,handle,name,in_degree"
    assert (desk / "outputs" / "posts" / "network.html").stat().st_size > 100_000


def test_the_page_for_reports_and_the_figures(run: Run, desk: Path) -> None:
    code, out, _ = run("visualize", "graphs/meded", "--core", "12", "--json", "-o", "core.html")
    facts = json.loads(out)
    assert (code, facts["renderer"], facts["accounts_drawn"]) == (0, "pyvis", 12)
    assert "in proportion to its size" in facts["sentence"]
    assert (desk / "graphs" / "meded" / "positions.parquet").is_file()
    assert run("visualize", "graphs/meded", "--core", "12", "--renderer", "webgl")[0] == 2
    code, out, _ = run("visualize", "graphs/meded", "--to", "svg", "--json")
    assert code == 0
    assert set(json.loads(out)) == {"map", "ranks", "mixing", "communities", "degrees"}
    made = sorted(path.name for path in (desk / "outputs" / "meded" / "figures").iterdir())
    assert made == ["communities.svg", "degrees.svg", "map.svg", "mixing.svg", "ranks.svg"]
    code, _, err = run("visualize", "graphs/meded", "--keep", "ego:@nobodyatall")
    assert code == 1
    assert "nobodyatall" in err


def test_the_counts_of_the_page_sum(run: Run, desk: Path) -> None:
    code, out, _ = run("visualize", "graphs/meded", "--max-accounts", "20", "--json", "-o", "small.html")
    assert code == 0
    facts = json.loads(out)
    assert facts["accounts_drawn"] <= 20
    parts = ("accounts_drawn", "less_central", "in_pairs", "isolates")
    assert sum(facts[part] for part in parts) == facts["accounts_total"]
    assert (desk / "small.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_quiet_says_nothing(run: Run, desk: Path) -> None:
    for words in (
        ["centrality", "graphs/meded"],
        ["visualize", "graphs/meded"],
        ["simulate", "--posts", "9", "-o", "x"],
    ):
        assert run(*words, "--quiet") == (0, "", "")


@pytest.mark.parametrize("kind", ["readers", "measures", "methods", "formats"])
def test_lists_have_a_name_and_a_meaning_on_each_line(run: Run, kind: str) -> None:
    code, out, err = run("list", kind)
    assert code == 0
    lines = out.splitlines()
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines)
    assert err.splitlines()[0] == say.count(len(lines), kind.removesuffix("s"))
    assert list(json.loads(run("list", kind, "--json")[1])) == [line.split()[0] for line in lines]


def test_the_same_seed_invents_the_same_bytes(run: Run, desk: Path) -> None:
    run("simulate", "--posts", "30", "--seed", "5", "-o", "a.jsonl", "--truth", "a.truth")
    _, out, _ = run("simulate", "--posts", "30", "--seed", "5", "-o", "-")
    assert (desk / "a.jsonl").read_text(encoding="utf-8") == out
    assert (desk / "a.truth").stat().st_size > 0


# Places


@pytest.mark.parametrize(
    ("inputs", "name"),
    [
        (["posts.jsonl.gz"], "posts"),
        (["a/b/MedEd.2021.json.zst", "c.jsonl"], "MedEd.2021"),
        (["-"], "stdin"),
        (["data/year=2020/*.jsonl"], "year=2020"),
        (["data/*/part-?.jsonl"], "data"),
        (["./.hidden.jsonl"], "hidden"),
        (["./--force.jsonl"], "force"),
        ([".jsonl"], "network"),
        (["a folder/two words.csv"], "two words"),
    ],
)
def test_a_network_is_named_after_its_first_input(inputs: list[str], name: str) -> None:
    assert places.stem(inputs) == name


def test_a_folder_keeps_its_whole_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "batch.json").mkdir()
    monkeypatch.chdir(tmp_path / "batch.json")
    assert places.stem(["."]) == "batch.json"
    assert places.stem(["../batch.json/"]) == "batch.json"


def test_a_folder_with_a_point_in_its_name_is_asked_for_by_a_stroke(run: Run, desk: Path) -> None:
    words = ["centrality", "graphs/meded", "--measures", "degree", "-o"]
    (desk / "there.2021").mkdir()
    for place in ("new.2021/", "there.2021", "plain"):
        assert run(*words, place)[0] == 0
        assert (desk / place / "centrality.csv").is_file()
    assert run(*words, "UPPER.CSV")[0] == 0
    assert (desk / "UPPER.CSV").is_file()


# The terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(patch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of stderr; in the test itself, since pytest changes stderr before it."""
    for name in ("NO_COLOR", "TERM"):
        patch.delenv(name, raising=False)
    stream = Terminal()
    patch.setattr(sys, "stderr", stream)
    return stream


def test_colour_and_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    say.error("error: x")
    assert "\x1b[31m" in stream.getvalue()
    with say.Voice().progress() as progress:
        progress("reading posts")
    assert "reading posts" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[2K")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    stream = terminal(monkeypatch)
    monkeypatch.setenv(name, value)
    say.error("error: x")
    assert stream.getvalue() == "netmed: error: x\n"


def test_a_dumb_terminal_and_a_quiet_command_show_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with say.Voice(quiet=True).progress() as progress:
        progress("reading posts")
    monkeypatch.setenv("TERM", "dumb")
    with say.Voice().progress() as progress:
        progress("reading posts")
    assert stream.getvalue() == ""


def test_a_pipe_sees_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with say.Voice().progress() as progress:
        progress("reading posts")
    assert capsys.readouterr() == ("", "")


def test_strangers_text_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say.error("error: @evil\x1b]0;owned\x07\u202e\ud800")
    err = capsys.readouterr().err
    assert err == "netmed: error: @evil�]0;owned���\n"


EVIL = "x\nnetmed: all is well\x1b[2K"
SHOWN = "x?netmed: all is well?[2K"


@pytest.mark.parametrize(
    "words",
    [
        ["build", "posts.jsonl.gz", "-o", f"graphs/{EVIL}"],
        ["run", "posts.jsonl.gz", "-o", f"outputs/{EVIL}"],
        ["demo", "-o", f"outputs/{EVIL}"],
        ["audit", f"graphs/{EVIL}"],
        ["centrality", f"graphs/{EVIL}", "--measures", "degree"],
        ["centrality", "graphs/meded", "--measures", "degree", "-o", f"{EVIL}/"],
        ["visualize", f"graphs/{EVIL}"],
        ["simulate", "--posts", "9", "-o", EVIL],
        ["build", f"--{EVIL}"],
        ["rules", EVIL],
        [EVIL],
    ],
)
def test_a_name_of_several_lines_is_shown_on_one(run: Run, desk: Path, words: list[str]) -> None:
    if words[0] in ("audit", "centrality", "visualize"):
        (desk / "graphs" / EVIL).symlink_to("meded")
    code, out, err = run(*words)
    assert code in (0, 2)
    assert not [line for line in (out + err).splitlines() if line.startswith("netmed: all is well")]
    assert "\x1b" not in out + err
    assert SHOWN in err or repr(EVIL)[1:-1] in err


def test_progress_stays_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = terminal(monkeypatch)
    with say.Voice().progress() as progress:
        progress(f"reading {EVIL}")
    assert f"reading {SHOWN} …" in stream.getvalue()
    assert "\n" not in stream.getvalue()
