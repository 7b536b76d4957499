"""A working folder for commands: invented posts, and what some commands made of them."""

import os
from pathlib import Path

from netmed import cli, simulate

BUILT = ("build", "posts.jsonl.gz", "-o", "graphs/meded", "--quiet")
"""The command that makes the network of every such folder."""


def furnished(place: Path, posts: int, *commands: tuple[str, ...]) -> Path:
    """``posts`` invented posts in ``place``, and the commands run there one after another, the build first."""
    simulate.collection(posts, place / "posts.jsonl.gz", seed=3)
    before = Path.cwd()
    os.chdir(place)
    try:
        for command in (BUILT, *commands):
            assert cli.call(list(command)) == 0
    finally:
        os.chdir(before)
    return place
