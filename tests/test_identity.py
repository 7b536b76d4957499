"""Rule 9, who is who: renames, handles that moved, accounts known by handle only. Values by hand.

Handles without an id stand in the link to a quoted post that is gone, and in v1.1 mentions whose id
is -1. ``quote_at`` is such a link: it asks who held a handle at that time.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lines import V2, Json, Mention, Person, Post, flat, page, stream, v11, write

import netmed
from netmed import Network
from netmed.schema import RELATIONS


def tagged(author: Person, number: int, at: str, text: str = "hi", **facts: Any) -> Post:
    return Post(f"{author.id}{number:04}", author, text, f"{at}T00:00:00.000Z", **facts)


def quote_at(author: Person, number: int, at: str, handle: str) -> Post:
    gone = Post("77777", None, "", is_gone=True)
    return tagged(author, number, at, quotes=gone, urls=(f"https://twitter.com/{handle}/status/77777",))


def mention(author: Person, number: int, at: str, person: Person) -> Post:
    text = f"hi @{person.handle}"
    return tagged(author, number, at, text, mentions=(Mention(3, len(text), person.handle, person.id),))


def built(folder: Path, records: Iterable[Json], name: str = "posts") -> Network:
    return netmed.build(write(folder / f"{name}.jsonl", records), relations=RELATIONS)


def rows(network: Network) -> dict[str, dict[str, Any]]:
    return {row["account_key"]: row for row in network.accounts.to_dict("records")}


def targets(network: Network) -> dict[str, str]:
    """Post → target, for posts of one event."""
    return dict(zip(network.events.post_key, network.events.target_key, strict=True))


# one build holds the v2 cases; their accounts have ids and handles of their own

ANN, ANN_LATER = Person("11", "ann"), Person("11", "AnnMD", name="Ann, MD", followers=900)
BOB, CAT = Person("12", "bob"), Person("13", "cat")
OLD, NEW = Person("21", "clinic"), Person("22", "clinic")
MOVED_ON = Person("21", "clinic_old")


@pytest.fixture(scope="module")
def v2_network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    posts: list[tuple[Post, str]] = [
        # Ann writes, renames herself, is mentioned under both handles and in other letters
        (tagged(ANN, 1, "2015-01-01"), "2015-01-02"),
        (tagged(ANN_LATER, 2, "2016-01-01"), "2016-01-02"),
        (mention(BOB, 1, "2015-02-01", ANN), "2015-02-02"),
        (mention(BOB, 2, "2016-02-01", ANN_LATER), "2016-02-02"),
        (mention(BOB, 3, "2016-03-01", replace(ANN_LATER, handle="ANNMD")), "2016-03-02"),
        (quote_at(BOB, 4, "2016-03-05", "aNNmd"), "2016-03-06"),
        (quote_at(BOB, 5, "2019-03-01", "ANN"), "2019-03-02"),
        # @clinic: account 21 until 2014, account 22 from 2016; 2015 nobody can know
        (tagged(OLD, 1, "2012-01-01"), "2012-01-02"),
        (tagged(OLD, 2, "2014-01-01"), "2014-01-02"),
        (tagged(MOVED_ON, 3, "2014-06-01"), "2014-06-02"),
        (tagged(NEW, 1, "2016-01-01"), "2016-01-02"),
        (tagged(NEW, 2, "2018-01-01"), "2018-01-02"),
        *[(quote_at(CAT, year, f"{year}-03-01", "Clinic"), f"{year}-03-02") for year in (2010, 2013, 2015, 2017, 2019)],
        # @Nobody is never seen with an id
        (quote_at(CAT, 3001, "2017-01-01", "Nobody"), "2017-01-02"),
        (quote_at(CAT, 3002, "2018-01-01", "noBODY"), "2018-01-02"),
    ]
    folder = tmp_path_factory.mktemp("identity")
    return built(folder, [page([post], retrieved=f"{at}T00:00:00+00:00") for post, at in reversed(posts)])


def test_rule_9_a_rename_does_not_split_the_account(v2_network: Network):
    """twarc-network makes two nodes of it."""
    ann = rows(v2_network)["x:11"]
    assert [handle.lower() for handle in ann["handles"]] == ["ann", "annmd"]
    assert ann["n_posts"] == 2
    edge = v2_network.edges.query("source_key == 'x:12' and target_key == 'x:11'").iloc[0]
    assert (edge["weight"], edge["n_mention"], edge["n_quote"]) == (5, 3, 2)


def test_rule_9_the_spelling_is_the_account_s_own_not_that_of_whoever_typed_it(v2_network: Network):
    assert rows(v2_network)["x:11"]["handle"] == "AnnMD"


def test_rule_9_the_newest_by_time_not_by_file_order(v2_network: Network):
    """The file runs backwards in time."""
    ann = rows(v2_network)["x:11"]
    assert (ann["name"], ann["followers"]) == ("Ann, MD", 900)
    assert ann["observed_at"].isoformat() == "2016-01-02T00:00:00+00:00"


def test_bug_first_seen_is_the_first(v2_network: Network):
    """twarc-network's first date is really the one written last."""
    ann = rows(v2_network)["x:11"]
    assert [ann[name].isoformat()[:10] for name in ("first_at", "last_at")] == ["2015-01-01", "2016-01-01"]
    edge = v2_network.edges.query("source_key == 'x:12' and target_key == 'x:11'").iloc[0]
    assert [edge[name].isoformat()[:10] for name in ("first_at", "last_at")] == ["2015-02-01", "2019-03-01"]


