"""X API v2: the profiles that come with posts, whole and in brief.

Pages and streams carry them in ``includes.users``; flattened posts carry them where they are meant:
author, account replied to, authors of referenced posts, mentioned accounts.
"""

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.values import conform, is_number, iso_time
from netmed.read.x_v2 import PROFILE, is_user, observed

Shape = Callable[[Any], Any]


def _whole(user: Any) -> Any:
    return user


def _brief(user: Any) -> Any:
    """Only what tells who it is: unnesting whole profiles costs ten times as much."""
    audience = ibis.struct({"followers_count": user["public_metrics"]["followers_count"]})
    return ibis.struct({"id": user["id"], "username": user["username"], "public_metrics": audience})


def page_profiles(raw: ir.Table) -> ir.Table:
    """Accounts of ``includes`` and of ``data``, seen when the page was fetched or its newest post written."""
    return ibis.union(*map(_profiles, _page_users(raw, _whole)))


def page_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*map(_sightings, _page_users(raw, _brief)))


def single_profiles(raw: ir.Table) -> ir.Table:
    """Accounts of ``includes`` and of ``data``, seen when it was fetched or the post written."""
    return ibis.union(*map(_profiles, _single_users(raw, _whole)))


def single_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*map(_sightings, _single_users(raw, _brief)))


def flat_profiles(raw: ir.Table) -> ir.Table:
    """Authors, accounts replied to and mentioned accounts, as written inside the post."""
    return ibis.union(*map(_profiles, _flat_users(raw, _whole, "author")))


def flat_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*map(_sightings, _flat_users(raw, _brief, "author")))


def fourcat_profiles(raw: ir.Table) -> ir.Table:
    """Those of flattened posts, as 4CAT names them."""
    return ibis.union(*map(_profiles, _flat_users(raw, _whole, "author_user")))


def fourcat_sightings(raw: ir.Table) -> ir.Table:
    """The same, in brief."""
    return ibis.union(*map(_sightings, _flat_users(raw, _brief, "author_user")))


def _page_users(raw: ir.Table, shape: Shape) -> list[ir.Table]:
    newest = iso_time(raw.data.map(lambda item: item["created_at"]).maxs())
    raw = raw.mutate(seen=ibis.coalesce(observed(raw), newest))
    accounts = raw.filter(raw.data[0].username.notnull())
    return [
        raw.select("line", "seen", item=raw.includes.users.map(shape).unnest()).unpack("item"),
        accounts.select("line", "seen", item=accounts.data.map(shape).unnest()).unpack("item"),
    ]


def _single_users(raw: ir.Table, shape: Shape) -> list[ir.Table]:
    raw = raw.mutate(seen=ibis.coalesce(observed(raw), iso_time(raw.data.created_at)))
    accounts = raw.filter(is_user(raw.data))
    return [
        raw.select("line", "seen", item=raw.includes.users.map(shape).unnest()).unpack("item"),
        accounts.select("line", "seen", item=shape(accounts.data)).unpack("item"),
    ]


def _flat_users(raw: ir.Table, shape: Shape, author: str) -> list[ir.Table]:
    # A table with this time would be computed first, with all that the branches below look at.
    line = {"line": raw.line, "seen": ibis.coalesce(observed(raw), iso_time(raw.created_at))}
    referenced = raw.referenced_tweets.map(lambda reference: shape(reference[author]))
    mentioned = raw.select(**line, item=raw.entities.mentions.map(shape).unnest()).unpack("item")
    itself = {name: raw[name] for name in ("id", "username", *PROFILE)}
    return [
        raw.select(**line, item=shape(raw[author])).unpack("item"),
        raw.select(**line, item=shape(raw.in_reply_to_user)).unpack("item"),
        raw.select(**line, item=referenced.unnest()).unpack("item"),
        mentioned.filter(mentioned.public_metrics.followers_count.notnull()),
        raw.filter(is_user(raw)).select(**line, **itself),
    ]


def _known(users: ir.Table) -> ir.Table:
    return users.filter(is_number(users.id), users.username.notnull())


def _sightings(users: ir.Table) -> ir.Table:
    """Brief users with ``line`` and ``seen`` → ``record.SIGHTING``."""
    users = _known(users)
    sighting = users.select("line", account_id="id", handle="username", observed_at="seen", platform=ibis.literal("x"))
    return conform(sighting, record.SIGHTING)


def _profiles(users: ir.Table) -> ir.Table:
    """Whole users with ``seen`` → ``record.PROFILE``."""
    users = _known(users)
    return conform(
        users.select(
            platform=ibis.literal("x"),
            account_id=users.id,
            handle=users.username,
            name=users.name,
            description=users.description,
            location=users.location,
            followers=users.public_metrics.followers_count,
            following=users.public_metrics.following_count,
            posts_total=users.public_metrics.tweet_count,
            verified=users.verified,
            protected=users.protected,
            created_at=users.created_at,
            observed_at=users.seen,
        ),
        record.PROFILE,
    )
