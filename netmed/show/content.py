"""What a page says about the accounts it draws: columns for the script, words for the reader."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from netmed import __version__
from netmed.errors import UnknownNameError
from netmed.network import Network
from netmed.registry import unknown
from netmed.show.selection import Rows, Selection
from netmed.show.texts import BIO_LENGTH, LABEL_LENGTH, clean, profile_url

MEASURES = {
    "pagerank": "PageRank",
    "in_degree": "In-degree",
    "out_degree": "Out-degree",
    "in_strength": "In-strength",
    "out_strength": "Out-strength",
    "betweenness": "Betweenness",
    "harmonic": "Harmonic centrality",
    "coreness": "Coreness",
}
"""Measures a page offers for the size of the discs, where the scores have them, and their names."""

LIGHT = ("#332288", "#CC6677", "#44AA99", "#DDCC77", "#882255", "#88CCEE", "#117733", "#AA4499", "#999933")
"""Nine colours that colour-blind readers tell apart too (Tol, "muted")."""

DARK = ("#8F86E8", "#E88A99", "#55C4B0", "#E6D88C", "#C9568F", "#A5DDF7", "#3FA35F", "#D57FD0", "#BDBD55")
"""The same nine for a dark ground."""

OTHER = "#C4C8CC"
"""Every smaller community, and accounts in none."""

TOP = 8
"""Accounts a profile card lists on each side."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A community in the legend: its number (0 for all others together), name, colours and drawn accounts."""

    number: int
    name: str
    light: str
    dark: str
    count: int


def measures(scores: pd.DataFrame, size: str) -> dict[str, str]:
    """Column → label of the measures on offer; ``size`` first asked for is always one of them.

    Raises ``UnknownNameError`` where the scores have no numeric column of that name.
    """
    numeric = [name for name in scores.columns if pd.api.types.is_numeric_dtype(scores[name])]
    if size not in numeric:
        raise UnknownNameError(unknown("measure", size, numeric))
    offered = {name: label for name, label in MEASURES.items() if name in numeric}
    return offered if size in offered else {**offered, size: size.replace("_", " ")}


def circles(community: pd.Series, names: Mapping[int, str] | None) -> tuple[list[Circle], list[int]]:
    """Legend of the drawn accounts' communities, and for each account its place in it.

    The nine with most drawn accounts have a colour and an entry, in the order of their numbers;
    all others share one entry, number 0, at the end.
    """
    counts = Counter(int(number) for number in community.dropna())
    ranked = sorted(counts, key=lambda number: (-counts[number], number))
    kept = sorted(number for number in ranked[: len(LIGHT)] if counts[number] >= 2 or len(ranked) == 1)
    legend = [
        Circle(number, circle_name(number, names), light, dark, counts[number])
        for number, light, dark in zip(kept, LIGHT, DARK, strict=False)
    ]
    place = {number: i for i, number in enumerate(kept)}
    places = [place.get(-1 if pd.isna(number) else int(number), len(kept)) for number in community]
    if len(kept) in places:
        others = set(counts) - set(kept)
        label = f"Other communities ({len(others)})" if len(others) else "No community"
        legend.append(Circle(0, label, OTHER, "#6B7178", places.count(len(kept))))
    return legend, places


def circle_name(number: int, names: Mapping[int, str] | None) -> str:
    """The community's name if it has one, its number otherwise."""
    return clean((names or {}).get(number, ""), LABEL_LENGTH) or f"Community {number}"


def account_columns(
    accounts: pd.DataFrame, community: pd.Series, rows: Rows, *, invented: bool
) -> dict[str, list[Any]]:
    """What the script knows of each drawn account, column by column; ``rows`` are rows of ``accounts``.

    Invented accounts have no link: somebody real may hold the handle.
    """
    drawn = accounts.iloc[rows]
    numbers = community.iloc[rows]
    urls = [None if invented else profile_url(p, h) for p, h in zip(drawn["platform"], drawn["handle"], strict=True)]
    return {
        "handle": [clean(handle, LABEL_LENGTH) for handle in drawn["handle"]],
        "name": [clean(name, LABEL_LENGTH * 2) for name in drawn["name"]],
        "bio": [clean(bio, BIO_LENGTH) for bio in drawn["description"]],
        "role": [clean(role, LABEL_LENGTH) for role in drawn["role"]],
        "community": [None if pd.isna(number) else int(number) for number in numbers],
        "url": urls,
        "followers": _numbers(drawn["followers"]),
        "posts": _numbers(drawn["n_posts"]),
    }


