"""What is said is run: the example of every help, and the marked blocks of README and tutorial."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from netmed import cli, datasets, simulate
from netmed.cli import root

ROOT = Path(__file__).parents[1]
COMMANDS = [name for names in root.SECTIONS.values() for name in names]
PAGES = ["README.md", "docs/tutorial.md"]
BLOCK = re.compile(r"<!-- runs -->\n```(sh|python)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader of the pages has it: some posts, and a network built from them."""
    folder = tmp_path_factory.mktemp("reader")
    simulate.collection(400, folder / "posts.jsonl.gz", seed=11)
    run("netmed build posts.jsonl.gz -o graphs/meded", "sh", folder)
    return folder


def run(text: str, language: str, folder: Path) -> None:
    """Run a block with the netmed of this environment first on the path; any failure ends it."""
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    words = ["bash", "-euo", "pipefail", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_help_runs(place: Path, name: str) -> None:
    command = root.netmed.get_command(click.Context(root.netmed), name)
    assert isinstance(command, root.Command)
    text = command.example
    if name in ("build", "run"):
        text += " --force"
    run(text, "sh", place)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_marked_blocks_of_a_page_run_in_order(tmp_path: Path, page: str) -> None:
    simulate.collection(400, tmp_path / "posts.jsonl.gz", seed=11)
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(blocks) >= 4
    for language, text in blocks:
        run(text, language, tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_a_page_is_marked_to_run(page: str) -> None:
    printed = re.compile(r"```text\n.*?```", re.DOTALL)
    text = printed.sub("", BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8")))
    assert re.findall(r"^\$? ?netmed .*$", text, re.MULTILINE) == []


def test_the_demo_is_offline_and_prints_what_it_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import socket

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the demo went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    assert cli.call(["demo"]) == 0
    err = capsys.readouterr().err
    typed = [line.split()[2] for line in err.splitlines() if line.startswith("$ netmed ")]
    assert typed == ["build", "audit", "communities", "centrality", "visualize"]
    assert (tmp_path / "graphs" / "demo" / "edges.parquet").is_file()
    assert (tmp_path / "outputs" / "demo" / "network.html").is_file()
    assert (tmp_path / "outputs" / "demo" / "centrality.csv").is_file()


DEMO = Path("netmed") / "data" / datasets.DEMO
KEPT = ("accounts.parquet", "posts.parquet", "events.parquet", "edges.parquet", "audit.json")


def demo_at(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder look like a fresh clone to the demo: its posts lie in it."""
    (place / DEMO).parent.mkdir(parents=True)
    shutil.copy(ROOT / DEMO, place / DEMO)
    monkeypatch.setattr(datasets, "demo_posts", lambda: place / DEMO)
    monkeypatch.chdir(place)


@pytest.mark.slow
@pytest.mark.parametrize("words", [[], ["--seed", "7", "-o", "outputs/my study"]])
def test_the_commands_the_demo_prints_write_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    demo_at(first, monkeypatch)
    assert cli.call(["demo", *words]) == 0
    printed = [line.removeprefix("$ ") for line in capsys.readouterr().err.splitlines() if line.startswith("$ ")]
    assert len(printed) == 6
    demo_at(again, monkeypatch)
    run("\n".join(printed), "sh", again)
    name = "my study" if words else "demo"
    results = {path.name: path.read_bytes() for path in (first / "outputs" / name).iterdir()}
    tables = {
        f"{kind}.csv" for kind in ("centrality", "communities", "members", "mixing", "expected-mixing", "homophily")
    }
    described = {f"{table}.meta.json" for table in tables}
    assert set(results) == {"audit.txt", "summary.json", "network.html"} | tables | described
    assert {path.name: path.read_bytes() for path in (again / "outputs" / name).iterdir()} == results
    for table in KEPT:
        assert (again / "graphs" / name / table).read_bytes() == (first / "graphs" / name / table).read_bytes()


def test_the_readme_shows_what_the_demo_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo_at(tmp_path, monkeypatch)
    assert cli.call(["demo"]) == 0
    said = capsys.readouterr()
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```sh\nmake demo\n```.*?```text\n(.*?)```", page, re.DOTALL)
    assert block is not None
    shown = [line for line in block[1].splitlines() if not line.startswith("env: ")]
    assert said.out == ""
    assert shown == said.err.splitlines()
