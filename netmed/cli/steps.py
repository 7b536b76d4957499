"""The steps that several commands share: build, measure, draw; each says its counts."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmed.cli.say import Voice, clean, count, one_line

if TYPE_CHECKING:
    import pandas as pd

    from netmed.network import Network
    from netmed.show import PageSummary

RUNS, RUNS_OF_LARGE, LARGE = 50, 10, 200_000
"""Leiden runs of which the best is kept, and the number of edges above which fewer are made."""


def build(inputs: Sequence[str], path: Path, voice: Voice, **chosen: Any) -> "Network":
    """Build a network folder from posts and say what became of them."""
    from netmed import provenance

    with provenance.begun(inputs), voice.progress() as progress:
        from netmed import building
        from netmed.building import report

        network = building.build(*inputs, output=path, progress=progress, **chosen)
    voice.line(report.summary_line(network.audit))
    left_out = report.role_filter_line(network.audit)
    if left_out:
        voice.line(left_out)
    for line in report.beside_lines(network.audit):
        voice.line(line)
    facts, came = network_facts(network, path), network.audit["posts"]
    voice.line(
        f"network {one_line(path)}: {count(facts['accounts'], 'account')}, {count(came['kept'], 'post')} "
        f"+ {came['came_along']:,} that came along, "
        f"{count(facts['events'], 'event')}, {count(facts['edges'], 'edge')} ({' + '.join(network.relations)})"
    )
    if said := report.roles_line(network.audit):
        voice.line(f"roles: {said}")
    return network


def network_facts(network: "Network", path: Path) -> dict[str, Any]:
    """The sizes of a network's tables and its audit, for ``--json``."""
    rows = {name.split(".")[0]: facts.get("rows") for name, facts in network.provenance.get("files", {}).items()}
    tables = ("accounts", "posts", "events", "edges")
    sizes = {name: int(rows[name]) if rows.get(name) is not None else len(getattr(network, name)) for name in tables}
    return {"network": str(path), **sizes, "audit": network.audit}


def audit_text(network: "Network") -> bytes:
    """The audit as ``netmed audit`` prints it and ``netmed run`` keeps it."""
    from netmed.building import report

    text = clean(report.render(network.audit, network.provenance)).rstrip("\n") + "\n"
    return text.encode("utf-8", "replace")


def measure(
    network: "Network",
    voice: Voice,
    *,
    measures: Sequence[str] | None = None,
    communities: "pd.DataFrame | None" = None,
    **settings: Any,
) -> "pd.DataFrame":
    """The centrality table of a network; ``measures`` are names of measures or columns, None is all.

    ``communities`` are found where a measure needs them, none are given, and the network is not large.
    """
    from netmed import centrality
    from netmed.centrality.registry import chosen

    needs = any(measure.name == "cartography" for measure in chosen(measures).values())
    with voice.progress() as progress:
        if needs and communities is None and len(network.edges) <= LARGE:
            from netmed import community

            progress("finding communities")
            communities = community.leiden(network, runs=runs(network), seed=settings.get("seed", 1))
        progress(f"measuring {count(len(network.accounts), 'account')}")
        return centrality.scores(network, measures=measures, communities=communities, **settings)


def runs(network: "Network") -> int:
    """How many runs of Leiden a network gets where nobody says."""
    return RUNS if len(network.edges) <= LARGE else RUNS_OF_LARGE


def with_intervals(
    network: "Network", scores: "pd.DataFrame", voice: Voice, *, replicates: int, top: int, seed: int
) -> "pd.DataFrame":
    """The table with rank intervals and the chance to be among the first ``top``, for all it has that can be resampled.

    Raises ``NetmedError`` where it has no such column.
    """
    from netmed import uncertainty
    from netmed.errors import NetmedError

    measures = [name for name in uncertainty.RESAMPLED if name in scores]
    if not measures:
        raise NetmedError(
            f"--bootstrap wants one of {', '.join(uncertainty.RESAMPLED)} in the table; add it to --measures"
        )
    lead = ranking(scores)
    measures.sort(key=lambda name: name != lead)
    with voice.progress() as progress:
        progress(f"resampling {count(replicates, 'time')}")
        sure = uncertainty.bootstrap(network, scores, measures=measures, replicates=replicates, top=top, seed=seed)
    joined = scores.merge(sure, on="account_key", how="left", validate="one_to_one")
    joined.attrs["meta"] = {**scores.attrs["meta"], "bootstrap": sure.attrs["meta"]}
    joined.attrs["columns"] = {**scores.attrs["columns"], **sure.attrs["columns"]}
    return joined


def table_summary(network: "Network", table: Path | None) -> dict[str, Any]:
    """The network in a dozen numbers, and where its table was written; None is stdout."""
    from netmed import centrality

    return {"file": None if table is None else str(table), **centrality.summary(network)}


def write_scores(
    frame: "pd.DataFrame", path: Path, *, excel: bool = False, sort_by: str | None = None, top: int | None = None
) -> None:
    """Write the centrality table and the description beside it."""
    from netmed.export import tables

    tables.write_csv(frame, path, excel=excel, sort_by=sort_by, top=top)


