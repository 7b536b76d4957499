"""What makes edges and which posts are looked at: options, and a network as the input of a build."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lines import Json, Mention, Person, Post, page, write

import netmed
from netmed import Network, simulate
from netmed.building import select
from netmed.errors import NetmedError, UnknownNameError
from netmed.schema import RELATIONS

ANN, BOB, CAT, DAN, EVE, FAY = (
    Person(str(number), name) for number, name in enumerate(("ann", "bob", "cat", "dan", "eve", "fay"), start=1)
)


def post(number: int, author: Person, at: str | None, *to: Person, **facts: Any) -> Post:
    text, mentions = "x", []
    for person in to:
        mentions.append(Mention(len(text) + 1, len(text) + 2 + len(person.handle), person.handle, person.id))
        text += f" @{person.handle}"
    return Post(str(number), author, text, at, mentions=tuple(mentions), people=to, **facts)


def pages() -> list[Json]:
    """Ann and Bob of three days; Cat, Dan and Eve apart; Fay alone."""
    start = post(90, DAN, "2019-12-01T00:00:00.000Z", EVE, tags=("Old",))
    posts = [
        post(10, ANN, "2020-01-01T00:00:00.000Z", BOB, tags=("MedEd",)),
        post(11, ANN, "2020-01-01T23:59:59.999Z", BOB, lang="de"),
        post(12, ANN, "2020-01-02T00:00:00.000Z", BOB, CAT, tags=("MedEd", "FOAMed")),
        post(13, BOB, "2020-01-03T12:00:00.000Z", ANN, lang="de", tags=("foamed",)),
        Post("14", CAT, "RT @dan: x", "2020-01-02T10:00:00.000Z", reposts=start, people=(DAN,)),
        Post("15", DAN, "@cat @eve x", "2020-01-02T11:00:00.000Z", reply_to=Post("99", None, "", is_gone=True), to=CAT),
        post(16, FAY, "2020-01-01T05:00:00.000Z"),
        post(17, FAY, None, ANN),
    ]
    posts[5] = Post(**{**vars(posts[5]), "mentions": (Mention(0, 4, "cat", "3"), Mention(5, 9, "eve", "5"))})
    return [page(posts[:4]), page(posts[4:])]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Network:
    folder = tmp_path_factory.mktemp("filters")
    return netmed.build(write(folder / "small.jsonl", pages()), output=folder / "small")


def pairs(network: Network) -> dict[str, float]:
    """Edges by first letters, with weights."""
    letter = {str(number): name for number, name in enumerate("abcdef", start=1)}
    edges = network.edges
    keys = [letter[s[2:]] + letter[t[2:]] for s, t in zip(edges.source_key, edges.target_key, strict=True)]
    return dict(zip(keys, edges.weight, strict=True))


def test_edges_by_default_are_replies_and_mentions(small: Network):
    assert pairs(small) == {"ab": 3, "ac": 1, "ba": 1, "dc": 1, "fa": 1}
    assert set(small.events.relation) == {"mention", "reply", "mention_auto", "retweet"}, "all are events"
    edge = small.edges.iloc[0].to_dict()
    assert list(edge) == [
        *("source_key", "target_key", "weight"),
        *("n_reply", "n_mention", "n_mention_auto", "n_retweet", "n_retweet_manual", "n_quote"),
        *("first_at", "last_at"),
    ]
    assert [edge["source_key"], edge["target_key"], edge["weight"]] == ["x:1", "x:2", 3]
    assert [int(edge[f"n_{relation}"]) for relation in RELATIONS] == [0, 3, 0, 0, 0, 0]
    assert [edge[name].isoformat() for name in ("first_at", "last_at")] == [
        "2020-01-01T00:00:00+00:00",
        "2020-01-02T00:00:00+00:00",
    ]


def test_accounts_without_an_edge_stay(small: Network):
    assert small.accounts.account_key.tolist() == [f"x:{number}" for number in range(1, 7)]
    assert small.accounts.set_index("account_key").loc["x:5", "n_posts"] == 0


def test_counts_are_of_the_relations_chosen(small: Network):
    reposts = select(small, relations=["retweet", "mention_auto"])
    assert pairs(reposts) == {"cd": 1, "de": 1}
    assert pairs(select(small, relations=["reply"])) == {"dc": 1}
    assert reposts.edges.n_reply.tolist() == [0, 0]
    assert reposts.audit["events"]["in_edges"] == 2
    assert len(reposts.events) == len(small.events)


def test_auto_mentions_included_count_as_mentions(small: Network):
    assert pairs(select(small, auto_mentions="include")) == {"ab": 3, "ac": 1, "ba": 1, "dc": 1, "de": 1, "fa": 1}
    assert pairs(select(small, auto_mentions="include", relations=["reply"])) == {"dc": 1}


def test_min_weight(small: Network):
    heavy = select(small, min_weight=2)
    assert pairs(heavy) == {"ab": 3}
    assert len(heavy.accounts) == 6
    events = heavy.audit["events"]
    assert (events["in_edges"], events["below_min_weight"], events["other_relations"], events["self"]) == (3, 4, 2, 0)


def test_giant(small: Network):
    """a-b-c-d and f hang together; e only by a mention the platform filled in."""
    giant = select(small, giant=True)
    assert giant.accounts.account_key.tolist() == ["x:1", "x:2", "x:3", "x:4", "x:6"]
    assert pairs(giant) == pairs(small)
    pair = select(small, giant=True, relations=["retweet"])
    assert pair.accounts.account_key.tolist() == ["x:3", "x:4"]
    assert set(pair.events.source_key) | set(pair.events.target_key) == {"x:3", "x:4"}


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"since": "2020-01-02"}, [12, 13, 14, 15]),
        ({"until": "2020-01-01"}, [10, 11, 16]),
        ({"since": "2020-01-02", "until": "2020-01-02"}, [12, 14, 15]),
        ({"since": "2020-01-01T05:00:00Z", "until": "2020-01-02T02:00:00+02:00"}, [11, 12, 16]),
        ({"hashtags": ["#MEDED"]}, [10, 12]),
        ({"hashtags": ["meded", "foamed"]}, [10, 12, 13]),
        ({"hashtags": ["old"]}, [14]),
        ({"hashtags": ["med"]}, []),
        ({"langs": ["DE"]}, [11, 13]),
        ({"langs": ["de"], "hashtags": ["foamed"], "since": "2020-01-03"}, [13]),
    ],
)
def test_filters_keep_the_posts_that_meet_every_condition(small: Network, filters: dict[str, Any], kept: list[int]):
    network = select(small, **filters)
    collected = network.posts[network.posts.in_collection]
    assert sorted(collected.post_key) == [f"x:{number}" for number in kept]
    assert set(network.events.post_key) <= set(collected.post_key)
    assert network.audit["totals"] == {"records": 8, "kept": len(kept), "filtered": 8 - len(kept)}


def test_filters_of_a_build_are_in_the_audit(tmp_path: Path):
    network = netmed.build(write(tmp_path / "small.jsonl", pages()), since="2020-01-02", until="2020-01-02")
    assert pairs(network) == {"ab": 1, "ac": 1, "dc": 1}
    totals = network.audit["totals"]
    assert (totals["records"], totals["kept"], totals["filtered"]) == (8, 3, 5)
    assert [entry["filtered"] for entry in network.audit["files"]] == [5]
    assert network.provenance["parameters"]["since"] == "2020-01-02"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"relations": ["replies"]}, UnknownNameError),
        ({"relations": []}, NetmedError),
        ({"since": "last week"}, NetmedError),
        ({"auto_mentions": "yes"}, NetmedError),
    ],
)
def test_wrong_words_are_refused(small: Network, wrong: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        select(small, **wrong)


# a network narrowed is the network of the posts narrowed


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An invented collection, and the network folder of all of it."""
    folder = tmp_path_factory.mktemp("narrowed")
    simulate.collection(600, folder / "meded.jsonl", seed=8)
    netmed.build(folder / "meded.jsonl", output=folder / "network")
    return folder / "meded.jsonl", folder / "network"


