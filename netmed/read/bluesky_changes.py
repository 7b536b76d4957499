"""Bluesky as its repositories say it: Jetstream events, ``tap`` records, and records by themselves.

These are the changes of all accounts: posts and reposts among likes, follows, blocks, profiles and
what other programs keep there. A record that is neither a post nor a repost is known, and holds no
post. An *update* is the same post in another version; a *delete* is known and changes nothing: what
was said had been said, and the network is of who spoke to whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.read import bluesky_posts, bluesky_profiles
from netmed.read.bluesky_posts import ANY_URI, ITEM, RECORD, authority, is_did, is_post_uri, is_written
from netmed.read.values import conform, iso_time

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_LAST_US = 7_000_000_000_000_000
"""A time after the year 2190 is none."""

_KEPT = {**RECORD, "subject": "struct<uri: string>"}
_CHANGE = {"collection": "string", "rkey": "string", "record": dt.Struct(_KEPT)}
_EVENT = {
    "did": "string",
    "time_us": "int64",
    "kind": "string",
    "commit": dt.Struct({"operation": "string", **_CHANGE}),
    "identity": "struct<did: string, handle: string, time: string>",
    "type": "string",
    "uri": "string",
    "rkey": "string",
    "value": dt.Struct(_KEPT),
}
CHANGE = ibis.schema({**_KEPT, **_EVENT, "record": dt.Struct({"did": "string", "action": "string", **_CHANGE})})


# -- which lines are ours ---------------------------------------------------------------------------


def looks_like(line: Mapping[str, Any]) -> bool:
    """Whether ``recognised`` may know a line."""
    is_located = "value" in line and str(line.get("uri")).startswith("at://")
    is_event = {"did", "kind"} <= line.keys() or line.get("type") in ("record", "identity")
    return is_located or is_event or str(line.get("$type")).startswith("app.bsky.")


def recognised(raw: ir.Table) -> ir.BooleanValue:
    """Events of Jetstream and ``tap``, records with their URI, and records by themselves."""
    return _is_event(raw) | _is_tap(raw) | _is_located(raw) | _is_alone(raw)


def _is_event(raw: ir.Table) -> ir.BooleanValue:
    return is_did(raw.did) & raw.kind.isin(["commit", "identity", "account", "sync"]).fill_null(False)


def _is_tap(raw: ir.Table) -> ir.BooleanValue:
    is_record = (raw["type"] == "record") & is_did(raw.record.did)
    return (is_record | ((raw["type"] == "identity") & is_did(raw.identity.did))).fill_null(False)


def _is_located(raw: ir.Table) -> ir.BooleanValue:
    return raw.uri.re_search(ANY_URI).fill_null(False) & (raw.value["$type"].notnull() | raw.value.text.notnull())


def _is_alone(raw: ir.Table) -> ir.BooleanValue:
    """``$type`` of a record is the name of a collection; of a view it has ``defs#`` in it."""
    return raw["$type"].re_search(r"^app\.bsky(\.[A-Za-z]+){2,}$").fill_null(False)


def counts(raw: ir.Table) -> dict[str, ir.IntegerValue]:
    """One post or repost, or none; a post without author or key is lost."""
    change = _change(raw)
    is_speech = (change.is_new & change.collection.isin([POST, REPOST])).fill_null(False)
    is_used = _is_post(change) | _is_repost(change)
    return {
        "posts": is_used.cast("int64"),
        "profiles": raw.identity.handle.notnull().cast("int64"),
        "unusable": (is_speech & ~is_used).cast("int64"),
    }


# -- what changed -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """A row as a change of a repository, whatever its shape."""

    is_new: ir.BooleanValue
    """Created or updated; not deleted."""
    collection: ir.StringValue
    uri: ir.StringValue
    said: ir.StructValue
    """``_KEPT``"""


