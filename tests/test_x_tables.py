"""Tables of X posts: the same posts as twarc-csv, TAGS and rtweet tables give the events of their v2 form.

What a format cannot carry is taken out of the v2 posts first; then nothing may differ.
"""

import copy
import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import ibis
import pytest
import writers_rtweet
import writers_tags
import writers_twarc_csv
from lines import Json, write
from shapes import flatten, read_lines

import netmed
from netmed import Network
from netmed.errors import InputError
from netmed.read.spreadsheets import refuse_rounded_columns
from netmed.schema import RELATIONS
from netmed.simulate import collection

COLUMNS = ["post_key", "source_key", "target_key", "relation"]
Events = set[tuple[str, str, str, str]]


def events(network: Network) -> Events:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Posts of a simulated collection, flattened, and two that it lacks: an edited post in both versions."""
    path = tmp_path_factory.mktemp("simulated") / "pages.jsonl"
    collection(800, path, seed=5)
    posts = [post for page in read_lines(path) for post in flatten(page)]
    mentioning = next(post for post in posts if "mentions" in post["entities"] and "referenced_tweets" not in post)
    versions = [str(int(mentioning["id"]) + step) for step in (1, 2)]
    edited = [mentioning | {"id": version, "edit_history_tweet_ids": versions} for version in versions]
    return [*posts, *edited]


def without_ids_of_mentioned(post: Json) -> Json:
    """As twarc-csv carries posts: mentions by handle alone. The row tells whom it reposts, with id, if it knows."""
    others = {other["type"]: other for other in post.get("referenced_tweets", [])}
    for said in (post, *others.values()):
        for one in (said.get("entities") or {}).get("mentions", []):
            is_author = said is post and one["start"] == 3 and others.get("retweeted", {}).get("author")
            for key in set(one) - {"start", "end", "username", "id" if is_author else ""}:
                del one[key]
    if not others.get("replied_to", {}).get("author"):
        post.pop("in_reply_to_user", None)
    return post


def without_versions(post: Json) -> Json:
    """As rtweet carries posts: every version of an edited post is one of its own."""
    post.pop("edit_history_tweet_ids", None)
    return post


def without_quotes(post: Json) -> Json:
    """As TAGS carries posts: no versions, nothing tells a quote, and ``RT @author:`` at the start is a repost."""
    references = [one for one in post.get("referenced_tweets", []) if one["type"] != "quoted"]
    if not references and re.match(r"RT @\w+:", post["text"]):
        references = [{"type": "retweeted", "id": "1"}]
    post["referenced_tweets"] = references
    return without_versions(post)


def without_authors_of_quoted(post: Json) -> Json:
    """As rtweet 0.5 carries posts: of a quoted post only its id is told, so the link has to name its author."""
    for other in post.get("referenced_tweets", []):
        if other["type"] == "quoted":
            for key in set(other) - {"type", "id"}:
                del other[key]
    return without_versions(post)


FORMATS: dict[str, tuple[Callable[[Iterable[Json], Path], None], Callable[[Json], Json]]] = {
    "x-twarc-csv": (writers_twarc_csv.write, without_ids_of_mentioned),
    "x-rtweet": (writers_rtweet.write, without_versions),
    "x-rtweet of old": (writers_rtweet.write_old, without_authors_of_quoted),
    "x-tags": (writers_tags.write, without_quotes),
}


@pytest.mark.parametrize("name", FORMATS)
def test_simulated_posts_give_the_events_of_their_v2_form(name: str, simulated: list[Json], tmp_path: Path):
    save, carried = FORMATS[name]
    save(simulated, tmp_path / "table.csv")
    table = netmed.build(tmp_path / "table.csv", relations=RELATIONS)
    stripped = [carried(copy.deepcopy(post)) for post in simulated]
    lines = netmed.build(write(tmp_path / "flat.jsonl", stripped), relations=RELATIONS)
    assert events(table) == events(lines)
    assert len(table.events) > 1100
    same = ["source_key", "target_key", "weight", "n_reply", "n_mention", "n_mention_auto", "n_retweet", "n_quote"]
    assert table.edges[same].values.tolist() == lines.edges[same].values.tolist()
    (entry,) = table.audit["files"]
    assert entry["readers"] == [name.removesuffix(" of old")]
    assert (entry["malformed"], entry["unrecognised"], table.audit["losses"]) == (0, 0, {})
    collected = [network.posts[network.posts.in_collection] for network in (table, lines)]
    posts, wanted = (part.set_index("post_key").sort_index() for part in collected)
    assert posts.index.tolist() == wanted.index.tolist()
    for column in ("author_key", "created_at", "kind"):
        assert posts[column].tolist() == wanted[column].tolist(), column
    own = posts.kind != "retweet"
    assert [list(tags) for tags in posts.hashtags[own]] == [list(tags) for tags in wanted.hashtags[own]]


# corner cases, by hand


def build(path: Path, rows: Iterable[Mapping[str, str]]) -> Network:
    """A network from rows written as CSV."""
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
        out.writeheader()
        out.writerows(rows)
    return netmed.build(path, relations=RELATIONS, keep_text=True)


def words(network: Network) -> set[str]:
    """Events in short: ``post source>target relation``, without the platform."""
    return {" ".join((p, f"{s}>{t}", r)).replace("x:", "") for p, s, t, r in events(network)}


def test_twarc_csv_with_whole_entities_keeps_ids_and_places(simulated: list[Json], tmp_path: Path):
    """`--no-process-entities`, and all versions before 0.7."""
    writers_twarc_csv.write(simulated, tmp_path / "table.csv", as_objects=True)
    table = netmed.build(tmp_path / "table.csv", relations=RELATIONS)
    assert events(table) == events(netmed.build(write(tmp_path / "flat.jsonl", simulated), relations=RELATIONS))


def test_twarc_csv_with_words_in_json_quotes(simulated: list[Json], tmp_path: Path):
    """`--json-encode-text`: every cell that was a word is a JSON word, ids too."""
    plain = list(writers_twarc_csv.rows(simulated))
    encoded = [{key: value if value[:1] in ("[", "") else json.dumps(value) for key, value in r.items()} for r in plain]
    for name, rows in (("plain", plain), ("encoded", encoded)):
        writers_twarc_csv.save(tmp_path / f"{name}.csv", writers_twarc_csv.COLUMNS, rows)
    networks = [netmed.build(tmp_path / f"{name}.csv", relations=RELATIONS) for name in ("plain", "encoded")]
    assert networks[0].events.equals(networks[1].events)
    assert networks[0].accounts.equals(networks[1].accounts)


def test_twarc_csv_a_table_of_accounts_is_profiles_only(simulated: list[Json], tmp_path: Path):
    users = {post["author_id"]: post["author"] for post in simulated}
    writers_twarc_csv.write_accounts(users.values(), tmp_path / "users.csv")
    network = netmed.build(tmp_path / "users.csv")
    (entry,) = network.audit["files"]
    assert entry["readers"] == ["x-twarc-csv-accounts"]
    assert (entry["kept"], entry["without_posts"], len(network.posts)) == (0, len(users), 0)
    writers_twarc_csv.write(simulated, tmp_path / "posts.csv")
    both = netmed.build(tmp_path / "posts.csv", tmp_path / "users.csv")
    assert len(both.accounts.followers.dropna()) >= len(users)


TWARC = {"id": "", "author_id": "", "author.username": "", "created_at": "2021-01-01T00:00:00.000Z", "text": ""}
TWARC |= {"public_metrics.like_count": "", "public_metrics.retweet_count": "0", "entities.mentions": ""}


def test_twarc_csv_corner_cases(tmp_path: Path):
    ann, bob = {"author_id": "1", "author.username": "Ann"}, {"author_id": "2", "author.username": "bob"}
    rows = [
        {**TWARC, **ann, "id": "11", "text": "@bob hi\\nvia @BOB", "entities.mentions": '["@bob", "@BOB"]'},
        {
            **TWARC,
            **bob,
            "id": "12",
            "text": "hi @cat",
            "entities.mentions": "{garbage",
            "public_metrics.like_count": "7.0",
        },
        {**TWARC, **bob, "id": "13", "text": "@dan hm", "entities.mentions": '["@dan"]', "in_reply_to_user_id": "4"},
        {**TWARC, **bob, "id": "14", "text": "a", "referenced_tweets.retweeted.id": "11", "retweeted_user_id": "1"},
        {**TWARC, **ann, "id": "1.4E+18", "text": "lost"},
    ]
    rows[3]["retweeted_username"] = "Ann"
    network = build(tmp_path / "table.csv", rows)
    assert words(network) == {"11 1>2 retweet_manual", "13 2>4 reply", "14 2>1 retweet"}
    posts = network.posts.set_index("post_key")
    assert posts.text["x:11"] == "@bob hi\nvia @BOB"
    assert posts.text["x:14"] == "RT @Ann: a"
    assert posts.likes["x:12"] == 7
    assert network.accounts.set_index("account_key").handle["x:4"] == "dan"
    assert network.audit["totals"]["unrecognised"] == 1


RTWEET = {"user_id": "x1", "status_id": "", "created_at": "2019-06-22 01:46:31", "screen_name": "ann", "text": ""}
RTWEET |= {"is_retweet": "FALSE", "mentions_user_id": "NA", "mentions_screen_name": "NA", "followers_count": "1e+05"}


def test_rtweet_corner_cases(tmp_path: Path):
    rows = [
        {"mentions_user_id": "x2 x3", "mentions_screen_name": "Bob cat", "text": "hi @BOB,\nand @cat"},
        {"mentions_user_id": 'c("x2", "x4")', "mentions_screen_name": 'c("bob", "dan")'},
        {"mentions_user_id": "x2", "mentions_screen_name": "eve fay", "text": "@eve a@fay.org"},
        {
            "mentions_user_id": "x2 x3",
            "mentions_screen_name": "bob cat",
            "text": "RT @bob: by @cat",
            "is_retweet": "TRUE",
        },
        {"text": "NA"},
    ]
    network = build(
        tmp_path / "table.csv", ({**RTWEET, "status_id": f"x1{n}", "text": "hi", **row} for n, row in enumerate(rows))
    )
    assert words(network) == {
        *("10 1>2 mention", "10 1>3 mention", "11 1>2 mention", "11 1>4 mention"),
        *("12 1>@eve mention", "12 1>@fay mention"),  # listed, so mentioned; where does not matter
        "13 1>2 retweet",
    }
    ann = network.accounts.set_index("account_key").loc["x:1"]
    assert (ann["followers"], ann["n_posts"]) == (100_000, 5)
    assert network.posts.created_at.astype(str).unique().tolist() == ["2019-06-22 01:46:31+00:00"]


def test_rtweet_a_table_of_accounts_is_profiles_only(tmp_path: Path):
    row = {
        "user_id": "x1",
        "screen_name": "ann",
        "followers_count": "5",
        "statuses_count": "2",
        "favourites_count": "1",
    }
    network = build(tmp_path / "users.csv", [row, {**row, "user_id": "1.2E+17"}])
    assert network.audit["totals"]["without_posts"] == 1
    assert network.audit["totals"]["unrecognised"] == 1


TAGS = {
    "id_str": "",
    "from_user": "ann",
    "text": "",
    "created_at": "Wed Jan 01 10:00:00 +0000 2020",
    "entities_str": "",
}
TAGS |= {"time": "01/01/2020 11:00:00", "from_user_id_str": "1", "user_followers_count": "NA", "status_url": "u"}


def test_tags_corner_cases(tmp_path: Path):
    entity = {"screen_name": "Bob", "id_str": "2", "indices": [3, 7]}
    rows = [
        {"text": "hi @bob, a@hospital.org #MedEd #1"},
        {"text": "hi @bob", "entities_str": "{}"},
        {"text": "hi @bob", "entities_str": "{'user_mentions': ["},
        {"text": "RT @Bob: long and cut o…", "entities_str": json.dumps({"user_mentions": [entity]})},
        {"text": "@cat yes", "to_user": "Cat", "to_user_id_str": "3"},
        {"text": "RT @Bob typed", "created_at": ""},
    ]
    named = [{**TAGS, "id_str": str(10 + n), **row} for n, row in enumerate(rows)]
    network = build(tmp_path / "sheet.csv", named)
    assert words(network) == {
        *("10 1>2 mention", "11 1>2 mention", "12 1>2 mention"),
        *("13 1>2 retweet", "14 1>3 reply", "15 1>2 retweet_manual"),
    }
    assert network.events.set_index("post_key").resolved_by["x:10"] == "text"
    posts = network.posts.set_index("post_key")
    assert list(posts.hashtags["x:10"]) == ["meded"]
    times = posts.created_at.dt.hour.to_dict()
    assert (times["x:10"], times["x:15"]) == (10, 11), "the sheet's own clock where nothing else tells"


@pytest.mark.parametrize("rounded", [3, 2, 1])
def test_rule_12_ids_in_scientific_notation(rounded: int):
    ids = ["1.23E+18", "1,5", "1.2e+17", "1263000000000000000", "1263000000000000001"]
    chosen = ids[:1] * rounded + ids[3:]
    rows = ibis.memtable({"file": ["t.csv"] * len(chosen), "id_str": chosen, "text": ["1.23E+18"] * len(chosen)})
    if rounded == 3:
        with pytest.raises(InputError, match=r"3 of 5 ids in column id_str of t.csv are like 1.23E\+18: a spreadsheet"):
            refuse_rounded_columns(rows, ["id_str"])
    else:
        refuse_rounded_columns(rows, ["id_str"])


def test_rule_12_a_table_of_nothing_but_rounded_ids_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"no posts in|a spreadsheet has rounded"):
        build(tmp_path / "sheet.csv", [{**TAGS, "id_str": "1.26E+18", "text": "hi @bob"}] * 3)
