"""``netmed roles``: a network or a table in, roles out; rosters, review sheets and scores."""

import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from desks import furnished

from netmed import roles
from netmed.cli import options

Said = tuple[int, str, str]
Run = Callable[..., Said]

ROWS = [
    ("0012345678901234567890", "@jo", "Jo Korvel, MD", "Cardiologist, dad"),
    ("", "", "", ""),
    ("0012345678901234567890", "@jo", "Jo Korvel, MD", "Cardiologist, dad"),
    ("7", "kay", "=cmd()", "line one\nline two, nurse"),
    ("8", "=1+1", "NA", "PGY-2, surgery"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two networks, one without roles; copied for every test."""
    return furnished(
        tmp_path_factory.mktemp("made"), 250, ("build", "posts.jsonl.gz", "-o", "graphs/bare", "--quiet", "--no-roles")
    )


@pytest.fixture
def desk(desk: Path) -> Path:
    """The same with a table of profiles in it."""
    table(desk / "people.csv")
    return desk


def table(path: Path, header: tuple[str, ...] = ("id", "HANDLE", "Name", "bio"), delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([header, *ROWS])
    path.write_bytes(gzip.compress(text.getvalue().encode()) if path.suffix == ".gz" else text.getvalue().encode())
    return path


def read(path: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(path).open(encoding="utf-8", newline="")))


# Tables


def test_a_table_comes_out_row_for_row_with_its_roles(run: Run, desk: Path) -> None:
    code, out, err = run("roles", "people.csv")
    assert (code, out) == (0, "")
    rows = read("outputs/people/roles.csv")
    assert list(rows[0]) == ["id", "HANDLE", "Name", "bio", *roles.COLUMNS]
    assert [row["id"] for row in rows] == [row[0] for row in ROWS]
    assert [row["bio"] for row in rows] == [row[3] for row in ROWS]
    assert rows[0] == rows[2]
    assert [rows[place]["role"] for place in (0, 1, 4)] == ["physician", "unknown", "trainee"]
    expected = roles.classify(pd.DataFrame(ROWS, columns=["id", "handle", "name", "description"]).replace("NA", ""))
    assert [row["role"] for row in rows] == expected["role"].tolist()
    assert [float(row["p_physician"]) for row in rows] == expected["p_physician"].tolist()
    assert rows[0]["is_educator"] in ("true", "false")
    assert (rows[3]["Name"], rows[0]["HANDLE"], rows[4]["HANDLE"]) == ("'=cmd()", "'@jo", "'=1+1")
    assert rows[4]["Name"] == "NA"
    meta = json.loads(Path("outputs/people/roles.csv.meta.json").read_text(encoding="utf-8"))
    assert meta["conventions"]["model"] == roles.fitted_on()
    assert all(meta["columns"].values())
    assert "5 rows = " in err
    assert "expected physicians" in err
    assert err.splitlines()[-1] == "Next: netmed roles people.csv --review 200"


@pytest.mark.parametrize(("name", "delimiter"), [("p.csv.gz", ","), ("p.tsv", "\t"), ("p.txt", ";")])
def test_tables_are_read_in_any_dress(run: Run, desk: Path, name: str, delimiter: str) -> None:
    assert run("roles", "people.csv", "-o", "a.csv")[0] == 0
    shown = table(desk / ("p.gz" if name.endswith("gz") else name), delimiter=delimiter)
    assert run("roles", str(shown.name), "-o", "b.csv")[0] == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_columns_are_known_however_they_are_spelled(run: Run, desk: Path) -> None:
    (desk / "ours.csv").write_text("handle,name,description\nkorvel_md,Jo Korvel,Cardiologist. Dad.\n")
    (desk / "theirs.csv").write_text("Screen Name,Full-name,Biography\nkorvel_md,Jo Korvel,Cardiologist. Dad.\n")
    (desk / "short.csv").write_text("Screen Name,Town\nkorvel_md,Towson\n")
    assert run("roles", "ours.csv", "-o", "a.csv")[0] == 0
    assert run("roles", "theirs.csv", "-o", "b.csv")[0] == 0
    first, second = (Path(name).read_text().split("\n")[1] for name in ("a.csv", "b.csv"))
    assert first == second
    assert first.startswith("korvel_md,Jo Korvel,Cardiologist. Dad.,physician,")
    code, _, err = run("roles", "short.csv", "-o", "c.csv")
    assert code == 0
    assert "short.csv: no column is a description (description, bio, biography" in err
    (desk / "both.csv").write_text("Screen Name,screen_name,bio\nJo Korvel,kidneydoc,Runner\n")
    assert run("roles", "both.csv", "-o", "d.csv")[0] == 0
    assert "kidneydoc" in Path("d.csv").read_text().split("\n")[1].split("Runner")[1]  # the evidence is of the handle


def test_cells_that_say_nothing_and_guards_of_spreadsheets(run: Run, desk: Path) -> None:
    (desk / "r.csv").write_text("handle,name,bio\n'@kidneydoc,Bo,NA\n@b,Cy,nan\n@c,Di,NULL\n")
    assert run("roles", "r.csv", "-o", "e.csv")[0] == 0
    rows = [line.split(",") for line in Path("e.csv").read_text().splitlines()[1:]]
    assert [row[3] for row in rows] == ["physician", "unknown", "unknown"]


def test_a_quotation_mark_that_is_never_closed_is_refused(run: Run, desk: Path) -> None:
    (desk / "q.csv").write_text('handle,name,bio\n@d,Bo,"unclosed\n@e,Cy MD,Nephrologist\n@f,Di,Baker\n')
    code, _, err = run("roles", "q.csv", "-o", "f.csv")
    assert code == 1
    assert "q.csv: a quotation mark is opened and never closed" in err
    assert not Path("f.csv").exists()


def test_a_last_cell_of_several_lines_is_no_open_quotation(run: Run, desk: Path) -> None:
    """Also where a copy was made to read the table: letters of Excel, here."""
    (desk / "w.csv").write_bytes('handle,name,bio\n@d,José,"Cardiologist\nDad"\n'.encode("cp1252"))
    assert run("roles", "w.csv", "-o", "g.csv")[0] == 0
    assert ",physician," in Path("g.csv").read_text(encoding="utf-8")


def test_stdin_to_stdout(desk: Path) -> None:
    start = [sys.executable, "-m", "netmed", "roles", "-", "-o", "-", "--quiet"]
    done = subprocess.run(start, input=Path("people.csv").read_bytes(), capture_output=True, check=True)
    assert done.stderr == b""
    assert [row["id"] for row in csv.DictReader(io.StringIO(done.stdout.decode()))] == [row[0] for row in ROWS]


def test_columns_of_ours_in_the_table_are_carried_under_another_name(run: Run, desk: Path) -> None:
    Path("t.csv").write_text("line,role,file,description,is_educator\n1,truth,f,Cardiologist,yes\n", encoding="utf-8")
    _, _, err = run("roles", "t.csv", "-o", "t-roles.csv")
    (row,) = read("t-roles.csv")
    assert (row["given_role"], row["role"], row["given_is_educator"], row["line"]) == ("truth", "physician", "yes", "1")
    assert "the table has a column role of its own: it is given_role in the result" in err
    assert run("roles", "t-roles.csv", "-o", "again.csv")[0] == 0
    assert read("again.csv")[0]["given_role"] == "truth"


def test_a_carriage_return_in_a_cell_ends_no_row(run: Run, desk: Path) -> None:
    Path("r.csv").write_bytes(b'handle,name,description\na,Jo,MD\rCardiologist\nb,"Kay\rK","x\r\ny"\nc,,\n')
    assert run("roles", "r.csv", "-o", "out.csv")[0] == 0
    rows = read("out.csv")
    assert [row["handle"] for row in rows] == ["a", "b", "c"]
    assert rows[0]["description"] == "MD Cardiologist"
    assert (rows[0]["role"], rows[1]["description"]) == ("physician", "x\r\ny")


def test_letters_of_excel_are_read_and_said(run: Run, desk: Path) -> None:
    Path("x.csv").write_bytes(
        "handle;name;description\na;Zoë Müller, MD;Ärztin – “Kardiologie” für Österreich\n".encode("cp1252")
    )
    code, _, err = run("roles", "x.csv", "-o", "out.csv")
    assert code == 0
    (row,) = read("out.csv")
    assert (row["name"], row["description"]) == ("Zoë Müller, MD", "Ärztin – “Kardiologie” für Österreich")
    assert row["role"] == "physician"
    assert "x.csv: its letters are no UTF-8 and were read as Windows-1252; where names look wrong, save it" in err
    Path("r.csv").write_bytes("handle,specialty,größe\na,chirurgie thorácica,1\n".encode("latin-1"))
    _, _, err = run("roles", "x.csv", "--roster", "r.csv", "-o", "out.csv")
    assert read("out.csv")[0]["specialty"] == "chirurgie thorácica"
    assert "r.csv: its letters are no UTF-8" in err
    Path("u.csv").write_text("handle,description\na,Ärztin\n", encoding="utf-16")
    assert "u.csv: read as UTF-16 with a byte order mark" in run("roles", "u.csv", "-o", "out.csv")[2]


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("Zoë\n".encode() + "Zoë\n".encode("latin-1"), "letters in UTF-8 and, in 1 lines, others that are none; save"),
        (b"Zo\x81\n", "neither UTF-8 nor Windows-1252; save it as UTF-8"),
    ],
)
def test_letters_that_nobody_can_tell_are_refused(run: Run, desk: Path, letters: bytes, wanted: str) -> None:
    Path("x.csv").write_bytes(b"handle,name\n" + b"".join(b"a," + line + b"\n" for line in letters.splitlines()))
    code, _, err = run("roles", "x.csv", "-o", "out.csv")
    assert (code, wanted in err, Path("out.csv").exists()) == (1, True, False)


@pytest.mark.parametrize("name", ["description", "Name", '"bio"', "\ufeffhandle"])
def test_a_table_of_one_column_is_a_table(run: Run, desk: Path, name: str) -> None:
    Path("one.csv").write_text(f'{name}\n"Cardiologist, MD"\n""\nnurse\n', encoding="utf-8")
    code, _, err = run("roles", "one.csv", "-o", "out.csv")
    assert code == 0, err
    rows = read("out.csv")
    assert [next(iter(row.values())) for row in rows] == ["Cardiologist, MD", "", "nurse"]
    if name in ("description", '"bio"'):
        assert [row["role"] for row in rows] == ["physician", "unknown", "other_clinician"]
    Path("one.csv").write_text("other\nx\n", encoding="utf-8")
    assert "has no header of two columns or more" in run("roles", "one.csv", "-o", "out.csv")[2]


def test_an_empty_table_gives_its_header(run: Run, desk: Path) -> None:
    Path("none.csv").write_text("handle,name,description\n", encoding="utf-8")
    assert run("roles", "none.csv", "-o", "-")[1].splitlines() == ["handle,name,description," + ",".join(roles.COLUMNS)]


# Networks


def test_a_network_gets_its_roles_anew(run: Run, desk: Path) -> None:
    held = options.open_network("graphs/meded").accounts
    code, out, err = run("roles", "bare")
    assert (code, out) == (0, "")
    pd.testing.assert_frame_equal(options.open_network("graphs/bare").accounts, held)
    counts = options.open_network("graphs/bare").audit["accounts"]["roles"]
    assert f"{len(held):,} accounts = {counts['physician']:,} physician + " in err
    assert sum(counts.values()) == len(held)
    assert err.splitlines()[-1] == "Next: netmed roles graphs/bare --review 200"
    audit = run("audit", "bare")[1]
    assert "Who they say they are" in audit
    assert f"{counts['trainee']:>14,}    trainee" in audit


def test_another_network_folder_may_be_named(run: Run, desk: Path) -> None:
    before = Path("graphs/bare/accounts.parquet").read_bytes()
    code, out, _ = run("roles", "graphs/bare", "-o", "graphs/other", "--json", "--quiet")
    assert code == 0
    facts = json.loads(out)
    assert (facts["network"], facts["roster"]) == ("graphs/other", None)
    assert sum(facts["roles"].values()) == facts["accounts"]
    assert Path("graphs/bare/accounts.parquet").read_bytes() == before
    assert "add --force" in run("roles", "graphs/bare", "-o", "graphs/other")[2]
    assert run("roles", "graphs/bare", "-o", "graphs/other", "--force")[0] == 0


def test_build_says_roles_in_one_line(run: Run, desk: Path) -> None:
    _, _, err = run("build", "posts.jsonl.gz", "-o", "graphs/b")
    (line,) = [line for line in err.splitlines() if line.startswith("roles: ")]
    told = options.open_network("graphs/b").audit["accounts"]
    assert line.startswith(
        f"roles: {told['told']:,} accounts with a role = {told['roles']['physician']:,} physician + "
    )
    assert f"expected physicians {told['expected']['physician']['expected']:,.1f} (95 %" in line
    shown = [int(part.split()[0].replace(",", "")) for part in line.split(" = ")[1].split(";")[0].split(" + ")]
    assert sum(shown) == told["told"]
    assert "roles: " not in run("build", "posts.jsonl.gz", "-o", "graphs/c", "--no-roles")[2]


# Rosters


def test_a_roster_wins_over_both_and_its_strangers_are_named(run: Run, desk: Path) -> None:
    network = options.open_network("graphs/meded")
    handle = network.accounts["handle"].dropna().iloc[0]
    Path("r.csv").write_text(
        f"Handle,Role\n@{handle.upper()},Nurse\nnobody_here,doctor\nkay,Pharmacist\n", encoding="utf-8"
    )
    _, _, err = run("roles", "graphs/meded", "--roster", "r.csv")
    assert "r.csv: 3 rows = 1 matched + 2 that match nobody (@nobody_here, @kay); roles told by a roster: 1" in err
    row = options.open_network("graphs/meded").accounts.set_index("handle").loc[handle]
    assert (row["role"], row["role_evidence"], row["p_physician"]) == ("other_clinician", "roster", 0.0)
    assert "1 account told by an earlier roster: kept" in run("roles", "graphs/meded")[2]
    _, _, err = run("roles", "people.csv", "--roster", "r.csv", "-o", "t.csv")
    assert [row["role_evidence"] for row in read("t.csv")].index("roster") == 3
    assert read("t.csv")[3]["role"] == "other_clinician"


# Sheets


def test_review_and_score_go_round(run: Run, desk: Path) -> None:
    code, _, err = run("roles", "graphs/meded", "--review", "40", "--seed", "5")
    assert code == 0
    assert "in the sheet + " in err
    rows, key = read("outputs/meded/review.csv"), read("outputs/meded/review.key.csv")
    assert list(rows[0]) == ["account_key", "handle", "name", "description", "coder_1", "coder_2", "note"]
    assert len(rows) == len(key) == 40
    assert "predicted" not in Path("outputs/meded/review.csv.meta.json").read_text(encoding="utf-8")
    predicted = {row["account_key"]: row["predicted_role"] for row in key}
    sheet = pd.DataFrame(rows)
    code, _, err = run("roles", "graphs/meded", "--score", "outputs/meded/review.csv")
    assert code == 1
    assert "40 rows and no code" in err
    code, _, err = run("roles", "graphs/meded", "--review", "40")
    assert (code, "coders may be filling it" in err) == (1, True)
    meta = json.loads(Path("outputs/meded/review.csv.meta.json").read_text(encoding="utf-8"))["conventions"]
    changed = [row | {"predicted_role": "other"} for row in key]
    sheet["coder_1"] = sheet["account_key"].map(predicted)
    sheet.to_csv("outputs/meded/review.csv", index=False)
    pd.DataFrame(changed).to_csv("other.csv", index=False)
    code, _, err = run("roles", "meded", "--score", "outputs/meded/review.csv", "--key", "other.csv")
    assert (code, "the key is not the one that was written with outputs/meded/review.csv" in err) == (1, True)
    assert len(meta["key_sha256"]) == 64
    assert run("roles", "meded", "--score", "outputs/meded/review.csv", "-o", "s.csv")[0] == 0
    sheet.to_csv("filled.csv", index=False, sep=";", encoding="utf-16")
    code, _, err = run("roles", "graphs/meded", "--score", "filled.csv")
    assert (code, "is not beside it as filled.key.csv; give it with --key" in err) == (1, True)
    code, out, err = run("roles", "meded", "--score", "filled.csv", "--key", "outputs/meded/review.key.csv", "--json")
    assert code == 0
    facts = json.loads(out)
    assert (facts["rows"], facts["used"]) == (40, 40)
    assert {row["value"] for row in facts["scores"] if row["measure"] in ("precision", "recall", "f1")} == {1.0}
    assert Path("outputs/meded/role-scores.csv").is_file()
    assert "physician  precision              1.0000" in err
    assert "netmed says × coders say" in err


def test_a_table_is_reviewed_by_its_rows(run: Run, desk: Path) -> None:
    assert run("roles", "people.csv", "--review", "9", "-o", "sheet.csv")[0] == 0
    assert sorted(row["row"] for row in read("sheet.csv")) == ["1", "2", "3", "4", "5"]
    assert {row["handle"] for row in read("sheet.csv")} == {"'@jo", "", "kay", "'=1+1"}
    sheet = pd.DataFrame(read("sheet.csv")).assign(coder_1="doctor")
    sheet["row"] = sheet["row"] + ".0"  # as a spreadsheet or pandas may leave it
    sheet.to_csv("sheet.csv", index=False)
    code, out, _ = run("roles", "people.csv", "--score", "sheet.csv", "-o", "-")
    assert code == 0
    assert out.splitlines()[0].startswith("about,measure,value,lo,hi,n,n_effective,interval")


# What cannot be done


@pytest.mark.parametrize(
    ("words", "code", "wanted"),
    [
        (["people.csv", "--review", "5", "--score", "x.csv"], 2, "give one of them"),
        (["people.csv", "--review", "0"], 2, "is not in the range"),
        (["people.csv", "--score", "x.csv", "--roster", "r.csv"], 2, "in a call of its own"),
        (["people.csv", "--key", "x.csv"], 2, "--key belongs to --score"),
        (["graphs/meded", "-o", "-"], 2, "cannot go to stdout"),
        (["people.csv", "--review", "5", "-o", "-"], 2, "stdout has room for one"),
        (["nowhere"], 1, "nowhere does not exist; wanted is a network folder, or a table"),
        (["outputs"], 1, "outputs is a folder, but not of a network"),
        (["people.csv", "-o", "people.csv"], 1, "would take the place of its own input"),
        (["posts.jsonl.gz"], 1, "holds JSON; wanted is a table (CSV, TSV or Parquet) with the columns handle"),
        (["odd.csv"], 1, "odd.csv has the columns a, b; wanted are handle, name, description"),
        (["ragged.csv"], 1, "row 2 is a row of 3 cells where the header has 2"),
        (["people.csv", "--roster", "odd.csv"], 1, "odd.csv has the columns a, b; wanted is account_key"),
        (
            ["people.csv", "--roster", "wrong.csv"],
            1,
            "row 1 of wrong.csv: there is no role called 'phisician'; did you",
        ),
        (["graphs/bare", "--review", "5"], 1, "no account has a role"),
        (["graphs/meded", "--score", "missing.csv", "--key", "odd.csv"], 1, "missing.csv does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    run: Run, desk: Path, words: list[str], code: int, wanted: str
) -> None:
    Path("outputs").mkdir()
    Path("odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    Path("ragged.csv").write_text("handle,description\na,b\na,b,c\n", encoding="utf-8")
    Path("wrong.csv").write_text("handle,role\nkay,phisician\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    got, out, err = run("roles", *words)
    assert (got, out) == (code, "")
    assert wanted in err
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == before
