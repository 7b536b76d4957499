"""From records to posts: one row per post, however often and in whatever versions it was seen.

Rules 7 (duplicates, edits), 11 (time) and 13 (what is original) of ``netmed rules`` live here, and
the half of rule 3 that says a post both delivered and brought along is delivered, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from netmed.building.choose import ranked
from netmed.engines import Engine
from netmed.read.values import NOTHING, is_number

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
FIRST_SNOWFLAKE = 29_700_859_247
"""The first X ids that hold their time are of 4 November 2010."""

METRICS = ("likes", "retweets", "replies", "quotes", "impressions")
DOI = r"10\.[0-9]{4,9}/[^\s?#&]+"
KEY = ["platform", "post_id"]


@dataclass(frozen=True, slots=True)
class Posts:
    """Distinct posts, and the delivered records that were not kept.

    ``table``: the columns of ``read.record.POST``, with ids of edited posts made canonical, and
    ``post_key, created_from, kind, dois``. ``dropped``: ``file, duplicates, edits``.
    """

    table: ir.Table
    dropped: ir.Table


def distinct(engine: Engine, records: ir.Table) -> Posts:
    """Keep one record per post: delivered before brought along, newest version, fullest content.

    The counts are those of the newest delivery. The choice rests on what the records say, never on
    their order. Versions of an edited post are one post under the id of the first version.
    """
    first_version = engine.store("first_version", _first_versions(records))
    records = records.mutate(version_id=records.post_id).drop("version_ids")
    if first_version.count().execute() > 0:
        for column in ("post_id", "reply_post_id", "quote_post_id", "retweet_post_id"):
            records = _canonical(records, first_version, column)
    delivered = engine.store("delivered", _described(records.filter(records.is_delivered)))
    others = records.filter(~records.is_delivered)
    along = engine.store("along", _described(others.anti_join(delivered, KEY)))
    whole, again = _one_each(engine, "delivered", delivered)
    whole = _with_newest_counts(engine, whole, again)
    alone, _ = _one_each(engine, "along", along)
    if whole.is_truncated.any().execute():
        whole = engine.store("made_whole", _made_whole(engine, whole, others))
    kept = engine.view("posts", ibis.union(whole, alone).drop("version_id"))
    return Posts(kept, engine.store("dropped", _dropped(again)))


def _one_each(engine: Engine, name: str, records: ir.Table) -> tuple[ir.Table, ir.Table]:
    """One record per post, and the records of posts that have several, with their ``place``."""
    alone, again = ranked(engine, name, records, ["post_key"], _preference)
    return ibis.union(alone, again.filter(again.place == 0).drop("place")), again


def _with_newest_counts(engine: Engine, kept: ir.Table, again: ir.Table) -> ir.Table:
    """The kept records, with the counts of the newest delivery of each post."""
    latest = [_sortable(again.version_id).desc(), again.observed_at.desc(nulls_first=False)]
    newest_first = [*latest, *_falling(again, METRICS), *_falling(again, SETTLING)]
    age = ibis.row_number().over(group_by=KEY, order_by=newest_first)
    aged = again.mutate(age=age)
    newest = engine.store("newest_counts", aged.filter(aged.age == 0).select(*KEY, *METRICS))
    first = again.filter(again.place == 0).drop("place", *METRICS).inner_join(newest, KEY)
    return ibis.union(kept.anti_join(newest, KEY), first.select(*kept.columns))


def _dropped(again: ir.Table) -> ir.Table:
    """``file, duplicates, edits``: records that gave way to another of the same post."""
    kept = again.filter(again.place == 0).select(*KEY, kept_version="version_id")
    gone = again.filter(again.place > 0).inner_join(kept, KEY)
    same = gone.version_id == gone.kept_version
    return gone.group_by("file").agg(duplicates=same.sum(), edits=(~same).sum())


CONTENT = ("text", "mentions", "hashtags", "urls", "dois", "shown_from", "is_truncated")
"""What a post that came along whole lends to the same post delivered cut off."""


def _made_whole(engine: Engine, delivered: ir.Table, others: ir.Table) -> ir.Table:
    """Posts that the source cut off (old API forms) take their content from a whole copy, if one came along."""
    cut = delivered.filter(delivered.is_truncated)
    copies = others.filter(~others.is_truncated, others.text.notnull()).semi_join(cut, KEY)
    copies, _ = _one_each(engine, "copies", engine.store("copies", _described(copies)))
    lent = copies.select(*KEY, **{f"lent_{name}": copies[name] for name in CONTENT})
    joined = cut.left_join(lent, [cut[name] == lent[name] for name in KEY])
    has_copy = joined.lent_text.notnull()
    taken = {name: ibis.cases((has_copy, joined[f"lent_{name}"]), else_=joined[name]) for name in CONTENT}
    return ibis.union(delivered.filter(~delivered.is_truncated), joined.mutate(**taken).select(*delivered.columns))


def _first_versions(records: ir.Table) -> ir.Table:
    """``platform, version, first``: X ids grow with time, so the smallest of a post's versions is the first."""
    several = records.filter(records.version_ids.length() > 1)
    edited = several.mutate(version_ids=several.version_ids.filter(is_number))
    first = edited.version_ids.map(_sortable).mins().re_replace("^0+", "")
    pairs = edited.select("platform", first=first, version=edited.version_ids.unnest())
    return pairs.group_by("platform", "version").agg(first=_sortable(pairs.first).min().re_replace("^0+", ""))


