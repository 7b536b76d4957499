"""From features to probabilities: a multinomial logistic model whose every weight can be read.

``weights.json`` holds, for each feature and role, a starting weight (what anybody would say the feature
tells) and the fitted one; `scripts/fit_roles.py` fits, held close to the start, and says on which data
and when. A profile's score for a role is the sum of the weights of its features; probabilities are the
softmax of the scores over a temperature, mixed with a small doubt: however clear the words of a physician
seem, in some share of profiles they mean something that no vocabulary knows, and the account is anything else.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from netmed.roles.features import FEATURES

ROLES = (
    "physician",
    "trainee",
    "other_clinician",
    "researcher",
    "student",
    "organisation",
    "journal",
    "industry",
    "patient_advocate",
    "media",
    "other",
    "unknown",
)
"""Every role, in the order of the model's columns; physician and trainee come first."""

CLINICAL = ROLES[:2]
"""Physicians, qualified and in training: the roles that have a specialty."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights (``FEATURES`` × ``ROLES``), an intercept a role, temperature, doubt, and shares of the other roles."""

    intercept: Matrix
    weights: Matrix
    temperature: float
    doubt: float
    others: Matrix

    def probabilities(self, features: "sparse.csr_matrix") -> Matrix:
        """One row a profile, one column a role, each row summing to 1."""
        scores = (np.asarray(features @ self.weights) + self.intercept) / self.temperature
        return mixed(softmax(scores), self.doubt, self.others)


def mixed(chances: Matrix, doubt: float, others: Matrix) -> Matrix:
    """Probabilities of which a share ``doubt`` goes to roles that are no physician's, as these are shared out."""
    return (1 - doubt) * chances + doubt * others


SURE_ENOUGH = 0.6
"""The least probability of being a physician or a trainee with which the likelier of the two is named."""


def decide(chances: Matrix) -> "NDArray[np.int64]":
    """The column of the role to name for each row of probabilities: the likeliest one.

    A physician or trainee is named only where it is ``SURE_ENOUGH`` that the account is one of the two: to call
    somebody a doctor who is none is the worse mistake. Else it is the likeliest of the other roles.
    """
    first = len(CLINICAL)
    named: NDArray[np.int64] = chances.argmax(axis=1) if len(chances) else np.zeros(0, dtype=np.int64)
    doubtful = (named < first) & (chances[:, :first].sum(axis=1) < SURE_ENOUGH)
    named[doubtful] = first + chances[doubtful, first:].argmax(axis=1)
    return named


def without_physicians(chances: Matrix, rows: "NDArray[np.bool_]") -> Matrix:
    """Probabilities with none for physicians and trainees in some rows: what they had goes to the others.

    How many physicians say nothing of medicine depends on the collection, not on their words; to count each
    silent account as a small part of a physician would make a crowd of strangers into a ward.
    """
    kept = chances.copy()
    kept[np.ix_(rows, np.arange(len(CLINICAL)))] = 0.0
    shares: Matrix = kept / kept.sum(axis=1, keepdims=True)
    return shares


def softmax(scores: Matrix) -> Matrix:
    """Exponentials of each row, scaled to sum to 1."""
    powers: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return shares


def columns(said: list[list[str]]) -> "sparse.csr_matrix":
    """Lists of features as a matrix of zeros and ones, one row a profile."""
    place = {feature: at for at, feature in enumerate(FEATURES)}
    starts = np.cumsum([0, *(len(features) for features in said)])
    places = np.fromiter((place[feature] for features in said for feature in features), np.int32, starts[-1])
    return sparse.csr_matrix((np.ones(len(places)), places, starts), shape=(len(said), len(FEATURES)))


@cache
def _stored() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((files("netmed.roles") / "weights.json").read_text(encoding="utf-8"))
    return content


def fitted_on() -> dict[str, Any]:
    """Which model it is: the day it was fitted, and the number of labelled profiles."""
    return {"fitted": _stored()["date"], "labelled_profiles": _stored()["rows"]}


@cache
def load() -> Model:
    """The fitted model that comes with netmed."""
    stored = _stored()
    return Model(
        intercept=np.array([stored["intercept"].get(role, 0.0) for role in ROLES]),
        weights=np.array([[stored["weights"][name].get(role, 0.0) for role in ROLES] for name in FEATURES]),
        temperature=float(stored["temperature"]),
        doubt=float(stored["doubt"]),
        others=np.array([stored["others"].get(role, 0.0) for role in ROLES]),
    )
