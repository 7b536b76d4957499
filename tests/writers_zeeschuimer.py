"""The posts of a flattened v2 file as Zeeschuimer captures them from X's pages."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import writers_v11

Json = dict[str, Any]

CANNOT = writers_v11.CANNOT
"""Its items hold what API v1.1 holds."""

carried = writers_v11.carried
RESULTS = ("retweeted_status", "quoted_status")


def rows(posts: Iterable[Json], *, opened: bool = False) -> Iterator[Json]:
    """One item per post; ``opened`` as 4CAT keeps them."""
    for status in writers_v11.statuses(posts):
        item = result(status)
        # Collected when it was posted: a profile is then as old as the post it stands beside.
        collected = int(datetime.strptime(status["created_at"], "%a %b %d %H:%M:%S %z %Y").timestamp() * 1000)
        meta = {"nav_index": "1:2:3", "source_platform": "twitter.com", "timestamp_collected": collected}
        yield {**item, "__import_meta": meta} if opened else {**meta, "item_id": item["rest_id"], "data": item}


def result(status: Json) -> Json:
    """A v1.1 status as a result of X's pages: long texts in a note, every second handle under ``core``."""
    text = status["full_text"]
    user, identity = status["user"], status["id_str"]
    legacy = {key: value for key, value in status.items() if key not in (*RESULTS, "user", "id", "text")}
    legacy |= {"user_id_str": user["id_str"], "conversation_id_str": identity}
    named = {key: user.get(key) for key in ("screen_name", "name")}
    is_new = int(user["id_str"]) % 2 == 0
    profile = {key: value for key, value in user.items() if not (is_new and key in named)}
    author = {"rest_id": user["id_str"], "legacy": profile, **({"core": named} if is_new else {})}
    made: Json = {"rest_id": identity, "core": {"user_results": {"result": author}}, "legacy": legacy}
    if len(text) > 200 and "retweeted_status" not in status:
        note = {"text": text, "entity_set": legacy["entities"]}
        made["note_tweet"] = {"note_tweet_results": {"result": note}}
        seen = [m for m in legacy["entities"]["user_mentions"] if m["indices"][1] < 200]
        legacy |= {"full_text": text[:200], "entities": {**legacy["entities"], "user_mentions": seen}}
    if "retweeted_status" in status:
        legacy["retweeted_status_result"] = {"result": result(status["retweeted_status"])}
    if "quoted_status" in status:
        made["quoted_status_result"] = {"result": {"tweet": result(status["quoted_status"])}}
    return made


def write(posts: Iterable[Json], path: Path, *, opened: bool = False) -> None:
    """Write one item per line."""
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows(posts, opened=opened)))
