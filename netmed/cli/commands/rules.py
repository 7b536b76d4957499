"""``netmed rules``: what an edge is, in words."""

import click

from netmed.cli import options
from netmed.cli.root import Command
from netmed.cli.say import Voice, count, to_stdout


@click.command(
    cls=Command,
    help="Print the rules by which posts become events and edges.",
    short_help="what an edge is, in words",
    example="netmed rules",
)
@options.voice
def command(voice: Voice) -> None:
    """Print the rules on stdout."""
    from netmed.building import rules

    text = rules.text().rstrip("\n") + "\n"
    if voice.json:
        voice.summary({"rules": text})
    else:
        to_stdout(text.encode())
    voice.line(count(len(text.splitlines()), "line"))
    voice.next("netmed build POSTS.jsonl")
