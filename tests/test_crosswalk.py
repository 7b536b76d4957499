"""One person on several platforms, or with several accounts, is one vertex."""

from pathlib import Path

import pytest
from v2_posts import post, written

import netmed as nm
from netmed import cli
from netmed.building import report
from netmed.errors import InputError, LossError, NetworkError
from netmed.network import Network


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """ann (10) and ann_too (11) are one person; bo and cy are others."""
    made = [post(1, "10", "20"), post(2, "11", "20"), post(3, "20", "10", "11"), post(4, "11", "10")]
    made += [post(5, "20", "11", reply_to="10"), post(6, "30", "20", "@gone")]
    return written(tmp_path, made)


def crosswalk(place: Path, text: str) -> Path:
    path = place / "persons.csv"
    path.write_text(text, encoding="utf-8")
    return path


def edges(network: Network) -> dict[tuple[str, str], float]:
    frame = network.edges
    return dict(zip(zip(frame["source_key"], frame["target_key"], strict=True), frame["weight"], strict=True))


ONE = {
    ("person:Ann Roe", "x:20"): 2.0,
    ("x:20", "person:Ann Roe"): 2.0,
    ("x:30", "x:20"): 1.0,
    ("x:30", "x:@gone"): 1.0,
}


@pytest.mark.parametrize(
    "text",
    [
        "person,account\nAnn Roe,x:10\nAnn Roe,x:11\n",
        "person,account\nAnn Roe,x:@Ann\nAnn Roe,twitter:@ann_too\nAnn Roe,bluesky:@ann.example.org\n",
        "person,account\nAnn Roe,@ann\nAnn Roe,11\nBo Li,x:@nobody\n",
        "Person;X;Bluesky;Mastodon\nAnn Roe;ann;;\nAnn Roe;11;@ann.example.org;ann@example.org\n",
    ],
    ids=["keys", "handles", "bare", "wide"],
)
def test_the_accounts_of_a_person_are_one(tmp_path: Path, posts: Path, text: str) -> None:
    made = nm.build(posts, crosswalk=crosswalk(tmp_path, text))
    assert edges(made) == ONE
    assert list(made.accounts["account_key"]) == ["person:Ann Roe", "x:20", "x:30", "x:@gone"]
    ann = made.accounts.iloc[0]
    assert (ann["platform"], ann["handle"], list(ann["handles"])) == ("x", "ann_too", ["ann", "ann_too"])
    assert (ann["followers"], ann["description"], ann["n_posts"]) == (11, "bio of 11", 3)
    assert set(made.posts["author_key"]) == {"person:Ann Roe", "x:20", "x:30"}
    told = made.audit["crosswalk"]
    assert (told["matched"], told["persons"], told["accounts_joined"]) == (2, 1, 2)
    assert told["accounts_named"] == told["matched"] + told["unmatched"] + told["ambiguous"]


def test_what_a_person_says_to_itself_makes_no_edge_and_a_post_counts_once(tmp_path: Path, posts: Path) -> None:
    made = nm.build(posts, crosswalk=crosswalk(tmp_path, "person,account\nAnn,x:10\nAnn,x:11\n"))
    events = made.events.set_index("post_key")
    assert events.loc["x:4", ["source_key", "target_key"]].tolist() == ["person:Ann", "person:Ann"]
    assert events.loc["x:3", "relation"] == "mention"  # two of her accounts mentioned, once addressed
    assert events.loc["x:5", "relation"] == "reply"  # the reply to one is more than the mention of the other
    assert made.audit["events"]["self"] == 1
    audited = made.audit["events"]
    assert (
        audited["found"] == audited["in_edges"] + audited["self"] + audited["other_relations"] + audited["unresolved"]
    )
    assert "now 1 persons" in report.render(made.audit, made.provenance)


