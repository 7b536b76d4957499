"""Ctrl-C is never lost.

Python throws away an exception that rises inside a destructor, after printing its traceback. The libraries
below us have destructors, so an interrupt that falls into one would be printed and forgotten, and the run
would go on to its end. Here it is delivered again, a moment later, when the destructor is left.
"""

import _thread
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.01
"""Seconds until the interrupt comes again; should it fall into a destructor once more, so will it then."""


@contextmanager
def delivered() -> Iterator[None]:
    """Within this, an interrupt that a destructor swallowed is delivered again, and its traceback not shown."""
    other = sys.unraisablehook

    def hook(unraisable: "sys.UnraisableHookArgs") -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            other(unraisable)
            return
        again = threading.Timer(AGAIN, _thread.interrupt_main)
        again.daemon = True
        again.start()

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = other
