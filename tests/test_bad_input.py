"""What netmed does with broken, odd and hostile input: nothing lost in silence, nothing good lost at all.

Many faulty files go into one build (``damaged``): the ledger is kept per file, so they do not mask
each other, and a build costs seconds.
"""

import errno
import gzip
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bad_lines
import pytest
import zstandard
from bad_lines import FIRST, MiB, check_sums, entry, file, flat, numbers, page, sized, v11

import netmed
from netmed import cli, folder
from netmed.errors import InputError, NetmedError
from netmed.network import Network
from netmed.read import rejects

DEEP = 100_000


def dumps(value: object, **how: Any) -> bytes:
    return json.dumps(value, **how).encode()


# -- files with faults, each among good lines ---------------------------------------------------------


@dataclass(frozen=True)
class Faulty:
    """One file and what is true of it: the posts to keep, the lines to refuse, what must be said."""

    content: bytes
    kept: set[int]
    refused: dict[int, str] | None = None
    """Line → part of the reason."""
    damage: str = ""
    note: str = ""


ODD_LINES: tuple[tuple[bytes, str], ...] = (
    (b"not json", "no JSON"),
    (b'{"id": "1", "text": ', "no JSON: unexpected end of data"),
    (b"\xff\xfe bad", "invalid UTF-8 at byte 1"),
    (flat(9_001).replace(b"Hello", b"Hel\xe9o"), "invalid UTF-8"),
    (flat(9_002).replace(b"Hello", b"Hel\0o"), "a NUL character"),
    (b"\0", "a NUL character"),
    (flat(9_003).replace(b"Hello", b"\\ud83d"), "a lone surrogate"),
    (b"[" * DEEP + b"]" * DEEP, "depth"),
    (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "depth"),
    (flat(9_004) + flat(9_005), "more than one record on the line"),
    (flat(9_006) + b"\r" + flat(9_007), "more than one record on the line"),
    (flat(9_008) + b" trailing", "something after the record"),
    (flat(9_009) + b",", "something after the record"),
    (b"\x1e" + flat(9_012), "no JSON"),
    (b"\xef\xbb\xbf" + flat(9_013), "no JSON"),
    (b"\xc2\xa0", "no JSON"),
    (b"[1]", "JSON, but no record: list"),
    (b"[" + flat(9_014) + b"]", "JSON, but no record: list"),
    (b'"text"', "JSON, but no record: str"),
    (b"null", "JSON, but no record: NoneType"),
    (b"12", "JSON, but no record: int"),
    (b"7", "JSON, but no record: int"),
    (b"{}", "a record of no known format; its keys are none"),
    (b'{"at": 1, "<b>": 2}', "its keys are at, <b>"),
)
"""A line that cannot be used, and a part of the reason to be given."""

GOOD_LINES: tuple[Callable[[int], bytes], ...] = (
    lambda n: b"  " + flat(n) + b"  \t",
    lambda n: flat(n) + b"\r",
    lambda n: flat(n).replace(b"Hello", b"a\\u0000b"),
    lambda n: flat(n)[:-1] + b',"deep":' + b"[" * DEEP + b"]" * DEEP + b"}",
    lambda n: flat(n)[:-1] + b',"id":"5","id":null}',
    lambda n: flat(n)[:-1] + b',"big":1e999,"int":' + b"9" * 400 + b',"n":NaN,}',
)
"""Odd lines that hold a post all the same. Of a key that stands twice, the first counts."""

BLANK_LINES = (b"", b" ", b"\t", b"\r", b"\x0b", b"\x0c", b" \t\r\x0b\x0c ")


def odd_lines(base: int) -> Faulty:
    """Each odd line between two good ones, and blank lines of every kind strewn in: the numbers stay true."""
    rows, kept, refused = [], set(), {}
    for place, (row, why) in enumerate(ODD_LINES):
        rows += [BLANK_LINES[place % len(BLANK_LINES)], flat(base + place), row]
        kept.add(base + place)
        refused[len(rows)] = why
    for place, good in enumerate(GOOD_LINES, start=len(ODD_LINES)):
        rows.append(good(base + place))
        kept.add(base + place)
    return Faulty(b"\n".join(rows), kept, refused)


GZIP_CUT = "the gzip file is cut off"
ZSTD_CUT = "the zstd file is cut off"
ZSTD_SKIPPABLE = struct.pack("<II", 0x184D2A50, 4) + b"skip"


def _zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)


def _blocks(*parts: bytes) -> tuple[bytes, list[int]]:
    """One zstd frame whose blocks end where the parts end, and the offsets of these ends."""
    packer = zstandard.ZstdCompressor().compressobj()
    packed, ends = b"", []
    for part in parts:
        packed += packer.compress(part) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        ends.append(len(packed))
    return packed + packer.flush(), ends