def test_platforms_of_a_person_are_told(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(
        "source,target,weight\nx:1,x:2,2\nbluesky:did:plc:a,x:2,3\nx:2,bluesky:did:plc:a,1\nx:1,bluesky:did:plc:a,9\n"
    )
    made = nm.build(path, format="edges-csv", crosswalk=crosswalk(tmp_path, "person,x,bluesky\nAnn,1,did:plc:a\n"))
    assert edges(made) == {("person:Ann", "x:2"): 5.0, ("x:2", "person:Ann"): 1.0}
    assert dict(zip(made.accounts["account_key"], made.accounts["platform"], strict=True)) == {
        "person:Ann": "bluesky+x",
        "x:2": "x",
    }
    assert made.audit["rows"]["self"] == 1


def test_one_known_account_is_enough_and_unknown_ones_do_no_harm(tmp_path: Path, posts: Path) -> None:
    made = nm.build(
        posts, crosswalk=crosswalk(tmp_path, "person,account\nBo,x:20\nBo,mastodon:bo@example.org\nNo,x:999\n")
    )
    assert "person:Bo" in set(made.accounts["account_key"])
    assert (made.audit["crosswalk"]["matched"], made.audit["crosswalk"]["unmatched"]) == (1, 2)


def test_nobody_known_changes_nothing(tmp_path: Path, posts: Path) -> None:
    made = nm.build(posts, crosswalk=crosswalk(tmp_path, "person,account\nNo,x:999\n"))
    plain = nm.build(posts)
    for name in ("accounts", "posts", "events", "edges"):
        assert getattr(made, name).equals(getattr(plain, name)), name


@pytest.mark.parametrize(
    "text",
    [
        "person,account\nAnn,x:10\nBo,x:10\n",
        "person,account\nAnn,x:10\nBo,x:@ann\n",
        "person,account\nAnn,x:999\nBo,x:999\n",
    ],
)
def test_an_account_of_two_persons_is_an_error_that_names_the_row(tmp_path: Path, posts: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"row 2 of the crosswalk gives 'x:\d+' to 'Bo', and row 1 to 'Ann'"):
        nm.build(posts, crosswalk=crosswalk(tmp_path, text))


def test_a_table_that_is_none_is_refused(tmp_path: Path, posts: Path) -> None:
    with pytest.raises(InputError, match="wanted is a CSV or TSV with person and account"):
        nm.build(posts, crosswalk=crosswalk(tmp_path, "who,what\nAnn,x:10\n"))


def test_a_network_is_joined_later_the_same(tmp_path: Path, posts: Path) -> None:
    persons = crosswalk(tmp_path, "person,account\nAnn Roe,x:10\nAnn Roe,x:11\n")
    nm.build(posts, output=tmp_path / "plain")
    later = nm.build(tmp_path / "plain", crosswalk=persons)
    assert edges(later) == ONE
    path = tmp_path / "edges.csv"
    path.write_text("source,target\na,b\n")
    nm.build(path, format="edges-csv", output=tmp_path / "listed")
    with pytest.raises(NetworkError, match="build it again from there with --crosswalk"):
        nm.build(tmp_path / "listed", crosswalk=persons)


def test_the_command_joins_persons(tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    crosswalk(tmp_path, "person,account\nAnn Roe,x:10\nAnn Roe,x:11\n")
    assert cli.call(["run", "posts.jsonl", "--crosswalk", "persons.csv", "-o", "outputs/p", "--quiet"]) == 0
    assert edges(nm.load("graphs/p")) == ONE


def test_rows_that_cannot_be_used_are_losses(tmp_path: Path, posts: Path) -> None:
    path = crosswalk(tmp_path, "person,account\nAnn,x:10\n,x:20\nBo,x:20,extra\nCarl\nDan,\n")
    made = nm.build(posts, crosswalk=path)
    told = made.audit["crosswalk"]
    assert (told["rows"], told["unusable"], told["accounts_named"], told["matched"]) == (5, 4, 1, 1)
    assert made.audit["losses"] == {"rows of --crosswalk": 4}
    assert " 4    that lack one or the other" in report.render(made.audit, made.provenance)
    with pytest.raises(LossError):
        nm.build(posts, crosswalk=path, strict=True)


def test_rounded_ids_are_refused_for_what_they_are(tmp_path: Path, posts: Path) -> None:
    path = crosswalk(tmp_path, "person,account\nAnn,x:1.23457E+18\nBo,x:1.23457E+18\n")
    with pytest.raises(InputError, match=r"2 of 2 ids in column account .* spreadsheet has rounded"):
        nm.build(posts, crosswalk=path)
