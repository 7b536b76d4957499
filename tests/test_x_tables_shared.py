"""Real tables of X posts: counts worked out independently, our own reading of the rows, and the JSON they came from."""

import json
from collections import Counter
from pathlib import Path

import pytest
from lines import Json
from reference import Reading, read
from shapes import flatten, read_lines
from table_rows import cells, from_rtweet, from_tags

import netmed
from netmed import Network
from netmed.schema import RELATIONS

COLUMNS = ["post_key", "source_key", "target_key", "relation"]
Events = set[tuple[str, str, str, str]]


def events(network: Network) -> Events:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def assert_agrees(network: Network, reading: Reading) -> None:
    assert events(network) == reading.events
    assert network.audit["events"]["unresolved_by_relation"] == dict(reading.unresolved)
    collected = network.posts[network.posts.in_collection]
    assert set(collected.post_key) == {"x:" + key for key in reading.collection}


def counted(network: Network, relation: str, *, self_too: bool = True) -> Counter[tuple[str, str]]:
    found = network.events[network.events.relation == relation]
    pairs = Counter(zip(found.source_key, found.target_key, strict=True))
    return pairs if self_too else Counter({pair: n for pair, n in pairs.items() if pair[0] != pair[1]})


# twarc-csv


def flat_posts(path: Path) -> list[Json]:
    """Posts of a file of pages or of flattened posts, each with all that is known beside it."""
    return [post for line in read_lines(path) for post in (flatten(line) if "data" in line else [line])]


def ids_in_rows(posts: list[Json]) -> dict[str, str]:
    """Handles whose ids the rows of a twarc-csv tell: of authors, and of posts replied to, quoted or reposted."""
    known = {}
    for post in posts:
        for said in (post, *post.get("referenced_tweets", [])):
            if (said.get("author") or {}).get("username"):
                known[said["author"]["username"].lower()] = said["author"]["id"]
        replied = next((one for one in post.get("referenced_tweets", []) if one["type"] == "replied_to"), None)
        if replied is None and post.get("in_reply_to_user"):  # a directed post begins with the account's handle
            known[post["in_reply_to_user"]["username"].lower()] = post["in_reply_to_user_id"]
    return known


