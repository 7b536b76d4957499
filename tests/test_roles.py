"""Roles as a table: measured on invented profiles, the same in any order, safe on any text.

``tests/data/roles`` holds sets of invented profiles with their roles, traps among them. The weights were
fitted on all but ``test.csv``, so what is asserted of them is that nothing is lost; how well it does on words
that nobody looked at, ``test.csv`` says, by trap.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from netmed import roles

DATA = Path(__file__).parent / "data" / "roles"


def labelled(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


def found(name: str) -> pd.DataFrame:
    profiles = labelled(name)
    return profiles.join(roles.classify(profiles).add_prefix("found_"))


@pytest.fixture(scope="module")
def tune() -> pd.DataFrame:
    return found("tune.csv")


@pytest.fixture(scope="module")
def held_out() -> pd.DataFrame:
    """The half that no rule and no weight was made with."""
    return found("test.csv")


def say(text: str) -> None:
    """For `pytest -s`: what was right, by trap."""
    sys.stdout.write(f"\n{text}\n")


def precision_and_recall(table: pd.DataFrame, role: str) -> tuple[float, float]:
    said, true = table["found_role"] == role, table["role"] == role
    return float((said & true).sum() / said.sum()), float((said & true).sum() / true.sum())


def by_trap(table: pd.DataFrame) -> str:
    """What was right in each trap, and how physicians fared."""
    right = table["found_role"] == table["role"]
    traps = pd.DataFrame({"trap": table["trap"].replace("", "none"), "right": right}).groupby("trap")["right"]
    precision, recall = precision_and_recall(table, "physician")
    return (
        traps.agg(["sum", "count"]).rename(columns={"sum": "right", "count": "of"}).to_string()
        + f"\nphysician: precision {precision:.3f}, recall {recall:.3f}; all roles right: {right.mean():.3f}"
    )


def test_physicians_are_found_and_traps_are_not(tune: pd.DataFrame) -> None:
    say(by_trap(tune))
    precision, recall = precision_and_recall(tune, "physician")
    assert precision >= 0.95
    assert recall >= 0.97
    assert (tune["found_role"] == tune["role"]).mean() >= 0.95
    for role in ("trainee", "other_clinician", "organisation", "industry", "media", "patient_advocate"):
        assert min(precision_and_recall(tune, role)) >= 0.8, role


def test_the_half_that_was_kept_aside(held_out: pd.DataFrame) -> None:
    say(by_trap(held_out))
    precision, recall = precision_and_recall(held_out, "physician")
    assert precision >= 0.88  # every negative here is a trap; 0.95 was hoped for (docs/roles.md)
    assert recall >= 0.93
    assert (held_out["found_role"] == held_out["role"]).mean() >= 0.83


@pytest.mark.parametrize(("name", "least"), [("profiles.csv", (0.95, 0.95)), ("more.csv", (0.94, 0.91))])
def test_further_sets_in_other_words(name: str, least: tuple[float, float]) -> None:
    precision, recall = precision_and_recall(found(name), "physician")
    assert precision >= least[0]
    assert recall >= least[1]


@pytest.mark.parametrize("half", ["tune", "held_out"])
def test_probabilities_are_about_as_often_right_as_they_say(half: str, request: pytest.FixtureRequest) -> None:
    table = request.getfixturevalue(half)
    chance = table["found_p_physician"].to_numpy()
    true = (table["role"] == "physician").to_numpy()
    for low, high in ((0, 0.1), (0.9, 1.01)):
        inside = (chance >= low) & (chance < high)
        assert inside.sum() > 100
        assert abs(chance[inside].mean() - true[inside].mean()) < 0.05
    for low, high in ((0.1, 0.5), (0.5, 0.9)):  # some twenty profiles each: as near as their number allows
        inside = (chance >= low) & (chance < high)
        spread = np.sqrt((chance[inside] * (1 - chance[inside])).sum()) / inside.sum()
        assert abs(chance[inside].mean() - true[inside].mean()) < 0.05 + 2 * spread
    assert abs(chance.mean() - true.mean()) < 0.05


def test_specialty_and_teaching_are_read(tune: pd.DataFrame) -> None:
    of = tune[(tune["specialty"] != "") & (tune["found_role"] == tune["role"])]
    fits = [found in wanted.split("|") for found, wanted in zip(of["found_specialty"], of["specialty"], strict=True)]
    assert np.mean(fits) >= 0.95
    assert ((tune["is_educator"] == "true") == tune["found_is_educator"]).mean() >= 0.97
    assert (tune.loc[~tune["found_role"].isin(["physician", "trainee"]), "found_specialty"] == "").all()


def test_evidence_is_quoted_from_the_profile(tune: pd.DataFrame) -> None:
    for _, row in tune.iterrows():
        texts = [row["handle"], row["name"], row["description"]]
        for phrase in filter(None, row["found_role_evidence"].split(" | ")):
            assert any(phrase in text for text in texts), (phrase, texts)
    physicians = tune[tune["found_role"] == "physician"]
    assert (physicians["found_role_evidence"] != "").all()


def test_what_one_profile_says() -> None:
    profile = pd.DataFrame({"name": ["Jo Korvel, MD"], "description": ["Nephrologist @KorvelGen | #MedEd"]})
    row = roles.classify(profile).iloc[0]
    assert list(row.index) == list(roles.COLUMNS)
    assert row["role"] == "physician"
    assert row["role_probability"] == row["p_physician"] > 0.9
    assert set(row["role_evidence"].split(" | ")) >= {"MD", "Nephrologist"}
    assert row["specialty"] == "nephrology"
    assert row["is_educator"]


def test_the_order_of_rows_and_repetition_change_nothing(tune: pd.DataFrame) -> None:
    profiles = tune[["handle", "name", "description"]]
    first = roles.classify(profiles)
    pd.testing.assert_frame_equal(first, roles.classify(profiles))
    mixed = profiles.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(roles.classify(mixed), first.loc[mixed.index])
    doubled = pd.concat([profiles, profiles])
    pd.testing.assert_frame_equal(roles.classify(doubled), pd.concat([first, first]))


def test_missing_columns_and_values_are_empty_texts() -> None:
    whole = pd.DataFrame({"handle": ["a", None], "name": [None, np.nan], "description": ["Cardiologist", pd.NA]})
    table = roles.classify(whole)
    assert table["role"].tolist() == ["physician", "unknown"]
    assert roles.classify(whole[["description"]])["role"].tolist() == ["physician", "unknown"]
    assert roles.classify(pd.DataFrame({"other": [1, 2]}))["role"].tolist() == ["unknown", "unknown"]
    arrow = whole[["description"]].convert_dtypes()
    assert roles.classify(arrow)["role"].tolist() == ["physician", "unknown"]


def test_no_profiles_give_an_empty_table_of_the_same_columns() -> None:
    table = roles.classify(pd.DataFrame({"handle": [], "name": [], "description": []}))
    assert list(table.columns) == list(roles.COLUMNS)
    assert len(table) == 0


def test_the_index_of_the_profiles_is_kept_and_they_are_not_changed() -> None:
    profiles = pd.DataFrame({"description": ["GP", "Nurse"]}, index=["x:1", "x:2"])
    before = profiles.copy()
    assert roles.classify(profiles).index.tolist() == ["x:1", "x:2"]
    pd.testing.assert_frame_equal(profiles, before)


def test_probabilities_are_probabilities(tune: pd.DataFrame) -> None:
    assert tune["found_role_probability"].between(1 / len(roles.ROLES), 1).all()
    assert (tune["found_p_physician"] + tune["found_p_trainee"] <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    "subject", ["she/her", "he/him", "🏳️‍🌈", "Muslim", "Christian", "Black", "🇵🇸", "Democrat", "diabetic"]
)
def test_gender_origin_faith_politics_and_health_do_not_move_a_role(subject: str) -> None:
    bio = "Emergency physician. Coffee."
    table = roles.classify(pd.DataFrame({"description": [bio, f"{bio} {subject}"]}))
    assert table["role"].tolist() == ["physician", "physician"]
    assert table["p_physician"].iloc[0] == table["p_physician"].iloc[1]
    assert subject not in table["role_evidence"].iloc[1]


@pytest.mark.parametrize("illness", ["T1D", "Type 1 diabetic", "POTS, EDS, MCAS", "Living with HIV", "long covid"])
def test_an_illness_is_neither_a_role_nor_evidence(illness: str) -> None:
    row = roles.classify(pd.DataFrame({"description": [f"{illness}. Baker."]})).iloc[0]
    for word in illness.replace(",", "").split():
        assert word in ("Living", "with") or word not in row["role_evidence"]


def test_a_crowd_of_strangers_holds_no_physicians() -> None:
    crowd = pd.DataFrame(
        {"handle": [f"fan{n}" for n in range(300)], "description": ["Coffee.", "", "fan forever 💜"] * 100}
    )
    table = roles.classify(crowd)
    assert table["p_physician"].sum() == 0
    assert table["p_trainee"].sum() == 0
    assert set(table["role"]) <= {"other", "unknown"}


HOSTILE = ["a", "a.", "not a ", "é̂̃̄", "d​", "MD, ", "wife of a doctor & ", "@a.", "𝐌𝐃 ", "医", "#", "((", "M.B.", "Ph.D"]
HOSTILE += ["arts ", "my wife. a surgeon. "]  # words that need company, and relatives far away


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        table = pd.DataFrame({"name": [(piece * size)[:size]], "description": [(piece * size)[:size]]})
        times = []
        for _ in range(5):
            start = time.process_time()
            roles.classify(table)
            times.append(time.process_time() - start)
        return min(times)

    seconds(100)
    assert seconds(10_000) < 4 * seconds(5_000) + 0.01


def test_twenty_thousand_profiles_are_read_in_seconds() -> None:
    parts = labelled("tune.csv")[["handle", "name", "description"]]
    many = pd.concat([parts.assign(handle=parts["handle"] + f"_{turn}") for turn in range(48)], ignore_index=True)
    start = time.process_time()
    table = roles.classify(many)
    assert time.process_time() - start < 12  # about two where nobody else computes
    assert len(table) == len(many) > 20_000
