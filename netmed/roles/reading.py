"""A profile read into features: what it says of its owner, each with the phrases that say so.

A feature is a yes or no ("names a specialty as its own profession", "a relative is a physician"). The
vocabularies give the signs, ``circumstances`` and ``degrees`` tell what they are worth where they stand,
and this room puts the two together. ``FEATURES`` lists all features and what each means.
"""

import re

from netmed.roles import handles
from netmed.roles.circumstances import DENIED, HOPED, IN_JEST, LEFT, OF_OTHERS, OWN, WISHED, Circumstances
from netmed.roles.degrees import BUSINESS, DATED, DEGREE, Neighbours, is_explained, of_degree, of_initials
from netmed.roles.features import Reading
from netmed.roles.fields import add_field
from netmed.roles.matching import Span, spans
from netmed.roles.standing import is_attending, is_race, stands_alone
from netmed.roles.tokens import MENTION, TIGHT, Line, line
from netmed.roles.weighing import weigh

_PROFESSIONS = frozenset({"physician", "specialist", "doctor_word", "gp", "surgeon"})
_STAGES = frozenset({"resident_word", "trainee"})
_PERSONS = frozenset({"head", "academic", "student", *_STAGES})
_BELONGING = _PROFESSIONS | {"field", "resident_word", "medical_student", "attending"}
"""What is nobody's profession where another noun owns it: cardiology nurse, physician recruiter, resident wellness."""
_MENTIONS = re.compile(r"@\w+")
_STETHOSCOPES = ("🩺", "⚕", "🏥")


def read(handle: str, name: str, description: str) -> Reading:
    """The features of one profile."""
    reading = Reading()
    loose: dict[str, list[str]] = {}
    for text, in_name in ((name, True), (description, False)):
        if text:
            _read_text(line(text), reading, loose, in_name=in_name)
    said = handles.read(handle) if handle else handles.NOTHING
    for sign, phrase in said.signs:
        reading.add(sign, phrase)
    if said.specialty:
        reading.specialties.append((1.0, said.specialty))
    texts = name + description
    if not texts.isascii() and any(mark in texts for mark in _STETHOSCOPES):
        reading.add("stethoscope")
    weigh(reading, loose, " ".join(_MENTIONS.findall(description)) if "@" in description else "")
    if not description.strip():
        reading.add("empty")
    elif not reading.said:
        reading.add("plain")
    return reading


