"""Real X posts: counts worked out independently, our own reading of the rules, and twarc-network's edges."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from lines import Json
from reference import Reading, read

import netmed
from netmed import Network
from netmed.schema import RELATIONS

COLUMNS = ["post_key", "source_key", "target_key", "relation"]
FOREIGN = "twitter_inc_activity_streams_examples"
"""The posts of ``twitter_inc_original_format_examples`` once more, as Activity Streams."""


def records(path: Path) -> list[Json]:
    """Every record of a file, whether one to a line or one over many lines."""
    raw = path.read_bytes()
    try:
        whole = [orjson.loads(raw)]
    except orjson.JSONDecodeError:
        whole = list(_records(raw.split(b"\n")))
    return [record for record in whole if isinstance(record, dict)]


def _records(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield orjson.loads(line)
        except orjson.JSONDecodeError:
            continue


def events(network: Network) -> set[tuple[str, str, str, str]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def assert_agrees(network: Network, reading: Reading) -> None:
    assert events(network) == reading.events
    assert network.audit["events"]["unresolved_by_relation"] == dict(reading.unresolved)
    collected = network.posts[network.posts.in_collection]
    assert set(collected.post_key) == {"x:" + key for key in reading.collection}
    assert len(network.posts) == len(reading.posts)


# the eight-post fixture


def test_eight_posts(shared_data: Path):
    folder = shared_data / "eight-posts"
    expected = json.loads((folder / "EXPECTED.json").read_text())
    network = netmed.build(folder / "x-v2-pages.jsonl", relations=RELATIONS)
    totals = network.audit["totals"]
    assert (totals["lines"], totals["records"], totals["kept"]) == (3, expected["post_records"], 7)
    assert totals["duplicates"] == expected["duplicates"]
    between = network.events[network.events.source_key != network.events.target_key]
    found = between[COLUMNS[1:]].values.tolist()
    assert sorted(found) == sorted(["x:" + s, "x:" + t, relation] for s, t, relation in expected["events_list"])
    assert len(network.accounts) == expected["accounts"]
    assert len(network.edges) == expected["pairs"]
    assert network.audit["events"]["self"] == expected["self_replies"]
    assert network.audit["events"]["in_edges"] == expected["events"]
    default = network.events[network.events.relation.isin(["reply", "mention"])]
    assert len(default[default.source_key != default.target_key]) == 5
    alice = network.accounts.set_index("account_key").loc["x:1"]
    assert (alice["handle"], list(alice["handles"]), alice["n_self_reply"]) == ("AliceMD", ["Alice", "AliceMD"], 1)
    assert network.accounts.set_index("account_key").loc["x:9", "handle"] == "ghost"
    assert_agrees(network, read(records(folder / "x-v2-pages.jsonl")))


# v2


@pytest.fixture(scope="module")
def twarc(shared_data: Path) -> Path:
    return shared_data / "twitter-v2-twarc"


@pytest.fixture(scope="module")
def v2(twarc: Path) -> Network:
    """All files but ``noflat``, which has the posts of ``flat`` again."""
    paths = [path for path in sorted(twarc.glob("*.jsonl")) if path.stem != "noflat"]
    return netmed.build(*paths, relations=RELATIONS)


@pytest.fixture(scope="module")
def v2_apart(twarc: Path) -> dict[str, Network]:
    return {name: netmed.build(twarc / f"{name}.jsonl", relations=RELATIONS) for name in ("noflat", "users")}


def test_flat_and_pages_give_the_same_network(twarc: Path, v2_apart: dict[str, Network]):
    flat = netmed.build(twarc / "flat.jsonl", relations=RELATIONS)
    pages = v2_apart["noflat"]
    for name in ("events", "edges", "posts"):
        assert getattr(flat, name).equals(getattr(pages, name)), name
    assert set(flat.accounts.account_key) == set(pages.accounts.account_key)
    assert_agrees(flat, read(records(twarc / "flat.jsonl")))
    assert_agrees(pages, read(records(twarc / "noflat.jsonl")))


def test_v2_counts_are_as_expected(twarc: Path, v2: Network, v2_apart: dict[str, Network]):
    expected = json.loads((twarc / "EXPECTED.json").read_text())
    assert len(expected) == 20
    for name, counts in expected.items():
        ids = {"x:" + key for key in read(records(twarc / f"{name}.jsonl")).collection}
        posts = v2_apart.get(name, v2).posts
        posts = posts[posts.in_collection & posts.post_key.isin(ids)]
        assert {
            "posts": len(posts),
            "authors": posts.author_key.nunique(),
            "retweeted": int((posts.kind == "retweet").sum()),
            "quoted": posts.quoted_post_key.count(),
            "replied_to": posts.reply_to_post_key.count(),
            "in_reply_to_user": int(posts.kind.str.startswith("reply").sum()),
        } == {
            key: counts.get(key, 0)
            for key in ("posts", "authors", "retweeted", "quoted", "replied_to", "in_reply_to_user")
        }, name


def test_v2_files_lose_nothing_but_the_broken_line(v2: Network, twarc: Path):
    expected = json.loads((twarc / "EXPECTED.json").read_text())
    for entry in v2.audit["files"]:
        name = Path(entry["file"]).stem
        assert entry["kept"] + entry["duplicates"] == expected[name].get("posts", 0), name
        assert entry["malformed"] == (name == "streaming_output_with_error"), name
        assert (entry["unrecognised"], entry["damage"]) == (0, []), name
        assert [one["line"] for one in entry["rejected"]] == ([8] if entry["malformed"] else [])
        assert entry["without_posts"] == (name == "users"), name
    assert v2.audit["losses"] == {"malformed": 1}


def test_v2_agrees_with_our_own_reading(v2: Network, twarc: Path):
    paths = [path for path in sorted(twarc.glob("*.jsonl")) if path.stem != "noflat"]
    assert_agrees(v2, read([record for path in paths for record in records(path)]))
    assert len(v2.events) > 1500


def test_accounts_alone_are_a_network_without_posts(v2_apart: dict[str, Network]):
    """Their pinned posts came along, and are no posts of the collection."""
    users = v2_apart["users"]
    assert (len(users.accounts), len(users.events), len(users.edges)) == (0, 0, 0)
    assert users.posts.in_collection.tolist() == [False] * 52
    assert users.audit["totals"]["without_posts"] == 1


def test_twarc_network_s_edges_by_its_own_rules(v2: Network, twarc: Path):
    """It names accounts by handle and keeps self-loops, as is done here; its mentions follow other rules.

    Reposts and quotes are the same, pair for pair. Replies are, but for directed posts (rule 5), which
    it does not take for replies.
    """
    ours_ids = {"x:" + key for key in read(records(twarc / "network_500.jsonl")).collection}
    ours = v2.events[v2.events.post_key.isin(ours_ids)]
    directed = set(v2.posts.post_key[v2.posts.kind.str.startswith("reply") & v2.posts.reply_to_post_key.isna()])
    assert len(directed & ours_ids) == 40 - 35
    handles = {
        "x:" + profile["id"]: profile["username"].lower()
        for page in records(twarc / "network_500.jsonl")
        for profile in page["includes"]["users"]
    }
    for relation in ("retweet", "quote", "reply"):
        with (twarc / f"network_500.twarc-network.{relation}.csv").open() as stream:
            lines = [line.rstrip("\r\n").split(",", 2) for line in stream]
        theirs = {(s.lower(), t.lower()): json.loads(w.replace("'", '"'))[relation] for s, t, w in lines}
        found: dict[tuple[str, str], int] = defaultdict(int)
        is_known_to_it = ~ours.post_key.isin(directed if relation == "reply" else set())
        chosen = ours[(ours.relation == relation) & is_known_to_it]
        for event in chosen.itertuples():
            found[handles.get(event.source_key, "?"), handles.get(event.target_key, "?")] += 1
        assert dict(found) == theirs, relation


# v1.1


@pytest.fixture(scope="module")
def v11_paths(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "twitter-v11").glob("*.jsonl"))


@pytest.fixture(scope="module")
def v11(v11_paths: list[Path]) -> Network:
    return netmed.build(*v11_paths, relations=RELATIONS)


def test_v11_counts_are_as_expected(v11: Network, v11_paths: list[Path]):
    expected = json.loads((v11_paths[0].parent / "EXPECTED.json").read_text())
    assert set(expected) == {path.name for path in v11_paths if path.stem != FOREIGN}
    for path in v11_paths:
        if path.stem == FOREIGN:
            continue
        counts = expected[path.name]
        ids = {"x:" + key for key in read(records(path)).collection}
        posts = v11.posts[v11.posts.in_collection & v11.posts.post_key.isin(ids)]
        authors = posts.author_key
        if path.stem.startswith("gwu"):  # de-identified upstream: one handle with six ids; counted by handle there
            authors = authors.map(v11.accounts.set_index("account_key").handle)
        assert {
            "posts": len(posts),
            "authors": authors.nunique(),
            "retweets": posts.retweeted_post_key.count(),
            "replies": int((posts.reply_to_post_key.notna() | posts.kind.str.startswith("reply")).sum()),
            "quotes": posts.quoted_post_key.count(),
        } == {
            **{key: counts.get(key, 0) for key in ("posts", "authors", "retweets", "replies")},
            "quotes": counts.get("quotes", 0) + counts.get("quote_id_only", 0),
        }, path.name


def test_v11_files_lose_nothing_but_what_is_none(v11: Network):
    """25 posts are there twice, in v1.1 and as Activity Streams: each counts once, whichever of the two it is."""
    twice = [entry for entry in v11.audit["files"] if Path(entry["file"]).stem.startswith("twitter_inc")]
    assert [entry["readers"] for entry in twice] == [["x-activity-streams"], ["x-v1.1"]]
    assert [entry["kept"] + entry["duplicates"] for entry in twice] == [25, 25]
    assert sum(entry["kept"] for entry in twice) == 25
    for entry in v11.audit["files"]:
        name = Path(entry["file"]).stem
        if entry in twice:
            continue
        if name.startswith("gwu"):
            assert (entry["kept"], entry["malformed"]) == (6, 1)
            assert [one["line"] for one in entry["rejected"]] == [7]
        else:
            assert entry["kept"] == entry["lines"], name
    assert v11.audit["losses"] == {"malformed": 1}


def test_v11_agrees_with_our_own_reading(v11: Network, v11_paths: list[Path]):
    assert_agrees(v11, read([record for path in v11_paths if path.stem != FOREIGN for record in records(path)]))
    assert len(v11.events) > 2000


# both in one file


def test_a_file_of_both_loses_nothing(shared_data: Path, tmp_path: Path):
    """Lines of a v1.1 file, a flattened v2 file, pages and a stream with its broken line, one after another."""
    twarc = shared_data / "twitter-v2-twarc"
    sources = [
        shared_data / "twitter-v11" / "sferik_premium_extended.jsonl",
        twarc / "flat.jsonl",
        twarc / "network_500.jsonl",
        twarc / "streaming_output_with_error.jsonl",
    ]
    lines = [path.read_bytes().rstrip(b"\n").split(b"\n") for path in sources]
    most = max(map(len, lines))
    mixed = [some[place] for place in range(most) for some in lines if place < len(some)]
    (tmp_path / "mixed.jsonl").write_bytes(b"\n".join(mixed))
    network = netmed.build(tmp_path / "mixed.jsonl", relations=RELATIONS)
    (entry,) = network.audit["files"]
    assert (entry["lines"], entry["kept"], entry["malformed"]) == (362 + 100 + 5 + 8, 362 + 100 + 500 + 7, 1)
    assert (entry["duplicates"], entry["unrecognised"]) == (0, 0)
    assert [one["line"] for one in entry["rejected"]] == [1 + mixed.index(lines[3][7])]
    assert_agrees(network, read([record for path in sources for record in records(path)]))
