"""Who counts as one group: accounts of one role, specialty, community, or one value of any column."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netmed.community.describing import by_row
from netmed.community.projection import graphs_of
from netmed.errors import NetmedError, UnknownNameError
from netmed.graphs import Integers
from netmed.network import Network
from netmed.registry import unknown

MOST_GROUPS = 30
"""So many groups have rows of their own, the largest; the smaller ones are ``other`` together."""

OTHER = "other"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which group every vertex is in.

    ``by`` : the column. ``names`` : of the groups, the largest first. ``group`` : per vertex, -1 where
    it is not known. ``sizes`` : accounts per group.
    """

    by: str
    names: tuple[str, ...]
    group: Integers
    sizes: Integers


def grouped(network: Network, partition: pd.DataFrame | None, by: str | None) -> Groups:
    """The groups of a column of the accounts, or the communities of a partition.

    ``by`` None is role where any role is known, and else community. The value ``unknown`` is no group.

    Raises ``UnknownNameError`` for no column (the nearest are named), ``NetmedError`` for one of lists, for a
    column that is empty, and for community without a partition.
    """
    chosen = by or ("role" if has_roles(network) else "community")
    if chosen == "community" and partition is None:
        raise NetmedError("groups by community need a partition, as netmed.community.leiden gives it")
    values = (
        by_row(network, partition, "community").astype("Int64") if chosen == "community" else _column(network, chosen)
    )
    text = values.astype("str").where(values.notna())
    text = text.where(~text.isin([UNKNOWN, ""]))
    if chosen != "community" and len(text) and text.isna().all():
        raise NetmedError(f"no account has a known {chosen}; group by another column, or by community")
    counts = text.value_counts().rename_axis("name").reset_index(name="size")
    counts["order"] = pd.to_numeric(counts["name"], errors="coerce") if chosen == "community" else 0
    counts = counts.sort_values(["size", "order", "name"], ascending=[False, True, True], ignore_index=True)
    place = pd.Series(counts.index, index=counts["name"], dtype="int64")
    graphs = graphs_of(network)
    group = np.full(graphs.n, -1, dtype=np.int64)
    group[graphs.vertex] = text.map(place).fillna(-1).to_numpy(dtype=np.int64)
    return Groups(chosen, tuple(counts["name"]), group, counts["size"].to_numpy(dtype=np.int64))


def has_roles(network: Network) -> bool:
    """Whether the role of any account is known."""
    accounts = network.accounts
    return "role" in accounts and bool((accounts["role"].notna() & (accounts["role"] != UNKNOWN)).any())


def pooled(groups: Groups, *, most: int = MOST_GROUPS) -> Groups:
    """Every account in a group: the smaller ones together as ``other``, those not known as ``unknown``."""
    own = groups.names[:most]
    names = list(own)
    group = groups.group.copy()
    if len(groups.names) > most:
        group[group >= most] = most
        names.append(OTHER if OTHER not in own else f"({OTHER})")
    if (group < 0).any():
        group[group < 0] = len(names)
        names.append(UNKNOWN)
    return Groups(groups.by, tuple(names), group, np.bincount(group, minlength=len(names)).astype(np.int64))


def _column(network: Network, name: str) -> pd.Series:
    accounts = network.accounts
    if name not in accounts:
        raise UnknownNameError(unknown("column of the accounts", name, ["community", *accounts.columns]))
    values = accounts[name].reset_index(drop=True)
    if values.dtype == object and values.map(lambda value: isinstance(value, (list, tuple, np.ndarray))).any():
        raise NetmedError(f"the column {name} holds lists; a group is one value per account")
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "true", False: "false"})
    return values