def _read_text(words: Line, reading: Reading, loose: dict[str, list[str]], *, in_name: bool) -> None:
    """Add what the name or the bio says."""
    found = spans(words)
    if MENTION in words.kinds:
        for word, kind in zip(words.words, words.kinds, strict=True):
            if kind == MENTION:
                reading.specialties += [(0.6, name) for name in handles.fields(word)]
    if not found:
        return
    around = Circumstances(words, found)
    neighbours = Neighbours(found)
    if in_name:
        _title(words, found, reading, loose)
    counts: dict[str, int] = {}
    owners, stages, places = _behind(found)
    if not in_name:
        _first_words(found, reading)
    for span in found:
        circumstance = ""
        after = span.last + 1
        belongs = after in owners and words.gaps[after] == TIGHT and not span.is_tag
        for meaning in span.meanings:
            sign = meaning.sign
            counts[sign] = counts.get(sign, 0) + 1
            if sign in ("degree", "osteopath_degree", "clinician_initials", "bachelor_degree"):
                circumstance = circumstance or around.of(span)
                _degree(words, span, sign, circumstance, reading, neighbours, in_name=in_name)
            elif belongs and sign in _BELONGING:
                reading.add("clinical", span.quote)
            elif sign == "specialist" and meaning.specialty and after in stages:
                add_field(words, span, "field", meaning.specialty, reading, around, places, loose)
            elif sign in _PROFESSIONS:
                circumstance = circumstance or around.of(span)
                _profession(words, span, sign, meaning.specialty, circumstance, reading, loose, in_name=in_name)
            elif sign == "medical_student" and words.words[span.first] == "MEd":
                reading.add("student", span.quote)  # of education
            elif sign in _SIMPLE:
                circumstance = circumstance or around.of(span)
                _simple(span, sign, circumstance, reading, around)
            elif sign in ("field", "tag", "postnominal"):
                if in_name and sign == "field":
                    loose.setdefault("field_name", []).append(span.quote)
                add_field(words, span, sign, meaning.specialty, reading, around, places, loose)
            elif sign == "class_of":
                if span.last + 1 < len(words) and words.words[span.last + 1].isdigit():
                    loose.setdefault(sign, []).append(words.quote(span.first, span.last + 1))
            elif sign in _LOOSE:
                circumstance = circumstance or around.of(span)
                named = in_name and sign == "resident_word" and span.first == 0  # Reg is a name
                if circumstance == OWN and not named and (sign != "attending" or is_attending(words, span, found)):
                    loose.setdefault(sign, []).append(span.quote)
            elif sign in _OF_KIND and not (in_name and sign == "patient" and span.is_tag):
                _kind(span, sign, reading, around, in_name=in_name)
            elif sign == "not_physician":
                reading.add("denied", span.quote)
            elif sign in ("people", "educator"):
                reading.add(sign, span.quote)
            elif sign in ("clinical", "health", "we", "royal_fellow"):
                if sign != "royal_fellow":
                    reading.add(sign, span.quote)
                loose.setdefault(sign, []).append(span.quote)
            elif sign == "maryland":
                loose.setdefault("maryland", []).append(span.quote)
    if not in_name:
        if counts.get("clinical", 0) >= 3:
            reading.add("clinical_many")
        if counts.get("organisation", 0) >= 2:
            reading.add("org_bio")


def _behind(found: list[Span]) -> tuple[set[int], set[int], set[int]]:
    """Where words begin that tell of the profession or field before them: who owns it, its stage, its place."""
    owners, stages, places = set(), set(), set()
    for span in found:
        signs = span.meanings.signs
        if "belonging" in signs:
            owners.add(span.first)
        if "organisation" in signs:
            places.add(span.first)
        if not _STAGES.isdisjoint(signs):
            stages.add(span.first)
    return owners, stages, places


def _first_words(found: list[Span], reading: Reading) -> None:
    """A bio that begins "The Department of", "Official account of"."""
    for span in found:
        if span.first > 2 or not _PERSONS.isdisjoint(span.meanings.signs):
            return
        if span.says("organisation", "org_voice"):
            reading.add("org_first", span.quote)
            return


def _title(words: Line, found: list[Span], reading: Reading, loose: dict[str, list[str]]) -> None:
    """Dr at the head of the name, after no word but other titles."""
    titles = {span.first: span for span in found if span.says("title", "other_title", "future")}
    fiction = any(span.says("fiction") for span in found)
    at = 0
    while at in titles:
        span = titles[at]
        if span.says("future"):
            loose.setdefault("future_title", []).append(span.quote)
        elif span.says("title") and not fiction and words.folded[span.first] != "doc":  # a nickname, oftener than not
            reading.add("hoped" if "future_title" in loose else "title", span.quote)
            return
        at = span.last + 1


def _degree(
    words: Line,
    span: Span,
    sign: str,
    circumstance: str,
    reading: Reading,
    neighbours: Neighbours,
    *,
    in_name: bool,
) -> None:
    """MD, DO, PA and their kin."""
    if span.is_tag:
        if sign == "degree":
            reading.add("degree_tag", span.quote)
        return
    if sign in ("osteopath_degree", "clinician_initials"):
        what = of_initials(words, span, neighbours, in_name=in_name)
        if what == DEGREE and circumstance == OWN:
            if sign == "clinician_initials":
                reading.add("clinician_degree", span.quote)
            else:
                reading.add("degree_name" if in_name else "degree_bio", span.quote)
        return
    what = of_degree(words, span, neighbours, in_name=in_name)
    if what == DATED:
        reading.add("medical_student", words.quote(span.first, span.last + 1))
    elif what == BUSINESS:
        reading.add("business_md", span.quote)
    elif what == "place":
        reading.add("place_md", span.quote)
    elif what == DEGREE and circumstance in (OWN, LEFT):
        if sign == "bachelor_degree":
            reading.add("clinical", span.quote)
        else:
            reading.add("degree_name" if in_name else "degree_bio", span.quote)
    else:
        _not_own(span, circumstance, reading)