def _noise(n: int) -> bytes:
    """Lines that hardly shrink, so that a cut anywhere in the packed file is a cut in the lines."""
    return flat(n)[:-1] + b',"noise":"' + (os.urandom(300).hex()).encode() + b'"}'


def damaged_files() -> dict[str, Faulty]:
    """Name → file. Every file has 100 numbers of its own for its posts."""
    found: dict[str, Faulty] = {"odd-lines.jsonl": odd_lines(0)}
    base = 1000

    def add(name: str, make: Callable[[int], Faulty]) -> None:
        nonlocal base
        found[name] = make(base)
        base += 100

    def ten(base: int) -> bytes:
        return file(*(flat(base + n) for n in range(10)))

    def all_ten(base: int) -> set[int]:
        return set(range(base, base + 10))

    add("crlf.jsonl", lambda b: Faulty(
        b"\r\n".join([flat(b), b"bad", b"", flat(b + 1), flat(b + 2)]), {b, b + 1, b + 2}, {2: "no JSON"}
    ))  # fmt: skip
    add("no-end.jsonl", lambda b: Faulty(ten(b).rstrip(b"\n"), all_ten(b)))
    add("cut.jsonl", lambda b: Faulty(ten(b) + flat(b + 10)[:-20], all_ten(b), {11: "no JSON: unexpected end"}))
    add("mixed.jsonl", lambda b: Faulty(
        file(flat(b), dumps(v11(b + 1)), b"bad", dumps(page(b + 2, b + 3)), b"[]", dumps(v11(b + 4)), flat(b + 5)),
        {b, b + 1, b + 2, b + 3, b + 4, b + 5},
        {3: "no JSON", 5: "JSON, but no record: list"},
    ))  # fmt: skip
    add("fifty-bad-lines-first.jsonl", lambda b: Faulty(
        b"bad\n" * 60 + ten(b), all_ten(b), dict.fromkeys(range(1, 61), "no JSON")
    ))  # fmt: skip

    for code, note in (
        ("utf-8-sig", "UTF-8 with"),
        ("utf-16", "UTF-16 with"),
        ("utf-32", "UTF-32 with"),
        ("utf-16-le", "UTF-16-LE without"),
        ("utf-16-be", "UTF-16-BE without"),
    ):
        add(f"{code}.jsonl", lambda b, code=code, note=note: Faulty(  # type: ignore[misc]
            (ten(b) + b"bad\n" + flat(b + 10)).decode().encode(code), {*all_ten(b), b + 10}, {11: "no JSON"}, note=note
        ))  # fmt: skip
    add("utf-16.jsonl.gz", lambda b: Faulty(gzip.compress(ten(b).decode().encode("utf-16")), all_ten(b), note="UTF-16"))

    add("sound.gz", lambda b: Faulty(gzip.compress(ten(b) + b"bad\n"), all_ten(b), {11: "no JSON"}))
    add("members.gz", lambda b: Faulty(
        gzip.compress(ten(b)[:150]) + gzip.compress(b"") + gzip.compress(ten(b)[150:]), all_ten(b)
    ))  # fmt: skip
    add("comment.gz", lambda b: Faulty(_with_comment(gzip.compress(ten(b))), all_ten(b)))
    add("padded.gz", lambda b: Faulty(gzip.compress(ten(b)) + bytes(512), all_ten(b)))
    add("no-trailer.gz", lambda b: Faulty(gzip.compress(ten(b))[:-8], all_ten(b), damage=GZIP_CUT))
    add("half-trailer.gz", lambda b: Faulty(gzip.compress(ten(b))[:-3], all_ten(b), damage=GZIP_CUT))
    add("second-member-cut.gz", lambda b: Faulty(
        gzip.compress(ten(b)) + gzip.compress(flat(b + 10))[:8], all_ten(b), damage=GZIP_CUT
    ))  # fmt: skip
    add("crc.gz", lambda b: Faulty(_flipped(gzip.compress(ten(b)), -8), all_ten(b), damage="damaged (CRC"))
    add(
        "size.gz", lambda b: Faulty(_flipped(gzip.compress(ten(b)), -1), all_ten(b), damage="damaged (Incorrect length")
    )
    add("garbage.gz", lambda b: Faulty(gzip.compress(ten(b)) + b"garbage", all_ten(b), damage="damaged (Not a gzipped"))
    add("plain.gz", lambda b: Faulty(ten(b), all_ten(b)))

    add("sound.zst", lambda b: Faulty(_zstd(ten(b) + b"bad\n"), all_ten(b), {11: "no JSON"}))
    add("frames.zst", lambda b: Faulty(_zstd(ten(b)[:150]) + _zstd(b"") + _zstd(ten(b)[150:]), all_ten(b)))
    add("skippable-first.zst", lambda b: Faulty(ZSTD_SKIPPABLE + _zstd(ten(b)), all_ten(b)))
    add("skippable-between.zst", lambda b: Faulty(
        _zstd(ten(b)) + ZSTD_SKIPPABLE + _zstd(flat(b + 10)), {*all_ten(b), b + 10}
    ))  # fmt: skip
    add("no-checksum.zst", lambda b: Faulty(_zstd(ten(b))[:-2], all_ten(b), damage=ZSTD_CUT))
    add("second-frame-cut.zst", lambda b: Faulty(
        _zstd(ten(b)) + _zstd(flat(b + 10))[:9], all_ten(b), damage=ZSTD_CUT
    ))  # fmt: skip
    add("garbage.zst", lambda b: Faulty(_zstd(ten(b)) + b"garbage", all_ten(b), damage="the zstd file is damaged"))
    add("cut-at-block.zst", _cut_at_block)
    add("cut-in-block.zst", _cut_in_block)
    add("cut-in-member.gz", _cut_in_member)

    add("array.json", lambda b: Faulty(
        dumps([json.loads(flat(b)), 5, v11(b + 1), {"x": 1}], indent=1), {b, b + 1},
        {2: "JSON, but no record: int", 4: "its keys are x"}, note="one JSON document of 4 records",
    ))  # fmt: skip
    add("array-on-one-line.json", lambda b: Faulty(
        b"[" + flat(b) + b"," + flat(b + 1) + b"]", {b, b + 1}, note="one JSON document of 2 records"
    ))  # fmt: skip
    add("page.json", lambda b: Faulty(dumps(page(b, b + 1), indent=2), {b, b + 1}, note="one JSON document"))
    add("search.json", lambda b: Faulty(
        dumps({"statuses": [v11(b), v11(b + 1)], "search_metadata": {}}, indent=1), {b, b + 1}, note="one JSON document"
    ))  # fmt: skip
    add("searches.jsonl", lambda b: Faulty(
        file(dumps({"statuses": [v11(b), v11(b + 1)]}), b"bad", dumps(v11(b + 2)), dumps({"statuses": [v11(b + 3)]})),
        {b, b + 1, b + 2, b + 3}, {3: "no JSON"}, note="2 responses with records inside",
    ))  # fmt: skip
    found["binary.bin"] = Faulty(bytes(range(256)) * 100, set(), damage="a binary file")
    found["empty.jsonl"] = Faulty(b"", set())
    found["empty.jsonl.gz"] = Faulty(gzip.compress(b""), set())
    found["empty.jsonl.zst"] = Faulty(_zstd(b""), set())
    found["blank.jsonl"] = Faulty(b"\n".join(BLANK_LINES), set())
    found["header-cut.gz"] = Faulty(gzip.compress(b"x")[:5], set(), damage=GZIP_CUT)
    found["header-cut.zst"] = Faulty(_zstd(b"x")[:5], set(), damage=ZSTD_CUT)
    found["notes.md"] = Faulty(b"# Notes\n\nNothing here.\n", set(), {1: "no JSON", 3: "no JSON"})
    return found


