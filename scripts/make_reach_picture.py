#!/usr/bin/env python3
"""Write docs/reach.svg: the ladder of one account of the invented demo network, each rung to one scale.

``svg()`` gives the picture; a test compares it with the file.
"""

import math
from html import escape
from pathlib import Path
from typing import Any

import netmed as nm

PICTURE = Path(__file__).parents[1] / "docs" / "reach.svg"

WIDTH, LEFT, RIGHT, TOP, STEP = 960, 330, 110, 84, 52
INK, GREY, BAR, SOFT = "#1f2933", "#6b7785", "#2b6cb0", "#a9c7e8"

RUNGS = (
    ("R0", "potential impressions", "as if every follower saw every post", "potential_impressions", None),
    ("R1", "potential reach", "followers of it and its amplifiers: bounds", "potential_reach_lo", "potential_reach_hi"),
    ("R4", "measured impressions", "the platform's count, posts that have one", "measured_impressions", None),
    ("R6", "within three steps", "who could hear of it from one another", "reach_3", None),
    ("R5", "engaged accounts", "who addressed it", "engaged_accounts", None),
    ("R7", "cascade reach", "expected to be set in motion by one post", "cascade_reach", None),
)


def example() -> "dict[str, Any]":
    """The ladder of the demo account that has measured impressions and the highest cascade reach."""
    frame = nm.reach.ladder(nm.datasets.meded(), sets=200_000)
    rows = frame[frame["measured_impressions"].notna()].sort_values(["cascade_reach", "account_key"], ascending=False)
    found: dict[str, Any] = rows.iloc[0].to_dict()
    return found


def svg() -> str:
    """The picture."""
    row = example()
    largest = max(float(row[high or low]) for *_, low, high in RUNGS)
    decades = math.ceil(math.log10(largest))
    height = TOP + STEP * len(RUNGS) + 62

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(max(value, 1.0)) / decades

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img" '
        f'aria-label="One account, six numbers that are all called reach">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(24, 34, "One account, six numbers that somebody calls its reach", size=20, weight="bold"),
        _text(24, 56, f"@{row['handle']} of the demo network (invented); the scale is logarithmic", fill=GREY, size=13),
    ]
    bottom = TOP + STEP * len(RUNGS)
    for power in range(decades + 1):
        place = x(10.0**power)
        parts.append(f'<line x1="{place:.1f}" y1="{TOP}" x2="{place:.1f}" y2="{bottom}" stroke="#e3e8ee"/>')
        parts.append(_text(place, bottom + 18, f"{10**power:,}", fill=GREY, size=11, anchor="middle"))
    for i, (number, name, meaning, low, high) in enumerate(RUNGS):
        y = TOP + STEP * i + 8
        parts.append(_text(24, y + 15, number, size=14, weight="bold", fill=BAR))
        parts.append(_text(62, y + 15, name, size=14))
        parts.append(_text(62, y + 31, meaning, size=11, fill=GREY))
        first = float(row[low])
        last = first if high is None else float(row[high])
        if high is not None:
            parts.append(_bar(x(1), x(first), y, BAR) + _bar(x(first), x(last), y, SOFT))
            said = f"{first:,.0f} to {last:,.0f}"
        elif number == "R0":
            parts.append(_bar(x(1), x(first), y, SOFT))
            said = f"at most {first:,.0f}"
        else:
            parts.append(_bar(x(1), x(first), y, BAR))
            said = f"{first:,.0f}"
        parts.append(_text(x(last) + 8, y + 19, said, size=12))
    parts.append(
        _text(24, height - 18, "Pale: a bound, not a count. Written by scripts/make_reach_picture.py.", fill=GREY)
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(start: float, end: float, y: float, fill: str) -> str:
    return f'<rect x="{start:.1f}" y="{y}" width="{max(end - start, 1):.1f}" height="28" rx="3" fill="{fill}"/>'


def _text(
    x: float, y: float, text: str, *, size: int = 12, fill: str = INK, weight: str = "normal", anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{fill}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(svg(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
