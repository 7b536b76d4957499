"""What the command says of itself: version, citation, where to read and where to ask."""

import datetime

from netmed import __version__

RELEASED = datetime.date(2026, 11, 22)
"""The day of this version, as in CITATION.cff and the CHANGELOG."""

AUTHORS = "The netmed maintainers"
TITLE = "netmed: who mentions and who replies to whom among physicians on social media"

DOCS = "docs/ in the netmed repository: tutorial.md, commands.md, glossary.md"
SUPPORT = "the issue tracker of the netmed repository; say what `netmed --version` prints"


def citation() -> str:
    """Word the reference for a paper's list."""
    return f"{AUTHORS} ({RELEASED.year}). {TITLE} (version {__version__}) [Computer software]."


def version_text() -> str:
    """Word what ``--version`` prints: the version first, then what to cite."""
    return (
        f"netmed {__version__}\n"
        f"Please cite: {citation()}\n"
        "Other formats: CITATION.cff in the netmed repository. Each network's provenance.json names the\n"
        "versions of everything that made it."
    )
