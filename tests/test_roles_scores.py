"""Scores of a filled sheet: the example that docs/roles.md computes by hand, and formulas of others."""

import math
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from netmed import cli, roles
from netmed.errors import InputError
from netmed.roles import proportions, strata
from netmed.roles.coding import fingerprint
from netmed.roles.reviewing import allocated
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


HAND = {
    # precision 90 / 100, by Wilson of 10; of the rows as they are it is the same
    "precision": (90 / 100, 0.5958, 0.9821),
    "precision_of_rows": (9 / 10, 0.5958, 0.9821),
    # recall 90 / (90 + 10 + 20); of the rows 9 / (9 + 1 + 1), Wilson of 11
    "recall": (90 / 120, None, None),
    "recall_of_rows": (9 / 11, 0.5230, 0.9486),
    "f1": (2 * 0.9 * 0.75 / 1.65, math.nan, math.nan),
    "specificity": (210 / 220, None, None),
    "prevalence_found": (100 / 340, 0.2482, 0.3446),
    "prevalence_corrected": (120 / 340, None, None),
    # κ = (22/25 - 310/625) / (1 - 310/625), Wilson of 22 in 25 (0.7004, 0.9583) carried through
    "kappa_coders": (0.384 / 0.504, 0.4056, 0.9173),
}
"""Physicians of the example, worked on paper; None: drawn, and compared with draws of another program below."""


def by_hand() -> dict[str, list[str]]:
    """The table under "An example by hand"."""
    page = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    rows = re.search(r"\| measure \| value \| from \| to \|\n\|[-|]+\n((?:\|.*\n)+)", page)
    assert rows is not None
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in rows[1].splitlines()]
    return {measure: numbers for measure, *numbers in cells}


def ends_by_other_draws() -> dict[str, tuple[float, float]]:
    """The intervals of the example by Python's own generator: 9 of 10, 1 of 4 and 1 of 10 rows are physicians.

    Half a row of the prior for those taken for physicians, half a row for the 40 and the 200 others by their number.
    """
    chance = random.Random(7)
    draws: dict[str, list[float]] = {"recall": [], "specificity": [], "prevalence_corrected": []}
    for _ in range(40_000):
        right = 100 * chance.betavariate(9.5, 1.5)
        missed = 40 * chance.betavariate(1 + 1 / 12, 3 + 1 / 12) + 200 * chance.betavariate(1 + 5 / 12, 9 + 5 / 12)
        draws["recall"].append(right / (right + missed))
        draws["specificity"].append((240 - missed) / (340 - right - missed))
        draws["prevalence_corrected"].append((right + missed) / 340)
    return {name: (sorted(found)[1_000], sorted(found)[39_000]) for name, found in draws.items()}


def test_the_example_computed_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.call(["roles", str(SHEETS / "review.csv"), "--score", str(SHEETS / "review.csv"), "-o", "out/"]) == 0
    scores = by_measure(pd.read_csv("out/role-scores.csv", dtype=str, keep_default_na=False), "physician")
    page = by_hand()
    assert set(page) == set(HAND)
    drawn = ends_by_other_draws()
    for measure, (value, *ends) in HAND.items():
        row = scores.loc[measure, ["value", "lo", "hi"]].replace("", "nan").astype(float).tolist()
        told = [float(cell or "nan") for cell in page[measure]]
        for found in (row, told):
            assert found[0] == pytest.approx(value, abs=6e-5), measure
            if ends[0] is None:
                assert found[1:] == pytest.approx(drawn[measure], abs=0.01), measure
            else:
                assert found[1:] == pytest.approx(ends, abs=6e-5, nan_ok=True), measure
        assert told == pytest.approx(row, abs=0.005, nan_ok=True), measure
        assert ("Jeffreys" in scores.loc[measure, "interval"]) is (ends[0] is None)
    worth = scores["n_effective"].replace("", "nan").astype(float)
    assert worth["recall"] == pytest.approx(14_400 / 1_400)
    assert worth["specificity"] == pytest.approx(12.1)
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
    assert done.facts["accounts"] == 340
    assert done.facts["accounts_in_strata_without_a_code"] == 40
    scores = by_measure(done.table, "physician")
    assert scores.loc["recall", "value"] == pytest.approx(90 / 110)
    # what was found is known from the key, of the errors only 300 accounts tell
    assert scores.loc["prevalence_found", "value"] == pytest.approx(100 / 340)
    for measure in ("recall", "specificity", "f1"):
        assert scores.loc[measure, "interval"].endswith("of the 300 of 340 accounts spoken for")
    assert "spoken for" not in scores.loc["precision", "interval"]
    # (100/340 + 180/190 - 1) / (90/110 + 180/190 - 1)
    assert scores.loc["prevalence_corrected", "value"] == pytest.approx((100 / 340 - 10 / 190) / (90 / 110 - 10 / 190))
    assert "taken to hold for all" in scores.loc["prevalence_corrected", "interval"]
    assert "of the 300 of 340" in by_measure(done.table, "all").loc["accuracy", "interval"]


