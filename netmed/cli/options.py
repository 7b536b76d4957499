"""The options that commands share: each is worded, checked and explained once, here."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from netmed import schema
from netmed.cli.kinds import Date, Listed, Measures, Names, Pivots, Weight
from netmed.cli.say import Voice

if TYPE_CHECKING:
    from netmed.network import Network

F = TypeVar("F", bound=Callable[..., Any])


_UNCHOSEN = {
    "relations": None,
    "since": None,
    "until": None,
    "hashtags": (),
    "langs": (),
    "min_weight": None,
    "giant": False,
    "roles": (),
}
"""What ``selection`` gives where nothing was chosen."""


def voice(command: F) -> F:
    """Add ``--quiet`` and ``--json``; the command gets a ``Voice`` named ``voice``."""

    @click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
    @click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout.")
    @functools.wraps(command)
    def wrapper(*args: Any, quiet: bool, as_json: bool, **kwargs: Any) -> Any:
        if as_json and kwargs.get("output") == "-":
            raise click.UsageError("--json and -o - both want stdout; give one of them")
        return command(*args, voice=Voice(quiet=quiet, json=as_json), **kwargs)

    return wrapper  # type: ignore[return-value]


def selection(default_relations: tuple[str, ...] | None) -> Callable[[F], F]:
    """Add the options that say which part of the posts makes the network.

    Parameters
    ----------
    default_relations : what a build from posts takes; a network has its own, and keeps them.
    """
    own = "the network's own"
    shown = f"{','.join(default_relations)}; of a network, its own" if default_relations else own
    least = f"1; of a network, {own}" if default_relations else own
    decorators = (
        click.option(
            "--relations",
            type=Names("relation", schema.RELATIONS),
            help=f"Which ways of addressing make an edge, of {', '.join(schema.RELATIONS)}.  [default: {shown}]",
        ),
        click.option("--since", type=Date(), metavar="DATE", help="Only posts from this day (UTC) on."),
        click.option("--until", type=Date(), metavar="DATE", help="Only posts up to this day, included."),
        click.option("--hashtag", "hashtags", multiple=True, metavar="TAG", help="Only posts with it; repeatable."),
        click.option("--lang", "langs", multiple=True, metavar="CODE", help="Only posts in it (en); repeatable."),
        click.option(
            "--min-weight",
            type=Weight(min=0),
            metavar="N",
            help=f"Leave out edges of less.  [default: {least}]",
        ),
        click.option(
            "--roles",
            type=Listed("role"),
            default=(),
            metavar="A,B",
            help="Only the network among accounts of these roles (physician,trainee): both ends of an edge have one, "
            "all other accounts are left out with their posts.",
        ),
        click.option("--giant", is_flag=True, help="Only the largest connected part."),
    )
    return _all(decorators)


paths = click.option(
    "--paths",
    type=click.Choice(["inverse", "unweighted"]),
    default="inverse",
    show_default=True,
    help="Length of an edge in shortest paths: 1/weight (a strong tie is short), or 1.",
)

direction = click.option(
    "--direction",
    type=click.Choice(["attention", "flow"]),
    default="attention",
    show_default=True,
    help="Edges as spoken (attention: who addresses whom), or all turned round (flow of influence).",
)

seed = click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Same seed, same result; chance is named.",
)

network = click.argument("network", metavar="NETWORK")


def _mapping(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    """``("author=a", "text=b")`` → field → column."""
    from netmed.read.mapping import mapping_of

    return mapping_of(words)


def reading(command: F) -> F:
    """Add the options that say how posts are read and turned into events."""
    decorators = (
        click.option(
            "--format",
            default="auto",
            show_default=True,
            metavar="NAME",
            help="Take every record for this format instead of recognising it; `netmed list readers` names them, and "
            "edges-csv is an edge list.",
        ),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            callback=_mapping,
            help="Which column is what, in tables and JSON lines of no known format (author=screen_name, text=tweet, "
            "mentions=…); repeatable.",
        ),
        click.option(
            "--accounts",
            multiple=True,
            metavar="FILE",
            help="Profiles or a roster (CSV: handle or account_id, name, followers, role, …); repeatable.",
        ),
        click.option(
            "--crosswalk",
            metavar="FILE",
            help="Accounts of one person on several platforms (CSV: person,account) become one.",
        ),
        click.option(
            "--auto-mentions",
            type=click.Choice(["separate", "include"]),
            help="Mentions the platform put into a reply: a relation of their own, or mentions.  [default: separate]",
        ),
        click.option("--include-referenced", is_flag=True, help="Posts that only came along make events too."),
        click.option("--keep-text", is_flag=True, help="Store the posts' text (mind the platform's terms)."),
        click.option(
            "--no-roles",
            "find_roles",
            is_flag=True,
            flag_value=False,
            default=True,
            help="Do not tell from profiles who is a physician.",
        ),
        click.option("--strict", is_flag=True, help="Fail if anything in the input could not be used."),
        click.option(
            "--engine", default="duckdb", show_default=True, metavar="NAME", help="Where the tables are computed."
        ),
        click.option("--memory", metavar="SIZE", help="Bound of the tables' memory, such as 4GB; the rest spills."),
    )
    return _all(decorators)(command)


def probability(where: str = "") -> Callable[[F], F]:
    """Add ``--probability``; ``where`` says what it is used for."""
    return click.option(
        "--probability",
        default="data",
        show_default=True,
        metavar="WAY",
        help=f"What a flow edge transmits with{where}: data, weight (weights are probabilities), constant:P, "
        "weighted-cascade, or a CSV of source,target,probability.",
    )


excel = click.option("--excel", is_flag=True, help="Begin each CSV with the mark by which Excel knows UTF-8.")


def measuring(command: F) -> F:
    """Add the options of the centrality table."""
    decorators = (
        click.option(
            "--measures", type=Measures(), metavar="A,B", help="Only these measures or columns.  [default: all]"
        ),
        paths,
        direction,
        click.option(
            "--betweenness",
            type=Pivots(),
            default="auto",
            show_default=True,
            metavar="auto|exact|N",
            help="All shortest paths, or those from N accounts drawn by the seed, with standard errors.",
        ),
        probability(", for viral"),
        seed,
    )
    return _all(decorators)(command)


def top(default: int | None = None) -> Callable[[F], F]:
    """Add ``--top``."""
    return click.option(
        "--top", type=click.IntRange(min=1), default=default, metavar="K", help="Only the first K rows."
    )


def output(default: str, *, stdout: bool = True) -> Callable[[F], F]:
    """Add ``-o``, with the words that tell where the result goes without it."""
    dash = " `-` is stdout." if stdout else ""
    return click.option("-o", "--output", metavar="PATH", help=f"Where the result goes.{dash}  [default: {default}]")


def open_network(path: str, voice: Voice | None = None, **chosen: Any) -> "Network":
    """Open a network folder, narrowed to what was chosen.

    ``path`` may be a folder or the name of one under ``graphs/``. The words of ``selection`` are
    taken as they come from the command; where none was given, the network is as it was built. ``voice`` says
    what a choice of roles leaves out.

    Raises ``NetworkError`` where there is no network, ``InputError`` where no post is left of it.
    """
    from netmed.network import load

    wanted = Path(path)
    if not wanted.exists() and (Path("graphs") / path).is_dir():
        wanted = Path("graphs") / path
    loaded = load(os.path.normpath(wanted) if wanted.name else wanted.resolve())
    given = {name: value for name, value in chosen.items() if value != _UNCHOSEN[name]}
    if not given:
        return loaded
    from netmed.building import refuse_nothing, report, select
    from netmed.building.filters import Filters

    chosen_part = select(loaded, **given)
    asked = {name: given[name] for name in ("since", "until", "hashtags", "langs") if name in given}
    refuse_nothing(chosen_part.audit, Filters(**asked))
    left_out = report.role_filter_line(chosen_part.audit)
    if voice is not None and left_out:
        voice.line(left_out)
    return chosen_part


def _all(decorators: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate
