"""A roster wins, its words are understood or refused, and roles found anew are those that a build finds."""

import contextlib
import shutil
from pathlib import Path

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from v2_posts import post, written

import netmed as nm
from netmed import folder, schema
from netmed.building.role_writing import read_roster, write_roles
from netmed.errors import InputError, NetworkError, UnknownNameError
from netmed.read import account_tables
from netmed.roles import counting, roster
from netmed.roles.roster import checked, matched, role_of

PROFILES = {"10": ("ann", "Ann Orvel, MD", "Cardiologist"), "20": ("bo", "Bo Ketch", "PGY-2 in surgery | #MedEd")}
WRITTEN = ("account_key", "platform", "account_id", "handle")


def people(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(WRITTEN), dtype=object)


@pytest.fixture
def network(built: Path, tmp_path: Path) -> Path:
    """The folder of a network of one test."""
    shutil.copytree(built, tmp_path / "net")
    return tmp_path / "net"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("built")
    posts = written(tmp_path, [post(1, "10", "20"), post(2, "20", "10", "@ghost"), post(3, "30")])
    profiles = pd.DataFrame(
        [(number, *facts) for number, facts in PROFILES.items()], columns=["id", "handle", "name", "description"]
    )
    profiles.to_csv(tmp_path / "profiles.csv", index=False)
    nm.build(posts, accounts=[tmp_path / "profiles.csv"], output=tmp_path / "net")
    return tmp_path / "net"


def told(network: nm.Network, key: str) -> dict[str, object]:
    row = network.accounts.set_index("account_key").loc[key, list(schema.ROLE_COLUMNS)].astype(object)
    return {name: None if pd.isna(value) else value for name, value in row.items()}


# Words


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("physician", "physician"),
        (" Doctor ", "physician"),
        ("M.D.", "physician"),
        ("MD", "physician"),
        ("Resident", "trainee"),
        ("medical student", "trainee"),
        ("Medical-Students", "trainee"),
        ("FELLOW", "trainee"),
        ("nurse", "other_clinician"),
        ("Nurse / Practitioner", "other_clinician"),
        ("other clinician", "other_clinician"),
        ("Dentists", "other_clinician"),
        ("pharmacist", "other_clinician"),
        ("Organization", "organisation"),
        ("patient/advocate", "patient_advocate"),
        ("Patient", "patient_advocate"),
        ("advocate", "patient_advocate"),
        ("ｐｈｙｓｉｃｉａｎ", "physician"),
        ("unknown", "unknown"),
        ("Physician (retired)", "physician"),
        ("physician [ret.]", "physician"),
        ("Doctor (MD)", "physician"),
        ("Physician (in training)", "trainee"),
        ("Student (medical)", "trainee"),
    ],
)
def test_words_of_people_are_roles(word: str, role: str) -> None:
    assert role_of(word) == role


