"""Accounts within a few steps, by compiled code: one search per account, or many at once as bits.

Functions are compiled when they are first called; they let go of Python's lock, so that threads share the work.
"""

from typing import Any

import numpy as np

from netmed.reach.kernels import compiled

WORDS = 8
"""64-bit words per account in one pass: one line of cache holds the bits of 512 accounts."""

M1, M2, M4 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
H01 = np.uint64(0x0101010101010101)
ONE, TWO, FOUR, LAST = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@compiled
def search(
    start: Any, head: Any, first: Any, last: Any, stamp: Any, queue: Any, two: Any, three: Any, halt: Any
) -> Any:
    """Breadth-first search of three steps from the accounts ``first`` to ``last`` - 1; they do not count themselves.

    ``stamp`` holds no number from ``first`` + 1 to ``last``.
    """
    for account in range(first, last):
        if halt[0]:
            return
        mark = account + 1
        stamp[account] = mark
        queue[0] = account
        begin, size = 0, 1
        for step in range(3):
            end = size
            for k in range(begin, end):
                for j in range(start[queue[k]], start[queue[k] + 1]):
                    other = head[j]
                    if stamp[other] != mark:
                        stamp[other] = mark
                        queue[size] = other
                        size += 1
            begin = end
            if step == 1:
                two[account] = size - 1
        three[account] = size - 1


@compiled
def popcount(x: Any) -> Any:
    """Bits that are set."""
    x = x - ((x >> ONE) & M1)
    x = (x & M2) + ((x >> TWO) & M2)
    x = (x + (x >> FOUR)) & M4
    return np.int64((x * H01) >> LAST)


@compiled
def pass_of(start: Any, head: Any, first: Any, n: Any, near: Any, far: Any, two: Any, three: Any, halt: Any) -> Any:
    """Who comes to the accounts from ``first`` on (512 of them) within two and three steps; adds to the counts.

    ``near``, ``far`` : (n, WORDS), scratch.
    """
    near[:] = 0
    for bit in range(min(64 * WORDS, n - first)):
        near[first + bit, bit >> 6] |= ONE << np.uint64(bit & 63)
    for step in range(3):
        for account in range(n):
            if halt[0]:
                return
            for word in range(WORDS):
                far[account, word] = near[account, word]
            for j in range(start[account], start[account + 1]):
                other = head[j]
                for word in range(WORDS):
                    far[account, word] |= near[other, word]
            if step > 0:
                size = np.int64(0)
                for word in range(WORDS):
                    size += popcount(far[account, word])
                if first <= account < first + 64 * WORDS:
                    size -= 1
                if step == 1:
                    two[account] += size
                else:
                    three[account] += size
        near, far = far, near
