"""What can go wrong, in one place.

Every error a person can cause is a ``NetmedError``: one line that says what was found, what was
wanted and what to do. The command prints that line and exits with 1; anything else is a bug.
"""


class NetmedError(Exception):
    """Base of all errors that netmed raises on purpose."""


class InputError(NetmedError):
    """The input files cannot be used: missing, unreadable, or without a single post."""


class NetworkError(NetmedError):
    """A network folder is missing, unfinished, damaged, or in the way of a new one."""


class UnknownNameError(NetmedError):
    """A reader, measure, method, format or handle that netmed does not know."""


class LossError(NetmedError):
    """``--strict`` was asked for and something in the input could not be used."""


class EngineError(NetmedError):
    """The table engine stopped: out of memory, disk full, or a query it could not run."""
