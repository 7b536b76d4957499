"""4CAT and DMI-TCAT tables, which know most accounts by handle: corner cases, and the same posts."""

import csv
from pathlib import Path
from typing import Any

import orjson
import pytest
import writers_fourcat
import writers_tcat
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.schema import RELATIONS

Json = dict[str, Any]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]


def events(network: Network) -> set[tuple[str, ...]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def build(path: Path, header: str, *rows: dict[str, str]) -> Network:
    """A table with at least the columns of ``header``."""
    names = list(dict.fromkeys([*header.split(), *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, names, restval="")
        table.writeheader()
        table.writerows(rows)
    return netmed.build(path, relations=RELATIONS)


# the same posts


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    folder = tmp_path_factory.mktemp("same")
    simulate.collection(400, folder / "pages.jsonl", seed=11)
    write_flat(folder / "pages.jsonl", folder / "flat.jsonl")
    return list(read_lines(folder / "flat.jsonl"))


@pytest.mark.parametrize(
    ("writer", "name", "options"),
    [
        (writers_fourcat, "4cat.csv", {}),
        (writers_fourcat, "imported.csv", {"imported": True}),
        (writers_tcat, "tcat.csv", {}),
        (writers_tcat, "tcat.tsv", {"mentions": False}),
    ],
)
def test_simulated_posts_give_the_same_events(
    posts: list[Json], tmp_path: Path, writer: Any, name: str, options: dict[str, bool]
) -> None:
    writer.write(posts, tmp_path / name, **options)
    plain = [orjson.dumps(writer.carried(post)) + b"\n" for post in posts]
    (tmp_path / "carried.jsonl").write_bytes(b"".join(plain))
    found = netmed.build(tmp_path / name, relations=RELATIONS)
    wanted = netmed.build(tmp_path / "carried.jsonl", relations=RELATIONS)
    assert found.audit["losses"] == {}
    assert found.audit["files"][0]["readers"] == ["x-4cat" if writer is writers_fourcat else "x-tcat"]
    assert len(wanted.events) > 300
    assert set(wanted.events.relation) >= {"retweet", "reply", "quote", "mention", "mention_auto"}
    assert sorted(events(found) - events(wanted)) == []
    assert sorted(events(wanted) - events(found)) == []
    unresolved = "unresolved_by_relation"
    assert found.audit["events"][unresolved] == wanted.audit["events"][unresolved]
    assert found.accounts.name.notna().sum() > 50


# 4CAT

FOURCAT = "id thread_id timestamp body author author_id language_guess is_retweet is_reply is_quote_tweet mentions"


def fourcat(number: int, author: str, body: str, **more: str) -> dict[str, str]:
    at = "2022-05-01 10:00:00"
    named = {"id": str(number), "thread_id": str(number), "timestamp": at, "author": author, "body": body}
    return named | {"is_retweet": "no", "is_reply": "no", "is_quote_tweet": "no"} | more


def test_4cat_replies_reposts_and_quotes(tmp_path: Path) -> None:
    network = build(
        tmp_path / "t.csv",
        FOURCAT,
        fourcat(1, "ann", "hi @Bob, mail c@hospital.org", author_id="11", mentions="bob"),
        fourcat(2, "bob", "@ann @cat yes @dan", is_reply="yes", replied_user="ann", mentions="ann,cat,dan"),
        fourcat(3, "cat", "@ann lost", is_reply="yes", mentions="ann"),
        fourcat(4, "dan", "@ann straight to you", replied_user="ann", mentions="ann"),
        fourcat(5, "eve", "RT @Ann: hi @Bob", is_retweet="yes", retweeted_user="", mentions="Ann,Bob"),
        fourcat(6, "fay", "withheld", is_retweet="yes", mentions="bob"),
        fourcat(7, "gus", "see", is_quote_tweet="yes", urls="https://x.com/Ann/status/1?s=20,https://example.org/a,b"),
        fourcat(8, "hal", "see", is_quote_tweet="yes", quoted_user="UNKNOWN", replied_user="UNKNOWN"),
        fourcat(9, "ida", "see", is_quote_tweet="yes", quote_author="cat", quote_tweet_id="77", replied_author="bob"),
        fourcat(10, "UNKNOWN", "", author_id="UNKNOWN"),
    )
    assert events(network) == {
        ("x:1", "x:11", "x:@bob", "mention"),
        ("x:2", "x:@bob", "x:11", "reply"),
        ("x:2", "x:@bob", "x:@cat", "mention_auto"),
        ("x:2", "x:@bob", "x:@dan", "mention"),
        ("x:3", "x:@cat", "x:11", "mention_auto"),
        ("x:4", "x:@dan", "x:11", "reply"),
        ("x:5", "x:@eve", "x:11", "retweet"),
        ("x:7", "x:@gus", "x:11", "quote"),
        ("x:9", "x:@ida", "x:@cat", "quote"),
        ("x:9", "x:@ida", "x:@bob", "reply"),
    }
    assert network.audit["events"]["unresolved_by_relation"] == {"reply": 1, "retweet": 1, "quote": 1}
    assert network.audit["totals"]["unrecognised"] == 1
    posts = network.posts.set_index("post_key")
    assert posts.kind.to_dict() == {
        **{"x:1": "post", "x:2": "reply", "x:3": "reply", "x:4": "reply", "x:5": "retweet", "x:6": "retweet"},
        **{"x:7": "quote", "x:8": "quote", "x:9": "reply+quote"},
    }
    assert posts.quoted_post_key["x:7"] == "x:1"
    assert posts.urls_n["x:7"] == 2
    assert str(posts.created_at["x:1"]) == "2022-05-01 10:00:00+00:00"


def test_4cat_s_own_records_of_api_v2_tell_who_their_authors_are(tmp_path: Path) -> None:
    def user(account_id: str, handle: str) -> Json:
        return {"id": account_id, "username": handle, "name": handle.title(), "public_metrics": {"followers_count": 5}}

    original = {"id": "1", "author_id": "11", "text": "hi", "created_at": "2022-05-01T00:00:00.000Z"}
    post = {
        "id": "2",
        "author_id": "12",
        "text": "RT @ann: hi",
        "created_at": "2022-05-02T00:00:00.000Z",
        "author_user": user("12", "bob"),
        "referenced_tweets": [{"type": "retweeted", **original, "author_user": user("11", "ann")}],
    }
    unknown = {"id": "3", "author_id": "13", "text": "hm", "author_user": None}
    for first, second in ((post, unknown), (unknown, post)):
        (tmp_path / "t.ndjson").write_bytes(orjson.dumps(first) + b"\n" + orjson.dumps(second) + b"\n")
        network = netmed.build(tmp_path / "t.ndjson", relations=RELATIONS)
        assert network.audit["files"][0]["readers"] == ["x-v2-4cat", "x-v2-flat"]
        assert network.audit["totals"]["kept"] == 2
        assert events(network) == {("x:2", "x:12", "x:11", "retweet")}
    accounts = network.accounts.set_index("account_key")
    assert accounts.handle.dropna().to_dict() == {"x:11": "ann", "x:12": "bob"}
    assert accounts.followers.dropna().tolist() == [5, 5]


# DMI-TCAT

TCAT = "id time created_at from_user_name text filter_level to_user_name from_user_followercount from_user_id"


def tcat(number: int, author: str, text: str, **more: str) -> dict[str, str]:
    at = {"time": "1588327200", "created_at": "2020-05-01 10:00:00"}
    return {"id": str(number), "from_user_name": author, "text": text, **at, **more}


def test_tcat_reposts_are_told_by_their_text_and_only_listed_mentions_count(tmp_path: Path) -> None:
    rows = (
        tcat(1, "ann", "hi @bob a@hospital.org #MedEd", from_user_id="11", mentions="bob", quoted_status_id="0"),
        tcat(2, "bob", "RT @Ann: hi @bob", mentions="Ann; bob"),
        tcat(3, "cat", "@ann @dan yes", to_user_name="ann", in_reply_to_status_id="1", mentions="ann; dan"),
        tcat(4, "dan", "RT @ann: my words", to_user_name="bob", in_reply_to_status_id="99", mentions=""),
        tcat(5, "eve", "look", quoted_status_id="1", created_at=""),
        tcat(6, "fay", "hm @ann", mentions=""),
    )
    network = build(tmp_path / "t.csv", TCAT, *rows)
    wanted = {
        ("x:1", "x:11", "x:@bob", "mention"),
        ("x:2", "x:@bob", "x:11", "retweet"),
        ("x:3", "x:@cat", "x:11", "reply"),
        ("x:3", "x:@cat", "x:@dan", "mention_auto"),
        ("x:4", "x:@dan", "x:@bob", "reply"),
        ("x:5", "x:@eve", "x:11", "quote"),
    }
    assert events(network) == wanted
    posts = network.posts.set_index("post_key")
    assert set(map(str, posts.created_at)) == {"2020-05-01 10:00:00+00:00"}
    assert list(posts.hashtags["x:1"]) == ["meded"]
    silent = [{name: value for name, value in row.items() if name != "mentions"} for row in rows]
    from_text = build(tmp_path / "silent.csv", TCAT, *silent)
    typed = {("x:4", "x:@dan", "x:11", "retweet_manual"), ("x:6", "x:@fay", "x:11", "mention")}
    assert events(from_text) == wanted | typed
    told = from_text.events.set_index(["post_key", "relation"]).resolved_by
    assert told["x:6", "mention"] == "text"
