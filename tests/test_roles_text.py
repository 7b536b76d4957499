"""Text made plain: decorated, hidden and flooded letters; quotes are what stands in the profile."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmed import roles
from netmed.roles import tokens
from netmed.roles.text import fold, plain


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("𝐉𝐨 𝐃𝐨𝐞 𝐌𝐃", "Jo Doe MD"),
        ("Ｐｓｙｃｈ", "Psych"),
        ("ᴊᴏ ᴍᴅ", "JO MD"),
        ("🅼🅳", "MD"),
        ("res​ident", "resident"),
        ("M⁠D", "MD"),
        ("soft­hyphen", "softhyphen"),
        ("MD 🩺", "MD 🩺"),
        ("", ""),
    ],
)
def test_decoration_goes_and_emoji_stay(raw: str, text: str) -> None:
    assert plain(raw).text == text


def test_a_quote_is_the_original() -> None:
    made = plain("a​ 𝐌​𝐃 b")
    at = made.text.index("MD")
    assert made.text == "a MD b"
    assert made.quote(at, at + 2) == "𝐌​𝐃"


def test_a_flood_of_marks_is_cut() -> None:
    flooded = "d" + "̂" * 500 + "oc"
    assert len(plain(flooded).text) <= 5
    assert plain("é".encode().decode()).text == unicodedata.normalize("NFC", "é")


@given(st.text(max_size=60))
def test_every_word_can_be_quoted_from_any_text(raw: str) -> None:
    line = tokens.line(raw)
    for at in range(len(line)):
        assert line.quote(at, at) in raw
    assert line.starts == sorted(line.starts)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it_and_evidence_is_in_the_text(name: str, description: str) -> None:
    row = roles.classify(pd.DataFrame({"name": [name], "description": [description]})).iloc[0]
    assert row["role"] in roles.ROLES
    if row["role_evidence"]:
        assert all(phrase in name or phrase in description for phrase in row["role_evidence"].split(" | "))


def test_words_are_compared_without_accents_and_case() -> None:
    assert fold("Médico") == fold("MEDICO")
    assert fold("haematologist") == fold("Hematologist")
    assert fold("LÄKARE") == "lakare"
    assert fold("İç") == fold("iç")
    assert fold("医師") == "医師"


def test_gaps_tell_lists_from_phrases() -> None:
    line = tokens.line("Jo Doe, MD | Critical care. Dr. Who")
    assert line.words == ["Jo", "Doe", "MD", "Critical", "care", "Dr", "Who"]
    assert line.gaps == [
        tokens.TIGHT,
        tokens.TIGHT,
        tokens.COMMA,
        tokens.APART,
        tokens.TIGHT,
        tokens.APART,
        tokens.TIGHT,
    ]


def test_links_and_addresses_are_not_read() -> None:
    line = tokens.line("jo@surgeon.example https://x.example/MD @EMdoc")
    assert [kind for kind in line.kinds if kind == tokens.WORD] == [tokens.WORD]
    assert line.words[0] == "jo"