def test_rule_9_handles_match_in_any_case(v2_network: Network):
    found = targets(v2_network)
    assert found["x:120004"] == "x:11"
    assert found["x:120005"] == "x:11", "one holder only: the handle is hers at any time"


def test_rule_9_who_held_a_reused_handle_when(v2_network: Network):
    found = targets(v2_network)
    assert [found[f"x:13{year}"] for year in (2010, 2013, 2017, 2019)] == ["x:21", "x:21", "x:22", "x:22"]


def test_rule_9_between_two_holders_is_ambiguous_and_counted(v2_network: Network):
    assert targets(v2_network)["x:132015"] == "x:@clinic"
    assert v2_network.audit["identity"]["handles_that_moved"] == 1
    assert v2_network.audit["identity"]["ambiguous"] == 1


def test_rule_9_an_account_known_by_handle_only(v2_network: Network):
    found = targets(v2_network)
    assert found["x:133001"] == found["x:133002"] == "x:@nobody"
    nobody = rows(v2_network)["x:@nobody"]
    assert nobody["handle"].lower() == "nobody"
    assert nobody["platform"] == "x"
    assert nobody["account_id"] is None or nobody["account_id"] != nobody["account_id"]
    assert (nobody["n_posts"], nobody["is_author"]) == (0, False)
    assert v2_network.audit["identity"]["handle_only"] == 2


def test_rule_9_handles_keep_the_history_oldest_first(v2_network: Network):
    known = rows(v2_network)
    assert (known["x:21"]["handle"], list(known["x:21"]["handles"])) == ("clinic_old", ["clinic", "clinic_old"])
    assert (known["x:22"]["handle"], list(known["x:22"]["handles"])) == ("clinic", ["clinic"])
    assert v2_network.audit["identity"]["renamed"] == 2


# the same in other shapes


