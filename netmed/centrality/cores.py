"""Cores: how deep in the densely knit middle an account sits."""

import numpy as np

from netmed.centrality.measure import Measure, Result, Settings
from netmed.graphs import Graphs
from netmed.schema import Column


def _coreness(graphs: Graphs, _: Settings) -> Result:
    modes = {"coreness": "all", "coreness_in": "in", "coreness_out": "out"}
    return Result({name: np.asarray(graphs.E.coreness(mode=mode), dtype=np.int64) for name, mode in modes.items()}, {})


CORENESS = Measure(
    name="coreness",
    columns=(
        Column("coreness", "int64", "largest k of a group in which everyone has k edges inside, to or from"),
        Column("coreness_in", "int64", "largest k of a group in which everyone has k edges to it from inside"),
        Column("coreness_out", "int64", "largest k of a group in which everyone has k edges to others inside"),
    ),
    graph="E",
    weight="ignored",
    cost="n + m",
    source="Seidman 1983, doi:10.1016/0378-8733(83)90028-X; Batagelj and Zaveršnik 2003, arXiv:cs/0310049",
    compute=_coreness,
    formula="max k with i in a largest subgraph of which every account has k edges inside",
    when="To find the inner circle of a hashtag: those who hold the conversation together, not only its stars.",
)
