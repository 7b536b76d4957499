"""The ladder: every rung of reach of every account in one table, each with its reason where it is empty."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.errors import NetmedError
from netmed.graphs import Graphs
from netmed.network import Network
from netmed.reach import engagers, listed, posted, rates, rungs, within
from netmed.reach.accounts import IDENTITY, Direction, meanings, vertices_of
from netmed.reach.cascade_reach import cascade
from netmed.reach.diffusion import Model
from netmed.reach.joint_reach import joint
from netmed.reach.relational import opened


def ladder(
    network: Network,
    *,
    accounts: Sequence[str] | None = None,
    chosen: pd.DataFrame | None = None,
    communities: pd.DataFrame | None = None,
    followers: str | Path | None = None,
    sketch: bool = False,
    probability: str = "data",
    model: Model = "independent-cascade",
    precision: float = 0.01,
    sets: int | None = None,
    target: pd.Series | str | None = None,
    direction: Direction = "attention",
    seed: int = 1,
    memory: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """The reach of every account, as a ladder: never one number.

    ``netmed.reach.rungs.RUNGS`` says of each rung what it means, what it needs and how far it may be wrong.

    Parameters
    ----------
    accounts : account keys; only these have rows, and R8 is of this list. None: all.
    chosen : the table that ``joint`` gave: R8 is of its accounts. With neither, R8 is empty.
    communities : ``account_key, community``, as ``netmed.community.leiden`` gives them, for the entropy.
    followers : a file of ``follower,followee``, for R2; ``sketch`` estimates it in little memory.
    probability, model, target, precision, seed, sets : of R7 and R8, as ``cascade`` takes them.
    direction : ``attention``; ``flow`` where edges run from the account that is heard to the one that hears.
        It turns R5 to R9; the others are by posts and are not turned.
    memory : bound of the tables, such as ``4GB``; None: 2 GB.

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key, handle, name, then the columns of
    ``rungs.COLUMNS``. Data that are not there leave cells empty, never 0, and ``attrs["meta"]["empty"]`` has the reason
    by column.

    Raises ``UnknownNameError`` for an account that is not there, ``NetmedError`` for a setting out of range,
    ``InputError`` for an unusable file.
    """
    graphs = Graphs(network, flow=direction == "flow")
    rows = None if accounts is None else np.sort(_rows(network, graphs, accounts))
    identity = network.accounts[list(IDENTITY)].reset_index(drop=True)
    parts: list[pd.DataFrame] = []
    empty: dict[str, str] = {}
    progress("reading posts")
    with opened(network, memory=memory) as tables:
        shown, why = posted.followers(tables, network.accounts.reset_index(drop=True))
        passed_on, why_posts, counts = posted.of_posts(tables, identity)
    parts += [shown, passed_on]
    empty |= why | why_posts
    unique, details = _listed(network, followers, sketch, accounts, empty, progress)
    progress("counting who addressed whom")
    who, why = engagers.engaged(network, graphs)
    mixed, why_mixed = engagers.mixed(network, graphs, communities)
    empty |= why | why_mixed
    progress("walking three steps")
    two, three, walked = within.steps(graphs)
    steps = {"reach_2": two[graphs.vertex], "reach_3": three[graphs.vertex]}
    parts += [unique, pd.DataFrame({**who, **mixed, **steps}, index=identity.index)]
    drawn: dict[str, Any] = {
        "probability": probability,
        "model": model,
        "target": target,
        "direction": direction,
        "seed": seed,
        "sets": sets,
    }
    progress("drawing cascades")
    spread = cascade(network, precision=precision, **drawn)
    parts.append(spread[["cascade_reach", "cascade_reach_se"]])
    if notes := spread.attrs["meta"].get("notes"):
        empty |= {"cascade_reach": "; ".join(notes)}
    if chosen is None and accounts is not None and len(accounts) > 1:
        progress("drawing what the list reaches together")
        chosen = _of_list(network, accounts, empty, {**drawn, "precision": precision})
    parts.append(_added(identity, chosen, empty))
    table = pd.concat(parts, axis=1)
    names = [column.name for column in rungs.COLUMNS]
    frame = pd.concat([identity, _typed(table[names])], axis=1)
    if rows is not None:
        frame = frame.iloc[rows].reset_index(drop=True)
    frame.attrs["meta"] = {
        **{name: value for name, value in spread.attrs["meta"].items() if name != "notes"},
        "method": "a ladder of rungs, each by its own method",
        "cascade_reach": spread.attrs["meta"]["method"],
        "rungs": {rung.number: {"is": rung.title, "needs": rung.needs, "sure": rung.sure} for rung in rungs.RUNGS},
        "empty": {name: said for name, said in empty.items() if frame[name].isna().any() or name.startswith("cascade")},
        "amplifiers": "accounts that reposted (by button or by hand) or quoted it, whatever the relations of the edges",
        "passed_on": "reposts and quotes delivered with the data, of original posts of the collection, by others",
        "amplification": {"interval": rates.ABOUT, "source": rates.SOURCE},
        "engaged": {"interval": headcounts.ABOUT, "source": headcounts.SOURCE},
        "within": walked,
        "entropy": "Shannon, base 2 (bits); every engager once, those of unknown group left out",
        "joint": None if chosen is None else chosen.attrs.get("meta", {}).get("guarantee"),
        "followers": details,
        **counts,
        "versions": {name: version(name) for name in ("duckdb", "ibis-framework", "numba", "numpy", "scipy")},
    }
    frame.attrs["columns"] = meanings({column.name: column.meaning for column in rungs.COLUMNS})
    return frame


def _rows(network: Network, graphs: Graphs, accounts: Sequence[str]) -> Any:
    vertices_of(network, graphs, accounts, "accounts")  # all there, and each once
    if not len(accounts):
        raise NetmedError("the list of accounts names nobody")
    return pd.Index(network.accounts["account_key"]).get_indexer(pd.Index(list(accounts)))


def _listed(
    network: Network,
    followers: str | Path | None,
    sketch: bool,
    accounts: Sequence[str] | None,
    empty: dict[str, str],
    progress: Callable[[str], None],
) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    names = [column.name for column in next(rung for rung in rungs.RUNGS if rung.number == "R2").columns]
    if followers is None:
        if sketch:
            raise NetmedError("a sketch is of lists of followers; none were given")
        empty |= dict.fromkeys(names, "no lists of followers were given")
        nothing = {name: pd.Series(pd.NA, index=range(len(network.accounts)), dtype="Int64") for name in names}
        return pd.DataFrame(nothing), None
    progress("reading lists of followers")
    found, details = listed.from_lists(network, followers, sketch=sketch, wanted=accounts)
    empty |= dict.fromkeys(names, "there is no list of the account's followers")
    return found, details


def _of_list(
    network: Network, accounts: Sequence[str], empty: dict[str, str], drawn: dict[str, Any]
) -> pd.DataFrame | None:
    try:
        return joint(network, len(accounts), candidates=accounts, **drawn)[0]
    except NetmedError as error:
        empty["unique_reach"] = str(error)
        return None


def _added(identity: pd.DataFrame, chosen: pd.DataFrame | None, empty: dict[str, str]) -> pd.DataFrame:
    """R8, by row."""
    names = ["marginal_reach", "unique_reach"]
    if chosen is None:
        said = empty.get("unique_reach", "no list of accounts was given or chosen")
        empty |= dict.fromkeys(names, said)
        return pd.DataFrame(np.nan, index=identity.index, columns=names)
    empty |= dict.fromkeys(names, f"only the {len(chosen):,} accounts of the list have it")
    return posted.by_key(chosen[["account_key", *names]], identity)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Counts as whole numbers that may be empty, all else as floats."""
    columns: dict[str, Any] = {}
    for name in table.columns:
        values = pd.to_numeric(table[name])
        columns[name] = values.astype("Int64") if name in rungs.COUNTS else values.astype("Float64").astype("float64")
    return pd.DataFrame(columns, index=table.index)
