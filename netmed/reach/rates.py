"""How sure a mean of counts is, where the counts vary more than chance alone would have it."""

import numpy as np
from scipy import special

from netmed.graphs import Floats

CONFIDENCE = 0.95

ABOUT = (
    "95 %: Garwood's exact Poisson interval on counts and posts divided by the dispersion (variance / mean of the "
    "posts' counts: the account's own or that of all accounts, whichever is larger, at least 1): few posts are passed "
    "on very often, and an interval without it would be far too narrow. Still too narrow where a rare great success is "
    "not among the posts seen"
)

SOURCE = (
    "Garwood 1936, doi:10.1093/biomet/28.3-4.437; quasi-Poisson: McCullagh and Nelder 1989, doi:10.1201/9780203753736"
)


def interval(total: Floats, squares: Floats, posts: Floats) -> tuple[Floats, Floats, Floats]:
    """Lowest and highest mean per post at 95 %, and the dispersion, for every account.

    Parameters
    ----------
    total : sum of the posts' counts. ``squares`` : sum of their squares. ``posts`` : how many; NaN or 0: unknown.

    Returns
    -------
    lo, hi, dispersion: of each account; NaN where there is no post.
    """
    known = posts > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, total / posts, np.nan)
        spread = np.maximum(squares - total * mean, 0.0)
        own = np.where((posts > 1) & (mean > 0), spread / ((posts - 1) * mean), 1.0)
    dispersion = np.where(known, np.maximum(np.maximum(own, _of_all(spread, mean, posts)), 1.0), np.nan)
    tail = (1 - CONFIDENCE) / 2
    count = np.where(known, total / dispersion, 0.0)
    exposure = posts / dispersion
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(count > 0, special.gammaincinv(np.maximum(count, 1e-12), tail), 0.0) / exposure
        high = special.gammaincinv(count + 1, 1 - tail) / exposure
    # a small share of a count has a lower end above 0 in words only, and one above the mean never
    return np.where(known, np.minimum(low, mean), np.nan), np.where(known, high, np.nan), dispersion


def _of_all(spread: Floats, mean: Floats, posts: Floats) -> float:
    """Pearson's dispersion over all accounts of two posts or more that were passed on at all."""
    used = (posts > 1) & (mean > 0)
    freedom = float((posts[used] - 1).sum())
    return float((spread[used] / mean[used]).sum() / freedom) if freedom > 0 else 1.0
