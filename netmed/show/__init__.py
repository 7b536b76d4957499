"""What a person looks at."""

from netmed.show.network_page import PageSummary, page

__all__ = ["PageSummary", "page"]
