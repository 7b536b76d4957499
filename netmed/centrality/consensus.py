"""Consensus: in how many top lists an account is, where each measure has a list of its own."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netmed.centrality.measure import Settings
from netmed.graphs import Floats, Integers
from netmed.schema import Column

COLUMN = Column(
    "consensus_k", "int64", "in how many of the top lists it is; which lists, and how long, is in the conventions"
)

SOURCE = "Riddell and others 2017, Who are the most influential emergency physicians on Twitter?, West. J. Emerg. Med."

TIE = 1e-9
"""Values that agree to this share are equal: rounding decides no place on a list."""


def count(lists: Mapping[str, Floats], settings: Settings) -> tuple[Integers, dict[str, Any]]:
    """How many of the top ``settings.consensus`` lists each account is in.

    Parameters
    ----------
    lists : values per account by column, NaN where empty. An account with 0 or nothing is in no list;
        all that are equal at the border count, so that a list can be longer than asked for.
    """
    k = settings.consensus or 0
    members = {name: _top(values, k) for name, values in lists.items()}
    times: Integers = np.array(list(members.values())).sum(axis=0, dtype=np.int64)
    details = {
        "k": k,
        "lists": list(lists),
        "length_of_lists": {name: int(inside.sum()) for name, inside in members.items()},
        "slots": int(times.sum()),
        "accounts": int(np.count_nonzero(times)),
        "accounts_in_lists": {
            str(number): int(np.count_nonzero(times == number)) for number in range(len(lists), 0, -1)
        },
        "ties": "accounts that are equal at the border of a list are all in it; 0 and empty are in none",
        "source": SOURCE,
    }
    return times, details


def _top(values: Floats, k: int) -> npt.NDArray[np.bool_]:
    there: Floats = np.nan_to_num(values, nan=0.0)
    positive = np.count_nonzero(there > 0)
    if positive <= k:
        return there > 0
    border = np.partition(there, len(there) - k)[len(there) - k]
    inside: npt.NDArray[np.bool_] = there >= border * (1 - TIE)
    return inside