def measure_columns(scores: pd.DataFrame, offered: Mapping[str, str], rows: Rows) -> dict[str, dict[str, Any]]:
    """Per measure: label, values of the drawn accounts, their ranks among all accounts, and how many those are."""
    columns = {}
    for name, label in offered.items():
        values = scores[name].astype("Float64")
        ranks = values.rank(method="min", ascending=False)
        columns[name] = {
            "label": label,
            "values": _numbers(values.iloc[rows]),
            "ranks": _numbers(ranks.iloc[rows]),
            "of": int(values.notna().sum()),
        }
    return columns


def neighbours(network: Network, rows: Rows, side: str) -> list[list[list[Any]]]:
    """For each drawn account its ``TOP`` heaviest neighbours, drawn or not: [drawn place or name, weight].

    ``side`` is "source" for the accounts that address it, "target" for those it addresses.
    """
    here = "target_key" if side == "source" else "source_key"
    there = f"{side}_key"
    keys = pd.Index(network.accounts["account_key"])
    place = {str(key): i for i, key in enumerate(keys[rows])}
    edges = network.edges[[here, there, "weight"]]
    edges = edges[edges[here].isin(list(place)) & (edges[here] != edges[there])]
    best = edges.sort_values([here, "weight", there], ascending=[True, False, True]).groupby(here, sort=False).head(TOP)
    titles = [
        f"@{clean(handle, LABEL_LENGTH)}" if clean(handle, LABEL_LENGTH) else clean(key, LABEL_LENGTH)
        for handle, key in zip(network.accounts["handle"], keys, strict=True)
    ]
    row_of = {str(key): i for i, key in enumerate(keys)}
    found: list[list[list[Any]]] = [[] for _ in rows]
    for own, other, weight in best.itertuples(index=False):
        found[place[own]].append([place.get(other, titles[row_of[other]]), float(weight)])
    return found


def dates(network: Network) -> tuple[str, str] | None:
    """First and last day of the data (UTC), from the events, or from the edges where there are none."""
    events = network.events
    first, last = (events["created_at"],) * 2 if len(events) else (network.edges["first_at"], network.edges["last_at"])
    start, end = pd.to_datetime(first, utc=True).min(), pd.to_datetime(last, utc=True).max()
    return None if pd.isna(start) or pd.isna(end) else (start.strftime("%Y-%m-%d"), end.strftime("%Y-%m-%d"))


def left_out(selection: Selection) -> tuple[list[str], list[str]]:
    """Why something of the network is not in the picture: what a reader needs at once, and the rest."""
    s = selection
    at_once, rest = [], []
    if s.light_edges.size:
        lighter = _counted(s.light_edges.size, "lighter edge")
        at_once.append(f"Heaviest edges of each account first; {lighter} more when an account is picked.")
    if s.isolates:
        at_once.append(f"Not drawn: {_counted(s.isolates, 'account')} without an edge.")
    if s.in_pairs:
        at_once.append(f"Not drawn: {_counted(s.in_pairs, 'account')} in separate pairs.")
    if s.less_central:
        rest.append(f"Not drawn: {_counted(s.less_central, 'less central account')}.")
    if s.edges_elsewhere:
        rest.append(f"Not drawn: {_counted(s.edges_elsewhere, 'edge')} with an end that is not drawn.")
    return at_once, rest


def about(network: Network, scores: pd.DataFrame, communities: pd.DataFrame) -> list[tuple[str, str]]:
    """Heading and text of each line of the About panel: what was measured, on what, by which conventions."""
    span = dates(network)
    lines: list[tuple[str, object]] = [
        ("Accounts", f"{len(network.accounts):,}"),
        ("Edges", f"{len(network.edges):,}, from the account that speaks to the account spoken to"),
        ("Relations", " + ".join(network.relations)),
        ("Data from", f"{span[0]} to {span[1]}" if span else "unknown"),
        ("Made with", f"netmed {__version__}"),
    ]
    told = {"accounts", "edges", "relations", "versions", "measures"}
    meta = dict(scores.attrs.get("meta") or {})
    lines += [(str(key), value) for key, value in meta.items() if key not in told]
    measured = dict(meta.get("measures") or {})
    lines += [(MEASURES.get(str(name), str(name)), value) for name, value in measured.items() if name not in told]
    lines.append(("communities", dict(communities.attrs.get("meta") or {})))
    said = [(clean(key.replace("_", " "), 60), clean(_said(value), 400)) for key, value in lines]
    return [(key[:1].upper() + key[1:], text) for key, text in said if text]


def _said(value: object) -> str:
    """A convention as words: what is unknown or empty is left out."""
    if isinstance(value, Mapping):
        parts = {str(key).replace("_", " "): _said(item) for key, item in value.items()}
        return "; ".join(f"{key}: {text}" for key, text in parts.items() if text)
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(item) for item in value)
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _numbers(values: pd.Series) -> list[float | None]:
    """Six significant digits are more than a page can show; unknown is None."""
    array = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return [None if np.isnan(value) else float(f"{value:.6g}") if abs(value) < 1e6 else float(value) for value in array]


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
