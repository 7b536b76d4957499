"""CSV as promised: to the byte, and safe to open."""

import csv
import io
import json
import math
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from networks import network

import netmed
from netmed.centrality import scores
from netmed.errors import NetmedError, UnknownNameError
from netmed.export import tables
from netmed.export.tables import write_csv

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def written(frame: pd.DataFrame, **settings: object) -> str:
    stream = io.BytesIO()
    write_csv(frame, stream, **settings)
    return stream.getvalue().decode("utf-8")


def cells(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written(frame), newline="")))


def files(where: Path) -> list[str]:
    return sorted(path.name for path in where.iterdir())


def digits(number: str) -> str:
    """The digits that count: without sign, point, exponent and zeros around them."""
    return re.sub(r"e.*|[^0-9]", "", number).strip("0")


def example_frame() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "account_key": ["x:1000000000000000001", "x:2", "x:@ghost"],
            "handle": pd.Series(["ana_md", "bo", None], dtype="str"),
            "name": ['Ana "Doc" Ruiz, MD', "=HYPERLINK(1)", "Zoë\nLi"],
            "in_strength": [3.0, 12.0, 0.0],
            "pagerank": [0.1 + 0.2, 1e-7, math.nan],
            "in_retweet": pd.array([1, None, -3], dtype="Int64"),
            "is_author": pd.array([True, False, None], dtype="boolean"),
            "first_at": pd.to_datetime(["2020-01-01", None, "2021-05-06T07:08:09.25"], format="ISO8601", utc=True),
            "hashtags": [["foamed", "meded"], [], None],
        }
    )
    frame.attrs["meta"] = {"relations": ["reply"], "paths": "inverse"}
    frame.attrs["columns"] = {"pagerank": "share of time"}
    return frame


GOLDEN = (
    "account_key,handle,name,in_strength,pagerank,in_retweet,is_author,first_at,hashtags\n"
    'x:1000000000000000001,ana_md,"Ana ""Doc"" Ruiz, MD",3,0.30000000000000004,1,true,'
    "2020-01-01T00:00:00Z,foamed meded\n"
    "x:2,bo,'=HYPERLINK(1),12,1e-7,,false,,\n"
    'x:@ghost,,"Zoë\nLi",0,,-3,,2021-05-06T07:08:09.25Z,\n'
)


def test_golden_bytes(tmp_path: Path):
    write_csv(example_frame(), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == GOLDEN.encode("utf-8")
    assert files(tmp_path) == ["t.csv", "t.csv.meta.json"]


def test_meta_says_what_the_numbers_mean(tmp_path: Path):
    write_csv(example_frame(), str(tmp_path / "t.csv"), sort_by="in_strength", top=2)
    meta = json.loads((tmp_path / "t.csv.meta.json").read_text(encoding="utf-8"))
    columns = meta.pop("columns")
    assert meta == {
        "file": "t.csv",
        "rows": 2,
        "rows_in_table": 3,
        "sorted_by": "in_strength",
        "top": 2,
        "netmed": netmed.__version__,
        "conventions": {"relations": ["reply"], "paths": "inverse"},
    }
    assert list(columns) == list(example_frame().columns)
    assert columns["pagerank"] == "share of time"
    assert columns["handle"].startswith("newest handle")


def test_excel_gets_a_mark():
    assert written(example_frame(), excel=True) == "\ufeff" + GOLDEN


def test_dash_is_standard_output_without_meta(capfdbinary: pytest.CaptureFixture, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(example_frame(), "-")
    assert capfdbinary.readouterr().out == GOLDEN.encode("utf-8")
    assert files(tmp_path) == []


def test_dash_where_standard_output_takes_text_only(monkeypatch: pytest.MonkeyPatch):
    notebook = io.StringIO()
    monkeypatch.setattr("sys.stdout", notebook)
    write_csv(example_frame(), "-")
    assert notebook.getvalue() == GOLDEN


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_csv(example_frame(), tmp_path / "t.csv")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_csv(example_frame().head(1), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == GOLDEN
    assert files(tmp_path) == ["t.csv", "t.csv.meta.json"]


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
@example([(mark + "cmd|' /C calc'!A0", "a") for mark in RISKY])
@example([("", ""), ("'", '"'), ('a"b', "a\r\nb"), (" =1", ",")])
def test_text_survives_and_never_begins_a_formula(rows: list[tuple[str, str]]):
    head, *read = cells(pd.DataFrame(rows, columns=["k", "v"]))
    assert head == ["k", "v"]
    for given_row, read_row in zip(rows, read, strict=True):
        for before, after in zip(given_row, read_row, strict=True):
            assert after == ("'" + before if before.startswith(RISKY) else before)


@given(st.lists(st.floats(), min_size=1))
@example([3.0, -0.0, 1e10, -12345678901.0, 1e15, 2.0**53, 1e22, 5e-324, 0.1])
def test_floats_read_back_the_same_and_are_no_longer_than_needed(values: list[float]):
    read = [row[1] for row in cells(pd.DataFrame({"k": "x", "v": np.array(values)}))[1:]]
    for before, after in zip(values, read, strict=True):
        if math.isnan(before):
            assert after == ""
        else:
            assert float(after) == before
            assert len(digits(after)) <= len(digits(repr(before)))
            if before.is_integer() and abs(before) <= 2**53:
                assert after == str(int(before))


@given(st.lists(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)), min_size=1))
@example([datetime(1969, 12, 31, 23, 59, 59, 250000), datetime(2020, 1, 1)])
def test_times_read_back_the_same(moments: list[datetime]):
    stamps = pd.Series(moments).astype("datetime64[us]").dt.tz_localize(UTC)
    for zone in ("UTC", "Asia/Kolkata"):
        read = [row[0] for row in cells(pd.DataFrame({"t": stamps.dt.tz_convert(zone), "k": 1}))[1:]]
        for before, after in zip(moments, read, strict=True):
            assert after.endswith("Z")
            assert datetime.fromisoformat(after.removesuffix("Z").ljust(20, ".").ljust(26, "0")) == before


def test_pandas_reads_it_back(tmp_path: Path):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"account_key": [f"x:{i}" for i in range(120)], "weight": rng.random(120), "n": rng.integers(0, 9, 120)}
    )
    write_csv(frame, tmp_path / "t.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv"), frame, check_exact=True)


