"""From posts to events: who addresses whom in which post, and what told us.

Rules 1 to 5, 8 and 10 of ``netmed rules``, one function each. Every function gives rows of *addresses*:
candidates ``post_key, platform, at, author_id, author_handle, relation, target_id, target_handle,
resolved_by``. Precedence then leaves one event per post and target.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from netmed.building.identity import account_key, look_up, resolve
from netmed.engines import Engine

PRECEDENCE = {"retweet": 1, "reply": 2, "quote": 2, "retweet_manual": 3, "mention": 4, "mention_auto": 5}
"""Rule 1: for one post and target the lowest rank stays; reply and quote are both kept."""

EVIDENCE = {
    "referenced_post": "the author of the post it replies to, quotes or reposts",
    "in_reply_to": "the platform names the account replied to",
    "mention": "a mention entity of the platform",
    "display_text_range": "a mention the platform hides before the displayed text",
    "leading_run": "heuristic: mentions in a row at the start of a reply",
    "rt_prefix": "the account after RT @ at the start of a repost",
    "status_url": "the handle in the link to the quoted post",
    "stated": "the record itself names the account quoted or reposted",
    "text": "a handle in the text, where the source lists no mentions",
}
"""``resolved_by``: what told the target."""

MANUAL = r"(?i)(^|[^\p{L}\p{N}_])(rt|mt|via)\s*:?\s*$"
STATUS_URL = r"^https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{2,15})/status(?:es)?/([0-9]+)"

_ADDRESS = (
    *("post_key", "platform", "at", "author_id", "author_handle"),
    *("relation", "target_id", "target_handle", "resolved_by"),
)


def addresses(posts: ir.Table, known: ir.Table) -> ir.Table:
    """All candidates of the posts that make events.

    Parameters
    ----------
    posts : the posts that make events.
    known : all posts seen, those that only came along too; they lend their authors.
    """
    authors = known.select(
        its_platform="platform", its_id="post_id", its_author_id="author_id", its_author_handle="author_handle"
    )
    mentioned = mentions(posts)
    return ibis.union(
        *[
            table.select(*_ADDRESS)
            for table in (
                retweets(posts, authors),
                replies(posts, authors),
                quotes(posts, authors),
                mentioned,
            )
        ]
    )


def _with_author_of(posts: ir.Table, authors: ir.Table, reference: str) -> ir.Table:
    return posts.left_join(
        authors, (posts[reference] == authors.its_id) & (posts.platform == authors.its_platform)
    ).mutate(at="created_at")


def retweets(posts: ir.Table, authors: ir.Table) -> ir.Table:
    """Rules 3 and 8: a repost addresses the author of the original, or else who stands after ``RT @``."""
    rows = _with_author_of(posts.filter(posts.kind == "retweet"), authors, "retweet_post_id")
    is_known = rows.its_author_id.notnull() | rows.its_author_handle.notnull()
    is_stated = rows.retweet_account_id.notnull() | rows.retweet_handle.notnull()
    after_rt = rows.mentions.filter(lambda mention: mention["start"] == 3)[0]
    prefixed = rows.text.startswith("RT @").fill_null(False)
    return rows.mutate(
        relation=ibis.literal("retweet"),
        target_id=ibis.cases(
            (is_known, rows.its_author_id), (is_stated, rows.retweet_account_id), (prefixed, after_rt["id"])
        ),
        target_handle=ibis.cases(
            (is_known, rows.its_author_handle), (is_stated, rows.retweet_handle), (prefixed, after_rt["handle"])
        ),
        resolved_by=ibis.cases((is_known, "referenced_post"), (is_stated, "stated"), else_="rt_prefix"),
    )


def replies(posts: ir.Table, authors: ir.Table) -> ir.Table:
    """Rule 5: a reply addresses whom the platform says, with or without a post replied to (directed posts)."""
    rows = _with_author_of(posts.filter(posts.kind.isin(["reply", "reply+quote"])), authors, "reply_post_id")
    stated = rows.reply_account_id.notnull()
    known = rows.its_author_id.notnull()
    return rows.mutate(
        relation=ibis.literal("reply"),
        target_id=ibis.coalesce(rows.reply_account_id, rows.its_author_id),
        target_handle=ibis.coalesce(rows.reply_handle, rows.its_author_handle),
        resolved_by=ibis.cases((stated, "in_reply_to"), (known, "referenced_post"), else_="in_reply_to"),
    )


def quotes(posts: ir.Table, authors: ir.Table) -> ir.Table:
    """Rules 4 and 8: a quote addresses the author of the quoted post, or else the handle in its link."""
    rows = _with_author_of(posts.filter(posts.kind.isin(["quote", "reply+quote"])), authors, "quote_post_id")
    is_known = rows.its_author_id.notnull() | rows.its_author_handle.notnull()
    is_stated = rows.quote_account_id.notnull() | rows.quote_handle.notnull()
    links = rows.urls.filter(lambda url: url.re_extract(STATUS_URL, 2) == rows.quote_post_id)
    handle = links[0].re_extract(STATUS_URL, 1)
    return rows.mutate(
        relation=ibis.literal("quote"),
        target_id=ibis.cases((is_known, rows.its_author_id), (is_stated, rows.quote_account_id)),
        target_handle=ibis.cases(
            (is_known, rows.its_author_handle), (is_stated, rows.quote_handle), (handle != "", handle)
        ),
        resolved_by=ibis.cases((is_known, "referenced_post"), (is_stated, "stated"), else_="status_url"),
    )


def mentions(posts: ir.Table) -> ir.Table:
    """Rules 2, 3, 4 and 10: the mentions of a post's own text; none for a repost.

    ``mention_auto`` is what the platform filled in: exactly, where it says from where the text is
    shown; else the run of mentions at the start of a reply to a post, single spaces between.
    A directed post replies to no post, so nothing was filled in.
    """
    own = posts.filter(posts.kind != "retweet")
    # A mention listed twice would break the run: each counts once.
    once = ibis.cases((own.mentions.length() > 1, own.mentions.unique()), else_=own.mentions)
    rows = own.select(
        "post_key",
        "platform",
        "author_id",
        "author_handle",
        "text",
        "shown_from",
        "mentions_from_text",
        at=own.created_at,
        replies_to_post=own.reply_post_id.notnull(),
        item=once.unnest(),
    ).unpack("item")
    rows = rows.filter(rows.id.notnull() | rows.handle.notnull())
    rows = rows.mutate(is_manual=rows.text.substr(0, rows.start).re_search(MANUAL).fill_null(False))
    guessed = rows.filter(rows.replies_to_post, rows.shown_from.isnull())
    told = rows.filter(~(rows.replies_to_post & rows.shown_from.isnull()))
    return ibis.union(
        _typed_or_filled(told, (told["end"] <= told.shown_from).fill_null(False), "display_text_range"),
        _typed_or_filled(*_leading_run(guessed), "leading_run"),
    )


def _leading_run(rows: ir.Table) -> tuple[ir.Table, ir.BooleanValue]:
    """Whether a mention belongs to the run from offset 0: it starts just where those before it end, a space between."""
    earlier = ibis.cumulative_window(group_by="post_key", order_by=["start", "end", "id", "handle"])
    length = rows["end"] - rows.start + 1
    spans = rows.mutate(expected=length.sum().over(earlier) - length)
    follows = (spans.start == 0) | (spans.text.substr(spans.start - 1, 1) == " ")
    spans = spans.mutate(continues=((spans.start == spans.expected) & follows).fill_null(False).cast("int64"))
    spans = spans.mutate(in_run=spans.continues.min().over(earlier))
    return spans, spans.in_run == 1


def _typed_or_filled(rows: ir.Table, is_filled: ir.BooleanValue, how: str) -> ir.Table:
    return rows.mutate(
        relation=ibis.cases((is_filled, "mention_auto"), (rows.is_manual, "retweet_manual"), else_="mention"),
        target_id=rows.id,
        target_handle=rows.handle,
        resolved_by=ibis.cases((is_filled, how), (rows.mentions_from_text.fill_null(False), "text"), else_="mention"),
    ).select(*_ADDRESS)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Candidates with keys: ``post_key, created_at, source_key, target_key, relation, resolved_by``.

    An end nobody can know is null. ``nameless``: targets known by handle only, as typed
    (``platform, handle, at``). ``ambiguous``: handles that several accounts could have held then.
    """

    table: ir.Table
    nameless: ir.Table
    ambiguous: int


