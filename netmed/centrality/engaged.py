"""Who the engagers are: how many of the accounts that address one are physicians' and trainees'."""

from typing import Any

import numpy as np

from netmed import headcounts
from netmed.centrality.measure import Measure, Result, Settings, Values
from netmed.centrality.subject import Subject
from netmed.schema import Column


def _engaged(subject: Subject, _: Settings) -> Result:
    known: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {
        role: headcounts.probabilities(subject.by_vertex, role) for role in headcounts.COLUMN_OF
    }
    columns: dict[str, Values] = {}
    details: dict[str, Any] = {"interval": headcounts.ABOUT, "distribution": "exact"}
    notes = []
    either = ~np.isnan(np.array(list(known.values()))).any(axis=0)
    if either.any():
        details["engagers_of_unknown_role"] = len(np.unique(subject.source[~either[subject.source]]))
    for role, chance in known.items():
        found = headcounts.engagers(subject.source, subject.target, chance)
        name = f"engaged_{role}s"
        columns |= {name: found.expected, f"{name}_lo": found.lo, f"{name}_hi": found.hi}
        if not found.is_told.any():
            notes.append(f"empty: of no account is it known whether it is a {role}'s; find roles first")
            continue
        empty = found.is_empty
        partly = int(np.count_nonzero((found.of_known < found.count) & ~empty))
        unknown = len(np.unique(subject.source[~found.is_told[subject.source]]))
        details[f"{name}_engagers_of_unknown_role"] = unknown
        if empty.any():
            notes.append(f"empty for {int(empty.sum()):,} accounts: of none of their engagers it is known ({role})")
        if partly:
            notes.append(
                f"{name} leaves out engagers of unknown role ({unknown:,} accounts): it is a lower bound for "
                f"{partly:,} accounts"
            )
    return Result(columns, {**details, "notes": notes} if notes else details)


def _columns(role: str) -> tuple[Column, ...]:
    name = f"engaged_{role}s"
    return (
        Column(
            name,
            "float64",
            f"expected number of distinct {role}s with an edge to it: the sum of the probabilities of its engagers; "
            "empty where no role of theirs is known",
        ),
        Column(
            f"{name}_lo",
            "int64",
            f"at least so many {role}s at 95 %; unsure is only who is a {role}, by the probabilities of the roles",
        ),
        Column(f"{name}_hi", "int64", f"at most so many {role}s at 95 %, likewise"),
    )


ENGAGED = Measure(
    name="engaged",
    columns=(*_columns("physician"), *_columns("trainee")),
    graph="E",
    weight="ignored",
    cost="m log² of the most engagers one account has",
    source=headcounts.SOURCE,
    compute=_engaged,
    formula="Σⱼ pⱼ over {j : j→i}; lo, hi: 2.5 % and 97.5 % quantiles of Σⱼ Bernoulli(pⱼ)",
    when="To count the colleagues an account reaches, not the crowd: in_degree counts everybody who addresses it.",
)
