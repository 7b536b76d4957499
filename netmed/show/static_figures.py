"""Figures for papers and slides, as PNG, SVG or PDF: colour-blind safe, the same bytes for the same network.

The only room that knows matplotlib. Every figure says in small print on what it stands.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netmed import __version__
from netmed.errors import UnknownNameError
from netmed.network import Network
from netmed.registry import unknown
from netmed.show import content, legends
from netmed.show.map_figure import GREY, INK, account_name, blank, called_in_print, drawn, map_figure, printable
from netmed.show.redacting import hidden, redacted, safe_names
from netmed.show.texts import clean
from netmed.show.ties import windows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
"""What a figure can be written as."""

NAMES = ("map", "ranks", "mixing", "communities", "degrees")
"""The figures: the picture, the most central accounts, who engages whom, communities over time, degrees."""

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that it is the same everywhere
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "legend.frameon": False,
    "savefig.dpi": 300,
    "svg.hashsalt": "netmed",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a name with two $ is a name
}

TOP = 20
BLUE = "#0B4272"


def figures(
    network: Network,
    scores: pd.DataFrame,
    communities: pd.DataFrame,
    folder: str | Path,
    *,
    mixing: pd.DataFrame | None = None,
    names: Mapping[int, str] | None = None,
    to: str = "png",
    measure: str = "pagerank",
    color: str = "community",
    redact_below: int = 0,
    seed: int = 1,
) -> dict[str, Path]:
    """Write the static figures of a network into ``folder`` as NAME.``to``; what cannot be drawn is left out.

    Parameters
    ----------
    network, scores, communities, names, redact_below, seed : as for ``netmed.show.page``. Where the scores have
        rank intervals, the rank figure has them too.
    mixing : ``netmed.community.mixing(network, communities, by="community")``; no figure without it.
    to : png, svg or pdf.
    measure : the column of ``scores`` that sizes discs and ranks accounts.
    color : of the map: community, role, specialty or a measure.

    Returns
    -------
    Figure → file, of those that were made: no mixing without two groups, no time without dated posts.

    Raises
    ------
    UnknownNameError
        For another format, and where ``scores`` has no column ``measure``.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if to not in FORMATS:
        raise UnknownNameError(unknown("format", to, list(FORMATS)))
    measures = content.measures(scores, measure, color, len(scores))
    keys = network.accounts["account_key"]
    ordered = scores.set_index("account_key").reindex(keys)
    ordered.attrs = dict(scores.attrs)
    community = communities.set_index("account_key")["community"].reindex(keys).astype("Int64")
    quiet = hidden(network.accounts, redact_below)
    accounts = redacted(network.accounts, quiet)
    known = safe_names(names or {}, network.accounts, quiet)
    called = {int(n): legends.community_name(int(n), known) for n in community.dropna().unique()}
    made: dict[str, Path] = {}
    chosen = drawn(network, ordered, community, measure)
    rows = chosen.accounts
    ways = legends.offered(accounts, ordered, community.iloc[rows], called, rows, measures, color)
    key = {way.key: way for way in ways}.get(color, ways[0])  # without accounts there is no other
    with matplotlib.rc_context(STYLE):
        drawings = {
            "map": map_figure(network, ordered, community, called, accounts, measure, chosen, key, seed),
            "ranks": _ranks(ordered, accounts, measure),
            "mixing": None if mixing is None else _mixing(mixing, called),
            "communities": _over_time(network, community, called, legends.palette(community.iloc[rows])),
            "degrees": _degrees(ordered),
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        dated = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[to]
        for name, figure in drawings.items():
            if figure is not None:
                figure.text(0.01, 0.008, _small_print(network, ordered, redact_below), color=GREY, fontsize=6.5)
                FigureCanvasAgg(figure)
                made[name] = Path(folder) / f"{name}.{to}"
                figure.savefig(made[name], format=to, metadata=dated)
    return made


def _small_print(network: Network, scores: pd.DataFrame, redact_below: int) -> str:
    span = content.dates(network)
    meta = scores.attrs.get("meta") or {}
    said = [
        f"{len(network.accounts):,} accounts, {len(network.edges):,} edges ({' + '.join(network.relations)})",
        f"{span[0]} to {span[1]}" if span else "",
        f"direction {meta['direction']}" if meta.get("direction") else "",
        f"accounts of fewer than {redact_below:,} followers are not named" if redact_below else "",
        f"netmed {__version__}",
    ]
    return clean(" · ".join(part for part in said if part), 200)


def _ranks(scores: pd.DataFrame, accounts: pd.DataFrame, measure: str) -> "Figure | None":
    """The first accounts by a measure: rank intervals where there are any, and else the values."""
    values = scores[measure].astype("Float64")
    best = values.dropna().sort_values(ascending=False, kind="stable").index[:TOP]
    if not len(best):
        return None
    rows = scores.index.get_indexer(best)
    names = [account_name(accounts, int(r), 32) or f"account {i}" for i, r in enumerate(rows, start=1)]
    label = content.MEASURES.get(measure, measure.replace("_", " "))
    figure, axes = blank(6.5, 0.26 * len(best) + 1.4)
    y = np.arange(len(best))[::-1]
    low, high = (f"rank_{measure}_{end}" for end in ("lo", "hi"))
    if low in scores and high in scores:
        rank = values.rank(method="min", ascending=False).loc[best].to_numpy(dtype=float)
        ends = [
            scores.loc[best, column].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for column in (low, high)
        ]
        axes.hlines(y, *ends, color=BLUE, linewidth=2.2, alpha=0.45)
        axes.plot(rank, y, "o", color=BLUE, markersize=4.5)
        axes.set_xscale("log")
        axes.set_xlabel(f"rank by {label}, with its interval over resampled authors")
        axes.xaxis.set_major_formatter("{x:,.0f}")
    else:
        axes.plot(values.loc[best].to_numpy(dtype=float), y, "o", color=BLUE, markersize=4.5)
        axes.set_xlim(left=0)
        axes.set_xlabel(f"{label} (without intervals; --bootstrap gives them)")
    axes.set_yticks(y, names)
    axes.grid(axis="x", color="#E6E8EA", linewidth=0.6)
    axes.set_title(f"The {len(best)} most central accounts by {label}")
    return figure


def _mixing(mixing: pd.DataFrame, called: Mapping[int, str]) -> "Figure | None":
    """Who engages whom: weight over what the configuration model expects, on a diverging scale."""
    order = list(dict.fromkeys(mixing["source_group"]))[:12]
    if len(order) < 2:
        return None
    table = mixing.pivot(index="source_group", columns="target_group", values="ratio")
    share = mixing.pivot(index="source_group", columns="target_group", values="share").reindex(order)[order]
    ratio = table.reindex(order)[order].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log2(ratio), -4, 4)
    figure, axes = blank(0.5 * len(order) + 3.2, 0.42 * len(order) + 2.4)
    image = axes.imshow(logs, cmap="PuOr_r", vmin=-4, vmax=4)
    words = [printable(called.get(int(g), str(g)) if str(g).isdecimal() else str(g), 24) for g in order]
    axes.set_xticks(range(len(order)), words, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(order)), words)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for i, row in enumerate(share.astype("Float64").to_numpy(dtype=float, na_value=np.nan)):
        for j, value in enumerate(row):
            if np.isfinite(value):
                dark = abs(logs[i, j]) > 2.4
                axes.text(j, i, _share(value), ha="center", va="center", fontsize=7, color="white" if dark else INK)
    bar = figure.colorbar(image, ax=axes, shrink=0.7, ticks=[-4, -2, 0, 2, 4])
    bar.ax.set_yticklabels(["≤ 1/16", "1/4", "1", "4", "≥ 16"])
    bar.set_label("weight / expected")
    bar.outline.set_visible(False)
    axes.set_xlabel("whom they address")
    axes.set_ylabel("who speaks")
    groups = mixing["source_group"].nunique()
    part = f", {len(order)} of {groups} groups" if len(order) < groups else ""
    axes.set_title(f"Who engages whom (share of all a group says{part})")
    return figure


