"""``netmed communities``: which circles form, how sure that is, and who engages whom."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmed.cli import options, places, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, count

if TYPE_CHECKING:
    from netmed.community import Study

HELP = """Find communities and write communities.csv, members.csv, mixing.csv, expected-mixing.csv and homophily.csv.

Many runs are made, their agreement is told, and the modularity is held against random networks. Mixing says
who engages whom by role where roles are known, else by community, expected-mixing the same by the probabilities
of physician and trainee; homophily whether groups keep to themselves, against a panel of null models. Beside each
CSV, NAME.csv.meta.json says what each column means."""


class Nulls(click.ParamType[str | int]):
    """``auto``, or how many null graphs."""

    name = "nulls"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """``"20"`` → 20."""
        if value == "auto":
            return "auto"
        if not str(value).isdecimal() or int(value) == 1:
            self.fail(f"{value!r} is neither auto, 0 nor a number of null graphs from 2 on.", param, ctx)
        return int(value)


@click.command(
    cls=Command,
    help=HELP,
    short_help="which circles form, who engages whom → communities.csv, members.csv, …",
    example="netmed communities graphs/meded --runs 20 --keep consensus --by community",
)
@options.network
@options.output("outputs/<network>", stdout=False)
@click.option(
    "--method",
    type=click.Choice(["leiden", "infomap"]),
    default="leiden",
    show_default=True,
    help="How communities are found; the other one is the second opinion.",
)
@click.option(
    "--objective",
    type=click.Choice(["modularity", "cpm"]),
    default="modularity",
    show_default=True,
    help="What Leiden makes as large as it can: modularity, or the constant Potts model.",
)
@click.option(
    "--resolution",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="R",
    help="More gives more and smaller communities; of cpm, the least weight per pair of accounts in one.",
)
@click.option(
    "--runs", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="Independent runs."
)
@click.option(
    "--keep",
    type=click.Choice(["best", "consensus"]),
    default="best",
    show_default=True,
    help="The best run, or what all runs agree on (Leiden).",
)
@click.option(
    "--nulls",
    type=Nulls(),
    default="auto",
    show_default=True,
    metavar="auto|N",
    help="Random networks to hold the modularity against; auto is 20, of large networks fewer or none.",
)
@click.option(
    "--by",
    metavar="COLUMN",
    help="Groups: role, community, specialty or a column of the accounts.  [default: role where known, else community]",
)
@options.seed
@options.excel
@options.selection(None)
@options.voice
def command(
    network: str,
    output: str | None,
    method: str,
    objective: str,
    resolution: float,
    runs: int,
    keep: str,
    nulls: str | int,
    by: str | None,
    seed: int,
    excel: bool,
    voice: Voice,
    **chosen: Any,
) -> None:
    """Find, test, describe, write."""
    from netmed import community

    if method == "infomap" and (objective != "modularity" or resolution != 1 or keep != "best"):
        raise click.UsageError(
            "--objective, --resolution and --keep are Leiden's; leave them out with --method infomap"
        )
    if output is not None:
        places.export_folder(output, "", "communities")
    loaded = options.open_network(network, voice, **chosen)
    results = places.result_folder(loaded.name, output)
    with voice.progress() as progress:
        done = community.study(
            loaded,
            method=method,  # type: ignore[arg-type]
            objective=objective,  # type: ignore[arg-type]
            resolution=resolution,
            runs=runs,
            keep=keep,  # type: ignore[arg-type]
            nulls=nulls,  # type: ignore[arg-type]
            by=by,
            seed=seed,
            progress=progress,
        )
        progress("writing the tables")
        paths = write(done, results, excel=excel)
    tell(done.facts, done.communities.attrs["meta"], voice)
    voice.line(f"written:\n{steps.where(paths)}")
    voice.summary({"files": {kind: str(path) for kind, path in paths.items()}, **done.facts})
    voice.next(f"netmed visualize {shlex.quote(network)}")


def write(done: "Study", results: Path, *, excel: bool = False) -> dict[str, Path]:
    """Write the tables into the folder of the results; gives their paths by name."""
    from netmed.export import tables

    paths = places_of(results)
    for kind, path in paths.items():
        tables.write_csv(getattr(done, kind.replace("-", "_")), path, excel=excel)
    return paths


def places_of(results: Path) -> dict[str, Path]:
    """Where the tables go, by name."""
    kinds = ("communities", "members", "mixing", "expected-mixing", "homophily")
    return {kind: results / f"{kind}.csv" for kind in kinds}


def tell(facts: Mapping[str, Any], meta: Mapping[str, Any], voice: Voice) -> None:
    """Say what was found, and how sure it is."""
    sought = f" ({meta['objective']}, resolution {meta['resolution']:g})" if facts["method"] == "leiden" else ""
    kept = "consensus" if facts["keep"] == "consensus" else "best"
    voice.line(
        f"conventions: {' + '.join(meta['relations'])}; {facts['method']}{sought}, {kept} of "
        f"{count(facts['runs'], 'run')}, seed {facts['seed']}; {meta['graph']}"
    )
    inside = facts["accounts"] - facts["without_community"]
    voice.line(
        f"{count(facts['accounts'], 'account')} = {inside:,} in "
        f"{count(facts['communities'], 'community', 'communities')} + {facts['without_community']:,} without an edge"
    )
    if facts["modularity"] is None:
        voice.line("no edges, no communities: the tables have no rows to fill")
        return
    voice.line(_sure(facts))
    voice.line(f"chance: {_chance(facts['chance'])}")
    voice.line(f"second opinion: {_opinion(facts['second_opinion'])}")
    voice.line(_engage(facts))


def _sure(facts: Mapping[str, Any]) -> str:
    span, number, agree = (facts[name] for name in ("modularity_of_runs", "communities_of_runs", "agreement_of_runs"))
    said = f"modularity {facts['modularity']:.4f}"
    if agree["ari"] is None:
        return f"{said}; one run, so nothing is known of its stability"
    return (
        f"{said} ({span['min']:.4f} to {span['max']:.4f} over {facts['runs']:,} runs); {number['min']:,} to "
        f"{number['max']:,} communities; runs agree with ARI {agree['ari']:.3f}, NMI {agree['nmi']:.3f}"
    )


def _chance(told: Mapping[str, Any]) -> str:
    if not told["nulls"]:
        return f"{told['verdict']}: {told['reason']}"
    z = "no z (null graphs do not differ)" if told["z"] is None else f"z {told['z']:.1f}"
    why = f" ({told['reason']})" if told["reason"] else ""
    return (
        f"{told['verdict']}: {z}, {told['share']:.0%} of {told['nulls']} null graphs at least as good; their "
        f"modularity is {told['null_mean']:.4f} on average, best of {count(told['runs'], 'run')} each{why}"
    )


def _opinion(told: Mapping[str, Any]) -> str:
    if told["ari"] is None:
        return f"none: {told['reason']}"
    return (
        f"{told['method']} finds {count(told['communities'], 'community', 'communities')}, "
        f"ARI {told['ari']:.3f}, NMI {told['nmi']:.3f}"
    )


def _engage(facts: Mapping[str, Any]) -> str:
    z = [value for value in facts["ei_z_by_null"].values() if value is not None]
    said = f"by {facts['by']}: {count(facts['groups'], 'group')}, weight {facts['weight']:,.10g} in all"
    if facts["ei"] is None:
        return f"{said}; no E-I index without edges between accounts of known groups"
    span = f", z from {min(z):+.1f} to {max(z):+.1f} by the null model" if z else ""
    return f"{said}; E-I index {facts['ei']:+.3f}{span}"
