"""Adding a reader is one room and one row: here a format nobody has, as lines and as a table."""

import json
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pytest

import netmed
from netmed.building import from_posts
from netmed.read import READERS, Reader, record
from netmed.read.cells import every_mention
from netmed.read.values import conform, is_number, iso_time
from netmed.registry import Registry

COLUMNS = ibis.schema(dict.fromkeys(("toy_number", "toy_who", "toy_said", "toy_to", "toy_when"), "string"))


def toy_recognised(raw: ir.Table) -> ir.BooleanValue:
    return is_number(raw.toy_number)


def toy_posts(raw: ir.Table) -> ir.Table:
    return conform(
        raw.select(
            file="file",
            platform=ibis.literal("toy"),
            is_delivered=ibis.literal(True),
            post_id="toy_number",
            author_handle="toy_who",
            created_at=iso_time(raw.toy_when),
            text="toy_said",
            mentions=every_mention(raw.toy_said, raw.toy_to.split(" ")),
        ),
        record.POST,
    )


def toy_nobody(raw: ir.Table) -> ir.Table:
    return conform(raw.filter(ibis.literal(False)).select("line"), record.SIGHTING)


def toy(*, is_table: bool) -> Reader:
    return Reader(
        "toy-table" if is_table else "toy",
        "a format nobody has",
        COLUMNS,
        COLUMNS,
        lambda names: "toy_number" in names,
        toy_recognised,
        lambda raw: {"posts": toy_recognised(raw).cast("int64"), "profiles": ibis.literal(0)},
        toy_posts,
        toy_nobody,
        lambda raw: conform(raw.filter(ibis.literal(False)).select("line"), record.PROFILE),
        is_table=is_table,
    )


ROWS = [
    {"toy_number": "1", "toy_who": "ann", "toy_said": "hi @bob", "toy_to": "bob", "toy_when": "2022-05-01T00:00:00Z"},
    {"toy_number": "2", "toy_who": "bob", "toy_said": "RT @ann: hi", "toy_to": "ann", "toy_when": "2022-05-02"},
]
WANTED = [("toy:1", "toy:@ann", "toy:@bob", "mention"), ("toy:2", "toy:@bob", "toy:@ann", "retweet_manual")]


@pytest.mark.parametrize("is_table", [False, True])
def test_a_new_reader_is_one_room_and_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_table: bool
) -> None:
    registry = Registry("reader", (*READERS.values(), toy(is_table=is_table)), name=lambda reader: reader.name)
    monkeypatch.setattr(from_posts, "READERS", registry)
    path = tmp_path / "toy"
    if is_table:
        path.write_text("\n".join([",".join(COLUMNS.names), *(",".join(row.values()) for row in ROWS)]))
    else:
        path.write_text("\n".join(map(json.dumps, ROWS)))
    network = netmed.build(path, relations=("mention", "retweet_manual"))
    found = network.events[["post_key", "source_key", "target_key", "relation"]].itertuples(index=False, name=None)
    assert list(found) == WANTED
    assert network.audit["files"][0]["readers"] == ["toy-table" if is_table else "toy"]
    assert network.audit["totals"] | {"lines": 2} == network.audit["totals"]
