"""How good the roles are: a filled review sheet against what netmed gave.

Rows count by the inverse of their probability to be drawn: a row stands for n_stratum / (rows of its stratum
that have a code) accounts. Shares of rows of unlike weight have an interval drawn stratum by stratum
(``netmed.roles.strata``), shares of plain rows that of Wilson.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from netmed.roles import proportions, strata
from netmed.roles.coding import Coded, coded
from netmed.roles.model import CLINICAL, ROLES

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
_DRAWN = f"prior of Jeffreys shared by the strata (Brown, Cai and DasGupta 2001), {strata.DRAWS:,} draws"
_PLAIN = "Wilson 1927"
_KAPPA = "Wilson 1927 for the agreement, that by chance held fixed"


@dataclass(frozen=True, slots=True)
class Scores:
    """What a filled sheet says.

    ``table``: a row for each measure (``COLUMNS``). ``confusion``: predicted_role × coded_role with rows and the
    accounts they stand for. ``facts``: what became of the rows; they sum.
    """

    table: pd.DataFrame
    confusion: pd.DataFrame
    facts: dict[str, Any]


def score(sheet: pd.DataFrame, key: pd.DataFrame, *, name: str = "the sheet", key_sha256: str | None = None) -> Scores:
    """Precision, recall, agreement and prevalence from a filled review sheet and its key.

    Parameters
    ----------
    sheet, key : as ``review`` gave them, the sheet filled in: a role in coder_1 and, where there is a second
        coder, coder_2; where they differ, the role they settled on in a column ``agreed``.
    name : what to call the sheet.
    key_sha256 : what the meta data of the sheet say of its key; another key is refused. None: that of ``sheet.attrs``
        where ``review`` made it, else nothing is known.

    Strata without any code say nothing: what is measured is then of the accounts spoken for and marked so in
    ``interval``, or empty where none of the accounts that were given a role, or none of the others, is spoken for.
    Rows where the coders differ and nothing is agreed, and rows without a code, are left out and counted.

    Raises ``InputError`` for a sheet that is not filled, does not fit its key, or holds a word that is no role.
    """
    found = coded(sheet, key, name, key_sha256 or sheet.attrs.get("meta", {}).get("key_sha256"))
    used = found.rows[found.rows["code"].notna()].reset_index(drop=True)
    of_stratum = used.groupby("stratum")["code"].transform("size")
    weights = (used["n_stratum"] / of_stratum).to_numpy(dtype=float)
    lines: list[dict[str, Any]] = []
    facts = _facts(found, used)
    silent = set(facts["strata_without_a_code"])
    for role in CLINICAL:
        lines += _of_role(role, used, weights, found, silent)
    lines += _of_all(used, weights, found, silent)
    table = pd.DataFrame(lines, columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(("value", "lo", "hi", "n_effective"), "float64") | {"n": "int64"})
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
    every = found.key.drop_duplicates("stratum")
    silent = every[~every["stratum"].isin(used["stratum"])]
    return {
        "rows": len(found.rows),
        "used": len(used),
        "coders_differ": found.differ,
        "without_a_code": found.uncoded,
        "rows_of_the_key_not_in_the_sheet": found.absent,
        "accounts": int(every["n_stratum"].sum()),
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
    about: str,
    measure: str,
    hit: np.ndarray,
    among: np.ndarray,
    weights: np.ndarray,
    why: str,
    draws: "np.ndarray | None" = None,
    note: str = "",
) -> dict[str, Any]:
    """The weighted share of ``hit`` among some rows.

    ``draws`` : of the share, for the interval; None where all rows that could be among them have one weight.
    ``note`` : of which accounts it is.
    """
    inside = weights[among]
    if not len(inside):
        return _line(about, measure, None, 0, None, f"none: {why}")
    share, worth = float(inside[hit[among]].sum() / inside.sum()), proportions.effective(inside)
    ends = proportions.wilson(share, worth) if draws is None else strata.interval(draws, share)
    return _line(about, measure, share, len(inside), worth, (_PLAIN if draws is None else _DRAWN) + note, *ends)


def _alike(weights: np.ndarray) -> bool:
    return bool(len(weights) and np.allclose(weights, weights[0], rtol=1e-12, atol=0))


def _spoken_for(of: pd.DataFrame, silent: set[str]) -> str:
    """Which accounts a measure is of, where not all strata of a part of the key have a code."""
    every = of.drop_duplicates("stratum")
    told = every.loc[~every["stratum"].isin(silent), "n_stratum"].sum()
    total = every["n_stratum"].sum()
    return "" if told == total else f"; of the {int(told):,} of {int(total):,} accounts spoken for"


def _of_role(
    role: str, used: pd.DataFrame, weights: np.ndarray, found: Coded, silent: set[str]
) -> list[dict[str, Any]]:
    """One role against all others."""
    given, true = (used["predicted_role"] == role).to_numpy(), (used["code"] == role).to_numpy()
    was_given = (found.key["predicted_role"] == role).to_numpy()
    ones = np.ones(len(used))
    none_given, none_true = f"no row was given {role}", f"no row was coded {role}"
    if was_given.any() and not given.any():
        none_given = f"no account that was given {role} has a code"
    drawn = strata.drawn(strata.cells(used, given, true)) if len(used) else None
    is_plain = _alike(weights)
    draws = (
        {"precision": None, "recall": None, "specificity": None}
        if is_plain or drawn is None
        else {
            "precision": None if _alike(weights[given]) else drawn.precision if given.any() else None,
            "recall": drawn.recall,
            "specificity": drawn.specificity,
        }
    )
    note = _spoken_for(found.key, silent)
    precision = _share(
        *(role, "precision", true, given, weights, none_given, draws["precision"]),
        _spoken_for(found.key[was_given], silent),
    )
    # Where one side is not spoken for at all, nothing tells what share of the whole was found.
    for side, words in ((given, "was"), (~given, "was not")):
        if not side.any() and (was_given if words == "was" else ~was_given).any():
            why = f"no account that {words} given {role} has a code"
            recall, specificity = (
                _line(role, name, None, 0, None, f"none: {why}") for name in ("recall", "specificity")
            )
            break
    else:
        recall = _share(role, "recall", given, true, weights, none_true, draws["recall"], note)
        every_true = f"every row was coded {role}"
        specificity = _share(role, "specificity", ~given, ~true, weights, every_true, draws["specificity"], note)
    p, r = precision["value"], recall["value"]
    f1 = None if p is None or r is None else 2 * p * r / (p + r) if p + r else 0.0
    no_f1 = "none: made of two shares" if f1 is not None else "none: no precision or no recall"
    return [
        precision,
        recall,
        _line(role, "f1", f1, len(used), None, no_f1 + (note if f1 is not None else "")),
        specificity,
        _share(role, "precision_of_rows", true, given, ones, none_given),
        _share(role, "recall_of_rows", given, true, ones, none_true),
        *_prevalence(role, used, found.key, was_given, drawn, recall, specificity, bool(silent)),
        *_kappas(role, found.rows, lambda codes: codes == role),
    ]


def _prevalence(
    role: str,
    used: pd.DataFrame,
    key: pd.DataFrame,
    was_given: np.ndarray,
    drawn: "strata.Drawn | None",
    recall: dict[str, Any],
    specificity: dict[str, Any],
    has_silent: bool,
) -> list[dict[str, Any]]:
    """The share that was given the role, by the key, and that share corrected for the errors the sheet shows."""
    of_key = strata.cells(key, was_given, was_given)
    total = float(of_key.sizes.sum())
    found = float(of_key.sizes[of_key.given].sum()) / total
    # Where no stratum mixes the role with others the share is counted over all accounts, else estimated.
    if bool((of_key.rows == of_key.rows_of).all()):
        apparent = _line(*(role, "prevalence_found", found, len(key), total, _PLAIN), *proportions.wilson(found, total))
    else:
        weights = (key["n_stratum"] / key.groupby("stratum")["n_stratum"].transform("size")).to_numpy(dtype=float)
        ends = strata.interval(strata.drawn(of_key).found, found)
        apparent = _line(role, "prevalence_found", found, len(key), proportions.effective(weights), _DRAWN, *ends)
    name = "prevalence_corrected"
    if recall["value"] is None or specificity["value"] is None or drawn is None:
        return [apparent, _line(role, name, None, len(used), None, "none: no recall or no specificity")]
    rates = np.array([recall["value"]]), np.array([specificity["value"]])
    value = float(proportions.corrected(found, *rates)[0])
    if np.isnan(value):
        return [apparent, _line(role, name, None, len(used), None, "none: recall + specificity is 1 or less")]
    if not has_silent:
        return [apparent, _line(role, name, value, len(used), None, _DRAWN, *strata.interval(drawn.prevalence, value))]
    # What the accounts spoken for show of the errors is taken to hold for the others too; where a draw says that
    # finding told nothing, any share is possible.
    draws = proportions.corrected(found, drawn.recall, drawn.specificity)
    low, high = (np.where(np.isnan(draws), edge, draws) for edge in (0.0, 1.0))
    ends = strata.interval(low, value)[0], strata.interval(high, value)[1]
    note = "; recall and specificity are of the accounts spoken for and taken to hold for all"
    return [apparent, _line(role, name, value, len(used), None, _DRAWN + note, *ends)]


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


def _of_all(used: pd.DataFrame, weights: np.ndarray, found: Coded, silent: set[str]) -> list[dict[str, Any]]:
    """All roles at once."""
    rows = found.rows
    right = (used["predicted_role"] == used["code"]).to_numpy()
    every = np.ones(len(used), dtype=bool)
    both = rows[rows["coder_1"].notna() & rows["coder_2"].notna()]
    same = (both["coder_1"] == both["coder_2"]).to_numpy()
    agree = _share("all", "agreement_coders", same, np.ones(len(both), dtype=bool), np.ones(len(both)), "no two codes")
    draws = None if _alike(weights) else strata.drawn(strata.cells(used, every, right)).precision
    accuracy = _share(
        *("all", "accuracy", right, every, weights, "no row was coded", draws), _spoken_for(found.key, silent)
    )
    return [accuracy, agree, *_kappas("all", rows, lambda codes: codes)]
