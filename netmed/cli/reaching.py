"""Reach on the command line: the ladder in words, and what several accounts reach together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmed.cli.say import Voice, count, one_line

if TYPE_CHECKING:
    import pandas as pd

    from netmed.network import Network

FILES = ("joint-reach.csv", "overlap.csv")

SHOWN = 3
"""Ladders that are printed at most, where accounts were named."""

NAMED = 20
"""Accounts of a joint choice that are named on the terminal; the table has all."""


def together(
    network: "Network", voice: Voice, *, k: int | None, settings: Mapping[str, Any]
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The accounts that together reach most, and how they overlap."""
    from netmed import reach

    with voice.progress() as progress:
        progress("choosing those that together reach most")
        return reach.joint(network, k, **settings)


def lead(frame: "pd.DataFrame") -> str:
    """The column that rows are ranked by: cascade_reach where it is known."""
    return "cascade_reach" if frame["cascade_reach"].notna().any() else "engaged_accounts"


def printed(frame: "pd.DataFrame", accounts: Sequence[str] | None) -> "pd.DataFrame":
    """The rows whose ladders are printed: the first of those named, or the one of the highest reach."""
    if accounts is None:
        column = lead(frame)
        return frame.sort_values([column, "account_key"], ascending=[False, True], na_position="last").head(1)
    return frame.set_index("account_key", drop=False).loc[list(accounts)[:SHOWN]]


def ladder_lines(frame: "pd.DataFrame", row: "pd.Series[Any]") -> list[str]:
    """One account's ladder: a line for each rung, with its meaning and what it needs, or why it is empty."""
    from netmed.reach.rungs import RUNGS

    empty = frame.attrs["meta"]["empty"]
    named = f"@{row['handle']}" if isinstance(row["handle"], str) else str(row["account_key"])
    lines = [f"reach of {named}, a ladder and never one number (needs in brackets):"]
    of = f" {frame.attrs['meta']['of']}" if frame.attrs["meta"].get("of") else ""
    for rung in RUNGS:
        value = _value(rung, row, is_sketch=_sketch_error(frame) is not None)
        said = f"{rung.title} [{rung.needs}]"
        if value is None:
            lines.append(f"  {rung.number}  empty: {empty.get(rung.column, 'not known for it')}; {said}")
        else:
            lines.append(f"  {rung.number}  {value}{of if rung.number in ('R7', 'R8') else ''}: {said}")
    return [*lines, *_beside(row)]


def _sketch_error(frame: "pd.DataFrame") -> float | None:
    """The relative standard error of R2, where it is by a sketch."""
    error = (frame.attrs["meta"]["followers"] or {}).get("relative_standard_error")
    return None if error is None else float(error)


def _value(rung: Any, row: "pd.Series[Any]", *, is_sketch: bool) -> str | None:
    if rung.number == "R0" and _known(row, rung.column):
        return f"{row[rung.column]:,.0f} on paper, for the posts delivered"
    if rung.number == "R1":
        low, high = (_known(row, name) for name in (rung.lo, rung.hi))
        top = f" to {row[rung.hi]:,.0f}" if high else ", no upper bound"
        return f"{row[rung.lo]:,.0f}{top}" if low else None
    if not _known(row, rung.column):
        return None
    value = row[rung.column]
    about = "about " if is_sketch else ""
    if rung.number == "R2" and row["lists_missing"] > 0:
        return f"at least {about}{value:,} ({row['exposures']:,} exposures)"
    if rung.number == "R2":
        return f"{about}{value:,} ({row['exposures']:,} exposures)"
    if rung.number == "R4":
        return f"{value:,.0f} of {count(int(row['posts_with_impressions']), 'post')}"
    if rung.number == "R5":
        parts = [_of(row, role) for role in ("physician", "trainee") if _known(row, f"engaged_{role}s")]
        return f"{value:,}" + (f", of them {' and '.join(parts)}" if parts else "")
    if rung.number == "R6":
        return f"{value:,} ({row['reach_2']:,} within two)"
    if rung.number == "R7":
        sure = f" ± {row[rung.error]:.2g}" if _known(row, rung.error) else ""
        return f"{value:,.4g}{sure}" if value < 1e4 else f"{value:,.0f}{sure}"
    if rung.number == "R8":
        return f"{value:,.4g}, {row['unique_reach']:,.4g} of it nobody else's of the list"
    return f"{value:.1%}" if rung.number == "R9" else f"{value:,.4g}"


def _of(row: "pd.Series[Any]", role: str) -> str:
    name = f"engaged_{role}s"
    return f"{row[name]:,.1f} {role}s (95 % {row[f'{name}_lo']:,} to {row[f'{name}_hi']:,})"


