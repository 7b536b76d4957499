"""What a partition looks like: one row per community, and one per account."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from netmed import headcounts, schema
from netmed.community import naming
from netmed.community.comparing import SOURCES, agreement
from netmed.community.projection import graphs_of
from netmed.errors import NetmedError
from netmed.graphs import Floats, Integers
from netmed.network import Network

TOP_ACCOUNTS = 5
TOP_SPECIALTIES = 3

ROLES = {"physicians": "physician", "trainees": "trainee"}

COMMUNITY_COLUMNS = {
    "community": "its number, 1 is the largest",
    "name": "its distinctive hashtags, or else specialties, or top accounts; text from strangers",
    "accounts": "accounts in it",
    "share": "of all accounts that have a community",
    "hashtags": "up to three hashtags that its authors use more than others do",
    "specialties": f"its up to {TOP_SPECIALTIES} commonest specialties; empty where none is known",
    "top_accounts": f"its {TOP_ACCOUNTS} most addressed accounts, by in_strength",
    "weight_inside": "weight of the edges between its accounts",
    "weight_out": "weight of the edges from its accounts to other communities",
    "weight_in": "weight of the edges from other communities to its accounts",
    "share_inside": "weight_inside of all weight that touches it",
    "conductance": "(weight_out + weight_in) / the smaller of the weight its accounts and all others have an end in; "
    "0 is cut off, 1 has nothing inside; empty where there are no others",
    "stability": "mean over its accounts of how often each sits with its own; empty where that is not known",
    **{column: f"accounts in it with the role {role}; empty where no role is known" for column, role in ROLES.items()},
    "role_known": "accounts in it with a known role; empty where no role is known",
    **{
        f"expected_{column}{ending}": f"{words} number of {column} in it{more}; empty where of none of its accounts it "
        "is known"
        for column in ROLES
        for ending, words, more in (
            ("", "expected", ": the sum of the probabilities of its accounts"),
            ("_lo", "least", " at 95 %; unsure is only who is one, by the probabilities of the roles"),
            ("_hi", "largest", " at 95 %, likewise"),
        )
    },
}

MEMBER_COLUMNS = {
    "community_name": "name of its community",
    "in_strength": "sum of the weights of the edges to it",
    "in_strength_inside": "of these, from its own community",
    "out_strength": "sum of the weights of its edges to others",
    "out_strength_inside": "of these, to its own community",
}


def described(network: Network, partition: pd.DataFrame) -> pd.DataFrame:
    """One row per community: its name, size, what it is about, and how far it keeps to itself.

    Parameters
    ----------
    partition : columns account_key and community, and stability where known, as ``leiden`` gives them.

    Returns
    -------
    In the order of the numbers; ``attrs["meta"]`` is that of the partition.
    """
    members = naming.members_of(partition)
    numbers = np.sort(members["community"].unique())
    names = naming.names(network, partition)
    tags = naming.hashtags(network, members)
    tops = naming.top_accounts(network, members, TOP_ACCOUNTS)
    fields = _commonest(naming.specialties(network), members)
    size = members.groupby("community").size().reindex(numbers).to_numpy(dtype=np.int64)
    frame = pd.DataFrame(
        {
            "community": numbers.astype(np.int64),
            "name": pd.Series([names[n] for n in numbers], dtype="str"),
            "accounts": size,
            "share": size / size.sum() if len(size) else np.zeros(0),
            "hashtags": pd.Series(
                [" ".join(f"#{tag}" for tag in tags.get(n, [])) or None for n in numbers], dtype="str"
            ),
            "specialties": pd.Series(["; ".join(fields.get(n, [])) or None for n in numbers], dtype="str"),
            "top_accounts": pd.Series([" ".join(tops[n]) for n in numbers], dtype="str"),
        }
    )
    frame = pd.concat([frame, _weights(network, partition, numbers)], axis=1)
    firm = members.groupby("community")["stability"].mean() if "stability" in members else pd.Series(dtype=float)
    frame["stability"] = firm.reindex(numbers).to_numpy(dtype=float)
    expected, told = _expected(network, members, numbers)
    frame = pd.concat([frame, _roles(network, members, numbers), expected], axis=1)
    frame.attrs["meta"] = {**partition.attrs.get("meta", {}), "rows": len(frame), "expected_by_role": told}
    frame.attrs["columns"] = dict(COMMUNITY_COLUMNS)
    return frame


def members(
    network: Network, partition: pd.DataFrame, second: pd.DataFrame | None = None, *, second_name: str = "infomap"
) -> pd.DataFrame:
    """One row per account: its community by name, how firmly it sits there, and a second opinion.

    Parameters
    ----------
    second : another partition, whose numbers stand in the column ``second_name``; empty where None.

    Returns
    -------
    In the order of ``network.accounts``. ``attrs["meta"]["agreement"]`` holds ARI and NMI of both.
    """
    accounts = network.accounts[["account_key", "handle", "name"]].reset_index(drop=True)
    community = by_row(network, partition, "community").astype("Int64")
    names = naming.names(network, partition)
    frame = accounts.assign(
        community=community,
        community_name=community.map(names).astype("str"),
        stability=by_row(network, partition, "stability").astype(float),
        **{second_name: by_row(network, second, "community").astype("Int64")},
        **_strengths(network, community),
    )
    told = (
        {"agreement": {"with": second_name, **agreement(partition, second), "source": SOURCES}}
        if second is not None
        else {}
    )
    frame.attrs["meta"] = {**partition.attrs.get("meta", {}), **told}
    known = {column.name: column.meaning for column in schema.ACCOUNTS if column.name in accounts}
    frame.attrs["columns"] = {
        **known,
        **{
            name: text
            for name, text in partition.attrs.get("columns", {}).items()
            if name in frame and name not in known
        },
        second_name: f"number of its community by the second opinion, {second_name}; empty if it has none",
        **MEMBER_COLUMNS,
    }
    return frame


def by_row(network: Network, partition: pd.DataFrame | None, column: str) -> pd.Series:
    """A column of a partition in the order of the accounts; empty where the partition lacks it."""
    keys = network.accounts["account_key"].reset_index(drop=True)
    if partition is None or column not in partition:
        return pd.Series(np.nan, index=keys.index)
    given = partition.set_index("account_key")[column]
    if not given.index.is_unique:
        raise NetmedError(f"the account {given.index[given.index.duplicated()][0]} has two rows; give one row each")
    return given.reindex(keys).reset_index(drop=True)


def _numbers(network: Network, partition: pd.DataFrame) -> Integers:
    """Community of every vertex, 0 where it has none."""
    graphs = graphs_of(network)
    number = np.zeros(graphs.n, dtype=np.int64)
    number[graphs.vertex] = by_row(network, partition, "community").astype("Int64").fillna(0).to_numpy(dtype=np.int64)
    return number


def _weights(network: Network, partition: pd.DataFrame, numbers: Integers) -> pd.DataFrame:
    """Weight inside, out of and into every community, and what follows from it."""
    graphs, number = graphs_of(network), _numbers(network, partition)
    one, other = number[graphs.source], number[graphs.target]
    inside = one == other
    most = int(numbers.max(initial=0)) + 1

    def total(ends: Integers, which: Any) -> Floats:
        return np.bincount(ends[which], weights=graphs.weight[which], minlength=most).astype(float)[numbers]

    within, out, into = total(one, inside), total(one, ~inside), total(other, ~inside)
    volume = 2 * within + out + into
    smaller = np.minimum(volume, 2 * graphs.weight.sum() - volume)
    touches = within + out + into
    return pd.DataFrame(
        {
            "weight_inside": within,
            "weight_out": out,
            "weight_in": into,
            "share_inside": np.divide(within, touches, out=np.full(len(numbers), np.nan), where=touches > 0),
            "conductance": np.divide(out + into, smaller, out=np.full(len(numbers), np.nan), where=smaller > 0),
        }
    )


def _strengths(network: Network, community: pd.Series) -> Mapping[str, Floats]:
    graphs = graphs_of(network)
    number = np.zeros(graphs.n, dtype=np.int64)
    number[graphs.vertex] = community.fillna(0).to_numpy(dtype=np.int64)
    inside = graphs.weight * (number[graphs.source] == number[graphs.target])
    columns = {}
    for way, ends in (("in", graphs.target), ("out", graphs.source)):
        for suffix, weight in (("", graphs.weight), ("_inside", inside)):
            total = np.bincount(ends, weights=weight, minlength=graphs.n).astype(float)
            columns[f"{way}_strength{suffix}"] = total[graphs.vertex]
    return columns


def _commonest(known: pd.DataFrame, members: pd.DataFrame) -> dict[int, list[str]]:
    """Commonest words by community, of equal ones the first in the alphabet."""
    both = known.merge(members[["account_key", "community"]], on="account_key")
    counts = both.groupby(["community", "word"]).size().rename("n").reset_index()
    counts = counts.sort_values(["community", "n", "word"], ascending=[True, False, True])
    top = counts.groupby("community").head(TOP_SPECIALTIES)
    return naming.lists(top["community"], top["word"].tolist())


def _roles(network: Network, members: pd.DataFrame, numbers: Integers) -> pd.DataFrame:
    """Accounts by role; all empty in a network whose roles were never found."""
    names = [*ROLES, "role_known"]
    role = network.accounts.set_index("account_key")["role"] if "role" in network.accounts else pd.Series(dtype="str")
    if not role.notna().any():
        return pd.DataFrame({name: pd.array([pd.NA] * len(numbers), dtype="Int64") for name in names})
    mine = members["account_key"].map(role)
    chosen = {name: mine == wanted for name, wanted in ROLES.items()}
    chosen["role_known"] = mine.notna() & (mine != "unknown")
    totals = {
        name: is_one.groupby(members["community"].to_numpy()).sum().reindex(numbers) for name, is_one in chosen.items()
    }
    return pd.DataFrame({name: total.to_numpy(dtype=np.int64) for name, total in totals.items()}).astype("Int64")


def _expected(network: Network, members: pd.DataFrame, numbers: Integers) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Physicians and trainees by their probabilities, with intervals; accounts of unknown role are left out."""
    place = pd.Series(np.arange(len(numbers)), index=numbers)
    group = members["community"].map(place).to_numpy(dtype=np.int64)
    row = pd.Index(network.accounts["account_key"]).get_indexer(pd.Index(members["account_key"]))
    columns: dict[str, Any] = {}
    told: dict[str, Any] = {"interval": headcounts.ABOUT, "source": headcounts.SOURCE, "notes": []}
    for name, role in ROLES.items():
        p = headcounts.probabilities(network.accounts, role)[row]
        known = ~np.isnan(p)
        empty = np.bincount(group[known], minlength=len(numbers)) == 0
        expected, lo, hi = headcounts.counted(group[known], p[known], len(numbers))
        columns[f"expected_{name}"] = np.where(empty, np.nan, expected)
        columns[f"expected_{name}_lo"] = pd.arrays.IntegerArray(lo, empty)
        columns[f"expected_{name}_hi"] = pd.arrays.IntegerArray(hi, empty.copy())
        if not known.all():
            told["notes"].append(f"{name}: {int((~known).sum()):,} accounts of unknown role are left out")
    return pd.DataFrame(columns), told
