"""One account under two ids: joined by the address that both are stated for.

On Mastodon an account may live on one host and be called after another: ``ann@example.org`` is at home on
``social.example.org``, which calls her ``ann``. What that server says tells only its own host, other servers
know the whole handle. Where some record states it for the same address, that is the account, everywhere.
This looks at all files together: neither their order nor how records are split into them matters.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from netmed.engines import Engine
from netmed.read.readers import Reader
from netmed.read.values import plucked

PLACE = ["platform", "address"]
IN_POSTS = ("author", "reply", "quote", "retweet")
"""Whom a post knows beside those it mentions: ``…_id`` (of all others ``…_account_id``) and ``…_handle``."""


def joined_ids(engine: Engine, parts: Sequence[tuple[Reader, ir.Table]]) -> ir.Table | None:
    """``platform, account_id, meant_id, meant_handle``, one row per id that means another; None where none does.

    Parameters
    ----------
    parts : readers with their recognised raw rows.

    An address that is stated for two ids joins nothing, nor does an id that would mean two.
    """
    named = [reader.addresses(raw) for reader, raw in parts if reader.addresses is not None]
    if not named:
        return None
    every = ibis.union(*named)
    stated = engine.store("stated_ids", every.filter(every.is_stated).drop("is_stated").distinct())
    if stated.count().execute() == 0:
        return None
    by_place = stated.group_by(PLACE).agg(
        meant_id=stated.account_id.min(), meant_handle=stated.handle.max(), n=stated.account_id.nunique()
    )
    sure = by_place.filter(by_place.n == 1).drop("n")
    pairs = every.filter(~every.is_stated).select(*PLACE, "account_id").distinct().inner_join(sure, PLACE)
    pairs = pairs.filter(pairs.account_id != pairs.meant_id)
    found = pairs.group_by("platform", "account_id").agg(
        meant_id=pairs.meant_id.min(), meant_handle=pairs.meant_handle.max(), n=pairs.meant_id.nunique()
    )
    same = engine.store("same_accounts", found.filter(found.n == 1).drop("n"))
    return same if same.count().execute() else None


def in_people(people: ir.Table, same: ir.Table | None) -> ir.Table:
    """Sightings or profiles (``platform, account_id, handle``, …), of the accounts meant."""
    return people if same is None else _meant(people, same, "account_id", "handle")


def in_posts(posts: ir.Table, same: ir.Table | None) -> ir.Table:
    """``record.POST``: authors, those replied to, quoted and reposted, and those mentioned are the accounts meant."""
    if same is None:
        return posts
    for name in IN_POSTS:
        posts = _meant(posts, same, "author_id" if name == "author" else f"{name}_account_id", f"{name}_handle")
    return _mentions(posts, same)


def _meant(table: ir.Table, same: ir.Table, account_id: str, handle: str) -> ir.Table:
    other = same.select(its_platform="platform", its_id="account_id", meant_id="meant_id", meant_handle="meant_handle")
    joined = table.left_join(other, (table.platform == other.its_platform) & (table[account_id] == other.its_id))
    meant = {
        account_id: ibis.coalesce(joined.meant_id, joined[account_id]),
        handle: ibis.coalesce(joined.meant_handle, joined[handle]),
    }
    return joined.mutate(**meant).select(*table.columns)


def _mentions(posts: ir.Table, same: ir.Table) -> ir.Table:
    """The same for the accounts in the lists of mentions; the few ids that mean others are one list beside them."""
    whole = same.mutate(key=same.platform + ":" + same.account_id)
    lists = whole.agg(
        keys=whole.key.collect(order_by=whole.key),
        meant_ids=whole.meant_id.collect(order_by=whole.key),
        meant_handles=whole.meant_handle.collect(order_by=whole.key),
    )
    beside = posts.cross_join(lists)

    def meant(mention: ir.StructValue) -> ir.StructValue:
        key = beside.platform + ":" + mention["id"]
        account_id = ibis.coalesce(plucked(beside.meant_ids, beside["keys"], key), mention["id"])
        handle = ibis.coalesce(plucked(beside.meant_handles, beside["keys"], key), mention["handle"])
        return ibis.struct({"start": mention["start"], "end": mention["end"], "handle": handle, "id": account_id})

    return beside.mutate(mentions=beside.mentions.map(meant)).select(*posts.columns)
