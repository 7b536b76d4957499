"""``netmed reach``: whom an account reaches, rung by rung, and which accounts together reach most."""

import shlex
from pathlib import Path
from typing import Any

import click

from netmed.cli import options, places, reaching, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, one_line

HELP = """Measure reach as a ladder, never as one number, and write reach.csv, one row per account: from potential
impressions, an upper bound, over bounds of potential reach, measured impressions and engaged physicians to the
accounts a post is expected to set in motion.

Each rung says what it means, what data it needs and how far it may be wrong; what the data cannot tell is empty, with
the reason in reach.csv.meta.json. --joint K finds the K accounts that together reach most. docs/reach.md explains it
in plain words."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="whom each reaches, a ladder → reach.csv; --joint K",
    example="netmed reach graphs/meded --joint 5 --target physicians",
)
@options.network
@options.output("outputs/<network>/reach.csv")
@click.option("--accounts", metavar="FILE|@A,@B", help="Only these: a list, or a table with handle or account_key.")
@options.top()
@click.option(
    "--joint",
    type=click.IntRange(min=1),
    metavar="K",
    help="Also write joint-reach.csv and overlap.csv: the K accounts that together reach most.",
)
@click.option(
    "--target",
    metavar="WHOM",
    help="Count only these among the reached, by probability: physicians, trainees or specialty:NAME.",
)
@click.option("--from", "candidates", metavar="FILE|@A,@B", help="Choose --joint among these only.")
@click.option(
    "--budget",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SUM",
    help="Choose accounts that cost no more together; --joint K is then the most there may be.",
)
@click.option("--costs", metavar="FILE", help="Cost of each candidate (CSV: handle or account_key, cost).")
@options.probability()
@click.option(
    "--model",
    type=click.Choice(["independent-cascade", "linear-threshold"]),
    default="independent-cascade",
    show_default=True,
    help="How word spreads.",
)
@click.option(
    "--precision",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Draw until the standard errors are at most this share.  [default: 0.01; of --joint 0.002]",
)
@click.option("--followers", metavar="FILE", help="Lists of followers (CSV: follower,followee), for R2.")
@click.option("--sketch", is_flag=True, help="Estimate different followers instead of counting them.")
@options.direction
@options.seed
@options.excel
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    accounts: str | None,
    top: int | None,
    joint: int | None,
    target: str | None,
    candidates: str | None,
    budget: float | None,
    costs: str | None,
    probability: str,
    model: str,
    precision: float | None,
    followers: str | None,
    sketch: bool,
    direction: str,
    seed: int,
    excel: bool,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Compute all, then write all."""
    is_joint = joint is not None or budget is not None
    _check(output, is_joint, candidates, budget, costs, followers, sketch)
    from netmed import reach
    from netmed.export import tables
    from netmed.reach import named

    loaded = options.open_network(network, voice, **chosen)
    drawn: dict[str, Any] = {"probability": probability, "model": model, "direction": direction, "seed": seed}
    drawn |= {"target": None if target is None else named.target_of(loaded, target)}
    drawn |= {} if precision is None else {"precision": precision}
    keys = None if accounts is None else named.accounts_named(loaded, accounts)
    among = None if candidates is None else named.accounts_named(loaded, candidates)
    price = None if costs is None else named.costs_from(loaded, costs)
    with places.result_file(output, loaded.name, "reach.csv") as path:
        pair = None
        if is_joint:
            asked = {"candidates": among, "costs": price, "budget": budget}
            pair = reaching.together(loaded, voice, k=joint, settings={**drawn, **asked})
            for made in pair:
                made.attrs["meta"]["of"] = target
        circles = steps.communities(loaded, voice, seed=seed) if 0 < len(loaded.edges) <= steps.LARGE else None
        with voice.progress() as progress:
            frame = reach.ladder(
                loaded,
                accounts=keys,
                chosen=None if pair is None else pair[0],
                communities=circles,
                followers=followers,
                sketch=sketch,
                progress=progress,
                **drawn,
            )
        frame.attrs["meta"]["of"] = target
        files: dict[str, Path | None] = {"file": None if output == "-" else path}
        was_there = path.exists()
        tables.write_csv(frame, path, excel=excel, sort_by=reaching.lead(frame) if top else None, top=top)
        if pair is not None:
            for name, made, kind in zip(reaching.FILES, pair, ("joint_file", "overlap_file"), strict=True):
                files[kind] = path.with_name(name)
                tables.write_csv(made, path.with_name(name), excel=excel)
    shown = reaching.printed(frame, keys)
    for _, row in shown.iterrows():
        for line in reaching.ladder_lines(frame, row):
            voice.line(line)
    if keys is not None and len(keys) > len(shown):
        voice.line(f"{len(keys) - len(shown):,} more of those named are in the table")
    for line in [
        *reaching.probability_lines(frame),
        *reaching.follower_lines(frame),
        *([] if pair is None else reaching.joint_lines(pair[0])),
    ]:
        voice.line(line)
    voice.line(
        f"conventions: {' + '.join(loaded.relations)}; direction {direction}; {model}, probability {probability}, "
        f"seed {seed}; cascades: {frame.attrs['meta']['stopped']}"
        + (f"; R7 and R8 count {target} only, by probability" if target else "")
    )
    voice.line(reaching.table_line(loaded, frame, top))
    if output != "-":
        said = ", ".join(one_line(place) for place in files.values())
        voice.line(f"written: {said}" + (", in place of the one that was there" if was_there else ""))
    facts = reaching.summary(frame, shown, files)
    voice.summary(facts | ({} if pair is None else {"joint": reaching.joint_facts(pair[0])}))
    voice.next(
        f"netmed visualize {shlex.quote(network)}" if is_joint else f"netmed reach {shlex.quote(network)} --joint 10"
    )


def _check(
    output: str | None,
    is_joint: bool,
    candidates: str | None,
    budget: float | None,
    costs: str | None,
    followers: str | None,
    sketch: bool,
) -> None:
    """Refuse what cannot be done at once. Raises ``click.UsageError``."""
    if output == "-" and is_joint:
        raise click.UsageError("--joint writes more tables and stdout has room for one; give -o a folder")
    if candidates is not None and not is_joint:
        raise click.UsageError("--from names those that --joint or --budget chooses among; add one of these")
    if (costs is None) != (budget is None):
        raise click.UsageError("--budget and --costs go together; give both")
    if sketch and followers is None:
        raise click.UsageError("--sketch is of --followers; give both")