def _change(raw: ir.Table) -> _Change:
    is_event, is_tap, is_located = _is_event(raw), _is_tap(raw), _is_located(raw)
    commit, tap = raw.commit, raw.record
    itself = ibis.struct({name: raw[name] for name in _KEPT})
    operation = ibis.cases((is_event, commit.operation), (is_tap, tap.action), else_="create")
    collection = ibis.cases(
        (is_event, commit.collection),
        (is_tap, tap.collection),
        (is_located, raw.uri.re_extract("^at://[^/]+/([^/]+)/", 1)),
        else_=raw["$type"],
    )
    did = ibis.cases((is_tap, tap.did), else_=raw.did)
    rkey = ibis.cases((is_event, commit.rkey), (is_tap, tap.rkey), else_=raw.rkey)
    return _Change(
        operation.isin(["create", "update"]).fill_null(False),
        collection,
        ibis.coalesce(raw.uri, ibis.literal("at://") + did + "/" + collection + "/" + rkey),
        ibis.cases((is_event, commit.record), (is_tap, tap.record), (is_located, raw.value), else_=itself),
    )


def _is_post(change: _Change) -> ir.BooleanValue:
    return change.is_new & is_post_uri(change.uri) & is_written(change.said)


def _is_repost(change: _Change) -> ir.BooleanValue:
    is_whole = change.uri.re_search(ANY_URI) & change.said.subject.uri.re_search(ANY_URI)
    return (change.is_new & (change.collection == REPOST) & is_whole).fill_null(False)


# -- posts --------------------------------------------------------------------------------------------


def posts(raw: ir.Table) -> ir.Table:
    """Posts and reposts; all delivered, none comes along."""
    change = _change(raw)
    rows = raw.select(
        "file",
        uri=change.uri,
        said=change.said,
        is_post=_is_post(change),
        is_repost=_is_repost(change),
        stored_at=_heard_at(raw),
        # Events tell no counts: only as a later version are they newer than what the AppView shows.
        observed_at=ibis.cases((raw.commit.operation == "update", _heard_at(raw))),
    )
    written, passed_on = rows.filter(rows.is_post), rows.filter(rows.is_repost)
    return ibis.union(bluesky_posts.posts(_items(written)), bluesky_posts.reposts(_subjects(passed_on)))


def _items(rows: ir.Table) -> ir.Table:
    said = ibis.struct({name: rows.said[name] for name in RECORD})
    return conform(rows.select("file", "uri", "stored_at", "observed_at", is_delivered=True, record=said), ITEM)


def _subjects(rows: ir.Table) -> ir.Table:
    return rows.select(
        *("file", "observed_at"),
        by=authority(rows.uri),
        handle=ibis.null("string"),
        subject=rows.said.subject.uri,
        its_did=ibis.null("string"),
        its_handle=ibis.null("string"),
        created_at=bluesky_posts.written_at(rows.said.createdAt, rows.stored_at),
    )


def _heard_at(raw: ir.Table) -> ir.TimestampValue:
    """When Jetstream heard of it."""
    moment = ibis.cases(((raw.time_us > 0) & (raw.time_us < _LAST_US), raw.time_us))
    return (moment // 1000).as_timestamp("ms").cast("timestamp('UTC')")


# -- profiles -----------------------------------------------------------------------------------------


def sightings(raw: ir.Table) -> ir.Table:
    """The handles that identity events tell."""
    return bluesky_profiles.sightings(_people(raw))


def profiles(raw: ir.Table) -> ir.Table:
    """The same; records of profiles name no handle and are left alone."""
    people = _people(raw)
    missing = {name: ibis.null(kind) for name, kind in bluesky_profiles.PROFILE.items() if name not in people.columns}
    return bluesky_profiles.profiles(people.mutate(**missing))


def _people(raw: ir.Table) -> ir.Table:
    who = raw.identity
    return raw.select("line", did=who.did, handle=who.handle, seen=ibis.coalesce(iso_time(who.time), _heard_at(raw)))
