"""Spreading power: how many accounts one account would set in motion along the flow graph."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from netmed import parallel
from netmed.centrality.measure import Measure, Result, Settings
from netmed.centrality.subject import Subject
from netmed.graphs import Floats, Integers
from netmed.schema import Column
from netmed.transmission import transmission

TOLERANCE = 0.001
"""As published: ends where no account's chance of being untouched falls by more than this share."""

WORK = 500_000_000
"""Steps (an edge tried or an account updated) after which no further account is computed."""

FIRST = 16
"""Accounts computed before it is known what one costs."""

LARGEST = 65_536
"""Accounts computed at most between two looks at what is left."""


def _viral(subject: Subject, settings: Settings) -> Result:
    sent = transmission(subject.network, subject, settings.probability)
    in_degree = np.bincount(subject.target, minlength=subject.n)
    values = np.full(subject.n, np.nan)
    values[in_degree == 0] = 0.0  # no flow edge leaves it, whatever the probabilities
    wanted = np.flatnonzero((in_degree > 0) & sent.is_known)
    ranked = wanted[np.argsort(-subject.in_strength[wanted], kind="stable")]
    done, work = spread_of(subject, sent.probability, ranked, values)
    unknown = int(np.count_nonzero((in_degree > 0) & ~sent.is_known))
    notes = []
    if unknown:
        notes.append(
            f"empty for {unknown:,} addressed accounts whose probability is unknown; they pass nothing on, "
            "so that the others' values are lower bounds"
        )
    if done < len(ranked):
        notes.append(
            f"empty for {len(ranked) - done:,} accounts: the {done:,} with the highest in_strength (of equal ones, the "
            f"first by account_key) took the {WORK:,} steps there are"
        )
    details: dict[str, Any] = {
        **sent.details,
        "tolerance": TOLERANCE,
        "accounts_computed": done,
        "accounts_left_out": len(ranked) - done,
        "work": work,
        "work_budget": WORK,
    }
    return Result({"viral": values}, {**details, "notes": notes} if notes else details)


def spread_of(subject: Subject, probability: Floats, seeds: Integers, values: Floats) -> tuple[int, int]:
    """Write the expected activations of seeds into values, in their order, while the work lasts.

    Gives how many were done and the steps that took. Both depend on the steps alone, not on the number of
    cores or on the clock.
    """
    if len(seeds) == 0:
        return 0, 0
    from netmed.centrality import cascade  # late: numba takes half a second to import

    order = np.argsort(subject.target, kind="stable")  # flow edges leave the account spoken to
    head, given = subject.source[order], probability[order]
    start = np.zeros(subject.n + 1, dtype=np.int64)
    np.cumsum(np.bincount(subject.target, minlength=subject.n), out=start[1:])
    n, workers = subject.n, parallel.cores()
    scratch = [(np.tile([1.0, 1.0, 0.0, 0.0], (n, 1)), np.zeros(n, dtype=np.int64)) for _ in range(workers)]

    def run(worker: int, part: Integers) -> tuple[Floats, Integers]:
        found, steps = np.zeros(len(part)), np.zeros(len(part), dtype=np.int64)
        cascade.expected(part, start, head, given, TOLERANCE, *scratch[worker], found, steps)
        return found, steps

    done, work, block = 0, 0, FIRST
    with ThreadPoolExecutor(workers) as pool:
        while done < len(seeds) and work < WORK:
            part = seeds[done : done + block]
            shares = [part[worker::workers] for worker in range(workers)]
            results = list(pool.map(run, range(workers), shares))
            for share, (found, steps) in zip(shares, results, strict=True):
                values[share] = found
                work += int(steps.sum())
            done += len(part)
            affordable = max(WORK - work, 0) * done // max(work, 1)
            block = int(min(LARGEST, max(FIRST, affordable // 2)))
    return done, work


VIRAL = Measure(
    name="viral",
    columns=(
        Column(
            "viral",
            "float64",
            "expected accounts set in motion, directly and onward, if it speaks once; empty where unknown or beyond "
            "the work budget",
        ),
    ),
    graph="F",
    weight="strength",
    cost="accounts × accounts and edges each reaches × steps, up to a budget",
    source="Fink and others 2023, doi:10.1016/j.physa.2023.129083",
    compute=_viral,
    formula="Σᵢ (1 − uᵢ) − 1; per step aᵢ ← uᵢ (1 − Πⱼ (1 − aⱼ p(j→i))), uᵢ ← uᵢ − aᵢ, until no uᵢ falls by over 0.1 %",
    when="To estimate whose posts would travel furthest, rather than who is most looked at.",
)
