"""``netmed visualize``: one page to look at."""

import dataclasses
import shlex
from typing import Any

import click

from netmed.cli import options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice

HELP = """Draw a network as one self-contained HTML page that opens offline.

Search finds an account, a click opens its card; colours are communities found by Leiden. A network of
more accounts than fit is drawn by its most central ones, and the page says so."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="a page to look at → network.html",
    example="netmed visualize graphs/meded -o outputs/meded/network.html",
)
@options.network
@options.output("outputs/<network>/network.html")
@click.option(
    "--max-accounts",
    type=click.IntRange(min=1, max=1000),
    default=1000,
    show_default=True,
    metavar="N",
    help="Draw at most the N most central accounts.",
)
@click.option(
    "--size",
    type=options.ColumnName(identity=False),
    default="pagerank",
    show_default=True,
    metavar="MEASURE",
    help="What a circle's size shows.",
)
@click.option("--title", metavar="TEXT", help="Heading of the page.  [default: the network's name]")
@options.paths
@options.direction
@options.seed
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    max_accounts: int,
    size: str,
    title: str | None,
    paths: str,
    direction: str,
    seed: int,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Measure, find communities, draw."""
    loaded = options.open_network(network, voice, **chosen)
    with places.result_file(output, loaded.name, "network.html") as path:
        scores = steps.measure(loaded, voice, paths=paths, direction=direction, seed=seed)
        partition = steps.communities(loaded, voice, seed=seed)
        drawn = steps.draw(
            loaded, scores, partition, path, voice, seed=seed, max_accounts=max_accounts, size=size, title=title
        )
    voice.summary(dataclasses.asdict(drawn))
    place = "the page" if output == "-" else shlex.quote(str(path))
    voice.next(f"open {place} in a browser; the table behind it: {steps.typed('centrality', network)}")
