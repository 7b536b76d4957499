"""How sure a ranking is: resampled posts, thinned posts, other rules.

``bootstrap`` gives rank intervals, ``thinning`` what stays when posts are left out, ``sensitivity`` the ranking
under other rules of edges, ``audit_conventions`` the readings of path measures. ``compare`` and
``rank_biased_overlap`` set any two rankings side by side.
"""

from netmed.uncertainty.alternatives import accounts_of, sensitivity
from netmed.uncertainty.comparing import Comparison, compare, rank_biased_overlap
from netmed.uncertainty.conventions import audit_conventions
from netmed.uncertainty.resampling import RESAMPLED, bootstrap
from netmed.uncertainty.thinned import thinning

__all__ = [
    "RESAMPLED",
    "Comparison",
    "accounts_of",
    "audit_conventions",
    "bootstrap",
    "compare",
    "rank_biased_overlap",
    "sensitivity",
    "thinning",
]
