"""Where the words of the vocabularies stand in a line: the longest phrase at every place, none twice."""

from dataclasses import dataclass
from functools import cache

from netmed.roles import words
from netmed.roles.tokens import APART, COMMA, LINK, MENTION, SYLLABIC, TAG, Line
from netmed.roles.words import Index, Meaning, Meanings

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
        return not self.meanings.signs.isdisjoint(signs)


def spans(line: Line) -> list[Span]:
    """All phrases in the line, from left to right."""
    index = words.index()
    phrases = index.phrases
    found: list[Span] = []
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
        if meanings and any(meaning.only_beside for meaning in meanings):
            meanings = _beside(line, at, meanings, index)
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


def _longest(
    line: Line,
    at: int,
    candidates: list[tuple[tuple[str, ...], tuple[str, ...] | None, Meanings]],
    *,
    tag: bool,
) -> tuple[int, Meanings]:
    """The longest candidate that stands at this place; words of one phrase are not set apart."""
    for folds, exact, meanings in candidates:
        size = len(folds)
        if size == 1:
            if exact is None or exact[0] == line.words[at]:
                return 1, meanings
            continue
        end = at + size
        if tag or end > len(line.words) or tuple(line.folded[at:end]) != folds:
            continue
        if exact is not None and tuple(line.words[at:end]) != exact:
            continue
        if all(gap < COMMA or (gap < APART and folds[0] in _BRACKETED) for gap in line.gaps[at + 1 : end]):
            return size, meanings
    return 1, _NONE


_BRACKETED = frozenset({"frcs", "mrcs", "fracp", "ccfp", "frcr", "md"})
"""Credentials whose field stands in brackets: FRCS (Orth)."""


@cache
def _ending(word: str) -> Meanings:
    """What a word says by how it ends: distriktsläkare."""
    for length, endings in words.index().endings.items():
        if len(word) > length and word[-length:] in endings:
            return endings[word[-length:]]
    return _NONE


def _beside(line: Line, at: int, meanings: Meanings, index: Index) -> Meanings:
    """Without what needs the company of a language that is not there."""
    others = {word for place, word in enumerate(line.folded) if place != at}
    return Meanings(
        meaning for meaning in meanings if not meaning.only_beside or index.language_words[meaning.only_beside] & others
    )


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
