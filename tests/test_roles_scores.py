"""Scores of a filled sheet: the example that docs/roles.md computes by hand, and formulas of others."""

import math
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from netmed import cli, roles
from netmed.errors import InputError
from netmed.roles import proportions
from netmed.roles.scoring import MEASURES

ROOT = Path(__file__).parents[1]
SHEETS = ROOT / "tests" / "data" / "roles-review"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(SHEETS / name, dtype=str, keep_default_na=False)


@pytest.fixture
def sheet() -> pd.DataFrame:
    return read("review.csv")


@pytest.fixture
def key() -> pd.DataFrame:
    return read("review.key.csv")


def by_measure(table: pd.DataFrame, about: str) -> pd.DataFrame:
    return table[table["about"] == about].set_index("measure")


def by_hand() -> dict[str, list[str]]:
    """The table under "An example by hand"."""
    page = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    rows = re.search(r"\| measure \| value \| from \| to \|\n\|[-|]+\n((?:\|.*\n)+)", page)
    assert rows is not None
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in rows[1].splitlines()]
    return {measure: numbers for measure, *numbers in cells}


def test_the_example_computed_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.call(["roles", str(SHEETS / "review.csv"), "--score", str(SHEETS / "review.csv"), "-o", "out/"]) == 0
    scores = by_measure(pd.read_csv("out/role-scores.csv", dtype=str, keep_default_na=False), "physician")
    hand = by_hand()
    assert set(hand) >= {"precision", "recall", "f1", "specificity", "prevalence_corrected", "kappa_coders"}
    for measure, numbers in hand.items():
        for column, number in zip(("value", "lo", "hi"), numbers, strict=True):
            found = scores.loc[measure, column]
            assert (f"{float(found):.4f}" if found else "") == number, (measure, column)
    worth = scores["n_effective"].replace("", "nan").astype(float)
    assert worth["recall"] == pytest.approx(14_400 / 1_400)
    assert worth["specificity"] == pytest.approx(12.1)
    page = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    for number in {cell for numbers in hand.values() for cell in numbers if cell} - {"0.5230", "0.9486", "0.2482"}:
        assert page.count(number) >= 1
    confusion = pd.read_csv("out/role-confusion.csv")
    assert confusion["rows"].sum() == 24
    assert confusion["accounts"].sum() == 340
    assert (tmp_path / "out" / "role-scores.csv.meta.json").is_file()


