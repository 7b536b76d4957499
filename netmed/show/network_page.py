"""The network page: one offline HTML file with the picture, search, profile cards and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import igraph
import numpy as np
import pandas as pd

from netmed.errors import NetmedError, UnknownNameError
from netmed.folder import write_whole
from netmed.network import Network
from netmed.registry import unknown
from netmed.show import content, legends
from netmed.show.central_table import table
from netmed.show.discs import radius, radius_range
from netmed.show.document import with_pyvis, with_webgl
from netmed.show.packing import packed
from netmed.show.positions import positions
from netmed.show.redacting import hidden, redacted, safe_names
from netmed.show.selection import Keep, Selection, select
from netmed.show.texts import clean
from netmed.show.ties import ties

PYVIS_ACCOUNTS, PYVIS_EDGES = 1_000, 5_000
"""What vis-network bears."""

WEBGL_ACCOUNTS, WEBGL_EDGES = 50_000, 40_000
"""Accounts a page draws unless more are asked for, and edges it draws before one is picked."""

MOST_ACCOUNTS = 100_000
"""Accounts a page can draw at most."""

FALLBACK = 300
"""Accounts drawn where a browser has no WebGL."""

Renderer = Literal["auto", "pyvis", "webgl"]


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What a page shows and what it leaves out.

    ``accounts_total = accounts_drawn + isolates + in_pairs + less_central`` and
    ``edges_total = edges_drawn + edges_light + edges_elsewhere``.

    Parameters
    ----------
    path, bytes : the file and its size.
    renderer : pyvis or webgl.
    accounts_drawn, accounts_total : in the picture, in the network.
    edges_drawn, edges_total : in the picture, in the network.
    isolates : accounts without an edge.
    in_pairs : accounts whose only tie is with each other.
    less_central : accounts left out by the choice that ``sentence`` words.
    edges_light : edges between drawn accounts that show only when an end is picked.
    edges_elsewhere : edges with an end that is not drawn.
    redacted : drawn accounts without name or handle, for having few followers.
    sentence : what is drawn and by what choice, as the page says it.
    """

    path: Path
    bytes: int
    renderer: str
    accounts_drawn: int
    accounts_total: int
    edges_drawn: int
    edges_total: int
    isolates: int
    in_pairs: int
    less_central: int
    edges_light: int
    edges_elsewhere: int
    redacted: int
    sentence: str