def test_pieces_join(monkeypatch: pytest.MonkeyPatch):
    whole = written(example_frame())
    monkeypatch.setattr(tables, "CHUNK", 2)
    assert written(example_frame()) == whole


def test_whatever_type_a_column_has():
    frame = pd.DataFrame({"k": ["a", "b", "c"]})
    frame["group"] = pd.Categorical(["-u", None, "v"])
    frame["mixed"] = pd.Series([1, "=x", None], dtype=object)
    frame["words"] = pd.Series([np.array(["=a", None, "b"], dtype=object), ("z",), None], dtype=object)
    frame["half"] = pd.Series(["p\ud800", None, pd.NA], dtype=object)
    frame["empty"] = None
    frame["day"] = pd.Series([datetime(2020, 1, 1), None, None])
    frame["lists"] = pd.Series([["a"], [], None], dtype=pd.ArrowDtype(pa.list_(pa.string())))
    assert cells(frame)[1:] == [
        ["a", "'-u", "1", "'=a  b", "p\ufffd", "", "2020-01-01T00:00:00Z", "a"],
        ["b", "", "'=x", "z", "", "", "", ""],
        ["c", "v", "", "", "", "", "", ""],
    ]


def test_numbers_are_never_guarded():
    assert cells(pd.DataFrame({"a": [-1], "b": [-0.5], "c": pd.array([-7], dtype="Int64")}))[1] == ["-1", "-0.5", "-7"]


def test_a_lone_empty_cell_is_still_a_row():
    assert written(pd.DataFrame({"a": ["x", None]})) == 'a\nx\n""\n'


def test_no_rows_keep_the_header():
    assert written(example_frame().head(0)) == GOLDEN.split("\n")[0] + "\n"
    assert written(example_frame(), top=0) == GOLDEN.split("\n")[0] + "\n"


def test_sorting_is_highest_first_then_by_key_and_unknown_last():
    frame = pd.DataFrame({"account_key": ["d", "c", "b", "a"], "v": [1.0, math.nan, 2.0, 1.0]})
    assert written(frame, sort_by="v") == "account_key,v\nb,2\na,1\nd,1\nc,\n"
    assert written(frame, sort_by="v", top=2) == "account_key,v\nb,2\na,1\n"
    assert written(frame, top=1) == "account_key,v\nd,1\n"
    with pytest.raises(UnknownNameError, match="did you mean v"):
        written(frame, sort_by="vv")
    with pytest.raises(NetmedError, match="not -1"):
        written(frame, top=-1)


def test_the_centrality_table(tmp_path: Path):
    made = network([("a", "b", 3), ("b", "c", 0.5)], profiles={"c": {"handle": None, "name": "@evil"}})
    frame = scores(made)
    write_csv(frame, tmp_path / "centrality.csv", sort_by="in_strength")
    read = pd.read_csv(tmp_path / "centrality.csv", dtype={"account_key": str})
    assert read["account_key"].tolist() == ["b", "c", "a"]
    assert read["in_strength"].tolist() == [3, 0.5, 0]
    assert read["name"].tolist() == ["B", "'@evil", "A"]
    assert read["handle"].isna().tolist() == [False, True, False]
    assert read["betweenness_se"].isna().all()
    meta = json.loads((tmp_path / "centrality.csv.meta.json").read_text(encoding="utf-8"))
    assert all(meta["columns"].values())
    assert meta["conventions"]["lengths"] == "length = 1 / weight"
    assert meta["conventions"]["measures"]["betweenness"]["method"] == "exact"
