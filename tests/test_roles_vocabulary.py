"""The vocabularies: every entry once, of a known sign and a marked language, and found in a text."""

from collections import Counter

import pytest

from netmed.roles import matching, tokens, words
from netmed.roles.features import FEATURES

ENTRIES = list(words.entries())

SIGNS = {
    *("degree", "osteopath_degree", "bachelor_degree", "postnominal", "royal_fellow", "physician", "doctor_word"),
    *("surgeon", "gp", "attending", "consultant", "head", "academic", "specialist", "field", "tag", "stem"),
    *("trainee", "resident_word", "medical_student", "class_of", "future", "educator", "clinician"),
    *("clinician_degree", "clinician_initials", "clinician_tag", "student", "student_word", "researcher"),
    *("doctorate", "master", "organisation", "org_voice", "we", "journal", "industry", "media", "patient"),
    *("advocacy", "animal", "veteran", "hobby", "parody", "other", "fiction", "negation", "negation_after"),
    *("not_physician", "relative", "relation_to", "possessive", "former", "not_you", "people", "clinical"),
    *("health", "interest", "title", "other_title", "pronoun", "trade", "place", "maryland", "business", "employer"),
    *("belonging", "hope_after", "bench"),
}


def test_no_entry_stands_twice() -> None:
    keys = Counter((e.sign, e.specialty, e.language, e.only_beside, e.phrase) for e in ENTRIES)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_entry_has_a_known_sign_and_a_language_marked_validated_or_not() -> None:
    assert {entry.sign for entry in ENTRIES} == SIGNS
    for code, told in words.languages().items():
        assert isinstance(told["validated"], bool), code
        assert told["name"], code
    assert {entry.language for entry in ENTRIES} <= set(words.languages())
    assert {entry.validated for entry in ENTRIES if entry.language in ("en", "any")} == {True}
    assert {entry.validated for entry in ENTRIES if entry.language not in ("en", "any")} == {False}


def test_every_promised_language_has_words_for_physicians_and_for_trainees() -> None:
    wanted = {
        "en",
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "sv",
        "da",
        "no",
        "fi",
        "tr",
        "ja",
        "zh",
        "pl",
        "ru",
        "ar",
        "ko",
    }
    for signs in ({"physician", "specialist"}, {"trainee"}, {"clinician"}):
        assert wanted <= {entry.language for entry in ENTRIES if entry.sign in signs}


def test_only_specialties_have_a_specialty() -> None:
    for entry in ENTRIES:
        assert (
            bool(entry.specialty)
            == (entry.sign in ("specialist", "field", "tag", "stem") and not entry.phrase.startswith("*"))
            or entry.sign == "postnominal"
        )
    assert len(words.specialties()) > 40


@pytest.mark.parametrize("fault", ["  ", " x", "x ", "|", "\n"])
def test_no_phrase_is_empty_or_has_stray_blanks(fault: str) -> None:
    assert [e.phrase for e in ENTRIES if not e.phrase or ((fault.strip() or "  ") in e.phrase and fault == "|")] == []
    assert [e.phrase for e in ENTRIES if e.phrase != e.phrase.strip() or "  " in e.phrase] == []


def test_every_phrase_is_found_where_it_stands_alone() -> None:
    lost = []
    for entry in ENTRIES:
        if entry.sign == "stem" or entry.phrase.startswith("*") or entry.only_beside:
            continue
        found = matching.spans(tokens.line(entry.phrase))
        signs = {meaning.sign for span in found for meaning in span.meanings}
        if entry.sign not in signs:
            lost.append((entry.phrase, entry.sign, signs))
    assert lost == []


def test_capitals_are_kept_apart_from_words() -> None:
    def signs(text: str) -> set[str]:
        return {meaning.sign for span in matching.spans(tokens.line(text)) for meaning in span.meanings}

    assert "field" in signs("EM attending, EM")
    assert "field" not in signs("tell em")
    assert "medical_student" in signs("MS3")
    assert "osteopath_degree" not in signs("what I do")


def test_every_feature_says_what_it_means() -> None:
    assert all(meaning and not meaning.endswith(".") for meaning in FEATURES.values())
