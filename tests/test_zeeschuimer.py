"""Zeeschuimer's captures of X: corner cases, and the same posts."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import writers_zeeschuimer as writer
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.schema import RELATIONS

Json = dict[str, Any]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]
AT = "Wed Jan 01 00:00:00 +0000 2020"


def events(network: Network) -> set[tuple[str, ...]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def build(path: Path, *records: Json) -> Network:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return netmed.build(path, relations=RELATIONS, keep_text=True)


def post(number: int, author: int, handle: str | None, text: str, **legacy: Any) -> Json:
    user = {"result": {"rest_id": str(author), "legacy": {"followers_count": 7}, "core": {"screen_name": handle}}}
    facts = {"full_text": text, "created_at": AT, "user_id_str": str(author), "entities": {}, **legacy}
    return {"rest_id": str(number), "core": {"user_results": user if handle else {}}, "legacy": facts}


def capture(item: Json) -> Json:
    return {"source_platform": "twitter.com", "timestamp_collected": 1704067200000, "data": item}


def mention(handle: str, account_id: int, start: int) -> Json:
    return {"screen_name": handle, "id_str": str(account_id), "indices": [start, start + len(handle) + 1]}


@pytest.mark.parametrize("opened", [False, True])
def test_simulated_posts_give_the_same_events(tmp_path: Path, *, opened: bool) -> None:
    simulate.collection(400, tmp_path / "pages.jsonl", seed=13)
    write_flat(tmp_path / "pages.jsonl", tmp_path / "flat.jsonl")
    posts = list(read_lines(tmp_path / "flat.jsonl"))
    writer.write(posts, tmp_path / "items.ndjson", opened=opened)
    kept = [left for one in posts if (left := writer.carried(one)) is not None]
    (tmp_path / "carried.jsonl").write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in kept))
    found = netmed.build(tmp_path / "items.ndjson", relations=RELATIONS)
    wanted = netmed.build(tmp_path / "carried.jsonl", relations=RELATIONS)
    assert found.audit["losses"] == {}
    assert found.audit["files"][0]["readers"] == ["x-zeeschuimer-4cat" if opened else "x-zeeschuimer"]
    assert len(wanted.events) > 300
    assert sorted(events(found) - events(wanted)) == []
    assert sorted(events(wanted) - events(found)) == []
    told = ["account_key", "handle", "name"]
    authors = found.accounts[found.accounts.is_author]
    assert authors[told].values.tolist() == wanted.accounts[wanted.accounts.is_author][told].values.tolist()
    # A flattened v2 post also holds profiles of those mentioned, which may be newer than any post of theirs.
    seen = [whom["author"] for one in kept for whom in (one, *one.get("referenced_tweets", ())) if "author" in whom]
    stated = {(f"x:{author['id']}", author["public_metrics"]["followers_count"]) for author in seen}
    assert set(zip(authors["account_key"], authors["followers"], strict=True)) <= stated


def test_reposts_quotes_and_authors_that_are_missing(tmp_path: Path) -> None:
    quoted = post(1, 11, "ann", "hi", entities={"user_mentions": [mention("zoe", 99, 0)]})
    quote = {**post(2, 12, "bob", "look"), "quoted_status_result": {"result": {"tweet": quoted}}}
    gone = {**post(3, 13, "cat", "look"), "quoted_status_result": {"result": {"tombstone": {}}}}
    gone["legacy"] |= {
        "quoted_status_id_str": "50",
        "quoted_status_permalink": {"expanded": "https://twitter.com/Dan/status/50"},
    }
    repost = post(4, 14, None, "RT @bob: look", retweeted_status_result={"result": quote})
    network = build(
        tmp_path / "t.ndjson",
        *map(capture, (quote, gone, repost)),
        capture({"tweet": post(5, 15, "eve", "hi @ann", entities={"user_mentions": [mention("ann", 11, 3)]})}),
        capture({"__typename": "TweetTombstone"}),
    )
    assert events(network) == {
        ("x:2", "x:12", "x:11", "quote"),
        ("x:3", "x:13", "x:@dan", "quote"),
        ("x:4", "x:14", "x:12", "retweet"),
        ("x:5", "x:15", "x:11", "mention"),
    }
    posts = network.posts.set_index("post_key")
    assert posts.in_collection.to_dict() == {"x:1": False, **dict.fromkeys(("x:2", "x:3", "x:4", "x:5"), True)}
    assert network.audit["totals"]["unrecognised"] == 1
    accounts = network.accounts.set_index("account_key")
    assert (accounts.handle["x:11"], accounts.followers["x:11"]) == ("ann", 7)
    assert str(accounts.observed_at["x:12"]) == "2024-01-01 00:00:00+00:00"


def test_a_note_that_does_not_begin_like_the_short_text_hides_nothing(tmp_path: Path) -> None:
    reply = {"in_reply_to_status_id_str": "1", "in_reply_to_user_id_str": "11", "display_text_range": [5, 20]}

    def long(number: int, text: str, *mentions: Json) -> Json:
        note = {"result": {"text": text, "entity_set": {"user_mentions": list(mentions)}}}
        short = post(number, 12, "bob", "@cat yes, indeed and", **reply)
        return capture({**short, "note_tweet": {"note_tweet_results": note}})

    whole = long(6, "@cat yes, indeed and so on @dan", mention("cat", 13, 0), mention("dan", 14, 27))
    network = build(tmp_path / "t.ndjson", whole, long(7, "@dan indeed", mention("dan", 14, 0)))
    assert events(network) == {
        ("x:6", "x:12", "x:11", "reply"),
        ("x:6", "x:12", "x:13", "mention_auto"),
        ("x:6", "x:12", "x:14", "mention"),
        ("x:7", "x:12", "x:11", "reply"),
        ("x:7", "x:12", "x:14", "mention"),
    }


def test_old_items_have_their_author_beside_them(tmp_path: Path) -> None:
    item = {
        "type": "adaptive",
        "id": 8,
        "legacy": {**post(8, 11, "ann", "hi @bob")["legacy"], "id_str": "8"},
        "user": {"id_str": "11", "screen_name": "ann", "name": "Ann", "followers_count": 3},
    }
    item["legacy"]["entities"] = {"user_mentions": [mention("bob", 12, 3)]}
    for number, record in enumerate((capture(item), {**item, "__import_meta": {"timestamp_collected": 1704067200000}})):
        network = build(tmp_path / f"{number}.ndjson", record)
        assert events(network) == {("x:8", "x:11", "x:12", "mention")}
        account = network.accounts.set_index("account_key").loc["x:11"]
        assert (account["name"], account["followers"]) == ("Ann", 3)


def test_garbage_in_one_place_nulls_that_place_alone(tmp_path: Path) -> None:
    odd = post(9, 11, "ann", "hi @bob", favorite_count="many", entities={"user_mentions": "none"})
    odd["note_tweet"], odd["quoted_status_result"] = [1], "x"
    network = build(tmp_path / "t.ndjson", capture(odd))
    assert network.posts.text.tolist() == ["hi @bob"]
    assert network.posts.likes.isna().all()
    assert events(network) == set()