def page(
    network: Network,
    scores: pd.DataFrame,
    communities: pd.DataFrame,
    path: str | Path,
    *,
    names: Mapping[int, str] | None = None,
    renderer: Renderer = "auto",
    max_accounts: int | None = None,
    keep: str = "core",
    seed: int = 1,
    title: str | None = None,
    size: str = "pagerank",
    color: str = "community",
    redact_below: int = 0,
) -> PageSummary:
    """Write the network as one self-contained HTML file that needs no net and no server.

    Arrows point from the account that speaks (source) to the account spoken to (target). The same
    network, scores, communities and seed give the same bytes.

    Parameters
    ----------
    network : the network to draw.
    scores : ``netmed.centrality.scores(network)``: one row per account, with ``pagerank``; rank
        intervals are shown where ``netmed.uncertainty.bootstrap`` added them.
    communities : ``account_key, community`` (1 = largest, <NA> for accounts in none).
    path : the HTML file to write.
    names : names of communities by number; "Community 3" where there is none.
    renderer : ``pyvis`` for up to 1,000 accounts, ``webgl`` for up to 100,000; ``auto`` chooses by size.
    max_accounts : draw at most so many; 50,000 (pyvis: 1,000) unless given.
    keep : which, if there are more: ``core`` (the most central of every community, in proportion to
        its size), ``top`` (the most central of all), or ``ego:@handle`` (that account and those it
        has edges with).
    seed : for the layout.
    title : heading of the page; made from the network's name otherwise.
    size : the measure that sizes the discs at first; a numeric column of ``scores``.
    color : what colours them at first: community, role, specialty, or a numeric column of ``scores``.
    redact_below : accounts with fewer followers, or of whom it is unknown, are drawn without name,
        handle, bio and links; 0 is nobody.

    Raises
    ------
    UnknownNameError
        Where ``scores`` has no column ``size``, or no ``pagerank``; for an unknown ``color`` or handle.
    NetmedError
        Where ``max_accounts`` is more than the renderer bears, or ``color`` is known of nobody drawn.
    """
    keys = network.accounts["account_key"]
    scores = _by_account(scores, keys)
    if "pagerank" not in scores:
        raise UnknownNameError("the scores have no column pagerank; make them with netmed.centrality.scores(network)")
    community = _by_account(communities, keys)["community"].astype("Int64")
    chosen, kind = _select(network, scores["pagerank"], community, renderer, max_accounts, keep)
    rows = chosen.accounts
    offered = content.measures(scores, size, color, len(rows))
    facts = _facts(network)
    quiet = hidden(network.accounts, redact_below)
    accounts = redacted(network.accounts, quiet)
    names = safe_names(names or {}, network.accounts, quiet)

    numbers = community.iloc[rows]
    circle_names = {n: legends.community_name(n, names) for n in sorted({int(n) for n in numbers.dropna()})}
    shown = legends.offered(accounts, scores, numbers, circle_names, rows, offered, color)
    smallest, largest = radius_range(len(rows))
    radii = radius(scores[size].iloc[rows], smallest, largest)
    drawn = ties(network, chosen, with_examples=facts["linked"] and not redact_below)
    first = len(chosen.edges)
    ends = np.column_stack([drawn.columns["from"], drawn.columns["to"]]).astype(int)
    # Where an account stands follows from all its edges, also those that are only drawn when it is picked.
    points = positions(
        network,
        keys.iloc[rows].tolist(),
        igraph.Graph(n=len(rows), edges=ends.tolist()),
        np.asarray(numbers.fillna(0).to_numpy(dtype=np.int64)),
        radii,
        seed=seed,
    )

    words = content.account_words(accounts, rows)
    told, values = content.measure_columns(scores, offered, rows)
    at_once, rest = content.left_out(chosen)
    heading = clean(title, 120) or f"{clean(network.name, 80)}: who addresses whom"
    coordinates = np.rint(points * 10).astype(np.int32)
    data = packed(
        {
            "title": heading,
            "accounts": len(rows),
            "edges": [first, len(chosen.light_edges)],
            "totals": {"accounts": chosen.accounts_total, "edges": chosen.edges_total},
            "words": words,
            "communities": circle_names,
            "legends": [legends.worded(legend) for legend in shown],
            "color": color if color in {legend.key for legend in shown} else "community",
            "measures": told,
            "size": size,
            "radius": [smallest, largest],
            "relations": drawn.relations,
            "windows": drawn.windows,
            "fallback": FALLBACK,
            "redacted_below": redact_below,
        },
        {
            "x": coordinates[:, 0],
            "y": coordinates[:, 1],
            "community": numbers.fillna(0).to_numpy(dtype=np.int32),
            "redacted": quiet[rows].astype(np.uint8),
            **{f"legend:{legend.key}": legend.places for legend in shown},
            **content.account_columns(accounts, rows, linked=facts["linked"]),
            **values,
            **drawn.columns,
        },
    )
    spoken = {
        "title": heading,
        "drawn": chosen.sentence,
        "left_out": at_once,
        "left_out_too": rest,
        "kind": facts["kind"],
        "redacted": int(quiet[rows].sum()),
        "redact_below": redact_below,
        "about": content.about(
            network,
            scores,
            communities,
            seed=seed,
            renderer="pyvis and vis-network" if kind == "pyvis" else "sigma.js and graphology",
        ),
        "table": table(accounts, scores, rows, [circle_names.get(n, "") for n in numbers], linked=facts["linked"]),
        "legend": [(legend.label, legend.entries) for legend in shown if legend.key == "community"],
        "renderer": kind,
    }
    if kind == "pyvis":
        nodes = {
            "x": [round(float(x), 1) for x in points[:, 0]],
            "y": [round(float(y), 1) for y in points[:, 1]],
            "size": [round(r, 2) for r in radii],
            "color": [shown[0].entries[place].light for place in shown[0].places],
        }
        edges = [
            (int(s), int(t), float(w)) for (s, t), w in zip(ends[:first], drawn.columns["weight"][:first], strict=True)
        ]
        html = with_pyvis(nodes, edges, data, spoken)
    else:
        html = with_webgl(data, spoken)
    whole = html.replace("\r\n", "\n").encode("utf-8")
    write_whole(Path(path), whole)
    return PageSummary(
        path=Path(path),
        bytes=len(whole),
        renderer=kind,
        accounts_drawn=len(rows),
        accounts_total=chosen.accounts_total,
        edges_drawn=first,
        edges_total=chosen.edges_total,
        isolates=chosen.isolates,
        in_pairs=chosen.in_pairs,
        less_central=chosen.less_central,
        edges_light=len(chosen.light_edges),
        edges_elsewhere=chosen.edges_elsewhere,
        redacted=int(quiet[rows].sum()),
        sentence=chosen.sentence,
    )


