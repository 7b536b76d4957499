"""The network page: one offline HTML file with the picture, search, profile cards and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import igraph
import numpy as np
import pandas as pd

from netmed.errors import UnknownNameError
from netmed.folder import write_whole
from netmed.network import Network
from netmed.show import content
from netmed.show.document import document
from netmed.show.layout import layout
from netmed.show.selection import Rows, Selection, select
from netmed.show.texts import LABEL_LENGTH, clean

TABLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class PageSummary:
    """What a page shows and what it leaves out.

    ``accounts_total = accounts_drawn + isolates + in_pairs + less_central`` and
    ``edges_total = edges_drawn + edges_light + edges_elsewhere``.

    Parameters
    ----------
    path, bytes : the file and its size.
    accounts_drawn, accounts_total : in the picture, in the network.
    edges_drawn, edges_total : in the picture, in the network.
    isolates : accounts without an edge.
    in_pairs : accounts whose only tie is with each other.
    less_central : accounts beyond ``max_accounts``.
    edges_light : edges between drawn accounts that show only when an end is picked.
    edges_elsewhere : edges with an end that is not drawn.
    sentence : what is drawn and by what choice, as the page says it.
    """

    path: Path
    bytes: int
    accounts_drawn: int
    accounts_total: int
    edges_drawn: int
    edges_total: int
    isolates: int
    in_pairs: int
    less_central: int
    edges_light: int
    edges_elsewhere: int
    sentence: str


def page(
    network: Network,
    scores: pd.DataFrame,
    communities: pd.DataFrame,
    path: str | Path,
    *,
    names: Mapping[int, str] | None = None,
    max_accounts: int = 1000,
    seed: int = 1,
    title: str | None = None,
    size: str = "pagerank",
) -> PageSummary:
    """Write the network as one self-contained HTML file that needs no net and no server.

    Arrows point from the account that speaks (source) to the account spoken to (target). The same
    network, scores, communities and seed give the same bytes.

    Parameters
    ----------
    network : the network to draw.
    scores : ``netmed.centrality.scores(network)``: one row per account, with ``pagerank``.
    communities : ``account_key, community`` (1 = largest, <NA> for accounts in none).
    path : the HTML file to write.
    names : names of communities by number; "Community 3" where there is none.
    max_accounts : of more accounts the most central by PageRank are drawn, and the page says so.
    seed : for the layout.
    title : heading of the page; made from the network's name otherwise.
    size : the measure that sizes the discs at first; a numeric column of ``scores``.

    Raises
    ------
    UnknownNameError
        Where ``scores`` has no column ``size``, or no ``pagerank``.
    """
    keys = network.accounts["account_key"]
    scores = _by_account(scores, keys)
    community = _by_account(communities, keys)["community"].astype("Int64")
    offered = content.measures(scores, size)
    if "pagerank" not in offered:
        raise UnknownNameError("the scores have no column pagerank; make them with netmed.centrality.scores(network)")
    chosen = select(network, scores["pagerank"], max_accounts=max_accounts)
    legend, places = content.circles(community.iloc[chosen.accounts], names)
    invented = bool(network.provenance.get("invented"))
    columns = content.account_columns(network.accounts, community, chosen.accounts, invented=invented)
    circle_names = {n: content.circle_name(n, names) for n in sorted(set(columns["community"]) - {None})}
    values = content.measure_columns(scores, offered, chosen.accounts)
    smallest, largest = radius_range(len(chosen.accounts))
    radii = radius(values[size]["values"], smallest, largest)
    drawn_edges, light_edges = (_ends(network, chosen, rows) for rows in (chosen.edges, chosen.light_edges))
    drawn = igraph.Graph(n=len(chosen.accounts), edges=[edge[:2] for edge in drawn_edges])
    points = layout(drawn, places, radii, seed=seed)
    at_once, rest = content.left_out(chosen)
    heading = clean(title, 120) or f"{clean(network.name, 80)}: who addresses whom"
    html = document(
        {
            "label": [
                clean(name, LABEL_LENGTH) or handle or "account"
                for name, handle in zip(columns["name"], columns["handle"], strict=True)
            ],
            "x": [round(float(x), 1) for x in points[:, 0]],
            "y": [round(float(y), 1) for y in points[:, 1]],
            "size": [round(r, 2) for r in radii],
            "color": [legend[place].light for place in places],
        },
        drawn_edges,
        {
            "title": heading,
            "accounts": {**columns, "circle": places},
            "communities": circle_names,
            "circles": [{"name": c.name, "light": c.light, "dark": c.dark, "count": c.count} for c in legend],
            "other": len(legend) - 1 if legend and legend[-1].number == 0 else None,
            "measures": values,
            "size": size,
            "radius": [smallest, largest],
            "addressed_by": content.neighbours(network, chosen.accounts, "source"),
            "addresses": content.neighbours(network, chosen.accounts, "target"),
            "light_edges": [number for edge in light_edges for number in edge],
            "totals": {"accounts": chosen.accounts_total, "edges": chosen.edges_total},
        },
        {
            "title": heading,
            "drawn": chosen.sentence,
            "left_out": at_once,
            "left_out_too": rest,
            "invented": invented,
            "about": content.about(network, scores, communities),
            "table": table(columns, values, [circle_names.get(n, "") for n in columns["community"]]),
        },
    )
    whole = html.replace("\r\n", "\n").encode("utf-8")
    write_whole(Path(path), whole)
    return PageSummary(
        path=Path(path),
        bytes=len(whole),
        accounts_drawn=len(chosen.accounts),
        accounts_total=chosen.accounts_total,
        edges_drawn=len(chosen.edges),
        edges_total=chosen.edges_total,
        isolates=chosen.isolates,
        in_pairs=chosen.in_pairs,
        less_central=chosen.less_central,
        edges_light=len(chosen.light_edges),
        edges_elsewhere=chosen.edges_elsewhere,
        sentence=chosen.sentence,
    )


def radius_range(accounts: int) -> tuple[float, float]:
    """Smallest and largest disc in a picture of so many accounts, pixels at zoom 1."""
    many = max(accounts, 30) / 30
    return round(8 * many**-0.28, 2), round(25 * many**-0.15, 2)


def radius(values: list[float | None], smallest: float, largest: float) -> list[float]:
    """Radius of each disc: its area grows with what it has above the least. The page's script does the same."""
    known = np.array([0.0 if value is None else max(value, 0.0) for value in values])
    above = known - known.min() if len(known) else known
    share = np.sqrt(above / above.max()) if above.any() else above
    return [float(r) for r in smallest + (largest - smallest) * share]


