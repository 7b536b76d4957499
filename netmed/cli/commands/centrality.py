"""``netmed centrality``: who is addressed, by how many, and who stands between."""

import shlex
from typing import Any

import click

from netmed.cli import options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, one_line

HELP = """Measure every account of a network and write centrality.csv, one row per account.

Beside it, centrality.csv.meta.json says what each column means and which conventions were used.
`netmed list measures` tells what there is."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="who is central → centrality.csv",
    example="netmed centrality graphs/meded --measures degree,pagerank --top 20 -o -",
)
@options.network
@options.output("outputs/<network>/centrality.csv")
@options.measuring
@options.top()
@click.option(
    "--sort-by",
    type=options.ColumnName(identity=True),
    metavar="COLUMN",
    help="Rows by this column, largest first.  [default: by account; with --top by pagerank, else in_degree]",
)
@click.option("--excel", is_flag=True, help="Begin the CSV with the mark by which Excel knows UTF-8.")
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    measures: tuple[str, ...] | None,
    paths: str,
    direction: str,
    betweenness: str | int,
    seed: int,
    top: int | None,
    sort_by: str | None,
    excel: bool,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Measure and write the table."""
    loaded = options.open_network(network, **chosen)
    with places.result_file(output, loaded.name, "centrality.csv") as path:
        was_there = path.exists()
        frame = steps.measure(
            loaded, voice, measures=measures, paths=paths, direction=direction, betweenness=betweenness, seed=seed
        )
        if top and sort_by is None:
            sort_by = steps.ranking(frame)
        steps.write_scores(frame, path, excel=excel, sort_by=sort_by, top=top)
    voice.line(steps.conventions_line(frame))
    voice.line(steps.table_line(loaded, frame, top))
    if output != "-":
        voice.line(f"written: {one_line(path)}" + (", in place of the one that was there" if was_there else ""))
    voice.summary(steps.table_summary(loaded, None if output == "-" else path))
    voice.next(f"netmed visualize {shlex.quote(network)}")
