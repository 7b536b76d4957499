"""``netmed simulate``: an invented #MedEd collection with known truth."""

import contextlib
import dataclasses
from pathlib import Path

import click

from netmed.cli import options, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, count, stdout
from netmed.errors import InputError

HELP = """Write an invented #MedEd collection as X API v2 pages (JSONL).

Accounts, posts and bios are made up: physicians, trainees, educators, societies and journals, with
heavy-tailed activity, communities, renames, duplicates and deleted posts. Same seed, same bytes."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="a synthetic #MedEd collection, invented accounts",
    example="netmed simulate --posts 500 --seed 7 -o invented.jsonl.gz",
)
@click.option(
    "--posts",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="How many original posts.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where the posts go; packed if it ends in .gz or .zst. `-` is stdout.",
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the true events and roles there (JSONL).",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@options.seed
@options.voice
def command(posts: int, output: str, truth: Path | None, force: bool, seed: int, voice: Voice) -> None:
    """Invent and write."""
    from netmed import simulate

    for place in (output, truth):
        if place is not None and not force and Path(place).is_file():
            raise InputError(f"{place} exists already; add --force to replace it, or choose another name")
    with voice.progress() as progress, contextlib.ExitStack() as stack:
        target = stack.enter_context(stdout()) if output == "-" else Path(output)
        made = simulate.collection(
            posts,
            target,
            seed=seed,
            truth=truth,
            progress=lambda done: progress(f"inventing posts: {done:,} of {posts:,}"),
        )
    voice.line(
        f"{count(made.posts, 'post')} = {made.originals:,} original + {made.reposts:,} reposts; "
        f"delivered {made.delivered:,} = {made.posts:,} + {made.duplicates:,} again + {made.superseded:,} older"
    )
    voice.summary(dataclasses.asdict(made))
    voice.next(steps.typed("build", "POSTS.jsonl" if output == "-" else output))