def table(
    columns: Mapping[str, list[Any]], values: Mapping[str, dict[str, Any]], circle_names: list[str]
) -> list[dict[str, str]]:
    """Rows of the table of the most central accounts, as words; a page without script or picture has these."""
    rows = []
    for i, circle in enumerate(circle_names[:TABLE_ROWS]):
        row = {key: columns[key][i] or "" for key in ("name", "handle", "url")}
        row |= {"community": circle, "rank": _shown(values["pagerank"]["ranks"][i])}
        for measure in ("pagerank", "in_degree", "out_degree", "betweenness"):
            row[measure] = _shown(values[measure]["values"][i]) if measure in values else ""
        rows.append(row)
    return rows


def _shown(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def _by_account(frame: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """The frame's rows in the order of the accounts; accounts it does not know get unknown values."""
    found = frame.set_index("account_key").reindex(keys)
    found.attrs = dict(frame.attrs)
    return found


def _ends(network: Network, chosen: Selection, rows: Rows) -> list[tuple[int, int, float]]:
    """(source place, target place, weight) of these edges, places among the drawn accounts."""
    place = {int(row): i for i, row in enumerate(chosen.accounts)}
    edges = network.graph.es
    return [(place[edges[i].source], place[edges[i].target], edges[i]["weight"]) for i in rows.tolist()]
