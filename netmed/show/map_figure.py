"""The picture as a static figure: the network page's positions, sizes and colours, on paper."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import igraph
import numpy as np
import pandas as pd

from netmed.network import Network
from netmed.show import content, legends
from netmed.show.discs import radius, radius_range
from netmed.show.network_page import WEBGL_ACCOUNTS, WEBGL_EDGES
from netmed.show.positions import positions
from netmed.show.selection import Selection, heaviest_first, select
from netmed.show.texts import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

INK, GREY = "#1B1D20", "#6B7178"

MAP_EDGES = 20_000
"""Lines on one sheet of paper; the heaviest of each account come first."""


def blank(width: float, height: float) -> "tuple[Figure, Axes]":
    """A figure of so many inches with one pair of axes, and room for small print below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, 0.03, 1, 0.97))
    return figure, figure.add_subplot()


def printable(text: object, length: int) -> str:
    """Text as ``clean`` gives it, without signs that the figures' font does not have."""
    return clean("".join(sign for sign in clean(text, 10 * length) if ord(sign) in _signs()), length)


@cache
def _signs() -> frozenset[int]:
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())


def without_overlaps(figure: "Figure", texts: "Sequence[Text]") -> None:
    """Hide every text that would stand on an earlier one; the earlier ones matter more."""
    figure.draw_without_rendering()  # where texts stand is known only then
    kept: list[Bbox] = []
    for text in texts:
        patch = text.get_bbox_patch()
        place = (text if patch is None else patch).get_window_extent()
        if any(place.overlaps(other) for other in kept):
            text.set_visible(False)
        else:
            kept.append(place)


def called_in_print(called: Mapping[int, str], number: int) -> str:
    """What a figure calls a community: its name, else its number."""
    return printable(called[number], 30) or legends.community_name(number, None)


def account_name(accounts: pd.DataFrame, row: int, length: int) -> str:
    """What a figure calls an account: its name, else its handle, in signs that can be printed."""
    name = printable(accounts["name"].iloc[row], length)
    return name if any(sign.isalnum() for sign in name) else printable(accounts["handle"].iloc[row], length)


def drawn(network: Network, scores: pd.DataFrame, community: pd.Series, measure: str) -> Selection:
    """The accounts and edges of the map: those of the network page."""
    ranks = scores["pagerank"] if "pagerank" in scores else scores[measure]
    return select(network, ranks, community, max_accounts=WEBGL_ACCOUNTS, max_edges=WEBGL_EDGES)


def map_figure(
    network: Network,
    scores: pd.DataFrame,
    community: pd.Series,
    called: Mapping[int, str],
    accounts: pd.DataFrame,
    measure: str,
    chosen: Selection,
    legend: legends.Legend,
    seed: int,
) -> "Figure | None":
    """The network page's picture, with a key, captions of communities and names of hubs where there is room."""
    from matplotlib.collections import EllipseCollection, LineCollection
    from matplotlib.lines import Line2D
    from matplotlib.patheffects import withStroke

    rows = chosen.accounts
    if not len(rows):
        return None
    numbers = community.iloc[rows]
    groups = legends.by_community(numbers, called)
    radii = np.array(radius(scores[measure].iloc[rows], *radius_range(len(rows))))
    place = np.full(len(network.accounts), -1)
    place[rows] = np.arange(len(rows))
    shown = np.concatenate([chosen.edges, chosen.light_edges])  # as the page has them: its positions are used
    ends = place[np.asarray(network.graph.get_edgelist(), dtype=int).reshape(-1, 2)[shown]]
    points = positions(
        network,
        network.accounts["account_key"].iloc[rows].tolist(),
        igraph.Graph(n=len(rows), edges=ends.tolist()),
        np.asarray(numbers.fillna(0).to_numpy(dtype=np.int64)),
        radii.tolist(),
        seed=seed,
    ) * [1, -1]
    figure, axes = blank(10, 7.5)
    weight = network.edges["weight"].to_numpy(dtype=float)[shown]
    heavy = heaviest_first(ends, weight)[:MAP_EDGES]
    faint = min(0.5, 12 / float(np.sqrt(len(heavy) + 1)))
    lines = LineCollection(list(points[ends[heavy]]), colors=GREY, linewidths=0.4, alpha=faint, zorder=1)
    axes.add_collection(lines)
    colours = [legend.entries[p].light for p in legend.places]
    axes.add_collection(
        EllipseCollection(
            2 * radii,
            2 * radii,
            np.zeros(len(radii)),
            units="xy",
            offsets=points,
            offset_transform=axes.transData,
            facecolors=colours,
            edgecolors="#00000055",
            linewidths=0.25,
            zorder=2,
        )
    )
    halo = [withStroke(linewidth=2, foreground="white")]
    met: set[int] = set()
    hubs, captions = [], []
    for i in np.argsort(-radii, kind="stable")[:200]:
        if groups.places[i] not in met and not groups.entries[groups.places[i]].is_rest:
            met.add(int(groups.places[i]))
            name = account_name(accounts, int(rows[i]), 30)
            hub = axes.annotate(
                name, points[i] + [radii[i], 0], (3, 0), textcoords="offset points", va="center", fontsize=6.5,
                path_effects=halo, zorder=4,
            )  # fmt: skip
            hubs.append(hub)
    values = numbers.to_numpy(dtype=float, na_value=0)
    for number, count in numbers.dropna().value_counts().head(14).items():
        if count < max(3, len(rows) / 60):
            break
        own = points[values == number]
        top = np.quantile(own[:, 1], 0.95)
        first = int(np.flatnonzero(values == number)[0])
        colour = colours[first] if legend.key == "community" else GREY
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": colour, "alpha": 0.92, "linewidth": 1.2}
        name = called_in_print(called, int(str(number)))
        caption = axes.text(
            float(np.median(own[:, 0])), float(top), name, fontsize=7.5, fontweight="bold", ha="center", va="bottom",
            bbox=box, zorder=5,
        )  # fmt: skip
        captions.append(caption)
    size = content.MEASURES.get(measure, measure.replace("_", " "))
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.set_axis_off()
    axes.set_title(f"{printable(network.name, 80)}: who addresses whom")
    kept = [called_in_print(called, number) for number in legends.palette(numbers)] if legend.key == "community" else []
    rest = [printable(entry.name, 30) for entry in legend.entries[len(kept) :]]
    names = [f"{name} ({entry.count:,})" for name, entry in zip([*kept, *rest], legend.entries, strict=True)]
    dots = [Line2D([], [], linestyle="", marker="o", color=entry.light) for entry in legend.entries]
    axes.legend(
        dots, names, title=f"{legend.label} (accounts)", loc="center left", bbox_to_anchor=(1.0, 0.5),
        fontsize=7, title_fontsize=7.5, alignment="left",
    )  # fmt: skip
    without_overlaps(figure, [*captions, *hubs])
    figure.text(
        0.99,
        0.008,
        f"{chosen.sentence}; discs by {size}; distance is no measurement",
        color=GREY,
        fontsize=6.5,
        ha="right",
    )
    return figure
