"""How many profiles a second `netmed.roles.classify` reads, and how time grows with hostile text.

The profiles are invented: parts of bios put together at random, each with a name and a handle of its own.
Wanted: 1,000,000 profiles in 60 s on two cores; twice the text in less than four times the time.
"""

import argparse
import time

import numpy as np
import pandas as pd

from netmed import roles

PARTS = (
    "Emergency physician",
    "PGY-2 internal medicine resident @LakeshoreGen",
    "Views my own, not medical advice",
    "Mom of two, runner, coffee",
    "Assistant Professor of Medicine",
    "Nurse practitioner in cardiology",
    "Living with lupus since 2011",
    "Official account of the department",
    "Software engineer. Cats.",
    "PhD candidate in immunology",
    "Médica de familia. Docente.",
    "Towson, MD",
    "#MedEd #FOAMed",
    "消化器内科医。発言は個人の見解です",
    "Books, bikes and bread 🚲",
)


def invented(count: int, seed: int = 1) -> pd.DataFrame:
    """Profiles of one to four parts, no two alike."""
    chance = np.random.default_rng(seed)
    picks = chance.integers(0, len(PARTS), (count, 4))
    sizes = chance.integers(1, 5, count)
    return pd.DataFrame(
        {
            "handle": [f"korvel_{number}" for number in range(count)],
            "name": [("Dr " if pick[0] % 3 == 0 else "") + "Jo Korvel" for pick in picks],
            "description": [
                " | ".join(PARTS[at] for at in pick[:size]) for pick, size in zip(picks, sizes, strict=True)
            ],
        }
    )


HOSTILE = {
    "one letter": "a",
    "dots": "a.",
    "phrases cut short": "not a ",
    "marks": "e\u0301\u0302\u0303\u0304\u0305",
    "hidden": "d\u200b",
    "credentials": "MD, ",
    "relatives": "wife of a doctor & ",
    "mentions": "@a.",
    "bold": "𝐌𝐃 ",
    "syllables": "医",
    "gated words": "arts ",
    "far relatives": "my wife. a surgeon. ",
}
"""Pieces that, said over and over, have slowed other readers down."""


def seconds(table: pd.DataFrame) -> float:
    """How long the table takes."""
    start = time.perf_counter()
    roles.classify(table)
    return time.perf_counter() - start


def main() -> None:
    """Print profiles a second, then the growth for each hostile text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=1_000_000)
    asked = parser.parse_args()
    seconds(invented(100))
    took = seconds(invented(asked.profiles))
    print(f"{asked.profiles:,} profiles in {took:.1f} s: {took / asked.profiles * 1e6:.0f} s a million")
    for name, piece in HOSTILE.items():
        short, long = (
            min(seconds(pd.DataFrame({"description": [(piece * size)[:size]] * 3})) for _ in range(3))
            for size in (5_000, 10_000)
        )
        print(f"{name:>18}: 10 kB takes {long / short:.1f} × as long as 5 kB ({long / 3 * 1e3:.1f} ms)")


if __name__ == "__main__":
    main()
