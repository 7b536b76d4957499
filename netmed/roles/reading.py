"""A profile read into features: what it says of its owner, each with the phrases that say so.

A feature is a yes or no ("names a specialty as its own profession", "a relative is a physician"). The
vocabularies give the signs, ``circumstances`` and ``degrees`` tell what they are worth where they stand,
and this room puts the two together. ``FEATURES`` lists all features and what each means.
"""

import re
from dataclasses import dataclass, field

from netmed.roles import handles
from netmed.roles.circumstances import DENIED, HOPED, IN_JEST, LEFT, OF_OTHERS, OWN, WISHED, Circumstances
from netmed.roles.degrees import BUSINESS, DATED, DEGREE, Neighbours, of_degree, of_initials
from netmed.roles.matching import Span, spans
from netmed.roles.tokens import APART, MENTION, TIGHT, Line, line

FEATURES = {
    "title": "the name begins with Dr or its like",
    "title_alone": "so it does, and nothing else tells of medicine or of another doctorate",
    "title_clinical": "so it does, and there is a word of clinical work or a field of medicine",
    "title_academic": "so it does, with a professorship in no field of medicine",
    "title_doctorate": "so it does, with a PhD or its like and no other word of a physician",
    "degree_name": "a medical degree after the name",
    "degree_name_lower": "md in small letters at the end of the name",
    "degree_bio": "a medical degree in the bio",
    "degree_tag": "a medical degree as a hashtag",
    "postnominal": "a fellowship, membership or board certificate of physicians",
    "physician": "physician, médico, 医師, …, of oneself",
    "specialist": "cardiologist, GP, Hausarzt, …, of oneself",
    "surgeon_bare": "surgeon, no field beside it, and no word of another trade",
    "doctor_said": "doctor or doc as an item of its own, as professions are given",
    "doctor_word": "doctor or doc, of oneself, with another word of medicine",
    "doctor_word_alone": "doctor or doc, and no other word of medicine",
    "attending": "attending, with a word of medicine beside it",
    "consultant": "consultant, with a field of medicine",
    "head_field": "an office of medicine (programme director, chief of …) with a field or a degree",
    "head": "such an office alone",
    "academic_field": "professor of, or faculty in, a field of medicine",
    "academic": "professor or lecturer, no field of medicine",
    "field": "a field of medicine is named",
    "fields": "two fields or more",
    "field_first": "the bio begins with the field, as with a profession",
    "field_employer": "a field and, right after it, an account or place it is practised at",
    "field_initials": "a field in physicians' shorthand: EM, PCCM, OB/GYN",
    "tag_field": "the hashtag of a field",
    "clinical": "a word of clinical work",
    "clinical_many": "three or more of them",
    "health": "a word of health at large",
    "title_health": "the name begins with Dr, and only words of health at large support it",
    "stethoscope": "🩺 and its like",
    "in_training": "any sign of one's own training beside one of a physician",
    "trainee": "PGY-2, chief resident, ST5, interne, …",
    "resident_word": "resident, fellow, registrar, intern, with a field, a degree or a word of medicine",
    "resident_word_alone": "one of these, and nothing of medicine",
    "medical_student": "MS3, medical student, MD candidate, …",
    "hoped": "a physician's profession as a hope",
    "clinician": "nurse, pharmacist, dentist, physician assistant, …",
    "clinician_degree": "RN, PharmD, DDS, PA-C, …",
    "clinician_tag": "the hashtag of such a profession",
    "student": "student of something else, premed, undergraduate",
    "student_word": "student or candidate, of what is not said",
    "researcher": "scientist, epidemiologist, postdoc, …",
    "doctorate": "PhD, DPhil, ScD, …",
    "doctorate_degree": "a doctorate beside a medical degree",
    "master": "MPH, MSc, …",
    "org_name": "the name is that of an organisation",
    "field_name": "a field of medicine in the name, no degree or title",
    "org_first": "the bio begins with the words of an organisation",
    "org_voice": "official account, join us, our mission: not how a person speaks",
    "we": "we, our, us",
    "org_bio": "two words of organisations or more in the bio",
    "journal_name": "the name is that of a journal",
    "journal": "words of a journal in the bio",
    "industry": "pharma, devices, recruiting, apps, shops",
    "industry_name": "the same in the name",
    "media": "journalist, podcast, news, …",
    "media_name": "the same in the name",
    "patient": "patient, survivor, carer, advocate",
    "advocacy": "advocate, awareness, activist",
    "hobby": "a pastime",
    "animal_name": "the name is an animal's",
    "other": "another occupation or kind of account",
    "other_name": "the same in the name",
    "parody": "parody, bot, fan account",
    "fiction": "doctors of television, games and drinks",
    "denied": "not a doctor",
    "of_others": "the physician is a relative's or one's own doctor",
    "people": "physicians in the plural",
    "place_md": "MD or its like after a place",
    "business_md": "MD as managing director",
    "handle_field_doc": "the handle joins a field and doc: kidneydoc",
    "handle_md": "the handle ends in MD",
    "handle_md_lower": "the handle ends in md",
    "handle_dr": "the handle begins with Dr and a name",
    "handle_doc": "the handle ends in doc",
    "handle_field": "the handle holds a field",
    "handle_trainee": "the handle holds a stage of training",
    "handle_student": "the handle says medical student",
    "handle_clinician": "the handle names another clinical profession",
    "educator": "teaching is named",
    "empty": "there is no bio",
    "plain": "a bio without any word of the vocabularies",
}
"""Feature → what it means."""

