"""PageRank of many resampled networks at once: dense blocks against one sparse matrix.

A copy of an author is an account of its own, so it writes its edges anew and is one more place to start
afresh. Where the reader goes from an author does not depend on how many copies of it there are (the copies
multiply all its edges alike), only on whether there is one. So one matrix serves all replicates; what
differs is who is there to be left by, and where the reader starts.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from netmed.centrality.walk import settled
from netmed.graphs import Floats

TOLERANCE = 1e-11
"""Total change of the shares below which a replicate has settled; resampling is far less exact."""


def pagerank(steps: sparse.csr_array, speaks: npt.NDArray[np.bool_], copies: Floats) -> tuple[Floats, Floats]:
    """PageRank of networks in which the author in row i stands ``copies[i]`` times.

    Parameters
    ----------
    steps : ``netmed.centrality.walk.step_matrix`` of the network, (n, n).
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
    return settled(steps, leaves, start, to=TOLERANCE)
