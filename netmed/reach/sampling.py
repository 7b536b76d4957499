"""Sets drawn on all cores: the same sets whatever the number of workers.

Every block of sets has a generator of its own, seeded from the seed, the purpose, the round and the number of the
block, so that it is the same whoever draws it. What is kept are whole numbers, whose sums have no order.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from netmed import parallel
from netmed.errors import NetmedError
from netmed.graphs import Integers
from netmed.reach.diffusion import Diffusion

Counts = npt.NDArray[np.int64]
R = TypeVar("R")

SINGLES, PILOT, CHOICE, FRESH = range(4)
"""Purposes of draws, which must be independent of one another."""

SMALLEST_BLOCK, LARGEST_BLOCK = 64, 8192
"""Sets that one worker draws before it takes up the next block."""

BLOCKS = 64
"""Blocks of a round that is too small for blocks of the largest size, and too large for those of the smallest."""

AHEAD = 8
"""Blocks per worker that are taken up, or done, before the first of them is handed on."""

MOMENT = 0.2
"""Seconds after which an interrupt is looked for."""

AGAIN = 2**30
"""Marks a worker uses before it begins anew; they are held in 32 bits."""


@dataclass(slots=True)
class Scratch:
    """What one worker writes to while it draws: 8 bytes per account."""

    stamp: npt.NDArray[np.int32]
    queue: npt.NDArray[np.int32]
    used: int = 1

    def marks(self, sets: int) -> int:
        """The first of as many marks as there are sets, none of which was used."""
        if self.used + sets > AGAIN:
            self.stamp[:] = 0
            self.used = 1
        first = self.used
        self.used += sets
        return first


@dataclass(frozen=True, slots=True)
class Block:
    """Sets to be drawn by one worker: how many, from which state of the generator, on which scratch."""

    sets: int
    state: np.uint64
    scratch: Scratch
    halt: npt.NDArray[np.uint8]


def result(future: Future[R]) -> R:
    """What a block gave. Looks for an interrupt every moment: one that came by another thread ends no wait."""
    while not wait((future,), MOMENT).done:
        pass
    return future.result()


class Sampler:
    """Draws reverse-reachable sets of one diffusion, round after round.

    Parameters
    ----------
    diffusion : the flow edges.
    seed : of the draw; global random state is neither read nor changed.
    purpose : a number that tells apart draws that must be independent of one another.
    is_told : draw only sets whose root hears somebody (``Diffusion.told``).
    """

    def __init__(self, diffusion: Diffusion, *, seed: int, purpose: int, is_told: bool = False) -> None:
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise NetmedError(f"seed is a whole number from 0 on, not {seed!r}")
        self.diffusion = diffusion
        self._flow = diffusion.told() if is_told else diffusion.flow
        self._seed, self._purpose, self._round = seed, purpose, 0
        self._scratch: list[Scratch] = []

    def blocks(self, sets: int, work: Callable[[Block], R]) -> Iterator[R]:
        """One round of ``sets`` sets: ``work`` for every block, on all cores, results in the order of the blocks.

        An interrupt or an error of one block stops all others between two sets.
        """
        size = min(LARGEST_BLOCK, max(-(-sets // BLOCKS), SMALLEST_BLOCK))
        numbers = range(-(-sets // size))
        self._round += 1
        workers = min(parallel.cores(), max(len(numbers), 1))
        free = self._workers(workers)
        halt = np.zeros(1, dtype=np.uint8)
        key = (self._purpose, self._round)

        def run(number: int) -> R:
            state = np.random.SeedSequence(self._seed, spawn_key=(*key, number)).generate_state(1, np.uint64)[0]
            scratch = free.pop()
            try:
                return work(Block(min(size, sets - number * size), state, scratch, halt))
            finally:
                free.append(scratch)

        pool = ThreadPoolExecutor(workers)
        try:
            waiting: deque[Future[R]] = deque()
            for number in numbers:
                waiting.append(pool.submit(run, number))
                if len(waiting) == AHEAD * workers:
                    yield result(waiting.popleft())
            while waiting:
                yield result(waiting.popleft())
        finally:
            halt[0] = 1  # no worker is left in a block when all is done; else they end it at once
            pool.shutdown(cancel_futures=True)

    def _workers(self, wanted: int) -> list[Scratch]:
        n = self.diffusion.n
        try:
            while len(self._scratch) < wanted:
                self._scratch.append(Scratch(np.zeros(n, dtype=np.int32), np.empty(n, dtype=np.int32)))
        except MemoryError as error:
            raise NetmedError(f"there is no memory left to draw sets of {n:,} accounts") from error
        return list(self._scratch[:wanted])

    def arguments(self, block: Block) -> tuple[Any, ...]:
        """What every kernel takes first; the state stands third."""
        scratch = block.scratch
        mark = np.int32(scratch.marks(block.sets))
        return (
            self._flow,
            self.diffusion.is_threshold,
            block.state,
            block.sets,
            mark,
            scratch.stamp,
            scratch.queue,
            block.halt,
        )


class Totals:
    """Arrays of counts, one copy per worker, added up when read."""

    def __init__(self, *shapes: tuple[int, ...]) -> None:
        self._shapes = shapes
        self._free: list[tuple[Counts, ...]] = []
        self._all: list[tuple[Counts, ...]] = []

    def take(self) -> tuple[Counts, ...]:
        """A copy that no other worker holds; to be given back."""
        try:
            return self._free.pop()
        except IndexError:
            made = tuple(np.zeros(shape, dtype=np.int64) for shape in self._shapes)
            self._all.append(made)
            return made

    def give(self, copy: tuple[Counts, ...]) -> None:
        """Give a copy back."""
        self._free.append(copy)

    def sums(self) -> tuple[Integers, ...]:
        """The sums over all workers."""
        zeros = tuple(np.zeros(shape, dtype=np.int64) for shape in self._shapes)
        return tuple(sum((copy[i] for copy in self._all), start=zero) for i, zero in enumerate(zeros))
