"""A profile's text made plain: decorated letters, hidden characters and floods of accents undone.

Bold-maths and full-width letters become plain ones (NFKC), small capitals become capitals, characters of
no width go, and of a flood of combining marks two are kept. Case, separators and emoji stay. Where a
character came from is remembered, so that evidence can be quoted as it stands in the profile.
"""

import re
import unicodedata
from dataclasses import dataclass

MARKS_KEPT = 2
"""Combining marks kept on one letter; two are enough for every living script, more are decoration."""

_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰғɢʜɪᴊᴋʟᴍɴᴏᴘǫꞯʀꜱᴛᴜᴠᴡʏᴢ", "ABCDEFFGHIJKLMNOPQQRSTUVWYZ", strict=True))
_BOXED = {chr(start + i): chr(65 + i) for start in (0x1F130, 0x1F150, 0x1F170) for i in range(26)}
_DECORATED = str.maketrans(_SMALL | _BOXED)
_FLOOD = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3}")
_IS_HIDDEN = re.compile(f"[{_HIDDEN}]")
_IS_ODD = re.compile(f"[{_HIDDEN}{''.join(_SMALL)}{''.join(_BOXED)}]")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain, and where its characters stand in the original."""

    raw: str
    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def quote(self, start: int, end: int) -> str:
        """``text[start:end]`` as it is written in the original."""
        if self.starts is None or self.ends is None:
            return self.raw[start:end]
        return self.raw[self.starts[start] : self.ends[end - 1]]


def plain(raw: str) -> Plain:
    """The text made plain; time grows with its length and no faster."""
    if raw.isascii():
        return Plain(raw, raw)
    if not _IS_ODD.search(raw) and unicodedata.is_normalized("NFKC", raw) and not _FLOOD.search(raw):
        return Plain(raw, raw)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, letter in _letters(raw):
        piece = unicodedata.normalize("NFKC", letter.translate(_DECORATED))
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return Plain(raw, "".join(pieces), starts, ends)


def _letters(raw: str) -> list[tuple[int, int, str]]:
    """Each letter with its first marks: where it starts and ends, and what it is."""
    letters: list[tuple[int, int, str]] = []
    marks = 0
    for at, character in enumerate(raw):
        if _IS_HIDDEN.match(character):
            continue
        if letters and unicodedata.combining(character):
            marks += 1
            start, _, letter = letters[-1]
            letters[-1] = (start, at + 1, letter + character if marks <= MARKS_KEPT else letter)
        else:
            marks = 0
            letters.append((at, at + 1, character))
    return letters


_FOLDS = str.maketrans(
    {"ı": "i", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ς": "σ"}
)
SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
"""Letters of Japanese, Chinese and Korean, which put no space between words or hang endings on them."""


def fold(word: str) -> str:
    """A word for comparison: no case, no accents, haematology like hematology."""
    folded = word.lower()
    if not folded.isascii():
        if SYLLABLES.search(folded):
            return folded
        folded = unicodedata.normalize("NFKD", folded.translate(_FOLDS))
        folded = "".join(character for character in folded if not unicodedata.combining(character))
    return folded.replace("ae", "e").replace("oe", "e")
