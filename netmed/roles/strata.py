"""Shares of accounts from a stratified sample, with intervals that know of what was not seen.

Where no missed physician was drawn among many accounts, the rows that were drawn all agree, and an interval made of
their share alone would be far too narrow. So the share of each stratum is drawn from what its rows leave possible,
Beta(k + a, n − k + a), and weighed by the accounts of the stratum: 2.5 % and 97.5 % quantiles of ``DRAWS`` draws.

a is ½ (the prior of Jeffreys: Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286), shared among the strata
of one side (the role was given, or was not) in proportion to their accounts. With ½ in every one of many small
strata the prior would outweigh the rows: a stratum of two rows without a physician would still say 17 %.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from netmed.roles.proportions import Interval

Floats = NDArray[np.float64]

DRAWS = 10_000
SEED = 1
"""The same sheet gives the same interval."""

PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Cells:
    """Strata of a sheet, one that mixes accounts given the role with others as two cells, the others first.

    ``sizes`` : accounts. ``given`` : whether the role was given to them. ``rows``, ``hits`` : rows with a code, and of
    these, coded with the role. ``of`` : accounts of the whole stratum, and ``rows_of`` its rows with a code.
    """

    sizes: Floats
    given: NDArray[np.bool_]
    rows: NDArray[np.int64]
    hits: NDArray[np.int64]
    of: Floats
    rows_of: NDArray[np.int64]


def cells(used: pd.DataFrame, given: NDArray[np.bool_], hit: NDArray[np.bool_]) -> Cells:
    """The cells of rows with a code.

    Parameters
    ----------
    used : ``stratum, n_stratum``, a row for each row of the sheet that has a code.
    given, hit : for each of them, whether the role was given, and whether the coders gave it.
    """
    rows = used[["stratum", "n_stratum"]].assign(given=given, hit=hit)
    rows["rows_of"] = rows.groupby("stratum")["hit"].transform("size")
    made = rows.groupby(["stratum", "given"], as_index=False).agg(
        rows=("hit", "size"), hits=("hit", "sum"), of=("n_stratum", "first"), rows_of=("rows_of", "first")
    )
    of = made["of"].to_numpy(dtype=np.float64)
    n, n_of = (made[name].to_numpy(dtype=np.int64) for name in ("rows", "rows_of"))
    hits = made["hits"].to_numpy(dtype=np.int64)
    return Cells(of * n / n_of, made["given"].to_numpy(dtype=np.bool_), n, hits, of, n_of)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws of how many accounts were given the role and have it, were given it wrongly, were missed, and the rest."""

    right: Floats
    wrong: Floats
    missed: Floats
    rest: Floats

    @property
    def precision(self) -> Floats:
        """Of the accounts given the role, the share that have it."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> Floats:
        """Of the accounts that have the role, the share that were given it."""
        with np.errstate(invalid="ignore"):  # where nobody has the role
            return self.right / (self.right + self.missed)

    @property
    def specificity(self) -> Floats:
        """Of the accounts that do not have the role, the share that were not given it."""
        with np.errstate(invalid="ignore"):  # where everybody has the role
            return self.rest / (self.rest + self.wrong)

    @property
    def prevalence(self) -> Floats:
        """Of all accounts, the share that have the role."""
        return (self.right + self.missed) / (self.right + self.missed + self.wrong + self.rest)

    @property
    def found(self) -> Floats:
        """Of all accounts, the share that were given the role."""
        return (self.right + self.wrong) / (self.right + self.missed + self.wrong + self.rest)


def drawn(found: Cells, *, draws: int = DRAWS, seed: int = SEED) -> Drawn:
    """Draw what the rows leave possible."""
    generator = np.random.default_rng(seed)
    sizes = np.tile(found.sizes, (draws, 1))
    mixed = found.rows < found.rows_of
    for place in np.flatnonzero(mixed & found.given):
        n, m = found.rows_of[place], found.rows[place]
        sizes[:, place] = found.of[place] * generator.beta(m + PRIOR, n - m + PRIOR, draws)
        sizes[:, place - 1] = found.of[place] - sizes[:, place]  # the cell before it is the rest of its stratum
    side = np.where(found.given, found.sizes[found.given].sum(), found.sizes[~found.given].sum())
    prior = PRIOR * found.sizes / side
    shares = generator.beta(found.hits + prior, found.rows - found.hits + prior, (draws, len(found.sizes)))
    has, has_not = sizes * shares, sizes * (1 - shares)
    return Drawn(
        right=has[:, found.given].sum(axis=1),
        wrong=has_not[:, found.given].sum(axis=1),
        missed=has[:, ~found.given].sum(axis=1),
        rest=has_not[:, ~found.given].sum(axis=1),
    )


def interval(draws: Floats, value: float) -> Interval:
    """The 2.5 % and 97.5 % quantiles, widened to the estimate where that is 0 or 1 and so beyond them."""
    low, high = np.quantile(draws, [0.025, 0.975])
    return min(float(low), value), max(float(high), value)
