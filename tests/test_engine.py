"""Statements run in their order behind the caller's back, and what they raise is not lost."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends.duckdb import Backend

from netmed.engines import open_engine
from netmed.engines.statements import Statements
from netmed.errors import EngineError

LONG = "CREATE TABLE long AS SELECT sum(sqrt(a.range * b.range)) FROM range(1000000) a, range(1000000) b"
"""Hours of work."""


@pytest.fixture
def statements() -> Iterator[Statements]:
    given = Statements(duckdb.connect())
    yield given
    given.abandon()


def test_what_asks_sees_all_that_was_given_before(statements: Statements) -> None:
    statements.later("CREATE TABLE t AS SELECT range AS n FROM range(2000000)")
    statements.later("INSERT INTO t SELECT n + 1 FROM t")
    assert statements.execute("SELECT sum(n), count(*) FROM t").fetchall() == [(4_000_000_000_000, 4_000_000)]
    statements.later("DELETE FROM t WHERE n > 0")
    assert statements.sql("SELECT count(*) FROM t").fetchall() == [(1,)]


def test_the_first_error_is_raised_and_what_stood_behind_it_is_not_run(statements: Statements) -> None:
    statements.later("CREATE TABLE t (n INTEGER)")
    statements.later("INSERT INTO t SELECT 'no number'")
    statements.later("INSERT INTO t SELECT * FROM missing")
    with pytest.raises(duckdb.ConversionException, match="no number"):
        statements.settle()


def test_leaving_stops_the_statement_that_runs(statements: Statements) -> None:
    statements.later(LONG)
    statements.later(LONG.replace("long", "longer"))
    time.sleep(0.2)
    start = time.monotonic()
    statements.abandon()
    assert time.monotonic() - start < 20
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("netmed-duckdb")]


def test_an_error_nobody_waited_for_is_raised_when_the_engine_closes(tmp_path: Path) -> None:
    no_number = ibis.literal("x").cast("int64").name("n").as_table()
    several = ibis.range(3).unnest().name("m").as_table()
    with (
        pytest.raises(EngineError, match="Could not convert string 'x'"),
        open_engine("duckdb", work=tmp_path / "work", reads=[tmp_path], memory=None) as engine,
    ):
        engine.store("t", several.cross_join(no_number))


def test_lines_are_numbered_in_order_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(b'{"n": "%d", "of": "%s"}\n' % (n, b"x" * 1000) for n in range(100_000)))
    with open_engine("duckdb", work=tmp_path / "work", reads=[path], memory=None) as engine:
        schema = ibis.schema({"n": "int64"})
        raw = engine.read_json_lines("raw", [path], schema, in_order=True)
        assert raw.filter(raw.n != raw.line).count().execute() == 0
        loose = engine.read_json_lines("loose", [path], schema)
        assert loose.filter(loose.n != loose.line).count().execute() > 0, "if order is free, in_order can go"


def test_an_expression_is_worded_once_a_process_and_computed_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded = []
    compile_ = Backend.compile
    monkeypatch.setattr(Backend, "compile", lambda *given, **more: worded.append(given) or compile_(*given, **more))
    for number in (7, 8):
        folder = tmp_path / str(number)
        folder.mkdir()
        pq.write_table(pa.table({"a": ["x", "x"], "b": [number, 1]}), folder / "in.parquet")
        with open_engine("duckdb", work=folder / "work", reads=[folder], memory=None) as engine:
            given = engine.read_parquet([folder / "in.parquet"])
            sums = engine.store("sums_once", given.group_by("a").agg(total=given.b.sum()))
            engine.write_parquet(sums, folder / "out.parquet", ["a"])
        assert pq.read_table(folder / "out.parquet").to_pylist() == [{"a": "x", "total": number + 1}]
        assert len(worded) == 2
