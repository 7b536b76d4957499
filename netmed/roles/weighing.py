"""What only the whole profile decides: words that tell in company alone, titles, training beside a degree.

"Resident" beside "psychiatry" is a physician in training, beside "Brooklyn" a neighbour; "Dr" with a PhD
and nothing clinical is a researcher. While reading, such words are put aside (``loose``); here they count.
"""

import re

from netmed.roles.features import Reading

_MEDICAL = frozenset(
    [
        "physician",
        "specialist",
        "gp",
        "degree_name",
        "degree_bio",
        "degree_tag",
        "postnominal",
        "field",
        "tag_field",
        "trainee",
        "medical_student",
        "clinical",
    ]
)
_PRETENDED = frozenset({"title", "degree_name", "degree_name_lower", "handle_md", "handle_md_lower", "handle_dr"})
"""What a made-up doctor's name has as well."""
_BESIDE_DEGREE = (
    *("title", "degree_name", "postnominal", "physician", "specialist", "surgeon_bare", "doctor_word", "field"),
    *("tag_field", "clinical", "health", "stethoscope", "doctorate", "head", "head_field", "trainee", "educator"),
    *("resident_word", "medical_student", "handle_md", "handle_dr", "handle_field_doc", "handle_profession"),
    *("academic", "academic_field", "handle_field", "attending", "consultant"),
)
_HOSPITAL = re.compile(r"NHS|Hosp|Infirm|Medical|MedC|Health|Clinic|ICU|Trust|SurgeryDept")
"""What the name of a hospital has, as a mention."""
_FIRM = re.compile(r"(?i)deloitte|mckinsey|bcg\b|accenture|pwc|kpmg|capgemini|oracle|consult|capital|bank|advis")
"""What the name of a firm of consultants has."""
_MEDICAL_SCHOOL = re.compile(r"SOM\b|Med\b|MedSchool|Medicine\b|MedStud|COM\b")


def weigh(reading: Reading, loose: dict[str, list[str]], mentions: str) -> None:
    """Decide what needs the whole profile: words that tell only in company, and titles."""
    if "maryland" in loose and reading.has("degree_tag") and not reading.has("field", "specialist", "postnominal"):
        reading.said.pop("degree_tag")
        reading.add("place_md", loose["maryland"][0])
    if reading.has("parody") or (reading.has("fiction") and not reading.has("specialist", "physician", "field")):
        for sign in _PRETENDED & set(reading.said):
            reading.said.pop(sign)
    if reading.has("place_md") or "maryland" in loose:
        for sign in ("handle_md", "handle_md_lower"):
            reading.said.pop(sign, None)
    medical = reading.has(*_MEDICAL, "title", "handle_md", "handle_dr", "handle_field_doc")
    beside = {"attending", "consultant", "resident_word", "head", "doctor_word"} & set(loose)
    if "initials" in loose and (
        medical or beside or reading.has("educator", "stethoscope") or len(loose["initials"]) > 1
    ):
        _initials(reading, loose)
    degree = reading.has("degree_name", "degree_bio", "degree_tag", "postnominal")
    fields = reading.has("field", "tag_field")
    strange = reading.has("other", "other_name", "industry", "fiction", "parody")
    for phrase in loose.get("gp", ()):
        if reading.has("other", "industry", "business_md") and not (medical or degree):
            continue
        unsure = "gp_at" in loose or "gp_within" in loose
        reading.add("specialist" if medical or not unsure else "doctor_word_alone", phrase)
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
        elif not strange:
            reading.add("attending_alone", phrase)
    employed = bool(_HOSPITAL.search(mentions))
    of_a_firm = bool(_FIRM.search(mentions))
    for phrase in loose.get("consultant", ()):
        clinical = fields or degree or reading.has("specialist", "physician")
        if employed or (clinical and not of_a_firm) or (reading.has("title") and not strange):
            reading.add("consultant", phrase)
    for phrase in loose.get("resident_word", ()):
        told = (
            degree or fields or reading.has("trainee", "medical_student", "specialist", "handle_trainee", "stethoscope")
        )
        told = told or (reading.has("clinical") and not strange)
        reading.add("resident_word" if told else "resident_word_alone", phrase)
    for phrase in loose.get("head", ()):
        reading.add("head_field" if fields or degree or reading.has("specialist") else "head", phrase)
    for phrase in loose.get("academic", ()):
        reading.add("academic_field" if fields else "academic", phrase)
    if degree or reading.has("specialist", "physician", "surgeon_bare"):
        # A physician who studies for a PhD, or has been ill, is a physician.
        if not reading.has("of_others", "we"):
            reading.said.pop("patient", None)
        if reading.said.pop("student", None):
            reading.add("student_word")
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
    if reading.has("degree_bio") and not (reading.has(*_BESIDE_DEGREE) or employed):
        reading.add("degree_bio_alone")
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


def _initials(reading: Reading, loose: dict[str, list[str]]) -> None:
    """EM, ID and the like, where the rest of the profile is a clinician's."""
    for phrase, specialty in zip(loose["initials"], loose["initials_of"], strict=True):
        if "field" in reading.said and phrase not in reading.said["field"]:
            reading.add("fields")
        reading.add("field", phrase)
        reading.add("field_initials", phrase)
        reading.specialties.append((2.5, specialty))