def _with_comment(packed: bytes) -> bytes:
    return packed[:3] + bytes([0x10]) + packed[4:10] + b"a comment\0" + packed[10:]


def _flipped(packed: bytes, place: int) -> bytes:
    changed = bytearray(packed)
    changed[place] ^= 1
    return bytes(changed)


def _cut_at_block(base: int) -> Faulty:
    """Cut where a block ends: every line of what is left is whole, and only the frame tells."""
    packed, ends = _blocks(*(_noise(base + n) + b"\n" for n in range(5)))
    return Faulty(packed[: ends[2]], {base, base + 1, base + 2}, damage=ZSTD_CUT)


def _cut_in_block(base: int) -> Faulty:
    packed, ends = _blocks(*(_noise(base + n) + b"\n" for n in range(5)))
    return Faulty(packed[: ends[2] + 20], {base, base + 1, base + 2}, damage=ZSTD_CUT)


def _cut_in_member(base: int) -> Faulty:
    """Cut in the middle of the data: the lines before the cut are kept, the one it hit is refused."""
    content = file(*(_noise(base + n) for n in range(60)))
    packed = gzip.compress(content)[: len(gzip.compress(content)) // 2]
    whole, _, rest = _before_the_cut(packed).rpartition(b"\n")
    count = whole.count(b"\n") + 1
    assert 20 < count < 40
    assert rest
    return Faulty(packed, set(range(base, base + count)), {count + 1: "no JSON"}, damage=GZIP_CUT)


def _before_the_cut(packed: bytes) -> bytes:
    """An oracle of its own: all bytes that zlib gives for a cut stream."""
    return zlib.decompressobj(wbits=31).decompress(packed)


FAULTY = damaged_files()


@pytest.fixture(scope="module")
def folder_of_faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("faulty")
    for name, faulty in FAULTY.items():
        (place / name).write_bytes(faulty.content)
    return place


@pytest.fixture(scope="module")
def damaged(folder_of_faults: Path) -> Iterator[Network]:
    """All faulty files in one build, with every refused line listed."""
    shown, rejects.SHOWN = rejects.SHOWN, 1000
    try:
        yield netmed.build(folder_of_faults)
    finally:
        rejects.SHOWN = shown


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_costs_what_it_hit_and_nothing_else(damaged: Network, folder_of_faults: Path, name: str) -> None:
    faulty, found = FAULTY[name], entry(damaged, folder_of_faults / name)
    assert faulty.kept <= numbers(damaged)
    assert found["kept"] == len(faulty.kept)
    refused = {row["line"]: row["why"] for row in found["rejected"]}
    wanted = faulty.refused or {}
    assert sorted(refused) == sorted(wanted)
    assert [refused[n] for n in wanted if wanted[n] not in refused[n]] == []
    assert found["malformed"] + found["unrecognised"] == len(wanted)
    said = " ".join(found["damage"])
    assert faulty.damage in said
    assert bool(said) == bool(faulty.damage)
    assert faulty.note in " ".join(found["notes"])


def test_the_ledger_of_all_faulty_files_sums(damaged: Network) -> None:
    check_sums(damaged)
    assert numbers(damaged) == set().union(*(faulty.kept for faulty in FAULTY.values()))
    totals, losses = damaged.audit["totals"], damaged.audit["losses"]
    assert totals["duplicates"] == totals["edits"] == totals["filtered"] == 0
    assert losses["damaged files"] == sum(bool(faulty.damage) for faulty in FAULTY.values())
    assert losses["malformed"] + losses["unrecognised"] == sum(len(faulty.refused or {}) for faulty in FAULTY.values())


def test_every_good_line_gives_its_event(damaged: Network) -> None:
    """A kept post is kept whole: its mention of Bob is an event of Alice's."""
    mentions = damaged.events[damaged.events["relation"] == "mention"]
    assert len(mentions) == damaged.audit["posts"]["kept"]
    assert set(mentions["source_key"]) == {"x:11"}
    assert set(mentions["target_key"]) == {"x:22"}


# -- nothing to read ------------------------------------------------------------------------------------

NOTHING: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no line with anything on it"),
    "blank": (b"\n \n\r\n", "no line with anything on it"),
    "an empty array": (b"[]", "no line with anything on it"),
    "an empty gzip": (gzip.compress(b""), "no line with anything on it"),
    "a binary": (bytes(range(256)), "a binary file"),
    "words": (b"Dear reader,\n", "line 1: no JSON"),
    "one foreign record": (b'{"hello": 1}\n', "line 1: a record of no known format; its keys are hello"),
    "carriage returns only": (b"\r".join([flat(1), flat(2)]), "line 1: more than one record on the line"),
    "a cut gzip": (gzip.compress(flat(1))[:12], "the gzip file is cut off"),
    "a broken zstd": (_flipped(_zstd(flat(1)), -1), "the zstd file is damaged"),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_a_file_without_posts_is_an_error_that_says_what_was_found(tmp_path: Path, kind: str) -> None:
    content, found = NOTHING[kind]
    (tmp_path / "posts.jsonl").write_bytes(content)
    with pytest.raises(InputError) as error:
        netmed.build(tmp_path / "posts.jsonl", output=tmp_path / "net")
    said = str(error.value)
    assert found in said
    assert said.endswith(
        "); `netmed list readers` names what is read, and --map says which key or column is what in anything else"
    )
    assert "\n" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts.jsonl"]


# -- lines of many megabytes ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_line_over_16_mib_is_taken_out_alone(tmp_path: Path) -> None:
    """Whatever the packing, also where the long line lies within one unpacked chunk (zstd)."""
    long = file(flat(0), sized(1, 20 * MiB), b"bad", flat(2))
    huge = file(flat(10), sized(11, 40 * MiB), b"bad", flat(12))
    contents = {
        "plain.jsonl": (long, {0, 2}, {2: "longer than 16 MiB", 3: "no JSON"}),
        "packed.jsonl.gz": (gzip.compress(huge, 1), {10, 12}, {2: "longer than 16 MiB", 3: "no JSON"}),
        "packed.jsonl.zst": (
            _zstd(file(flat(20), sized(21, 40 * MiB), b"bad", flat(22))),
            {20, 22},
            {2: "longer than 16 MiB", 3: "no JSON"},
        ),
        "at-the-end.jsonl": (file(flat(30)) + sized(31, 17 * MiB), {30}, {2: "longer than 16 MiB"}),
        "array.json": (
            b"[\n" + flat(40) + b",\n" + sized(41, 17 * MiB) + b",\n" + flat(42) + b"]",
            {40, 42},
            {2: "longer than 16 MiB"},
        ),
    }
    contents["one-line.json"] = (b"[" + b",".join(sized(n, 6 * MiB) for n in (50, 51, 52)) + b"]", {50, 51, 52}, {})
    for name, (content, _, _) in contents.items():
        (tmp_path / name).write_bytes(content)
    network = netmed.build(tmp_path)
    check_sums(network)
    for name, (_, kept, refused) in contents.items():
        found = entry(network, tmp_path / name)
        assert found["kept"] == len(kept), name
        assert kept <= numbers(network)
        assert {row["line"] for row in found["rejected"]} == set(refused), name
        assert all(refused[row["line"]] in row["why"] for row in found["rejected"]), name


@pytest.mark.slow
def test_a_line_of_just_16_mib_is_read(tmp_path: Path) -> None:
    (tmp_path / "under.jsonl").write_bytes(file(flat(0), sized(1, 16 * MiB - 1), flat(2)))
    (tmp_path / "just.jsonl").write_bytes(file(flat(10), sized(11, 16 * MiB), flat(12)))
    (tmp_path / "last.jsonl").write_bytes(file(flat(20)) + sized(21, 16 * MiB))
    (tmp_path / "over.jsonl").write_bytes(file(flat(30), sized(31, 16 * MiB + 1), flat(32)))
    (tmp_path / "two.jsonl.gz").write_bytes(gzip.compress(file(sized(40, 16 * MiB), sized(41, 16 * MiB)), 1))
    network = netmed.build(tmp_path)
    check_sums(network)
    assert numbers(network) == {0, 1, 2, 10, 11, 12, 20, 21, 30, 32, 40, 41}
    assert [row["line"] for row in entry(network, tmp_path / "over.jsonl")["rejected"]] == [2]


def test_line_numbers_are_true_in_a_file_of_many_buffers(tmp_path: Path) -> None:
    """The engine reads 32 MiB at a time, in parallel: the rows it refuses must still be the lines they are."""
    bad = {1, 2, 777, 8_000, 8_002, 15_999, 16_000}
    good = sized(0, 6 * 1024)
    rows = [
        b"bad" if n in bad else good.replace(str(FIRST).encode(), str(FIRST + n).encode()) for n in range(1, 16_001)
    ]
    (tmp_path / "posts.jsonl").write_bytes(file(*rows))
    network = netmed.build(tmp_path / "posts.jsonl")
    check_sums(network)
    assert {row["line"] for row in network.audit["files"][0]["rejected"]} == bad
    assert network.audit["totals"]["kept"] == 16_000 - len(bad)


# -- values of the wrong type -------------------------------------------------------------------------------

WRONG: tuple[Any, ...] = (
    *(None, 5, -5, 1.5, 10**30, -(10**30), True, "", "x", "\0", "1e5", "-1", "\U0001f600" * 3),
    *("infinity", "9999-12-31T23:59:59Z", "294247-01-10T04:00:00Z", "0001-01-01T00:00:00Z"),
    *([], [None], ["a", 1], [[]], [{}], {}, {"a": 1}, {"id": 5}, [5]),
)
"""Put into every field in turn."""


def rich_v2() -> dict[str, Any]:
    """A flattened reply with every field that netmed reads."""
    record: dict[str, Any] = json.loads(flat(0))
    author = {"id": "22", "username": "bob", "name": "Bob", "public_metrics": {"followers_count": 3}}
    mention = {"start": 6, "end": 10, "username": "bob", "id": "22"}
    record |= {"in_reply_to_user_id": "22", "in_reply_to_user": author, "display_text_range": [0, 10]}
    record["referenced_tweets"] = [{"type": "replied_to", "id": "77", "text": "t", "author_id": "22", "author": author}]
    record["note_tweet"] = {"text": "Hello @bob", "entities": {"mentions": [mention]}}
    record["entities"]["hashtags"] = [{"tag": "MedEd"}]
    record["entities"]["urls"] = [{"expanded_url": "https://doi.org/10.1000/x"}]
    return record


def rich_v11() -> dict[str, Any]:
    """A v1.1 reply that also quotes, with every field that netmed reads."""
    record = v11(0)
    entities = {"user_mentions": [{"indices": [6, 10], "screen_name": "bob", "id_str": "22"}]}
    record |= {"in_reply_to_status_id_str": "77", "in_reply_to_user_id_str": "22", "in_reply_to_screen_name": "bob"}
    record |= {"quoted_status": v11(99_999), "quoted_status_id_str": str(FIRST + 99_999), "truncated": False}
    record["extended_tweet"] = {"full_text": "Hello @bob", "display_text_range": [0, 10], "entities": entities}
    record["quoted_status_permalink"] = {"expanded": "https://x.com/bob/status/8"}
    return record


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all fields of a record."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*above, key)
        yield from places(child, (*above, key))


def with_wrong(record: dict[str, Any], n: int, place: tuple[Any, ...], wrong: Any) -> dict[str, Any]:
    """A copy with post number n and one field replaced."""
    copy = json.loads(json.dumps(record))
    copy["id"] = str(FIRST + n)
    if "id_str" in copy:
        copy["id_str"], copy["id"] = copy["id"], FIRST + n
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = wrong
    return dict(copy)


@pytest.mark.parametrize(
    ("record", "vital"),
    [(rich_v2(), {"id", "text"}), (rich_v11(), {"id_str", "full_text", "user"})],
    ids=["v2", "v1.1"],
)
def test_a_value_of_the_wrong_type_never_costs_a_post_nor_invents_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: dict[str, Any], vital: set[str]
) -> None:
    """Only where the id, the text or the author's account is wrong may the line be refused."""
    monkeypatch.setattr(rejects, "SHOWN", 10_000)
    cases = [(place, wrong) for place in places(record) for wrong in WRONG]
    rows = [dumps(with_wrong(record, n, place, wrong)) for n, (place, wrong) in enumerate(cases, start=1)]
    (tmp_path / "posts.jsonl").write_bytes(file(*rows))
    network = netmed.build(tmp_path / "posts.jsonl", keep_text=True)
    check_sums(network)
    refused = {row["line"] for row in network.audit["files"][0]["rejected"]}
    assert {cases[line - 1][0] for line in refused} == {(name,) for name in vital}
    lost = set(range(1, len(cases) + 1)) - refused - numbers(network)
    assert {cases[line - 1][0] for line in lost} <= {(name,) for name in vital}
    strange = ~network.accounts["account_key"].str.fullmatch(r"x:(\d{1,20}|@\w+)")
    assert network.accounts["account_key"][strange].tolist() == []
    for key in ("reply_to_post_key", "quoted_post_key", "retweeted_post_key"):
        assert network.posts[key].dropna().str.fullmatch(r"x:\d{1,20}").all()
    assert network.posts["created_at"].dropna().between("1970-01-01T00:00Z", "2200-01-01T00:00Z").all()
    assert network.audit["posts"]["without_time"] == 0, "a wrong time is taken from the id"


