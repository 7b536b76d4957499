"""Independent work on all cores: one function over many tasks, each in a process of its own.

igraph holds Python's lock while it computes, so threads gain nothing; processes do. Large arrays are
handed over as memory maps, not copies. The results come in the order of the tasks, whatever the number of
cores, so that sums over them are the same on every machine.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

R = TypeVar("R")

WORTHWHILE = 4.0
"""Seconds of work below which starting processes (about two seconds) does not pay."""


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(function: Callable[..., R], tasks: Sequence[tuple[Any, ...]], *, seconds: float) -> list[R]:
    """``[function(*task) for task in tasks]``, on all cores where that pays.

    Parameters
    ----------
    function : at the top of a module, so that a process can find it; what it returns must be picklable.
    tasks : its arguments; numpy arrays of over a megabyte are shared, and read-only.
    seconds : about how long all tasks take on one core; below ``WORTHWHILE`` they run here.
    """
    if seconds < WORTHWHILE or len(tasks) < 2 or cores() < 2:
        return [function(*task) for task in tasks]
    from joblib import Parallel, delayed  # takes a tenth of a second to import, and few runs need it

    done: list[R] = Parallel(n_jobs=min(cores(), len(tasks)))(delayed(function)(*task) for task in tasks)
    return done
