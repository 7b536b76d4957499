"""A line of text in words: where each stands, what it is, and how far it is set off from the last.

Credentials and roles are told by the company they keep ("Lancaster, PA" against "PA-C"), so the gaps
between words matter as much as the words. All patterns are linear: no repetition inside a repetition.
"""

import re
from dataclasses import dataclass, field
from itertools import accumulate

from netmed.roles.text import SYLLABLES, Plain, fold, plain

TIGHT, COMMA, APART = 0, 1, 2
"""How a word is set off from the one before: not, by a comma or bracket, by a bullet or full stop."""

WORD, MENTION, TAG, LINK, SYLLABIC = range(5)
"""What a word is; syllabic ones are runs of Japanese, Chinese or Korean."""

_WORDS = re.compile(
    r"(https?://\S+|www\.\S+"
    r"|[@＠]\w+(?:\.\w+)*"
    r"|[#＃]\w+"
    r"|(?:[^\W\d_]\.){2,6}[^\W\d_]?(?![^\W_])"
    r"|[Pp][Hh]\.\s?[Dd]\b|M\.?\s?B\.?\s?Ch\.?\s?B\b|M\.B\.B\.?S\b"
    r"|[^\W_]+|&)"
)
"""Links, mentions, hashtags, initials with stops (U.S.A., M.D.), degrees with stops, words, ampersands."""
_BREAKS = frozenset('|•·∙⋅◦●■▪▫~;!?\n\r\t…→➡⇒<>=*—–¦‖:"“”«»。、，；！？｜・')
_ABBREVIATIONS = frozenset(
    [
        "dr",
        "dra",
        "drs",
        "prof",
        "med",
        "univ",
        "assoc",
        "asst",
        "rer",
        "nat",
        "phil",
        "ing",
        "st",
        "dott",
        "uzm",
        "op",
        "priv",
        "doz",
        "dipl",
        "lek",
        "habil",
        "sci",
        "spec",
        "aras",
        "ars",
        "gor",
    ]
)


@dataclass(slots=True)
class Line:
    """One text in words; the lists run in parallel, one item a word."""

    source: Plain
    words: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def quote(self, first: int, last: int) -> str:
        """Words ``first`` to ``last`` (inclusive) as the profile has them."""
        return self.source.quote(self.starts[first], self.ends[last])


_folds: dict[str, str] = {}
_gaps: dict[str, int] = {}


def line(raw: str) -> Line:
    """The text in words."""
    source = plain(raw)
    text = source.text
    pieces = _WORDS.split(text)  # between, word, between, word, …, between
    between, words = pieces[:-1:2], pieces[1::2]
    marks = list(accumulate(map(len, pieces)))
    starts, ends = marks[:-1:2], marks[1::2]
    kinds = [WORD] * len(words)
    letters = "".join(words)
    if not (letters.isascii() and letters.isalnum()):
        for at, word in enumerate(words):
            if not word.isalnum():
                kinds[at], words[at] = _special(word, text[starts[at] - 1 : starts[at]])
            elif not word.isascii() and SYLLABLES.search(word):
                kinds[at] = SYLLABIC
    folds = [_folds.get(word) or folded(word) for word in words]
    gaps = [
        TIGHT if gap == " " or not gap else _gap(gap, before)
        for gap, before in zip(between, ["", *folds], strict=False)
    ]
    return Line(source, words, folds, starts, ends, gaps, kinds)


def _special(word: str, before: str) -> tuple[int, str]:
    """What a mention, a hashtag, a link, an ampersand or an abbreviation is, and its word."""
    first = word[0]
    if first in "@＠":
        return (LINK if before.isalnum() else MENTION), word  # after a letter it is an address
    if first in "#＃":
        return TAG, word[1:]
    if first == "&":
        return WORD, "and"
    if word.startswith(("http://", "https://", "www.")):
        return LINK, word
    return WORD, "".join(character for character in word if character.isalpha())


def folded(word: str) -> str:
    """``fold`` with a memory, as most words come again and again."""
    found = _folds.get(word)
    if found is None:
        if len(_folds) > 200_000:
            _folds.clear()
        found = _folds[word] = fold(word)
    return found


def _gap(between: str, before: str) -> int:
    """How far a word is set off by what stands between it and the last."""
    if between == ". " and (before in _ABBREVIATIONS):
        return TIGHT
    known = _gaps.get(between)
    if known is None:
        known = _weigh(between)
        if len(between) < 8:
            _gaps[between] = known
    return known


def _weigh(between: str) -> int:
    """The same for a gap not seen before."""
    if not between.strip(' "“”'):
        return TIGHT  # a word in quotation marks
    if any(character in _BREAKS or ord(character) >= 0x2190 for character in between):
        return APART
    if ". " in between or " / " in between or " - " in between or between.endswith("//"):
        return APART
    if any(character in ",+()[]{}、" for character in between):
        return COMMA
    return APART if "." in between and between != "." else TIGHT