def test_items_of_a_page_that_are_no_posts_are_counted(tmp_path: Path) -> None:
    whole = page(1, 2)
    record = {**whole, "data": [whole["data"][0], 5, "x", None, [], {}, whole["data"][1]]}
    odd = {**page(3), "includes": 5, "meta": []}
    (tmp_path / "posts.jsonl").write_bytes(file(dumps(record), dumps(odd), dumps({"meta": {"result_count": 0}})))
    network = netmed.build(tmp_path / "posts.jsonl")
    check_sums(network)
    assert numbers(network) == {1, 2, 3}
    totals = network.audit["totals"]
    assert (totals["records"], totals["unrecognised"], totals["without_posts"]) == (9, 5, 1)


# -- names and places ----------------------------------------------------------------------------------------

NAMES = (
    *("d[1].jsonl", "d*.jsonl", "d?.jsonl", 'it\'s "q".jsonl', "with space.jsonl", "new\nline.jsonl", "-lead.jsonl"),
    *("a\\b.jsonl", "a\\[1].jsonl", "{a,b}.jsonl", "a;b--.jsonl", "**.jsonl", "~.jsonl", "%41.jsonl", "ünï.jsonl"),
    *("n\x1b[31m.jsonl", "year=2020/p.jsonl", "x[1]/y*z/p.jsonl", "a" * 240 + ".jsonl", ".hidden.jsonl", "no-ending"),
    os.fsdecode(b"caf\xe9.jsonl"),
    os.fsdecode(b"sub\xff/p.jsonl"),
)


