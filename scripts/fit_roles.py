"""Fit the weights of netmed/roles/weights.json on labelled profiles; needs no network and no other library.

The starting weights in scripts/roles_start.csv say what each feature tells; the fit may move away from
them only as far as the profiles insist (a ridge penalty on the difference). Penalty and temperature are
chosen by ten-fold cross-validation. Usage: fit_roles.py LABELLED.csv… [--date DATE] [--report]
"""

import argparse
import csv
import datetime
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize

from netmed.roles import model
from netmed.roles.features import FEATURES
from netmed.roles.model import ROLES, softmax
from netmed.roles.reading import read

HERE = Path(__file__).resolve().parent
START = HERE / "roles_start.csv"
TARGET = HERE.parent / "netmed" / "roles" / "weights.json"
PENALTIES = (0.1, 0.3, 1.0, 3.0)
FOLDS = 10
LEAST_TEMPERATURE = 0.85
"""No sharper: the vocabularies were written with some of these profiles in sight."""


DOUBT = 0.04
"""Share of profiles in which the words mean something that the vocabularies do not know. Cross-validation cannot
see it, as the vocabularies were mended with these profiles in sight; it is set by how often a sure answer was wrong
at first sight of new sets (docs/roles.md)."""


def say(*words):
    """A line on the terminal."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def start():
    """The starting intercepts and weights."""
    with START.open(encoding="utf-8") as lines:
        rows = {row["feature"]: [float(row[role] or 0) for role in ROLES] for row in csv.DictReader(lines)}
    unknown = set(rows) - set(FEATURES) - {"intercept"}
    missing = set(FEATURES) - set(rows)
    if unknown or missing:
        raise SystemExit(f"{START.name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return np.array(rows["intercept"]), np.array([rows[name] for name in FEATURES])


def fit(features, labels, penalty, begin):
    """Weights that make the labels likely, at a price for every step away from the start."""
    first = np.vstack(begin)
    wanted = np.eye(len(ROLES))[labels]
    design = np.hstack([np.ones((features.shape[0], 1)), features.toarray()])

    def loss(flat):
        weights = flat.reshape(first.shape)
        chances = softmax(design @ weights)
        away = weights - first
        value = -np.log(np.clip((chances * wanted).sum(axis=1), 1e-12, None)).sum() + penalty * (away**2).sum() / 2
        return value, (design.T @ (chances - wanted) + penalty * away).ravel()

    done = optimize.minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    weights = done.x.reshape(first.shape)
    return weights[0], weights[1:]


def folds(count):
    """Which fold each row is left out in: by place, so that the same rows give the same folds."""
    return np.random.default_rng(1).permutation(count) % FOLDS


def crossed(features, labels, penalty, begin):
    """Scores of every row by a model that has not seen it."""
    fold = folds(len(labels))
    scores = np.zeros((len(labels), len(ROLES)))
    for out in range(FOLDS):
        seen = fold != out
        intercept, weights = fit(features[seen], labels[seen], penalty, begin)
        scores[~seen] = features[~seen] @ weights + intercept
    return scores


def log_loss(scores, labels, temperature):
    """Mean surprise at the true roles."""
    chances = softmax(scores / temperature)
    return -np.log(chances[np.arange(len(labels)), labels]).mean()


def measure(chances, labels):
    """Physician precision and recall, accuracy, and the greatest gap of calibration in five bins."""
    said, true = model.decide(chances) == 0, labels == 0
    hit = (said & true).sum()
    p, gaps = chances[:, 0], []
    for low in np.linspace(0, 0.8, 5):
        bin_ = (p >= low) & (p < low + 0.2 + (low > 0.7))
        gaps.append(
            (round(float(p[bin_].mean()), 3), round(float(true[bin_].mean()), 3), int(bin_.sum()))
            if bin_.any()
            else None
        )
    return {
        "precision": round(hit / said.sum(), 4),
        "recall": round(hit / true.sum(), 4),
        "accuracy": round(float((model.decide(chances) == labels).mean()), 4),
        "bins": gaps,
    }


def main():
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", type=Path, nargs="+", help="CSV with handle, name, description, role")
    parser.add_argument("--date", default=datetime.datetime.now(datetime.UTC).date().isoformat())
    parser.add_argument("--report", action="store_true", help="print the mistakes of the cross-validation")
    asked = parser.parse_args()
    rows = pd.concat(
        [pd.read_csv(path, dtype=str, keep_default_na=False) for path in asked.labelled], ignore_index=True
    ).fillna("")
    readings = [read(*row) for row in rows[["handle", "name", "description"]].itertuples(index=False)]
    features = model.columns([list(reading.said) for reading in readings])
    labels = np.array([ROLES.index(role.split("|")[0]) for role in rows["role"]])
    begin = start()
    raw = features @ begin[1] + begin[0]
    say("start:", measure(softmax(np.asarray(raw)), labels))
    tried = []
    for penalty in PENALTIES:
        scores = crossed(features, labels, penalty, begin)
        best = optimize.minimize_scalar(lambda t, s=scores: log_loss(s, labels, t), bounds=(0.5, 4), method="bounded")
        tried.append((best.fun, penalty, float(best.x), scores))
        say(
            f"penalty {penalty}: log loss {best.fun:.4f} at temperature {best.x:.2f}",
            measure(softmax(scores / best.x), labels),
        )
    loss, penalty, temperature, scores = min(tried, key=lambda found: found[0])
    temperature = max(LEAST_TEMPERATURE, temperature)
    intercept, weights = fit(features, labels, penalty, begin)
    others = np.bincount(labels, minlength=len(ROLES)) * (np.arange(len(ROLES)) >= len(model.CLINICAL))
    others = others / others.sum()
    fitted = model.mixed(softmax((features @ weights + intercept) / temperature), DOUBT, others)
    say("chosen:", penalty, round(temperature, 3), "fitted:", measure(fitted, labels))
    if asked.report:
        chances = softmax(scores / temperature)
        for at in np.flatnonzero(chances.argmax(axis=1) != labels):
            row = rows.iloc[at]
            said = f"{ROLES[chances[at].argmax()]} {chances[at].max():.2f}"
            say(row["role"], "->", said, *row[["handle", "name", "description"]], list(readings[at].said))
    stored = {
        "what": "weights of the role model: positive speaks for a role, negative against it",
        "fitted_on": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in asked.labelled},
        "rows": len(rows),
        "date": asked.date,
        "penalty": penalty,
        "cross_validated": {"log_loss": round(float(loss), 4), **measure(softmax(scores / temperature), labels)},
        "temperature": round(temperature, 4),
        "doubt": DOUBT,
        "others": {role: round(float(share), 4) for role, share in zip(ROLES, others, strict=True)},
        "intercept": {role: round(float(value), 3) for role, value in zip(ROLES, intercept, strict=True)},
        "weights": {
            name: {role: round(float(value), 3) for role, value in zip(ROLES, row, strict=True) if abs(value) >= 0.0005}
            for name, row in zip(FEATURES, weights, strict=True)
        },
    }
    TARGET.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
