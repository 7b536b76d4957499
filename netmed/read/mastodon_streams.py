"""Mastodon: what its streams and notifications hold beside statuses, and what is packed in what.

A stream tells of new and edited statuses, and of much that is no post: deletions, filters, announcements,
conversations (direct messages). Those are known, and hold no post.

A notification tells a person that something happened. Where that is a post (somebody mentioned or quoted
them, or one they follow closely has posted or edited), the post is what was sent: it is delivered. Where it
is a boost, a favourite or the end of a poll, the status only says of which post, and came along.
"""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
import orjson

STREAMED = ("update", "status.update", "notification")
"""Events of a stream whose payload holds a status, or may hold one."""
OTHER_EVENTS = (
    *("delete", "conversation", "announcement", "announcement.reaction", "announcement.delete"),
    *("encrypted_message", "filters_changed", "notifications_merged"),
)
WITHOUT_PAYLOAD = ("filters_changed", "notifications_merged")
NEWS = ("mention", "status", "update", "quote")
"""Types of notifications whose status is the news itself. Of ``quoted_update`` it is the person's own quote."""


def looks_like(line: Mapping[str, Any]) -> bool:
    """Whether ``mastodon.recognised`` may know a line."""
    is_said = "account" in line and ("content" in line or "type" in line)
    return "acct" in line or is_said or line.get("event") in OTHER_EVENTS


def unroll(response: Mapping[str, Any]) -> list[Any] | None:
    """Statuses, accounts and notifications of a thread (``ancestors``, ``descendants``), search or stream event."""
    event = response.get("event")
    if isinstance(event, str) and ("payload" in response or event in WITHOUT_PAYLOAD):
        return [_payload(response)]
    if isinstance(response.get("ancestors"), list) and isinstance(response.get("descendants"), list):
        return [*response["ancestors"], *response["descendants"]]
    found, people = response.get("statuses"), response.get("accounts")
    if isinstance(found, list) and isinstance(people, list):
        return [*found, *people]
    return None


def _payload(event: Mapping[str, Any]) -> Any:
    """The status or notification in an event; the event itself where there is none."""
    payload = event["payload"] if event["event"] in STREAMED else None
    try:
        payload = orjson.loads(payload) if isinstance(payload, str) else payload
    except orjson.JSONDecodeError:
        payload = None
    return payload if isinstance(payload, dict) else event


def is_other_event(raw: ir.Table) -> ir.BooleanValue:
    """Whether a row is an event of a stream that holds no post: a notification nobody opened may be one, too."""
    is_whole = raw.payload.notnull() | raw.event.isin(WITHOUT_PAYLOAD)
    is_bare = (raw.event == "notification") & raw.payload.startswith("{") & ~raw.payload.contains('"status"')
    return ((raw.event.isin(OTHER_EVENTS) & is_whole) | is_bare).fill_null(False)


def is_notification(raw: ir.Table) -> ir.BooleanValue:
    """Whether a row is a notification, of any type."""
    is_told = raw.id.notnull() & raw["type"].notnull() & raw.created_at.notnull()
    return is_told & raw.account.acct.notnull() & raw.content.isnull()


def is_news(notifications: ir.Table) -> ir.BooleanValue:
    """Whether the status in a notification was sent because it is new, rather than to say which one is meant."""
    return notifications["type"].isin(NEWS)