def test_a_path_is_taken_as_it_stands(tmp_path: Path) -> None:
    """Names that an engine would take for globs, partitions, SQL or nothing at all; none reads a neighbour."""
    for n, name in enumerate(NAMES):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(file(flat(n)))
    for decoy in ("d1.jsonl", "dd.jsonl", "a1.jsonl", "x1/yyz/p.jsonl", "a.jsonl"):
        (tmp_path / decoy).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / decoy).write_bytes(file(flat(500)))
    network = netmed.build(*[tmp_path / name for name in NAMES], output=tmp_path / "o[1]*?'\" \n" / "n[1]*")
    check_sums(network)
    assert numbers(network) == set(range(len(NAMES)))
    assert len(network.audit["files"]) == len(NAMES)
    assert "year" not in network.posts.columns
    assert json.loads((network.path or tmp_path).joinpath("audit.json").read_text("utf-8")) == network.audit


def test_folders_globs_links_and_repeats_give_each_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "deep" / "er").mkdir(parents=True)
    outside.mkdir()
    (inside / "a.jsonl").write_bytes(file(flat(0)))
    (inside / "deep" / "er" / "b.jsonl").write_bytes(file(flat(1)))
    (inside / ".hidden.jsonl").write_bytes(file(flat(2)))
    (inside / ".git").mkdir()
    (inside / ".git" / "c.jsonl").write_bytes(file(flat(3)))
    (outside / "d.jsonl").write_bytes(file(flat(4)))
    (inside / "same.jsonl").symlink_to("a.jsonl")
    (inside / "up").symlink_to(".")
    (inside / "elsewhere").symlink_to(outside)
    (tmp_path / "link").symlink_to(inside)
    monkeypatch.chdir(tmp_path)
    network = netmed.build("in", tmp_path / "link", "in/*.jsonl", str(tmp_path / "i*" / "**" / "*.jsonl"), "in/a.jsonl")
    assert numbers(network) == {0, 1, 4}
    totals = network.audit["totals"]
    assert (totals["records"], totals["duplicates"]) == (3, 0)
    assert len(network.audit["files"]) == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("missing.jsonl", "there is no file or folder 'missing.jsonl'"),
        ("missing*.jsonl", "no file matches 'missing*.jsonl'"),
        ("d[1].jsonl", "no file matches"),
        ("empty", "the folder empty has no files in it"),
        ("dangling", "dangling cannot be read: No such file"),
        ("loop", "loop cannot be read: Too many levels of symbolic links"),
        ("lo*", "loop cannot be read: Too many levels of symbolic links"),
        ("with-dangling", "dangling.jsonl cannot be read: No such file"),
        ("", "empty name"),
        ("/dev/zero", "/dev/zero is not a file"),
    ],
)
def test_a_place_that_cannot_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "with-dangling").mkdir()
    (tmp_path / "with-dangling" / "dangling.jsonl").symlink_to("nowhere")
    (tmp_path / "good.jsonl").write_bytes(file(flat(0)))
    with pytest.raises(InputError) as error:
        netmed.build("good.jsonl", given, output="net")
    assert said in str(error.value)
    assert not (tmp_path / "net").exists()