def _not_own(span: Span, circumstance: str, reading: Reading) -> None:
    if circumstance == DENIED:
        reading.add("denied", span.quote)
    elif circumstance == OF_OTHERS:
        reading.add("of_others", span.quote)
    elif circumstance == HOPED:
        reading.add("hoped", span.quote)
    elif circumstance == WISHED:
        reading.add("clinical", span.quote)
    elif circumstance == IN_JEST:
        reading.add("other", span.quote)


def _profession(
    words: Line,
    span: Span,
    sign: str,
    specialty: str,
    circumstance: str,
    reading: Reading,
    loose: dict[str, list[str]],
    *,
    in_name: bool,
) -> None:
    """Physician, cardiologist, doctor, GP."""
    if span.is_tag and sign == "doctor_word":
        return
    if circumstance not in (OWN, LEFT):
        _not_own(span, circumstance, reading)
        return
    if sign == "doctor_word" and not in_name and stands_alone(words, span):
        reading.add("doctor_said", span.quote)
    elif sign in ("doctor_word", "surgeon"):
        loose.setdefault(sign, []).append(span.quote)
    elif sign == "gp" and is_explained(words, span.first):
        return
    elif sign == "gp":
        if span.last + 1 < len(words) and words.kinds[span.last + 1] == MENTION:
            loose.setdefault("gp_at", []).append(span.quote)
        if span.quote == "PCP" or (span.quote == "GP" and is_race(words, span)):
            loose.setdefault("gp_within", []).append(span.quote)
        loose.setdefault("gp", []).append(span.quote)
    elif not (sign == "specialist" and words.folded[span.first] == "gp" and span.first == span.last):
        reading.add(sign, span.quote)
    if specialty:
        reading.specialties.append((3.0 if sign == "specialist" else 2.0, specialty))


_SIMPLE = frozenset(
    [
        "trainee",
        "medical_student",
        "clinician",
        "clinician_degree",
        "clinician_tag",
        "student",
        "student_word",
        "researcher",
        "bench",
        "doctorate",
        "master",
    ]
)


def _simple(span: Span, sign: str, circumstance: str, reading: Reading, around: Circumstances) -> None:
    """Signs that are features of the same name where they are one's own."""
    if circumstance in (DENIED, OF_OTHERS, LEFT) or (sign == "trainee" and around.is_former(span)):
        return
    if circumstance == HOPED and sign not in ("student", "medical_student", "trainee"):
        sign = "student"
    reading.add(sign, span.quote)


_LOOSE = frozenset(["resident_word", "attending", "consultant", "head", "academic"])

_OF_KIND = {
    "organisation": ("org_name", ""),
    "org_voice": ("org_voice", "org_voice"),
    "journal": ("journal_name", "journal"),
    "industry": ("industry_name", "industry"),
    "media": ("media_name", "media"),
    "patient": ("patient", "patient"),
    "advocacy": ("advocacy", "advocacy"),
    "hobby": ("hobby", "hobby"),
    "animal": ("animal_name", ""),
    "other": ("other_name", "other"),
    "parody": ("parody", "parody"),
    "veteran": ("hobby", "hobby"),
    "fiction": ("fiction", "fiction"),
}


def _kind(span: Span, sign: str, reading: Reading, around: Circumstances, *, in_name: bool) -> None:
    """What kind of account it is, if not a clinician's."""
    feature = _OF_KIND[sign][0 if in_name else 1]
    if feature and (sign in ("fiction", "parody") or around.of(span) not in (DENIED, LEFT, HOPED)):
        reading.add(feature, span.quote)
