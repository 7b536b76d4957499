"""Where a reader is who follows edges and now and then starts afresh: the walk behind every PageRank.

Multiplied out in one order, so that the same network gives the same shares to the last bit. (igraph's PRPACK
adds up in as many orders as there are threads; differences of 1e-12 are enough to change who comes first
among equals, and with it a whole picture.)
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netmed.graphs import Floats, Graphs

if TYPE_CHECKING:
    from scipy import sparse

DAMPING = 0.85

SETTLED = 1e-14
"""Total change of the shares below which the walk has settled: about what sums over many accounts are exact to."""

LONGEST = 500
"""Steps at most; each takes a share of 0.85 from the change."""


def step_matrix(graphs: Graphs) -> "sparse.csr_array":
    """From share per account to share that arrives: entry (target, source) is weight / out-strength of source."""
    from scipy import sparse  # late: what needs no matrix should not wait for it

    out = np.bincount(graphs.source, weights=graphs.weight, minlength=graphs.n)
    return sparse.csr_array(
        (graphs.weight / out[graphs.source], (graphs.target, graphs.source)), shape=(graphs.n, graphs.n)
    )


def settled(
    steps: "sparse.csr_array", leaves: npt.NDArray[np.bool_], start: Floats, *, to: float = SETTLED
) -> tuple[Floats, Floats]:
    """Shares of time that no longer change, for each column of ``start``.

    Parameters
    ----------
    steps : ``step_matrix``, (n, n).
    leaves : who is left over an edge, (n, columns); a reader at any other account starts afresh.
    start : where a reader starts, (n, columns); each column adds up to 1.
    to : total change of a column below which it has settled.

    Returns
    -------
    The shares, each column adding up to 1, and the part of them that came over edges; both (n, columns).
    """
    share = start.copy()
    arrived = np.zeros_like(share)
    for _ in range(LONGEST):
        arrived = DAMPING * (steps @ (share * leaves))
        afresh = 1.0 - arrived.sum(axis=0)
        following = arrived + afresh * start
        change = float(np.abs(following - share).sum(axis=0).max(initial=0.0))
        share = following
        if change < to:
            break
    return share, arrived
