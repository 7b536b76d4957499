"""How good the roles are: a filled review sheet against what netmed gave.

Rows count by the inverse of their probability to be drawn: a row stands for n_stratum / (rows of its stratum
that have a code) accounts. Shares of weighted rows have the Wilson interval of the effective number of rows
(Kish), shares of plain rows that of their number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from netmed.roles import proportions
from netmed.roles.coding import Coded, coded
from netmed.roles.model import ROLES
from netmed.roles.roster import CLINICAL

COLUMNS = {
    "about": "physician or trainee: that role against all others; all: every role",
    "measure": "what was measured",
    "value": "the estimate; empty where it is not defined",
    "lo": "lower end of the 95 % interval",
    "hi": "upper end of the 95 % interval",
    "n": "rows of the sheet it rests on",
    "n_effective": "what these are worth as rows of one weight; of a share of the population, its accounts",
    "interval": "how the interval was made, or why there is none",
}
MEASURES = {
    "precision": "of the accounts given the role, the share that have it; weighted",
    "recall": "of the accounts that have the role, the share that were given it; weighted",
    "f1": "harmonic mean of precision and recall",
    "specificity": "of the accounts that do not have the role, the share that were not given it; weighted",
    "precision_of_rows": "precision of the rows of the sheet as they are",
    "recall_of_rows": "recall of the rows of the sheet as they are: not that of the network",
    "prevalence_found": "share of the accounts that were given the role",
    "prevalence_corrected": "share of the accounts that have the role, by Rogan and Gladen",
    "accuracy": "share of the accounts whose role is right; weighted",
    "agreement_coders": "share of rows with two codes where they are the same",
    "kappa_coders": "Cohen's κ between the coders, of the rows as they are",
    "kappa_coder_1": "Cohen's κ between netmed and the first coder, of the rows as they are",
    "kappa_agreed": "Cohen's κ between netmed and the code that counts, of the rows as they are",
}
_WEIGHTED = "Wilson 1927, of the effective number of rows (Kish 1965)"
_PLAIN = "Wilson 1927"
_KAPPA = "Cohen 1960"
_LANG = "Lang and Reiczigel 2014, of effective numbers of rows"


@dataclass(frozen=True, slots=True)
class Scores:
    """What a filled sheet says.

    ``table``: a row for each measure (``COLUMNS``). ``confusion``: predicted_role × coded_role with rows and the
    accounts they stand for. ``facts``: what became of the rows; they sum.
    """

    table: pd.DataFrame
    confusion: pd.DataFrame
    facts: dict[str, Any]


def score(sheet: pd.DataFrame, key: pd.DataFrame, *, name: str = "the sheet") -> Scores:
    """Precision, recall, agreement and prevalence from a filled review sheet and its key.

    Parameters
    ----------
    sheet, key : as ``review`` gave them, the sheet filled in: a role in coder_1 and, where there is a second
        coder, coder_2; where they differ, the role they settled on in a column ``agreed``.
    name : what to call the sheet.

    Rows where the coders differ and nothing is agreed, and rows without a code, are left out and counted.

    Raises ``InputError`` for a sheet that is not filled, does not fit its key, or holds a word that is no role.
    """
    found = coded(sheet, key, name)
    used = found.rows[found.rows["code"].notna()].reset_index(drop=True)
    of_stratum = used.groupby("stratum")["code"].transform("size")
    weights = (used["n_stratum"] / of_stratum).to_numpy(dtype=float)
    lines: list[dict[str, Any]] = []
    for role in CLINICAL:
        lines += _of_role(role, used, weights, found.rows)
    lines += _of_all(used, weights, found.rows)
    table = pd.DataFrame(lines, columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(("value", "lo", "hi", "n_effective"), "float64") | {"n": "int64"})
    facts = _facts(found, used)
    table.attrs["columns"] = dict(COLUMNS)
    table.attrs["meta"] = {"measures": dict(MEASURES), "confidence": 0.95, **facts}
    pairs = pd.DataFrame({"predicted_role": used["predicted_role"], "coded_role": used["code"], "accounts": weights})
    confusion = pairs.groupby(["predicted_role", "coded_role"], as_index=False).agg(
        rows=("accounts", "size"), accounts=("accounts", "sum")
    )
    order = {role: place for place, role in enumerate(ROLES)}
    confusion = confusion.sort_values(
        ["predicted_role", "coded_role"], key=lambda names: names.map(order), ignore_index=True
    )
    confusion.attrs["columns"] = {
        "predicted_role": "the role that netmed gave",
        "coded_role": "the role that the coders gave",
        "rows": "rows of the sheet",
        "accounts": "accounts they stand for, by the inverse of the sampling probability",
    }
    confusion.attrs["meta"] = facts
    return Scores(table, confusion, facts)


def _facts(found: Coded, used: pd.DataFrame) -> dict[str, Any]:
    strata = found.rows.drop_duplicates("stratum")
    silent = strata[~strata["stratum"].isin(used["stratum"])]
    return {
        "rows": len(found.rows),
        "used": len(used),
        "coders_differ": found.differ,
        "without_a_code": found.uncoded,
        "rows_of_the_key_not_in_the_sheet": found.absent,
        "accounts": int(strata["n_stratum"].sum()),
        "strata_without_a_code": sorted(silent["stratum"]),
        "accounts_in_strata_without_a_code": int(silent["n_stratum"].sum()),
    }


def _line(
    about: str, measure: str, value: float | None, n: int, worth: float | None, how: str, *ends: float
) -> dict[str, Any]:
    low, high = ends or (None, None)
    cells = (about, measure, value, low, high, n, worth, how)
    return dict(zip(COLUMNS, cells, strict=True))


def _share(
    about: str, measure: str, hit: np.ndarray, among: np.ndarray, weights: np.ndarray, why: str
) -> dict[str, Any]:
    """The weighted share of ``hit`` among some rows."""
    inside = weights[among]
    if not len(inside):
        return _line(about, measure, None, 0, None, f"none: {why}")
    share, worth = float(inside[hit[among]].sum() / inside.sum()), proportions.effective(inside)
    is_plain = bool((inside == inside[0]).all())
    how = _PLAIN if is_plain else _WEIGHTED
    return _line(about, measure, share, len(inside), worth, how, *proportions.wilson(share, worth))


def _of_role(role: str, used: pd.DataFrame, weights: np.ndarray, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """One role against all others."""
    given, true = (used["predicted_role"] == role).to_numpy(), (used["code"] == role).to_numpy()
    ones = np.ones(len(used))
    none_given, none_true = f"no row was given {role}", f"no row was coded {role}"
    precision = _share(role, "precision", true, given, weights, none_given)
    recall = _share(role, "recall", given, true, weights, none_true)
    specificity = _share(role, "specificity", ~given, ~true, weights, f"every row was coded {role}")
    p, r = precision["value"], recall["value"]
    f1 = None if p is None or r is None else 2 * p * r / (p + r) if p + r else 0.0
    return [
        precision,
        recall,
        _line(role, "f1", f1, len(used), None, "none: made of two shares"),
        specificity,
        _share(role, "precision_of_rows", true, given, ones, none_given),
        _share(role, "recall_of_rows", given, true, ones, none_true),
        *_prevalence(role, used, given, weights, recall, specificity),
        *_kappas(role, rows, lambda codes: codes == role),
    ]


def _prevalence(
    role: str,
    used: pd.DataFrame,
    given: np.ndarray,
    weights: np.ndarray,
    recall: dict[str, Any],
    specificity: dict[str, Any],
) -> list[dict[str, Any]]:
    """The share that was given the role, and that share corrected for the errors the sheet shows."""
    found = float(weights[given].sum() / weights.sum())
    # Where no stratum mixes the role with others the share is counted over all accounts, else estimated.
    is_counted = pd.Series(given).groupby(used["stratum"].to_numpy()).nunique().max() == 1
    worth = float(weights.sum()) if is_counted else proportions.effective(weights)
    ends = proportions.wilson(found, worth)
    apparent = _line(role, "prevalence_found", found, len(used), worth, _PLAIN if is_counted else _WEIGHTED, *ends)
    name = "prevalence_corrected"
    if recall["value"] is None or specificity["value"] is None:
        return [apparent, _line(role, name, None, len(used), None, "none: no recall or no specificity")]
    made = proportions.corrected(
        found,
        recall["value"],
        specificity["value"],
        n=worth,
        n_sensitivity=recall["n_effective"],
        n_specificity=specificity["n_effective"],
    )
    if made is None:
        return [apparent, _line(role, name, None, len(used), None, "none: recall + specificity is 1 or less")]
    return [apparent, _line(role, name, made[0], len(used), worth, _LANG, *made[1])]


def _kappas(about: str, rows: pd.DataFrame, seen_as: "Callable[[pd.Series], pd.Series]") -> list[dict[str, Any]]:
    """Agreement between the coders, and of netmed with the first and with the code that counts."""
    lines = []
    pairs = (("coder_1", "coder_2", "kappa_coders"), ("predicted_role", "coder_1", "kappa_coder_1"))
    for first, second, measure in (*pairs, ("predicted_role", "code", "kappa_agreed")):
        both = rows[rows[first].notna() & rows[second].notna()]
        if both.empty:
            lines.append(_line(about, measure, None, 0, None, "none: no row has both"))
            continue
        one, other = (seen_as(both[column]).astype(str).tolist() for column in (first, second))
        made = proportions.kappa(one, other)
        if made is None:
            lines.append(_line(about, measure, None, len(both), None, "none: both say the same of every row"))
        else:
            lines.append(_line(about, measure, made[0], len(both), len(both), _KAPPA, *made[1]))
    return lines


def _of_all(used: pd.DataFrame, weights: np.ndarray, rows: pd.DataFrame) -> list[dict[str, Any]]:
    """All roles at once."""
    right = (used["predicted_role"] == used["code"]).to_numpy()
    every = np.ones(len(used), dtype=bool)
    both = rows[rows["coder_1"].notna() & rows["coder_2"].notna()]
    same = (both["coder_1"] == both["coder_2"]).to_numpy()
    agree = _share("all", "agreement_coders", same, np.ones(len(both), dtype=bool), np.ones(len(both)), "no two codes")
    accuracy = _share("all", "accuracy", right, every, weights, "no row was coded")
    return [accuracy, agree, *_kappas("all", rows, lambda codes: codes)]
