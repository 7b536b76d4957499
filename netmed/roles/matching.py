"""Where the words of the vocabularies stand in a line: the longest phrase at every place, none twice."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from netmed.roles import words
from netmed.roles.tokens import APART, COMMA, LINK, MENTION, SYLLABIC, TAG, Line
from netmed.roles.words import Candidates, Index, Meaning, Meanings, Phrase

_NONE = Meanings()


@dataclass(slots=True)
class Span:
    """One phrase found: words ``first`` to ``last`` of the line, and what it says."""

    first: int
    last: int
    meanings: Meanings
    quote: str
    is_tag: bool = False

    def says(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        mine = self.meanings.signs
        return signs[0] in mine if len(signs) == 1 else not mine.isdisjoint(signs)


def by_first_word(spans: list[Span]) -> dict[int, list[Span]]:
    """The spans that begin at each word."""
    beginning: dict[int, list[Span]] = {}
    for span in spans:
        beginning.setdefault(span.first, []).append(span)
    return beginning


def by_last_word(spans: list[Span]) -> dict[int, list[Span]]:
    """The spans that end at each word."""
    ending: dict[int, list[Span]] = {}
    for span in spans:
        ending.setdefault(span.last, []).append(span)
    return ending


def spans(line: Line) -> list[Span]:
    """All phrases in the line, from left to right."""
    index = words.index()
    phrases = index.phrases
    found: list[Span] = []
    others: Counter[str] | None = None
    at = 0
    while at < len(line.words):
        kind = line.kinds[at]
        if kind in (MENTION, LINK):
            at += 1
            continue
        if kind == SYLLABIC:
            found += _syllabic(line, at, index)
            at += 1
            continue
        size, meanings = 1, _NONE
        if kind == TAG:
            meanings = index.tags.get(line.folded[at]) or _community_tag(line.folded[at])
        if not meanings:
            candidates = phrases.get(line.folded[at])
            if candidates:
                size, meanings = _longest(line, at, candidates, tag=kind == TAG)
            if not meanings and len(line.folded[at]) > 5:
                meanings = _ending(line.folded[at])
        if meanings and meanings.is_gated:
            others = others or Counter(line.folded)
            meanings = _beside(line.folded[at], meanings, others, index)
        if meanings:
            last = at + size - 1
            found.append(Span(at, last, meanings, line.quote(at, last), kind == TAG))
        at += size
    return found


_COMMUNITIES = ("twitter", "tweeter", "peeps", "tweets", "sky", "bluesky", "tok", "x")
"""How the hashtag of a specialty's community ends: #NephTwitter, #EPeeps, #HeartX."""


@cache
def _community_tag(tag: str) -> Meanings:
    """The specialty whose short name a hashtag has before one of these endings."""
    stems = words.index().stems
    for ending in _COMMUNITIES:
        if tag.endswith(ending) and tag[: -len(ending)] in stems:
            return Meanings([Meaning("tag", stems[tag[: -len(ending)]], "")])
    return _NONE


def _longest(line: Line, at: int, candidates: Candidates, *, tag: bool) -> tuple[int, Meanings]:
    """The longest candidate that stands at this place; words of one phrase are not set apart."""
    if candidates.longer and not tag and at + 1 < len(line.words):
        for phrase in candidates.longer.get(line.folded[at + 1], ()):
            if _stands(line, at, phrase):
                return len(phrase.folds), phrase.meanings
    for phrase in candidates.single:
        if phrase.exact is None or phrase.exact[0] == line.words[at]:
            return 1, phrase.meanings
    return 1, _NONE


def _stands(line: Line, at: int, phrase: Phrase) -> bool:
    """Whether a phrase of several words stands at this place."""
    end = at + len(phrase.folds)
    if end > len(line.words) or tuple(line.folded[at:end]) != phrase.folds:
        return False
    if phrase.exact is not None and tuple(line.words[at:end]) != phrase.exact:
        return False
    widest = max(line.gaps[at + 1 : end])
    if widest < COMMA:
        return True
    signs = phrase.meanings.signs
    has_comma = "head" in signs or (phrase.folds[0] in _BRACKETED and not _CREDENTIALS.isdisjoint(signs))
    return widest < APART and has_comma


_BRACKETED = frozenset({"frcs", "mrcs", "fracp", "ccfp", "frcr", "md"})
"""Credentials whose field stands in brackets: FRCS (Orth). Offices have commas: Chief, Division of Nephrology."""
_CREDENTIALS = frozenset({"degree", "postnominal", "clinician_degree"})


@cache
def _ending(word: str) -> Meanings:
    """What a word says by how it ends: distriktsläkare."""
    for length, endings in words.index().endings.items():
        if len(word) > length and word[-length:] in endings:
            return endings[word[-length:]]
    return _NONE


def _beside(word: str, meanings: Meanings, there: Counter[str], index: Index) -> Meanings:
    """Without what needs the company of a language that is not there; ``there`` counts the words of the line."""

    def has_company(meaning: Meaning) -> bool:
        telling = index.language_words[meaning.only_beside] & there.keys()
        return bool(telling - {word}) or (word in telling and there[word] > 1)

    return Meanings(meaning for meaning in meanings if not meaning.only_beside or has_company(meaning))


def _syllabic(line: Line, at: int, index: Index) -> list[Span]:
    """Phrases inside a run of letters without spaces."""
    run = line.words[at]
    start = line.starts[at]
    return [
        Span(
            at,
            at,
            index.syllables[match.group()],
            line.source.quote(start + match.start(), start + match.end()),
            line.kinds[at] == TAG,
        )
        for match in index.syllabic.finditer(run)
    ]
