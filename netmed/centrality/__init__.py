"""Who is central.

``scores`` measures every account, ``summary`` the network as a whole; ``MEASURES`` lists what is
measured, on which graph, and what a weight means there.
"""

from netmed.centrality.measure import Measure
from netmed.centrality.overview import summary
from netmed.centrality.registry import MEASURES
from netmed.centrality.table import scores

__all__ = ["MEASURES", "Measure", "scores", "summary"]
