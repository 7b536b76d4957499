"""``netmed sensitivity``: whether the ranking would be another one by another rule."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmed.cli import kinds, options, places
from netmed.cli.root import Command
from netmed.cli.say import Voice, count, one_line

if TYPE_CHECKING:
    import pandas as pd

    from netmed.network import Network

HELP = """Rank the accounts by other rules of edges and compare with the network's own ranking: other relations,
weights, direction, lengths of paths, one at a time.

Writes sensitivity.csv, one row per rule and measure (Kendall tau, Spearman, rank-biased overlap, what the tops have in
common), and beside it sensitivity-accounts.csv: who enters the top by another rule, and who leaves it; and
sensitivity-thinning.csv: what stays of the ranking when only 90, 50 or 10 % of the posts are kept."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="the ranking under other edge rules → sensitivity.csv",
    example="netmed sensitivity graphs/meded --measures in_degree,pagerank --top 10",
)
@options.network
@options.output("outputs/<network>/sensitivity.csv")
@click.option(
    "--measures",
    type=kinds.Measures(),
    metavar="A,B",
    help="The rankings to look at: measures or columns.  [default: in_degree,pagerank,betweenness]",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="K",
    help="How many first places make the top.",
)
@options.seed
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    measures: tuple[str, ...] | None,
    top: int,
    seed: int,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Measure by every rule and write both tables."""
    from netmed import uncertainty
    from netmed.export import tables

    loaded = options.open_network(network, voice, **chosen)
    with places.result_file(output, loaded.name, "sensitivity.csv") as path:
        with voice.progress() as progress:
            asked = measures or ("in_degree", "pagerank", "betweenness")
            frame = uncertainty.sensitivity(loaded, measures=asked, top=top, seed=seed, progress=progress)
            progress("leaving posts out")
            thinned = _thinned(loaded, asked, top=top, seed=seed)
        tables.write_csv(frame, path)
        third = path.with_name(f"{path.stem}-thinning.csv")
        if not isinstance(thinned, str):
            tables.write_csv(thinned, third)
        beside = path.with_name(f"{path.stem}-accounts.csv")
        who = uncertainty.accounts_of(frame)
        tables.write_csv(who, beside)
    for line in robustness(frame):
        voice.line(line)
    rows = frame.attrs["meta"]["rows"]
    voice.line(
        f"{count(rows['all'], 'row')} = {rows['measured']:,} measured + {rows['empty']:,} without numbers, each with "
        f"its reason; {count(len(who), 'change')} of the tops = {int((who['change'] == 'entered').sum()):,} entered "
        f"+ {int((who['change'] == 'left').sum()):,} left"
    )
    if output != "-":
        rest = f"; no {third.name}: {thinned}" if isinstance(thinned, str) else f", {one_line(third)}"
        voice.line(f"written: {one_line(path)}, {one_line(beside)}{rest}")
    voice.summary(_summary(frame, None if output == "-" else path, None if output == "-" else beside))
    voice.next(f"netmed centrality {shlex.quote(network)}")


QUICK = 20_000
"""Accounts and edges up to which measures over paths are taken again for every thinned network."""


def _thinned(network: "Network", measures: tuple[str, ...], *, top: int, seed: int) -> "pd.DataFrame | str":
    """The thinning curve, or why there is none."""
    from netmed import uncertainty
    from netmed.errors import NetworkError

    size = len(network.accounts) + len(network.edges)
    chosen = [name for name in measures if size <= QUICK or name not in ("betweenness", "harmonic")]
    if not chosen:
        return f"measures over paths would take too long on {size:,} accounts and edges"
    try:
        return uncertainty.thinning(network, measures=chosen, top=top, seed=seed)
    except NetworkError as error:
        return str(error)


def robustness(frame: "pd.DataFrame") -> list[str]:
    """Word the most and the least robust ranking, and the rule that matters most."""
    known = frame[frame["empty"].isna() & frame["rbo"].notna()]
    if known.empty:
        return ["no ranking could be compared; the table says why"]
    top = frame.attrs["meta"]["top_k"]
    mean = known.groupby("measure", sort=True)["rbo"].mean().sort_values(ascending=False, kind="stable")
    lines = [f"most robust: {mean.index[0]} (rank-biased overlap {mean.iloc[0]:.2f} over the rules on average)"]
    if len(mean) > 1:
        lines.append(f"least robust: {mean.index[-1]} ({mean.iloc[-1]:.2f})")
    worst = known.sort_values("rbo", kind="stable").iloc[0].to_dict()
    lines.append(
        f"matters most: {worst['rule']} for {worst['measure']} (rank-biased overlap {worst['rbo']:.2f}; "
        f"in the top {top} {worst['n_entered']:,} entered, {worst['n_left']:,} left)"
    )
    return lines


def _summary(frame: "pd.DataFrame", path: Path | None, beside: Path | None) -> dict[str, Any]:
    numbers = frame[["rule", "measure", "kendall_tau", "rbo", "top_overlap", "empty"]]
    return {
        "file": None if path is None else str(path),
        "accounts_file": None if beside is None else str(beside),
        "rows": frame.attrs["meta"]["rows"],
        "robustness": [
            {key: None if value != value or value is None else value for key, value in row.items()}
            for row in numbers.to_dict("records")
        ],
    }