def keyed(engine: Engine, candidates: ir.Table, seen: ir.Table) -> Keyed:
    """Rules 8 and 9: give both ends of the stored ``candidates`` their account keys."""
    rows, ambiguous = candidates, 0
    loose = rows.filter(rows.target_id.isnull(), rows.target_handle.notnull())
    if loose.count().execute() > 0:
        resolved = resolve(engine, "targets", loose.select("platform", "at", handle="target_handle"), seen)
        ambiguous = int(resolved.is_ambiguous.sum().execute() or 0)
        rows = look_up(candidates, resolved, account_id="target_id", handle="target_handle", at="at")
    table = rows.select(
        "post_key",
        created_at="at",
        source_key=account_key(rows.platform, rows.author_id, rows.author_handle),
        target_key=account_key(rows.platform, rows.target_id, rows.target_handle),
        relation="relation",
        resolved_by="resolved_by",
    )
    nameless = rows.filter(rows.target_id.isnull(), rows.target_handle.notnull())
    return Keyed(engine.view("candidates", table), nameless.select("platform", "at", handle="target_handle"), ambiguous)


def by_precedence(rows: ir.Table) -> ir.Table:
    """Rule 1: one event per post and target, of the candidates whose target is known.

    Rank and evidence are packed into one number, so that one grouping decides everything.
    """
    rows = rows.filter(rows.target_key.notnull())
    relations, evidence = list(PRECEDENCE), list(EVIDENCE)
    rank = _number(rows.relation, PRECEDENCE)
    code = (rank * 10 + _number(rows.relation, dict(zip(relations, range(10), strict=False)))) * 10 + _number(
        rows.resolved_by, dict(zip(evidence, range(10), strict=False))
    )
    rows = rows.mutate(code=code)
    best = rows.group_by("post_key", "target_key").agg(
        created_at=rows.created_at.min(),
        source_key=rows.source_key.min(),
        best=rows.code.min(),
        reply=rows.code.min(where=rows.relation == "reply"),
        quote=rows.code.min(where=rows.relation == "quote"),
    )
    is_both = best.best // 100 == PRECEDENCE["reply"]
    chosen = ibis.union(
        best.filter(~is_both).mutate(code=best.filter(~is_both).best),
        *[
            kept.mutate(code=kept[name])
            for name in ("reply", "quote")
            for kept in [best.filter(is_both, best[name].notnull())]
        ],
    )
    return chosen.select(
        "post_key",
        "created_at",
        "source_key",
        "target_key",
        relation=_word(chosen.code // 10 % 10, relations),
        resolved_by=_word(chosen.code % 10, evidence),
    )


def _number(word: ir.StringValue, numbers: dict[str, int]) -> ir.IntegerValue:
    return ibis.cases(*[(word == name, number) for name, number in numbers.items()])


def _word(number: ir.IntegerValue, words: Sequence[str]) -> ir.StringValue:
    return ibis.cases(*[(number == place, word) for place, word in enumerate(words)])
