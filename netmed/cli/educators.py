"""Large educators on the command line: the two tables, and in words how the list moves with the definition."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmed.cli.say import Voice, count, one_line
from netmed.errors import NetmedError

if TYPE_CHECKING:
    import pandas as pd

    from netmed.educators import Grid
    from netmed.network import Network

FILES = ("large-educators.csv", "large-educators-overlap.csv")


class Definitions(click.ParamType[str]):
    """One ``KIND=A,B``, checked before any work is done."""

    name = "definition"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check it and leave it as it is."""
        from netmed.educators import Grid

        try:
            Grid.worded([value])
        except NetmedError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def grid_of(words: tuple[str, ...]) -> "Grid":
    """The parameters that were worded, and the usual others."""
    from netmed.educators import Grid

    return Grid.worded(words)


def write(
    network: "Network",
    table: "pd.DataFrame",
    folder: Path,
    voice: Voice,
    *,
    grid: "Grid",
    excel: bool,
    **settings: Any,
) -> list[str]:
    """Write both tables into the folder; gives the lines to say.

    ``table`` : the centrality table; what it lacks is measured by ``settings``.
    """
    from netmed import educators
    from netmed.export import tables

    with voice.progress() as progress:
        progress("naming large educators")
        named = educators.large_educators(network, table, grid=grid, **settings)
        pairs = educators.overlap(named)
    for file, frame in zip(FILES, (named, pairs), strict=True):
        tables.write_csv(frame, folder / file, excel=excel)
    shown = ", ".join(one_line(folder / file) for file in FILES)
    return [*moves(named, pairs), f"written: {shown}"]


def moves(named: "pd.DataFrame", pairs: "pd.DataFrame") -> list[str]:
    """How many accounts each definition names, which all agree on, and which lists have least in common."""
    meta = named.attrs["meta"]
    told = meta["definitions"]
    plain = [name for name in told if f"{name}_educator" in told]
    used = [name for name in plain if told[name]["accounts"] is not None]
    lines = [
        f"large educators: {count(len(named), 'account')} by any of {count(len(used), 'definition')}, "
        f"{meta['named_by_every_kind']:,} by one of every kind, {len(meta['core']):,} by all; in brackets those whose "
        "profile names teaching"
    ]
    for kind in dict.fromkeys(told[name]["kind"] for name in plain):
        mine = [name for name in plain if told[name]["kind"] == kind]
        reason = told[mine[0]]["reason"]
        lines.append(f"  {kind}: {reason or ', '.join(_counted(told, name) for name in mine)}")
    kind_of = {name: told[name]["kind"] for name in used}
    pairs = pairs.assign(kind=pairs["definition"].map(kind_of), other_kind=pairs["other"].map(kind_of))
    unlike = (pairs["kind"] != pairs["other_kind"]) & pairs["kind"].notna() & pairs["other_kind"].notna()
    across = pairs[unlike & (pairs["accounts"] > 0) & (pairs["other_accounts"] > 0)]
    if len(across):
        rows = across.sort_values("jaccard", kind="stable")[["definition", "other", "jaccard"]].to_dict("records")
        (least, most), half = (rows[0], rows[-1]), across["jaccard"].median()
        lines.append(
            f"the list moves with the definition: least alike are {least['definition']} and {least['other']} (Jaccard "
            f"{least['jaccard']:.2f}), most {most['definition']} and {most['other']} ({most['jaccard']:.2f}); "
            f"median {half:.2f} over {count(len(rows), 'pair')} of unlike kinds that name anybody"
        )
    return lines


def _counted(told: dict[str, Any], name: str) -> str:
    required = told[f"{name}_educator"]["accounts"]
    return f"{name} {told[name]['accounts']:,} ({'?' if required is None else format(required, ',')})"
