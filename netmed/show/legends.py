"""What colours mean: groups of accounts (community, role, specialty), or steps of a measure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.errors import NetmedError, UnknownNameError
from netmed.registry import unknown
from netmed.show.colours import DARK, LIGHT, OTHER, OTHER_DARK, STEPS_DARK, STEPS_LIGHT
from netmed.show.texts import LABEL_LENGTH, clean


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: its name, colours, and drawn accounts; ``is_rest`` stands for all others together."""

    name: str
    light: str
    dark: str
    count: int
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """One way to colour the drawn accounts: entries, and for each account its place among them."""

    key: str
    label: str
    entries: tuple[Entry, ...]
    places: npt.NDArray[np.uint8]
    is_scale: bool = False


def by_community(community: pd.Series, names: Mapping[int, str]) -> Legend:
    """Communities of the drawn accounts, in the order of their numbers (1 is the network's largest).

    The nine with most drawn accounts have a colour and a line; all others share one, at the end.
    """
    numbers = [None if pd.isna(number) else int(number) for number in community]
    kept = list(palette(community))
    others = len({number for number in numbers if number is not None} - set(kept))
    rest = f"Other communities ({others})" if others else "No community"
    return _legend("community", "Community", numbers, kept, [names[number] for number in kept], rest)


def palette(community: pd.Series) -> dict[int, str]:
    """The communities that have a colour of their own where these accounts are drawn: number → colour on white."""
    kept = sorted(_largest(Counter(int(number) for number in community.dropna())))
    return dict(zip(kept, LIGHT, strict=False))


def by_words(key: str, label: str, values: pd.Series) -> Legend | None:
    """Roles or specialties, largest first; None where nothing is known."""
    words = [clean(value, LABEL_LENGTH) or None for value in values]
    counts = Counter(word for word in words if word)
    if not counts:
        return None
    kept = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: len(LIGHT)]]
    rest = "Other or unknown" if len(counts) > len(kept) else "Unknown"
    return _legend(key, label, words, kept, kept, rest)


def by_measure(key: str, label: str, values: npt.NDArray[np.float64]) -> Legend | None:
    """A measure in up to five steps of equal numbers of accounts; None where it does not vary."""
    known = values[np.isfinite(values)]
    bounds = np.unique(np.quantile(known, [0.2, 0.4, 0.6, 0.8])) if len(known) else np.zeros(0)
    bounds = bounds[bounds > known.min()] if len(known) else bounds
    if not len(bounds):
        return None
    step = np.searchsorted(bounds, values, side="right")
    edges = [float(known.min()), *bounds.tolist(), float(known.max())]
    whole = np.equal(np.mod(known, 1), 0).all()
    names = []
    for i in range(len(bounds) + 1):
        last = i == len(bounds)
        low, high = edges[i], edges[i + 1]
        if whole:
            high = np.ceil(high) - (0 if last else 1)
            low = np.ceil(low)
            names.append(f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}")
        else:
            names.append(f"{low:.3g} to {high:.3g}")
    picks = np.linspace(0, len(STEPS_LIGHT) - 1, len(names)).round().astype(int)
    places = np.where(np.isfinite(values), step, len(names)).astype(np.uint8)
    entries = [
        Entry(name, STEPS_LIGHT[p], STEPS_DARK[p], int((places == i).sum()))
        for i, (name, p) in enumerate(zip(names, picks, strict=True))
    ]
    if (places == len(names)).any():
        entries.append(Entry("Unknown", OTHER, OTHER_DARK, int((places == len(names)).sum()), is_rest=True))
    return Legend(key, label, tuple(entries), places, is_scale=True)


def community_name(number: int, names: Mapping[int, str] | None) -> str:
    """The community's name if it has one, its number otherwise."""
    return clean((names or {}).get(number, ""), LABEL_LENGTH) or f"Community {number}"


def _largest(counts: Counter[int]) -> list[int]:
    ranked = sorted(counts, key=lambda number: (-counts[number], number))
    return [number for number in ranked[: len(LIGHT)] if counts[number] >= 2 or len(ranked) == 1]


def _legend(key: str, label: str, values: list, kept: list, names: list[str], rest: str) -> Legend:  # type: ignore[type-arg]
    place = {value: i for i, value in enumerate(kept)}
    places = np.array([place.get(value, len(kept)) for value in values], dtype=np.uint8)
    counts = np.bincount(places, minlength=len(kept) + 1)
    entries = [
        Entry(name, light, dark, int(count))
        for name, light, dark, count in zip(names, LIGHT, DARK, counts, strict=False)
    ]
    if counts[len(kept)]:
        entries.append(Entry(rest, OTHER, OTHER_DARK, int(counts[len(kept)]), is_rest=True))
    return Legend(key, label, tuple(entries), places)


def offered(
    accounts: pd.DataFrame,
    scores: pd.DataFrame,
    numbers: pd.Series,
    circle_names: Mapping[int, str],
    rows: Any,
    measures: Mapping[str, str],
    color: str,
) -> list[Legend]:
    """Every way to colour the drawn accounts; community first."""
    drawn = accounts.iloc[rows]
    shown: list[Legend | None] = [by_community(numbers, circle_names)]
    shown += [by_words(key, key.capitalize(), drawn[key]) for key in ("role", "specialty")]
    for name, label in measures.items():
        shown.append(by_measure(name, label, scores[name].iloc[rows].to_numpy(dtype=float, na_value=np.nan)))
    found = [legend for legend in shown if legend is not None]
    known = {legend.key for legend in found}
    if color not in known and len(rows):
        named = [*known, "role", "specialty", *measures]
        if color not in named:
            raise UnknownNameError(unknown("colour", color, named))
        if color in ("role", "specialty"):
            raise NetmedError(
                f"no drawn account has a {color}, so it cannot colour the page; `netmed roles` finds roles, "
                "and a roster given to `netmed build --accounts` has them too"
            )
    return found


def worded(legend: Legend) -> dict[str, Any]:
    """A legend as the page's script reads it, without its places."""
    entries = [
        {"name": e.name, "light": e.light, "dark": e.dark, "count": e.count, "rest": e.is_rest} for e in legend.entries
    ]
    return {"key": legend.key, "label": legend.label, "entries": entries, "scale": legend.is_scale}
