#!/usr/bin/env python3
"""Write the generated pages of docs/ from the code: commands, measures, data dictionary.

``--check`` writes nothing and fails where a page is not what the code says.
"""

import contextlib
import io
import sys
from collections.abc import Callable
from pathlib import Path

import click

from netmed import schema
from netmed.centrality import MEASURES, consensus
from netmed.cli.root import SECTIONS, netmed
from netmed.reach.rungs import BESIDE, RUNGS

DOCS = Path(__file__).parents[1] / "docs"

_GENERATED = "<!-- Written by scripts/make_docs.py (`make docs`); changes made here are lost. -->\n"

_ROWS = {
    "accounts": "Authors of posts in the data, and both ends of every event. Accounts without an edge stay.",
    "posts": "Every post read, once; also those that only came along with another (`in_collection` false).",
    "events": "One post addressing one account in one way. Every relation, always; self events too.",
    "edges": "All events of one ordered pair of accounts, in the relations chosen. `weight` > 0; no self edges.",
}


_FLOW = {
    "E": "E, source → target",
    "F": "F, target → source",
}

_WEIGHT = {"strength": "a strength", "length": "read as a length, 1 / weight", "ignored": "ignored"}

EXAMPLE = """import pandas as pd

import netmed as nm

edges = pd.DataFrame(
    [
        ("dr_ana", "dr_bo", 3),  # dr_ana mentioned dr_bo in three posts
        ("dr_cy", "dr_bo", 2),
        ("dr_bo", "dr_cy", 1),
        ("dr_di", "dr_cy", 1),
        ("dr_eve", "dr_di", 2),
        ("dr_di", "journal", 4),
    ],
    columns=["source", "target", "weight"],
)
accounts = pd.DataFrame({"account_key": [f"dr_{name}" for name in ("ana", "bo", "cy", "di", "eve")]})
accounts = accounts.assign(role="physician", role_probability=0.9)
network = nm.from_pandas(edges, accounts)
table = nm.centrality.scores(network, communities=nm.community.leiden(network), probability="constant:0.1", consensus=2)
numbers = table.set_index("handle").select_dtypes("number").dropna(axis=1, how="all")
print(numbers.round(3).T.to_string())
print()
print(table.set_index("handle")["role_ga"].to_string())
"""
"""A network of invented people, measured on the page itself."""


def printed(code: str) -> str:
    """What a block of Python prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "docs/measures.md", "exec"), {"__name__": "example"})
    return out.getvalue()


def commands() -> str:
    """Every command's help, as it is printed."""
    # The command itself is the parent, as when it is typed: its settings (-h) hold for every command.
    front = click.Context(netmed, info_name="netmed", terminal_width=100, **netmed.context_settings)
    parts = [_GENERATED, "# Commands\n", _code(front.get_help())]
    for section, names in SECTIONS.items():
        parts.append(f"## {section}\n")
        for name in names:
            command = netmed.get_command(front, name)
            assert command is not None
            parts += [f"### netmed {name}\n", _code(click.Context(command, parent=front, info_name=name).get_help())]
    return "\n".join(parts)


def measures() -> str:
    """Every measure: formula, columns, conventions, sources; and one example, run for the page."""
    parts = [
        _GENERATED,
        "# Measures\n",
        "`E` is the engagement graph: an edge points from the account that speaks to the account spoken to, "
        "and its weight w is a strength. `F` is its transpose, along which influence flows. A length is 1 / weight "
        "(`--paths inverse`) or 1 (`--paths unweighted`); a strength is never taken for a length. n is the number of "
        "accounts, m of edges. Empty means not known or not defined, and the meta file beside the table says why; "
        "0 means zero.\n",
    ]
    for name, measure in MEASURES.items():
        parts += [
            f"## {name}\n",
            f"{measure.when}\n",
            _code(measure.formula),
            "| column | meaning |\n|---|---|",
            "\n".join(f"| `{column.name}` | {_cell(column.meaning)} |" for column in measure.columns),
            f"\nGraph: {_FLOW[measure.graph]}. Weight: {_WEIGHT[measure.weight]}. Time: {measure.cost}. "
            f"Source: {measure.source}.\n",
        ]
    parts += [
        "## consensus\n",
        "To name the accounts that every way of ranking agrees on; only where it is asked for.\n",
        _code("|{lists : i among the first k}|, lists: in_degree, eigenvector, betweenness"),
        "| column | meaning |\n|---|---|",
        f"| `{consensus.COLUMN.name}` | {_cell(consensus.COLUMN.meaning)} |",
        "\nAccounts that are equal at the border of a list are all in it; an account with 0 or nothing is in none. "
        f"Source: {consensus.SOURCE}.\n",
        "## An example\n",
        "Five invented physicians and a journal.\n",
        f"<!-- runs -->\n```python\n{EXAMPLE}```\n",
        "It prints:\n",
        _code(printed(EXAMPLE)),
        *reach(),
    ]
    return "\n".join(parts)


def reach() -> list[str]:
    """The rungs of the ladder of reach: what each is, needs, and how sure it is."""
    parts = [
        "# Reach\n",
        "`reach.csv` has these columns behind account_key, handle and name; [reach](reach.md) explains them. It is a "
        "ladder, never one number: each rung asks for other data and errs in its own way.\n",
    ]
    for rung in RUNGS:
        parts += [
            f"## {rung.number}\n",
            f"{rung.title[0].upper()}{rung.title[1:]}. Needs: {rung.needs}. How sure: {rung.sure}.\n",
            _columns_of(rung.columns),
        ]
    return [*parts, "## Besides\n", _columns_of(BESIDE)]


def _columns_of(columns: tuple[schema.Column, ...]) -> str:
    rows = "\n".join(f"| `{column.name}` | {_cell(column.meaning)} |" for column in columns)
    return f"| column | meaning |\n|---|---|\n{rows}\n"


def data_dictionary() -> str:
    """Every table and column of a network folder."""
    parts = [
        _GENERATED,
        "# Data dictionary\n",
        "A network is a folder of Parquet files that pandas, R (arrow), DuckDB and Spark read as they are, with "
        "`audit.json` (what became of every line) and `provenance.json` (inputs, rules, versions, and size and hash "
        "of each file). Keys and ids are text. Empty means unknown, 0 means zero. Times are UTC.\n",
    ]
    for table in schema.TABLES:
        parts += [
            f"## {table.name}\n",
            f"{_ROWS[table.name]} Sorted by {', '.join(f'`{name}`' for name in table.sort_by)}.\n",
            "| column | type | meaning |\n|---|---|---|",
            "\n".join(f"| `{column.name}` | {column.dtype} | {_cell(column.meaning)} |" for column in table),
            "",
        ]
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "measures.md": measures,
    "data-dictionary.md": data_dictionary,
}


def stale() -> list[str]:
    """The pages whose file is not what the code says."""
    return [name for name, page in PAGES.items() if not _is(DOCS / name, page())]


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _code(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write or check; give the exit code."""
    if "--check" in sys.argv[1:]:
        late = stale()
        if late:
            sys.stderr.write(f"not current: {', '.join(late)}; run `make docs`\n")
        return 1 if late else 0
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
