"""R5 and R9, and how mixed an audience is: who addressed an account, by role, community and specialty."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.graphs import Graphs
from netmed.network import Network

Values = Mapping[str, Any]


def engaged(network: Network, graphs: Graphs) -> tuple[dict[str, Any], dict[str, str]]:
    """Distinct accounts with an edge to each, and how many of them are physicians and trainees; per row.

    Gives ``engaged_accounts``, ``engaged_physicians`` and ``engaged_trainees`` with ``_lo`` and ``_hi``,
    ``share_of_physicians``; and why some are empty.
    """
    count = np.bincount(graphs.target, minlength=graphs.n)
    columns: dict[str, Any] = {"engaged_accounts": count[graphs.vertex]}
    reasons: dict[str, str] = {}
    for role in headcounts.COLUMN_OF:
        chance = np.empty(graphs.n)
        chance[graphs.vertex] = headcounts.probabilities(network.accounts, role)
        found = headcounts.engagers(graphs.source, graphs.target, chance)
        empty = found.is_empty
        name = f"engaged_{role}s"
        columns[name] = found.expected[graphs.vertex]
        columns[f"{name}_lo"], columns[f"{name}_hi"] = found.lo[graphs.vertex], found.hi[graphs.vertex]
        if not found.is_told.any():
            reasons[name] = f"of no account is it known whether it is a {role}'s; find roles first"
        elif empty.any():
            reasons[name] = f"for {int(empty.sum()):,} accounts the role of no engager is known"
        if role == "physician":
            total = float(chance[found.is_told].sum())
            share = columns[name] / total if total > 0 else np.full(graphs.n, np.nan)
            columns["share_of_physicians"] = share
            if name in reasons or not total:
                reasons["share_of_physicians"] = reasons.get(name, "no account is a physician's")
    return columns, reasons


def mixed(network: Network, graphs: Graphs, communities: pd.DataFrame | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Shannon entropy, in bits, of the communities and of the specialties of those who address each; per row."""
    keys = pd.Index(network.accounts["account_key"])
    columns: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    if communities is None:
        columns["reach_entropy_communities"] = np.full(graphs.n, np.nan)
        reasons["reach_entropy_communities"] = "no communities were given"
    else:
        grouped = communities.set_index("account_key")["community"].reindex(keys).reset_index(drop=True)
        columns["reach_entropy_communities"] = _entropy(graphs, grouped)
    said = network.accounts["specialty"].reset_index(drop=True)
    columns["reach_entropy_specialties"] = _entropy(graphs, said)
    kinds = {"communities": "community", "specialties": "specialty"}
    for many, one in kinds.items():
        empty = int(np.isnan(columns[f"reach_entropy_{many}"]).sum())
        if empty:
            reasons.setdefault(
                f"reach_entropy_{many}", f"for {empty:,} accounts there is no engager whose {one} is known"
            )
    return columns, reasons


def _entropy(graphs: Graphs, group: pd.Series) -> Any:
    """−Σ p log₂ p over the groups of the engagers, each engager once; NaN where no group of theirs is known."""
    codes, _ = pd.factorize(group)
    of_vertex = np.empty(graphs.n, dtype=np.int64)
    of_vertex[graphs.vertex] = codes
    code = of_vertex[graphs.source]
    known = code >= 0
    groups = int(codes.max(initial=-1)) + 1
    cell, members = np.unique(graphs.target[known] * max(groups, 1) + code[known], return_counts=True)
    account = cell // max(groups, 1)
    total = np.bincount(account, weights=members, minlength=graphs.n)
    share = members / total[account]
    bits = np.bincount(account, weights=-share * np.log2(share), minlength=graphs.n)
    return np.where(total > 0, np.maximum(bits, 0.0), np.nan)[graphs.vertex]
