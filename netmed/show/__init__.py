"""What a person looks at."""

from netmed.show.figures import figures
from netmed.show.network_page import PageSummary, page

__all__ = ["PageSummary", "figures", "page"]
