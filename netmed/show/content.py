"""What a page says about the accounts it draws: columns for the script, words for the reader."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed import __version__
from netmed.errors import UnknownNameError
from netmed.network import Network
from netmed.registry import unknown
from netmed.show.layout import METHOD
from netmed.show.packing import smallest
from netmed.show.selection import Rows, Selection
from netmed.show.texts import BIO_LENGTH, LABEL_LENGTH, clean, profile_kind

MEASURES = {
    "pagerank": "PageRank",
    "in_degree": "In-degree",
    "out_degree": "Out-degree",
    "in_strength": "In-strength",
    "out_strength": "Out-strength",
    "betweenness": "Betweenness",
    "physician_pagerank": "PageRank from physicians",
    "cascade_reach": "Cascade reach",
    "engaged_physicians": "Engaged physicians",
    "harmonic": "Harmonic centrality",
    "coreness": "Coreness",
}
"""Measures a page offers for size and colour, where the scores have them, and their names."""

MEASURES_OF_LARGE = ("pagerank", "in_degree", "out_degree", "in_strength", "betweenness")
"""Of these alone a page of many accounts knows everybody's value: each other costs it half a megabyte."""

LARGE = 20_000
"""Accounts from which a page is large."""

BIOS = 300_000
"""Characters of bios and evidence in one page; the most central accounts come first."""


def measures(scores: pd.DataFrame, size: str, color: str, accounts: int) -> dict[str, str]:
    """Column → label of the measures on offer; those asked for by name are always among them.

    Raises ``UnknownNameError`` where the scores have no numeric column of the name ``size``.
    """
    numeric = [name for name in scores.columns if pd.api.types.is_numeric_dtype(scores[name])]
    if size not in numeric:
        raise UnknownNameError(unknown("measure", size, numeric))
    wanted = MEASURES if accounts < LARGE else MEASURES_OF_LARGE
    known = {name for name in numeric if name in wanted and scores[name].notna().any()} | {"pagerank"}
    offered = {name: label for name, label in MEASURES.items() if name in known}
    for name in (size, color):
        if name in numeric:
            offered.setdefault(name, MEASURES.get(name, name.replace("_", " ")))
    return offered


def account_words(accounts: pd.DataFrame, rows: Rows) -> dict[str, list[str]]:
    """Handles, names, roles and specialties of the drawn accounts, and as many bios as fit."""
    drawn = accounts.iloc[rows]
    words = {
        "handle": [clean(handle, LABEL_LENGTH) for handle in drawn["handle"]],
        "name": [clean(name, LABEL_LENGTH * 2) for name in drawn["name"]],
    }
    for column in ("role", "specialty"):
        values = [clean(value, LABEL_LENGTH) for value in drawn[column]]
        if any(values):
            words[column] = values
    room = BIOS
    for column, key in (("description", "bio"), ("role_evidence", "evidence")):
        values = []
        for value in drawn[column]:
            text = clean(value, BIO_LENGTH) if room > 0 else ""
            room -= len(text)
            values.append(text)
        while values and not values[-1]:
            values.pop()
        words[key] = values
    return words


def account_columns(accounts: pd.DataFrame, rows: Rows, *, linked: bool) -> dict[str, npt.NDArray[Any]]:
    """Numbers of the drawn accounts. ``linked``: whether their handles may lead to a profile."""
    drawn = accounts.iloc[rows]
    kinds = [profile_kind(p, h) if linked else 0 for p, h in zip(drawn["platform"], drawn["handle"], strict=True)]
    columns = {"profile": np.array(kinds, dtype=np.uint8)}
    for column, key in (("followers", "followers"), ("n_posts", "posts"), ("role_probability", "probability")):
        values = drawn[column].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        if np.isfinite(values).any():
            columns[key] = values.astype(np.float32 if key == "probability" else np.float64)
    return columns


def measure_columns(
    scores: pd.DataFrame, offered: Mapping[str, str], rows: Rows
) -> tuple[list[dict[str, Any]], dict[str, npt.NDArray[Any]]]:
    """Per measure: key, label and how many accounts have it; values, ranks among all accounts, and their intervals.

    A rank that is unknown is 0.
    """
    told, columns = [], {}
    for name, label in offered.items():
        values = scores[name].astype("Float64")
        ranks = values.rank(method="min", ascending=False)
        columns[f"value:{name}"] = values.iloc[rows].to_numpy(dtype=float, na_value=np.nan).astype(np.float32)
        columns[f"rank:{name}"] = _whole(ranks.iloc[rows])
        for end in ("lo", "hi"):
            if f"rank_{name}_{end}" in scores:
                columns[f"rank_{end}:{name}"] = _whole(scores[f"rank_{name}_{end}"].iloc[rows])
        told.append({"key": name, "label": label, "of": int(values.notna().sum())})
    return told, columns


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


def about(
    network: Network, scores: pd.DataFrame, communities: pd.DataFrame, *, seed: int, renderer: str
) -> list[tuple[str, str]]:
    """Heading and text of each line of the About panel: what was measured, on what, by which conventions."""
    span = dates(network)
    lines: list[tuple[str, object]] = [
        ("Accounts", f"{len(network.accounts):,}"),
        ("Edges", f"{len(network.edges):,}, from the account that speaks to the account spoken to"),
        ("Relations", " + ".join(network.relations)),
        ("Data from", f"{span[0]} to {span[1]}" if span else "unknown"),
        ("Positions", f"{METHOD}; seed {seed}"),
        ("Drawn by", renderer),
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


def _whole(values: pd.Series) -> npt.NDArray[Any]:
    return smallest(values.astype("Float64").to_numpy(dtype=float, na_value=0.0).astype(np.int64))


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
