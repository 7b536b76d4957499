"""All that can be read from a profile, one line of meaning each, and the notes taken while reading.

A feature is a yes or no ("names a specialty as its own profession", "a relative is a physician"); the
model gives each a weight for every role.
"""

from dataclasses import dataclass, field

FEATURES = {
    "title": "the name begins with Dr or its like",
    "title_alone": "so it does, and nothing else tells of medicine or of another doctorate",
    "title_clinical": "so it does, and there is a word of clinical work or a field of medicine",
    "title_academic": "so it does, with a professorship in no field of medicine",
    "title_doctorate": "so it does, with a PhD or its like and no other word of a physician",
    "degree_name": "a medical degree after the name",
    "degree_name_lower": "md in small letters at the end of the name",
    "degree_bio": "a medical degree in the bio",
    "degree_bio_alone": "such a degree, and nothing else of medicine",
    "degree_tag": "a medical degree as a hashtag",
    "postnominal": "a fellowship, membership or board certificate of physicians",
    "physician": "physician, médico, 医師, …, of oneself",
    "specialist": "cardiologist, GP, Hausarzt, …, of oneself",
    "surgeon_bare": "surgeon, no field beside it, and no word of another trade",
    "doctor_said": "doctor or doc as an item of its own, as professions are given",
    "doctor_word": "doctor or doc, of oneself, with another word of medicine",
    "doctor_word_alone": "doctor or doc, and no other word of medicine",
    "attending": "attending, with a word of medicine beside it",
    "attending_alone": "attending, and no other word of medicine",
    "consultant": "consultant, with a field of medicine or after Dr",
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
    "bench": "mice, pipettes, postdocs: the work of a laboratory",
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
    "handle_profession": "the handle names a physician's profession: handsurgeonheidi",
    "handle_field": "the handle holds a field",
    "handle_trainee": "the handle holds a stage of training",
    "handle_student": "the handle says medical student",
    "handle_clinician": "the handle names another clinical profession",
    "educator": "teaching is named",
    "empty": "there is no bio",
    "plain": "a bio without any word of the vocabularies",
}
"""Feature → what it means."""

MEDICAL = frozenset(
    [
        *("title", "title_alone", "title_clinical", "degree_name", "degree_name_lower", "degree_bio", "degree_tag"),
        *("postnominal", "physician", "specialist", "surgeon_bare", "doctor_said", "doctor_word", "doctor_word_alone"),
        *("attending", "attending_alone", "consultant", "head_field", "academic_field", "field", "field_name"),
        *("tag_field", "clinical", "stethoscope", "trainee", "resident_word", "medical_student", "hoped", "denied"),
        *("handle_field_doc", "handle_md", "handle_md_lower", "handle_dr", "handle_doc", "handle_profession"),
        *("handle_field", "handle_trainee", "handle_student"),
    ]
)
"""Features that say something of physicians. Without any of them nothing does, and nobody is counted as one."""


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
        return not self.said.keys().isdisjoint(features)