_PROFESSIONS = frozenset({"physician", "specialist", "doctor_word", "gp", "surgeon"})
_MEDICAL = frozenset(
    "physician specialist gp degree_name degree_bio degree_tag postnominal field tag_field trainee medical_student clinical".split()
)
_MENTIONS = re.compile(r"@\w+")
_STETHOSCOPES = ("🩺", "⚕", "🏥", "🫀", "🫁", "🧠", "🩻", "💉", "🔪")


@dataclass(slots=True)
class Reading:
    """What one profile says."""

    said: dict[str, list[str]] = field(default_factory=dict)
    """Feature → the phrases that say so, in the order of the text."""
    specialties: list[tuple[float, str]] = field(default_factory=list)
    """Specialties named, each with how firmly."""

    def add(self, feature: str, phrase: str = "") -> None:
        """Note a feature and the phrase it comes from."""
        phrases = self.said.setdefault(feature, [])
        if phrase and phrase not in phrases:
            phrases.append(phrase)

    def has(self, *features: str) -> bool:
        """Whether one of these features is there."""
        return any(feature in self.said for feature in features)


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
    if any(mark in description or mark in name for mark in _STETHOSCOPES[:3]):
        reading.add("stethoscope")
    _weigh(reading, loose, " ".join(_MENTIONS.findall(description)))
    if not description.strip():
        reading.add("empty")
    elif not reading.said:
        reading.add("plain")
    return reading


