"""Activity Streams (Gnip): the examples of X itself against our own reading, corner cases, the same posts."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import writers_activity_streams as writer
from reference import read
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.schema import RELATIONS

Json = dict[str, Any]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]
EXAMPLES = "twitter_inc_activity_streams_examples.jsonl"
TWIN = "twitter_inc_original_format_examples.jsonl"
"""The same posts in the format of API v1.1."""


def events(network: Network) -> set[tuple[str, ...]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def build(path: Path, *records: Json) -> Network:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return netmed.build(path, relations=RELATIONS, keep_text=True)


# the examples


@pytest.fixture(scope="module")
def examples(shared_data: Path) -> Network:
    return netmed.build(shared_data / "twitter-v11" / EXAMPLES, relations=RELATIONS)


def test_every_line_is_read_and_counted_as_in_the_other_format(examples: Network, shared_data: Path) -> None:
    totals = examples.audit["totals"]
    assert (totals["lines"], totals["kept"], examples.audit["losses"]) == (25, 25, {})
    assert examples.audit["files"][0]["readers"] == ["x-activity-streams"]
    expected = orjson.loads((shared_data / "twitter-v11" / "EXPECTED.json").read_bytes())[TWIN]
    posts = examples.posts[examples.posts.in_collection]
    assert {
        "posts": len(posts),
        "authors": posts.author_key.nunique(),
        "retweets": posts.retweeted_post_key.count(),
        "replies": posts.reply_to_post_key.count(),
        "quotes": posts.quoted_post_key.count(),
    } == {key: expected[key] for key in ("posts", "authors", "retweets", "replies", "quotes")}


def test_both_formats_of_the_same_posts_give_the_same_network(examples: Network, shared_data: Path) -> None:
    twin = netmed.build(shared_data / "twitter-v11" / TWIN, relations=RELATIONS)
    assert events(examples) == events(twin)
    assert len(twin.events) == 21
    same = [name for name in twin.posts.columns if name not in ("retweets", "replies", "quotes")]
    assert examples.posts[same].astype(str).equals(twin.posts[same].astype(str))
    told = ["account_key", "handle", "name", "description", "followers", "following", "posts_total", "verified"]
    assert examples.accounts[told].astype(str).equals(twin.accounts[told].astype(str))


def test_the_examples_agree_with_our_own_reading(examples: Network, shared_data: Path) -> None:
    lines = (shared_data / "twitter-v11" / EXAMPLES).read_bytes().splitlines()
    reading = read([as_v11(orjson.loads(line)) for line in lines])
    assert events(examples) == reading.events
    assert examples.audit["events"]["unresolved_by_relation"] == dict(reading.unresolved)
    assert len(examples.posts) == len(reading.posts)


def as_v11(activity: Json) -> Json:
    """An activity in the words of API v1.1, for the plain reading of the rules."""
    long = activity.get("long_object") or activity
    actor = activity["actor"]
    made: Json = {
        "id_str": activity["id"].rsplit(":", 1)[1],
        "created_at": activity["postedTime"].replace("Z", "+00:00"),
        "full_text": long["body"],
        "entities": long["twitter_entities"],
        "user": {"id_str": actor["id"].rsplit(":", 1)[1], "screen_name": actor["preferredUsername"]},
    }
    if "display_text_range" in long:
        made["display_text_range"] = long["display_text_range"]
    if "inReplyTo" in activity:
        parts = activity["inReplyTo"]["link"].split("/")
        made |= {"in_reply_to_screen_name": parts[3], "in_reply_to_status_id_str": parts[5]}
    if activity["verb"] == "share":
        made["retweeted_status"] = as_v11(activity["object"])
    if "twitter_quoted_status" in activity:
        made["quoted_status"] = as_v11(activity["twitter_quoted_status"])
    return made


# corner cases


def activity(number: int, author: int, handle: str, body: str, **more: Any) -> Json:
    return {
        "id": f"tag:search.twitter.com,2005:{number}",
        "verb": "post",
        "postedTime": "2017-01-01T00:00:00.000Z",
        "actor": {"id": f"id:twitter.com:{author}", "preferredUsername": handle, "displayName": handle.upper()},
        "body": body,
        "twitter_entities": {"user_mentions": [], "hashtags": [], "urls": []},
        **more,
    }


def mention(handle: str, account_id: int, start: int) -> Json:
    return {"screen_name": handle, "id_str": str(account_id), "indices": [start, start + len(handle) + 1]}


def test_a_reply_to_an_account_of_which_only_the_link_tells(tmp_path: Path) -> None:
    entities = {"user_mentions": [mention("ann", 1, 0), mention("cat", 3, 5), mention("dan", 4, 13)]}
    replied = {"link": "http://twitter.com/Ann/statuses/99"}
    network = build(
        tmp_path / "a.jsonl",
        activity(
            *(10, 2, "bob", "@ann @cat hi @dan"),
            inReplyTo=replied,
            display_text_range=[10, 17],
            twitter_entities=entities,
        ),
        activity(11, 2, "bob", "gone", inReplyTo={"link": "http://twitter.com/ghost/statuses/98"}),
        activity(12, 2, "bob", "odd", inReplyTo={"link": "http://example.org/ghost/statuses/98"}),
    )
    assert events(network) == {
        ("x:10", "x:2", "x:1", "reply"),
        ("x:10", "x:2", "x:3", "mention_auto"),
        ("x:10", "x:2", "x:4", "mention"),
        ("x:11", "x:2", "x:@ghost", "reply"),
    }
    kinds = network.posts.set_index("post_key").kind
    assert kinds.to_dict() == {"x:10": "reply", "x:11": "reply", "x:12": "post"}


def test_a_share_of_a_quote_is_one_repost_and_its_long_text_is_read(tmp_path: Path) -> None:
    long = {"body": "x" * 150 + " @dan", "twitter_entities": {"user_mentions": [mention("dan", 4, 151)]}}
    quoted = activity(21, 3, "cat", "x" * 140, long_object=long)
    original = activity(22, 1, "ann", "look", twitter_quoted_status=quoted)
    prefix = {"user_mentions": [mention("ann", 1, 3)]}
    share = activity(23, 2, "bob", "RT @ann: look", verb="share", object=original, twitter_entities=prefix)
    network = build(tmp_path / "a.jsonl", share, activity(24, 5, "eve", "x" * 140, long_object=long))
    assert events(network) == {("x:23", "x:2", "x:1", "retweet"), ("x:24", "x:5", "x:4", "mention")}
    posts = network.posts.set_index("post_key")
    assert posts.kind.to_dict() == {"x:21": "post", "x:22": "quote", "x:23": "retweet", "x:24": "post"}
    assert posts.in_collection.to_dict() == {"x:21": False, "x:22": False, "x:23": True, "x:24": True}
    assert posts.text["x:21"] == long["body"]


def test_what_is_no_activity_of_posting_is_not_recognised(tmp_path: Path) -> None:
    network = build(
        tmp_path / "a.jsonl",
        activity(30, 1, "ann", "hi"),
        activity(31, 1, "ann", "hi", verb="delete"),
        {**activity(32, 1, "ann", "hi"), "id": "tag:search.example.org,2005:32"},
        {**activity(33, 1, "ann", "hi"), "twitter_entities": "garbage", "actor": {"id": "id:twitter.com:1"}},
    )
    assert sorted(network.posts.post_key) == ["x:30", "x:33"]
    assert network.audit["totals"]["unrecognised"] == 2


# the same posts


def test_simulated_posts_give_the_same_events(tmp_path: Path) -> None:
    simulate.collection(400, tmp_path / "pages.jsonl", seed=8)
    write_flat(tmp_path / "pages.jsonl", tmp_path / "flat.jsonl")
    posts = list(read_lines(tmp_path / "flat.jsonl"))
    writer.write(posts, tmp_path / "activities.jsonl")
    kept = [left for post in posts if (left := writer.carried(post)) is not None]
    (tmp_path / "carried.jsonl").write_bytes(b"".join(orjson.dumps(post) + b"\n" for post in kept))
    found = netmed.build(tmp_path / "activities.jsonl", relations=RELATIONS)
    wanted = netmed.build(tmp_path / "carried.jsonl", relations=RELATIONS)
    assert found.audit["losses"] == {}
    assert len(wanted.events) > 300
    assert sorted(events(found) - events(wanted)) == []
    assert sorted(events(wanted) - events(found)) == []