NARROWINGS: dict[str, dict[str, Any]] = {
    "time_and_relations": {"since": "2021-03-01", "until": "2022-08-31", "relations": RELATIONS},
    "hashtag_auto_and_weight": {"hashtags": ["meded"], "auto_mentions": "include", "min_weight": 2},
    "language_and_giant": {"langs": ["en"], "giant": True, "relations": ["retweet", "reply"]},
}


@pytest.mark.parametrize("name", NARROWINGS)
def test_a_network_narrowed_is_the_network_of_the_posts_narrowed(collection: tuple[Path, Path], name: str):
    options = NARROWINGS[name]
    posts, network = collection
    straight, narrowed = netmed.build(posts, **options), netmed.build(network, **options)
    assert len(straight.edges) > 0
    assert len(straight.events) > 0
    for table in ("accounts", "posts", "events", "edges"):
        pd.testing.assert_frame_equal(getattr(straight, table), getattr(narrowed, table), obj=table)
    assert narrowed.audit["posts"]["kept"] == straight.audit["posts"]["kept"]
    for count in ("resolved", "in_edges", "self", "other_relations", "below_min_weight", "edges", "by_relation"):
        assert narrowed.audit["events"][count] == straight.audit["events"][count]


def test_include_referenced(tmp_path: Path):
    """Post 90 came along with a repost: it makes its event, and is no post of the collection."""
    source = write(tmp_path / "small.jsonl", pages())
    network = netmed.build(source, include_referenced=True, output=tmp_path / "all")
    assert pairs(network) == {"ab": 3, "ac": 1, "ba": 1, "dc": 1, "de": 1, "fa": 1}
    assert not network.posts.set_index("post_key").loc["x:90", "in_collection"]
    dan = network.accounts.set_index("account_key").loc["x:4"]
    assert (dan["n_posts"], dan["is_author"]) == (1, True)
    # narrowed to a time when post 90 was not yet written, it makes no event, either way
    straight = netmed.build(source, include_referenced=True, since="2020-01-01")
    narrowed = netmed.build(tmp_path / "all", include_referenced=True, since="2020-01-01")
    assert pairs(straight) == pairs(narrowed) == {"ab": 3, "ac": 1, "ba": 1, "dc": 1}


