"""Flattened X v2 posts made by hand, for tests that need only who addresses whom."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HANDLES = {"10": "ann", "11": "ann_too", "20": "bo", "30": "cy"}


def post(number: int, author: str, *mentioned: str, reply_to: str | None = None, **more: Any) -> dict[str, Any]:
    """A post by the account with this id that mentions these ids, or handles with @ that have no id."""
    spans, text = [], "hello"
    for one in mentioned:
        handle = one.removeprefix("@") if one.startswith("@") else HANDLES[one]
        start = len(text) + 1
        text += f" @{handle}"
        spans.append(
            {"start": start, "end": len(text), "username": handle} | ({} if one.startswith("@") else {"id": one})
        )
    reply = {} if reply_to is None else {"in_reply_to_user_id": reply_to}
    user = {"id": author, "username": HANDLES[author], "name": HANDLES[author].title()}
    user |= {
        "description": f"bio of {author}",
        "public_metrics": {"followers_count": int(author), "following_count": 1},
    }
    facts = {"id": str(number), "author_id": author, "author": user, "created_at": f"2021-03-{number:02}T10:00:00.000Z"}
    return {**facts, "text": text, "entities": {"mentions": spans}, **reply, **more}


def written(place: Path, posts: Iterable[Mapping[str, Any]], name: str = "posts.jsonl") -> Path:
    """Write posts as JSON lines."""
    path = place / name
    path.write_text("".join(json.dumps(one) + "\n" for one in posts), encoding="utf-8")
    return path
