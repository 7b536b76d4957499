"""Brokerage: who joins people that are not joined to one another (Burt's structural holes)."""

import numpy as np

from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.graphs import Floats
from netmed.schema import Column


def _brokerage(subject: Subject, _: Settings) -> Result:
    pairs, n = subject.pairs, subject.n
    ends = np.stack((pairs.low, pairs.high), axis=1)
    strength, strongest = np.zeros(n), np.zeros(n)
    for side in (0, 1):
        strength += np.bincount(ends[:, side], weights=pairs.weight, minlength=n)
        np.maximum.at(strongest, ends[:, side], pairs.weight)
    share, relative = pairs.weight[:, None] / strength[ends], pairs.weight[:, None] / strongest[ends]
    indirect, spent = _over_triangles(subject, share, relative)

    def total(of_pairs: Floats) -> Floats:
        # an ordered pair belongs to the vertex it starts from
        sums = np.bincount(ends.ravel(), weights=of_pairs.ravel(), minlength=n)
        return np.where(strength > 0, sums, np.nan)

    columns = {"constraint": total((share + indirect) ** 2), "effective_size": total(1.0 - spent)}
    without = int(np.count_nonzero(strength == 0))
    details = {"projection": "undirected; the weight of a pair is the sum of both directions"}
    notes = [f"empty for {without:,} accounts without an edge: they have no contacts to broker"]
    return Result(columns, {**details, "notes": notes} if without else details)


def _over_triangles(subject: Subject, share: Floats, relative: Floats) -> tuple[Floats, Floats]:
    from netmed.centrality import triangles  # late: numba takes half a second to import

    pairs, n = subject.pairs, subject.n
    degree = np.bincount(pairs.low, minlength=n) + np.bincount(pairs.high, minlength=n)
    # towards the higher degree, few pairs leave any one vertex; equal ones by number
    upward = degree[pairs.low] <= degree[pairs.high]
    tail, head = np.where(upward, pairs.low, pairs.high), np.where(upward, pairs.high, pairs.low)
    order = np.argsort(tail, kind="stable")
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=start[1:])
    indirect, spent = np.zeros_like(share), np.zeros_like(share)
    triangles.sums(start, head[order], order.astype(np.int64), pairs.low, share, relative, indirect, spent)
    return indirect, spent


BROKERAGE = Measure(
    name="brokerage",
    columns=(
        Column(
            "constraint",
            "float64",
            "how much of its ties leads, directly or by way of others, to the same contacts: low for a broker; "
            "empty without an edge",
        ),
        Column(
            "effective_size",
            "float64",
            "its contacts, less what they are tied to one another: many for a broker; empty without an edge",
        ),
    ),
    graph="E",
    weight="strength",
    cost="triangles + m",
    source="Burt 1992, Structural Holes, ISBN 978-0-674-84371-4",
    compute=_brokerage,
    formula="constraint = Σⱼ (pᵢⱼ + Σ_q pᵢ_q p_qⱼ)², effective_size = Σⱼ (1 − Σ_q pᵢ_q mⱼ_q); pᵢⱼ = share of i's "
    "strength that goes to j, mⱼ_q = strength of j and q / j's strongest tie; j and q among i's contacts",
    when="To find accounts that bring together specialties or institutions which do not talk to one another.",
)
