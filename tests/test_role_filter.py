"""``--roles``: the network among accounts of chosen roles, and what is left out with the others."""

import functools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from lines import Json, Person, page, write
from test_filters import pairs, post

import netmed
from netmed import Network, simulate
from netmed.building import report, select
from netmed.cli.root import netmed as command
from netmed.errors import InputError, NetworkError, UnknownNameError

ANN, BOB, CAT, DAN, EVE, FAY = (
    Person(str(number), name) for number, name in enumerate(("ann", "bob", "cat", "dan", "eve", "fay"), start=1)
)
ROSTER = "handle,role\nann,physician\nbob,physician\ncat,trainee\ndan,journal\nfay,physician\n"
TABLES = ("accounts", "posts", "events", "edges")


def pages() -> list[Json]:
    """Ann and Bob are physicians, Cat is a trainee, Dan a journal, of Eve nothing is known; Dan alone names Fay."""
    at = "2020-01-01T00:00:00.000Z"
    return [
        page(
            [
                post(1, ANN, at, BOB, DAN),
                post(2, ANN, at, BOB),
                post(3, BOB, at, CAT),
                post(4, CAT, at, ANN, EVE),
                post(5, DAN, at, ANN, FAY),
                post(6, DAN, at),
                post(7, EVE, at, CAT),
            ]
        )
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roles")
    write(folder / "posts.jsonl", pages())
    (folder / "roster.csv").write_text(ROSTER)
    netmed.build(folder / "posts.jsonl", accounts=[folder / "roster.csv"], output=folder / "whole")
    return folder


def build(files: Path, way: str, **options: Any) -> Network:
    return _built(files, way, tuple(options.items()))


@functools.cache
def _built(files: Path, way: str, given: tuple[tuple[str, Any], ...]) -> Network:
    options = dict(given)
    if way == "network":
        return netmed.build(files / "whole", **options)
    if way == "select":
        return select(netmed.load(files / "whole"), **options)
    return netmed.build(files / "posts.jsonl", accounts=[files / "roster.csv"], **options)


@pytest.mark.parametrize("way", ["posts", "network", "select"])
def test_both_ends_have_the_role(files: Path, way: str):
    made = build(files, way, roles=("physician", "trainee"))
    assert pairs(made) == {"ab": 2, "bc": 1, "ca": 1}
    # Fay is a physician whom the journal alone named: nothing of her is left
    assert made.accounts.account_key.tolist() == ["x:1", "x:2", "x:3"]
    assert made.posts.post_key.tolist() == ["x:1", "x:2", "x:3", "x:4"]
    assert len(made.events) == 4
    assert made.accounts.n_posts.tolist() == [2, 1, 1]
    assert made.provenance["parameters"]["roles"] == ["physician", "trainee"]


@pytest.mark.parametrize("way", ["posts", "network", "select"])
def test_what_is_left_out_is_counted(files: Path, way: str):
    audit = build(files, way, roles=("physician", "trainee")).audit
    assert audit["roles"] == {
        "chosen": ["physician", "trainee"],
        **{"accounts": 6, "of_other_roles": 1, "of_unknown_role": 1, "with_nothing_left": 1, "within": 3},
        **{"posts": 3, "events": 5},
    }
    assert report.role_filter_line(audit) == (
        "6 accounts = 3 physician or trainee + 1 of other roles + 1 of unknown role + 1 only addressed by them; "
        "left out with them: 3 posts and 5 events"
    )
    events = audit["events"]
    parts = ("in_edges", "self", "other_relations", "below_min_weight", "of_other_roles", "outside_giant", "unresolved")
    assert events["found"] == sum(events[part] for part in parts) == 9
    assert (events["in_edges"], events["of_other_roles"]) == (4, 5)
    assert audit["posts"]["kept"] + audit["posts"]["of_other_roles"] == audit["totals"]["kept"] == 7
    assert "left out: by accounts of other or unknown roles" in report.render(audit, {})


def test_with_the_component_and_the_weight(files: Path):
    made = build(files, "posts", roles=("physician", "trainee"), min_weight=2, giant=True)
    assert pairs(made) == {"ab": 2}
    assert made.accounts.account_key.tolist() == ["x:1", "x:2"]
    events = made.audit["events"]
    assert made.audit["roles"]["within"] == 3
    assert (events["of_other_roles"], events["outside_giant"], events["in_edges"], events["found"]) == (5, 2, 2, 9)


def test_chosen_twice_is_chosen_once(files: Path):
    once = build(files, "network", roles=("physician", "trainee"))
    again = select(once, roles=["trainee", "physician", "trainee"])
    plain = select(once)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(once, table), getattr(again, table))
        pd.testing.assert_frame_equal(getattr(once, table), getattr(plain, table))
    assert again.audit["roles"]["of_other_roles"] == again.audit["roles"]["events"] == 0
    assert "roles" not in plain.audit


