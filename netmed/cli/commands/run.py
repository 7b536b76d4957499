"""``netmed run``: from posts to network, table and page in one go."""

import shlex
from pathlib import Path
from typing import Any

import click

from netmed.cli import journey, options, places
from netmed.cli.root import Command
from netmed.cli.say import Voice
from netmed.schema import DEFAULT_RELATIONS

HELP = """Do it all: build the network, measure every account, find communities, draw the page.

The network goes to graphs/NAME and the results to outputs/NAME, where NAME is that of the first input
unless -o gives another. --force lets a run take the place of an earlier one of the same name."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="all of it, in one go",
    example="netmed run posts.jsonl.gz -o outputs/meded",
)
@click.argument("inputs", metavar="INPUT…", nargs=-1, required=True)
@options.output("outputs/<name of the first input>", stdout=False)
@click.option("--force", is_flag=True, help="Replace the network and the results that are there.")
@options.selection(DEFAULT_RELATIONS)
@options.reading
@options.measuring
@click.option("--title", metavar="TEXT", help="Heading of the page.  [default: the name]")
@options.voice
def command(inputs: tuple[str, ...], output: str | None, voice: Voice, **chosen: Any) -> None:
    """Run every step."""
    if output == "-":
        raise click.UsageError("a run has several results and cannot go to stdout; give -o outputs/NAME")
    results = Path(output) if output else Path("outputs") / places.stem(inputs)
    facts = journey.travel(inputs, results, voice, **chosen)
    voice.summary(facts)
    voice.next(f"open {shlex.quote(facts['results']['page'])} in a browser")
