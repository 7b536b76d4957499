"""How a word stands in its line: as an item of its own, as professions do, or inside of other words."""

from netmed.roles.matching import Span
from netmed.roles.tokens import MENTION, TIGHT, Line

_RACES = frozenset(["in", "every", "the", "last", "first", "this", "each", "next", "st"])


def is_race(words: Line, span: Span) -> bool:
    """Whether GP may be a Grand Prix, a general partner or a place: "every GP since", "GP member"."""
    after = span.last + 1
    if span.first and words.gaps[span.first] == TIGHT and words.folded[span.first - 1] in _RACES:
        return True
    return after < len(words) and words.gaps[after] == TIGHT and words.folded[after] not in _GOES_ON


def is_attending(words: Line, span: Span, found: list[Span]) -> bool:
    """The physician, not the one who attends a college or a meeting."""
    after = span.last + 1
    if span.first and words.folded[span.first - 1] in _MEETS:
        return False
    if after < len(words) and ":" in words.source.text[words.ends[span.last] : words.starts[after]]:
        return False
    if (
        after == len(words)
        or stands_alone(words, span)
        or (words.words[span.last][:1].islower() and span.first and words.gaps[span.first] == TIGHT)
    ):
        return True
    if words.kinds[after] == MENTION or words.folded[after] == "on" or words.folded[after].isdigit():
        return True
    return any(other.first == after and other.says("specialist", "physician", "surgeon", "field") for other in found)


_MEETS = frozenset(
    ["currently", "anyone", "everyone", "lady", "those", "all", "regularly", "meeting", "now", "is", "was"]
)
"""Words before the verb: "currently attending", "anyone attending"."""

_GOES_ON = frozenset(["myself", "too", "again", "and", "in", "at", "from", "with", "who", "by", "for", "turned"])


def stands_alone(words: Line, span: Span) -> bool:
    """Whether the word is an item of its own, as professions are: "Doc. Dad.", "Doctor in Nairobi"."""
    after = span.last + 1
    if span.first and words.gaps[span.first] == TIGHT:
        return False
    return after == len(words) or words.gaps[after] > TIGHT or words.folded[after] in _GOES_ON
