"""The invented words: names, places, bios and phrases, read from ``vocabulary.json``.

In phrases, ``{m}`` stands for a mention and ``{t}`` for a topic. Phrases are made so that the
truth holds: no reply begins with ``{m}``, and ``RT``, ``MT`` or ``via`` stands before ``{m}`` only
in ``manual``. Asides, the sentences that may follow any phrase, mention nobody.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Phrase = tuple[str, ...]
"""A phrase in pieces: plain text, ``{m}`` and ``{t}``, in order."""


_LISTS = (
    *("general_topics", "given", "stems", "endings", "places", "employers", "sources_old", "sources_new"),
    *("titles", "summaries", "chats", "bio_extras", "bio_ties"),
)


@dataclass(frozen=True, slots=True)
class Specialty:
    """One medical specialty; its accounts are one planted community."""

    name: str
    weight: int
    who: str
    adjective: str
    tags: tuple[str, ...]
    emoji: str
    credentials: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that accounts are made of and posts are written with."""

    specialties: tuple[Specialty, ...]
    general_topics: tuple[str, ...]
    given: tuple[str, ...]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    places: tuple[str, ...]
    employers: tuple[str, ...]
    bios: dict[str, tuple[str, ...]]
    posts: tuple[tuple[Phrase, ...], ...]
    replies: tuple[tuple[Phrase, ...], ...]
    threads: tuple[Phrase, ...]
    quotes: tuple[tuple[Phrase, ...], ...]
    directed: tuple[Phrase, ...]
    manual: tuple[Phrase, ...]
    asides: tuple[Phrase, ...]
    foreign: dict[str, tuple[Phrase, ...]]
    foreign_asides: dict[str, tuple[Phrase, ...]]
    titles: tuple[str, ...]
    summaries: tuple[str, ...]
    chats: tuple[str, ...]
    bio_extras: tuple[str, ...]
    bio_ties: tuple[str, ...]
    sources_old: tuple[str, ...]
    sources_new: tuple[str, ...]
    subjects: tuple[tuple[str, ...], ...]


@cache
def lexicon() -> Vocabulary:
    """Read the vocabulary once."""
    raw: dict[str, Any] = json.loads(files(__package__).joinpath("vocabulary.json").read_text(encoding="utf-8"))
    return Vocabulary(
        specialties=tuple(Specialty(**{k: _frozen(v) for k, v in one.items()}) for one in raw["specialties"]),
        bios={role: tuple(bios) for role, bios in raw["bios"].items()},
        posts=tuple(_phrases(group) for group in raw["posts"]),
        replies=tuple(_phrases(group) for group in raw["replies"]),
        quotes=tuple(_phrases(group) for group in raw["quotes"]),
        threads=_phrases(raw["threads"]),
        directed=_phrases(raw["directed"]),
        manual=_phrases(raw["manual"]),
        asides=_phrases(raw["asides"]),
        foreign={lang: _phrases(group) for lang, group in raw["foreign"].items()},
        foreign_asides={lang: _phrases(group) for lang, group in raw["foreign_asides"].items()},
        subjects=tuple(tuple(subject) for subject in raw["subjects"]),
        **{key: tuple(raw[key]) for key in _LISTS},
    )


def _phrases(group: list[str]) -> tuple[Phrase, ...]:
    return tuple(tuple(piece for piece in re.split(r"(\{[mt]\})", phrase) if piece) for phrase in group)


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
