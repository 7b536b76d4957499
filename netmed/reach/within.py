"""R6 of the ladder: accounts within two and three steps along the flow, for every account, exactly."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from netmed import parallel
from netmed.graphs import Graphs, Integers

SEARCHED = 10_000_000_000
"""Edges that searches would look at, one account after the other, up to which they are made; else bits are passed."""

BLOCK = 4096
"""Accounts that one worker searches from before it takes up the next ones."""


def steps(graphs: Graphs) -> tuple[Integers, Integers, dict[str, Any]]:
    """Accounts within two and within three steps on ``F``, itself not counted; by vertex. Exact.

    A search per account, or, where these would look at too many edges, bits of 512 accounts passed along all
    edges at once: that takes three times the edges for every 512 accounts, whatever the network looks like.
    Memory: 128 bytes per account and core.
    """
    n = graphs.n
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(graphs.target, minlength=n), out=start[1:])
    head = graphs.source[np.argsort(graphs.target, kind="stable")].astype(np.int32)
    work = _walks(graphs)
    two, three = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    by_search = work <= SEARCHED
    if graphs.m:
        (_searched if by_search else _passed)(start, head, two, three)
    method = "a search from every account" if by_search else "bits of 512 accounts at a time"
    return two, three, {"method": f"exact: {method}", "edges_to_look_at": int(work)}


def _walks(graphs: Graphs) -> float:
    """Walks of up to three edges: no search looks at more edges in all."""
    total = 0.0
    walks: Any = np.ones(graphs.n)
    for _ in range(3):
        walks = np.bincount(graphs.target, weights=walks[graphs.source], minlength=graphs.n)
        total += float(walks.sum())
    return min(total, float(graphs.n) * graphs.m)


def _searched(start: Integers, head: Any, two: Integers, three: Integers) -> None:
    from netmed.reach import step_kernels  # late: numba takes half a second to import

    n = len(two)

    def work(part: range, halt: Any) -> None:
        stamp, queue = np.zeros(n, dtype=np.int64), np.empty(n, dtype=np.int64)
        for first in part:
            step_kernels.search(start, head, first, min(first + BLOCK, n), stamp, queue, two, three, halt)

    firsts = range(0, n, BLOCK)
    _shared([firsts[i :: parallel.cores()] for i in range(parallel.cores())], work)


def _passed(start: Integers, head: Any, two: Integers, three: Integers) -> None:
    from netmed.reach import step_kernels

    n = len(two)
    totals = []

    def work(part: range, halt: Any) -> None:
        near, far = (np.zeros((n, step_kernels.WORDS), dtype=np.uint64) for _ in range(2))
        mine = np.zeros((2, n), dtype=np.int64)
        totals.append(mine)
        for first in part:
            step_kernels.pass_of(start, head, first, n, near, far, mine[0], mine[1], halt)

    firsts = range(0, n, 64 * step_kernels.WORDS)
    _shared([firsts[i :: parallel.cores()] for i in range(parallel.cores())], work)
    for mine in totals:
        two += mine[0]
        three += mine[1]


def _shared(parts: list[range], work: Any) -> None:
    """Each part on a thread; an interrupt or an error stops all of them."""
    from netmed.reach.sampling import result

    halt = np.zeros(1, dtype=np.uint8)
    pool = ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1))
    try:
        for done in [pool.submit(work, part, halt) for part in parts]:
            result(done)
    finally:
        halt[0] = 1
        pool.shutdown(cancel_futures=True)
