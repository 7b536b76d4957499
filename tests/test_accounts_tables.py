"""Tables of profiles and rosters: they describe accounts of the network, and add none."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from v2_posts import post, written

import netmed as nm
from netmed import cli, schema
from netmed.building import report
from netmed.errors import InputError, LossError
from netmed.network import Network


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return written(tmp_path, [post(1, "10", "20"), post(2, "20", "10", "@ghost"), post(3, "30")])


def table(place: Path, text: str, name: str = "people.csv") -> Path:
    path = place / name
    path.write_text(text, encoding="utf-8")
    return path


def facts(network: Network, key: str) -> dict[str, Any]:
    row = network.accounts.set_index("account_key").loc[key]
    return {
        name: None if not isinstance(cell, list) and pd.api.types.is_scalar(cell) and pd.isna(cell) else cell
        for name, cell in row.items()
    }


def counts(network: Network) -> list[tuple[int, ...]]:
    names = ("rows", "matched", "unmatched", "ambiguous", "unusable")
    found = [tuple(entry[name] for name in names) for entry in network.audit["accounts_tables"]]
    assert all(entry[0] == sum(entry[1:]) for entry in found)
    return found


def test_a_roster_tells_roles_and_is_counted(tmp_path: Path, posts: Path) -> None:
    roster = table(tmp_path, "handle,role,specialty\n@ANN,physician,surgery\nbo,trainee,\nnobody,physician,\n,nurse,\n")
    made = nm.build(posts, accounts=[roster])
    plain = nm.build(posts)
    ann, bo = facts(made, "x:10"), facts(made, "x:20")
    assert [ann[name] for name in ("role", "role_probability", "role_evidence", "specialty")] == [
        "physician",
        1.0,
        "roster",
        "surgery",
    ]
    assert (bo["role"], bo["specialty"], bo["p_trainee"], bo["p_physician"]) == ("trainee", None, 1.0, 0.0)
    assert facts(made, "x:30")["role"] == facts(plain, "x:30")["role"]
    assert counts(made) == [(4, 2, 1, 0, 1)]
    pd.testing.assert_frame_equal(made.edges, plain.edges)
    same = [name for name in plain.accounts if name not in schema.ROLE_COLUMNS]
    pd.testing.assert_frame_equal(made.accounts[same], plain.accounts[same])
    text = report.render(made.audit, made.provenance)
    assert f"Accounts described by {roster}" in text
    assert [entry["given_as"] for entry in made.provenance["inputs"] if "given_as" in entry] == ["--accounts"]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("account_key", "x:10"),
        ("id", "10"),
        ("ID,platform", "10,twitter"),
        ("username", "@Ann"),
        ("Id", "x:10"),
        ("screen_name,platform", "ann,X"),
    ],
)
def test_a_row_is_matched_by_key_or_id_or_handle(tmp_path: Path, posts: Path, columns: str, row: str) -> None:
    made = nm.build(posts, accounts=[table(tmp_path, f"{columns},bio\n{row},of the table\n")])
    assert facts(made, "x:10")["description"] == "of the table"
    assert counts(made) == [(1, 1, 0, 0, 0)]


@pytest.mark.parametrize("row", ["99,ann,x", "20,ann,x", ",ann,bluesky", ",ann.bsky.social,"])
def test_a_row_of_another_account_is_not_taken_for_this_one(tmp_path: Path, posts: Path, row: str) -> None:
    made = nm.build(posts, accounts=[table(tmp_path, f"id,handle,platform,location\n{row},Rome\n")])
    assert facts(made, "x:10")["location"] is None


def test_an_account_known_by_handle_only_is_described_by_it(tmp_path: Path, posts: Path) -> None:
    made = nm.build(posts, accounts=[table(tmp_path, 'id,handle,followers\n77,Ghost,"1,200"\n')])
    assert facts(made, "x:@ghost")["followers"] == 1200


def test_a_handle_that_fits_several_accounts_fits_none(tmp_path: Path) -> None:
    def renamed(number: int, author: str, handle: str) -> dict[str, Any]:
        one = post(number, author)
        return one | {"author": one["author"] | {"username": handle}}

    path = written(
        tmp_path,
        [renamed(1, "10", "first"), renamed(2, "10", "ann"), renamed(3, "20", "first"), renamed(4, "20", "bo")],
    )
    made = nm.build(path, accounts=[table(tmp_path, "handle,location\nfirst,Rome\nbo,Oslo\n")])
    assert counts(made) == [(2, 1, 0, 1, 0)]
    assert (facts(made, "x:10")["location"], facts(made, "x:20")["location"]) == (None, "Oslo")


@pytest.mark.parametrize(
    ("observed", "name", "followers", "location"),
    [("2031-01-01", "New", 5, "Rome"), ("2001-01-01", "Ann", 10, "Rome"), ("", "New", 5, "Rome")],
    ids=["newer", "older", "no-time"],
)
def test_who_looked_last_is_believed_and_gaps_are_filled(
    tmp_path: Path, posts: Path, observed: str, name: str, followers: int, location: str
) -> None:
    people = table(tmp_path, f"handle,name,followers,location,observed_at\nann,New,5,Rome,{observed}\n")
    ann = facts(nm.build(posts, accounts=[people]), "x:10")
    assert (ann["name"], ann["followers"], ann["location"]) == (name, followers, location)
    assert ann["description"] == "bio of 10"


def test_several_tables_add_up_in_any_order(tmp_path: Path, posts: Path) -> None:
    one = table(tmp_path, "handle,role\nann,physician\n", "one.csv")
    two = table(tmp_path, "id\tlocation\tverified\n10\tRome\tTRUE\n", "two.tsv")
    first, second = nm.build(posts, accounts=[one, two]), nm.build(posts, accounts=[two, one])
    pd.testing.assert_frame_equal(first.accounts, second.accounts)
    ann = facts(first, "x:10")
    assert (ann["role"], ann["location"], ann["verified"]) == ("physician", "Rome", True)


def test_pages_of_accounts_are_read_by_the_readers(tmp_path: Path, posts: Path) -> None:
    user = {"id": "20", "username": "bo", "name": "Bo New", "public_metrics": {"followers_count": 77}}
    page = {"data": [user], "__twarc": {"retrieved_at": "2031-01-01T00:00:00Z"}}
    made = nm.build(posts, accounts=[table(tmp_path, json.dumps(page) + "\n", "users.jsonl")])
    assert (facts(made, "x:20")["name"], facts(made, "x:20")["followers"]) == ("Bo New", 77)
    assert counts(made) == [(1, 1, 0, 0, 0)]


def test_text_of_strangers_stays_text(tmp_path: Path, posts: Path) -> None:
    hostile = "=1+1'); DROP TABLE posts; --\n<script>"
    quoted = hostile.replace('"', '""')
    made = nm.build(posts, accounts=[table(tmp_path, f'handle,bio\nann,"{quoted}"\n')])
    assert facts(made, "x:10")["description"] == hostile


def test_a_network_and_an_edge_list_take_tables_too(tmp_path: Path, posts: Path) -> None:
    roster = table(tmp_path, "handle,role\nann,physician\n")
    nm.build(posts, output=tmp_path / "plain")
    later = nm.build(tmp_path / "plain", accounts=[roster])
    pd.testing.assert_frame_equal(later.accounts, nm.build(posts, accounts=[roster]).accounts)
    listed = nm.build(
        table(tmp_path, "source,target\nann,bo\n", "e.csv"),
        format="edges-csv",
        accounts=[roster],
        output=tmp_path / "listed",
    )
    assert facts(listed, "any:ann")["role"] == "physician"
    again = nm.build(tmp_path / "listed", accounts=[table(tmp_path, "handle,role\nbo,nurse\n", "more.csv")])
    assert list(again.accounts["role"]) == ["physician", "other_clinician"]


def test_a_table_without_accounts_is_refused(tmp_path: Path, posts: Path) -> None:
    with pytest.raises(InputError, match=r"has columns age, town; wanted is .* account_key, account_id, handle"):
        nm.build(posts, accounts=[table(tmp_path, "age,town\n1,Rome\n")])


def test_lines_that_are_no_profiles_are_refused_in_words_of_their_own(tmp_path: Path, posts: Path) -> None:
    with pytest.raises(InputError, match="no profiles in") as error:
        nm.build(posts, accounts=[table(tmp_path, '{"handle": "ann", "role": "physician"}\n', "roster.jsonl")])
    said = str(error.value)
    assert "its keys are handle, role" in said
    assert "--accounts takes a CSV or TSV with one of account_key, account_id, handle in its first line" in said


def test_the_command_takes_tables(tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table(tmp_path, "handle,role\nann,physician\n")
    assert cli.call(["build", "posts.jsonl", "--accounts", "people.csv", "-o", "graphs/p", "--quiet"]) == 0
    assert facts(nm.load("graphs/p"), "x:10")["role"] == "physician"


def test_rows_that_cannot_be_used_are_losses(tmp_path: Path, posts: Path) -> None:
    roster = table(tmp_path, "handle,role\nann,physician\n,nurse\nbo,trainee,extra\nnobody,physician\n")
    made = nm.build(posts, accounts=[roster])
    assert counts(made) == [(4, 1, 1, 0, 2)]
    assert made.audit["losses"] == {"rows of --accounts": 2}
    with pytest.raises(LossError):
        nm.build(posts, accounts=[roster], strict=True)


def test_two_roles_for_one_account_are_refused(tmp_path: Path, posts: Path) -> None:
    roster = table(tmp_path, "handle,role\n@Ann,physician\nbo,trainee\nann,nurse\n")
    with pytest.raises(
        InputError, match=r"x:10 is physician in row 1 of .*, other_clinician in row 3 of .*; an account has one"
    ):
        nm.build(posts, accounts=[roster])
    same = table(tmp_path, "handle,role\n@Ann,physician\nann,physician\n", "same.csv")
    assert facts(nm.build(posts, accounts=[same]), "x:10")["role"] == "physician"


def test_rounded_ids_in_a_roster_are_refused(tmp_path: Path, posts: Path) -> None:
    roster = table(tmp_path, "account_id,role\n1.23457E+18,physician\n")
    with pytest.raises(InputError, match=r"1 of 1 ids in column account_id .* spreadsheet has rounded"):
        nm.build(posts, accounts=[roster])
