"""A line of text in words: where each stands, what it is, and how far it is set off from the last.

Credentials and roles are told by the company they keep ("Lancaster, PA" against "PA-C"), so the gaps
between words matter as much as the words. All patterns are linear: no repetition inside a repetition.
"""

import re
from dataclasses import dataclass, field

from netmed.roles.text import SYLLABLES, Plain, fold, plain

TIGHT, COMMA, APART = 0, 1, 2
"""How a word is set off from the one before: not, by a comma or bracket, by a bullet or full stop."""

WORD, MENTION, TAG, LINK, SYLLABIC = range(5)
"""What a word is; syllabic ones are runs of Japanese, Chinese or Korean."""

_WORDS = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<mention>[@＠]\w+(?:\.\w+)*)"
    r"|(?P<tag>[#＃]\w+)"
    r"|(?P<dotted>(?:[^\W\d_]\.){2,6}[^\W\d_]?(?![^\W_]))"
    r"|(?P<degree>[Pp][Hh]\.\s?[Dd]\b|M\.?\s?B\.?\s?Ch\.?\s?B\b|M\.B\.B\.?S\b)"
    r"|(?P<word>[^\W_]+|&)"
)
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
    made = Line(plain(raw))
    text = made.source.text
    words, folds, starts, ends = made.words, made.folded, made.starts, made.ends
    gaps, kinds = made.gaps, made.kinds
    end = 0
    before = ""
    for match in _WORDS.finditer(text):
        what = match.lastgroup
        word = match.group()
        start = match.start()
        kind = WORD
        if what != "word":
            kind, word = _special(what, word, text[start - 1 : start])
        elif word == "&":
            word = "and"
        elif not word.isascii() and SYLLABLES.search(word):
            kind = SYLLABIC
        between = text[end:start]
        gaps.append(TIGHT if between == " " or not between else _gap(between, before))
        before = _folds.get(word) or folded(word)
        words.append(word)
        folds.append(before)
        starts.append(start)
        end = match.end()
        ends.append(end)
        kinds.append(kind)
    return made


def _special(what: str | None, word: str, before: str) -> tuple[int, str]:
    """What a mention, a hashtag, a link or an abbreviation is, and its word."""
    if what == "mention":
        return (LINK if before.isalnum() else MENTION), word  # after a letter it is an address
    if what == "tag":
        return TAG, word[1:]
    if what == "link":
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
