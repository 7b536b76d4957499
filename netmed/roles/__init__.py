"""Who is a physician: role, probability, evidence and specialty, from what an account says of itself."""

from netmed.roles.model import ROLES, fitted_on
from netmed.roles.table import COLUMNS, classify

__all__ = ["COLUMNS", "ROLES", "classify", "fitted_on"]
