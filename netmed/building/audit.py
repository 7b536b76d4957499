"""The audit: what was read, kept, refused and unresolved. It sums, and it says where something was lost.

Per file: records = kept + duplicates + edits + filtered + without posts + unrecognised + malformed.
Posts: kept = posts of the collection + of accounts of other roles + outside the largest component (where only
some roles, or that component, were asked for). Events: found = in edges + self + of other relations + below the
least weight + to or from accounts of other roles + outside the largest component + unresolved.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.building.choices import Choices
from netmed.building.events import EVIDENCE
from netmed.building.posts import Posts
from netmed.building.write import Written
from netmed.network import Network
from netmed.read import FileLedger
from netmed.read.edge_lists import EdgeFile
from netmed.roles import counts
from netmed.schema import RELATIONS

Audit = dict[str, Any]

PAIR = ["source_key", "target_key"]

OUTCOMES = ("kept", "duplicates", "edits", "filtered", "without_posts", "unrecognised", "malformed")
"""What can become of a record; these sum to the records of a file."""

REPLY_CHANGE = "2017-03-30"
"""X then moved the handles at the start of a reply out of its text: before, they were typed by hand."""


def of_posts(
    files: list[FileLedger],
    distinct: Posts,
    chosen: ir.Table,
    lost: ir.Table,
    written: Written,
    seen: ir.Table,
    ambiguous: int,
    choices: Choices,
) -> Audit:
    """The audit of a build from posts.

    ``lost``: a row with its ``relation`` for each event that could not be resolved. ``ambiguous``: handles
    that several accounts could have held.
    """
    per_file = _files(files, distinct, chosen)
    totals = {name: sum(entry[name] for entry in per_file) for name in ("lines", "records", *OUTCOMES)}
    posts = _posts_left(written)
    posts["truncated"] = int(chosen.filter(chosen.is_delivered).is_truncated.sum().fill_null(0).execute())
    damaged = sum(bool(entry["damage"]) for entry in per_file)
    return {
        "files": per_file,
        "totals": totals,
        "posts": posts,
        "events": _events(written, choices, _count_by(lost, "relation")),
        "identity": {**_identity(written, seen), "ambiguous": ambiguous},
        "accounts": _accounts(written),
        **_role_filter(written, choices),
        "losses": {
            name: count
            for name, count in {
                "malformed": totals["malformed"],
                "unrecognised": totals["unrecognised"],
                "damaged files": damaged,
                "times that cannot be read": sum(ledger.unread_times for ledger in files),
            }.items()
            if count
        },
    }


def of_network(
    network: Network, before: ir.Table, after: ir.Table, events_before: ir.Table, written: Written, choices: Choices
) -> Audit:
    """The audit of a network narrowed from another one: what it held, and what remains."""
    held = int(before.in_collection.sum().fill_null(0).execute())
    kept = int(after.in_collection.sum().fill_null(0).execute())
    earlier = network.audit.get("events", {}).get("unresolved_by_relation", {}) if before is after else {}
    events = _events(written, choices, dict(earlier))
    still_there = events["resolved"] + events["outside_giant"] + events["of_other_roles"]
    events["left_out_with_their_posts"] = int(events_before.count().execute()) - still_there
    return {
        "from": network.name,
        "files": [],
        "totals": {"records": held, "kept": kept, "filtered": held - kept},
        "posts": _posts_left(written),
        "events": events,
        "identity": _identity(written, None),
        "accounts": _accounts(written),
        **_role_filter(written, choices),
        "losses": {},
    }


def of_edges(
    files: Sequence[EdgeFile], rows: ir.Table, edges: ir.Table, written: Written, choices: Choices, *, is_whole: bool
) -> Audit:
    """The audit of a build from edge lists: rows = in edges + self + of other relations or roles + light + outside.

    ``rows``: those that can be used. ``edges``: all that are heavy enough. ``is_whole``: no weight is a fraction.
    """
    counted = _count_by(rows, "file")
    entries: list[dict[str, Any]] = []
    for file in files:
        kept = counted.get(str(file.source.path), 0)
        entries.append(
            {
                "file": file.source.shown,
                "readers": ["edges-csv"] if kept else [],
                "lines": file.rows + file.rejects.malformed,
                "records": file.rows + file.rejects.malformed,
                "kept": kept,
                **dict.fromkeys(("duplicates", "edits", "filtered", "without_posts"), 0),
                "unrecognised": file.rejects.unrecognised,
                "malformed": file.rejects.malformed,
                "rejected": file.rejects.first,
                "numbered_by": file.source.numbered_by,
                "damage": file.source.damage,
                "notes": file.source.notes,
            }
        )
    totals = {name: sum(entry[name] for entry in entries) for name in ("lines", "records", *OUTCOMES)}
    is_self = rows.source_key == rows.target_key
    chosen = rows.filter(rows.relation.isin(list(choices.edge_relations)), ~is_self)
    own = int(is_self.sum().fill_null(0).execute())
    of_roles = edges if written.of_roles is None else written.of_roles
    ours, heavy, among, used = (
        int(t.count().execute())
        for t in (chosen, *(chosen.semi_join(e, PAIR) for e in (edges, of_roles, written.edges)))
    )
    told = {
        "found": totals["kept"],
        "in_edges": used,
        "self": own,
        "other_relations": totals["kept"] - own - ours,
        "below_min_weight": ours - heavy,
        "of_other_roles": heavy - among,
        "outside_giant": among - used,
        "edges": written.rows["edges"],
        "weights": "whole" if is_whole else "fractions",
    }
    losses = {
        "malformed rows": totals["malformed"],
        "unusable rows": totals["unrecognised"],
        "damaged files": sum(bool(entry["damage"]) for entry in entries),
    }
    return {
        "files": entries,
        "totals": totals,
        "rows": told,
        "posts": _posts_left(written),
        "events": _events(written, choices, {}),
        "identity": _identity(written, None),
        "accounts": _accounts(written),
        **_role_filter(written, choices),
        "losses": {name: count for name, count in losses.items() if count},
    }


def of_edges_of_network(
    network: Network, before: ir.Table, edges: ir.Table, written: Written, choices: Choices
) -> Audit:
    """The audit of a network without events, narrowed: of its edges, which were light or outside."""
    found = len(network.edges)
    here, heavy = (int(table.count().execute()) for table in (before, edges))
    used, others = written.rows["edges"], written.other_roles.get("edges", 0)
    told = {
        "found": found,
        "in_edges": used,
        "self": 0,
        "other_relations": found - here,
        "below_min_weight": here - heavy,
        "of_other_roles": others,
        "outside_giant": heavy - others - used,
        "edges": used,
        "weights": network.audit.get("rows", {}).get("weights", ""),
    }
    return {
        "from": network.name,
        "files": [],
        "totals": {"records": found, "kept": found, "filtered": 0},
        "rows": told,
        "posts": _posts_left(written),
        "events": _events(written, choices, {}),
        "identity": _identity(written, None),
        "accounts": _accounts(written),
        **_role_filter(written, choices),
        "losses": {},
    }


def _files(files: list[FileLedger], distinct: Posts, chosen: ir.Table) -> list[dict[str, Any]]:
    before = _count_by(distinct.table.filter(distinct.table.is_delivered), "file")
    after = _count_by(chosen.filter(chosen.is_delivered), "file")
    dropped = distinct.dropped.execute().set_index("file")
    entries = []
    for ledger in files:
        path = str(ledger.source.path)
        gone = dropped.loc[path] if path in dropped.index else {"duplicates": 0, "edits": 0}
        unrecognised = ledger.rejects.unrecognised + ledger.unusable
        rejected = ledger.rejects.malformed + unrecognised
        entries.append(
            {
                "file": ledger.source.shown,
                "readers": sorted(ledger.readers),
                "lines": ledger.lines,
                "records": ledger.posts + ledger.without_posts + rejected,
                "kept": after.get(path, 0),
                "duplicates": int(gone["duplicates"]),
                "edits": int(gone["edits"]),
                "filtered": before.get(path, 0) - after.get(path, 0),
                "without_posts": ledger.without_posts,
                "unrecognised": unrecognised,
                "malformed": ledger.rejects.malformed,
                "rejected": ledger.rejects.first,
                "numbered_by": ledger.source.numbered_by,
                "damage": ledger.source.damage,
                "notes": [*ledger.source.notes, *_unread_times(ledger)],
            }
        )
    return entries


def _unread_times(ledger: FileLedger) -> list[str]:
    count = ledger.unread_times
    return [f"{count:,} posts with a time that cannot be read: it is unknown now"] if count else []


def _count_by(table: ir.Table, column: str) -> dict[str, int]:
    counted = table.group_by(column).agg(n=table.count()).execute()
    return {str(name): int(n) for name, n in sorted(zip(counted[column], counted["n"], strict=True))}


def _posts(posts: ir.Table) -> dict[str, Any]:
    """Counts of the collection; ``original`` is the unit of the #MedEd study: all that is no repost."""
    ours = posts.filter(posts.in_collection)
    is_reply = ours.kind.isin(["reply", "reply+quote"])
    before = ibis.timestamp(REPLY_CHANGE, timezone="UTC")
    row: dict[str, Any] = (
        ours.agg(
            kept=ours.count(),
            without_author=ours.author_key.isnull().sum(),
            without_time=ours.created_at.isnull().sum(),
            time_from_id=(ours.created_from == "snowflake").sum(),
            first_at=ours.created_at.min(),
            last_at=ours.created_at.max(),
            replies_before_change=(is_reply & (ours.created_at < before)).sum(),
        )
        .to_pyarrow()
        .to_pylist()[0]
    )
    kinds = _count_by(ours, "kind")
    times = {name: at and at.isoformat() for name in ("first_at", "last_at") for at in [row.pop(name)]}
    counts = {name: int(number or 0) for name, number in row.items()}
    return {
        **counts,
        **times,
        "original": counts["kept"] - kinds.get("retweet", 0),
        "kinds": {kind: kinds.get(kind, 0) for kind in ("post", "reply", "quote", "reply+quote", "retweet")},
        "came_along": int(posts.count().execute()) - counts["kept"],
    }