def _select(
    network: Network,
    pagerank: pd.Series,
    community: pd.Series,
    renderer: Renderer,
    max_accounts: int | None,
    keep: str,
) -> tuple[Selection, str]:
    """What is drawn, and by which renderer."""
    most = {"auto": MOST_ACCOUNTS, "pyvis": PYVIS_ACCOUNTS, "webgl": MOST_ACCOUNTS}
    if renderer not in most:
        raise UnknownNameError(unknown("renderer", renderer, list(most)))
    if max_accounts is not None and max_accounts > most[renderer]:
        raise NetmedError(
            f"{max_accounts:,} accounts are more than the {most[renderer]:,} that a page drawn by {renderer} bears; "
            "give --max-accounts less" + (", or --renderer webgl" if renderer == "pyvis" else "")
        )
    way: Keep
    if keep.startswith("ego:"):
        way = network.find(keep.removeprefix("ego:"))
    elif keep == "core":
        way = "core"
    elif keep == "top":
        way = "top"
    else:
        raise UnknownNameError(unknown("choice", keep, ["core", "top", "ego:@handle"]))

    def choose(accounts: int, edges: int) -> Selection:
        return select(network, pagerank, community, max_accounts=accounts, max_edges=edges, keep=way)

    if renderer == "pyvis":
        return choose(max_accounts or PYVIS_ACCOUNTS, PYVIS_EDGES), "pyvis"
    large = choose(max_accounts or WEBGL_ACCOUNTS, WEBGL_EDGES)
    edges = len(large.edges) + len(large.light_edges)
    if renderer == "auto" and len(large.accounts) <= PYVIS_ACCOUNTS and edges <= PYVIS_EDGES:
        return large, "pyvis"
    return large, "webgl"


def _facts(network: Network) -> dict[str, Any]:
    """What kind of accounts these are, and whether their handles may lead anywhere."""
    provenance = network.provenance
    if provenance.get("invented"):
        kind = "invented"  # somebody real may hold the handle
    elif provenance.get("pseudonymised") or provenance.get("rules", {}).get("pseudonymised"):
        kind = "pseudonymised"
    elif len(network.accounts) and (network.accounts["platform"] == "any").all():
        kind = "edge list"
    else:
        kind = "real"
    return {"kind": kind, "linked": kind == "real"}


def _by_account(frame: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """The frame's rows in the order of the accounts; accounts it does not know get unknown values."""
    found = frame.set_index("account_key").reindex(keys)
    found.attrs = dict(frame.attrs)
    return found
