"""One pass over all triangles, for the sums that Burt's measures take over them.

No library has them at the size of a platform: networkx takes hours where this takes seconds. The
function is compiled by numba when it is first called, and kept for the next run.
"""

from typing import Any

import numba
import numpy as np

from netmed.graphs import Floats, Integers


def _sums(
    start: Integers,
    head: Integers,
    edge: Integers,
    low: Integers,
    p: Floats,
    m: Floats,
    indirect: Floats,
    spent: Floats,
) -> None:
    """Add what each triangle gives to its six ordered pairs.

    Parameters
    ----------
    start, head, edge : for each vertex its pairs towards vertices of higher degree: slices of their
        other ends and of their numbers.
    low : the smaller vertex of each pair. The ordered pair from it has side 0, the one to it side 1.
    p, m : (pairs, 2), share and strength relative to the strongest, of the vertex a side starts from.
    indirect, spent : (pairs, 2), written to: Σ_q p_iq p_qj and Σ_q p_iq m_jq.
    """
    n = len(start) - 1
    seen = np.full(n, -1, dtype=np.int64)
    for a in range(n):
        for k in range(start[a], start[a + 1]):
            seen[head[k]] = edge[k]
        for k in range(start[a], start[a + 1]):
            b = head[k]
            ab = edge[k]
            for h in range(start[b], start[b + 1]):
                c = head[h]
                ac = seen[c]
                if ac < 0:
                    continue
                bc = edge[h]
                x = 0 if low[ab] == a else 1  # side of a in ab; b has the other
                y = 0 if low[ac] == a else 1  # side of a in ac
                z = 0 if low[bc] == b else 1  # side of b in bc
                # i → j by way of q: p_iq p_qj, and p_iq m_jq
                indirect[ab, x] += p[ac, y] * p[bc, 1 - z]
                indirect[ab, 1 - x] += p[bc, z] * p[ac, 1 - y]
                indirect[ac, y] += p[ab, x] * p[bc, z]
                indirect[ac, 1 - y] += p[bc, 1 - z] * p[ab, 1 - x]
                indirect[bc, z] += p[ab, 1 - x] * p[ac, y]
                indirect[bc, 1 - z] += p[ac, 1 - y] * p[ab, x]
                spent[ab, x] += p[ac, y] * m[bc, z]
                spent[ab, 1 - x] += p[bc, z] * m[ac, y]
                spent[ac, y] += p[ab, x] * m[bc, 1 - z]
                spent[ac, 1 - y] += p[bc, 1 - z] * m[ab, x]
                spent[bc, z] += p[ab, 1 - x] * m[ac, 1 - y]
                spent[bc, 1 - z] += p[ac, 1 - y] * m[ab, 1 - x]
        for k in range(start[a], start[a + 1]):
            seen[head[k]] = -1


sums: Any = numba.njit(_sums, cache=True)
