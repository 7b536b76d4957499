"""``netmed demo``: the whole job on a small invented collection, offline."""

import shlex
from pathlib import Path

import click

from netmed.cli import journey, options
from netmed.cli.root import Command
from netmed.cli.say import Voice

HELP = """Do the whole job on a small invented #MedEd collection that comes with netmed.

Nothing is fetched. The commands are printed as they are run, so that each can be typed again."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="the whole job on invented posts, offline, in half a minute",
    example="netmed demo",
)
@options.output("outputs/demo", stdout=False)
@options.seed
@options.voice
def command(output: str | None, seed: int, voice: Voice) -> None:
    """Run every step on the bundled posts."""
    from netmed import datasets

    if output == "-":
        raise click.UsageError("a run has several results and cannot go to stdout; give -o outputs/NAME")
    posts = datasets.demo_posts()
    if posts.is_relative_to(Path.cwd()):
        # Shorter to read, and what is written down about the input names no place on this machine.
        posts = posts.relative_to(Path.cwd())
    facts = journey.travel(
        (str(posts),), Path(output or "outputs/demo"), voice, force=True, show_commands=True, seed=seed
    )
    voice.summary(facts)
    voice.next(f"open {shlex.quote(facts['results']['page'])} in a browser; then netmed run YOUR-POSTS.jsonl")