def test_a_side_without_a_code_leaves_recall_empty(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    found = set(key.loc[key["predicted_role"] == "physician", "account_key"])
    scores = by_measure(roles.score(sheet[~sheet["account_key"].isin(found)], key).table, "physician")
    for measure in ("precision", "recall", "specificity"):
        assert math.isnan(scores.loc[measure, "value"])
        assert scores.loc[measure, "interval"] == "none: no account that was given physician has a code"
    assert math.isnan(scores.loc["prevalence_corrected", "value"])
    assert scores.loc["prevalence_found", "value"] == pytest.approx(100 / 340)
    rest = by_measure(roles.score(sheet[sheet["account_key"].isin(found)], key).table, "physician")
    assert rest.loc["recall", "interval"] == "none: no account that was not given physician has a code"
    assert rest.loc["precision", "value"] == pytest.approx(0.9)


def many_strata() -> dict[str, tuple[int, float]]:
    """65,000 accounts in 24 strata, and the share of physicians in each."""
    strata = {"physician, p 0.9": (3_500, 0.98), "physician, p 0.5": (1_500, 0.913)}
    strata |= {"trainee, p 0.9": (1_500, 0.02), "trainee, p 0.5": (500, 0.08)}
    for number, size in enumerate((6, 6, 2, 8, 1, 2, 3, 3, 14, 13)):
        strata |= {f"other {number}, low": (size * 850, 0.004), f"other {number}, mid": (size * 150, 0.044)}
    return strata


@pytest.mark.parametrize(
    "world", [{"physician": (5_000, 0.96), "other": (60_000, 0.01)}, many_strata()], ids=["two", "twenty-four"]
)
def test_intervals_hold_the_truth_as_often_as_they_say(world: dict[str, tuple[int, float]]) -> None:
    """Sheets of 200 rows, as ``review`` shares them out; most show no missed physician at all."""
    size, share = (np.array(column) for column in zip(*world.values(), strict=True))
    quota = np.array(list(allocated(pd.Series(size, index=list(world)), 200).values()))
    given = np.array([name.startswith("physician") for name in world])
    true = np.round(size * share).astype(int)
    truth = {
        "recall": true[given].sum() / true.sum(),
        "specificity": (size - true)[~given].sum() / (size - true).sum(),
        "prevalence": true.sum() / size.sum(),
        "precision": true[given].sum() / size[given].sum(),
    }
    chance = np.random.default_rng(11)
    held = dict.fromkeys(truth, 0)
    for _ in range(200):
        hits = chance.hypergeometric(true, size - true, quota)
        cells = strata.Cells(size.astype(float), given, quota, hits, size.astype(float), quota)
        made = strata.drawn(cells, draws=1_500)
        ones, everything = size * hits / quota, size.sum()
        estimate = {
            "recall": ones[given].sum() / ones.sum(),
            "specificity": (size - ones)[~given].sum() / (size - ones).sum(),
            "prevalence": ones.sum() / everything,
            "precision": ones[given].sum() / size[given].sum(),
        }
        for measure, value in truth.items():
            low, high = strata.interval(getattr(made, measure), estimate[measure])
            held[measure] += low <= value <= high
    assert all(times / 200 >= 0.9 for times in held.values()), held


def test_a_sheet_without_missed_ones_is_no_proof_of_recall(key: pd.DataFrame) -> None:
    """All rows right: 14 rows of 240 others say that up to a third of the physicians may be missed."""
    sheet = key[["account_key"]].assign(coder_1=key["predicted_role"])
    recall = by_measure(roles.score(sheet, key).table, "physician").loc["recall"]
    assert (recall["value"], recall["hi"]) == (1, 1)
    assert 0.6 < recall["lo"] < 0.85


def test_a_stratum_that_mixes_roles_is_estimated() -> None:
    """40 accounts, 8 drawn from one stratum, 2 of them given physician: its size is drawn too."""
    key = pd.DataFrame({"account_key": [f"x:{n}" for n in range(8)], "stratum": "all", "n_stratum": 40, "n_sampled": 8})
    key["predicted_role"] = ["physician"] * 2 + ["other"] * 6
    sheet = key[["account_key"]].assign(coder_1=["physician", "other", "physician", *["other"] * 5])
    scores = by_measure(roles.score(sheet, key).table, "physician")
    assert scores.loc["prevalence_found", "value"] == pytest.approx(0.25)
    # Beta(2.5, 6.5) has these quantiles
    assert scores.loc["prevalence_found", ["lo", "hi"]].tolist() == pytest.approx(
        beta(2.5, 6.5).interval(0.95), abs=0.02
    )
    assert scores.loc["recall", "value"] == pytest.approx(0.5)
    assert scores.loc["recall", "interval"] == "Wilson 1927"  # all rows weigh the same
    assert scores.loc["prevalence_corrected", "value"] == pytest.approx(0.25)


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
        assert made[1][0] - 1e-12 <= made[0] <= made[1][1] + 1e-12


def test_full_agreement_of_few_rows_is_not_certain() -> None:
    """Five of ten rows each: e = 0.5, Wilson of 10 in 10 begins at 1 / (1 + z² / 10) = 0.7225; of 1,000 at 0.9962."""
    few, many = (proportions.kappa(["physician", "other"] * n, ["physician", "other"] * n) for n in (5, 500))
    assert few == (1, pytest.approx((2 * 0.72247 - 1, 1), abs=1e-4))
    assert many == (1, pytest.approx((2 * 0.99617 - 1, 1), abs=1e-4))


def test_the_corrected_share() -> None:
    rates = np.array([1.0, 0.9, 0.4, 0.9]), np.array([1.0, 0.8, 0.6, 0.5])
    # (0.3 + 0.8 - 1) / 0.7; a finder that tells nothing has none; below 0 is 0
    assert proportions.corrected(0.3, *rates).tolist() == pytest.approx([0.3, 1 / 7, math.nan, 0], nan_ok=True)


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
    with pytest.raises(InputError, match=r"row 2 of the key to the sheet: .*'doc\\x1btor'"):
        roles.score(sheet, key.assign(predicted_role=["other", "doc\x1btor", *key["predicted_role"][2:]]))


def test_the_key_of_another_sheet_is_refused(sheet: pd.DataFrame, key: pd.DataFrame) -> None:
    mine = fingerprint(key)
    as_excel_saves = key[::-1].assign(n_stratum=key["n_stratum"] + ".0", p_physician="1")
    assert roles.score(sheet, as_excel_saves, key_sha256=mine).facts["used"] == 24
    other = key.assign(predicted_role=["other", *key["predicted_role"][1:]])
    with pytest.raises(InputError, match="the key is not the one that was written with the sheet"):
        roles.score(sheet, other, key_sha256=mine)
    accounts = key.assign(role=key["predicted_role"], role_evidence="x", handle="h")
    one, two = (roles.review(accounts.astype({"p_physician": float, "p_trainee": float}), n) for n in (25, 30))
    filled = one.sheet.assign(coder_1="other")
    assert roles.score(filled, one.key).facts["used"] == 25
    with pytest.raises(InputError, match="is not the one"):
        roles.score(filled, two.key.assign(stratum="all"))