def _posts_left(written: Written) -> dict[str, Any]:
    """Counts of the posts written, and of those left out with their authors."""
    outside = {"of_other_roles": written.other_roles.get("posts", 0), "outside_giant": written.outside.get("posts", 0)}
    return {**_posts(written.posts), **outside}


def _role_filter(written: Written, choices: Choices) -> dict[str, Any]:
    """What the choice of roles left out; nothing where none was made."""
    return {"roles": {"chosen": list(choices.roles), **written.other_roles}} if choices.roles else {}


def _events(written: Written, choices: Choices, unresolved: Mapping[str, int]) -> dict[str, Any]:
    events = written.events
    is_self = events.source_key == events.target_key
    is_chosen = events.relation.isin(list(choices.edge_relations))
    edge_events = events.filter(is_chosen, ~is_self)
    in_edges = edge_events.semi_join(written.edges, ["source_key", "target_key"]).count().execute()
    total, own, other = (
        events.agg(
            total=events.count(), own=is_self.sum().fill_null(0), other=(~is_chosen & ~is_self).sum().fill_null(0)
        )
        .execute()
        .iloc[0]
    )
    lost = sum(unresolved.values())
    outside, others = written.outside.get("events", 0), written.other_roles.get("events", 0)
    by_relation, by_evidence = _count_by(events, "relation"), _count_by(events, "resolved_by")
    return {
        "found": int(total) + lost + outside + others,
        "resolved": int(total),
        "in_edges": int(in_edges),
        "self": int(own),
        "other_relations": int(other),
        "below_min_weight": int(total) - int(own) - int(other) - int(in_edges),
        "of_other_roles": others,
        "outside_giant": outside,
        "unresolved": lost,
        "edges": written.rows["edges"],
        "by_relation": {name: by_relation.get(name, 0) for name in RELATIONS},
        "unresolved_by_relation": {name: unresolved[name] for name in RELATIONS if unresolved.get(name)},
        "by_evidence": {name: by_evidence[name] for name in EVIDENCE if name in by_evidence},
    }


