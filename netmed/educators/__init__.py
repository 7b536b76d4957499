"""Who is a large educator, by one definition or another, and how the list moves with it.

``large_educators`` names them, ``overlap`` sets the lists of any two definitions side by side; ``Grid`` has the
parameters.
"""

from netmed.educators.definitions import Grid
from netmed.educators.naming import large_educators
from netmed.educators.overlapping import overlap

__all__ = ["Grid", "large_educators", "overlap"]
