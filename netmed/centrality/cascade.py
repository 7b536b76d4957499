"""The spread from one account, step by step, over those it reaches and no others.

The function is compiled by numba when it is first called, and kept for the next run. It lets go of
Python's lock, so that threads share the work.
"""

from typing import Any

import numba

from netmed.graphs import Floats, Integers

SPARED, UNTOUCHED, RECENT, SEEN = 0, 1, 2, 3
"""Columns of the state."""


def _expected(
    seeds: Integers,
    start: Integers,
    head: Integers,
    probability: Floats,
    tolerance: float,
    state: Floats,
    queue: Integers,
    found: Floats,
    work: Integers,
) -> None:
    """Expected accounts activated by each seed, itself not counted, and the steps it took.

    Parameters
    ----------
    start, head, probability : flow edges by the account they leave.
    tolerance : ends where no account's chance of being untouched falls by more than this share.
    state : (n, 4), scratch, left as it came: the probability that a vertex is not activated in this step
        (1), not activated yet (1), activated in the last step (0), and whether it was seen (0). Side by
        side, because memory is what takes the time.
    queue : (n,), scratch: vertices in the order they were seen.
    found, work : (seeds,), written to.
    """
    for s in range(len(seeds)):
        queue[0] = seeds[s]
        size = 1
        state[seeds[s], SEEN] = 1.0
        state[seeds[s], UNTOUCHED] = 0.0
        state[seeds[s], RECENT] = 1.0
        steps = 0
        fall = 1.0
        while fall > tolerance:
            before = size
            for k in range(before):
                account = queue[k]
                moved = state[account, RECENT]
                if moved == 0.0:
                    continue
                steps += start[account + 1] - start[account]
                for e in range(start[account], start[account + 1]):
                    other = head[e]
                    state[other, SPARED] *= 1.0 - moved * probability[e]
                    if state[other, SEEN] == 0.0:
                        state[other, SEEN] = 1.0
                        queue[size] = other
                        size += 1
            steps += size
            fall = 0.0
            for k in range(size):
                account = queue[k]
                old = state[account, UNTOUCHED]
                now = (1.0 - state[account, SPARED]) * old
                state[account, SPARED] = 1.0
                state[account, RECENT] = now
                state[account, UNTOUCHED] = old - now
                if old > 0.0:
                    fall = max(fall, (old - state[account, UNTOUCHED]) / old)
        total = 0.0
        for k in range(size):
            account = queue[k]
            total += 1.0 - state[account, UNTOUCHED]
            state[account, UNTOUCHED] = 1.0
            state[account, RECENT] = 0.0
            state[account, SEEN] = 0.0
        found[s] = total - 1.0
        work[s] = steps


expected: Any = numba.njit(_expected, cache=True, nogil=True)
