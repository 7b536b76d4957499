"""Good lines with posts of their own number, to stand around bad ones; and what a build said of a file."""

from pathlib import Path
from typing import Any

import lines
from lines import Mention, Person, Post

from netmed.building.audit import OUTCOMES
from netmed.network import Network

FIRST = 1_300_000_000_000_000_000
"""Id of post 0, of August 2020."""

ALICE, BOB = Person("11", "alice"), Person("22", "bob")
MiB = 1024 * 1024


def post(n: int, text: str = "Hello @bob") -> Post:
    """Post number n: Alice mentions Bob."""
    return Post(str(FIRST + n), ALICE, text, mentions=(Mention(6, 10, "bob", BOB.id),), people=(BOB,))


def flat(n: int, text: str = "Hello @bob") -> bytes:
    """Post n as a flattened line, without its line end."""
    return lines.line(lines.flat([post(n, text)])[0]).rstrip()


def page(*numbers: int) -> dict[str, Any]:
    """Posts on a response page."""
    return lines.page([post(n) for n in numbers])


def v11(n: int) -> dict[str, Any]:
    """Post n as a v1.1 status."""
    return lines.v11(post(n), extended=True)


def sized(n: int, size: int) -> bytes:
    """Post n as a flattened line of just so many bytes, long in a field that nobody reads."""
    line = flat(n)[:-1] + b',"padding":"'
    return line + b"z" * (size - len(line) - 2) + b'"}'


def file(*rows: bytes) -> bytes:
    """Lines as a file."""
    return b"".join(row + b"\n" for row in rows)


def numbers(network: Network) -> set[int]:
    """The posts of the collection, by number."""
    ours = network.posts[network.posts["in_collection"].astype(bool)]
    return {int(key.removeprefix("x:")) - FIRST for key in ours["post_key"]}


def entry(network: Network, path: Path) -> dict[str, Any]:
    """What the audit says of one file, after checking that it sums."""
    (found,) = [one for one in network.audit["files"] if one["file"] == str(path)]
    assert found["records"] == sum(found[name] for name in OUTCOMES)
    return dict(found)


def check_sums(network: Network) -> None:
    """Every file's records are the sum of what became of them, and the totals are the sums of the files."""
    audit = network.audit
    for one in audit["files"]:
        assert one["records"] == sum(one[name] for name in OUTCOMES), one["file"]
    for name in ("lines", "records", *OUTCOMES):
        assert audit["totals"][name] == sum(one[name] for one in audit["files"]), name
    assert audit["totals"]["kept"] == audit["posts"]["kept"]