def test_rule_9_the_same_in_every_shape_of_v2(tmp_path: Path):
    """Who held a handle when is told by profiles and mentions alike, wherever the shape puts them."""
    records: list[Json] = []
    for number, shape in enumerate(V2, start=4):
        handle = f"clinic_{shape}"
        old, new, moved_on = (
            Person(f"{number}1", handle),
            Person(f"{number}2", handle),
            Person(f"{number}1", "elsewhere"),
        )
        asks = Person(f"{number}3", f"asks_{shape}")
        posts = [
            tagged(old, 1, "2012-01-01"),
            tagged(moved_on, 3, "2014-06-01"),
            mention(BOB, number, "2014-01-01", old),
            tagged(new, 1, "2016-01-01"),
            *[quote_at(asks, year, f"{year}-03-01", handle.upper()) for year in (2013, 2015, 2017)],
        ]
        if shape == "stream":
            records += [stream(post) for post in posts]
        else:
            for post in posts:
                records += [page([post], retrieved=None)] if shape == "page" else flat([post], retrieved=None)
    found = targets(built(tmp_path, records))
    for number, shape in enumerate(V2, start=4):
        held = [found[f"x:{number}3{year}"] for year in (2013, 2015, 2017)]
        assert held == [f"x:{number}1", f"x:@clinic_{shape}", f"x:{number}2"], shape


@pytest.fixture(scope="module")
def v11_network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Handle-only ends of v1.1: mention ids of -1, a ``user`` without an id."""
    lost, to_bob = Person("-1", "dora"), (Mention(3, 7, "bob", "12"),)
    early, late = Person("31", "medtalk"), Person("32", "medtalk")
    once = tagged(replace(late, handle="medtalk"), 1, "2013-01-01", "an old post")
    records = [
        # @dora is mentioned without an id, and turns up with one in another line
        v11(mention(BOB, 1, "2015-01-01", lost), extended=True),
        v11(tagged(Person("14", "Dora"), 1, "2018-01-01"), extended=True),
        # @erin never has an id, but writes herself
        v11(Post("500", Person(None, "Erin"), "hi @bob", mentions=to_bob), extended=True),
        # fay writes without an id; the id is told by another line
        v11(Post("501", Person(None, "FAY"), "hi @bob", mentions=to_bob), extended=True),
        v11(mention(BOB, 2, "2016-01-01", Person("15", "fay")), extended=True),
        # 31 was @medtalk in 2012 and 2014; 32 took the handle in 2016, and a post of his of 2013 (when he
        # was called otherwise) is reposted in 2017: there the handle is that of 2017, not of 2013
        v11(mention(BOB, 3, "2012-01-01", early), extended=True),
        v11(mention(BOB, 4, "2014-12-01", early), extended=True),
        v11(tagged(BOB, 5, "2017-01-01", "RT @medtalk: an old post", reposts=once), extended=True),
        v11(quote_at(CAT, 1, "2014-01-01", "medtalk"), extended=True),
        v11(quote_at(CAT, 2, "2018-01-01", "medtalk"), extended=True),
    ]
    return built(tmp_path_factory.mktemp("identity_v11"), records)


def test_rule_9_a_handle_merges_when_its_id_turns_up(v11_network: Network):
    assert targets(v11_network)["x:120001"] == "x:14"
    assert "x:@dora" not in rows(v11_network)


def test_rule_9_a_mention_id_of_minus_one_is_none(v11_network: Network):
    assert not [key for key in rows(v11_network) if "-1" in key]


def test_rule_9_an_author_known_by_handle_only(v11_network: Network):
    events = v11_network.events.set_index("post_key")
    assert events.loc["x:500", "source_key"] == "x:@erin"
    erin = rows(v11_network)["x:@erin"]
    assert (erin["n_posts"], erin["is_author"]) == (1, True)
    assert erin["handle"] == "Erin", "as spelled there"


def test_rule_9_an_author_merges_when_the_id_turns_up(v11_network: Network):
    events = v11_network.events.set_index("post_key")
    assert events.loc["x:501", "source_key"] == "x:15"
    assert rows(v11_network)["x:15"]["n_posts"] == 1
    assert v11_network.posts.set_index("post_key").loc["x:501", "author_key"] == "x:15"


def test_rule_9_a_post_inside_another_has_the_handle_of_its_line_s_time(v11_network: Network):
    found = targets(v11_network)
    assert found["x:130001"] == "x:31", "in 2014 the handle was 31's: 32 is first seen with it in 2017"
    assert found["x:130002"] == "x:32"
