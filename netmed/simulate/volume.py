"""How many original posts each year has: the curve of the JAMA #MedEd study, at any size.

An original post is every post that is not a repost; replies and quotes are original. The study
gives the total over 2012–2022 and the last two years; the years before are filled in by a curve
that rises smoothly and makes the total exact.
"""

from datetime import UTC, datetime

STUDY: dict[int, int] = {
    2012: 41_000,
    2013: 89_000,
    2014: 145_000,
    2015: 204_000,
    2016: 267_000,
    2017: 332_000,
    2018: 401_000,
    2019: 475_000,
    2020: 572_949,
    2021: 692_095,
    2022: 1_178_647,
}
"""Original posts per calendar year (UTC); 2021, 2022 and the sum, 4,397,691, are the study's."""


def yearly(posts: int) -> dict[int, int]:
    """Share ``posts`` original posts among the years of the study.

    Largest remainders decide the rounding (ties go to the earlier year), so the counts sum to
    ``posts`` exactly and ``yearly(4_397_691)`` is the study itself.
    """
    total = sum(STUDY.values())
    counts = {year: posts * volume // total for year, volume in STUDY.items()}
    by_remainder = sorted(STUDY, key=lambda year: (-(posts * STUDY[year] % total), year))
    for year in by_remainder[: posts - sum(counts.values())]:
        counts[year] += 1
    return counts


def year_start(year: int) -> int:
    """Say when a year starts (UTC), in milliseconds since 1970."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1000


START = year_start(min(STUDY))
END = year_start(max(STUDY) + 1)
