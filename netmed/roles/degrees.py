"""When two capitals are a degree: "Jo Doe, MD" against "Towson, MD", "MD/CEO" and "MD-80"; DO against "I DO".

The same test serves PA, NP, ND, DC, OD and the like, which are states and ordinary words as well.
"""

import re
from functools import cached_property

from netmed.roles.matching import Span, by_first_word, by_last_word
from netmed.roles.tokens import APART, COMMA, MENTION, TIGHT, Line

DEGREE, PLACE, BUSINESS, DATED, NOTHING = "degree", "place", "business", "dated", "nothing"

_LIST_SIGNS = (
    "degree",
    "osteopath_degree",
    "postnominal",
    "doctorate",
    "master",
    "clinician_degree",
    "bachelor_degree",
)
_SCHOOLING = frozenset(
    [
        "admissions",
        "program",
        "programs",
        "programme",
        "programmes",
        "curriculum",
        "degree",
        "students",
        "applicants",
        "simulations",
        "simulation",
        "engine",
        "hon",
        "someday",
        "loading",
        "hopefully",
    ]
)
_COMPANY = re.compile(
    "capital|asset|bank|partners|ventures|holdings|invest|consult|advis|fund|financ|equit|securit|insur|energy"
    "|properties|realt|estate|media|agency|creative|logistic|software|digital|tech|labs|studio|motors|foods"
)
"""What the name of a company has, as a mention after "MD"."""
_OFFICES = frozenset(["ceo", "founder", "cofounder", "chairman", "owner", "coo", "cfo", "group"])


def of_degree(line: Line, span: Span, neighbours: "Neighbours", *, in_name: bool) -> str:
    """What "MD" and its kin are at this place."""
    word = line.words[span.last]
    if span.first != span.last or word != "MD":
        return DEGREE
    at = span.first
    if in_name and at == 0:
        return NOTHING  # Md for Mohammad
    if _is_place(line, at, neighbours):
        return PLACE
    if at + 1 < len(line):
        text = line.source.text[line.ends[at] : line.starts[at + 1]]
        if line.folded[at + 1] in _SCHOOLING and line.gaps[at + 1] < COMMA:
            return NOTHING  # MD admissions, MD programme
        where = line.folded[at + 1 : at + 4] if "@" in text or line.kinds[at + 1] == MENTION else []
        if not in_name and _COMPANY.search(" ".join(where)):
            return BUSINESS
        if line.words[at + 1].isdigit() and line.gaps[at + 1] == TIGHT:
            return NOTHING if text == "-" else DATED
    if not in_name and _is_business(line, at, neighbours):
        return BUSINESS
    if is_explained(line, at):
        return NOTHING
    return DEGREE


def of_initials(line: Line, span: Span, neighbours: "Neighbours", *, in_name: bool) -> str:
    """What DO, PA, ND, … are: a degree only where a list of credentials would have one."""
    at = span.first
    if _is_place(line, at, neighbours):
        return PLACE
    if line.source.text[line.ends[at] :].lstrip()[:1] in ("≠", "="):
        return NOTHING  # RT ≠ endorsement
    if is_explained(line, at):
        return NOTHING
    if line.source.text.isupper() and (not in_name or line.gaps[at] == TIGHT):
        return NOTHING
    first, last = at == 0, at + 1 == len(line)
    opened = (not first) and (line.gaps[at] >= COMMA or neighbours.before(at, *_LIST_SIGNS))
    closed = last or line.gaps[at + 1] >= COMMA or neighbours.after(at, *_LIST_SIGNS)
    if in_name:
        listed = not first and line.gaps[at] == COMMA and not last and line.words[at + 1].isupper()
        return DEGREE if listed or (not first and closed and (opened or last)) else NOTHING
    return DEGREE if (opened or first) and closed and not (first and last) else NOTHING


class Neighbours:
    """Which spans end before a word and begin after it."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans

    def before(self, at: int, *signs: str) -> bool:
        """Whether one of the signs ends right before word ``at``."""
        return any(span.says(*signs) for span in self._ending.get(at - 1, ()))

    def after(self, at: int, *signs: str) -> bool:
        """Whether one of the signs begins right after word ``at``."""
        return any(span.says(*signs) for span in self._beginning.get(at + 1, ()))

    @cached_property
    def _ending(self) -> dict[int, list[Span]]:
        return by_last_word(self._spans)

    @cached_property
    def _beginning(self) -> dict[int, list[Span]]:
        return by_first_word(self._spans)


_IN = frozenset(["in", "from", "near", "of"])
_STATES = frozenset(["va", "dc", "de", "pa", "md"])


def _is_place(line: Line, at: int, neighbours: Neighbours) -> bool:
    """Towson, MD · in Lancaster, PA · DC/MD/VA · living in MD."""
    if at == 0:
        return False
    before = line.folded[at - 1]
    if before in _IN or (neighbours.before(at, "place") and line.gaps[at] < APART):
        return True
    if before in _STATES - {"md"} and line.gaps[at] < APART and line.words[at] in ("MD", "VA", "DC"):
        return True
    after = line.folded[at + 1] if at + 1 < len(line) else ""
    if after in ("va", "dc") and line.words[at + 1].isupper() and line.gaps[at + 1] < APART:
        return True
    if line.gaps[at] != COMMA or not line.words[at - 1][:1].isupper():
        return False
    start = at - 1
    while start > 0 and at - start < 3 and line.gaps[start] == TIGHT and line.words[start - 1][:1].isupper():
        start -= 1
    return start > 0 and line.folded[start - 1] in _IN and line.gaps[start] == TIGHT


def _is_business(line: Line, at: int, neighbours: Neighbours) -> bool:
    """MD/CEO · founder & MD · Managing Director (MD) · MD of a packaging firm."""
    around = line.folded[max(0, at - 2) : at] + line.folded[at + 1 : at + 3]
    if _OFFICES & set(around):
        near = line.gaps[max(0, at - 1) : at + 2]
        if not any(gap == APART for gap in near[1:]):
            return True
    if at + 1 < len(line) and line.folded[at + 1] == "of" and line.gaps[at + 1] == TIGHT:
        return True
    return neighbours.before(at, "business") and line.gaps[at] < APART


def is_explained(line: Line, at: int) -> bool:
    """Muscular dystrophy (MD) · MD (Mouse Detective): the letters stand for the words beside them."""
    letters = list(line.folded[at])
    size = len(letters)
    text, start, end = line.source.text, line.starts[at], line.ends[at]
    if text[:start].rstrip()[-1:] == "(" and at >= size:
        return [word[:1] for word in line.folded[at - size : at]] == letters
    if text[end:].lstrip()[:1] in ("(", "=", ":") and at + size < len(line):
        return [word[:1] for word in line.folded[at + 1 : at + 1 + size]] == letters
    return False
