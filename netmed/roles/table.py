"""Profiles in, roles out: the table of who says to be what."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd

from netmed.parallel import cores, spread
from netmed.roles import model
from netmed.roles.features import FEATURES, MEDICAL, Reading
from netmed.roles.model import ROLES
from netmed.roles.reading import read
from netmed.roles.roster import BAR

INPUT = ("handle", "name", "description")

COLUMNS = {
    "role": "the likeliest role; physician or trainee only where these two have 0.6 together",
    "role_probability": "its probability",
    "role_evidence": "the phrases of the profile that speak for it, joined by ' | '",
    "specialty": "medical specialty of a physician or trainee; empty where none is named",
    "is_educator": "the profile names teaching as a task",
    "p_physician": "probability that the account is a physician's; 0 where its profile says nothing of medicine",
    "p_trainee": "probability that it is a physician's in training or a medical student's; 0 likewise",
}
"""Every column of the result, and what it means."""

_AT_ONCE = 5_000
_SECONDS_EACH = 0.8e-4
_MOST_PHRASES = 6


def classify(profiles: pd.DataFrame) -> pd.DataFrame:
    """The role of every profile, from what it says of itself.

    Parameters
    ----------
    profiles : one row an account, with any of the columns handle, name, description; missing columns and
        missing values are empty texts. Nothing else is read.

    Returns
    -------
    One row a profile, in the same order and with the same index: the columns of ``COLUMNS``. ``role`` is
    one of ``ROLES``; ``role_probability``, ``p_physician`` and ``p_trainee`` are between 0 and 1.
    Rows do not influence one another.

    The signs and traps follow published studies of physicians' accounts (docs/roles.md); the model is a
    ridge-penalised multinomial logistic regression (Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634).
    """
    texts = pd.DataFrame({column: _texts(profiles, column) for column in INPUT})
    unlike = texts.drop_duplicates(ignore_index=True)
    lists = [unlike[column].tolist() for column in INPUT]
    parts = min(max(1, math.ceil(len(unlike) / _AT_ONCE)), 10_000)
    if len(unlike) * _SECONDS_EACH > 4:
        parts = max(parts, cores())
    bounds = np.linspace(0, len(unlike), parts + 1).astype(int)
    tasks = [tuple(column[low:high] for column in lists) for low, high in pairwise(bounds)]
    done = spread(_some, tasks, seconds=len(unlike) * _SECONDS_EACH)
    table = pd.concat(done, ignore_index=True) if done else _some([], [], [])
    if len(unlike) < len(texts):
        numbers = unlike.reset_index(names="_row")
        rows = texts.merge(numbers, on=list(INPUT), how="left")["_row"].to_numpy()
        table = table.take(rows)
    table.index = profiles.index
    table.attrs["columns"] = dict(COLUMNS)
    return table


def _texts(profiles: pd.DataFrame, column: str) -> "pd.Series[str]":
    """One column as texts, empty where there is none."""
    if column not in profiles.columns:
        return pd.Series([""] * len(profiles), dtype=object)
    values = profiles[column].reset_index(drop=True).astype(object)
    return values.where(values.notna(), "").map(str).astype(object)


def _some(handles: list[str], names: list[str], descriptions: list[str]) -> pd.DataFrame:
    """The same for a part of the profiles; runs in a process of its own where there are many."""
    readings = [read(*profile) for profile in zip(handles, names, descriptions, strict=True)]
    fitted = model.load()
    chances = fitted.probabilities(model.columns([list(reading.said) for reading in readings]))
    silent = np.array([MEDICAL.isdisjoint(reading.said) for reading in readings], dtype=bool)
    chances = model.without_physicians(chances, silent)
    best = model.decide(chances)
    weights = [dict(zip(FEATURES, column, strict=True)) for column in fitted.weights.T.tolist()]
    roles = [ROLES[at] for at in best]
    return pd.DataFrame(
        {
            "role": pd.array(roles, dtype="str"),
            "role_probability": chances[np.arange(len(best)), best],
            "role_evidence": pd.array(
                [_evidence(reading, weights[at]) for reading, at in zip(readings, best, strict=True)],
                dtype="str",
            ),
            "specialty": pd.array(
                [_specialty(reading, role) for reading, role in zip(readings, roles, strict=True)], dtype="str"
            ),
            "is_educator": np.array(["educator" in reading.said for reading in readings], dtype=bool),
            "p_physician": chances[:, 0],
            "p_trainee": chances[:, 1],
        }
    )


def _evidence(reading: Reading, weights: dict[str, float]) -> str:
    """The phrases whose features speak for the role, strongest first, no phrase inside another."""
    phrases: dict[str, float] = {}
    for feature, quotes in reading.said.items():
        weight = weights[feature]
        if weight > 0:
            for quote in quotes:
                phrases[quote] = max(weight, phrases.get(quote, 0.0))
    kept: list[str] = []
    for phrase in sorted(phrases, key=lambda phrase: -phrases[phrase]):
        if not any(phrase in other for other in kept):
            kept.append(phrase)
    return BAR.join(kept[:_MOST_PHRASES])


def _specialty(reading: Reading, role: str) -> str:
    """The specialty named most firmly, the first of equals."""
    if role not in model.CLINICAL or not reading.specialties:
        return ""
    firmest = max(firmness for firmness, _ in reading.specialties)
    return next(name for firmness, name in reading.specialties if firmness == firmest)