def _read_text(words: Line, reading: Reading, loose: dict[str, list[str]], *, in_name: bool) -> None:
    """Add what the name or the bio says."""
    found = spans(words)
    for at, kind in enumerate(words.kinds):
        if kind == MENTION:
            reading.specialties += [(0.6, name) for name in handles.fields(words.words[at])]
    if not found:
        return
    around = Circumstances(words, found)
    neighbours = Neighbours(found)
    if in_name:
        _title(words, found, reading, loose)
    counts: dict[str, int] = {}
    places = {span.first for span in found if span.says("organisation")}
    if not in_name:
        _first_words(found, reading)
    for span in found:
        circumstance = ""
        for meaning in span.meanings:
            sign = meaning.sign
            counts[sign] = counts.get(sign, 0) + 1
            if sign in ("degree", "osteopath_degree", "clinician_initials", "bachelor_degree"):
                circumstance = circumstance or around.of(span)
                _degree(words, span, sign, circumstance, reading, neighbours, in_name=in_name)
            elif sign in _PROFESSIONS:
                circumstance = circumstance or around.of(span)
                _profession(words, span, sign, meaning.specialty, circumstance, reading, loose)
            elif sign in _SIMPLE:
                circumstance = circumstance or around.of(span)
                _simple(span, sign, circumstance, reading)
            elif sign in ("field", "tag", "postnominal"):
                if in_name and sign == "field":
                    loose.setdefault("field_name", []).append(span.quote)
                _field(words, span, sign, meaning.specialty, reading, around, places)
            elif sign == "class_of":
                if span.last + 1 < len(words) and words.words[span.last + 1].isdigit():
                    loose.setdefault(sign, []).append(words.quote(span.first, span.last + 1))
            elif sign in _LOOSE:
                circumstance = circumstance or around.of(span)
                if circumstance == OWN and (sign != "attending" or _is_attending(words, span, found)):
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


def _first_words(found: list[Span], reading: Reading) -> None:
    """A bio that begins "The Department of", "Official account of"."""
    for span in found:
        if span.first > 2 or span.says("head", "academic", "student", "trainee", "resident_word"):
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
        elif span.says("title") and not fiction and not (len(words) == 1 and words.words[0] in ("Doc", "doc")):
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
) -> None:
    """Physician, cardiologist, doctor, GP."""
    if span.is_tag and sign == "doctor_word":
        return
    if circumstance not in (OWN, LEFT):
        _not_own(span, circumstance, reading)
        return
    if sign == "doctor_word" and _stands_alone(words, span):
        reading.add("doctor_said", span.quote)
    elif sign in ("doctor_word", "surgeon"):
        loose.setdefault(sign, []).append(span.quote)
    elif sign == "gp":
        if span.last + 1 < len(words) and words.kinds[span.last + 1] == MENTION and "en" not in reading.said:
            loose.setdefault("gp_at", []).append(span.quote)
        loose.setdefault("gp", []).append(span.quote)
    elif not (sign == "specialist" and words.folded[span.first] == "gp" and span.first == span.last):
        reading.add(sign, span.quote)
    if specialty:
        reading.specialties.append((3.0 if sign == "specialist" else 2.0, specialty))


def _is_attending(words: Line, span: Span, found: list[Span]) -> bool:
    """The physician, not the one who attends a college or a meeting."""
    if _stands_alone(words, span) or words.words[span.last][:1].islower() and span.first and words.gaps[span.first] == TIGHT:
        return True
    return words.folded[span.last + 1] == "on" or any(
        other.first == span.last + 1 and other.says("specialist", "physician", "surgeon", "field") for other in found
    )


_GOES_ON = frozenset("and in at from with who by for turned".split())


def _stands_alone(words: Line, span: Span) -> bool:
    """Whether the word is an item of its own, as professions are: "Doc. Dad.", "Doctor in Nairobi"."""
    after = span.last + 1
    if span.first and words.gaps[span.first] == TIGHT:
        return False
    return after == len(words) or words.gaps[after] > TIGHT or words.folded[after] in _GOES_ON


_SIMPLE = frozenset(
    "trainee medical_student clinician clinician_degree clinician_tag student student_word researcher doctorate master".split()
)


def _simple(span: Span, sign: str, circumstance: str, reading: Reading) -> None:
    """Signs that are features of the same name where they are one's own."""
    if circumstance in (DENIED, OF_OTHERS, LEFT):
        return
    if circumstance == HOPED and sign not in ("student", "medical_student", "trainee"):
        sign = "student"
    reading.add(sign, span.quote)


