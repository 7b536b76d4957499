"""Tables as they come: every packing, mark and separator gives the same cells, and a broken row is named."""

import gzip
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from bad_lines import flat

import netmed
from netmed.errors import InputError
from netmed.read.delimited import Staged, stage
from netmed.read.intake import Formats, check
from netmed.read.source import Source

SCHEMA = ibis.schema({"id": "string", "text": "string", "absent": "string"})
ROWS = [("1", "plain"), ("1234567890123456789", 'two\nlines, "quoted"'), ("3", None), ("4", "émoji 😀 = −1")]
FORMATS = Formats(lambda columns: "id" in columns, lambda record: None)


def csv_text(delimiter: str = ",", newline: str = "\n") -> str:
    def cell(value: str | None) -> str:
        value = value or ""
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in '",\n\t;') else value

    rows = [("", "id", "text"), *((str(n), *row) for n, row in enumerate(ROWS))]
    return newline.join(delimiter.join(map(cell, row)) for row in rows) + newline


def staged(tmp_path: Path, content: bytes, missing: tuple[str, ...] = ("", "NA")) -> tuple[Staged, Source]:
    path = tmp_path / "table"
    path.write_bytes(content)
    source = Source("table", path, path)
    work = tmp_path / "work"
    work.mkdir()
    check(source, work, 0, FORMATS)
    return stage(source, SCHEMA, missing, work / "t.parquet"), source


def cells(found: Staged) -> list[tuple[str | None, str | None]]:
    frame = pd.read_parquet(found.path)
    assert frame["absent"].isna().all()
    assert frame["line"].tolist() == list(range(1, len(frame) + 1))
    return [(row.id, None if pd.isna(row.text) else row.text) for row in frame.itertuples()]


PACKED = {
    "plain": csv_text().encode(),
    "CRLF": csv_text(newline="\r\n").encode(),
    "tabs": csv_text("\t").encode(),
    "semicolons": csv_text(";").encode(),
    "Excel's first line": b"sep=,\n" + csv_text().encode(),
    "blank lines above": b"\n\n" + csv_text().encode(),
    "UTF-8 with a mark": csv_text().encode("utf-8-sig"),
    "UTF-16": csv_text().encode("utf-16"),
    "gzip": gzip.compress(csv_text().encode()),
    "gzip in members": gzip.compress(csv_text().encode()[:50]) + gzip.compress(csv_text().encode()[50:]),
    "zstd": zstandard.compress(csv_text().encode()),
    "CESU-8": csv_text().encode().replace("😀".encode(), b"\xed\xa0\xbd\xed\xb8\x80"),
}


@pytest.mark.parametrize("packing", PACKED)
def test_a_table_is_read_whatever_it_is_packed_in(tmp_path: Path, packing: str) -> None:
    found, source = staged(tmp_path, PACKED[packing])
    assert cells(found) == ROWS
    assert (found.rejects.malformed, source.damage) == (0, [])


def test_parquet_is_a_table_too_with_numbers_lists_and_times_as_text(tmp_path: Path) -> None:
    table = pa.table(
        {"id": [1234567890123456789, 2], "text": [["a", "b"], None], "other": [1.5, 2.5]},
    )
    pq.write_table(table, tmp_path / "p")
    found, _ = staged(tmp_path, (tmp_path / "p").read_bytes())
    assert cells(found) == [("1234567890123456789", '["a", "b"]'), ("2", None)]


def test_a_row_that_fits_no_table_is_counted_and_named_and_costs_itself_alone(tmp_path: Path) -> None:
    content = b"id,text\n1,a\n2\n3,b,c\n4,d\n"
    found, _ = staged(tmp_path, content)
    assert [row[0] for row in cells(found)] == ["1", "4"]
    assert found.rejects.malformed == 2
    assert [reject["why"] for reject in found.rejects.first] == [
        "a row of 1 cells where the header has 2",
        "a row of 3 cells where the header has 2",
    ]


def test_bytes_that_are_no_text_cost_their_cell_and_are_said(tmp_path: Path) -> None:
    found, source = staged(tmp_path, b"id,text\n1,caf\xe9\n2,b\n")
    assert cells(found) == [("1", "caf\ufffd"), ("2", "b")]
    assert source.damage == ["bytes that are no UTF-8 in 1 lines; each became the replacement character"]


def test_only_what_is_said_to_be_missing_is(tmp_path: Path) -> None:
    found, _ = staged(tmp_path, b"id,text\n1,NA\n2,\n3,null\n", missing=("",))
    assert cells(found) == [("1", "NA"), ("2", None), ("3", "null")]


def test_a_table_nobody_knows_says_which_columns_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,size\nred,1\n")
    with pytest.raises(InputError, match="a table with columns colour, size that no reader knows; say which column"):
        netmed.build(path)


def test_halves_of_an_emoji_are_joined_in_lines_of_json_too(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(flat(1) + b"\n" + flat(2).replace(b'"text":', b'"odd":"\xed\xa0\xbd\xed\xb8\x80","text":') + b"\n")
    network = netmed.build(path, keep_text=True)
    assert network.audit["totals"]["kept"] == 2
    assert network.audit["files"][0]["notes"] == ["emoji written as two halves (CESU-8) were joined in 1 lines"]
