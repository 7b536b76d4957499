"""The same posts in another format give the same network, but for what the format cannot carry.

Each writer says in ``CANNOT`` what its format cannot carry, and ``carried`` takes just that out of a
flattened v2 post (None: the whole post): what is left must give the same events as the format does,
one by one.
"""

import importlib
from pathlib import Path
from typing import Any

import orjson
import pytest
from shapes import read_lines, write_flat

import netmed
from netmed import simulate
from netmed.schema import RELATIONS

FORMATS = ["v11"]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]
POSTS = 600


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("same")
    simulate.collection(POSTS, folder / "pages.jsonl", seed=5)
    write_flat(folder / "pages.jsonl", folder / "flat.jsonl")
    return list(read_lines(folder / "flat.jsonl"))


def events(path: Path) -> set[tuple[str, ...]]:
    network = netmed.build(path, relations=RELATIONS)
    assert network.audit["losses"] == {}
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", FORMATS)
def test_another_format_gives_the_same_events(name: str, posts: list[dict[str, Any]], tmp_path: Path) -> None:
    writer = importlib.import_module(f"writers_{name}")
    writer.write(posts, tmp_path / f"posts.{name}")
    plain = tmp_path / "carried.jsonl"
    kept = [left for post in posts if (left := writer.carried(post)) is not None]
    plain.write_bytes(b"".join(orjson.dumps(post) + b"\n" for post in kept))
    found, wanted = events(tmp_path / f"posts.{name}"), events(plain)
    assert len(wanted) > POSTS / 2
    assert sorted(found - wanted) == []
    assert sorted(wanted - found) == []
