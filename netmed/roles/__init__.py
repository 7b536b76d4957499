"""Who is a physician: role, probability, evidence and specialty, from what an account says of itself."""

from netmed.roles.applying import apply
from netmed.roles.counting import NOT_TOLD, counts, expected_in_words, in_words
from netmed.roles.model import ROLES, fitted_on
from netmed.roles.reviewing import Review, review
from netmed.roles.scoring import Scores, score
from netmed.roles.table import COLUMNS, classify

__all__ = [
    "COLUMNS",
    "NOT_TOLD",
    "ROLES",
    "Review",
    "Scores",
    "apply",
    "classify",
    "counts",
    "expected_in_words",
    "fitted_on",
    "in_words",
    "review",
    "score",
]
