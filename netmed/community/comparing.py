"""How far two partitions agree, how far many do, and how firmly each account sits with its own."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.errors import NetmedError
from netmed.graphs import Floats

MOST = 50_000_000
"""Pairs of runs times accounts; beyond, the runs compared are drawn."""

SOURCES = "ARI: Hubert and Arabie 1985, doi:10.1007/BF01908075; NMI: Danon and others 2005, over the mean entropy, \
doi:10.1088/1742-5468/2005/09/P09008"

Labels = npt.NDArray[np.integer[Any]]


def agreement(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, Any]:
    """Adjusted Rand index and normalised mutual information of two partitions.

    Over the accounts that have a community in both. 1 is the same partition; ARI is 0 where they
    agree as by chance. Sources: Hubert and Arabie 1985, doi:10.1007/BF01908075; Danon and others 2005,
    doi:10.1088/1742-5468/2005/09/P09008 (mutual information over the mean of both entropies).

    Parameters
    ----------
    one, other : columns account_key and community.

    Returns
    -------
    ``accounts`` compared, ``ari``, ``nmi``; both None where no account has a community in both.

    Raises ``NetmedError`` where an account has two rows.
    """
    both = [frame.dropna(subset=["community"]).set_index("account_key")["community"] for frame in (one, other)]
    for each in both:
        if not each.index.is_unique:
            raise NetmedError(f"the account {each.index[each.index.duplicated()][0]} has two rows; give one row each")
    common = both[0].index.intersection(both[1].index)
    if common.empty:
        return {"accounts": 0, "ari": None, "nmi": None}
    first, second = (pd.factorize(each.loc[common])[0] for each in both)
    return {"accounts": len(common), "ari": adjusted_rand(first, second), "nmi": mutual_information(first, second)}


def adjusted_rand(one: Labels, other: Labels) -> float:
    """ARI of two labellings of the same members; 1 where both leave nothing to disagree on."""
    cells, rows, columns = _sizes(one, other)
    together, by_rows, by_columns = _couples(cells), _couples(rows), _couples(columns)
    everybody = len(one) * (len(one) - 1) / 2
    by_chance = by_rows * by_columns / everybody if everybody else 0.0
    most = (by_rows + by_columns) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def mutual_information(one: Labels, other: Labels) -> float:
    """NMI of two labellings of the same members; 1 where neither divides them."""
    cells, rows, columns = (_entropy(sizes) for sizes in _sizes(one, other))
    if rows + columns == 0:
        return 1.0
    return max(0.0, 2 * (rows + columns - cells) / (rows + columns))


def between_runs(memberships: Sequence[Labels], *, seed: int) -> dict[str, Any]:
    """Mean ARI and NMI over all pairs of runs, or, of very many accounts, over some drawn by the seed."""
    pairs = list(combinations(range(len(memberships)), 2))
    if not pairs:
        return {"pairs": 0, "ari": None, "nmi": None, "reason": "one run has nothing to agree with"}
    most = max(1, MOST // max(1, len(memberships[0])))
    every = len(pairs)
    if every > most:
        drawn = np.random.default_rng([abs(seed), 2019]).choice(every, size=most, replace=False)
        pairs = [pairs[i] for i in np.sort(drawn)]
    ari = [adjusted_rand(memberships[i], memberships[j]) for i, j in pairs]
    nmi = [mutual_information(memberships[i], memberships[j]) for i, j in pairs]
    return {"pairs": len(pairs), "of_pairs": every, "ari": float(np.mean(ari)), "nmi": float(np.mean(nmi))}


def stability(kept: Labels, memberships: Sequence[Labels]) -> Floats:
    """How often each account sits with its own: a number from 0 to 1 per member.

    Mean over the runs of the share of the other members of its community (in the partition kept)
    that are with it. NaN where it has no others.
    """
    size = np.bincount(kept)[kept].astype(np.float64)
    total = np.zeros(len(kept))
    for found in memberships:
        _, where, cell = np.unique(_codes(kept, found), return_inverse=True, return_counts=True)
        total += cell[where] - 1
    others = np.where(size > 1, size - 1, np.nan)
    mean: Floats = total / others / max(1, len(memberships))
    return mean


def _codes(one: Labels, other: Labels) -> npt.NDArray[np.int64]:
    return one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other


def _sizes(one: Labels, other: Labels) -> tuple[Floats, Floats, Floats]:
    """Members of every cell, row and column of the cross table that are not empty."""
    cells = np.unique(_codes(one, other), return_counts=True)[1]
    rows, columns = np.bincount(one), np.bincount(other)
    return cells.astype(np.float64), rows[rows > 0].astype(np.float64), columns[columns > 0].astype(np.float64)


def _couples(sizes: Floats) -> float:
    return float((sizes * (sizes - 1)).sum() / 2)


def _entropy(sizes: Floats) -> float:
    share = sizes / sizes.sum() if len(sizes) else sizes
    return float(-(share * np.log(share)).sum()) + 0.0