def _share(value: float) -> str:
    """A share in whole per cent; nothing is 0, and less than half a per cent is not."""
    return "0" if value == 0 else "<1%" if value < 0.005 else f"{value:.0%}"


def _over_time(
    network: Network, community: pd.Series, called: Mapping[int, str], colours: Mapping[int, str]
) -> "Figure | None":
    """Share of the events of each window that the accounts of a community made, in the colours of the map."""
    events = network.events
    events = events[events["relation"].isin(network.relations)].dropna(subset=["created_at"])
    if not len(events):
        return None
    number, labels = windows(pd.to_datetime(events["created_at"], utc=True), most=24)
    if len(labels) < 2:
        return None
    group = community.reindex(events["source_key"]).to_numpy(dtype=float, na_value=0).astype(int)
    counts = pd.crosstab(number, group).reindex(range(len(labels)), fill_value=0)
    shown = [number for number in colours if number in counts]
    share = counts.div(counts.sum(axis=1).replace(0, np.nan), axis=0)
    rest = share.drop(columns=shown).sum(axis=1, min_count=1)
    figure, axes = blank(7.5, 4)
    lines: list[Any] = []
    for line, one in enumerate(shown):
        style = ("-", "--", ":")[line % 3]  # never colour alone
        lines += axes.plot(share[one], style, color=colours[one], linewidth=1.8, marker="o", markersize=2.5)
    names = [called_in_print(called, one) for one in shown]
    if counts.shape[1] > len(shown):
        lines += axes.plot(rest, "-.", color=GREY, linewidth=1)
        names.append("all others")
    step = max(1, len(labels) // 8)
    axes.set_xticks(range(0, len(labels), step), labels[::step])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_ylabel("share of what was addressed to others")
    axes.grid(axis="y", color="#E6E8EA", linewidth=0.6)
    axes.legend(lines, names, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=7.5)  # also names of "_"
    axes.set_title("Communities over time")
    return figure


def _degrees(scores: pd.DataFrame) -> "Figure | None":
    """Share of accounts with at least so many partners, on logarithmic axes: no bins to choose."""
    figure, axes = blank(5.5, 4)
    drawn = 0
    for column, label, style, colour in (
        ("in_degree", "In-degree: addressed by", "o-", BLUE),
        ("out_degree", "Out-degree: addresses", "s--", "#CC6677"),
    ):
        if column not in scores:
            continue
        values = scores[column].dropna().to_numpy(dtype=float)
        at, counts = np.unique(values[values > 0], return_counts=True)
        if len(at):
            tail = counts[::-1].cumsum()[::-1] / len(values)
            axes.plot(at, tail, style, color=colour, markersize=3, linewidth=1, label=label)
            drawn += 1
    if not drawn:
        return None
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}" if value < 1e4 else f"{value:,.0f}")
    axes.set_ylim(top=1.0)
    axes.set_xlabel("k, number of other accounts")
    axes.set_ylabel("share of accounts with at least k")
    axes.grid(color="#E6E8EA", linewidth=0.6)
    axes.legend()
    axes.set_title("Degrees")
    return figure
