"""The invented #MedEd collection that comes with netmed.

It was made by ``netmed simulate``; no account or post in it is real.
"""

from importlib.resources import files
from pathlib import Path

from netmed.building import build
from netmed.errors import InputError
from netmed.network import Network

DEMO = "demo.jsonl.gz"
"""X API v2 pages, packed, as ``scripts/make_demo.sh`` writes them."""


def demo_posts() -> Path:
    """Path of the invented posts.

    Raises ``InputError`` where netmed was installed without its data.
    """
    path = Path(str(files("netmed") / "data" / DEMO))
    if not path.is_file():
        raise InputError(f"netmed was installed without its {DEMO}; install it again")
    return path


def meded() -> Network:
    """The network of the invented posts, in memory: replies and mentions, source → target."""
    return build(demo_posts())
