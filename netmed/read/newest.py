"""The newest profile of every account, without ever storing the older ones.

A collection holds the same profiles over and over: first only ids and times are looked at, then the
few lines that hold an account's newest profile are read again in full.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from netmed.engines import Engine
from netmed.read.readers import Reader
from netmed.read.same_accounts import in_people

ACCOUNT = ["platform", "account_id"]
Parts = Sequence[tuple[Reader, ir.Table]]
"""Readers with their recognised raw rows."""


def newest_profiles(engine: Engine, parts: Parts, same: ir.Table | None) -> tuple[ir.Table, ir.Table]:
    """The newest profiles, and every handle that profiles show; both stored.

    ``same``: the ids that mean other accounts (``same_accounts.joined_ids``).

    Returns ``record.PROFILE`` at the newest time of each account (several rows only where that time is
    the same), and ``platform, account_id, handle, first, last`` (times seen).
    """
    sightings = [
        engine.store(f"sightings_{n}", in_people(reader.sightings(raw), same)) for n, (reader, raw) in enumerate(parts)
    ]
    seen = ibis.union(*sightings)
    handles = seen.group_by(*ACCOUNT, "handle").agg(first=seen.observed_at.min(), last=seen.observed_at.max())
    handles = engine.store("handles_in_profiles", handles)
    latest = engine.store("latest", handles.group_by(ACCOUNT).agg(latest=handles["last"].max()))
    found = []
    for number, ((reader, raw), brief) in enumerate(zip(parts, sightings, strict=True)):
        lines = engine.store(f"newest_lines_{number}", _at(brief, latest).select("line").distinct())
        found.append(_at(in_people(reader.profiles(raw.semi_join(lines, "line")), same), latest))
    profiles = engine.store("newest_profiles", ibis.union(*found).distinct())
    for brief in sightings:
        engine.drop(brief)
    return profiles, handles


def _at(profiles: ir.Table, latest: ir.Table) -> ir.Table:
    same = [profiles[name] == latest[name] for name in ACCOUNT]
    return profiles.semi_join(latest, [*same, profiles.observed_at.identical_to(latest.latest)])
