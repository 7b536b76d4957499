"""The largest eigenvalue of a matrix that falls into blocks, and which blocks attain it.

A matrix without negative entries, all of whose accounts reach one another, has one largest eigenvalue
with one eigenvector (Perron and Frobenius). A network falls into many such blocks. For any positive x
the largest and the smallest ratio (Mx)ᵢ/xᵢ of a block enclose its eigenvalue (Collatz and Wielandt), so
a few multiplications rule out nearly all blocks at once; the few that are left are solved by ARPACK.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from netmed.graphs import Floats, Integers

STEPS = 30
"""Multiplications by which blocks are told apart before any is solved."""

CLOSED = 1e-12
"""Bounds that agree to this share need no solving."""

TIE = 1e-9
"""Eigenvalues that agree to this share are taken for equal."""

DENSE = 64
"""Matrices up to this size are solved whole; ARPACK wants more rows than it keeps vectors."""

_TINY = 1e-200


def largest(
    multiply: Callable[[Floats], Floats],
    block: Integers,
    solve: Callable[[int], float],
    *,
    shift: Floats | float = 0.0,
) -> tuple[float, list[int]]:
    """The largest eigenvalue of all blocks, and the blocks that attain it.

    Parameters
    ----------
    multiply : x → Mx for the whole matrix, which has no negative entry.
    block : number of the block of every row, from 0 on without gaps; each block is irreducible.
    solve : the largest eigenvalue of one block, by its number.
    shift : of each block, added to the diagonal while bounds are sought. A positive diagonal makes powers
        settle even where a block is one cycle; the eigenvalues given are those without it.
    """
    order = np.argsort(block, kind="stable")
    first = np.flatnonzero(np.diff(block[order], prepend=-1))
    low, high = np.zeros(len(first)), np.full(len(first), np.inf)
    x = np.ones(len(block))
    shifts = np.broadcast_to(shift, len(first))
    for _ in range(STEPS):
        product = multiply(x) + shifts[block] * x
        ratio = (product / x)[order]
        low = np.maximum(low, np.minimum.reduceat(ratio, first) - shifts)
        high = np.minimum(high, np.maximum.reduceat(ratio, first) - shifts)
        if np.count_nonzero(high >= low.max() * (1 - TIE)) == 1:
            break
        x = np.maximum(product / np.maximum.reduceat(product[order], first)[block], _TINY)
    best = float(low.max())
    for number in np.argsort(-high, kind="stable").tolist():
        if high[number] < best * (1 - TIE):
            break
        if high[number] - low[number] > CLOSED * high[number]:
            low[number] = high[number] = solve(number)
        best = max(best, float(low[number]))
    return best, np.flatnonzero(high >= best * (1 - TIE)).tolist()


def symmetric_pair(matrix: Any, size: int) -> tuple[float, Floats]:
    """Largest eigenvalue of a symmetric irreducible matrix or operator, and its vector (≥ 0, norm 1)."""
    from scipy.sparse.linalg import eigsh

    if size <= DENSE:
        values, vectors = np.linalg.eigh(matrix @ np.eye(size))
        return float(values[-1]), np.abs(vectors[:, -1])
    value, vector = eigsh(matrix, k=1, which="LA", v0=np.ones(size), tol=0)
    return float(value[0]), np.abs(vector[:, 0])


def root(matrix: Any) -> float:
    """Largest eigenvalue of an irreducible square matrix without negative entries."""
    from scipy.sparse.linalg import eigs

    size = matrix.shape[0]
    if size <= DENSE:
        return float(np.linalg.eigvals(matrix.toarray()).real.max())
    # of the largest real part, not size: round a cycle many eigenvalues are equally large
    return float(eigs(matrix, k=1, which="LR", v0=np.ones(size), tol=0, return_eigenvectors=False)[0].real)
