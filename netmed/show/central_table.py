"""The table of the most central accounts in words: for screen readers, printing, and pages without a picture."""

from typing import Any

import pandas as pd

from netmed.show.texts import LABEL_LENGTH, clean, profile_url

TABLE_ROWS = 50


def table(
    accounts: pd.DataFrame, scores: pd.DataFrame, rows: Any, circle_names: list[str], *, linked: bool
) -> list[dict[str, str]]:
    """Rows of the table of the most central accounts, as words; a page without script or picture has these."""
    ranks = scores["pagerank"].rank(method="min", ascending=False)
    written = []
    for row, circle in zip(rows[:TABLE_ROWS], circle_names, strict=False):
        who = accounts.iloc[row]
        url = profile_url(who["platform"], who["handle"]) if linked else None
        line = {
            "name": clean(who["name"], LABEL_LENGTH * 2),
            "handle": clean(who["handle"], LABEL_LENGTH),
            "url": url or "",
            "role": clean(who["role"], LABEL_LENGTH),
            "community": circle,
            "rank": _shown(ranks.iloc[row]),
        }
        for measure in ("pagerank", "in_degree", "out_degree", "betweenness"):
            line[measure] = _shown(scores[measure].iloc[row]) if measure in scores else ""
        written.append(line)
    return written


def _shown(value: Any) -> str:
    if pd.isna(value):
        return "unknown"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"
