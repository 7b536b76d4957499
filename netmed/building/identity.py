"""Who is who: accounts by id, through renames, reused handles and handles without an id.

Rule 9 of ``netmed rules``. An account is its platform's id, never its handle. A handle seen without
an id is looked up among all handles ever seen with one, at the time it was written; where two
accounts could have held it then, it stays a handle and is counted as ambiguous.
"""

import datetime

import ibis
import ibis.expr.types as ir

from netmed.building.choose import first_of_each
from netmed.engines import Engine
from netmed.read.values import any_time

ACCOUNT = ["platform", "account_id"]
HELD = ["platform", "handle", "account_id"]
NO_TIME = ibis.literal(datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC), type="timestamp('UTC')")
"""Stands for an unknown time in joins; no platform is that old."""


def account_key(platform: ir.StringValue, account_id: ir.StringValue, handle: ir.StringValue) -> ir.StringValue:
    """``platform:id``, else ``platform:@handle`` in lower case, else null."""
    return ibis.coalesce(platform + ":" + account_id, platform + ":@" + handle.lower())


def sightings(posts: ir.Table, in_profiles: ir.Table) -> ir.Table:
    """Every handle seen with an id: ``platform, account_id, handle, first, last, is_profile``.

    ``in_profiles`` are those seen in profiles; in posts they stand as author, account replied to, and
    mentioned account.
    """
    own = posts.filter(posts.is_delivered)
    mentions = posts.select("platform", at="created_at", item=posts.mentions.unnest()).unpack("item")
    named = ibis.union(
        # A post that came along shows its author as of the line it came with: profiles tell that time.
        own.select("platform", account_id="author_id", handle="author_handle", at="created_at"),
        posts.select("platform", account_id="reply_account_id", handle="reply_handle", at="created_at"),
        posts.select("platform", account_id="quote_account_id", handle="quote_handle", at="created_at"),
        posts.select("platform", account_id="retweet_account_id", handle="retweet_handle", at="created_at"),
        mentions.select("platform", account_id="id", handle="handle", at="at"),
    )
    named = named.filter(named.account_id.notnull(), named.handle.notnull())
    in_posts = named.group_by(*ACCOUNT, "handle").agg(first=named["at"].min(), last=named["at"].max())
    every = ibis.union(in_profiles.mutate(is_profile=True), in_posts.mutate(is_profile=False))
    return every.group_by(*ACCOUNT, "handle").agg(
        first=every["first"].min(), last=every["last"].max(), is_profile=every.is_profile.any()
    )


def handle_history(engine: Engine, seen: ir.Table) -> ir.Table:
    """``platform, account_id, handle, handles``: the newest handle by time, and all, oldest first."""
    spelled = first_of_each(
        engine,
        "spelled",
        engine.view("spelled", seen.mutate(handle_key=seen.handle.lower())),
        [*ACCOUNT, "handle_key"],
        lambda t: [t.is_profile.desc(), t["last"].desc(nulls_first=False), t.handle.desc()],
    )
    spelled = engine.store("handle_of", spelled)
    newest = first_of_each(
        engine,
        "handle_of",
        spelled,
        ACCOUNT,
        lambda t: [t["last"].desc(nulls_first=False), t.is_profile.desc(), t.handle.desc()],
    )
    every = spelled.group_by(ACCOUNT).agg(
        handles=spelled.handle.collect(order_by=[spelled["first"].asc(nulls_first=False), spelled.handle.asc()])
    )
    return newest.select(*ACCOUNT, "handle").inner_join(every, ACCOUNT)


def one_profile_each(engine: Engine, newest: ir.Table) -> ir.Table:
    """One profile per account, of those that are newest by time; the order of their content settles ties."""
    settle = [name for name in newest.columns if name not in (*ACCOUNT, "observed_at")]
    profiles = first_of_each(
        engine, "profiles", newest, ACCOUNT, lambda t: [t[name].desc(nulls_first=False) for name in settle]
    )
    return profiles.mutate(created_at=any_time(profiles.created_at))


