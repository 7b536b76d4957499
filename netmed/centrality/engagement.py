"""Who stands behind the numbers: how many engagers in effect, how many answered, how closely knit."""

import numpy as np

from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.schema import Column


def _effective_engagers(subject: Subject, _: Settings) -> Result:
    share = subject.weight / subject.in_strength[subject.target]
    entropy = np.bincount(subject.target, weights=-share * np.log(share), minlength=subject.n)
    addressed = subject.in_strength > 0
    return Result({"effective_engagers": np.where(addressed, np.exp(entropy), 0.0)}, {})


def _reciprocity(subject: Subject, _: Settings) -> Result:
    n = subject.n
    there, back = subject.source * n + subject.target, subject.target * n + subject.source
    place = np.searchsorted(there, back)  # edges are sorted by source and target
    mutual = there[np.minimum(place, max(subject.m - 1, 0))] == back if subject.m else np.zeros(0, dtype=np.bool_)
    both = np.bincount(subject.source[mutual], minlength=n)
    total = np.bincount(subject.source, minlength=n) + np.bincount(subject.target, minlength=n)
    values = np.divide(2.0 * both, total, out=np.full(n, np.nan), where=total > 0)
    without = int(np.count_nonzero(total == 0))
    notes = [f"empty for {without:,} accounts without an edge: there is nothing to return"]
    return Result({"reciprocity": values}, {"notes": notes} if without else {})


def _clustering(subject: Subject, _: Settings) -> Result:
    values = np.asarray(subject.undirected.transitivity_local_undirected(mode="zero"), dtype=np.float64)
    return Result({"clustering": values}, {"projection": "undirected, unweighted"})


EFFECTIVE_ENGAGERS = Measure(
    name="effective_engagers",
    columns=(
        Column(
            "effective_engagers",
            "float64",
            "how many equally busy accounts would spread attention as those that address it do; 0 without any",
        ),
    ),
    graph="E",
    weight="strength",
    cost="n + m",
    source="Jost 2006, doi:10.1111/j.2006.0030-1299.14714.x (exponential of Shannon's entropy)",
    compute=_effective_engagers,
    formula="exp(−Σⱼ pⱼ ln pⱼ), pⱼ = w(j→i) / in_strength(i)",
    when="To tell an educator with a broad audience from one whom a single devoted account keeps mentioning.",
)

RECIPROCITY = Measure(
    name="reciprocity",
    columns=(
        Column("reciprocity", "float64", "share of its edges, in and out, that are returned; empty without an edge"),
    ),
    graph="E",
    weight="ignored",
    cost="m log m",
    source="Wasserman and Faust 1994, doi:10.1017/CBO9780511815478",
    compute=_reciprocity,
    formula="2 · |accounts joined in both directions| / (in_degree + out_degree)",
    when="To tell conversation from broadcasting: a journal is mentioned and seldom answers.",
)

CLUSTERING = Measure(
    name="clustering",
    columns=(
        Column(
            "clustering",
            "float64",
            "share of the pairs of its neighbours that are joined, direction ignored; 0 with fewer than two neighbours",
        ),
    ),
    graph="E",
    weight="ignored",
    cost="triangles + m",
    source="Watts and Strogatz 1998, doi:10.1038/30918",
    compute=_clustering,
    formula="2 · triangles through i / (kᵢ (kᵢ − 1)), kᵢ = neighbours of i",
    when="To see whether those around an account also talk to one another, as in a journal club.",
)
