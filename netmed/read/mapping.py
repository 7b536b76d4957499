"""Which column is what, as a person says it: ``field=column``, checked, and looked up in raw rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from netmed.errors import InputError, UnknownNameError
from netmed.read.cells import parsed
from netmed.registry import unknown

FIELDS: dict[str, str] = {
    "author": "handle of the account that wrote the post",
    "author_id": "its id",
    "text": "what the post says",
    "created_at": "when: ISO 8601, X's own format, or seconds since 1970",
    "post_id": "the post's id; without one, rows alike in all that is mapped are one post",
    "mentions": "handles mentioned: any kind of list; without it they are looked for in the text",
    "mention_ids": "ids of the same accounts, in the same order",
    "reply_to": "handle of the account replied to",
    "reply_to_id": "its id",
    "reply_to_post_id": "id of the post replied to",
    "retweet_of": "handle of the account reposted",
    "retweet_of_id": "its id",
    "retweet_of_post_id": "id of the post reposted",
    "quote_of": "handle of the account quoted",
    "quote_of_id": "its id",
    "quote_of_post_id": "id of the post quoted",
    "conversation_id": "id of the conversation",
    "lang": "language of the post",
    "hashtags": "its hashtags: any kind of list",
    "urls": "its links: any kind of list",
    "likes": "how many liked it",
    "retweets": "how many reposted it",
    "replies": "how many replied",
    "quotes": "how many quoted it",
    "impressions": "how often it was shown",
    "name": "the author's name",
    "description": "the author's description of themselves",
    "location": "the author's place",
    "followers": "the author's followers",
    "following": "accounts the author follows",
    "platform": "the column, or :NAME for all rows, such as :x; without it, any",
}
"""What can be mapped, and what it means."""

ALIASES = {"id": "post_id"}
SPEECH = ("text", "mentions", "mention_ids", *(f"{role}{end}" for role in ("reply_to", "retweet_of", "quote_of")
          for end in ("", "_id", "_post_id")))  # fmt: skip
"""What a row may say; one of them at least must be mapped."""
IDS = ("author_id", "mention_ids", "reply_to_id", "retweet_of_id", "quote_of_id")
OURS = ("line", "file")
"""Columns that raw tables have besides those of the input."""


def mapping_of(words: Iterable[str]) -> dict[str, str]:
    """``["author=a", "text=b,lang=c"]`` as a mapping. Raises ``InputError`` where a word is no ``field=column``."""
    mapping: dict[str, str] = {}
    for word in words:
        for pair in re.split(r",(?=[a-z_]+=)", word):
            field, equals, column = pair.partition("=")
            if not (equals and field.strip() and column.strip()):
                raise InputError(f"--map {pair!r} says no column; write it like --map author=screen_name")
            if field.strip() in mapping:
                raise InputError(f"--map says {field.strip()} twice: {mapping[field.strip()]} and {column.strip()}")
            mapping[field.strip()] = column.strip()
    return mapping


def checked(mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping with the fields' own names. Raises ``InputError``, ``UnknownNameError``."""
    fields: dict[str, str] = {}
    for said, column in mapping.items():
        field = ALIASES.get(said, said)
        if field not in FIELDS:
            raise UnknownNameError(unknown("field to map", said, FIELDS))
        if field in fields:
            raise InputError(f"{said} and {field} are the same field; map one of them")
        if column.split(".")[0].lower() in OURS:
            raise InputError(f"--map {said}={column}: a column cannot be called {' or '.join(OURS)} here; rename it")
        fields[field] = column
    if "author" not in fields and "author_id" not in fields:
        raise InputError(
            "--map does not say who wrote the posts; wanted is author=COLUMN (a handle) or author_id=COLUMN"
        )
    if not any(field in fields for field in SPEECH):
        raise InputError(f"--map does not say what a post says; wanted is one of {', '.join(SPEECH[:4])} … =COLUMN")
    spelled: dict[str, str] = {}
    for name in [name for column in fields.values() for name in (column, column.split(".")[0])]:
        if spelled.setdefault(name.lower(), name) != name:
            raise InputError(f"the columns {spelled[name.lower()]} and {name} differ only in case; rename one")
    constant = fields.get("platform", ":any")
    if constant.startswith(":") and not re.fullmatch(":[a-z][a-z0-9-]*", constant):
        raise InputError(f"--map platform={constant}: wanted is a word in small letters, such as :x or :bluesky")
    return fields


@dataclass(frozen=True, slots=True)
class Columns:
    """A checked mapping, and how to look its fields up in raw rows."""

    mapping: dict[str, str]

    def __contains__(self, field: object) -> bool:
        return field in self.mapping

    @property
    def platform(self) -> str | None:
        """The platform of all rows; None where a column tells it."""
        word = self.mapping.get("platform", ":any")
        return word[1:].replace("twitter", "x") if word.startswith(":") else None

    @property
    def speech(self) -> list[str]:
        """The mapped fields that hold what a row says."""
        return [field for field in SPEECH if field in self.mapping]

    @property
    def has_only_handles(self) -> bool:
        """Whether accounts have no ids, here or in files of any other format."""
        is_own = self.platform is not None and self.platform not in ("x", "bluesky", "mastodon")
        return is_own and not any(field in self.mapping for field in IDS)

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns that are mapped as ids."""
        return tuple(name for field, name in self._pairs() if field.endswith(("_id", "_ids")))

    def schema(self) -> ibis.Schema:
        """The raw columns: those of the mapping, and the outermost keys of dotted paths; all as text."""
        names = [name for _, name in self._pairs()]
        return ibis.schema(dict.fromkeys([*names, *(name.split(".")[0] for name in names)], "string"))

    def are_in(self, names: Mapping[str, Any]) -> bool:
        """Whether something with these columns or keys is meant: it has the author's, or any two."""
        found = [field for field, name in self._pairs() if name in names or name.split(".")[0] in names]
        return len(found) > 1 or "author" in found or "author_id" in found

    def cell(self, raw: ir.Table, field: str) -> ir.StringValue:
        """What a row says of a field, as text; null where it is not mapped, and in place of an empty text."""
        name = self.mapping.get(field)
        if name is None or (field == "platform" and name.startswith(":")):
            return ibis.null("string")
        plain = raw[name]
        top, *path = name.split(".")
        if path:
            inside: dt.DataType = dt.string
            for key in reversed(path):
                inside = dt.Struct({key: inside})
            value = parsed(raw[top], inside)
            for key in path:
                value = value[key]
            plain = ibis.coalesce(plain, value)
        return plain.nullif("")

    def inner_list(self, raw: ir.Table, field: str) -> ir.ArrayValue:
        """The values of the path's last key in a list of records; null where the path leads to no such list."""
        top, *path = self.mapping[field].split(".")
        if not path:
            return ibis.null("array<string>")
        inside: dt.DataType = dt.Array(dt.Struct({path[-1]: dt.string}))
        for key in reversed(path[:-1]):
            inside = dt.Struct({key: inside})
        value = parsed(raw[top], inside)
        for key in path[:-1]:
            value = value[key]
        return value.map(lambda item: item[path[-1]]).filter(lambda word: word.notnull())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for field, name in self.mapping.items():
            if not (field == "platform" and name.startswith(":")):
                yield field, name
