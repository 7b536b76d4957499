"""Measures in which it matters who the accounts are that address one."""

from functools import cache
from typing import Any

import numpy as np

from netmed import headcounts
from netmed.centrality import perron, walk
from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.centrality.walk import DAMPING
from netmed.graphs import Floats
from netmed.schema import Column

KATZ_SHARE = 0.9
"""Katz's α as a share of the largest value at which the sum still converges."""

SETTLED = 1e-13
"""Katz's sum ends where a step changes no account by more than this share of the largest value."""

LONGEST = 5_000
"""Steps of Katz's sum: at 0.9 a step, far more than rounding leaves to gain."""


def _pagerank(subject: Subject, _: Settings) -> Result:
    return Result({"pagerank": _walked(subject, np.ones(subject.n))}, {"damping": DAMPING})


def _walked(subject: Subject, start: Floats) -> Floats:
    """Share of time a reader spends at each account who starts in proportion to ``start``."""
    if not subject.n:
        return np.zeros(0)
    leaves = (np.bincount(subject.source, minlength=subject.n) > 0)[:, np.newaxis]
    share, _ = walk.settled(subject.steps, leaves, (start / start.sum())[:, np.newaxis])
    return share[:, 0]


def _physician_pagerank(subject: Subject, _: Settings) -> Result:
    known = headcounts.probabilities(subject.by_vertex, "physician")
    probability = np.nan_to_num(known, nan=0.0)  # a reader does not start where nobody knows who it is
    expected = float(probability.sum())
    details: dict[str, Any] = {"damping": DAMPING, "expected_physicians": expected}
    if expected <= 0:
        unknown = bool(np.isnan(known).all())
        why = "no role is known; find roles first" if unknown else "no account is known as a physician's"
        return Result({"physician_pagerank": np.full(subject.n, np.nan)}, {**details, "notes": [f"empty: {why}"]})
    return Result({"physician_pagerank": _walked(subject, probability)}, details)


def _hits(subject: Subject, _: Settings) -> Result:
    hub, authority = np.full((2, subject.n), np.nan)
    details: dict[str, Any] = {"normalisation": "sum 1"}
    if subject.m == 0:
        return Result({"hub": hub, "authority": authority}, {**details, "notes": ["empty: there are no edges"]})
    from scipy import sparse
    from scipy.sparse.linalg import LinearOperator

    sources, row = np.unique(subject.source, return_inverse=True)
    targets, column = np.unique(subject.target, return_inverse=True)
    there = sparse.csr_array((subject.weight, (row, column)), shape=(len(sources), len(targets)))
    back = there.T.tocsr()
    # an account counts twice, as one that speaks and as one spoken to: the double cover, in two parts
    joined = sparse.block_array([[None, there], [back, None]], format="csr")
    _, part = sparse.csgraph.connected_components(joined, directed=False)
    row_part, column_part = part[: len(sources)], part[len(sources) :].astype(np.int64)

    @cache
    def pair(number: int) -> tuple[float, Floats]:
        block = there[row_part == number][:, column_part == number]
        size = block.shape[1]
        turned = block.T.tocsr()
        gram = LinearOperator((size, size), matvec=lambda x: turned @ (block @ x), dtype=np.float64)
        return perron.symmetric_pair(gram if size > perron.DENSE else turned @ block, size)

    value, winners = perron.largest(lambda x: back @ (there @ x), column_part, lambda number: pair(number)[0])
    details["largest_singular_value"] = float(np.sqrt(value))
    if len(winners) > 1:
        note = f"empty: not unique, {len(winners):,} separate parts of the network have the same largest singular value"
        return Result({"hub": hub, "authority": authority}, {**details, "notes": [note]})
    hub[:], authority[:] = 0.0, 0.0
    authority[targets[column_part == winners[0]]] = pair(winners[0])[1]
    hub[sources] = there @ authority[targets]
    return Result({"hub": hub / hub.sum(), "authority": authority / authority.sum()}, details)


def _eigenvector(subject: Subject, _: Settings) -> Result:
    values = np.full(subject.n, np.nan)
    sizes, part = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if subject.m:
        from scipy.sparse import csgraph

        _, part = csgraph.connected_components(subject.symmetric, directed=False)
        sizes = np.bincount(part)
    giants = np.flatnonzero(sizes == sizes.max()) if subject.m else sizes
    details: dict[str, Any] = {"projection": "undirected; the weight of a pair is the sum of both directions"}
    if len(giants) != 1:
        why = f"{len(giants):,} components are equally large" if len(giants) else "there are no edges"
        return Result({"eigenvector": values}, {**details, "notes": [f"empty: no giant component, {why}"]})
    inside = part == giants[0]
    size = int(sizes[giants[0]])
    eigenvalue, vector = perron.symmetric_pair(subject.symmetric[inside][:, inside], size)
    values[inside] = vector / np.linalg.norm(vector)
    details |= {"accounts_in_giant_component": size, "largest_eigenvalue": eigenvalue, "normalisation": "norm 1"}
    outside = subject.n - size
    notes = [f"empty for {outside:,} accounts outside the giant component"]
    return Result({"eigenvector": values}, {**details, "notes": notes} if outside else details)