def conventions(network: "Network", voice: Voice, *, top: int, seed: int) -> "pd.DataFrame":
    """Path measures under every reading of weights and direction."""
    from netmed import uncertainty

    with voice.progress() as progress:
        progress("reading paths in other ways")
        return uncertainty.audit_conventions(network, top=top, seed=seed)


def flags(frame: "pd.DataFrame") -> list[str]:
    """What would be concluded otherwise, a line for each reading that changes something."""
    changed = frame[frame["flag"] != ""]
    if changed.empty:
        return ["no other reading of weights or direction changes a conclusion"]
    return [
        f"{row.measure} with length {row.lengths}, direction {row.direction}: {row.flag}"
        for row in changed.itertuples()
    ]


def consensus_line(frame: "pd.DataFrame") -> str:
    """Who is in how many top lists, in words: slots, accounts, and how many in all, in two, in one."""
    told = frame.attrs["meta"]["consensus"]
    shares = ", ".join(f"{times} for {number:,}" for times, number in told["accounts_in_lists"].items())
    return (
        f"consensus: {told['slots']:,} slots of {len(told['lists'])} lists hold {told['accounts']:,} accounts: {shares}"
    )


def ranking(frame: "pd.DataFrame") -> str | None:
    """The column that a top list goes by where none was asked for."""
    best = ("pagerank", "in_degree", "in_strength", "betweenness", "harmonic", "coreness")
    return next((column for column in best if column in frame.columns), None)


def conventions_line(frame: "pd.DataFrame") -> str:
    """The choices behind a table, in one line: relations, direction, lengths, and what was estimated."""
    meta = frame.attrs["meta"]
    said = [" + ".join(meta["relations"]), f"direction {meta['direction']}", meta["lengths"]]
    for name, facts in meta["measures"].items():
        if facts.get("method"):
            pivots = f", {facts['pivots']:,} pivots, seed {meta['seed']}" if facts.get("pivots") else ""
            said.append(f"{name} {facts['method']}{pivots}")
    return "conventions: " + "; ".join(said)


def table_line(network: "Network", frame: "pd.DataFrame", top: int | None = None) -> str:
    """Word the counts of a table of accounts: they sum."""
    ends = set(network.edges["source_key"]) | set(network.edges["target_key"])
    written = min(top, len(frame)) if top else len(frame)
    rest = f"; {written:,} in the table + {len(frame) - written:,} left out by --top" if top else ""
    return f"{count(len(frame), 'account')} = {len(ends):,} with an edge + {len(frame) - len(ends):,} without{rest}"


def communities(network: "Network", voice: Voice, *, seed: int) -> "pd.DataFrame":
    """The community of every account: ``account_key, community``, 1 is the largest."""
    from netmed import community

    with voice.progress() as progress:
        progress("finding communities")
        made = runs(network)
        partition = community.leiden(network, runs=made, seed=seed)
    meta = partition.attrs["meta"]
    quality = "" if meta["modularity"] is None else f", modularity {meta['modularity']:.3f}"
    voice.line(f"{meta['communities']:,} communities{quality} (Leiden, best of {made} runs, seed {seed})")
    return partition


def draw(
    network: "Network",
    scores: "pd.DataFrame",
    partition: "pd.DataFrame",
    path: Path,
    voice: Voice,
    **settings: Any,
) -> "PageSummary":
    """Lay the network out and write its page; ``settings`` are those of ``netmed.show.page``."""
    from netmed import community, show

    if "pagerank" not in scores:
        # A page picks and sizes accounts by it, whatever the table was asked to hold.
        scores = scores.merge(measure(network, voice, measures=("pagerank",))[["account_key", "pagerank"]])
    with voice.progress() as progress:
        progress("drawing the page")
        names = community.names(network, partition)
        drawn = show.page(network, scores, partition, path, names=names, **settings)
    voice.line(
        f"{count(drawn.accounts_total, 'account')} = {drawn.accounts_drawn:,} drawn + {drawn.less_central:,} less "
        f"central + {drawn.in_pairs:,} in pairs of their own + {drawn.isolates:,} without an edge"
    )
    if drawn.less_central or drawn.edges_light or drawn.redacted:
        voice.line(
            f"{drawn.sentence} ({drawn.renderer}); {drawn.edges_light:,} lighter edges when an account is picked"
        )
    if drawn.redacted:
        voice.line(f"{count(drawn.redacted, 'account')} drawn without name or handle")
    return drawn


def where(results: Mapping[str, Path]) -> str:
    """Word where the results lie: a small table."""
    width = max(map(len, results))
    return "\n".join(f"  {name:<{width}}  {one_line(path)}" for name, path in results.items())


def typed(*parts: object, program: str = "netmed", into: Path | None = None) -> str:
    """Word a command as one would type it; a name that would steer the terminal is shown with ``?``."""
    redirection = f" > {shlex.quote(str(into))}" if into is not None else ""
    return one_line(shlex.join(map(str, (program, *parts))) + redirection)
