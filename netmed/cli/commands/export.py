"""``netmed export``: a network for other tools."""

import shlex
from typing import Any

import click

from netmed.cli import options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, count, one_line
from netmed.export import FORMATS, Exported
from netmed.export.formats import WINDOWS, Format

HELP = """Write a network for another tool: Gephi, NodeXL, Cytoscape, Pajek, R, sigma.js.

Edges point from the account that speaks to the account spoken to. Columns of a table of results become
attributes of the accounts with --with. `netmed list formats` says what each format is; docs/export.md
says which to take."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="a network for Gephi, NodeXL, Cytoscape, Pajek, R …",
    example="netmed export graphs/meded --to gexf --by year",
)
@options.network
@click.option("--to", "form", type=click.Choice(list(FORMATS)), required=True, help="The format.")
@options.output("outputs/<network>/<network>.<ending>, or for a folder of files outputs/<network>/<format>")
@click.option(
    "--with",
    "tables",
    multiple=True,
    metavar="CSV",
    help="A table with one row per account, such as centrality.csv; repeatable.",
)
@click.option("--by", type=click.Choice(list(WINDOWS)), help="Edges by window of time, for Gephi's timeline (gexf).")
@click.option("--force", is_flag=True, help="Replace what an earlier export left.")
@options.selection(None)
@options.voice
def command(
    network: str,
    form: str,
    output: str | None,
    tables: tuple[str, ...],
    by: str | None,
    force: bool,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Narrow, join, write."""
    from netmed import export

    kind = FORMATS[form]
    _check(kind, tables, by)
    if kind.is_folder:
        places.export_folder(output, "", form)
    loaded = options.open_network(network, voice, **chosen)

    def write(path: Any) -> Exported:
        with voice.progress() as progress:
            progress(f"writing {count(len(loaded.edges), 'edge')} as {form}")
            return export.write(loaded, path, form, tables=tables, by=by, force=force)

    if kind.is_folder:
        done = write(places.export_folder(output, loaded.name, form))
    else:
        with places.result_file(output, loaded.name, f"{loaded.name}{_ending(kind, output)}") as path:
            done = write(path)
    _tell(done, form, by, voice, shown=None if output == "-" else str(done.path))
    place = "it" if output == "-" else shlex.quote(str(done.path))
    voice.next(f"open {place} in {kind.tool}; a page that needs no tool: {steps.typed('visualize', network)}")


def _check(kind: Format, tables: tuple[str, ...], by: str | None) -> None:
    if by and not kind.windows:
        raise click.UsageError(f"--by {by}: {kind.name} has no place for time; give --to gexf")
    if tables and not kind.attributes:
        raise click.UsageError(f"--with {tables[0]}: {kind.name} has no place for columns of accounts")


def _ending(kind: Format, output: str | None) -> str:
    """The ending that was asked for, or the usual one."""
    return next((ending for ending in kind.endings if (output or "").lower().endswith(ending)), kind.endings[0])


def _tell(done: Exported, form: str, by: str | None, voice: Voice, *, shown: str | None) -> None:
    """Say what was written, in counts that sum."""
    for table in done.joined:
        strangers = table.rows - table.matched
        voice.line(
            f"{one_line(table.table)}: {count(done.accounts, 'account')} = {table.matched:,} matched + "
            f"{done.accounts - table.matched:,} without a row; {count(strangers, 'row')} of accounts not in the network"
        )
    if done.windows:
        voice.line(
            f"{count(len(done.windows), 'window')} by {by}: weight {done.timed + done.untimed:,} = {done.timed:,} in "
            f"windows + {done.untimed:,} of unknown time"
        )
    voice.line(f"written as {form}: {count(done.accounts, 'account')}, {count(done.edges, 'edge')}")
    if shown is not None:
        voice.line(f"written: {one_line(shown)}")
    voice.summary(
        {
            "file": shown,
            "format": form,
            "accounts": done.accounts,
            "edges": done.edges,
            "joined": [
                {"table": table.table, "columns": list(table.columns), "rows": table.rows, "matched": table.matched}
                for table in done.joined
            ],
            "windows": list(done.windows),
            "timed": done.timed,
            "untimed": done.untimed,
        }
    )
