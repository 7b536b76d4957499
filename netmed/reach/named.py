"""Accounts as people name them: lists, costs, and whom a message is meant for."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.errors import InputError, UnknownNameError
from netmed.network import Network
from netmed.read.whole_tables import whole_table
from netmed.registry import unknown
from netmed.schema import unguarded

NAMES = {
    "account": ("account_key", "key", "account", "handle", "screen_name", "username", "account_id", "id"),
    "cost": ("cost", "costs", "price"),
}
"""Columns of a list of accounts, of which the first that is there counts."""

TARGETS = ("physicians", "trainees", "specialty:NAME")


def accounts_named(network: Network, given: str) -> list[str]:
    """Account keys of ``@a,@b``, or of a file: a list with one a line, or a table with account_key, handle or id.

    Each once, in their order. Raises ``UnknownNameError`` for one that is not in the network, ``InputError`` for a
    file that names nobody.
    """
    if not Path(given).is_file():
        if "," not in given and Path(given).suffix and not given.startswith("@"):
            raise InputError(f"{given} does not exist; wanted is a file of accounts, or @one,@other")
        return keys_of(network, [word.strip() for word in given.split(",") if word.strip()], given)
    return keys_of(network, _column(given), given)


def costs_from(network: Network, path: str) -> pd.Series:
    """Cost by account_key, from a table with the columns account_key (or handle) and cost.

    Raises ``InputError`` where it has no such columns, or a cost is no number.
    """
    table = whole_table(path, wanted="account_key (or handle) and cost").renamed(NAMES)
    if missing := [name for name in NAMES if name not in table]:
        raise InputError(f"{path} has no column {missing[0]}; wanted are account_key (or handle) and cost")
    costs = pd.to_numeric(table["cost"], errors="coerce")
    if costs.isna().any():
        raise InputError(f"{path}: {table['cost'][costs.isna()].iloc[0]!r} is no cost; wanted is a number above 0")
    keys = keys_of(network, table["account"].fillna("").tolist(), path, once=False)
    if len(set(keys)) < len(keys):
        twice = next(key for i, key in enumerate(keys) if key in keys[:i])
        raise InputError(f"{path} gives {twice} two costs; each account has one")
    return pd.Series(costs.to_numpy(np.float64), index=pd.Index(keys))


def target_of(network: Network, word: str) -> pd.Series:
    """Weight (0 to 1) by account_key of being among those meant by ``physicians``, ``trainees``, ``specialty:NAME``.

    The probability of the role; of a specialty, of being a physician or trainee of it. Who is unknown counts 0.

    Raises ``UnknownNameError`` for another word, or a specialty that nobody has.
    """
    accounts = network.accounts
    by_role = {f"{role}s": role for role in headcounts.COLUMN_OF}
    kind, sign, name = word.partition(":")
    if kind.rstrip("s") + "s" in by_role and not sign:
        weight = np.nan_to_num(headcounts.probabilities(accounts, by_role[kind.rstrip("s") + "s"]))
    elif kind == "specialty" and name.strip():
        said = accounts["specialty"].fillna("").str.casefold()
        has = (said == name.strip().casefold()).to_numpy(dtype=np.bool_)
        if not has.any():
            raise UnknownNameError(unknown("specialty", name.strip(), sorted(set(accounts["specialty"].dropna()))))
        both = sum(headcounts.probabilities(accounts, role) for role in headcounts.COLUMN_OF)
        weight = np.where(has, np.minimum(np.nan_to_num(both, nan=1.0), 1.0), 0.0)
    else:
        raise UnknownNameError(unknown("target", word, list(TARGETS)))
    if not weight.any():
        raise InputError(f"of no account is it known that it is among {word}; find roles first (netmed roles)")
    return pd.Series(weight, index=pd.Index(accounts["account_key"]))


def keys_of(network: Network, names: Sequence[str], shown: str, *, once: bool = True) -> list[str]:
    """The account key of every name: a key or id as it stands, a handle in any capitals.

    Raises ``UnknownNameError`` with the nearest for the first that is none.
    """
    accounts = network.accounts
    handles = accounts["handle"].fillna("").str.lower()
    first = ~handles.duplicated() & (handles != "")
    by_handle = dict(zip(handles[first], accounts["account_key"][first], strict=True))
    ids = accounts["account_id"].notna()
    exact = dict(zip(accounts["account_id"][ids], accounts["account_key"][ids], strict=True))
    exact |= dict(zip(accounts["account_key"], accounts["account_key"], strict=True))
    names = [unguarded(name) for name in names]
    keys = [exact.get(name) or by_handle.get(name.removeprefix("@").lower()) for name in names]
    if not keys:
        raise InputError(f"{shown} names no account")
    if None in keys:
        missing = names[keys.index(None)]
        raise UnknownNameError(unknown("account", missing.removeprefix("@"), [*by_handle], most=10))
    found = [key for key in keys if key is not None]
    return list(dict.fromkeys(found)) if once else found


def _column(path: str) -> list[str]:
    """The names in a file: its lines, or the column of a table."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        lines = [","]  # packed, Parquet, or another encoding: the reader of tables knows
    names = [line.strip().strip('"') for line in lines if line.strip()]
    if not any(sign in name for name in names for sign in ",;\t\0"):
        return names[1:] if names and names[0].lower() in NAMES["account"] else names
    table = whole_table(path, wanted="account_key or handle").renamed({"account": NAMES["account"]})
    if "account" not in table:
        raise InputError(f"{path} has none of the columns account_key, handle, account_id")
    return [name.strip() for name in table["account"].dropna()]
