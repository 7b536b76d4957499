"""Tables of X posts read in plain Python, row by row, as the v1.1 records they once were: for ``reference.read``."""

import csv
import json
import re
from pathlib import Path

from lines import Json


def cells(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, without what stands for unknown."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return [{key: value for key, value in row.items() if value not in ("", "NA")} for row in csv.DictReader(stream)]


def mentions(text: str, named: list[tuple[str, str | None]]) -> list[Json]:
    """Entities for every place at which the text has a handle of the list as a word."""
    found = []
    for handle, identity in dict.fromkeys(named):
        word = rf"(?<![a-z0-9_@])@{handle}(?![a-z0-9_@])"
        spans = [match.span() for match in re.finditer(word, text, re.IGNORECASE | re.ASCII)]
        found += [{"screen_name": handle, "id_str": identity, "indices": list(span)} for span in spans or [()]]
    return found


def from_rtweet(row: dict[str, str]) -> Json:
    """A row of an rtweet table of either generation."""

    def first(*names: str) -> str | None:
        return next((row[name] for name in names if name in row), None)

    def number(*names: str) -> str | None:
        value = first(*names)
        return value and value.removeprefix("x")

    handles = row.get("mentions_screen_name", "").split()
    ids = [value.removeprefix("x") for value in row.get("mentions_user_id", "").split()]
    record = {
        "id_str": number("status_id"),
        "user": {"id_str": number("user_id"), "screen_name": row["screen_name"]},
        "text": row["text"],
        "created_at": row["created_at"],
        "entities": {"user_mentions": mentions(row["text"], list(zip(handles, ids, strict=True)))},
        "in_reply_to_status_id_str": number("reply_to_status_id", "in_reply_to_status_status_id"),
        "in_reply_to_user_id_str": number("reply_to_user_id", "in_reply_to_status_user_id"),
        "in_reply_to_screen_name": first("reply_to_screen_name", "in_reply_to_status_screen_name"),
        "quoted_status_id_str": number("quoted_status_id", "quote_status_id"),
    }
    for kind, key in (("quoted", "quoted_status"), ("retweet", "retweeted_status")):
        identity = number(f"{kind}_status_id")
        if identity:
            record[key] = {"id_str": identity}
        if f"{kind}_user_id" in row:
            who = {"id_str": number(f"{kind}_user_id"), "screen_name": row[f"{kind}_screen_name"]}
            record[key] |= {"user": who, "text": row.get(f"{kind}_text", ""), "created_at": row[f"{kind}_created_at"]}
    return record


def from_tags(row: dict[str, str]) -> Json:
    """A row of a TAGS sheet; a repost's id is not in it, and any will do."""
    record: Json = {
        "id_str": row["id_str"],
        "user": {"id_str": row["from_user_id_str"], "screen_name": row["from_user"]},
        "text": row["text"],
        "created_at": row["created_at"],
        "entities": json.loads(row["entities_str"]),
        "in_reply_to_status_id_str": row.get("in_reply_to_status_id_str"),
        "in_reply_to_user_id_str": row.get("in_reply_to_user_id_str"),
        "in_reply_to_screen_name": row.get("in_reply_to_screen_name"),
    }
    if re.match(r"RT @\w+:", row["text"]):
        record["retweeted_status"] = {"id_str": "1"}
    return record
