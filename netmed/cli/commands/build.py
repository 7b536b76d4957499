"""``netmed build``: posts, or a network to narrow, into a network folder."""

import shlex
from typing import Any

import click

from netmed.cli import options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice
from netmed.schema import DEFAULT_RELATIONS

HELP = """Read posts and write the network of who addresses whom.

INPUT is any number of files, folders, patterns or `-` for stdin: X API v2 pages or flattened (twarc2),
v1.1 JSONL; plain, .gz or .zst; recognised record by record. A network folder is an input too: give it
with --since, --hashtag, … to narrow it without reading the posts again. --format edges-csv reads edge lists:
source,target[,weight][,relation], or lines of `source target [weight]`."""


@click.command(cls=Command, help=HELP, short_help="posts (or a network folder) → a network folder", example=(
    "netmed build posts.jsonl.gz -o graphs/meded"
))  # fmt: skip
@click.argument("inputs", metavar="INPUT…", nargs=-1, required=True)
@options.output("graphs/<name of the first input>", stdout=False)
@click.option("--force", is_flag=True, help="Replace the network that is there.")
@options.selection(DEFAULT_RELATIONS)
@options.reading
@options.voice
def command(inputs: tuple[str, ...], output: str | None, voice: Voice, **chosen: Any) -> None:
    """Build and say what became of every line."""
    path = places.graph_folder(inputs, output)
    if output == "-":
        raise click.UsageError("a network is a folder and cannot go to stdout; give -o graphs/NAME")
    network = steps.build(inputs, path, voice, **chosen)
    voice.summary(steps.network_facts(network, path))
    voice.next(f"netmed audit {shlex.quote(str(path))}")
