"""DuckDB inside the process: the default engine, and the only room that imports duckdb.

The files come from strangers, and DuckDB takes its inputs for trusted; so it is locked down before
it sees the first of them: no network, no extensions, no path but those it was given.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from netmed.engines.statements import Statements
from netmed.errors import EngineError, NetmedError

DEFAULT_MEMORY = "2GB"
LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of the longest line DuckDB reads; the intake takes longer ones out beforehand."""
SLACK = 4096
"""DuckDB loses a line of just that size at the end of a file without a line end."""

ROW_GROUP = 100_000

MOST_WORDED = 1_000
_WORDED: dict[ops.Node, str] = {}
"""Expressions and their SQL; equal ones over tables of the same names and types have the same."""


class DuckDBEngine:
    """An ``Engine`` on a DuckDB database in memory; what exceeds the bound spills into files."""

    def __init__(self, backend: "ibis.backends.duckdb.Backend") -> None:
        self._backend = backend
        self._statements = backend.con = Statements(backend.con)
        self._views = 0
        self._lines: dict[str, str] = {}
        """View with numbered rows → the table behind it."""

    @classmethod
    @contextlib.contextmanager
    def open(cls, work: Path, reads: Sequence[Path], memory: str | None) -> Iterator["DuckDBEngine"]:
        """Open in ``work``; errors of DuckDB become ``EngineError`` with what to do."""
        work.mkdir(parents=True, exist_ok=True)
        limit = _memory(memory)
        backend = ibis.duckdb.connect(":memory:")
        engine = cls(backend)
        try:
            engine._lock_down(work, reads, limit)
            yield engine
            engine._statements.settle()
        except duckdb.OutOfMemoryException as error:
            raise EngineError(
                f"not enough memory within the bound of {limit}; give more with --memory ({_first_line(error)})"
            ) from error
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.DataError) as error:
            raise EngineError(f"reading or writing failed: {_first_line(error)}") from error
        except (duckdb.InterruptException, RuntimeError) as error:
            if "interrupt" not in str(error).lower():
                raise
            raise KeyboardInterrupt from error  # DuckDB notices Ctrl-C inside a query, and has its own word for it
        finally:
            engine._statements.abandon()
            backend.disconnect()
            backend.con = None  # expressions that are kept know their backend, and must not keep its database

    def _lock_down(self, work: Path, reads: Sequence[Path], limit: str) -> None:
        spill = work / "spill"
        spill.mkdir(exist_ok=True)
        places = {path if path.is_dir() else path.parent for path in [work.parent, *reads]}
        folders = sorted({str(place) for place in places} | {_unglobbed(place) for place in places})
        for setting in (
            f"SET allowed_directories = [{', '.join(_text(folder + os.sep) for folder in folders)}]",
            f"SET temp_directory = {_text(str(spill))}",
            f"SET memory_limit = {_text(limit)}",
            f"SET threads = {_cores()}",
            "SET TimeZone = 'UTC'",
            "SET preserve_insertion_order = false",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET allow_community_extensions = false",
            "SET enable_external_access = false",
            "SET allowed_configs = ['preserve_insertion_order']",
            "SET lock_configuration = true",
        ):
            self._statements.later(setting)

    def read_json_lines(
        self,
        name: str,
        paths: Sequence[Path],
        schema: ibis.Schema,
        *,
        compression: str = "none",
        in_order: bool = False,
    ) -> ir.Table:
        """See ``Engine``."""
        mapper = self._backend.compiler.type_mapper
        columns = ", ".join(f"{_text(key)}: {_text(mapper.to_string(kind))}" for key, kind in schema.items())
        files = ", ".join(_text(_unglobbed(path)) for path in paths)
        options = (
            f"columns = {{{columns}}}, format = 'newline_delimited', ignore_errors = true, filename = 'file', "
            f"hive_partitioning = false, maximum_object_size = {LONGEST_LINE + SLACK}, "
            f"compression = {_text(compression)}"
        )
        lines = _name(f"{name}_lines")
        # Rows in the order of the lines cost a fifth more.
        self._statements.later(f"SET preserve_insertion_order = {str(in_order).lower()}")
        self._statements.later(f"CREATE TABLE {lines} AS SELECT * FROM read_json([{files}], {options})")  # noqa: S608
        self._statements.later("SET preserve_insertion_order = false")
        self._statements.later(f"CREATE VIEW {_name(name)} AS SELECT rowid AS line, * FROM {lines}")  # noqa: S608
        self._lines[name] = lines
        return self._known(name, ibis.schema({"line": "int64", **schema, "file": "string"}))

    def read_parquet(self, paths: Sequence[Path]) -> ir.Table:
        """See ``Engine``."""
        files = ", ".join(_text(_unglobbed(path)) for path in paths)
        self._views += 1
        name = f"parquet_{self._views}"
        parquet = f"read_parquet([{files}], hive_partitioning = false)"
        self._statements.later(f"CREATE VIEW {name} AS SELECT * FROM {parquet}")  # noqa: S608
        return self._backend.table(name)

    def store(self, name: str, table: ir.Table) -> ir.Table:
        """See ``Engine``."""
        return self._create("TABLE", name, table)

    def view(self, name: str, table: ir.Table) -> ir.Table:
        """See ``Engine``."""
        return self._create("VIEW", name, table)

    def _create(self, kind: str, name: str, table: ir.Table) -> ir.Table:
        self._statements.later(f"CREATE {kind} {_name(name)} AS {self._worded(table)}")
        return self._known(name, table.schema())

    def _worded(self, table: ir.Table) -> str:
        """The SQL of an expression, worded once a process: on little data that takes longer than running it."""
        node = table.op()
        found = _WORDED.get(node)
        if found is None:
            if len(_WORDED) >= MOST_WORDED:
                _WORDED.clear()
            found = _WORDED[node] = str(self._backend.compile(table))
        return found

    def _known(self, name: str, schema: ibis.Schema) -> ir.Table:
        """A table of the database whose types are what Ibis said: asking for them costs more."""
        return ops.DatabaseTable(name=name, schema=schema, source=self._backend, namespace=ops.Namespace()).to_expr()

    def settle(self) -> None:
        """See ``Engine``."""
        self._statements.settle()

    def drop(self, table: ir.Table) -> None:
        """See ``Engine``."""
        for name in {node.name for node in table.op().find(ops.DatabaseTable)}:
            if name in self._lines:
                self._statements.later(f"DROP VIEW {_name(name)}")
            self._statements.later(f"DROP TABLE {self._lines.pop(name, _name(name))}")

    def write_parquet(self, table: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """See ``Engine``."""
        # DuckDB sums whole numbers into wider ones than Ibis thinks: the types are forced here.
        mapper = self._backend.compiler.type_mapper
        columns = ", ".join(f"{_name(k)}::{mapper.to_string(v)} AS {_name(k)}" for k, v in table.schema().items())
        order = ", ".join(f"{_name(column)} ASC NULLS FIRST" for column in sort_by)
        query = f"SELECT {columns} FROM ({self._worded(table)}) ORDER BY {order}"  # noqa: S608
        rows = self._statements.execute(
            f"COPY ({query}) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchall()
        return int(rows[0][0])


def _memory(memory: str | None) -> str:
    """Check a bound like "4GB"; below 512 MB some queries cannot run at all."""
    wanted = memory or DEFAULT_MEMORY
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT])i?B?\s*", wanted, flags=re.IGNORECASE)
    if match is None:
        raise NetmedError(f"--memory {wanted!r} is not a size; write it like 4GB or 800MB")
    megabytes = float(match[1]) * {"K": 1e-3, "M": 1, "G": 1e3, "T": 1e6}[match[2].upper()]
    if megabytes < 512:
        raise NetmedError(f"--memory {wanted} is too little; at least 512MB is needed")
    return f"{megabytes:.0f}MB"


def _cores() -> int:
    """Cores this process may use; DuckDB runs on one unless told."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _text(value: str) -> str:
    """A string as an SQL literal."""
    if "\0" in value:
        raise EngineError("a path with a NUL character cannot be opened")
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _unglobbed(path: Path) -> str:
    """A path that DuckDB takes as it stands: it reads even bound parameters as globs."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