def _beside(row: "pd.Series[Any]") -> list[str]:
    said = []
    if _known(row, "amplification"):
        said.append(
            f"passed on {row['amplification']:.3g} times per original post (95 % {row['amplification_lo']:.3g} to "
            f"{row['amplification_hi']:.3g}), h-index of reposts {row['h_index_reposts']}"
        )
    if _known(row, "cascade_depth"):
        said.append(f"largest cascade {count(int(row['cascade_size_max']), 'post')}, {row['cascade_depth']:,} deep")
    for kind in ("communities", "specialties"):
        if _known(row, f"reach_entropy_{kind}"):
            bits = row[f"reach_entropy_{kind}"]
            said.append(f"its audience as mixed as {2**bits:.1f} equal {kind} ({bits:.2f} bits)")
    return [f"  besides: {'; '.join(said)}"] if said else []


def _known(row: "pd.Series[Any]", column: str) -> bool:
    from pandas import isna

    return not isna(row[column])


def joint_lines(table: "pd.DataFrame") -> list[str]:
    """What they reach together, what the plain list would have, and how much is counted twice."""
    meta = table.attrs["meta"]
    last = table.iloc[-1]
    pairs = zip(table["handle"], table["account_key"], strict=True)
    names = [f"@{handle}" if isinstance(handle, str) else str(key) for handle, key in pairs]
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    who = ", ".join(names[:NAMED]) + more
    of = f" {meta['of']}" if meta.get("of") else ""
    spent = f"; {meta['spent']:g} of {meta['budget']:g} spent" if "budget" in meta else ""
    total, plain, alone = last["joint_reach"], meta["reach_of_plain_list"], meta["sum_of_single_reaches"]
    others = count(meta["accounts_of_plain_list"], "account")
    return [
        f"together: {count(len(table), 'account')} reach {total:,.1f} ± {last['joint_reach_se']:.2g}{of}: {who}{spent}",
        f"  added up they would seem to reach {alone:,.1f}: {meta['counted_twice']:.1%} counted twice",
        f"  the plain top list ({others} of the highest cascade_reach) would have reached {plain:,.1f} instead, "
        f"{total - plain:,.1f} less",
        f"  guarantee: {meta['guarantee']}",
    ]


def probability_lines(frame: "pd.DataFrame") -> list[str]:
    """What became of the rows of a file of probabilities, and of the edges it does not name."""
    meta = frame.attrs["meta"]
    if "rows_of_no_edge" not in meta:
        return []
    used = meta["rows"] - meta["rows_of_no_edge"]
    return [
        f"probability {meta['probability']}: {count(meta['rows'], 'row')} = {used:,} of edges + "
        f"{meta['rows_of_no_edge']:,} of none; {count(meta['edges_without'], 'edge')} without a row never transmit"
    ]


def follower_lines(frame: "pd.DataFrame") -> list[str]:
    """What became of the rows of the lists of followers: they sum."""
    told = frame.attrs["meta"]["followers"]
    if told is None:
        return []
    rows = told["rows"]
    parts = " + ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in rows.items() if name != "all")
    error = _sketch_error(frame)
    method = f"; numbers by a sketch, standard error about {error:.1%}" if error else "; exact"
    return [f"{told['file']}: {count(rows['all'], 'row')} = {parts}{method}"]


def table_line(network: "Network", frame: "pd.DataFrame", top: int | None) -> str:
    """Word the counts of the table: they sum."""
    known = int(frame["cascade_reach"].notna().sum())
    named = f"{count(len(frame), 'account')} = {known:,} with a cascade reach + {len(frame) - known:,} unknown"
    everybody = len(network.accounts)
    rest = f"; {everybody:,} in the network = {len(frame):,} named + {everybody - len(frame):,} others"
    written = min(top, len(frame)) if top else len(frame)
    left = f"; {written:,} in the table + {len(frame) - written:,} left out by --top" if top else ""
    return named + (rest if everybody != len(frame) else "") + left


def summary(frame: "pd.DataFrame", shown: "pd.DataFrame", files: Mapping[str, Path | None]) -> dict[str, Any]:
    """The facts for ``--json``."""
    meta = frame.attrs["meta"]
    plain = shown.astype(object).where(shown.notna(), None)
    return {
        **{name: None if path is None else one_line(path) for name, path in files.items()},
        "accounts": len(frame),
        "with_cascade_reach": int(frame["cascade_reach"].notna().sum()),
        "stopped": meta["stopped"],
        "empty": meta["empty"],
        "followers": meta["followers"],
        "ladders": plain.to_dict("records"),
    }


def joint_facts(table: "pd.DataFrame") -> dict[str, Any]:
    """The facts of joint reach for ``--json``."""
    meta = table.attrs["meta"]
    names = ("guarantee", "sum_of_single_reaches", "counted_twice", "reach_of_plain_list", "accounts_of_plain_list")
    last = table.iloc[-1]
    return {
        "accounts": table["account_key"].tolist(),
        "joint_reach": float(last["joint_reach"]),
        "joint_reach_se": float(last["joint_reach_se"]),
        **{name: meta[name] for name in (*names, *(("budget", "spent") if "budget" in meta else ()))},
    }
