"""The rungs of the ladder: what each column means, what data it needs, and how far it may be wrong.

The table, the words of the command and docs/reach.md are made from this one page.
"""

from dataclasses import dataclass

from netmed.schema import Column


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: its number, in a few words what it is, what it needs, its error, and its columns.

    ``column`` is the one that is printed; ``lo`` and ``hi``, or ``error``, say how sure it is.
    """

    number: str
    title: str
    needs: str
    sure: str
    columns: tuple[Column, ...]
    lo: str | None = None
    hi: str | None = None
    error: str | None = None

    @property
    def column(self) -> str:
        """The column that is printed."""
        return self.columns[0].name


def _columns(text: str) -> tuple[Column, ...]:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return tuple(Column(*row) for row in rows)


RUNGS = (
    Rung(
        "R0",
        "potential impressions: original posts times followers",
        "followers (profiles) and posts",
        "on paper: as if every follower read every post that was delivered; by the newest profile's followers. Later "
        "rungs may be more, where posts came along only as answered ones",
        _columns(
            "potential_impressions | float64 | on paper: followers summed over its delivered original posts, as if "
            "each follower saw each post"
        ),
    ),
    Rung(
        "R1",
        "potential reach: followers of it and of those who reposted or quoted it",
        "followers (profiles) of all of them, reposts and quotes",
        "bounds: how far the followers overlap is unknown; of the amplifiers seen in the data",
        _columns(
            """
            potential_reach_lo | float64 | at least so many: the most followers one of them has (it, or an amplifier)
            potential_reach_hi | float64 | at most so many: their followers added up; empty where one's are unknown
            amplifiers | int64 | accounts that reposted or quoted it in the data
            """
        ),
        lo="potential_reach_lo",
        hi="potential_reach_hi",
    ),
    Rung(
        "R2",
        "deduplicated reach: different accounts among those followers",
        "lists of followers (--followers)",
        "exact for the lists given, by a sketch within its error; a lower bound where an amplifier has no list",
        _columns(
            """
            deduplicated_reach | int64 | different accounts on the lists of followers of it and of its amplifiers
            listed_followers | int64 | different accounts on its own list
            exposures | int64 | the same lists added up: who is on three counts three times
            lists_missing | int64 | amplifiers without a list; above 0, deduplicated_reach is a lower bound
            """
        ),
    ),
    Rung(
        "R4",
        "measured impressions: how often its posts were shown, by the platform's count",
        "impressions in the posts",
        "the platform's own definition and count; of the posts that have one",
        _columns(
            """
            measured_impressions | float64 | the platform's count, summed over original posts that have one; empty \
without any
            posts_with_impressions | int64 | original posts that have one
            engagement_rate | float64 | likes, reposts, replies and quotes per impression, of posts that state both
            """
        ),
    ),
    Rung(
        "R5",
        "engaged accounts: those that addressed it",
        "replies, mentions (the relations of the network); roles for physicians and trainees",
        "counted; who is a physician is known with a probability, hence the interval",
        _columns(
            """
            engaged_accounts | int64 | distinct accounts with an edge to it
            engaged_physicians | float64 | expected number of physicians among them
            engaged_physicians_lo | int64 | at least so many at 95 %
            engaged_physicians_hi | int64 | at most so many at 95 %
            engaged_trainees | float64 | expected number of trainees among them
            engaged_trainees_lo | int64 | at least so many at 95 %
            engaged_trainees_hi | int64 | at most so many at 95 %
            """
        ),
    ),
    Rung(
        "R6",
        "accounts within three steps: those that addressed it, those that addressed them, and once more",
        "edges",
        "exact; whether anything was passed on is not asked",
        _columns(
            """
            reach_3 | int64 | accounts within three steps along the flow, itself not counted
            reach_2 | int64 | accounts within two steps along the flow, itself not counted
            """
        ),
    ),
    Rung(
        "R7",
        "cascade reach: accounts it would set in motion with one post, directly and onward",
        "edges and original posts, or --probability",
        "a standard error of the draw; beyond it, as good as the model and its probabilities",
        _columns(
            """
            cascade_reach | float64 | accounts it is expected to reach in a cascade, itself counted; empty where unknown
            cascade_reach_se | float64 | standard error of cascade_reach; empty where it is exact or unknown
            """
        ),
        error="cascade_reach_se",
    ),
    Rung(
        "R8",
        "what it adds: reach that nobody else of a list has",
        "a list of accounts (--joint K, or --accounts)",
        "as of cascade reach; the list is within 1 − 1/e of the best there is",
        _columns(
            """
            marginal_reach | float64 | what it adds to those chosen before it; only for accounts of the list
            unique_reach | float64 | what it reaches and nobody else of the list; only for accounts of the list
            """
        ),
    ),
    Rung(
        "R9",
        "share of the observed physicians that addressed it at least once",
        "roles",
        "as of engaged physicians; of physicians in the data, not of all there are",
        _columns("share_of_physicians | float64 | engaged_physicians / expected number of physicians in the data"),
    ),
)

BESIDE = _columns(
    """
    amplification | float64 | reposts and quotes by others, in the data, per original post
    amplification_lo | float64 | at least so many at 95 %, dispersion heeded
    amplification_hi | float64 | at most so many at 95 %, dispersion heeded
    h_index_reposts | int64 | h of its original posts were reposted h times or more by others in the data
    h_index_reposts_stated | int64 | the same by the platform's counts; empty where it states none
    cascade_size_mean | float64 | posts of an observed cascade that it started, on average, the first counted
    cascade_size_max | int64 | posts of the largest observed cascade that it started
    cascade_depth | int64 | steps of the longest chain of reposts, replies and quotes on a post of its own
    reach_entropy_communities | float64 | Shannon entropy of the communities of its engagers, in bits
    reach_entropy_specialties | float64 | Shannon entropy of the specialties of its engagers, in bits
    """
)

COLUMNS = (*(column for rung in RUNGS for column in rung.columns), *BESIDE)
"""All columns of reach.csv behind account_key, handle and name."""

COUNTS = tuple(column.name for column in COLUMNS if column.dtype == "int64")