def test_a_network_is_narrowed_by_the_rules_it_was_built_with(tmp_path: Path):
    source = write(tmp_path / "s.jsonl", pages())
    rules = {"relations": ["mention"], "min_weight": 2.0, "include_referenced": True, "keep_text": True}
    netmed.build(source, output=tmp_path / "first", **rules)
    again = netmed.build(tmp_path / "first", output=tmp_path / "second")
    assert {name: again.provenance["rules"][name] for name in rules} == rules
    assert pairs(again) == pairs(netmed.load(tmp_path / "first")) == {"ab": 3.0}
    later = netmed.build(tmp_path / "first", output=tmp_path / "third", since="2020-01-02", relations=["reply"])
    assert later.provenance["rules"]["relations"] == ["reply"]
    assert later.provenance["parameters"]["before"]["since"] is None
    assert pairs(select(again, min_weight=1)) == {"ab": 3.0, "ac": 1.0, "ba": 1.0, "de": 1.0, "fa": 1.0}


@pytest.mark.parametrize("from_network", [False, True])
def test_what_lies_outside_the_largest_component_is_counted(tmp_path: Path, from_network: bool):
    source: Any = write(tmp_path / "s.jsonl", pages())
    whole = netmed.build(source, output=tmp_path / "whole")
    giant = netmed.build(tmp_path / "whole" if from_network else source, output=tmp_path / "g", giant=True)
    posts, events = giant.audit["posts"], giant.audit["events"]
    assert posts["kept"] + posts["outside_giant"] == whole.audit["posts"]["kept"] == 8
    assert events["outside_giant"] == len(whole.events) - len(giant.events)
    parts = ("in_edges", "self", "other_relations", "below_min_weight", "outside_giant", "unresolved")
    assert events["found"] == sum(events[part] for part in parts) == whole.audit["events"]["found"]


def test_a_filter_that_leaves_nothing_is_an_error_and_writes_nothing(tmp_path: Path):
    source = write(tmp_path / "s.jsonl", pages())
    with pytest.raises(NetmedError, match=r"no post is left of 8 records: none meets --hashtag nothere; nothing was"):
        netmed.build(source, output=tmp_path / "none", hashtags=["nothere"])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"since": "2022-01-01", "until": "2021-01-01"}, "is after --until"),
        ({"until": "20211-01-01"}, "is no date"),
        ({"since": "0001-01-01T00:00+05:00"}, "is no date"),
        ({"min_weight": float("nan")}, "least weight"),
        ({"min_weight": 0}, "least weight"),
    ],
)
def test_impossible_choices_are_refused(small: Network, wrong: dict[str, Any], words: str):
    with pytest.raises(NetmedError, match=words):
        select(small, **wrong)


def test_the_last_day_there_is_can_be_asked_for(small: Network):
    assert len(select(small, until="9999-12-31").events) == len(small.events) - 1, "one post has no time"


def test_a_network_among_posts_is_refused_and_below_a_folder_passed_over(tmp_path: Path):
    write(tmp_path / "s.jsonl", pages())
    netmed.build(tmp_path / "s.jsonl", output=tmp_path / "net")
    with pytest.raises(NetmedError, match="is a network, not posts"):
        netmed.build(tmp_path / "s.jsonl", tmp_path / "net")
    assert [entry["file"] for entry in netmed.build(tmp_path).audit["files"]] == [str(tmp_path / "s.jsonl")]