def _katz(subject: Subject, _: Settings) -> Result:
    details: dict[str, Any] = {"beta": 1.0, "normalisation": "norm 1"}
    if subject.m == 0:
        ones = np.ones(subject.n) / np.sqrt(max(subject.n, 1))
        return Result({"katz": ones}, {**details, "alpha": 0.0, "largest_eigenvalue": 0.0})
    eigenvalue = _largest_eigenvalue(subject)
    details["largest_eigenvalue"] = eigenvalue
    if eigenvalue > 0:
        alpha = KATZ_SHARE / eigenvalue
        details["alpha_from"] = f"{KATZ_SHARE} / largest eigenvalue"
    else:  # no way leads back anywhere: the sum is finite for any α
        alpha = KATZ_SHARE / float(subject.in_strength.max())
        details["alpha_from"] = f"{KATZ_SHARE} / largest in_strength: without a cycle the eigenvalue is 0"
    inward = (subject.matrix.T * alpha).tocsr()
    x = np.ones(subject.n)
    for _step in range(LONGEST):
        following = inward @ x + 1.0
        change = float(np.abs(following - x).max())
        x = following
        if change <= SETTLED * float(x.max()):
            break
    return Result({"katz": x / np.linalg.norm(x)}, {**details, "alpha": alpha})


def _largest_eigenvalue(subject: Subject) -> float:
    """Of E, strengths: that of the strong component with the largest; 0 where no way leads back."""
    from scipy import sparse

    _, part = sparse.csgraph.connected_components(subject.matrix, connection="strong")
    inside = part[subject.source] == part[subject.target]
    if not inside.any():
        return 0.0
    ends, place = np.unique(np.concatenate((subject.source[inside], subject.target[inside])), return_inverse=True)
    row, column = np.split(place, 2)
    matrix = sparse.csr_array((subject.weight[inside], (row, column)), shape=(len(ends), len(ends)))
    _, block = np.unique(part[ends], return_inverse=True)
    # shifted by their mean strength, powers of a component settle even where it is one cycle
    total = np.bincount(block, weights=np.bincount(row, weights=subject.weight[inside], minlength=len(ends)))
    mean = total / np.bincount(block)

    def solve(number: int) -> float:
        return perron.root(matrix[block == number][:, block == number])

    return perron.largest(lambda x: matrix @ x, block, solve, shift=mean)[0]


PAGERANK = Measure(
    name="pagerank",
    columns=(
        Column(
            "pagerank",
            "float64",
            "share of the time a reader spends here who follows edges by weight and starts afresh at any account "
            "with probability 0.15, or where an account has no edge to others; sums to 1",
        ),
    ),
    graph="E",
    weight="strength",
    cost="some tens of times n + m",
    source="Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X",
    compute=_pagerank,
    formula="PR(i) = 0.15/n + 0.85 Σⱼ PR(j) w(j→i) / out_strength(j)",
    when="To rank accounts so that attention from those who get attention counts for more.",
)

PHYSICIAN_PAGERANK = Measure(
    name="physician_pagerank",
    columns=(
        Column(
            "physician_pagerank",
            "float64",
            "PageRank of a reader who starts, and starts afresh, at accounts in proportion to the probability that "
            "they are a physician's; sums to 1; empty where no physician is known",
        ),
    ),
    graph="E",
    weight="strength",
    cost="some tens of times n + m",
    source="Haveliwala 2002, doi:10.1145/511446.511513 (teleport to chosen accounts)",
    compute=_physician_pagerank,
    formula="PR(i) = 0.15 vᵢ + 0.85 Σⱼ PR(j) w(j→i) / out_strength(j), v ∝ P(physician)",
    when="To rank accounts by the attention that starts with physicians, in the open and reproducibly.",
)

HITS = Measure(
    name="hits",
    columns=(
        Column("hub", "float64", "how much it addresses accounts of authority; sums to 1; empty where not unique"),
        Column("authority", "float64", "how much hubs address it; sums to 1; empty where not unique"),
    ),
    graph="E",
    weight="strength",
    cost="some tens of times n + m",
    source="Kleinberg 1999, doi:10.1145/324133.324140",
    compute=_hits,
    formula="hub = A·authority, authority = Aᵀ·hub: the first pair of singular vectors of A = [w(i→j)]",
    when="To tell those who point to good sources (hubs) from the sources (authorities).",
)

EIGENVECTOR = Measure(
    name="eigenvector",
    columns=(Column("eigenvector", "float64", "eigenvector centrality, norm 1; empty outside the giant component"),),
    graph="E",
    weight="strength",
    cost="some tens of times n + m",
    source="Bonacich 1972, doi:10.1080/0022250X.1972.9989806",
    compute=_eigenvector,
    formula="λ₁ xᵢ = Σⱼ (w(i→j) + w(j→i)) xⱼ",
    when="To compare with published lists of influencers that used it; direction is lost.",
)

KATZ = Measure(
    name="katz",
    columns=(
        Column("katz", "float64", "sum over all ways that lead to it, each step counting α times its weight; norm 1"),
    ),
    graph="E",
    weight="strength",
    cost="some hundreds of times n + m",
    source="Katz 1953, doi:10.1007/BF02289026",
    compute=_katz,
    formula="xᵢ = 1 + α Σⱼ w(j→i) xⱼ, α = 0.9 / λ₁ (0.9 / largest in_strength where no way leads back)",
    when="In place of the eigenvector where the network is directed or falls into pieces.",
)
