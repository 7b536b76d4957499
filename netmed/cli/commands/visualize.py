"""``netmed visualize``: one page to look at."""

import dataclasses
import shlex
from typing import TYPE_CHECKING, Any

import click

from netmed.cli import kinds, options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice

if TYPE_CHECKING:
    from netmed.network import Network

HELP = """Draw a network as one self-contained HTML page that opens offline.

Search finds an account, a click opens its card; colours are communities found by Leiden. Up to 1,000
accounts are drawn through pyvis, up to 100,000 through WebGL; of more than fit the most central of every
community are drawn, and the page says so. Positions are saved with the network."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="a page to look at → network.html",
    example="netmed visualize graphs/meded -o outputs/meded/network.html",
)
@options.network
@options.output("outputs/<network>/network.html")
@click.option(
    "--renderer",
    type=click.Choice(["auto", "pyvis", "webgl"]),
    default="auto",
    show_default=True,
    help="What draws: pyvis up to 1,000 accounts and 5,000 edges, webgl beyond.",
)
@click.option(
    "--max-accounts",
    type=click.IntRange(min=1, max=100_000),
    metavar="N",
    help="Draw at most N accounts.  [default: 50000; pyvis: 1000]",
)
@click.option(
    "--keep",
    default="core",
    show_default=True,
    metavar="WAY",
    help="Which, if there are more: core (the most central of every community), top (the most central of all), or "
    "ego:@handle (an account and those it has edges with).",
)
@click.option(
    "--core",
    type=click.IntRange(min=1, max=1000),
    metavar="N",
    help="The page for reports and machines without WebGL: short for --renderer pyvis --keep core --max-accounts N.",
)
@click.option(
    "--color",
    default="community",
    show_default=True,
    metavar="WHAT",
    help="What colours show at first: community, role, specialty, or a measure.",
)
@click.option(
    "--size",
    type=kinds.ColumnName(identity=False),
    default="pagerank",
    show_default=True,
    metavar="MEASURE",
    help="What a circle's size shows at first.",
)
@click.option(
    "--redact-below",
    type=click.IntRange(min=0),
    default=0,
    metavar="FOLLOWERS",
    help="Do not name accounts with fewer followers, or an unknown number.",
)
@click.option(
    "--bootstrap",
    type=click.IntRange(min=2),
    metavar="B",
    help="Show rank intervals on the cards, by resampling the authors B times (200 is usual).",
)
@click.option(
    "--to",
    type=click.Choice(["html", "png", "svg", "pdf"]),
    default="html",
    show_default=True,
    help="The page, or static figures: map, ranks, mixing, communities over time, degrees, one file each.",
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
    renderer: str,
    max_accounts: int | None,
    keep: str,
    core: int | None,
    color: str,
    size: str,
    redact_below: int,
    bootstrap: int | None,
    to: str,
    title: str | None,
    paths: str,
    direction: str,
    seed: int,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Measure, find communities, draw."""
    if core is not None:
        if renderer == "webgl" or keep != "core" or max_accounts is not None:
            raise click.UsageError("--core N chooses renderer, accounts and how many; leave the other options out")
        renderer, max_accounts = "pyvis", core
    loaded = options.open_network(network, voice, **chosen)
    if to != "html":
        _figures(loaded, network, output, voice, to, paths, direction, seed, size, color, redact_below, bootstrap)
        return
    with places.result_file(output, loaded.name, "network.html") as path:
        partition = steps.communities(loaded, voice, seed=seed)
        scores = steps.measure(loaded, voice, paths=paths, direction=direction, seed=seed, communities=partition)
        if bootstrap:
            scores = steps.with_intervals(loaded, scores, voice, replicates=bootstrap, top=10, seed=seed)
        drawn = steps.draw(
            loaded,
            scores,
            partition,
            path,
            voice,
            seed=seed,
            renderer=renderer,
            max_accounts=max_accounts,
            keep=keep,
            color=color,
            size=size,
            redact_below=redact_below,
            title=title,
        )
    voice.summary(dataclasses.asdict(drawn))
    place = "the page" if output == "-" else shlex.quote(str(path))
    voice.next(f"open {place} in a browser; the table behind it: {steps.typed('centrality', network)}")


def _figures(
    loaded: "Network",
    typed: str,
    output: str | None,
    voice: Voice,
    to: str,
    paths: str,
    direction: str,
    seed: int,
    size: str,
    color: str,
    redact_below: int,
    bootstrap: int | None,
) -> None:
    """Static figures, one file each, in a folder."""
    from netmed import community, show

    folder = places.export_folder(output, loaded.name, "figures")
    partition = steps.communities(loaded, voice, seed=seed)
    scores = steps.measure(loaded, voice, paths=paths, direction=direction, seed=seed, communities=partition)
    if bootstrap:
        scores = steps.with_intervals(loaded, scores, voice, replicates=bootstrap, top=10, seed=seed)
    with voice.progress() as progress:
        progress("drawing the figures")
        made = show.figures(
            loaded,
            scores,
            partition,
            folder,
            mixing=community.mixing(loaded, partition, by="community", seed=seed),
            names=community.names(loaded, partition),
            to=to,
            measure=size,
            color=color,
            redact_below=redact_below,
            seed=seed,
        )
    voice.line(f"{len(made)} figures:\n{steps.where(made)}")
    voice.summary({name: str(path) for name, path in made.items()})
    voice.next(f"the page: {steps.typed('visualize', typed)}")
