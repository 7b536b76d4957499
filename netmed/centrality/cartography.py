"""Cartography: the part an account plays within its community and between communities."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.errors import NetmedError
from netmed.graphs import Floats, Integers
from netmed.schema import Column

HUB = 2.5
"""Accounts with a within_module_z from here on are hubs."""

NON_HUBS = (0.05, 0.62, 0.80)
"""Participation up to which a non-hub is R1, R2, R3; above, R4."""

HUBS = (0.30, 0.75)
"""Participation up to which a hub is R5, R6; above, R7."""

ROLES = (
    "R1 ultra-peripheral",
    "R2 peripheral",
    "R3 non-hub connector",
    "R4 non-hub kinless",
    "R5 provincial hub",
    "R6 connector hub",
    "R7 kinless hub",
)

DIGITS = 12
"""Shares are rounded to so many digits before they are held against a threshold."""


def _cartography(subject: Subject, settings: Settings) -> Result:
    participation, z = np.full((2, subject.n), np.nan)
    if settings.communities is None:
        details: dict[str, Any] = {"notes": ["empty: no communities were given; find them first and hand them over"]}
    else:
        community, details = numbered(subject, settings.communities)
        joined, apart = _degrees(subject, community, participation, z)
        details |= {"projection": "undirected, unweighted degrees, as published"}
        details["within_module_z"] = "0 where all members of a community have the same degree in it"
        notes = [f"empty for {apart:,} accounts without a community or without an edge to an account that has one"]
        notes += [f"pairs left out because an end has no community: {joined:,}"] if joined else []
        if apart or joined:
            details["notes"] = notes
    return Result({"participation": participation, "within_module_z": z, "role_ga": _roles(participation, z)}, details)


def numbered(subject: Subject, given: pd.DataFrame) -> tuple[Integers, dict[str, Any]]:
    """Community of every vertex as a number from 0 on, −1 without, and what to say about them.

    Raises ``NetmedError`` where the table is no partition of this network.
    """
    if missing := [name for name in ("account_key", "community") if name not in given.columns]:
        raise NetmedError(f"communities want the columns account_key and community; {', '.join(missing)} is not there")
    twice = given["account_key"].duplicated()
    if twice.any():
        raise NetmedError(f"communities have two rows of {given['account_key'][twice].iloc[0]}; one is wanted")
    codes, labels = pd.factorize(given["community"], sort=True)
    by_key = pd.Series(codes, index=given["account_key"].to_numpy())
    keys = subject.by_vertex["account_key"]
    found = keys.map(by_key).fillna(-1).to_numpy(dtype=np.int64)
    if subject.m and not (found >= 0).any():
        raise NetmedError("no account of the network has a community; were they found in another network?")
    strangers = int((~given["account_key"].isin(keys)).sum())
    return found, {"communities": len(labels), **({"accounts_of_no_network": strangers} if strangers else {})}


def _degrees(subject: Subject, community: Integers, participation: Floats, z: Floats) -> tuple[int, int]:
    """Write both measures; give how many pairs and accounts are left out."""
    pairs = subject.pairs
    known = (community[pairs.low] >= 0) & (community[pairs.high] >= 0)
    one = np.concatenate((pairs.low[known], pairs.high[known]))
    other = np.concatenate((pairs.high[known], pairs.low[known]))
    degree = np.bincount(one, minlength=subject.n)
    groups = int(community.max(initial=-1)) + 1
    towards, count = np.unique(one * max(groups, 1) + community[other], return_counts=True)
    account, group = towards // max(groups, 1), towards % max(groups, 1)
    squares = np.bincount(account, weights=count.astype(np.float64) ** 2, minlength=subject.n)
    placed = degree > 0
    participation[placed] = 1.0 - squares[placed] / degree[placed].astype(np.float64) ** 2
    inside = np.zeros(subject.n)
    own = group == community[account]
    inside[account[own]] = count[own]
    # accounts without an edge belong to no community's mean: they are in none that Leiden gives
    member = community[placed]
    size = np.maximum(np.bincount(member, minlength=groups), 1)
    mean = np.bincount(member, weights=inside[placed], minlength=groups) / size
    variance = np.bincount(member, weights=(inside[placed] - mean[member]) ** 2, minlength=groups) / size
    same = variance[member] <= 1e-18 * np.maximum(mean[member], 1.0) ** 2
    deviation = inside[placed] - mean[member]
    z[placed] = np.where(same, 0.0, deviation / np.sqrt(np.where(same, 1.0, variance[member])))
    return int(np.count_nonzero(~known)), int(np.count_nonzero(~placed))


def _roles(participation: Floats, z: Floats) -> pd.api.extensions.ExtensionArray:
    share, score = np.round(participation, DIGITS), np.round(z, DIGITS)
    non_hub = np.searchsorted(NON_HUBS, share)  # up to and with the threshold
    hub = len(NON_HUBS) + 1 + np.searchsorted(HUBS, share)
    place = np.where(score >= HUB, hub, non_hub)
    known: npt.NDArray[np.bool_] = ~np.isnan(participation)
    names = np.array(ROLES, dtype=object)[np.where(known, place, 0)]
    names[~known] = None
    return pd.array(names, dtype="string")


CARTOGRAPHY = Measure(
    name="cartography",
    columns=(
        Column(
            "participation",
            "float64",
            "how evenly its neighbours are spread over communities: 0 all in one, towards 1 over many; "
            "empty without communities or edges",
        ),
        Column(
            "within_module_z",
            "float64",
            "neighbours in its own community, in standard deviations above that community's mean; "
            "empty without communities or edges",
        ),
        Column("role_ga", "string", f"role from both: {', '.join(ROLES)}; empty without communities or edges"),
    ),
    graph="E",
    weight="ignored",
    cost="n + m log m",
    source="Guimerà and Amaral 2005, doi:10.1038/nature03288",
    compute=_cartography,
    formula="participation = 1 − Σₛ (kᵢₛ / kᵢ)², within_module_z = (κᵢ − mean κ) / sd κ over i's community; "
    "hub from z ≥ 2.5; R1–R4 by participation 0.05, 0.62, 0.80; R5–R7 by 0.30, 0.75",
    when="To tell leaders of one circle from those who connect several.",
)