def test_no_input_at_all_is_an_error() -> None:
    with pytest.raises(InputError, match="no input files"):
        netmed.build()


def test_a_pipe_is_read_once_and_whole(tmp_path: Path) -> None:
    """As in ``netmed build <(zcat posts.gz)``: a pipe can be opened once, and has no size."""
    os.mkfifo(tmp_path / "pipe")
    content = file(*(flat(n) for n in range(500)))
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(content,), daemon=True)
    writer.start()
    network = netmed.build(tmp_path / "pipe")
    assert numbers(network) == set(range(500))
    assert network.provenance["inputs"][0]["bytes"] == len(content)


class Stdin:
    """Standard input with bytes behind it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_standard_input_that_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed stream that stops: what came before counts, and the loss is said; given twice is read once."""
    packed, ends = _blocks(*(_noise(n) + b"\n" for n in range(4)))
    monkeypatch.setattr(sys, "stdin", Stdin(packed[: ends[2]]))
    network = netmed.build("-", "-")
    assert numbers(network) == {0, 1, 2}
    (found,) = network.audit["files"]
    assert found["file"] == "-"
    assert ZSTD_CUT in found["damage"][0]
    assert network.audit["losses"] == {"damaged files": 1}


def someone_else() -> int | None:
    """A user id without rights, where we have them all; None where we are nobody special ourselves."""
    return 65534 if os.geteuid() == 0 else None


