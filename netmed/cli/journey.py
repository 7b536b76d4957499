"""The whole way, from posts to a page: what ``netmed run`` and ``netmed demo`` do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netmed import folder
from netmed.cli import places, steps
from netmed.cli.commands import communities as circles_table
from netmed.cli.say import Voice, as_json, one_line
from netmed.errors import NetworkError

_MEASURING = ("measures", "paths", "direction", "betweenness", "probability")


def travel(
    inputs: Sequence[str],
    results: Path,
    voice: Voice,
    *,
    force: bool = False,
    seed: int = 1,
    title: str | None = None,
    show_commands: bool = False,
    **chosen: Any,
) -> dict[str, Any]:
    """Build, audit, find communities, measure, draw; put the network under graphs/ and the rest into ``results``.

    Parameters
    ----------
    inputs : as for ``build``.
    results : folder of the results; its name is the network's.
    force : replace the network and the results of an earlier run.
    show_commands : print each step as the command to type for it; typed again, they write the same bytes.
    chosen : options of building and of measuring, as the command line names them.

    Returns
    -------
    Sizes, audit, network summary and the paths of the results.

    Raises ``NetworkError``, before anything is written, where the run would replace its own input, or
    an earlier run without ``force``.
    """
    from netmed import community

    name = results.name if results.name not in ("", "..") else results.resolve().name
    graph = Path("graphs") / name
    places.check_run(inputs, graph, results)
    results = places.result_folder(name, str(results))
    paths = {
        "network": graph,
        "audit": results / "audit.txt",
        "summary": results / "summary.json",
        **circles_table.places_of(results),
        "table": results / "centrality.csv",
        "page": results / "network.html",
    }
    measuring = {option: chosen.pop(option) for option in _MEASURING if option in chosen}
    there = ", ".join(str(path) for path in paths.values() if path.exists())
    if there and not force:
        raise NetworkError(f"an earlier run left {there}; add --force to replace it, or give -o outputs/OTHER")
    if there:
        voice.line(f"taking the place of the last run: {one_line(there)}")

    def announce(*command: object, seeded: bool = False, into: Path | None = None) -> None:
        if show_commands:
            words = [*command, *(("--seed", seed) if seeded and seed != 1 else ())]
            voice.line(f"$ {steps.typed(*words, into=into)}")

    if show_commands:
        # The shell opens a file for stdout only where its folder is there.
        voice.line(f"$ {steps.typed('-p', results, program='mkdir')}")
    announce("build", *inputs, "-o", graph, *(("--force",) if force else ()))
    network = steps.build(inputs, graph, voice, force=force, **chosen)

    announce("audit", graph, into=paths["audit"])
    folder.write_whole(paths["audit"], steps.audit_text(network))

    made = steps.runs(network)
    announce("communities", graph, "-o", results, *(("--runs", made) if made != steps.RUNS else ()), seeded=True)
    with voice.progress() as progress:
        circles = community.study(network, runs=made, seed=seed, progress=progress)
    circles_table.write(circles, results)
    circles_table.tell(circles.facts, circles.communities.attrs["meta"], voice)
    partition = circles.members[["account_key", "community"]]

    announce("centrality", graph, "-o", results, "--json", seeded=True, into=paths["summary"])
    scores = steps.measure(network, voice, seed=seed, communities=partition, **measuring)
    steps.write_scores(scores, paths["table"])
    summary = steps.table_summary(network, paths["table"])
    folder.write_whole(paths["summary"], as_json(summary))
    voice.line(steps.conventions_line(scores))
    voice.line(steps.table_line(network, scores))

    announce("visualize", graph, "-o", results, seeded=True)
    steps.draw(network, scores, partition, paths["page"], voice, seed=seed, title=title)

    voice.line(f"\nresults:\n{steps.where(paths)}")
    facts = {**steps.network_facts(network, graph), "summary": summary}
    return {**facts, "results": {kind: str(path) for kind, path in paths.items()}}
