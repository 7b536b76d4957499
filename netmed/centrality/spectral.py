"""Measures in which it matters who the accounts are that address one."""

import numpy as np

from netmed.centrality.measure import Measure, Result, Settings
from netmed.graphs import Graphs
from netmed.schema import Column

DAMPING = 0.85


def _pagerank(graphs: Graphs, _: Settings) -> Result:
    ranks = graphs.E.pagerank(damping=DAMPING, weights=graphs.weight.tolist(), implementation="prpack")
    return Result({"pagerank": np.asarray(ranks, dtype=np.float64)}, {"damping": DAMPING})


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
)
