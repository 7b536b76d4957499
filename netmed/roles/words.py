"""The vocabularies: read from ``vocabulary/*.toml``, listed as entries, and made into an index to match with.

An entry is a phrase, the sign it is (``degree``, ``specialist``, ``relative``, …), its specialty if it
has one, its language, and whether that language was measured against labelled profiles.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from netmed.roles import tokens
from netmed.roles.text import SYLLABLES

FILES = (
    "physicians",
    "trainees",
    "specialties",
    "educators",
    "clinicians",
    "students",
    "researchers",
    "accounts",
    "context",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a vocabulary."""

    phrase: str
    sign: str
    specialty: str
    language: str
    validated: bool
    only_beside: str
    """A language of which another word must stand in the text; empty if none need."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says: a sign, for a specialty or none, perhaps only in the company of a language."""

    sign: str
    specialty: str
    only_beside: str


class Meanings(tuple[Meaning, ...]):
    """All that one phrase says, with what is asked most at hand."""

    signs: frozenset[str]
    is_gated: bool
    """Whether one of them needs the company of its language."""

    def __new__(cls, meanings: Iterable[Meaning] = ()) -> "Meanings":
        """The meanings in order."""
        made = super().__new__(cls, meanings)
        made.signs = frozenset(meaning.sign for meaning in made)
        made.is_gated = any(meaning.only_beside for meaning in made)
        return made


class Phrase(NamedTuple):
    """A phrase to match: its words folded, its words as written where case matters, and what it says."""

    folds: tuple[str, ...]
    exact: tuple[str, ...] | None
    meanings: Meanings


@dataclass(slots=True)
class Candidates:
    """The phrases that begin with one word: of that word only, and longer ones by their second word."""

    single: list[Phrase] = field(default_factory=list)
    longer: dict[str, list[Phrase]] = field(default_factory=dict)


@dataclass(slots=True)
class Index:
    """The entries arranged for matching; of phrases the longest first, those of exact case before others."""

    phrases: dict[str, Candidates]
    endings: dict[int, dict[str, Meanings]]
    tags: dict[str, Meanings]
    stems: dict[str, str]
    syllabic: "re.Pattern[str]"
    syllables: dict[str, Meanings]
    language_words: dict[str, frozenset[str]] = field(default_factory=dict)


def read(name: str) -> dict[str, Any]:
    """One vocabulary file as it stands."""
    text = (files("netmed.roles") / "vocabulary" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def languages() -> dict[str, dict[str, Any]]:
    """Language code → its name, whether its words were validated, and everyday words that tell it."""
    return read("languages")


def entries() -> Iterator[Entry]:
    """Every entry of every vocabulary, in the order of the files."""
    for name in FILES:
        for key, table in read(name).items():
            signs = table if name == "specialties" else {key: table}
            for sign, by_language in signs.items():
                for code, phrases in _by_language(by_language):
                    language = code.removesuffix("!")
                    validated = bool(languages()[language]["validated"])
                    specialty = key if name == "specialties" else ""
                    for phrase in phrases:
                        gate = language if code.endswith("!") else ""
                        yield Entry(phrase, sign, specialty, language, validated, gate)


def _by_language(table: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return list(table.items())


@cache
def specialties() -> tuple[str, ...]:
    """The names of all specialties, in the order of the file."""
    return tuple(read("specialties"))


@cache
def index() -> Index:
    """The vocabularies arranged for matching; made once a process."""
    phrases: dict[tuple[tuple[str, ...], tuple[str, ...] | None], dict[Meaning, None]] = defaultdict(dict)
    endings: dict[str, dict[Meaning, None]] = defaultdict(dict)
    tags: dict[str, dict[Meaning, None]] = defaultdict(dict)
    syllables: dict[str, dict[Meaning, None]] = defaultdict(dict)
    stems: dict[str, str] = {}
    for entry in entries():
        meaning = Meaning(entry.sign, entry.specialty, entry.only_beside)
        if entry.sign == "stem":
            stems.setdefault(entry.phrase, entry.specialty)
        elif entry.phrase.startswith("#"):
            tags[tokens.folded(entry.phrase[1:])][meaning] = None
        elif entry.phrase.startswith("*"):
            endings[tokens.folded(entry.phrase[1:])][meaning] = None
        elif SYLLABLES.search(entry.phrase):
            syllables[entry.phrase][meaning] = None
        else:
            found = tokens.line(entry.phrase)
            exact = tuple(found.words) if entry.phrase != entry.phrase.lower() else None
            phrases[tuple(found.folded), exact][meaning] = None
    by_first: dict[str, Candidates] = defaultdict(Candidates)
    for words, exact in sorted(phrases, key=lambda phrase: (-len(phrase[0]), phrase[1] is None)):
        in_any_case = phrases.get((words, None), {}) if exact else {}
        phrase = Phrase(words, exact, Meanings({**phrases[words, exact], **in_any_case}))
        began = by_first[words[0]]
        (began.single if len(words) == 1 else began.longer.setdefault(words[1], [])).append(phrase)
    by_length: dict[int, dict[str, Meanings]] = defaultdict(dict)
    for ending, meanings in endings.items():
        by_length[len(ending)][ending] = Meanings(meanings)
    longest_first = sorted(syllables, key=lambda phrase: (-len(phrase), phrase))
    return Index(
        phrases=dict(by_first),
        endings=dict(sorted(by_length.items(), reverse=True)),
        tags={tag: Meanings(meanings) for tag, meanings in tags.items()},
        stems=stems,
        syllabic=re.compile("|".join(map(re.escape, longest_first))),
        syllables={phrase: Meanings(meanings) for phrase, meanings in syllables.items()},
        language_words={
            code: frozenset(tokens.folded(word) for word in told["words"]) for code, told in languages().items()
        },
    )
