"""What ``netmed list`` lists: every registry as names with one line of meaning."""

from collections.abc import Callable, Mapping

Entries = list[tuple[str, str]]


def readers() -> Entries:
    """Input formats that posts are read from."""
    from netmed.read import READERS

    return [
        *((name, reader.title) for name, reader in READERS.items()),
        ("edges-csv", "edge lists, by --format edges-csv: source,target[,weight][,relation]"),
        ("mapped", "any other table or JSON lines, by --map field=column"),
    ]


def measures() -> Entries:
    """Measures of the centrality table, with the columns they give."""
    from netmed.centrality import MEASURES

    return [
        (name, f"graph {measure.graph}, weight {measure.weight}: {', '.join(measure.column_names)}")
        for name, measure in MEASURES.items()
    ]


def methods() -> Entries:
    """Methods behind results that have more than one."""
    return [
        (
            "leiden",
            "communities: modularity or CPM on the undirected, weighted network; many runs, the best or consensus",
        ),
        ("infomap", "communities: where a walk along the directed, weighted edges stays; the second opinion"),
        ("rewiring", "modularity against random networks in which every account keeps the number of its partners"),
        ("mixing", "who engages whom, by role, specialty, community or column; expected by the configuration model"),
        ("e-i", "whether groups keep to themselves, against six null models"),
        ("reverse-reachable-sets", "reach: cascades of every account at once, with standard errors"),
        ("greedy", "reach: accounts that together reach most, within 1 − 1/e of the best"),
        ("exact", "betweenness: every shortest path is counted"),
        ("pivots", "betweenness: paths from accounts drawn by the seed, with a standard error"),
    ]


def formats() -> Entries:
    """What results are written as, then what ``netmed export --to`` writes."""
    from netmed.export import FORMATS

    return [
        ("csv", "tables of results, each with NAME.csv.meta.json: meaning of columns, conventions"),
        ("html", "the network page: one file, opens offline"),
        ("json", "audit, provenance, and the summary of any command with --json"),
        *((name, f"export: {form.title}") for name, form in FORMATS.items()),
    ]


KINDS: Mapping[str, Callable[[], Entries]] = {
    "readers": readers,
    "measures": measures,
    "methods": methods,
    "formats": formats,
}

NEXT = {
    "readers": "netmed build POSTS.jsonl",
    "measures": "netmed centrality graphs/NAME --measures degree,pagerank",
    "methods": "netmed communities graphs/NAME",
    "formats": "netmed export graphs/NAME --to gexf",
}
