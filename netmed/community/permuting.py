"""Null models of who addresses whom, as draws: labels change hands, or edges change targets."""

import numpy as np

from netmed.graphs import Floats, Integers

USUAL = 200
"""Draws where nobody says how many."""

ENDS = 50_000_000
"""Edges times draws; larger networks get fewer draws."""

FEWEST = 20


def draws(edges: int) -> int:
    """How many draws a network of so many edges gets: 200, of very large ones down to 20."""
    return int(np.clip(ENDS // max(1, edges), FEWEST, USUAL))


def within(rng: np.random.Generator, labels: Integers, strata: Integers) -> Integers:
    """Labels permuted among the members of each stratum."""
    mixed = np.empty_like(labels)
    mixed[np.argsort(strata, kind="stable")] = labels[np.lexsort((rng.random(len(labels)), strata))]
    return mixed


def among(rng: np.random.Generator, labels: Integers, chosen: Integers) -> Integers:
    """Labels permuted among some of the members."""
    mixed = labels.copy()
    mixed[chosen] = rng.permutation(labels[chosen])
    return mixed


def strata_of(degree: Integers) -> Integers:
    """Strata of degree: 0, 1, 2–3, 4–7, 8–15, …"""
    return np.frexp(degree.astype(np.float64))[1].astype(np.int64)


def two_sided(observed: Floats, found: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, standard deviation, z and p of numbers against their draws.

    Parameters
    ----------
    observed : k numbers. found : draws × k; NaN where a draw has none.

    Returns
    -------
    Four arrays of k. p = (1 + draws at least as far from their mean) / (1 + draws). NaN where there are
    no draws to compare with; z where they do not vary.
    """
    known = np.isfinite(found)
    count = known.sum(axis=0)
    usable = (count > 1) & np.isfinite(observed)
    filled = np.where(known, found, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, filled.sum(axis=0) / count, np.nan)
        off = np.where(known, np.abs(found - mean), -1.0)
        deviation = np.sqrt((np.where(known, off, 0.0) ** 2).sum(axis=0) / (count - 1))
        slack = 1e-9 * np.maximum(1.0, np.abs(mean))  # sums in another order differ in their last digits
        varies = deviation > slack
        z = np.where(usable & varies, (observed - mean) / deviation, np.nan)
        far = (off >= np.abs(observed - mean) - slack).sum(axis=0)
        p = np.where(usable, (1 + far) / (1 + count), np.nan)
    return mean, np.where(usable, np.where(varies, deviation, 0.0), np.nan), z, p


def adjusted(p: Floats) -> Floats:
    """Benjamini–Hochberg within one table (1995, doi:10.1111/j.2517-6161.1995.tb02031.x); empty stays empty."""
    from scipy.stats import false_discovery_control  # takes a second to import, and few runs need it

    found = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        found[known] = false_discovery_control(p[known], method="bh")
    return found
