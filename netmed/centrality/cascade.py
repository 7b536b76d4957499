"""The spread from one account, step by step, over those it reaches and no others.

The function is compiled by numba when it is first called, and kept for the next run. It lets go of
Python's lock, so that threads share the work.
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from netmed.graphs import Floats, Integers


def _expected(
    seeds: Integers,
    start: Integers,
    head: Integers,
    probability: Floats,
    tolerance: float,
    chance: Floats,
    recent: Floats,
    spared: Floats,
    reached: npt.NDArray[np.bool_],
    queue: Integers,
    found: Floats,
    work: Integers,
) -> None:
    """Expected accounts activated by each seed, itself not counted, and the steps it took.

    Parameters
    ----------
    start, head, probability : flow edges by the account they leave.
    tolerance : ends where no account's chance of being untouched falls by more than this share.
    chance, recent, spared, reached, queue : scratch of n, one value per vertex: not activated yet (1),
        activated in the last step (0), not activated in this step (1), seen (False), order of seeing.
        Left as they came.
    found, work : (seeds,), written to.
    """
    for s in range(len(seeds)):
        queue[0] = seeds[s]
        size = 1
        reached[seeds[s]] = True
        chance[seeds[s]] = 0.0
        recent[seeds[s]] = 1.0
        steps = 0
        fall = 1.0
        while fall > tolerance:
            before = size
            for k in range(before):
                account = queue[k]
                moved = recent[account]
                if moved == 0.0:
                    continue
                steps += start[account + 1] - start[account]
                for e in range(start[account], start[account + 1]):
                    other = head[e]
                    spared[other] *= 1.0 - moved * probability[e]
                    if not reached[other]:
                        reached[other] = True
                        queue[size] = other
                        size += 1
            steps += size
            fall = 0.0
            for k in range(size):
                account = queue[k]
                old = chance[account]
                now = (1.0 - spared[account]) * old
                spared[account] = 1.0
                recent[account] = now
                chance[account] = old - now
                if old > 0.0:
                    fall = max(fall, (old - chance[account]) / old)
        total = 0.0
        for k in range(size):
            account = queue[k]
            total += 1.0 - chance[account]
            chance[account] = 1.0
            recent[account] = 0.0
            reached[account] = False
        found[s] = total - 1.0
        work[s] = steps


expected: Any = numba.njit(_expected, cache=True, nogil=True)