def test_posts_and_network_narrowed_alike_where_roles_are_found(tmp_path: Path):
    simulate.collection(300, tmp_path / "p.jsonl", seed=3)
    whole = netmed.build(tmp_path / "p.jsonl", output=tmp_path / "n")
    wanted = ("physician", "trainee")
    straight = netmed.build(tmp_path / "p.jsonl", roles=wanted, since="2020-01-01")
    narrowed = netmed.build(tmp_path / "n", roles=wanted, since="2020-01-01")
    assert 0 < len(straight.edges) < len(whole.edges)
    assert set(straight.accounts.role) == set(wanted)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(straight, table), getattr(narrowed, table), obj=table)
    assert straight.audit["roles"] == narrowed.audit["roles"]
    # the edges are those of the whole whose both ends have a role, and no other
    role = whole.accounts.set_index("account_key").role.isin(wanted)
    both = whole.edges[whole.edges.source_key.map(role) & whole.edges.target_key.map(role)].reset_index(drop=True)
    pd.testing.assert_frame_equal(select(whole, roles=wanted).edges, both)


def test_words_of_a_roster_and_words_nobody_knows(files: Path, tmp_path: Path):
    (tmp_path / "own.csv").write_text("handle,role\nann,society\nbob,Hospital\n")
    made = netmed.build(files / "posts.jsonl", accounts=[tmp_path / "own.csv"], roles="society")
    assert pairs(made) == {"ab": 2}
    assert set(made.accounts.role) == {"organisation"}
    assert made.provenance["parameters"]["roles"] == ["organisation"]
    doctors = build(files, "network", roles="Doctor, Trainees,physician")
    assert pairs(doctors) == {"ab": 2, "bc": 1, "ca": 1}
    assert doctors.audit["roles"]["chosen"] == ["physician", "trainee"]
    assert pairs(select(netmed.load(files / "whole"), roles=["MD"])) == {"ab": 2}
    with pytest.raises(UnknownNameError, match="no role called 'phisician'; did you mean physician"):
        build(files, "network", roles="phisician")
    with pytest.raises(UnknownNameError, match="no role called 'societ'; did you mean society"):
        netmed.build(files / "posts.jsonl", accounts=[tmp_path / "own.csv"], roles="societ", output=tmp_path / "no")
    with pytest.raises(UnknownNameError, match="did you mean trainee"):
        netmed.build(tmp_path / "never read.jsonl", roles="trainese")
    with pytest.raises(NetworkError, match=r"no account is industry; of 6 accounts are physician 3, journal 1"):
        build(files, "network", roles="industry")
    assert not (tmp_path / "no").exists()


def test_a_network_without_roles_says_how_to_find_them(files: Path, tmp_path: Path):
    netmed.build(files / "posts.jsonl", find_roles=False, output=tmp_path / "bare")
    with pytest.raises(NetworkError, match="no role is known; `netmed roles NETWORK` finds them, or a roster"):
        netmed.build(tmp_path / "bare", roles="physician")
    with pytest.raises(InputError, match="--no-roles finds no role that --roles could choose"):
        netmed.build(files / "posts.jsonl", find_roles=False, roles="physician")
    with pytest.raises(InputError, match="no post is left"):
        build(files, "posts", roles="physician", since="2021-01-01")


