"""``netmed list``: what this version can read, measure and write."""

import click

from netmed.cli import catalogue, options
from netmed.cli.root import Command
from netmed.cli.say import Voice, count, to_stdout


@click.command(
    cls=Command,
    help="List what this version knows by name.",
    short_help="readers, measures, methods or formats by name",
    example="netmed list measures",
)
@click.argument("kind", type=click.Choice(list(catalogue.KINDS)))
@options.voice
def command(kind: str, voice: Voice) -> None:
    """Print the names and what they mean on stdout."""
    entries = catalogue.KINDS[kind]()
    if voice.json:
        voice.summary(dict(entries))
    else:
        width = max(len(name) for name, _ in entries)
        to_stdout("".join(f"{name:<{width}}  {meaning}\n" for name, meaning in entries).encode())
    one = kind.removesuffix("s")
    voice.line(count(len(entries), one))
    voice.next(catalogue.NEXT[kind])
