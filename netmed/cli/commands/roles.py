"""``netmed roles``: who is a physician, by what accounts say of themselves; a roster, a review, a score."""

import shlex
from pathlib import Path

import click

from netmed import folder
from netmed.cli import options, places, role_steps, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, one_line
from netmed.errors import InputError

HELP = """Tell from handle, name and bio who is a physician, a trainee, …, with probability and evidence.

INPUT is a network, whose accounts get their roles anew, or a table of profiles with the columns handle, name and
description (CSV, TSV, Parquet, packed or not; - is stdin), which is written again with the roles as columns.
--review draws a sheet for coders, and --score says from the filled sheet how good the roles are; then nothing is
classified or changed. docs/roles.md says what is read, where it errs, and how to correct it."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="who is a physician; --roster, --review, --score",
    example="netmed roles graphs/meded",
)
@click.argument("given", metavar="INPUT")
@options.output(
    "the network itself; for a table outputs/<name>/roles.csv; for --review and --score outputs/<name>/", stdout=True
)
@click.option(
    "--roster",
    metavar="CSV",
    help="Roles that are known (account_key, account_id or handle; role, specialty, is_educator); they win.",
)
@click.option(
    "--review", type=click.IntRange(min=1), metavar="N", help="Write review.csv, N accounts for coders, and its key."
)
@click.option("--score", metavar="SHEET", help="Measure the roles by a filled review.csv → role-scores.csv.")
@click.option("--key", metavar="CSV", help="The key to the sheet.  [default: SHEET with .key before its ending]")
@options.seed
@click.option("--force", is_flag=True, help="Replace the network at PATH, or an earlier review.csv.")
@options.excel
@options.voice
def command(
    given: str,
    output: str | None,
    roster: str | None,
    review: int | None,
    score: str | None,
    key: str | None,
    seed: int,
    force: bool,
    excel: bool,
    voice: Voice,
) -> None:
    """Find out what was given, and do one of the four things."""
    _check(given, output, roster, review, score, key)
    graph = _network_folder(given)
    name = (graph.name or graph.resolve().name) if graph is not None else places.stem([given])
    if score is not None:
        with places.result_file(output, name, "role-scores.csv") as path:
            role_steps.score(Path(score), Path(key) if key else None, path, voice, excel=excel, is_file=output != "-")
        voice.next(steps.typed("roles", given, "--roster", "CORRECTIONS.csv"))
    elif review is not None:
        with places.result_file(output, name, "review.csv") as path:
            role_steps.review(
                given, graph, path, voice, size=review, seed=seed, roster=roster, force=force, excel=excel
            )
        filled = shlex.quote(str(path))
        voice.next(f"let two coders fill {filled}; then {steps.typed('roles', given, '--score', path)}")
    elif graph is not None:
        written = role_steps.in_network(graph, voice, output=output, roster=roster, force=force)
        voice.next(steps.typed("roles", written, "--review", 200))
    else:
        with places.result_file(output, name, "roles.csv") as path:
            if path.exists() and given != "-" and path.resolve() == Path(given).resolve():
                raise InputError(f"{one_line(path)} would take the place of its own input; give -o another name")
            role_steps.in_table(given, path, voice, roster=roster, excel=excel, is_file=output != "-")
        voice.next(steps.typed("roles", given if given != "-" else "PROFILES.csv", "--review", 200))


def _check(
    given: str, output: str | None, roster: str | None, review: int | None, score: str | None, key: str | None
) -> None:
    """Refuse what cannot be done at once. Raises ``click.UsageError``."""
    if review is not None and score is not None:
        raise click.UsageError("--review draws a sheet and --score reads it once it is filled; give one of them")
    if score is not None and roster is not None:
        raise click.UsageError("--score measures what profiles told; give --roster in a call of its own")
    if key is not None and score is None:
        raise click.UsageError("--key belongs to --score; give both")
    if review is not None and output == "-":
        raise click.UsageError("--review writes a sheet and its key and stdout has room for one; give -o a folder")
    if output == "-" and _network_folder(given) is not None and score is None:
        raise click.UsageError("a network is a folder and cannot go to stdout; give -o graphs/NAME")
    if given == "-" and "-" in (roster, score, key):
        raise click.UsageError("stdin can be one of the files only")


def _network_folder(given: str) -> Path | None:
    """The network folder that was given, by path or by its name under graphs/; None for a table.

    Raises ``InputError`` for a folder that is no network, and for what is not there.
    """
    if given == "-":
        return None
    for place in (Path(given), Path("graphs") / given):
        if (place / folder.MANIFEST).is_file():
            return place
    if Path(given).exists() and not Path(given).is_dir():
        return None
    what = "is a folder, but not of a network" if Path(given).is_dir() else "does not exist"
    raise InputError(
        f"{one_line(given)} {what}; wanted is a network folder, or a table with the columns handle, name, description"
    )