@pytest.mark.parametrize("name", ["flat", "noflat", "network_500"])
def test_twarc_csv_has_the_events_of_its_json_but_for_ids_of_mentioned_accounts(shared_data: Path, name: str):
    folder = shared_data / "twitter-v2-twarc"
    lines = netmed.build(folder / f"{name}.jsonl", relations=RELATIONS)
    table = netmed.build(folder / f"{name}.twarc-csv.csv", relations=RELATIONS)
    posts = flat_posts(folder / f"{name}.jsonl")
    known = ids_in_rows(posts)
    handles = {
        "x:" + one["id"]: one["username"].lower()
        for post in posts
        for said in (post, *post.get("referenced_tweets", []))
        for one in (said.get("entities") or {}).get("mentions", [])
        if "id" in one
    }

    def as_in_table(event: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
        post, source, target, relation = event
        is_mention = relation.startswith(("mention", "retweet_manual"))
        handle = handles.get(target) or target.removeprefix("x:@")
        return (post, source, f"x:@{handle}" if is_mention and handle not in known else target, relation)

    assert events(table) == {as_in_table(event) for event in events(lines)}
    unlike = events(table) ^ events(lines)
    assert {relation for *_, relation in unlike} <= {"mention", "mention_auto", "retweet_manual"}
    assert Counter(table.events.relation) == Counter(lines.events.relation)
    assert set(table.posts.post_key) == set(lines.posts.post_key)
    collected = [one.posts[one.posts.in_collection].set_index("post_key").sort_index() for one in (table, lines)]
    for column in ("author_key", "created_at", "kind", "lang", "conversation_id"):
        assert collected[0][column].tolist() == collected[1][column].tolist(), column
    (entry,) = table.audit["files"]
    expected = json.loads((folder / "EXPECTED.json").read_text())[name]
    assert (entry["readers"], entry["kept"]) == (["x-twarc-csv"], expected["posts"])
    assert table.audit["losses"] == {}
    authors = table.accounts[table.accounts.account_key.isin(collected[0].author_key)].set_index("account_key")
    wanted = lines.accounts.set_index("account_key").loc[authors.index]
    assert len(authors) == expected["authors"]
    for column in ("handle", "followers", "following", "posts_total", "verified", "protected", "created_at"):
        assert authors[column].tolist() == wanted[column].tolist(), column
    # The tool leaves out carriage returns. Words were masked place by place: only their lengths can be compared.
    lengths = [[len(text.replace("\r", "")) for text in one.description.fillna("")] for one in (authors, wanted)]
    assert lengths[0] == lengths[1]


# TAGS


def test_tags(shared_data: Path):
    path = shared_data / "tags-export" / "tags_sample.csv"
    network = netmed.build(path, relations=RELATIONS)
    expected = json.loads((path.parent / "EXPECTED.json").read_text())
    records = [from_tags(row) for row in cells(path)]
    assert_agrees(network, read(records))
    kinds = Counter(network.posts.kind)
    assert (len(network.posts), kinds["retweet"], kinds["reply"]) == (
        expected["rows"],
        expected["rt"],
        expected["replies"],
    )
    # Rule 3: of the mentions, those of reposts are the repost or the original author's own.
    listed = [(record, place) for record in records for place, _ in enumerate(record["entities"]["user_mentions"])]
    assert len(listed) == expected["mentions"]
    in_reposts = [place for record, place in listed if "retweeted_status" in record]
    assert (in_reposts.count(0), len(in_reposts)) == (8, 15)
    assert counted(network, "mention").total() == expected["mentions"] - len(in_reposts)
    assert counted(network, "retweet").total() == 8


# rtweet


def test_rlweek2017_agrees_with_our_own_reading(shared_data: Path):
    path = shared_data / "rlweek2017" / "rlweek2017.csv"
    network = netmed.build(path, relations=RELATIONS)
    assert_agrees(network, read(map(from_rtweet, cells(path))))
    expected = json.loads((path.parent / "EXPECTED.json").read_text())
    kinds, totals = Counter(network.posts.kind), network.audit["totals"]
    assert (totals["lines"], totals["duplicates"], totals["kept"]) == (
        expected["rows"],
        expected["duplicate_rows"],
        expected["unique_posts"],
    )
    assert network.posts.author_key.nunique() == expected["authors"]
    assert len(network.accounts) == 70 == expected["accounts_mention_reply"]
    assert kinds["retweet"] == expected["retweets"]
    # EXPECTED counts six quotes by column; two of them are reposts of quotes (rule 4).
    assert (kinds["quote"], expected["quotes"]) == (4, 6)
    assert counted(network, "reply").total() == expected["reply_edges"]
    assert len(counted(network, "reply")) == expected["reply_pairs"]
    assert len(counted(network, "retweet", self_too=False)) == expected["retweet_pairs"]


@pytest.fixture(scope="module")
def tidytuesday(shared_data: Path) -> tuple[Path, Network]:
    path = shared_data / "tidytuesday-rtweet" / "tt_tweets_write_as_csv.csv"
    return path, netmed.build(path, relations=RELATIONS)


def test_tidytuesday_agrees_with_our_own_reading(tidytuesday: tuple[Path, Network]):
    path, network = tidytuesday
    assert_agrees(network, read(map(from_rtweet, cells(path))))
    assert network.audit["losses"] == {}
    assert len(network.events) > 3000


def test_tidytuesday_counts_are_as_expected(tidytuesday: tuple[Path, Network]):
    path, network = tidytuesday
    expected = json.loads((path.parent / "EXPECTED.json").read_text())
    collected = network.posts[network.posts.in_collection]
    assert len(collected) == expected["unique_posts"] == expected["rows"]
    assert collected.author_key.nunique() == expected["authors"]
    replies, quotes = counted(network, "reply"), counted(network, "quote")
    assert replies.total() == expected["reply_edges"]
    self_replies = sum(n for (source, target), n in replies.items() if source == target)
    assert self_replies == expected["reply_self"]
    assert len(replies) == expected["reply_pairs"], "self replies are pairs there"
    assert quotes.total() == expected["quotes"]
    assert len(quotes) == expected["quote_pairs"]


def test_tidytuesday_s_mentions_are_ours_and_what_the_rules_leave_out(tidytuesday: tuple[Path, Network]):
    """EXPECTED has an edge for each listed handle; rule 1 leaves one event to a post and target, to zero remainder."""
    path, network = tidytuesday
    expected = json.loads((path.parent / "EXPECTED.json").read_text())
    listed, left_out = Counter(), Counter()
    for row in cells(path):
        source, seen = row["user_id"], set()
        for target in row.get("mentions_user_id", "").split():
            if target in seen:
                left_out["named twice"] += 1
            elif target == row.get("reply_to_user_id"):
                left_out["the account replied to"] += 1
            elif target == row.get("quoted_user_id"):
                left_out["the account quoted"] += 1
            else:
                listed["x:" + source.removeprefix("x"), "x:" + target.removeprefix("x")] += 1
            seen.add(target)
    ours = sum((counted(network, name) for name in ("mention", "mention_auto", "retweet_manual")), Counter())
    assert ours == listed
    assert listed.total() + left_out.total() == expected["mention_edges"]
