"""Where tables are computed: one text of Ibis expressions, several engines.

The relational rooms (read, building) only ever see an ``Engine`` and Ibis tables. DuckDB in the
process is the default; a cluster engine plugs in here and nowhere else.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import ibis
import ibis.expr.types as ir

from netmed.errors import EngineError
from netmed.registry import Registry


class Engine(Protocol):
    """What a room may ask of the place where tables live.

    Work is done in the order it was asked for, and may be done later than asked: a file that a table
    reads must stay until a result was awaited or ``settle`` came back.
    """

    def read_json_lines(
        self,
        name: str,
        paths: Sequence[Path],
        schema: ibis.Schema,
        *,
        compression: str = "none",
        in_order: bool = False,
    ) -> ir.Table:
        """Parse JSON lines once, into a stored table with one row per non-blank line.

        A line that is no JSON object gives a row of nulls; a value of the wrong type a null. The
        column ``file`` holds the path the line came from, ``line`` numbers the rows of the table: in
        the order of each file only where ``in_order`` asks for it, which takes longer. All files are
        packed alike: ``compression`` is none, gzip or zstd.
        """

    def read_parquet(self, paths: Sequence[Path]) -> ir.Table:
        """A lazy table over Parquet files of one schema."""

    def store(self, name: str, table: ir.Table) -> ir.Table:
        """Compute a table once and keep it until the engine closes."""

    def view(self, name: str, table: ir.Table) -> ir.Table:
        """Give an expression a name without computing it: what builds on it is then put into words once."""

    def settle(self) -> None:
        """Wait until all that was asked for is done."""

    def drop(self, table: ir.Table) -> None:
        """Forget a stored table."""

    def write_parquet(self, table: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Write one sorted Parquet file; give its number of rows."""


def _duckdb(work: Path, reads: Sequence[Path], memory: str | None) -> AbstractContextManager[Engine]:
    from netmed.engines.duckdb import DuckDBEngine

    return DuckDBEngine.open(work, reads, memory)


Opener = Callable[[Path, Sequence[Path], str | None], AbstractContextManager[Engine]]
ENGINES: Registry[tuple[str, Opener]] = Registry("engine", (("duckdb", _duckdb),), name=lambda entry: entry[0])


def open_engine(name: str, *, work: Path, reads: Sequence[Path], memory: str | None) -> AbstractContextManager[Engine]:
    """Open an engine by name.

    Parameters
    ----------
    work : a folder for its own files.
    reads : files and folders it may open (with their folders); the folder to write into is one of them.
    memory : bound such as "4GB"; what does not fit spills into ``work``. None: 2 GB.

    Raises ``EngineError`` for an engine this version does not have.
    """
    if name == "spark":
        raise EngineError("the Spark engine is not part of this version; leave --engine away or give --engine duckdb")
    return ENGINES[name][1](work, reads, memory)
