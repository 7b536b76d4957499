"""Fields of medicine: named as one's own, as an interest, as a hashtag, or as two capitals that may be a label.

"Nephrology @Korvel" is how physicians name their work without naming their profession. Two capitals (EM, ID)
count where they stand as an item, or where the rest of the profile is a clinician's (``weighing``).
"""

from netmed.roles.circumstances import HOPED, OF_OTHERS, WISHED, Circumstances
from netmed.roles.features import Reading
from netmed.roles.matching import Span
from netmed.roles.tokens import APART, MENTION, TIGHT, Line


def add_field(
    words: Line,
    span: Span,
    sign: str,
    specialty: str,
    reading: Reading,
    around: Circumstances,
    places: set[int],
    loose: dict[str, list[str]],
) -> None:
    """A field of medicine, its hashtag or its postnominal."""
    if sign == "postnominal":
        reading.add("postnominal", span.quote)
        if specialty:
            reading.specialties.append((1.5, specialty))
        return
    if sign == "tag" or span.is_tag:
        reading.add("tag_field", span.quote)
        reading.specialties.append((1.2, specialty))
        return
    if around.of(span) in (WISHED, OF_OTHERS, HOPED):
        reading.add("clinical", span.quote)
        return
    if len(span.quote) == 2 and span.quote.isupper() and not _is_item(words, span):
        loose.setdefault("initials", []).append(span.quote)
        loose.setdefault("initials_of", []).append(specialty)
        return
    if "field" in reading.said and span.quote not in reading.said["field"]:
        reading.add("fields")
    reading.add("field", span.quote)
    general = specialty == "internal medicine" and words.folded[span.first] == "medicine"
    reading.specialties.append((0.5 if general else 2.5, specialty))
    if span.first == 0:
        reading.add("field_first", span.quote)
    if span.quote.isupper() and len(span.quote) > 1 and not words.source.text.isupper():
        reading.add("field_initials", span.quote)
    after = span.last + 1
    if after < len(words) and words.gaps[after] < APART:
        text = words.source.text[words.ends[span.last] : words.starts[after]]
        near = set(range(after, min(after + 5, len(words))))
        if words.kinds[after] == MENTION or "@" in text or words.folded[after] == "at" or near & places:
            reading.add("field_employer", span.quote)


_WHERE = frozenset({"in", "at", "for", "by"})
"""Words between a field and where it is practised: "EM in Alaska"."""
_STAGES = frozenset(
    ["resident", "intern", "fellow", "registrar", "reg", "trainee", "attending", "consultant", "doc", "faculty"]
)
"""Words before which two capitals are a field: "IM intern"."""


def _is_item(words: Line, span: Span) -> bool:
    """Whether two capitals stand by themselves ("EM | ICU", "ID @Korvel"), not as a label ("ID: 4711")."""
    before, after = words.gaps[span.first], span.last + 1
    if after < len(words) and words.folded[after] in _STAGES and words.gaps[after] == TIGHT:
        return True
    if span.first and before == TIGHT:
        return words.source.text[words.starts[span.first] - 1] == "/"
    if after == len(words):
        return span.first > 0
    text = words.source.text[words.ends[span.last] : words.starts[after]]
    if span.first == 0 and words.folded[after] in _WHERE:
        return True
    return ":" not in text and (words.gaps[after] > TIGHT or "/" in text or words.kinds[after] == MENTION)
