"""Sets that are kept, so that groups of accounts can be valued: a group reaches what its sets are a share of.

Members lie one after the other in 32-bit numbers, set after set. A set in which only one account could ever be
chosen is not kept but counted for that account: nobody else covers it. Where few transmit far, most sets are so.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from netmed.errors import NetmedError
from netmed.graphs import Integers
from netmed.reach.diffusion import Booleans, Diffusion
from netmed.reach.sampling import Block, Sampler, Totals

MEMORY = 2 * 1024**3
"""Bytes that kept sets and their index may take."""

PER_MEMBER, PER_SET = 8, 9
"""Bytes: a member in its set and the set in the member's list; where a set begins, and whether it is covered."""

BUFFER = 1 << 18
"""Members a worker gathers before it hands them over, beyond those of one more set."""

Members = npt.NDArray[np.int32]


class TooLargeError(NetmedError):
    """The sets asked for take more memory than they may."""


@dataclass(slots=True)
class StoredSets:
    """Reverse-reachable sets of one diffusion, of the accounts that may be chosen.

    Attributes
    ----------
    is_wanted : (n,), accounts that may be chosen; others are left out of the sets.
    sets : number of sets drawn, kept or not.
    drawn : members of all of them, wanted or not.
    alone : (n,), sets whose only wanted member is the account.
    near, deep : (n,), sets that each account is in, as the root or one step from it, or further away.
    """

    diffusion: Diffusion
    is_wanted: Booleans
    limit: int = field(default_factory=lambda: MEMORY)
    sets: int = 0
    drawn: int = 0
    alone: Integers = field(init=False)
    near: Integers = field(init=False)
    deep: Integers = field(init=False)
    _parts: list[tuple[Members, Members]] = field(default_factory=list)
    _index: tuple[Integers, Members] | None = None
    _kept: int = 0
    _held: int = 0

    def __post_init__(self) -> None:
        self.alone, self.near, self.deep = np.zeros((3, self.diffusion.n), dtype=np.int64)

    @property
    def memory(self) -> int:
        """Bytes of the kept sets and their index."""
        return PER_MEMBER * self._held + PER_SET * self._kept

    @property
    def kept(self) -> int:
        """Number of sets with two wanted members or more."""
        return self._kept

    def extend(self, sampler: Sampler, sets: int) -> None:
        """Draw a round of sets and keep it.

        Raises ``TooLargeError`` where that takes more memory than ``limit``; what was there stays as it was.
        """
        from netmed.reach import kernels  # late: numba takes half a second to import

        n = self.diffusion.n
        totals = Totals((n,), (n,), (n,))
        room, lock = [self.limit - self.memory], threading.Lock()
        drawn = 0

        def work(block: Block) -> tuple[int, list[tuple[Members, Members]]]:
            near, deep, alone = copies = totals.take()
            held, sizes = np.empty(n + BUFFER, dtype=np.int32), np.empty(block.sets, dtype=np.int32)
            flow, is_threshold, state, left, mark, *scratch = sampler.arguments(block)
            parts, members = [], 0
            try:
                while left and not block.halt[0]:
                    done, kept, used, some, state = kernels.store(
                        flow, is_threshold, state, left, mark, *scratch, near, deep, self.is_wanted, alone, held, sizes
                    )
                    left, mark, members = left - done, np.int32(mark + done), members + some
                    state = np.uint64(state)  # it comes back as Python's own, which knows no such type
                    parts.append((held[:used].copy(), sizes[:kept].copy()))
                    with lock:
                        room[0] -= PER_MEMBER * int(used) + PER_SET * int(kept)
                    if room[0] < 0:
                        raise TooLargeError(self._too_large(sets))
            except MemoryError as error:
                raise TooLargeError(f"there is no memory left to keep {self.sets + sets:,} sets") from error
            finally:
                totals.give(copies)
            return int(members), parts

        parts: list[tuple[Members, Members]] = []
        for members, some in sampler.blocks(sets, work):
            drawn += members
            parts += some
        near, deep, alone = totals.sums()
        self._parts += parts
        self._index = None
        self._held += sum(len(held) for held, _ in parts)
        self._kept += sum(len(sizes) for _, sizes in parts)
        self.near, self.deep, self.alone = self.near + near, self.deep + deep, self.alone + alone
        self.sets, self.drawn = self.sets + sets, self.drawn + drawn

    def _too_large(self, sets: int) -> str:
        return (
            f"{self.sets + sets:,} sets take more than the {self.limit / 2**20:,.0f} MB they may, for word goes far in "
            "this network; ask for fewer sets, or for lower probabilities"
        )

    def members(self) -> tuple[Members, Integers]:
        """Members of the kept sets, and where each begins (kept + 1)."""
        if len(self._parts) > 1:
            held, sizes = np.empty(self._held, dtype=np.int32), np.empty(self._kept, dtype=np.int32)
            a = b = 0
            self._parts.reverse()
            while self._parts:  # each part is let go as soon as it is copied
                some, lengths = self._parts.pop()
                held[a : a + len(some)], sizes[b : b + len(lengths)] = some, lengths
                a, b = a + len(some), b + len(lengths)
            self._parts = [(held, sizes)]
        if not self._parts:
            return np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64)
        held, sizes = self._parts[0]
        offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=offsets[1:])
        return held, offsets

    def index(self) -> tuple[Integers, Members]:
        """The kept sets of every account: places in the list by vertex (n + 1), and the sets, ascending."""
        from netmed.reach import kernels  # late: numba takes half a second to import

        if self._index is None:
            held, offsets = self.members()
            first = np.zeros(self.diffusion.n + 1, dtype=np.int64)
            sets_of = np.empty(len(held), dtype=np.int32)
            kernels.indexed(held, offsets, first, sets_of)
            self._index = first, sets_of
        return self._index

    def sets_of(self, vertex: int) -> Members:
        """The kept sets that an account is in."""
        first, sets_of = self.index()
        return sets_of[first[vertex] : first[vertex + 1]]

    def counts(self) -> Integers:
        """Sets that each account covers, (n,)."""
        first, _ = self.index()
        return np.diff(first) + self.alone

    def covered(self, group: Iterable[int]) -> int:
        """Sets that a group of accounts covers together."""
        chosen = sorted(set(group))
        lists = [self.sets_of(vertex) for vertex in chosen]
        union = len(np.unique(np.concatenate(lists))) if lists else 0
        return union + int(self.alone[chosen].sum())

    def reach(self, covered: float) -> float:
        """Expected reach that so many covered sets stand for."""
        return self.diffusion.scale * covered / max(self.sets, 1)
