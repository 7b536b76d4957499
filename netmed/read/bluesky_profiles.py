"""Bluesky: the profiles that come with posts, whole and in brief.

Those beside posts are short (DID, handle, name); only asked for by themselves do they tell the
description and the counts. A handle that no longer leads to its account is none.
"""

import ibis
import ibis.expr.types as ir

from netmed.read import record
from netmed.read.bluesky_posts import is_did, real_handle
from netmed.read.values import conform

PROFILE = {
    "did": "string",
    "handle": "string",
    "displayName": "string",
    "description": "string",
    "followersCount": "int64",
    "followsCount": "int64",
    "postsCount": "int64",
    "createdAt": "string",
    "verification": "struct<verifiedStatus: string>",
}
"""``app.bsky.actor.defs``: the columns of a profile."""

_NAMES = {
    "name": "displayName",
    "followers": "followersCount",
    "following": "followsCount",
    "posts_total": "postsCount",
    "created_at": "createdAt",
}


def sightings(people: ir.Table) -> ir.Table:
    """``line, seen, did, handle`` → ``record.SIGHTING``."""
    return conform(_known(people), record.SIGHTING)


def profiles(people: ir.Table) -> ir.Table:
    """``PROFILE`` with ``seen`` → ``record.PROFILE``."""
    people = _known(people)
    people = people.mutate(**{name: people[source] for name, source in _NAMES.items()})
    return conform(people.mutate(verified=people.verification.verifiedStatus == "valid"), record.PROFILE)


def _known(people: ir.Table) -> ir.Table:
    known = people.mutate(
        platform=ibis.literal("bluesky"), account_id="did", handle=real_handle(people.handle), observed_at="seen"
    )
    return known.filter(is_did(known.account_id), known.handle.notnull())
