"""How sure a ranking is: resampled posts, thinned posts, other rules."""

from netmed.uncertainty.resampling import RESAMPLED, bootstrap

__all__ = ["RESAMPLED", "bootstrap"]
