"""The command: parse, call one function, write.

``main`` is what ``netmed`` starts. It turns everything that can end a run into one line and an exit
code: 0 done, 1 a netmed error, 2 wrong usage, 130 interrupted.
"""

import gc
import sys
from collections.abc import Sequence

import click

from netmed.cli import interrupts, say
from netmed.cli.root import netmed
from netmed.errors import NetmedError


def main(args: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code.

    Parameters
    ----------
    args : the words after ``netmed``; None takes them from the command line.
    """
    # Putting a build into words makes many small objects that stay: looking through them is a tenth of that work.
    gc.set_threshold(100_000)
    sys.exit(call(args))


def call(args: Sequence[str] | None = None) -> int:
    """Run the command; give the exit code instead of leaving the process."""
    try:
        with interrupts.delivered():
            code = netmed.main(args=None if args is None else list(args), prog_name="netmed", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        is_help = isinstance(error, click.exceptions.NoArgsIsHelpError)
        if isinstance(error, click.UsageError) and not is_help and not isinstance(error, click.MissingParameter):
            # A name that a shell pattern filled in may stand in the message; it stays on its line.
            click.UsageError(say.one_line(error.format_message()), error.ctx).show()
        else:
            error.show()
        return error.exit_code
    except NetmedError as error:
        return _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        say.error("interrupted; nothing half-written")
        return 130
    except OSError as error:
        # The machine's troubles (disk full, no permission, a path that is too long) are no bugs of ours.
        where = f"{error.filename}: " if error.filename is not None else ""
        return _fail(f"{where}{error.strerror or error}")
    except MemoryError:
        return _fail("out of memory; narrow the network (--since, --hashtag, --min-weight) or use a larger machine")


def _fail(message: str) -> int:
    say.error(f"error: {message}")
    return 1
