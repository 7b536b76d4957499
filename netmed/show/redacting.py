"""Accounts that few follow did not seek an audience: they may be drawn without saying who they are."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

TELLING = ("account_id", "handle", "handles", "name", "description", "location", "role_evidence")
"""Columns that say who somebody is."""


def hidden(accounts: pd.DataFrame, below: int) -> npt.NDArray[np.bool_]:
    """Which accounts are not to be named: those with fewer followers than ``below``, or an unknown number."""
    followers = accounts["followers"].astype("Float64").to_numpy(dtype=float, na_value=-1.0)
    return np.asarray(followers < below) if below > 0 else np.zeros(len(accounts), dtype=bool)


def redacted(accounts: pd.DataFrame, quiet: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The accounts, those not to be named without whatever tells who they are."""
    if not quiet.any():
        return accounts
    kept = accounts.copy()
    for column in TELLING:
        kept[column] = kept[column].astype(object).where(~quiet, None)
    return kept


def safe_names(names: Mapping[int, str], accounts: pd.DataFrame, quiet: npt.NDArray[np.bool_]) -> dict[int, str]:
    """Names of communities, but for those that name somebody who is not to be named."""
    secret = {f"@{handle}".lower() for handle in accounts.loc[quiet, "handle"].dropna()}
    return {
        number: name
        for number, name in names.items()
        if not secret & {word.strip(",").lower() for word in name.split()}
    }
