"""The house itself: floors, doors, promised names, generated pages, and what must not be in a file."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from netmed import schema

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "netmed"
SKIPPED = {
    ".git",
    ".venv",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}
LOCKS = ("requirements.lock", "requirements-dev.lock")

REGISTRIES = ["pypi." + "org", "pythonhosted" + ".org", "registry.npm" + "js.org", "conda." + "anaconda.org"]
"""Names of package registries; put together here, so that this file does not hold them either."""


def committed() -> list[Path]:
    """Every file that is, or is about to be, in git; all files of a copy that has no .git."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            check=True,
            capture_output=True,
        ).stdout.decode()
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not SKIPPED & set(path.parts)]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_imports_go_down_only_and_each_heavy_library_has_one_door() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_floors_would_catch_an_import_that_goes_up(tmp_path: Path) -> None:
    """The contract is not an empty promise: a room below that imports the command breaks it."""
    copy = tmp_path / "netmed"
    for module in modules():
        target = copy / module.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(module.read_bytes())
    (copy / "schema.py").write_text("import netmed.cli\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    call = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", call], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "netmed.schema" in done.stdout


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


def packages() -> list[Path]:
    return [module.parent for module in modules() if module.name == "__init__.py"]


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_no_module_shares_its_name_with_what_its_package_offers(package: Path) -> None:
    """``netmed.build`` would be the module or the function, by which was imported last."""
    rooms = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    offered: set[str] = set()
    for node in ast.parse((package / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            offered.add(node.name)
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("netmed.")
            and node.module != dotted(package)
        ):
            offered |= {alias.asname or alias.name for alias in node.names}
    assert offered & rooms == set()


def dotted(package: Path) -> str:
    return ".".join(package.relative_to(ROOT).parts)


def test_the_tables_have_the_promised_columns(interface: str) -> None:
    promised = {
        name: [column.strip() for column in columns.split(",")]
        for name, columns in re.findall(r"^- (accounts|posts|events|edges): `([^`]+)`", interface, re.MULTILINE)
    }
    more = {"is_educator", "p_physician", "p_trainee"}
    assert more <= set(schema.ACCOUNTS.names)
    assert promised == {table.name: [name for name in table.names if name not in more] for table in schema.TABLES}


def test_the_relations_are_the_default_ones_that_were_promised(interface: str) -> None:
    assert f"`--relations {','.join(schema.DEFAULT_RELATIONS)}` (default)" in interface


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_and_hashes_everything_and_holds_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "http" not in text
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"^[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_lock_of_the_page_script_has_hashes_and_no_address() -> None:
    import json

    text = (ROOT / "viewer" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    packages = json.loads(text)["packages"]
    own = json.loads((ROOT / "viewer" / "package.json").read_text(encoding="utf-8"))
    assert len(packages) > 5
    for name, facts in packages.items():
        assert not name or facts["integrity"].startswith("sha512-"), name
    for name, version in (own["dependencies"] | own["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_every_dependency_is_locked_and_the_locks_agree() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, dev = (pins((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    groups = project["dependency-groups"]
    for requirement in project["project"]["dependencies"] + groups["build"]:
        assert bare(requirement) in runtime
    for requirement in groups["dev"]:
        assert bare(requirement) in dev
    assert runtime.items() <= dev.items()


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))


def bare(requirement: str) -> str:
    return re.split(r"[<>=!~\[;]", requirement)[0].strip().lower()


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    places = ["/" + "root/", "/" + "work/", "/home" + "/runner", "/" + "Users/"]
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {word}" for word in REGISTRIES + places if word in text]
    assert found == []


def test_nothing_is_left_undone_in_the_library() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
    assert [str(path) for path in modules() if marks.search(path.read_text(encoding="utf-8"))] == []


def test_the_generated_pages_are_current() -> None:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    make_docs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_docs)
    assert make_docs.stale() == [], "run `make docs`"


def test_the_citation_is_the_same_everywhere() -> None:
    from netmed import __version__
    from netmed.cli import about

    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in text
    assert f'date-released: "{about.RELEASED.isoformat()}"' in text
    assert f'title: "{about.TITLE}"' in text
    assert about.citation() in " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in link and not (page.parent / link).exists():
                broken.append(f"{page.name}: {link}")
    assert broken == []