@pytest.mark.parametrize(("word", "near"), [("phisician", "did you mean physician"), ("qqq", "known are: physician")])
def test_a_word_that_is_no_role_is_refused_with_the_nearest(word: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        role_of(word)


@pytest.mark.parametrize("word", ["Doctor (PhD)", "physician (not)", "Nurse (student)"])
def test_a_word_with_a_remark_that_says_otherwise_is_refused(word: str) -> None:
    with pytest.raises(UnknownNameError, match="says two things; write one role"):
        role_of(word)


@pytest.mark.parametrize(
    ("words", "truth"), [("Y yes YES True t 1 1.0", True), ("n No NO false F 0 0.0", False)], ids=["yes", "no"]
)
def test_truth_in_any_spelling_in_a_roster_and_in_a_build(words: str, truth: bool) -> None:
    each = words.split()
    rows = pd.DataFrame({"handle": [f"h{n}" for n in range(len(each))], "is_educator": each})
    assert checked(rows)["is_educator"].tolist() == [truth] * len(each)
    assert account_tables._truth(ibis.memtable(rows).is_educator).execute().tolist() == [truth] * len(each)


def test_every_role_and_alias_means_one_role() -> None:
    assert all(role_of(role) == role for role in nm.roles.ROLES)
    assert set(roster.ALIASES.values()) == set(nm.roles.ROLES)
    assert not set(roster.ALIASES) & set(nm.roles.ROLES)
    assert sum(len(words.split()) for words in roster._WORDS.values()) == len(roster.ALIASES)


@given(st.text(max_size=20))
def test_any_word_is_a_role_or_an_error_of_ours(word: str) -> None:
    with contextlib.suppress(UnknownNameError):
        assert role_of(word) in nm.roles.ROLES


# Whose row it is


def test_a_row_belongs_to_its_key_then_its_id_then_its_handle() -> None:
    known = people(
        ("x:1", "x", "1", "ann"), ("x:2", "x", "2", "bo"), ("bluesky:did:plc:c", "bluesky", "did:plc:c", "cy.b")
    )
    known["handles"] = [["ann"], ["old_bo", "bo"], ["cy.b"]]
    rows = pd.DataFrame(
        [
            ("x:2", None, None, "ann", "media"),  # the key, whatever the handle
            (None, None, "1", None, "physician"),
            (None, None, None, "@CY.b", "trainee"),
            (None, None, None, "ghost", "other"),
            (None, None, None, None, "other"),
            (None, None, "9", "ann", "other"),  # another account that has the handle now
        ],
        columns=[*WRITTEN, "role"],
    )
    found = matched(checked(rows), known)
    assert sorted(map(tuple, found.matches.to_numpy().tolist())) == [(0, 1), (1, 0), (2, 2)]
    assert found.report["nobody"] == ["@ghost", "@ann"]
    assert [found.report[name] for name in ("rows", "matched", "unmatched", "ambiguous", "unusable")] == [6, 3, 2, 0, 1]
    earlier = matched(checked(pd.DataFrame({"handle": ["OLD_bo"], "role": ["media"]})), known)
    assert earlier.matches["place"].tolist() == [1]


def test_a_handle_of_several_accounts_is_nobodys_and_is_named() -> None:
    known = people(("x:1", "x", "1", "ann"), ("x:2", "x", "2", "Ann"))
    found = matched(checked(pd.DataFrame({"handle": ["ann"], "role": ["media"]})), known)
    assert found.matches.empty
    assert found.report["several"] == ["@ann"]


def test_rows_of_one_account_are_all_meant() -> None:
    known = pd.DataFrame({"handle": ["ann", None, "@Ann", "bo"], "account_id": ["1", None, "1", "2"]})
    found = matched(checked(pd.DataFrame({"handle": ["@ann"], "role": ["media"]})), known)
    assert sorted(found.matches["place"]) == [0, 2]
    assert found.report["matched"] == 1


def test_two_roles_for_one_account_are_refused() -> None:
    known = people(("x:1", "x", "1", "ann"))
    rows = pd.DataFrame({"handle": ["ann", "ANN"], "account_id": [None, "1"], "role": ["nurse", "doctor"]})
    with pytest.raises(InputError, match="other_clinician in row 1, physician in row 2 of the roster; an account has"):
        matched(checked(rows), known)


def test_of_rows_of_several_times_the_newest_wins_as_in_a_build(network: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        "handle,role,specialty,observed_at\n"
        "ann,resident,surgery,2019-05-01\nANN,physician,,2021-01-01T00:00:00Z\nann,nurse,,2020-01-01\n"
        "bo,nurse,,2022-01-01\nbo,media,,\n",
        encoding="utf-8",
    )
    made = nm.roles.apply(nm.load(network), read_roster(path))
    assert (told(made, "x:10")["role"], told(made, "x:10")["specialty"]) == ("physician", "surgery")
    assert told(made, "x:20")["role"] == "media"  # a row without a time is new
    built = nm.build(network, accounts=[path]).accounts
    columns = list(schema.ROLE_COLUMNS)
    pd.testing.assert_frame_equal(made.accounts[columns], built[columns])
    path.write_text("handle,role,observed_at\nann,nurse,2020-01-01\nann,media,2020-01-01T00:00:00Z\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"@ann is other_clinician in row 1, media in row 2 of .*; an account has one"):
        nm.roles.apply(nm.load(network), read_roster(path))
    path.write_text("handle,role,observed_at\nann,nurse,yesterday\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 1 of .*r.csv: observed_at is 'yesterday'; wanted is a time such as"):
        read_roster(path)


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"name": ["x"], "role": ["media"]}, "columns name, role; wanted is account_key, account_id or handle"),
        ({"handle": ["x"]}, "columns handle; wanted is"),
        ({"handle": ["a", "b"], "role": ["media", "phisician"]}, "row 2 of the roster: there is no role .* physician"),
        ({"handle": ["a"], "is_educator": ["perhaps"]}, "row 1 of the roster: is_educator is 'perhaps'"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(columns: dict[str, list[str]], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        checked(pd.DataFrame(columns))


# Roles of a network


def test_roles_found_anew_are_those_of_the_build(network: Path) -> None:
    loaded = nm.load(network)
    pd.testing.assert_frame_equal(nm.roles.apply(loaded).accounts, loaded.accounts)
    assert told(loaded, "x:10")["role"] == "physician"
    assert told(loaded, "x:20")["is_educator"]
    assert loaded.audit["accounts"] == nm.roles.counts(loaded.accounts)
    plain = nm.build(network, find_roles=False)  # narrowed: what it had stays
    pd.testing.assert_frame_equal(plain.accounts, loaded.accounts)


def test_roles_found_anew_leave_what_the_network_was_chosen_by(network: Path, tmp_path: Path) -> None:
    chosen = nm.build(network, roles="physician", output=tmp_path / "physicians")
    assert chosen.provenance["parameters"]["roles"] == ["physician"]
    again, _ = write_roles(chosen)
    for made in (again, nm.roles.apply(chosen)):
        parameters = made.provenance["parameters"]
        assert parameters["roles"] == ["physician"]
        assert parameters["role_model"] == nm.roles.fitted_on()


def test_a_roster_wins_stays_and_is_overruled_by_a_newer_one(network: Path, tmp_path: Path) -> None:
    loaded = nm.load(network)
    one = nm.roles.apply(loaded, pd.DataFrame({"handle": ["@ann", "bo"], "role": ["nurse", "resident"]}))
    ann, bo = told(one, "x:10"), told(one, "x:20")
    assert (ann["role"], ann["role_evidence"], ann["specialty"]) == ("other_clinician", "roster", None)
    assert (ann["role_probability"], ann["p_physician"], ann["p_trainee"]) == (1.0, 0.0, 0.0)
    assert (bo["role"], bo["p_trainee"], bo["specialty"]) == ("trainee", 1.0, told(loaded, "x:20")["specialty"])
    again = nm.roles.apply(one)
    pd.testing.assert_frame_equal(again.accounts, one.accounts)
    newer = nm.roles.apply(
        one, pd.DataFrame({"account_key": ["x:10"], "role": ["physician"], "specialty": ["pathology"]})
    )
    assert (told(newer, "x:10")["role"], told(newer, "x:10")["specialty"]) == ("physician", "pathology")
    assert told(newer, "x:20") == bo
    assert newer.audit["accounts"]["by_roster"] == 2
    assert loaded.accounts["role_evidence"].tolist() != newer.accounts["role_evidence"].tolist()
    assert told(nm.load(network), "x:10")["role"] == "physician"  # nothing on disk has changed


def test_a_specialty_or_teaching_without_a_role_stays(network: Path, built: Path, tmp_path: Path) -> None:
    """Ann's profile says cardiology and no teaching, Bo's teaching; @ghost has no profile."""
    path = tmp_path / "r.csv"
    path.write_text(
        "account_key,specialty,is_educator\nx:10,nephrology,Y\nx:20,,N\nx:@ghost,pathology,\n", encoding="utf-8"
    )
    one = nm.roles.apply(nm.load(network), read_roster(path))
    for made in (one, nm.roles.apply(one), nm.roles.apply(nm.roles.apply(one))):
        ann, bo, other = (told(made, key) for key in ("x:10", "x:20", "x:@ghost"))
        assert (ann["role"], ann["specialty"], ann["is_educator"]) == ("physician", "nephrology", True)
        assert str(ann["role_evidence"]).endswith(" | roster:specialty | roster:is_educator")
        assert str(ann["role_evidence"]).count("roster") == 2
        assert 0.5 < ann["p_physician"] < 1  # the role is still the profile's
        assert not bo["is_educator"]
        assert (other["role"], other["specialty"]) == (None, "pathology")
        assert other["role_evidence"] == "roster:specialty"
        counts = made.audit["accounts"]
        assert (counts["by_roster"], counts["facts_by_roster"]) == (0, 3)
        pd.testing.assert_frame_equal(made.accounts, one.accounts)
    pd.testing.assert_frame_equal(nm.build(network, accounts=[path]).accounts, one.accounts)
    assert nm.build(network, since="2000-01-01").audit["accounts"]["facts_by_roster"] == 0
    posts = written(tmp_path, [post(1, "10", "20"), post(2, "20", "10", "@ghost"), post(3, "30")])
    fresh = nm.build(posts, accounts=[built.parent / "profiles.csv", path])
    pd.testing.assert_frame_equal(fresh.accounts[list(schema.ROLE_COLUMNS)], one.accounts[list(schema.ROLE_COLUMNS)])
    newer = nm.roles.apply(one, pd.DataFrame({"account_key": ["x:10"], "role": ["physician"], "is_educator": ["no"]}))
    ann = told(newer, "x:10")
    assert (ann["role_evidence"], ann["specialty"], ann["is_educator"]) == ("roster", "nephrology", 0)


def test_a_build_gives_what_the_roster_gives_afterwards(network: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("handle,role,is_educator\n@ann,Doctor,yes\nbo,Dentist,no\n", encoding="utf-8")
    built = nm.build(network, accounts=[tmp_path / "roster.csv"])
    after = nm.roles.apply(nm.load(network), read_roster(tmp_path / "roster.csv"))
    pd.testing.assert_frame_equal(built.accounts, after.accounts)
    assert told(built, "x:10")["is_educator"]
    assert told(built, "x:20")["role"] == "other_clinician"


def test_a_build_refuses_a_word_that_is_no_role(network: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("handle,role\nbo,trainee\nann,phisician\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2 of .*roster.csv: there is no role called 'phisician'; .* physician"):
        nm.build(network, accounts=[tmp_path / "roster.csv"])


def test_a_roster_in_a_file_may_call_the_account_by_key_or_handle(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("account;Role\nx:10;doctor\n@bo;NA\n", encoding="utf-8")
    rows = read_roster(path)
    assert rows[["account_key", "handle", "role"]].astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["x:10", None, "physician"],
        [None, "bo", None],
    ]


def test_roles_are_written_whole_and_the_other_tables_stay(network: Path, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("handle,role\nann,nurse\nghost_,nurse\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in network.iterdir()}
    made, report = write_roles(nm.load(network), stated=tmp_path / "r.csv")
    assert report is not None
    assert (report["matched"], report["nobody"]) == (1, ["@ghost_"])
    for name in ("posts.parquet", "events.parquet", "edges.parquet"):
        assert (network / name).read_bytes() == before[name]
    assert told(nm.load(network), "x:10")["role"] == "other_clinician"
    said = made.provenance["roles_found"]
    assert said["model"] == nm.roles.fitted_on()
    assert (said["roster"]["rows"], said["roster"]["matched"], len(said["roster"]["sha256"])) == (2, 1, 64)
    assert made.provenance["inputs"][-1]["given_as"] == "--roster"
    assert made.audit["accounts"]["roles"]["other_clinician"] == 1
    assert sum(made.audit["accounts"]["roles"].values()) == len(made.accounts)
    first = (network / "accounts.parquet").read_bytes()
    again, _ = write_roles(nm.load(network))
    assert (network / "accounts.parquet").read_bytes() == first
    assert len(again.provenance["inputs"]) == len(made.provenance["inputs"])
    assert sorted(path.name for path in network.parent.glob(".*")) == []


def test_a_failure_leaves_the_old_roles(network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in network.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "seal", full)
    with pytest.raises(nm.building.NetmedError, match=r"No space left on device; nothing was changed"):
        write_roles(nm.load(network))
    assert {path.name: path.read_bytes() for path in network.iterdir()} == before
    assert sorted(path.name for path in network.parent.glob(".*")) == []


def test_another_folder_is_written_and_none_is_replaced_unasked(network: Path, tmp_path: Path) -> None:
    made, _ = write_roles(nm.load(network), output=tmp_path / "other")
    assert made.path == tmp_path / "other"
    pd.testing.assert_frame_equal(made.edges, nm.load(network).edges)
    for name in ("posts.parquet", "events.parquet", "edges.parquet"):
        theirs, ours = (tmp_path / "other" / name).stat(), (network / name).stat()
        assert (theirs.st_ino, theirs.st_nlink) != (ours.st_ino, ours.st_nlink)  # no file of two networks
        assert theirs.st_nlink == 1
    with pytest.raises(NetworkError, match="add --force"):
        write_roles(nm.load(network), output=tmp_path / "other")
    write_roles(nm.load(network), output=tmp_path / "other", force=True)
    with pytest.raises(NetworkError, match=r"not in a folder; netmed.roles.apply"):
        write_roles(nm.roles.apply(nm.load(network)))


def test_names_of_an_edge_list_stay_without_a_role_and_so_in_the_counts() -> None:
    network = nm.from_pandas(pd.DataFrame({"source": ["dr_a", "b"], "target": ["b", "c"]}))
    made = nm.roles.apply(network, pd.DataFrame({"handle": ["b"], "role": ["doctor"]}))
    assert made.accounts.set_index("handle")["role"].dropna().to_dict() == {"b": "physician"}
    assert made.audit["accounts"]["roles"]["not told"] == 2
    assert made.audit["accounts"]["roles"]["physician"] == 1


# Counts


def test_counts_sum_and_expected_numbers_are_those_of_a_poisson_binomial() -> None:
    accounts = pd.DataFrame(
        {
            "role": ["physician", "physician", "trainee", None, "media"],
            "role_evidence": ["MD", "roster", "PGY-1", None, "news"],
            "p_physician": [0.8, 1.0, 0.3, None, 0.0],
            "p_trainee": [0.1, 0.0, 0.7, None, 0.0],
        }
    )
    said = counting.counts(accounts)
    assert sum(said["roles"].values()) == 5
    assert (said["roles"]["physician"], said["roles"]["not told"], said["told"], said["by_roster"]) == (2, 1, 4, 1)
    expected = said["expected"]["physician"]
    assert expected["expected"] == 2.1
    half = 1.959963984540054 * (0.8 * 0.2 + 0.3 * 0.7) ** 0.5
    assert (expected["lo"], expected["hi"]) == (round(2.1 - half, 4), round(2.1 + half, 4))
    trainees = said["expected"]["trainee"]
    assert trainees["lo"] == 0.0  # 0.8 − 1.96 · 0.55 is below


def test_no_accounts_are_counted_as_none() -> None:
    nothing = pd.DataFrame({name: [] for name in ("role", "role_evidence", "p_physician", "p_trainee")})
    said = counting.counts(nothing)
    assert set(said["roles"].values()) == {0}
    assert said["expected"]["physician"] == {"expected": 0.0, "lo": 0.0, "hi": 0.0}