def resolve(engine: Engine, name: str, loose: ir.Table, seen: ir.Table) -> ir.Table:
    """Handles without an id → the account that held them then.

    Parameters
    ----------
    name : what to call the stored result.
    loose : ``platform, handle, at`` of every handle seen without an id.
    seen : the result of ``sightings``.

    Returns ``platform, handle`` (lower case), ``at, account_id, is_ambiguous``; one row each.
    A handle with one holder is always that account's. Where several held it, each holds it from its
    first to its last sighting, the first holder also before and the last one also after.
    """
    wanted = loose.select("platform", handle=loose.handle.lower(), at=ibis.coalesce(loose["at"], NO_TIME)).distinct()
    wanted = engine.store(f"loose_{name}", wanted)
    lower = seen.mutate(handle=seen.handle.lower()).semi_join(wanted, ["platform", "handle"])
    held = lower.group_by(HELD).agg(first=lower["first"].min(), last=lower["last"].max())
    same = ["platform", "handle"]
    held = held.mutate(
        holders=held.count().over(group_by=same),
        is_first=ibis.row_number().over(group_by=same, order_by=[held["first"], held.account_id]) == 0,
        is_last=ibis.row_number().over(group_by=same, order_by=[held["last"].desc(), held.account_id]) == 0,
    )
    joined = wanted.inner_join(held, same)
    began = joined.is_first | (joined["at"] >= joined["first"])
    ended = joined.is_last | (joined["at"] <= joined["last"])
    fits = (joined.holders == 1) | (began & ended & (joined["at"] != NO_TIME))
    found = joined.group_by("platform", "handle", "at").agg(
        n=fits.sum(), holders=joined.holders.max(), only=joined.account_id.min(where=fits)
    )
    return engine.store(
        f"resolved_{name}",
        found.select(
            "platform",
            "handle",
            "at",
            account_id=ibis.cases((found.n == 1, found.only)),
            is_ambiguous=found.n != 1,
        ),
    )


def look_up(rows: ir.Table, resolved: ir.Table, *, account_id: str, handle: str, at: str) -> ir.Table:
    """Fill the column ``account_id`` where it is null and ``resolved`` knows the handle at that time."""
    right = resolved.select(held_platform="platform", held_handle="handle", held_at="at", held_by="account_id")
    joined = rows.left_join(
        right,
        (rows.platform == right.held_platform)
        & (rows[handle].lower() == right.held_handle)
        & (ibis.coalesce(rows[at], NO_TIME) == right.held_at)
        & rows[account_id].isnull(),
    )
    found = ibis.coalesce(joined[account_id], joined.held_by)
    return joined.mutate(**{account_id: found}).drop("held_platform", "held_handle", "held_at", "held_by")


def as_sightings(nameless: ir.Table) -> ir.Table:
    """Handles without an id (``platform, handle, at``) as rows of ``sightings``; ``@handle`` stands for the id."""
    named = nameless.mutate(account_id="@" + nameless.handle.lower())
    rows = named.group_by(*ACCOUNT, "handle").agg(first=named["at"].min(), last=named["at"].max())
    return rows.mutate(is_profile=False)


def with_author_ids(engine: Engine, posts: ir.Table, seen: ir.Table) -> tuple[ir.Table, int]:
    """Posts whose author is known by handle only get the author's id where the handle tells it.

    Also gives the number of handles that several accounts could have held then.
    """
    nameless = posts.filter(posts.author_id.isnull(), posts.author_handle.notnull())
    if nameless.count().execute() == 0:
        return posts, 0
    loose = nameless.select("platform", at="created_at", handle="author_handle")
    resolved = resolve(engine, "authors", loose, seen)
    known = look_up(posts, resolved, account_id="author_id", handle="author_handle", at="created_at")
    return engine.store("posts_known", known), int(resolved.is_ambiguous.sum().execute() or 0)