@pytest.fixture
def powerless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of ours while we are a user who may not read everything (root may)."""
    other = someone_else()
    place = Path(tempfile.gettempdir()).resolve() / f"netmed-powerless-{os.getpid()}"
    place.mkdir()
    if other is not None:
        os.chown(place, other, -1)
        os.seteuid(other)
    try:
        yield place
    finally:
        if other is not None:
            os.seteuid(0)
        shutil.rmtree(place)


def test_what_one_may_not_read_or_write_is_an_error(powerless: Path) -> None:
    good, closed = powerless / "good.jsonl", powerless / "closed.jsonl"
    good.write_bytes(file(flat(0)))
    closed.write_bytes(file(flat(1)))
    closed.chmod(0)
    shut = powerless / "shut"
    shut.mkdir()
    (shut / "p.jsonl").write_bytes(file(flat(2)))
    shut.chmod(0)
    sealed = powerless / "sealed"
    sealed.mkdir(0o555)
    try:
        with pytest.raises(InputError, match=r"closed\.jsonl cannot be read: Permission denied"):
            netmed.build(closed)
        with pytest.raises(InputError, match=r"closed\.jsonl cannot be read: Permission denied"):
            netmed.build(good, closed)
        with pytest.raises(InputError, match="shut cannot be read: Permission denied"):
            netmed.build(powerless)
        with pytest.raises(NetmedError, match="sealed/net failed: Permission denied"):
            netmed.build(good, output=sealed / "net")
        with pytest.raises(NetmedError, match="Permission denied"):
            netmed.build(good, output=sealed / "more" / "net")
    finally:
        shut.chmod(0o755)
        sealed.chmod(0o755)
    assert list(sealed.iterdir()) == []


# -- a full disk ------------------------------------------------------------------------------------------------

FULL = """
import resource, sys
from netmed import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(cli.call(sys.argv[2:]))
"""


@pytest.fixture
def many_posts(tmp_path: Path) -> Path:
    """A file whose network has some 100 kB per table."""
    netmed.simulate.collection(1_500, tmp_path / "posts.jsonl", seed=5)
    return tmp_path / "posts.jsonl"


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_network_and_nothing_else(tmp_path: Path, many_posts: Path) -> None:
    """No file may grow past the limit, which any user can set; Python and DuckDB get EFBIG as they get ENOSPC."""
    (tmp_path / "one.jsonl").write_bytes(file(flat(0)))
    target = tmp_path / "graphs" / "net"
    netmed.build(tmp_path / "one.jsonl", output=target)
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    for limit in (500, 60_000):  # the first table, and one after others were written
        words = [sys.executable, "-c", FULL, str(limit), "build", str(many_posts), "-o", str(target), "--force"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stderr.startswith("netmed: error: ")
        assert "File too large" in done.stderr
        assert {path.name: path.read_bytes() for path in target.iterdir()} == before
        assert [path.name for path in target.parent.iterdir()] == ["net"]


def test_a_disk_that_is_really_full(tmp_path: Path, many_posts: Path) -> None:
    """On a file system of 128 kB where one can be mounted; elsewhere with the error that such a one gives."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(disk)]
    mounted = (
        shutil.which("mount") is not None and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    try:
        with pytest.MonkeyPatch.context() as patched:
            if not mounted:
                patched.setattr(folder, "seal", _no_space)
            with pytest.raises(NetmedError, match="No space left on device"):
                netmed.build(many_posts, output=disk / "net")
        assert list(disk.iterdir()) == []
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


# -- what the command says ---------------------------------------------------------------------------------------

Said = tuple[int, list[str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run the command in a folder of its own: the exit code, and the lines it said."""
    monkeypatch.chdir(tmp_path)

    def go(*words: str) -> Said:
        capsys.readouterr()
        code = cli.call(list(words))
        return code, capsys.readouterr().err.strip().splitlines()

    return go


def test_the_command_says_what_a_fault_cost_and_strict_makes_it_an_error(
    run: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "p.jsonl").write_bytes(file(flat(0), b"bad", b"{}", flat(1)))
    (tmp_path / "q.gz").write_bytes(gzip.compress(file(flat(2)))[:-4])
    code, said = run("build", "p.jsonl", "q.gz", "-o", "net")
    assert code == 0
    assert said[0].startswith("5 records = 3 kept + 1 unrecognised + 1 malformed; ")
    assert "NOT USED: 1 malformed, 1 unrecognised, 1 damaged files" in said[0]
    code, said = run("build", "q.gz", "-o", "strict", "--strict")
    assert code == 1
    assert said == ["netmed: error: --strict: 1 damaged files; nothing was written"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "p.jsonl", "q.gz"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["build"], 2, "Missing argument"),
        (["build", "-lead.jsonl"], 2, "No such option"),
        (["build", "missing.jsonl", "-o", "net"], 1, "there is no file or folder 'missing.jsonl'"),
        (
            ["build", "empty.jsonl", "-o", "net"],
            1,
            "no posts in empty.jsonl (0 lines; no line with anything on it); `netmed list readers`",
        ),
        (["build", "esc\x1b[31m\n.jsonl", "-o", "net"], 1, "no file matches"),
        (["build", "good.jsonl", "-o", "taken"], 1, "taken is a file"),
        (["build", "good.jsonl", "-o", "taken/net"], 1, "taken/net failed: "),
        (["build", "good.jsonl", "-o", "full"], 1, "full exists and is not a network folder"),
        (["build", "good.jsonl", "-o", "full", "--force"], 1, "full exists and is not a network folder"),
        (["build", "good.jsonl", "-o", "n" * 250], 1, "File name too long"),
        (["build", "good.jsonl", "-o", os.fsdecode(b"\xff")], 1, "is no UTF-8 text"),
    ],
)
def test_an_error_is_one_line_and_the_right_code(
    run: Callable[..., Said], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "good.jsonl").write_bytes(file(flat(0)))
    (tmp_path / "-lead.jsonl").write_bytes(file(flat(0)))
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "taken").write_bytes(b"mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_bytes(b"mine")
    before = sorted(tmp_path.rglob("*"))
    found, lines = run(*words)
    assert found == code
    assert said in lines[-1]
    if code == 1:
        assert len(lines) == 1
        assert "\x1b" not in lines[0]
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "taken").read_bytes() == b"mine"
    assert (tmp_path / "full" / "mine").read_bytes() == b"mine"


def test_bad_lines_of_this_room_are_good_where_they_should_be() -> None:
    assert len(sized(1, 5000)) == 5000
    assert json.loads(sized(1, 5000))["id"] == str(bad_lines.FIRST + 1)
