"""Whose profession a phrase names: one's own, a relative's, one denied, hoped for or left.

"My wife is an MD", "not a doctor", "ask your doctor", "future surgeon", "ex-EMT": the phrase is there,
the profession is not. Only words close before (in Turkish: after) the phrase are looked at, and none
across a full stop or a bullet.
"""

from netmed.roles.matching import Span, by_first_word, by_last_word
from netmed.roles.tokens import APART, COMMA, TIGHT, Line

OWN, DENIED, OF_OTHERS, HOPED, LEFT, WISHED, IN_JEST = (
    "own",
    "denied",
    "of_others",
    "hoped",
    "left",
    "wished",
    "in_jest",
)

_COUNTING = frozenset(["and", "y", "et", "und", "e", "en", "2", "3", "4", "5", "6", "two", "three", "four", "five"])
_DETERMINERS = frozenset(["a", "an", "the", "not"])
_PRAISE = frozenset(["good", "bad", "great", "different", "amazing", "brilliant", "incredible", "other"])
_SIGNS = frozenset(
    ["negation", "negation_after", "possessive", "relative", "future", "former", "interest", "trade", "hope_after"]
)
_FARTHEST = 5
"""Words before a phrase among which a context word may stand; none of the rules below looks farther."""


class Circumstances:
    """The context words of one line, asked about span after span from left to right."""

    def __init__(self, line: Line, spans: list[Span]) -> None:
        self._line = line
        telling = [span for span in spans if not _SIGNS.isdisjoint(span.meanings.signs)]
        told = spans if telling else []
        self._told_before = {span.last for span in telling}
        self._told_behind = {span.first for span in telling}
        self._ending = by_last_word(told)
        self._beginning = by_first_word(told)
        self._relatives = {span.last for span in telling if span.says("relative")}
        self._last_of_others = -9
        self._last_wished = -9

    def of(self, span: Span) -> str:
        """Whose the profession is that ``span`` names."""
        near = range(span.first - _FARTHEST, span.first)
        if self._told_before.isdisjoint(near) and span.last + 1 not in self._told_behind:
            return self._of_neighbours(span)
        not_yours = self._before(span, 2, "not_you") and not span.says("clinician", "clinician_degree")
        if self._before(span, 3, "negation") and not not_yours:
            return DENIED
        if self._after(span, "negation_after"):
            return DENIED
        if (
            self._before(span, 2, "possessive")
            or self._is_anothers(span)
            or self._of_relative(span)
            or self._listed(span)
        ):
            self._last_of_others = span.last
            return OF_OTHERS
        if self._before(span, 1, "trade"):
            return IN_JEST
        if self._before(span, 2, "future") or self._after(span, "hope_after"):
            return HOPED
        if self._before(span, 3, "interest") or self._listed(span, wish=True):
            self._last_wished = span.last
            return WISHED
        if self._before(span, 2, "former") or self._is_past(span):
            return LEFT
        return OWN

    def _of_neighbours(self, span: Span) -> str:
        """The same where no context word stands near: most spans of most profiles."""
        if self._is_anothers(span) or self._listed(span):
            self._last_of_others = span.last
            return OF_OTHERS
        if self._listed(span, wish=True):
            self._last_wished = span.last
            return WISHED
        return LEFT if self._is_past(span) else OWN

    def is_former(self, span: Span) -> bool:
        """ "Ex A&E SHO": a stage of training left behind, some words before it."""
        return self._before(span, 4, "former")

    def _before(self, span: Span, words: int, sign: str) -> bool:
        """Whether ``sign`` ends at most ``words`` words before the span, with nothing but words between."""
        gaps = self._line.gaps
        for at in range(span.first - 1, max(-1, span.first - 1 - words), -1):
            if gaps[at + 1] >= COMMA:
                return False
            for other in self._ending.get(at, ()):
                if other.says(sign):
                    return True
                if words > 1 and sign in ("possessive", "negation") and other.says("relative", "other", "media"):
                    return False
        return False

    def _after(self, span: Span, sign: str) -> bool:
        at = span.last + 1
        return any(other.says(sign) for other in self._beginning.get(at, ()))

    def _is_anothers(self, span: Span) -> bool:
        """By what stands right beside it, without a word that tells so."""
        return self._owns(span) or self._is_counted(span)

    def _owns(self, span: Span) -> bool:
        """ "ER doc's wife", "a surgeon's daughter"."""
        after = span.last + 1
        if after >= len(self._line) or self._line.folded[after] != "s":
            return False
        between = self._line.source.text[self._line.ends[span.last] : self._line.starts[after]]
        return between in ("'", "’", "`")

    def _is_counted(self, span: Span) -> bool:
        """ "2 neurologists", "1 good surgeon": others than oneself."""
        gaps, folded = self._line.gaps, self._line.folded
        for at in range(span.first - 1, max(-1, span.first - 3), -1):
            if gaps[at + 1] != TIGHT:
                return False
            if folded[at].isdigit() and len(folded[at]) < 3:
                return at + 1 == span.first or folded[at + 1] in _PRAISE
        return False

    def _is_past(self, span: Span) -> bool:
        """ "PGY2 trained"."""
        after = span.last + 1
        return after < len(self._line) and self._line.gaps[after] < COMMA and self._line.folded[after] == "trained"

    def _of_relative(self, span: Span) -> bool:
        """ "Wife of an ER doc", "my husband is a surgeon", "married to a surgeon"."""
        gaps, folded = self._line.gaps, self._line.folded
        for last in range(span.first - 2, max(-1, span.first - 1 - _FARTHEST), -1):
            if last not in self._relatives:
                continue
            between = range(last + 1, span.first)
            if any(gap >= COMMA for gap in gaps[last + 1 : span.first + 1]):
                continue
            first = last + 1
            if not any(other.says("relation_to") for other in self._beginning.get(first, ())):
                continue
            return not any(folded[at] in _COUNTING for at in between)
        return False

    def _listed(self, span: Span, *, wish: bool = False) -> bool:
        """A further item of a list that began with another's: "my cardiologist, surgeon & nurse"."""
        last = self._last_wished if wish else self._last_of_others
        if not 0 <= last < span.first or span.first - last > 3:
            return False
        gaps, folded = self._line.gaps, self._line.folded
        if any(gap == APART for gap in gaps[last + 1 : span.first + 1]):
            return False
        between = folded[last + 1 : span.first]
        return all(word in _COUNTING or word in _DETERMINERS for word in between)
