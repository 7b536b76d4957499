"""``netmed centrality``: who is addressed, by how many, and who stands between."""

import shlex
from typing import Any

import click

from netmed.cli import educators, kinds, options, places, steps
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
    type=kinds.ColumnName(identity=True),
    metavar="COLUMN",
    help="Rows by this column, largest first.  [default: by account; with --top by pagerank, else in_degree]",
)
@click.option(
    "--consensus",
    type=click.IntRange(min=1),
    metavar="K",
    help="Add consensus_k: in how many of the top K by in_degree, eigenvector and betweenness an account is.",
)
@click.option(
    "--bootstrap",
    type=click.IntRange(min=2),
    metavar="B",
    help="Add rank intervals and the chance to be among the first K (--top, else 10) from B resampled collections.",
)
@click.option(
    "--audit-conventions",
    "audited",
    is_flag=True,
    help="Also write conventions.csv: path measures under every reading of weights and direction, and what changes.",
)
@click.option(
    "--large-educators",
    "educating",
    is_flag=True,
    help="Also write large-educators.csv: who is one by any of 13 definitions (followers, audience, top lists, share "
    "of physicians and trainees), and how the list moves with the definition.",
)
@click.option(
    "--define",
    "definitions",
    type=educators.Definitions(),
    multiple=True,
    metavar="KIND=A,B",
    help="Other numbers for --large-educators: followers=5000,20000, audience=1 (first %), top=10,25, share=.25,.5, "
    "engagers=10 (fewest for a share); repeatable.",
)
@options.excel
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    measures: tuple[str, ...] | None,
    paths: str,
    direction: str,
    betweenness: str | int,
    probability: str,
    seed: int,
    top: int | None,
    sort_by: str | None,
    consensus: int | None,
    bootstrap: int | None,
    audited: bool,
    educating: bool,
    definitions: tuple[str, ...],
    excel: bool,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Measure and write the table."""
    if audited and output == "-":
        raise click.UsageError(
            "--audit-conventions writes a second table and stdout has room for one; give -o a folder"
        )
    if educating and output == "-":
        raise click.UsageError("--large-educators writes more tables and stdout has room for one; give -o a folder")
    if educating and direction == "flow":
        raise click.UsageError("--large-educators asks who addresses an account; leave --direction flow away")
    if definitions and not educating:
        raise click.UsageError("--define words the definitions of --large-educators; add that, or leave it away")
    settings: dict[str, Any] = {"paths": paths, "direction": direction, "betweenness": betweenness, "seed": seed}
    settings |= {"probability": probability, "consensus": consensus}
    loaded = options.open_network(network, voice, **chosen)
    with places.result_file(output, loaded.name, "centrality.csv") as path:
        was_there = path.exists()
        frame = steps.measure(loaded, voice, measures=measures, **settings)
        if bootstrap:
            frame = steps.with_intervals(loaded, frame, voice, replicates=bootstrap, top=top or 10, seed=seed)
        if top and sort_by is None:
            sort_by = steps.ranking(frame)
        steps.write_scores(frame, path, excel=excel, sort_by=sort_by, top=top)
        other = path.with_name("conventions.csv")
        if audited:
            conventions = steps.conventions(loaded, voice, top=top or 10, seed=seed)
            steps.write_scores(conventions, other, excel=excel)
        told = []
        if educating:
            how: dict[str, Any] = {"paths": paths, "betweenness": betweenness, "seed": seed}
            grid = educators.grid_of(definitions)
            told = educators.write(loaded, frame, path.parent, voice, grid=grid, excel=excel, **how)
    voice.line(steps.conventions_line(frame))
    if consensus:
        voice.line(steps.consensus_line(frame))
    if audited:
        for line in steps.flags(conventions):
            voice.line(line)
        voice.line(f"written: {one_line(other)}")
    for line in told:
        voice.line(line)
    voice.line(steps.table_line(loaded, frame, top))
    if output != "-":
        voice.line(f"written: {one_line(path)}" + (", in place of the one that was there" if was_there else ""))
    voice.summary(steps.table_summary(loaded, None if output == "-" else path))
    voice.next(f"netmed visualize {shlex.quote(network)}")