def test_an_edge_list_with_a_roster(tmp_path: Path):
    (tmp_path / "e.csv").write_text("source,target,weight\na,b,2\na,b,1\nb,c,1\nc,a,1\nd,a,5\na,a,1\nb,e,2\nf,d,1\n")
    (tmp_path / "r.csv").write_text(
        "account_key,role\nany:a,physician\nany:b,physician\nany:c,trainee\nany:d,journal\nany:f,physician\n"
    )
    given: dict[str, Any] = {"format": "edges-csv", "accounts": [tmp_path / "r.csv"]}
    whole = netmed.build(tmp_path / "e.csv", output=tmp_path / "n", **given)
    straight = netmed.build(tmp_path / "e.csv", roles="physician", **given)
    narrowed = select(whole, roles="physician")
    for made in (straight, narrowed):
        assert made.edges[["source_key", "target_key", "weight"]].to_numpy().tolist() == [["any:a", "any:b", 3]]
        # whoever stands in an edge list is an account, also without an edge
        assert made.accounts.account_key.tolist() == ["any:a", "any:b", "any:f"]
        assert made.audit["roles"] == {
            "chosen": ["physician"],
            **{
                "accounts": 6,
                "of_other_roles": 2,
                "of_unknown_role": 1,
                "with_nothing_left": 0,
                "within": 3,
                "edges": 5,
            },
        }
    rows = straight.audit["rows"]
    assert (rows["found"], rows["in_edges"], rows["self"], rows["of_other_roles"]) == (8, 2, 1, 5)
    rows = narrowed.audit["rows"]
    assert (rows["found"], rows["in_edges"], rows["of_other_roles"]) == (6, 1, 5)
    assert "left out with them: 5 edges" in str(report.role_filter_line(narrowed.audit))
    assert select(whole, roles="physician", giant=True).accounts.account_key.tolist() == ["any:a", "any:b"]
    alone = select(whole, roles="trainee, journal")
    assert (len(alone.edges), alone.accounts.account_key.tolist()) == (0, ["any:c", "any:d"])
    assert select(alone, roles=["trainee"]).accounts.account_key.tolist() == ["any:c"]
    bare = netmed.build(tmp_path / "e.csv", format="edges-csv")
    with pytest.raises(NetworkError, match="no role is known"):
        select(bare, roles="physician")


@pytest.mark.parametrize(
    "words",
    [
        ["centrality", "--measures", "degree"],
        ["communities", "--runs", "2", "--nulls", "0"],
        ["export", "--to", "edges-csv"],
    ],
)
def test_every_command_that_narrows_takes_it_and_says_what_it_left_out(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
):
    monkeypatch.chdir(tmp_path)
    name, *rest = words
    done = CliRunner().invoke(command, [name, str(files / "whole"), *rest, "--roles", "physician,trainee"])
    assert done.exit_code == 0, done.output
    assert "6 accounts = 3 physician or trainee + 1 of other roles + 1 of unknown role + 1 only" in done.stderr
    quiet = CliRunner().invoke(
        command, [name, str(files / "whole"), *rest, "--roles", "physician", "--quiet", "-o", "q"]
    )
    assert (quiet.exit_code, quiet.stderr) == (0, "")


def test_a_run_takes_it(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    given = [str(files / "posts.jsonl"), "--accounts", str(files / "roster.csv"), "--roles", "physician,trainee"]
    done = CliRunner().invoke(command, ["run", *given, "-o", "outputs/made", "--measures", "degree"])
    assert done.exit_code == 0, done.output
    assert "left out with them: 3 posts and 5 events" in done.stderr
    assert "the network among accounts of the role" in (tmp_path / "outputs/made/audit.txt").read_text()
