"""Bluesky: responses and threads, opened into the records inside.

A thread that was asked for delivers all its posts, those above and those below the one it was asked by.
What stands for a post that is gone or blocked stays a record, so that nothing is lost in silence.
"""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_LISTS = {"feed": "post", "posts": "record", "records": "value", "profiles": "did", "actors": "did"}
"""Key of a response that holds a list → a key that its items have."""


def unroll(response: Json) -> list[Any] | None:
    """The records of a response of the AppView or of a repository; None where it is none."""
    if "thread" in response:
        return _of_thread(response["thread"])
    if _is_branch(response):
        return _branches(response)
    for name, inside in _LISTS.items():
        found = response.get(name)
        if isinstance(found, list) and not found and set(response) <= {name, "cursor", "hitsTotal"}:
            return []
        if isinstance(found, list) and any(_is_item(item, inside) for item in found):
            return found
    return None


def _is_item(item: Any, inside: str) -> bool:
    """Whether an item of a list is ours; what is gone or blocked has nothing in it, and may come first."""
    if not isinstance(item, Mapping):
        return False
    is_gone = "notFound" in item or "blocked" in item
    return inside in item or (is_gone and str(item.get("uri")).startswith("at://"))


def _of_thread(thread: Any) -> list[Any] | None:
    if isinstance(thread, list):  # getPostThreadV2
        return [_of_row(row) for row in thread if isinstance(row, Mapping)]
    is_ours = isinstance(thread, Mapping) and ("post" in thread or "uri" in thread)
    return _branches(thread) if is_ours else None


def _of_row(row: Json) -> Any:
    """One row of a thread that comes as a list: the post, or what stands for it with its URI."""
    value = row.get("value")
    if not isinstance(value, Mapping):
        return row
    post = value.get("post")
    return post if isinstance(post, Mapping) else {"uri": row.get("uri"), **value}


def _is_branch(item: Any) -> bool:
    """Whether an item is a post of a thread with what hangs on it; a feed item has neither replies nor a parent."""
    return isinstance(item, Mapping) and "post" in item and ("replies" in item or "parent" in item)


def _branches(thread: Json) -> list[Any]:
    """All posts of a thread, however deep."""
    found, waiting = [], [thread]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, Mapping):
            found += [] if item is None else [item]
            continue
        post = item.get("post")
        found.append(post if isinstance(post, Mapping) else item)
        replies = item.get("replies")
        waiting += reversed(replies) if isinstance(replies, list) else []
        waiting += [item["parent"]] if "parent" in item else []
    return found
