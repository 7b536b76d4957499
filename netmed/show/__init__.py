"""What a person looks at."""

from netmed.show.network_page import PageSummary, page
from netmed.show.static_figures import figures

__all__ = ["PageSummary", "figures", "page"]
