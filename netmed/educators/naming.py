"""The table of large educators: every account that any definition names, and by which."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.centrality import consensus as toplists
from netmed.centrality import scores
from netmed.centrality.measure import CONSENSUS_LISTS, Settings
from netmed.educators.definitions import Definition, Flags, Grid, Truth, applied
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.schema import ACCOUNTS

KNOWN = ("handle", "name", "role", "role_probability", "specialty", "is_educator", "followers")
ENGAGED = tuple(f"engaged_{role}s{ending}" for role in ("physician", "trainee") for ending in ("", "_lo", "_hi"))

COLUMNS = {
    "known_engagers": "of the accounts that address it, those whose role is known",
    "audience_share": "share of physicians and trainees among these, by their probabilities; empty without any",
    "named_by": "how many definitions name it, of those without is_educator that could be applied",
    "named_by_kinds": "of how many kinds (followers, audience, top lists, share) any of these names it",
    "is_core": "all of these name it",
}


def large_educators(
    network: Network,
    table: pd.DataFrame | None = None,
    *,
    grid: Grid | None = None,
    lists: Sequence[str] = CONSENSUS_LISTS,
    **measuring: Any,
) -> pd.DataFrame:
    """Every account that any definition of a large educator names.

    Parameters
    ----------
    table : the centrality table of the network where there is one; what it lacks is measured.
    grid : the parameters of the definitions; None is the usual ones.
    lists : the columns whose top lists count.
    measuring : ``paths``, ``betweenness``, ``seed``, as ``netmed.centrality.scores`` takes them.

    Returns
    -------
    One row per account named, most definitions first: what is known of it, the numbers behind the
    definitions, then a column per definition (yes, no, or empty where the data cannot say) and one that requires
    ``is_educator`` as well. ``attrs["meta"]["definitions"]`` has words, accounts named and, for those that could not be
    applied, the reason; ``attrs["meta"]["core"]`` the accounts named by all.
    """
    grid = grid or Grid()
    wanted = list(dict.fromkeys(["in_degree", *lists, *ENGAGED]))
    frame = network.accounts[["account_key", *KNOWN]].reset_index(drop=True)
    measured = _measured(network, table, wanted, measuring)
    frame = pd.concat([frame, measured, _audience(network)], axis=1)
    plain = applied(frame, grid, {k: _in_all(measured, lists, k) for k in grid.top})
    is_educator = frame["is_educator"].astype("boolean").array
    assert isinstance(is_educator, Flags)
    every = [*plain, *(definition.required(is_educator) for definition in plain)]
    usable = [definition for definition in plain if definition.reason is None]
    yes = np.array([_yes(definition) for definition in usable], dtype=np.bool_).reshape(len(usable), len(frame))
    frame["named_by"] = yes.sum(axis=0, dtype=np.int64)
    kinds = sorted({definition.kind for definition in usable})
    of_kind = [yes[[d.kind == kind for d in usable]].any(axis=0) for kind in kinds]
    frame["named_by_kinds"] = np.array(of_kind, dtype=np.int64).reshape(len(kinds), len(frame)).sum(axis=0)
    frame["is_core"] = np.asarray(yes.all(axis=0) & bool(usable), dtype=np.bool_)
    frame = pd.concat([frame, pd.DataFrame({d.name: d.named for d in every}, index=frame.index)], axis=1)
    rows = frame[frame["named_by"] > 0]
    rows = rows.sort_values(["named_by", "in_degree", "account_key"], ascending=[False, False, True], ignore_index=True)
    rows.attrs["meta"] = {
        "accounts": len(frame),
        "named": len(rows),
        "named_by_every_kind": int((rows["named_by_kinds"] == len(kinds)).sum()),
        "core": rows.loc[rows["is_core"], "account_key"].tolist(),
        "grid": {name: list(v) if isinstance(v, Sequence) else v for name, v in asdict(grid).items()},
        "lists": list(lists),
        "definitions": {d.name: _told(d) for d in every},
        "relations": list(network.relations),
        "direction": "attention: engagers are the accounts that address it",
        "measures": measured.attrs["meta"],
        "interval": headcounts.ABOUT,
        "source": f"lists of equal length and their intersection: {toplists.SOURCE}",
    }
    meanings = {column.name: column.meaning for column in ACCOUNTS if column.name in frame}
    rows.attrs["columns"] = meanings | measured.attrs["columns"] | COLUMNS | {d.name: d.words for d in every}
    return rows


def _measured(
    network: Network, table: pd.DataFrame | None, wanted: list[str], measuring: dict[str, Any]
) -> pd.DataFrame:
    """The columns wanted, in the order of the accounts; ``attrs`` has their conventions and meanings."""
    has = [name for name in wanted if table is not None and name in table]
    lacks = [name for name in wanted if name not in has]
    columns: dict[str, pd.Series] = {}
    meta: dict[str, Any] = {}
    meanings: dict[str, str] = {}
    for names, source in ((has, table), (lacks, scores(network, measures=lacks, **measuring) if lacks else None)):
        if source is None:
            continue
        own = source.set_index("account_key").reindex(network.accounts["account_key"]).reset_index(drop=True)
        columns |= {name: own[name] for name in names}
        meta |= source.attrs.get("meta", {}).get("measures", {})
        meanings |= {name: source.attrs["columns"][name] for name in names if name in source.attrs.get("columns", {})}
    frame = pd.DataFrame({name: columns[name] for name in wanted})
    frame.attrs = {"meta": meta, "columns": meanings}
    return frame


def _audience(network: Network) -> pd.DataFrame:
    """Engagers of known role, and the share of physicians and trainees among them."""
    graphs = Graphs(network)
    both = sum(headcounts.probabilities(network.accounts, role) for role in headcounts.COLUMN_OF)
    chance = np.empty(graphs.n)
    chance[graphs.vertex] = np.minimum(both, 1.0)
    known = ~np.isnan(chance[graphs.source])
    count = np.bincount(graphs.target[known], minlength=graphs.n)
    total = np.bincount(graphs.target[known], weights=chance[graphs.source[known]], minlength=graphs.n)
    share = np.divide(total, count, out=np.full(graphs.n, np.nan), where=count > 0)
    return pd.DataFrame(
        {"known_engagers": count[graphs.vertex].astype(np.int64), "audience_share": share[graphs.vertex]}
    )


def _in_all(measured: pd.DataFrame, lists: Sequence[str], k: int) -> Truth | str:
    """Whether each account is in all top lists of this length, or which list is empty."""
    values = {name: measured[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in lists}
    for name, column in values.items():
        if len(column) and np.isnan(column).all():
            return f"{name} is empty; its conventions say why"
    times, _ = toplists.count(values, Settings(consensus=k))
    inside: Truth = times == len(lists)
    return inside


def _yes(definition: Definition) -> Truth:
    yes: Truth = definition.named.to_numpy(dtype=np.bool_, na_value=False)
    return yes


def _told(definition: Definition) -> dict[str, Any]:
    told = {"kind": definition.kind, "words": definition.words}
    if definition.reason is not None:
        return {**told, "accounts": None, "unknown": len(definition.named), "reason": f"empty: {definition.reason}"}
    unknown = int(np.count_nonzero(definition.named.isna()))
    return {**told, "accounts": int(_yes(definition).sum()), "unknown": unknown, "reason": None}
