"""How many of each role: counts that sum, and the numbers of physicians and trainees that probabilities expect."""

import math
from typing import Any

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.roles.model import CLINICAL, ROLES
from netmed.roles.roster import EVIDENCE, MARKS, has_mark

Z = 1.959963984540054
"""The normal quantile of 95 % intervals."""

NOT_TOLD = "not told"
"""Accounts without a role: no profile was seen, or none was looked for."""


def counts(accounts: pd.DataFrame) -> dict[str, Any]:
    """How the accounts of a table are by role.

    Parameters
    ----------
    accounts : one row an account, with ``role, role_evidence, p_physician, p_trainee``.

    Returns
    -------
    ``roles``: role → accounts, ``not told`` last, which sum to the accounts; ``told``: accounts with a role;
    ``by_roster``: those whose role a roster states; ``facts_by_roster``: those of which it states a specialty or
    teaching and no role; ``expected``: of physicians and of trainees the sum of the probabilities
    (``headcounts.probabilities``) with a 95 % interval (``expected``, ``lo``, ``hi``): normal, with the
    Poisson-binomial variance Σ p(1 − p), cut to 0 and the number of accounts. It holds the probabilities for right
    (docs/roles.md).
    """
    by_role = accounts["role"].value_counts()
    told = {role: int(by_role.get(role, 0)) for role in ROLES}
    # A network from elsewhere may hold roles of other words; what is counted must sum all the same.
    told |= {str(role): int(n) for role, n in sorted(by_role.items()) if role not in told}
    known = accounts[accounts["role"].notna()]
    marks = pd.DataFrame({column: has_mark(accounts["role_evidence"], column) for column in MARKS}, dtype=bool)
    return {
        "roles": {**told, NOT_TOLD: len(accounts) - len(known)},
        "told": len(known),
        "by_roster": int((known["role_evidence"] == EVIDENCE).sum()),
        "facts_by_roster": int(marks.any(axis=1).sum()),
        "expected": {role: _expected(headcounts.probabilities(known, role)) for role in CLINICAL},
    }


def _expected(chances: headcounts.Floats) -> dict[str, float]:
    known = chances[~np.isnan(chances)]
    mean = math.fsum(known)
    half = Z * math.sqrt(math.fsum(known * (1 - known)))
    low, high = max(0.0, mean - half), min(float(len(known)), mean + half)
    return {"expected": round(mean, 4), "lo": round(low, 4), "hi": round(high, 4)}


def in_words(told: dict[str, Any], *, with_zeros: bool = False) -> str:
    """The roles and their counts with a plus between: ``3 physician + 1 unknown``."""
    shown = [f"{n:,} {role}" for role, n in told["roles"].items() if (n or with_zeros) and role != NOT_TOLD]
    return " + ".join(shown) or "none"


def expected_in_words(told: dict[str, Any]) -> str:
    """The expected numbers: ``physicians 3.2 (95 % 1.9 to 4.5), trainees …``."""
    return ", ".join(
        f"{role}s {one['expected']:,.1f} (95 % {one['lo']:,.1f} to {one['hi']:,.1f})"
        for role, one in told["expected"].items()
    )
