"""How sure a ranking is: resampled posts, thinned posts, other rules."""
