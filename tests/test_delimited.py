"""Tables as they come: every packing, mark and separator gives the same cells, and a broken row is named."""

import gzip
import io
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from bad_lines import flat

import netmed
from netmed.errors import InputError
from netmed.read import delimited
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
    assert len(frame) == found.rows
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
    assert pd.read_parquet(found.path)["line"].tolist() == [1, 2, 3, 4]
    assert (found.rejects.malformed, source.damage) == (0, [])


def test_parquet_is_a_table_too_with_numbers_lists_and_times_as_text(tmp_path: Path) -> None:
    table = pa.table(
        {"id": [1234567890123456789, 2], "text": [["a", "b"], None], "other": [1.5, 2.5]},
    )
    pq.write_table(table, tmp_path / "p")
    found, _ = staged(tmp_path, (tmp_path / "p").read_bytes())
    assert cells(found) == [("1234567890123456789", '["a", "b"]'), ("2", None)]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_parquet_is_read_though_it_is_packed_again(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    pq.write_table(pa.table({"id": ["1", "2"], "text": ["a", None]}), tmp_path / "p")
    found, source = staged(tmp_path, pack((tmp_path / "p").read_bytes()))
    assert cells(found) == [("1", "a"), ("2", None)]
    assert (source.damage, source.original) == ([], tmp_path / "table")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damaged_parquet_is_said_to_be(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    pq.write_table(pa.table({"id": ["1"], "text": ["a"]}), tmp_path / "p")
    (tmp_path / "bad.parquet").write_bytes(pack((tmp_path / "p").read_bytes()[:-9]))
    with pytest.raises(InputError, match="a Parquet file that is damaged; nothing in it was read"):
        netmed.build(tmp_path / "bad.parquet")


@pytest.mark.parametrize("packing", ["plain", "gzip", "blank lines above", "a long header", "CRLF"])
def test_a_row_that_fits_no_table_is_counted_and_named_and_costs_itself_alone(tmp_path: Path, packing: str) -> None:
    content = b'id,text\n1,a\n2\n\n"3\nlines",b,c\n4,d\n5\n6,e\n'
    made = {
        "gzip": gzip.compress(content),
        "blank lines above": b"\n\nsep=,\n" + content,
        "a long header": content.replace(b"text", b'"te\nxt"'),
        "CRLF": content.replace(b"\n", b"\r\n"),
    }.get(packing, content)
    found, _ = staged(tmp_path, made)
    assert [row[0] for row in cells(found)] == ["1", "4", "6"]
    assert pd.read_parquet(found.path)["line"].tolist() == [1, 4, 6]
    assert found.rejects.malformed == 3
    assert [reject["line"] for reject in found.rejects.first] == [2, 3, 5]
    assert [reject["why"] for reject in found.rejects.first] == [
        "a row of 1 cells where the header has 2",
        "a row of 3 cells where the header has 2",
        "a row of 1 cells where the header has 2",
    ]


def test_rows_keep_their_numbers_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a count by hand: every row says its own number, whatever was left out before it."""
    monkeypatch.setattr(delimited, "BLOCK", 100)
    chance = random.Random(4)
    bad = {number for number in range(1, 501) if chance.random() < 0.2}
    rows = [f"{number}" if number in bad else f"{number},t" for number in range(1, 501)]
    found, _ = staged(tmp_path, ("id,text\n" + "\n".join(rows) + "\n").encode())
    frame = pd.read_parquet(found.path)
    assert frame["line"].tolist() == [int(one) for one in frame["id"]] == sorted(set(range(1, 501)) - bad)
    assert [reject["line"] for reject in found.rejects.first] == sorted(bad)[:20]
    assert found.rejects.malformed == len(bad)


def test_the_audit_names_rows_as_a_person_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that fit no header and rows that are no post, among good ones with line ends within, also from stdin."""
    good = 'id{},ann,"two\nlines @bo",2020-01-01,e'
    rows = [good.format(1), "2,ann", good.format(3).replace("id3", ""), good.format(4), "5,ann,text,now,e,too,many"]
    content = "id_str,from_user,text,created_at,entities_str\n" + "\n".join(rows).replace("id", "100000") + "\n"
    (tmp_path / "tags.csv").write_text(content)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
    for given in (tmp_path / "tags.csv", "-"):
        network = netmed.build(given)
        entry = network.audit["files"][0]
        assert (entry["kept"], entry["unrecognised"], entry["malformed"]) == (2, 1, 2)
        assert (entry["numbered_by"], [reject["line"] for reject in entry["rejected"]]) == ("row", [2, 3, 5])
        text = str(network.audit)
        assert "row 2: a row of 2 cells where the header has 5" in text
        assert "row 3: a row that is no post of x-tags" in text
        assert "(row 1 is the first below the header; blank lines are not counted)" in text


def test_edge_lists_name_rows_of_tables_and_lines_of_words(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("source,target\na,b\na\n,b\nb,c,d\n")
    entry = netmed.build(tmp_path / "e.csv", format="edges-csv").audit["files"][0]
    assert (entry["numbered_by"], [reject["line"] for reject in entry["rejected"]]) == ("row", [2, 3, 4])
    (tmp_path / "e.txt").write_text("# words\na b\na b -1\n")
    entry = netmed.build(tmp_path / "e.txt", format="edges-csv").audit["files"][0]
    assert (entry["numbered_by"], [reject["line"] for reject in entry["rejected"]]) == ("line", [3])
    (tmp_path / "none.csv").write_text("source,target\na\n")
    with pytest.raises(InputError, match=r"no edge in .* \(row 1: a row of 1 cells"):
        netmed.build(tmp_path / "none.csv", format="edges-csv")


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