def _field(
    words: Line, span: Span, sign: str, specialty: str, reading: Reading, around: Circumstances, places: set[int]
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
        near = {at for at in range(after, min(after + 5, len(words)))}
        if words.kinds[after] == MENTION or "@" in text or words.folded[after] == "at" or near & places:
            reading.add("field_employer", span.quote)


_LOOSE = frozenset("resident_word attending consultant head academic".split())

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


_MEDICAL_SCHOOL = re.compile(r"SOM\b|Med\b|MedSchool|Medicine\b|MedStud|COM\b")


def _weigh(reading: Reading, loose: dict[str, list[str]], mentions: str) -> None:
    """Decide what needs the whole profile: words that tell only in company, and titles."""
    if "maryland" in loose and reading.has("degree_tag") and not reading.has("field", "specialist", "postnominal"):
        reading.said.pop("degree_tag")
        reading.add("place_md", loose["maryland"][0])
    medical = reading.has(*_MEDICAL, "title", "handle_md", "handle_dr", "handle_field_doc")
    degree = reading.has("degree_name", "degree_bio", "degree_tag", "postnominal")
    fields = reading.has("field", "tag_field")
    strange = reading.has("other", "other_name", "industry", "fiction", "parody")
    for phrase in loose.get("gp", ()):
        if reading.has("other", "industry", "business_md") and not (medical or degree):
            continue
        reading.add("specialist" if "gp_at" not in loose or medical else "doctor_word_alone", phrase)
        reading.specialties.append((2.8, "family medicine"))
    for phrase in loose.get("doctor_word", ()):
        reading.add("doctor_word" if medical else "doctor_word_alone", phrase)
    for phrase in loose.get("surgeon", ()):
        if not (strange and not medical):
            reading.add("surgeon_bare", phrase)
            reading.specialties.append((0.4, "general surgery"))
    for phrase in loose.get("attending", ()):
        if medical and not (strange and not fields):
            reading.add("attending", phrase)
            reading.specialties.append((0.3, "internal medicine"))
    for phrase in loose.get("consultant", ()):
        if fields or degree or reading.has("specialist", "physician"):
            reading.add("consultant", phrase)
    for phrase in loose.get("resident_word", ()):
        told = degree or fields or reading.has("trainee", "medical_student", "specialist", "handle_trainee", "stethoscope")
        told = told or (reading.has("clinical") and not strange)
        reading.add("resident_word" if told else "resident_word_alone", phrase)
    for phrase in loose.get("head", ()):
        reading.add("head_field" if fields or degree or reading.has("specialist") else "head", phrase)
    for phrase in loose.get("academic", ()):
        reading.add("academic_field" if fields else "academic", phrase)
    if "field_name" in loose and not degree and not reading.has("title", "specialist", "physician", "trainee"):
        reading.add("field_name", loose["field_name"][0])
    if "royal_fellow" in loose:
        reading.said.pop("handle_trainee", None)
    for phrase in loose.get("class_of", ()):
        if reading.has("hoped", "handle_student", "clinical") or _MEDICAL_SCHOOL.search(mentions):
            reading.add("medical_student", phrase)
    grown = reading.has("head_field", "attending", "consultant")
    if reading.has("trainee", "medical_student") or (reading.has("resident_word") and not grown):
        reading.add("in_training")
    if reading.has("doctorate") and degree:
        reading.add("doctorate_degree")
    if reading.has("title"):
        told = degree or reading.has("specialist", "physician", "trainee", "medical_student")
        if reading.has("doctorate", "researcher") and not told:
            reading.add("title_doctorate")
        elif reading.has("academic") and not told and not reading.has("clinical") and not fields:
            reading.add("title_academic")
        elif reading.has("clinical") or fields:
            reading.add("title_clinical")
        elif reading.has("health") and not told:
            reading.add("title_health")
        elif not told and not reading.has("clinician", "clinician_degree", "other", "student", "doctor_word"):
            reading.add("title_alone")


