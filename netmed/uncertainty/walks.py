"""PageRank of many resampled networks at once: dense blocks against one sparse matrix.

A copy of an author is an account of its own, so it writes its edges anew and is one more place to start
afresh. Where the reader goes from an author does not depend on how many copies of it there are (the copies
multiply all its edges alike), only on whether there is one. So one matrix serves all replicates; what
differs is who is there to be left by, and where the reader starts.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from netmed.centrality.spectral import DAMPING
from netmed.graphs import Floats, Graphs

TOLERANCE = 1e-11
"""Total change of the shares below which the power iteration ends; sums over many accounts are no more exact."""

LONGEST = 500


def step_matrix(graphs: Graphs) -> sparse.csr_array:
    """From share per account to share that arrives: entry (target, source) is weight / out-strength of source."""
    out = np.bincount(graphs.source, weights=graphs.weight, minlength=graphs.n)
    return sparse.csr_array(
        (graphs.weight / out[graphs.source], (graphs.target, graphs.source)), shape=(graphs.n, graphs.n)
    )


def pagerank(
    steps: sparse.csr_array, speaks: npt.NDArray[np.bool_], copies: Floats, *, damping: float = DAMPING
) -> tuple[Floats, Floats]:
    """PageRank of networks in which the author in row i stands ``copies[i]`` times.

    Parameters
    ----------
    steps : ``step_matrix`` of the network, (n, n).
    speaks : which accounts have edges to others, (n,).
    copies : (n, replicates); 1 for accounts that are no authors. A reader starts afresh at any account with
        equal chance, so at an author in proportion to its copies. An author who was not drawn is nobody to
        start at, has no edges to others, and can still be addressed.

    Returns
    -------
    The share of time spent at all copies of the account, each column adds up to 1; and the part of it that
    came over edges. Both (n, replicates). With one copy each this is ``pagerank`` of the centrality table.
    """
    start = copies / copies.sum(axis=0)
    leaves = (copies > 0) & speaks[:, np.newaxis]
    share = start.copy()
    arrived = np.zeros_like(share)
    for _ in range(LONGEST):
        arrived = damping * (steps @ (share * leaves))
        afresh = 1.0 - arrived.sum(axis=0)
        following = arrived + afresh * start
        change = float(np.abs(following - share).sum(axis=0).max(initial=0.0))
        share = following
        if change < TOLERANCE:
            break
    return share, arrived