def test_what_became_of_the_rows_sums(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    facts = roles.score(sheet, key).facts
    assert (facts["rows"], facts["used"], facts["coders_differ"], facts["without_a_code"]) == (25, 24, 1, 0)
    blank = sheet.assign(coder_1=["", *sheet["coder_1"][1:]], coder_2=["NA", *sheet["coder_2"][1:]])
    blank["agreed"] = ["", *sheet["agreed"][1:]]
    facts = roles.score(blank, key).facts
    assert facts["used"] + facts["coders_differ"] + facts["without_a_code"] == 25
    assert facts["without_a_code"] == 1
    assert roles.score(sheet[1:], key).facts["rows_of_the_key_not_in_the_sheet"] == 1


def test_every_measure_is_explained_and_every_gap_has_a_reason(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    for filled in (sheet, sheet.assign(coder_1="other", coder_2="other", agreed="")):
        table = roles.score(filled, key).table
        assert set(table["measure"]) <= set(MEASURES)
        assert table.loc[table["lo"].isna(), "interval"].str.startswith("none: ").all()
        assert (table.loc[table["lo"].notna(), "lo"] <= table.loc[table["lo"].notna(), "hi"]).all()
    scores = by_measure(table, "physician")
    assert scores.loc["recall", "interval"] == "none: no row was coded physician"
    assert math.isnan(scores.loc["prevalence_corrected", "value"])
    assert scores.loc["kappa_coders", "interval"] == "none: both say the same of every row"


def test_a_perfect_finder_scores_one(key: pd.DataFrame) -> None:
    sheet = key[["account_key"]].assign(coder_1=key["predicted_role"])
    for role, share in (("physician", 100 / 340), ("trainee", 40 / 340)):
        scores = by_measure(roles.score(sheet, key).table, role)["value"]
        assert scores[["precision", "recall", "f1", "specificity", "kappa_agreed"]].tolist() == [1] * 5
        assert scores["prevalence_corrected"] == pytest.approx(share)
        assert math.isnan(scores["kappa_coders"])  # one coder only


def test_the_corrected_share_is_the_weighted_share_of_codes(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    """Rogan and Gladen undo what recall and specificity of the same sheet did."""
    table = roles.score(sheet, key).table
    assert by_measure(table, "physician").loc["prevalence_corrected", "value"] == pytest.approx(120 / 340)
    assert by_measure(table, "trainee").loc["prevalence_corrected", "value"] == pytest.approx(30 / 340)


def test_rows_left_blank_do_not_move_the_weights_of_other_strata(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    trainees = set(key.loc[key["predicted_role"] == "trainee", "account_key"])
    dropped = sheet[~sheet["account_key"].isin(trainees)]
    done = roles.score(dropped, key)
    assert done.facts["accounts"] == 300
    assert by_measure(done.table, "physician").loc["recall", "value"] == pytest.approx(90 / 110)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_scipy(counted: tuple[int, int]) -> None:
    hits, n = counted
    theirs = binomtest(hits, n).proportion_ci(method="wilson")
    assert proportions.wilson(hits / n, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(st.lists(st.tuples(*[st.sampled_from(["physician", "trainee", "other"])] * 2), min_size=1, max_size=60))
def test_kappa_is_one_minus_disagreement_over_that_of_chance(pairs: list[tuple[str, str]]) -> None:
    """The form with counts of disagreement (Cohen 1968 with weights of 1), from the margins."""
    first, second = zip(*pairs, strict=True)
    n = len(pairs)
    ones, others = Counter(first), Counter(second)
    by_chance = sum(ones[a] * others[b] for a in ones for b in others if a != b) / n
    made = proportions.kappa(first, second)
    if by_chance == 0:
        assert made is None
    else:
        assert made is not None
        assert made[0] == pytest.approx(1 - sum(a != b for a, b in pairs) / by_chance)


def test_a_share_found_without_errors_has_the_interval_of_agresti_and_coull() -> None:
    made = proportions.corrected(0.3, 1, 1, n=50, n_sensitivity=1e12, n_specificity=1e12)
    assert made is not None
    z2 = 1.959963984540054**2
    middle = (15 + z2 / 2) / (50 + z2)
    half = math.sqrt(z2 * middle * (1 - middle) / (50 + z2))
    assert made[0] == pytest.approx(0.3)
    assert made[1] == pytest.approx((middle - half, middle + half), abs=1e-9)


def test_a_finder_that_tells_nothing_has_no_corrected_share() -> None:
    assert proportions.corrected(0.3, 0.4, 0.6, n=50, n_sensitivity=20, n_specificity=20) is None


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda s: s.assign(coder_1="", coder_2="", agreed=""), "25 rows and no code; coders write a role"),
        (lambda s: s.assign(coder_1=["phisician", *s["coder_1"][1:]]), "row 1 of .*, coder_1: .* physician"),
        (lambda s: s.assign(agreed=[*s["agreed"][:-1], "xyz"]), "row 25 of .*, agreed: there is no role called 'xyz'"),
        (lambda s: s.assign(account_key=["x:9", *s["account_key"][1:]]), "1 of 25 rows .* not in its key \\(x:9\\)"),
        (lambda s: pd.concat([s, s[:1]]), "stands twice in .*, again in row 26"),
        (lambda s: s.drop(columns="coder_1"), "wanted are account_key and coder_1"),
        (lambda s: s.assign(account_key=["", *s["account_key"][1:]]), "row 1 of .* has a code and no account_key"),
    ],
)
def test_a_sheet_that_cannot_be_scored_is_refused(
    sheet: pd.DataFrame, key: pd.DataFrame, change: "object", wanted: str
) -> None:
    with pytest.raises(InputError, match=wanted):
        roles.score(change(sheet), key)  # type: ignore[operator]


def test_a_key_that_is_none_is_refused(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"wanted is the file review\.key\.csv"):
        roles.score(sheet, sheet)
    with pytest.raises(InputError, match="n_stratum that is no number"):
        roles.score(sheet, key.assign(n_stratum=""))
