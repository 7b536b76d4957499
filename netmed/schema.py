"""The tables of a network: columns, types, and one line of meaning each.

The order of columns and rows is part of the promise: rows are sorted by ``Table.sort_by``, so the
same input gives the same bytes. Types are Ibis type strings, read by every engine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

RELATIONS = ("reply", "mention", "mention_auto", "retweet", "retweet_manual", "quote")
"""Every way in which one post can address an account, in the order of the count columns."""

ROLE_COLUMNS = (
    *("role", "role_probability", "role_evidence", "specialty"),
    *("is_educator", "p_physician", "p_trainee"),
)
"""What is told of an account by its profile's words, or by a roster."""

BY_ROSTER = "roster"
"""``role_evidence`` of an account whose role a roster states."""

DEFAULT_RELATIONS = ("reply", "mention")
"""The relations that make the network unless others are chosen."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Ibis type, and what it means."""

    name: str
    dtype: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its columns in order, and the columns its rows are sorted by."""

    name: str
    columns: tuple[Column, ...]
    sort_by: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    def dtypes(self) -> dict[str, str]:
        """Column name → Ibis type string."""
        return {column.name: column.dtype for column in self.columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)


def _table(name: str, sort_by: str, rows: str) -> Table:
    """Build a Table from lines of ``name | type | meaning``."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return Table(name, tuple(Column(*row) for row in cells), tuple(sort_by.split()))


FORMULA = "^[=+\\-@\\t\\r\\n\\x00＝＋－＠]"
"""How a text begins that a spreadsheet would run; in our tables an apostrophe stands before it."""

_GUARDED = re.compile("'" + FORMULA.removeprefix("^"))


def unguarded(value: Any) -> Any:
    """A cell of such a table without that apostrophe: ``'@handle`` is ``@handle``; what is no text as it stands."""
    return value[1:] if isinstance(value, str) and _GUARDED.match(value) else value


YES = ("true", "t", "1", "1.0", "yes", "y")
NO = ("false", "f", "0", "0.0", "no", "n")
"""What people write for true and false, in any capitals."""

_TIME = "timestamp('UTC')"

ACCOUNTS = _table(
    "accounts",
    "account_key",
    f"""
    account_key | string | identity on one platform, `platform:id`; `platform:@handle` if only the handle is known
    platform | string | x, bluesky, mastodon or any; of a person on several, joined: bluesky+x
    account_id | string | the platform's own id; empty if only the handle is known
    handle | string | newest handle by time, as spelled there
    handles | array<string> | every handle seen, oldest first
    name | string | display name in the newest profile seen
    description | string | bio in the newest profile seen
    location | string | place as the account states it
    followers | int64 | followers in the newest profile seen
    following | int64 | accounts followed, same profile
    posts_total | int64 | posts the platform counts for the account, same profile
    verified | boolean | verified on the platform, same profile
    protected | boolean | posts visible to followers only, same profile
    created_at | {_TIME} | when the account was opened
    observed_at | {_TIME} | when the newest profile was seen
    is_author | boolean | wrote a post of the collection
    role | string | physician, trainee, …, unknown; empty until roles are found, and where no profile was seen
    role_probability | float64 | probability of that role; 1 where a roster states it
    role_evidence | string | the phrases that told, a bar between them; `roster` where a roster did, and \
`roster:specialty`, `roster:is_educator` where it told these alone
    specialty | string | medical specialty of a physician or trainee, open vocabulary
    is_educator | boolean | the profile names teaching medicine as a task
    p_physician | float64 | probability that the account is a physician's
    p_trainee | float64 | probability that it is a physician's in training or a medical student's
    n_posts | int64 | posts of the collection by this account
    n_original | int64 | of these, all that are not reposts (the unit of the #MedEd study)
    n_reply | int64 | of these, replies (with or without a quote)
    n_retweet | int64 | of these, reposts
    n_quote | int64 | of these, quotes (with or without a reply)
    n_self_reply | int64 | replies to itself (threads); they make no edge
    first_at | {_TIME} | its first post in the collection
    last_at | {_TIME} | its last post in the collection
    """,
)

POSTS = _table(
    "posts",
    "post_key",
    f"""
    post_key | string | `platform:post_id`; for an edited post the id of its first version
    author_key | string | account that wrote it; empty if unknown
    created_at | {_TIME} | when it was posted
    created_from | string | `platform` (stated), `snowflake` (read from the id), empty if unknown
    kind | string | post, reply, quote, reply+quote or retweet (any repost)
    conversation_id | string | the platform's id of the thread
    reply_to_post_key | string | the post it replies to
    quoted_post_key | string | the post it quotes
    retweeted_post_key | string | the post it reposts
    lang | string | language as the platform states it
    hashtags | array<string> | hashtags, lower case, sorted, without #
    dois | array<string> | DOIs found in its links, lower case, sorted
    urls_n | int64 | links in it
    likes | int64 | newest count seen; empty if not stated
    retweets | int64 | newest count seen; empty if not stated
    replies | int64 | newest count seen; empty if not stated
    quotes | int64 | newest count seen; empty if not stated
    impressions | int64 | newest count seen; empty if not stated
    in_collection | boolean | delivered; false for a post that only came along with another
    text | string | empty unless kept (--keep-text)
    """,
)

EVENTS = _table(
    "events",
    "post_key source_key target_key relation",
    f"""
    post_key | string | the post that addresses
    created_at | {_TIME} | when
    source_key | string | the account that speaks
    target_key | string | the account spoken to
    relation | string | reply, mention, mention_auto, retweet, retweet_manual or quote
    resolved_by | string | what told the target
    """,
)

EDGES = _table(
    "edges",
    "source_key target_key",
    f"""
    source_key | string | the account that speaks
    target_key | string | the account spoken to
    weight | float64 | distinct posts of source that address target; from an edge list: its weights added up
    n_reply | int64 | of these posts, replies
    n_mention | int64 | of these posts, mentions typed by the author
    n_mention_auto | int64 | of these posts, mentions put there by the platform
    n_retweet | int64 | of these posts, reposts
    n_retweet_manual | int64 | of these posts, reposts typed by hand (RT @x)
    n_quote | int64 | of these posts, quotes
    first_at | {_TIME} | first of these posts
    last_at | {_TIME} | last of these posts
    """,
)

TABLES = (ACCOUNTS, POSTS, EVENTS, EDGES)