def _sortable(post_id: ir.StringValue) -> ir.StringValue:
    """Ids of digits as text that sorts by number."""
    return post_id.lpad(20, "0")


def _canonical(posts: ir.Table, first_version: ir.Table, column: str) -> ir.Table:
    """Replace ids of later versions in ``column`` by the id of the first."""
    versions = first_version.select(version_platform="platform", version="version", first="first")
    matched = (posts.platform == versions.version_platform) & (posts[column] == versions.version)
    joined = posts.left_join(versions, matched)
    return joined.mutate(**{column: ibis.coalesce(joined.first, joined[column])}).drop(
        "version_platform", "version", "first"
    )


SETTLING = (
    *("text", "author_id", "author_handle", "created_at", "conversation_id", "lang", "shown_from"),
    *("reply_post_id", "reply_account_id", "reply_handle", "quote_post_id", "retweet_post_id"),
    *("quote_account_id", "quote_handle", "retweet_account_id", "retweet_handle"),
    *("hashtags", "urls", "mentions", *METRICS, "version_id", "file"),
)
"""Settles ties between records, so that the order of input never does."""


def _preference(records: ir.Table) -> list[ir.Value]:
    """Which record of a post is kept: the newest version, and of it the fullest; of equals the newest."""
    fullest = [
        records.author_id.notnull().desc(),
        records.is_truncated.asc(),
        records.mentions.length().fill_null(0).desc(),
        records.text.length().desc(nulls_first=False),
    ]
    latest = [records.observed_at.desc(nulls_first=False), *_falling(records, METRICS)]
    return [_sortable(records.version_id).desc(), *fullest, *latest, *_falling(records, SETTLING)]


def _falling(records: ir.Table, names: Sequence[str]) -> list[ir.Value]:
    return [records[name].desc(nulls_first=False) for name in names]


def _described(kept: ir.Table) -> ir.Table:
    """Add the key, the time and the kind; tidy hashtags and links."""
    snowflake = _snowflake_time(kept)
    urls = ibis.coalesce(kept.urls, NOTHING)
    return kept.mutate(
        post_key=kept.platform + ":" + kept.post_id,
        created_at=ibis.coalesce(kept.created_at, snowflake),
        created_from=ibis.cases((kept.created_at.notnull(), "platform"), (snowflake.notnull(), "snowflake")),
        kind=_kind(kept),
        is_truncated=kept.is_truncated.fill_null(False),
        hashtags=_tidy(kept.hashtags),
        urls=urls,
        dois=_tidy(urls.filter(lambda url: url.contains("10.")).map(lambda url: url.re_extract(DOI, 0))),
    )


def _tidy(words: ir.ArrayValue) -> ir.ArrayValue:
    """Lower case, sorted, each once, none empty; most posts have none, and are not worked on."""
    lower = words.map(lambda word: word.lower()).filter(lambda word: word != "")
    return ibis.cases((words.length() > 0, lower.unique().sort()), else_=NOTHING)


def with_content_of_originals(posts: ir.Table) -> ir.Table:
    """Reposts get hashtags and links of the post reposted where it is known: their own text is cut short."""
    whole = posts.select(
        its_platform="platform", its_id="post_id", its_hashtags="hashtags", its_dois="dois", its_urls="urls"
    )
    is_repost = posts.kind == "retweet"
    reposts = posts.filter(is_repost)
    joined = reposts.left_join(
        whole, (reposts.retweet_post_id == whole.its_id) & (reposts.platform == whole.its_platform)
    )
    names = {"hashtags": "its_hashtags", "dois": "its_dois", "urls": "its_urls"}
    joined = joined.mutate(**{name: ibis.coalesce(joined[its], joined[name]) for name, its in names.items()})
    return ibis.union(posts.filter(~is_repost), joined.select(*posts.columns))


def _snowflake_time(posts: ir.Table) -> ir.TimestampValue:
    """The time inside an X id; null for older ids and other platforms."""
    number = posts.post_id.try_cast("int64")
    has_time = (posts.platform == "x") & (number >= FIRST_SNOWFLAKE)
    milliseconds = (number >> 22) + SNOWFLAKE_EPOCH_MS
    return ibis.cases((has_time, milliseconds)).as_timestamp("ms").cast("timestamp('UTC')")


def _kind(posts: ir.Table) -> ir.StringValue:
    is_reply = ibis.coalesce(posts.reply_post_id, posts.reply_account_id, posts.reply_handle).notnull()
    is_quote = ibis.coalesce(posts.quote_post_id, posts.quote_account_id, posts.quote_handle).notnull()
    is_repost = ibis.coalesce(posts.retweet_post_id, posts.retweet_account_id, posts.retweet_handle).notnull()
    return ibis.cases(
        (is_repost, "retweet"),
        (is_reply & is_quote, "reply+quote"),
        (is_reply, "reply"),
        (is_quote, "quote"),
        else_="post",
    )