def _identity(written: Written, seen: ir.Table | None) -> dict[str, int]:
    accounts = written.accounts
    row = accounts.agg(
        accounts=accounts.count(),
        authors=accounts.is_author.sum().fill_null(0),
        handle_only=accounts.account_id.isnull().sum().fill_null(0),
        without_handle=accounts.handle.isnull().sum().fill_null(0),
        renamed=(accounts.handles.length() > 1).sum().fill_null(0),
    )
    found = {name: int(value) for name, value in row.execute().iloc[0].items()}
    if seen is not None:
        holders = (
            seen.mutate(handle=seen.handle.lower()).group_by("platform", "handle").agg(n=seen.account_id.nunique())
        )
        found["handles_that_moved"] = int((holders.n > 1).sum().fill_null(0).execute())
    return found


def _accounts(written: Written) -> dict[str, Any]:
    """The accounts by role. Added up in the order of their keys: sums of fractions depend on it."""
    columns = ("account_key", "role", "role_evidence", "p_physician", "p_trainee")
    return counts(written.accounts.select(*columns).order_by("account_key").execute())


def losses_line(audit: Mapping[str, Any]) -> str:
    """What could not be used, in one line; empty if nothing."""
    return ", ".join(f"{count:,} {name}" for name, count in audit.get("losses", {}).items())
