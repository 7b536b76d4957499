"""A sheet for coders: accounts drawn at random within strata, without what netmed thinks of them.

Strata are the predicted role and the band of the larger of p_physician and p_trainee, so that the few
accounts that may have been missed are drawn as well as those that were found. Every stratum is drawn from
with a known probability; what is known of a row stands in the key, which coders do not open.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from netmed.errors import NetmedError
from netmed.roles.coding import fingerprint
from netmed.roles.model import CLINICAL
from netmed.roles.roster import EVIDENCE

BANDS = (0.1, 0.9)
"""Where the bands of the larger of p_physician and p_trainee meet."""

SHARES = {"physician": 0.4, "trainee": 0.2, "neither": 0.4}
"""Of the sheet: how much goes to accounts taken for physicians, for trainees, and to the others."""

LEAST = 2
"""Rows that every stratum has, or all of its accounts."""

SHEET = {
    "account_key": "identity of the account",
    "row": "number of the row in the table the sheet was drawn from, from 1",
    "handle": "handle, as in the profile",
    "name": "display name",
    "description": "bio",
    "coder_1": "the role that the first coder gives, from name, handle and bio alone",
    "coder_2": "the role that the second coder gives, without seeing the first one's",
    "note": "anything a coder wants to say; not read",
}
KEY = {
    "account_key": SHEET["account_key"],
    "row": SHEET["row"],
    "stratum": "what it was drawn from: predicted role and probability",
    "n_stratum": "accounts in the stratum",
    "n_sampled": "of these, drawn for the sheet",
    "predicted_role": "the role that netmed gave",
    "p_physician": "probability that the account is a physician's, by netmed",
    "p_trainee": "probability that it is a trainee's, by netmed",
}


@dataclass(frozen=True, slots=True)
class Review:
    """The sheet for coders, the key to it, and how many accounts it was drawn from.

    ``by_roster``: accounts left aside because a roster states their role.
    """

    sheet: pd.DataFrame
    key: pd.DataFrame
    accounts: int
    by_roster: int


def review(accounts: pd.DataFrame, size: int, *, seed: int = 1) -> Review:
    """Draw a blinded, stratified sheet for coders.

    Parameters
    ----------
    accounts : one row an account, with the columns that ``classify`` gives and any of account_key, handle,
        name, description. Without account_key, rows are known by their number. Accounts without a role, and
        those whose role a roster states, are not drawn from: the sheet measures what profiles told.
    size : rows of the sheet; all accounts where there are fewer.

    Returns
    -------
    ``sheet``: the accounts in random order, with empty coder_1, coder_2, note. ``key``: for each, its stratum,
    the size of it and how many were drawn (their ratio is the sampling probability), predicted_role,
    p_physician, p_trainee.

    Every stratum gets two rows (or all it has); the rest is shared out in proportion to the square root of its
    size (power allocation: Bankier 1988, The American Statistician 42: 174-177), 40 % for predicted physicians, 20 %
    for trainees. Where the sheet is too short for that many strata, coarser ones are taken.

    Raises ``NetmedError`` where no account has a role, or ``size`` is not positive.
    """
    if size < 1:
        raise NetmedError(f"a review sheet has 1 row or more, not {size}")
    missing = [column for column in ("role", "role_evidence", "p_physician", "p_trainee") if column not in accounts]
    if missing:
        raise NetmedError(f"the accounts have no column {missing[0]}; give what netmed.roles.classify made of them")
    known_by = "account_key" if "account_key" in accounts else "row"
    rows = accounts.reset_index(drop=True)
    if known_by == "row":
        rows = rows.assign(row=np.arange(1, len(rows) + 1))
    told = rows[rows["role"].notna()]
    by_roster = (told["role_evidence"] == EVIDENCE).fillna(False).astype(bool)
    drawn_from = told[~by_roster].sort_values(known_by, ignore_index=True)
    if drawn_from.empty:
        raise NetmedError("no account has a role that its profile told, so there is nothing to review")
    strata = _strata(drawn_from, size)
    generator = np.random.default_rng(seed)
    quotas = allocated(strata.value_counts().sort_index(), size)
    chosen = np.concatenate(
        [generator.choice(np.flatnonzero(strata == name), size=quota, replace=False) for name, quota in quotas.items()]
    )
    chosen = generator.permutation(chosen)
    sample = drawn_from.take(chosen).reset_index(drop=True)
    theirs = strata.take(chosen).reset_index(drop=True)
    sheet = pd.DataFrame({known_by: sample[known_by]})
    for column in ("handle", "name", "description"):
        sheet[column] = sample.get(column)
    sheet[["coder_1", "coder_2", "note"]] = None
    key = pd.DataFrame(
        {
            known_by: sample[known_by],
            "stratum": theirs,
            "n_stratum": theirs.map(strata.value_counts()).astype("int64"),
            "n_sampled": theirs.map(quotas).astype("int64"),
            "predicted_role": sample["role"],
            "p_physician": sample["p_physician"],
            "p_trainee": sample["p_trainee"],
        }
    ).sort_values(known_by, ignore_index=True)
    sheet.attrs["columns"], key.attrs["columns"] = dict(SHEET), dict(KEY)
    meta = {"seed": seed, "rows": len(sheet), "drawn_from": len(drawn_from), "method": "stratified random sample"}
    meta["key_sha256"] = fingerprint(key)
    sheet.attrs["meta"], key.attrs["meta"] = meta, {**meta, "strata": len(quotas), "bands": list(BANDS)}
    return Review(sheet, key, len(drawn_from), int(by_roster.sum()))


def _strata(rows: pd.DataFrame, size: int) -> "pd.Series[str]":
    """The stratum of each account: as fine as gives each ``LEAST`` rows of the sheet."""
    role = rows["role"].astype(object)
    group = role.where(role.isin(CLINICAL), "neither")
    chance = rows[["p_physician", "p_trainee"]].astype(float).max(axis=1)
    low, high = BANDS
    band = np.select(
        [chance >= high, chance >= low], [f"p {high:g} or more", f"p {low:g} to {high:g}"], f"p under {low:g}"
    )
    for strata in (role + ", " + band, group + ", " + band, group, role.where(role.isna(), "all")):
        if strata.nunique() * LEAST <= size:
            break
    return strata


def allocated(sizes: "pd.Series[int]", total: int) -> dict[str, int]:
    """How many to draw from each stratum: at least ``LEAST`` or all, the rest by the square root of its size."""
    left = sizes.to_numpy(dtype=int)
    group = [name.split(",")[0] for name in sizes.index]
    group = [name if name in CLINICAL else "neither" for name in group]
    roots = pd.Series(np.sqrt(left), index=group)
    weights = (roots / roots.groupby(level=0).transform("sum")).to_numpy() * np.array([SHARES[name] for name in group])
    quota = np.minimum(left, min(LEAST, max(1, total // len(left))))
    while (rest := min(total, int(left.sum())) - int(quota.sum())) > 0:
        room = np.where(quota < left, weights, 0.0)
        wanted = rest * room / room.sum()
        step = np.minimum(np.floor(wanted).astype(int), left - quota)
        if not step.any():  # less than one for each: the largest fractions, the first of equals
            first = np.argsort(-wanted, kind="stable")[:rest]
            step[first] = np.minimum(1, (left - quota)[first])
        quota = quota + step
    return dict(zip(sizes.index, quota.tolist(), strict=True))
