"""Statements in the order they were given, run while the next ones are put into words.

Ibis takes as long to word a statement as DuckDB takes to run a small one, and DuckDB leaves Python free
while it runs: so they work side by side.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import duckdb


class Statements:
    """A DuckDB connection whose ``later`` returns at once; everything else first waits for what was given so.

    What a statement raised is raised by the first call that waits for it; those behind it are not run.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="netmed-duckdb")
        self._given: deque[Future[None]] = deque()
        self._broken = False

    def later(self, statement: str) -> None:
        """Run a statement after all that were given before it."""
        self._given.append(self._worker.submit(self._run, statement))

    def _run(self, statement: str) -> None:
        if self._broken:
            return
        try:
            self._connection.execute(statement)
        except BaseException:
            self._broken = True
            raise

    def settle(self) -> None:
        """Wait until every statement given has run; raises what the first failing one raised."""
        while self._given:
            self._given[0].result()
            self._given.popleft()

    def execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        """Run a statement now."""
        self.settle()
        return self._connection.execute(statement)

    def __getattr__(self, name: str) -> Any:
        """All that Ibis asks of a connection besides; it too sees what was given before."""
        self.settle()
        return getattr(self._connection, name)

    def abandon(self) -> None:
        """Stop the running statement and forget those behind it."""
        self._broken = True
        while wait(self._given, timeout=0.05).not_done:
            self._connection.interrupt()
        self._given.clear()
        self._worker.shutdown()
