"""The invented collection: its volume, its shape, and that its truth is what the data say."""

import gzip
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from reference import read
from shapes import flatten, read_lines, write_flat

from netmed import simulate
from netmed.errors import InputError
from netmed.simulate.chance import Chance
from netmed.simulate.ids import moment_of
from netmed.simulate.naming import LONGEST_BIO, LONGEST_HANDLE
from netmed.simulate.people import population
from netmed.simulate.said import settle
from netmed.simulate.talk import Talk
from netmed.simulate.vocabulary import lexicon
from netmed.simulate.volume import year_start

Json = dict[str, Any]
POSTS = 6000
PINNED = "0ab4c7a400a3c69b05796b237418f9cd3e1ad671e53b134d6a1090d6de5bc52f"


@dataclass
class Made:
    """A collection read back: its pages, its delivered records in order, and its truth by record."""

    path: Path
    summary: simulate.Summary
    pages: list[Json]
    truth: dict[str, list[Json]]

    @property
    def delivered(self) -> Iterator[tuple[Json, str]]:
        """Delivered posts with the time of retrieval, in the order of the file."""
        for page in self.pages:
            for post in page["data"]:
                yield post, page["__twarc"]["retrieved_at"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("simulate")
    path, truth = folder / "meded.jsonl", folder / "truth.jsonl"
    summary = simulate.collection(POSTS, path, seed=3, truth=truth)
    records: dict[str, list[Json]] = defaultdict(list)
    for line in read_lines(truth):
        records[line.pop("record")].append(line)
    return Made(path, summary, list(read_lines(path)), records)


# volume


def test_the_study_itself():
    counts = simulate.yearly(4_397_691)
    assert sum(counts.values()) == 4_397_691
    assert (counts[2021], counts[2022]) == (692_095, 1_178_647)
    assert list(counts) == list(range(2012, 2023))
    volumes = list(counts.values())
    assert volumes == sorted(set(volumes)), "the curve rises every year"


@pytest.mark.parametrize("posts", [1, 2, 3, 10, 11, 99, 1000, 43_977, 400_000, 9_999_999])
def test_yearly_counts_sum_and_stay_within_one_of_their_share(posts: int):
    counts = simulate.yearly(posts)
    assert sum(counts.values()) == posts
    assert all(abs(count - posts * simulate.STUDY[year] / 4_397_691) < 1 for year, count in counts.items())


def test_largest_remainders_by_hand():
    # shares of 10: .093 .202 .330 .464 .607 .755 .912 1.080 1.303 1.574 2.680; six after the whole parts
    assert list(simulate.yearly(10).values()) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3]


def test_originals_by_year_are_in_the_data(made: Made):
    versions = {post["id"]: post.get("edit_history_tweet_ids", [post["id"]])[0] for post, _ in made.delivered}
    years = Counter()
    for post, _ in {post["id"]: (post, at) for post, at in made.delivered}.values():
        if versions[post["id"]] == post["id"] and not is_repost(post):
            years[int(post["created_at"][:4])] += 1
    assert dict(years) == simulate.yearly(POSTS) == made.summary.by_year


# the same again


def test_same_seed_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        simulate.collection(300, tmp_path / name, seed=5, truth=tmp_path / f"{name}.truth")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one.truth").read_bytes() == (tmp_path / "two.truth").read_bytes()


def test_truth_changes_no_byte_of_the_collection(tmp_path: Path):
    with_truth, without = io.BytesIO(), io.BytesIO()
    simulate.collection(200, with_truth, truth=tmp_path / "truth.jsonl")
    simulate.collection(200, without)
    assert with_truth.getvalue() == without.getvalue()


def test_another_seed_is_another_world(tmp_path: Path):
    handles = [{account.handles[0][1] for account in population(2000, seed=seed)} for seed in (1, 2)]
    assert len(handles[0] & handles[1]) < len(handles[0]) * 0.2
    one, two = io.BytesIO(), io.BytesIO()
    simulate.collection(50, one, seed=1)
    simulate.collection(50, two, seed=2)
    assert one.getvalue() != two.getvalue()


def test_the_same_bytes_on_every_platform():
    """Pinned: this changes only when the generator is changed, and then the changelog says so."""
    lines = io.BytesIO()
    simulate.collection(400, lines, seed=4)
    assert hashlib.sha256(lines.getvalue()).hexdigest() == PINNED


def test_compressed_by_name(tmp_path: Path):
    plain = io.BytesIO()
    simulate.collection(120, plain)
    for name in ("a.jsonl.gz", "b.jsonl.gz", "a.jsonl.zst"):
        simulate.collection(120, tmp_path / name)
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == plain.getvalue()
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes(), "no time, no name inside"
    unpacked = zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "a.jsonl.zst").read_bytes())
    assert unpacked == plain.getvalue()


def test_a_broken_run_leaves_the_old_file(tmp_path: Path):
    target = tmp_path / "meded.jsonl"
    target.write_text("old")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate.collection(2000, target, truth=tmp_path / "truth.jsonl", progress=interrupt)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["meded.jsonl"]


def test_a_folder_is_no_target(tmp_path: Path):
    with pytest.raises(InputError, match="is a folder"):
        simulate.collection(1, tmp_path)


def test_progress_ends_at_all_posts():
    seen: list[int] = []
    simulate.collection(700, io.BytesIO(), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 700


@pytest.mark.parametrize("posts", [0, -1])
def test_no_posts_is_no_collection(posts: int):
    with pytest.raises(ValueError, match="at least 1"):
        simulate.collection(posts, io.BytesIO())


@pytest.mark.parametrize("posts", [1, 2, 3, 5, 10, 30])
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_tiny(posts: int, seed: int, tmp_path: Path):
    target = tmp_path / "tiny.jsonl"
    summary = simulate.collection(posts, target, seed=seed, truth=tmp_path / "truth.jsonl")
    assert summary.originals == posts
    assert_sums(summary)
    delivered = [post for page in read_lines(target) for post in page["data"]]
    assert len(delivered) == summary.delivered
    keys = {"x:" + post.get("edit_history_tweet_ids", [post["id"]])[0] for post in delivered}
    assert len(keys) == summary.posts


# the shape


def test_fields_are_those_of_the_api(made: Made):
    always = {
        "source",
        "possibly_sensitive",
        "conversation_id",
        "lang",
        "id",
        "author_id",
        "reply_settings",
        "created_at",
        "text",
        "public_metrics",
    }
    sometimes = {
        "referenced_tweets",
        "in_reply_to_user_id",
        "entities",
        "context_annotations",
        "edit_history_tweet_ids",
        "attachments",
    }
    seen: Counter[str] = Counter()
    for page in made.pages:
        assert set(page) - {"errors"} == {"data", "includes", "meta", "__twarc"}
        assert 1 <= len(page["data"]) <= 100
        assert page["meta"]["result_count"] == len(page["data"])
        assert page["meta"]["newest_id"] == max((post["id"] for post in page["data"]), key=int)
        for post in page["data"] + page["includes"].get("tweets", []):
            seen.update(list(post))
            assert always <= set(post) <= always | sometimes
            assert isinstance(post["id"], str)
            counts = {"retweet_count", "reply_count", "like_count", "quote_count"}
            assert set(post["public_metrics"]) - {"impression_count"} == counts
            assert ("impression_count" in post["public_metrics"]) == (post["created_at"] >= "2022")
        for user in page["includes"]["users"]:
            needed = {"id", "username", "name", "description", "created_at", "public_metrics", "verified", "protected"}
            assert needed <= set(user)
    assert all(0 < seen[name] < seen["id"] for name in sometimes)


def test_size_is_that_of_real_pages(made: Made):
    assert 2200 < made.path.stat().st_size / made.summary.delivered < 2900
    lines = [orjson.dumps(post) for page in made.pages for post in flatten(page)]
    assert 3500 < sum(map(len, lines)) / len(lines) < 4200
    written = [len(post["text"]) for post, _ in made.delivered if not is_repost(post)]
    assert 140 < sum(written) / len(written) < 160


def test_what_a_profile_says_of_its_bio_and_link(made: Made):
    users = {user["id"]: user for page in made.pages for user in page["includes"]["users"]}
    handles = {handle["handle"] for account in made.truth["account"] for handle in account["handles"]}
    seen: Counter[str] = Counter()
    for user in users.values():
        bio, entities = user["description"], user.get("entities", {})
        assert len(bio) <= LONGEST_BIO
        assert set(entities) <= {"url", "description"}
        described = entities.get("description", {})
        tags, mentions = described.get("hashtags", []), described.get("mentions", [])
        assert [bio[tag["start"] : tag["end"]] for tag in tags] == ["#" + tag["tag"] for tag in tags]
        assert [bio[one["start"] : one["end"]] for one in mentions] == ["@" + one["username"] for one in mentions]
        assert (bio.count("#"), len(re.findall(r"@\w", bio))) == (len(tags), len(mentions))
        links = described.get("urls", [])
        assert [bio[link["start"] : link["end"]] for link in links] == re.findall(r"https://t\.co/\w+", bio)
        assert all(link["url"] == bio[link["start"] : link["end"]] for link in links)
        seen["link in the bio"] += len(links)
        assert ("url" in entities) == (user["url"] != "")
        for link in entities.get("url", {}).get("urls", []):
            assert user["url"] == link["url"]
            assert (link["start"], link["end"]) == (0, len(link["url"])) == (0, 23)
        if "pinned_tweet_id" in user:
            assert moment_of(user["pinned_tweet_id"]) >= datetime.fromisoformat(user["created_at"]).timestamp() * 1000
        seen.update({"entities": bool(entities), "pinned": "pinned_tweet_id" in user, "link": bool(user["url"])})
        seen["of an account in the data"] += any(one["username"] in handles for one in mentions)
    shares = {name: count / len(users) for name, count in seen.items()}
    assert 0.45 < shares["entities"] < 0.85
    assert 0.4 < shares["pinned"] < 0.6
    assert 0.3 < shares["link"] < 0.5
    assert 0.04 < shares["link in the bio"] < 0.16
    assert seen["of an account in the data"] > 20


def test_pictures_are_attached_shown_and_linked(made: Made):
    attached = 0
    for page in made.pages:
        media = {one["media_key"]: one for one in page["includes"].get("media", [])}
        keys = [key for post in page["data"] for key in post.get("attachments", {}).get("media_keys", [])]
        assert set(keys) == set(media)
        assert all(one["type"] == "photo" and one["width"] and one["height"] for one in media.values())
        for post in page["data"]:
            links = [url["expanded_url"] for url in post["entities"].get("urls", [])] if "entities" in post else []
            own = [link for link in links if link.endswith(f"/status/{post['id']}/photo/1")]
            assert len(own) == ("attachments" in post)
            attached += len(own)
    assert 0.05 < attached / made.summary.delivered < 0.2


def test_links_carry_what_was_read_behind_them(made: Made):
    urls = [url for post, _ in made.delivered for url in post.get("entities", {}).get("urls", [])]
    assert all({"start", "end", "url", "expanded_url", "display_url"} <= set(url) for url in urls)
    read = [url for url in urls if "title" in url]
    assert 0.1 < len(read) / len(urls) < 0.4
    assert all(url["status"] == 200 and url["description"] and url["unwound_url"] for url in read)
    assert 0.5 < sum("images" in url for url in read) / len(read) < 0.9


def test_entities_are_where_they_say_in_code_points(made: Made):
    beyond = 0
    for page in made.pages:
        for post in page["data"] + page["includes"].get("tweets", []):
            text = post["text"]
            entities = post.get("entities", {})
            for mention in entities.get("mentions", []):
                assert text[mention["start"] : mention["end"]] == "@" + mention["username"]
                beyond += any(ord(letter) > 0xFFFF for letter in text[: mention["start"]])
            for hashtag in entities.get("hashtags", []):
                assert text[hashtag["start"] : hashtag["end"]] == "#" + hashtag["tag"]
            for url in entities.get("urls", []):
                assert text[url["start"] : url["end"]] == url["url"]
            written = text.count("#") == len(entities.get("hashtags", [])) or is_repost(post)
            assert written, "every hashtag has its entity"
    assert beyond > 20, "an emoji before a mention tells code points from UTF-16 units"


def test_ids_hold_the_time(made: Made):
    for page in made.pages:
        retrieved = datetime.fromisoformat(page["__twarc"]["retrieved_at"]).timestamp()
        for post in page["data"] + page["includes"].get("tweets", []):
            created = datetime.fromisoformat(post["created_at"]).timestamp()
            assert moment_of(post["id"]) // 1000 == created < retrieved
    retrieved_at = [page["__twarc"]["retrieved_at"] for page in made.pages]
    assert retrieved_at == sorted(retrieved_at)


def test_pages_are_not_in_the_order_of_time(made: Made):
    ids = [int(post["id"]) for post, _ in made.delivered]
    assert ids != sorted(ids)
    assert ids != sorted(ids, reverse=True)


def test_references_come_along_or_are_reported(made: Made):
    lost = set()
    for page in made.pages:
        along = {post["id"] for post in page["includes"].get("tweets", [])}
        errors = {error["resource_id"] for error in page.get("errors", [])}
        people = {user["id"] for user in page["includes"]["users"]}
        for post in page["data"]:
            assert post["author_id"] in people
            for reference in post.get("referenced_tweets", []):
                assert (reference["id"] in along) != (reference["id"] in errors)
                if reference["id"] in errors:
                    lost.add(post["id"])
            named = [mention["id"] for mention in post.get("entities", {}).get("mentions", [])]
            assert set(named) <= people | errors
    everything = {post["id"] for page in made.pages for post in page["data"] + page["includes"].get("tweets", [])}
    missing = {reference["id"] for post, _ in made.delivered for reference in post.get("referenced_tweets", [])}
    assert len(lost) == made.summary.lost == len(missing - everything)
    assert {"reply", "quote", "retweet"} == {kind_of(post) for post, _ in made.delivered if post["id"] in lost}


def test_every_delivered_post_says_meded(made: Made):
    for post, _ in made.delivered:
        assert "#meded" in post["text"].lower() or is_repost(post)
    tagged = {p["id"]: "#meded" in p["text"].lower() for page in made.pages for p in page["includes"].get("tweets", [])}
    reposted = {ref["id"] for post, _ in made.delivered if is_repost(post) for ref in post["referenced_tweets"]}
    assert all(tagged[one] for one in reposted & set(tagged))


def test_length_limits(made: Made):
    texts = {post["id"]: post["text"] for page in made.pages for post in page["includes"].get("tweets", [])}
    cut = 0
    for post, _ in made.delivered:
        if is_repost(post):
            assert len(post["text"]) <= 140
            reposted = texts.get(post["referenced_tweets"][0]["id"])
            if reposted is not None:
                whole = post["text"].partition(": ")[0] + ": " + reposted
                assert post["text"] == (whole if len(whole) <= 140 else whole[:139] + "…")
                cut += len(whole) > 140
            continue
        auto = re.match(r"(@\w+ )*", post["text"])
        assert auto is not None
        own = post["text"][auto.end() :]
        if post["created_at"] < "2017-11-07":
            assert len(own) <= 140
        else:
            assert weighted(own) <= 280
    assert cut > 500


def weighted(text: str) -> int:
    """Count characters as X's published ranges do: those outside of them are two."""
    single = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
    return sum(1 if any(first <= ord(letter) <= last for first, last in single) else 2 for letter in text)


# duplicates, edits, renames


def test_duplicates_come_later_with_higher_counts(made: Made):
    deliveries = defaultdict(list)
    for number, page in enumerate(made.pages):
        for post in page["data"]:
            deliveries[post["id"]].append((number, post))
    twice = {key: seen for key, seen in deliveries.items() if len(seen) > 1}
    assert len(twice) == made.summary.duplicates > 20
    for (first_page, first), (second_page, second) in twice.values():
        assert second_page > first_page
        assert second["public_metrics"]["like_count"] > first["public_metrics"]["like_count"]
        assert all(second["public_metrics"][name] >= count for name, count in first["public_metrics"].items())
        assert {**first, "public_metrics": 0} == {**second, "public_metrics": 0}


def test_edited_posts_have_two_versions(made: Made):
    versions = defaultdict(set)
    for post, _ in made.delivered:
        versions[post.get("edit_history_tweet_ids", [post["id"]])[0]].add(post["id"])
    edited = {first: ids for first, ids in versions.items() if len(ids) > 1}
    assert len(edited) == made.summary.superseded > 5
    assert all(first in ids and len(ids) == 2 and first == min(ids, key=int) for first, ids in edited.items())


def test_posts_are_edited_however_dense_they_are():
    """At any size about a tenth of the plain posts since October 2022, never past the year's end."""
    talk = Talk(population(300, seed=1), Chance(1, "dense"))
    december = year_start(2023) - 3 * 3_600_000
    said = [
        one for place in range(2000) for one in talk.slot(december + place * 5000, december + place * 5000 + 5000, 2022)
    ]
    edited = [one for one in said if len(one.deliveries) > 1]
    plain = [one for one in said if one.kind == "post"]
    assert 0.06 < len(edited) / len(plain) < 0.14
    for one in edited:
        first, second = (delivery.post for delivery in one.deliveries)
        assert 60_000 <= second.at - first.at < 26 * 60_000
        assert second.at < year_start(2023)
        assert one.key == "x:" + first.id


def test_renamed_accounts_show_the_handle_of_the_day(made: Made):
    owner: dict[str, str] = {}
    for account in made.truth["account"]:
        for handle in account["handles"]:
            assert owner.setdefault(handle["handle"].lower(), account["account_key"]) == account["account_key"]
            assert re.fullmatch(r"\w+", handle["handle"], re.ASCII)
            assert len(handle["handle"]) <= LONGEST_HANDLE
    history = {account["account_key"]: account["handles"] for account in made.truth["account"]}

    def handle_at(key: str, moment: str) -> str:
        return [one["handle"] for one in history[key] if one["since"][:19] <= moment[:19]][-1]

    seen = defaultdict(set)
    for page in made.pages:
        for user in page["includes"]["users"]:
            if "x:" + user["id"] in history:
                assert user["username"] == handle_at("x:" + user["id"], page["__twarc"]["retrieved_at"])
                seen[user["id"]].add(user["username"])
        for post in page["data"]:
            if not is_repost(post):
                for mention in post.get("entities", {}).get("mentions", []):
                    if "x:" + mention["id"] in history:  # the first version of an edited post may name others
                        assert mention["username"] == handle_at("x:" + mention["id"], post["created_at"])
    assert sum(len(handles) > 1 for handles in seen.values()) > 5
    assert made.summary.renamed == sum(len(handles) > 1 for handles in history.values())


# the truth


def test_summary_sums(made: Made):
    assert_sums(made.summary)
    counts = made.truth["counts"][0]
    for field in fields(made.summary):
        value = getattr(made.summary, field.name)
        assert counts[field.name] == ({str(k): v for k, v in value.items()} if field.name == "by_year" else value)
    assert made.summary.pages == len(made.pages)
    assert made.summary.delivered == sum(len(page["data"]) for page in made.pages)
    assert made.summary.events == len(made.truth["event"])
    assert made.summary.unresolved == len(made.truth["unresolved"]) > 0
    assert made.summary.by_relation == Counter(event["relation"] for event in made.truth["event"])
    assert len(made.truth["account"]) == made.summary.accounts
    authors = {"x:" + post["author_id"] for post, _ in made.delivered}
    assert authors == {account["account_key"] for account in made.truth["account"] if account["is_author"]}
    assert len(authors) == made.summary.authors
    assert sum(account["n_posts"] for account in made.truth["account"]) == made.summary.posts


def test_every_kind_of_event_and_post_is_there(made: Made):
    assert set(made.summary.by_relation) == {"reply", "mention", "mention_auto", "retweet", "retweet_manual", "quote"}
    assert set(made.summary.by_kind) == {"post", "reply", "quote", "reply+quote", "retweet"}
    own = Counter(event["relation"] for event in made.truth["event"] if event["source_key"] == event["target_key"])
    assert sum(own.values()) == made.summary.self_events
    assert {"reply", "quote", "retweet", "mention"} <= set(own)


def test_one_relation_per_post_and_target_but_for_reply_and_quote(made: Made):
    relations = defaultdict(list)
    for event in made.truth["event"]:
        relations[event["post_key"], event["target_key"]].append(event["relation"])
    several = [sorted(kinds) for kinds in relations.values() if len(kinds) > 1]
    assert several
    assert all(kinds == ["quote", "reply"] for kinds in several)


@pytest.mark.parametrize(
    ("intents", "kept"),
    [
        (["mention_auto", "mention"], ["mention"]),
        (["mention", "retweet_manual"], ["retweet_manual"]),
        (["reply", "mention", "mention_auto"], ["reply"]),
        (["mention", "quote", "reply"], ["reply", "quote"]),
    ],
)
def test_precedence(intents: list[str], kept: list[str]):
    someone = population(1, seed=1)[0]
    assert settle([(someone, relation) for relation in intents]) == [(someone, relation) for relation in kept]


def test_the_data_say_what_the_truth_says(made: Made):
    """The rules of what an edge is, read from the pages in plain Python, find the generator's events."""
    reading = read(made.pages)
    assert reading.events == {tuple(event.values()) for event in made.truth["event"]}
    assert reading.unresolved == Counter(event["relation"] for event in made.truth["unresolved"])
    assert len(reading.collection) == made.summary.posts


# the planted structure


def test_audience_and_activity_are_heavy_tailed(made: Made):
    addressed = Counter(event["target_key"] for event in made.truth["event"])
    posted = Counter({account["account_key"]: account["n_posts"] for account in made.truth["account"]})
    for counts, least in ((addressed, 0.15), (posted, 0.08)):
        top = max(1, made.summary.accounts // 100)
        assert sum(count for _, count in counts.most_common(top)) > least * counts.total()
    # half of the accounts hold less than a fifth: nothing like an even spread
    quiet = sorted(posted.values())[: made.summary.accounts // 2]
    assert sum(quiet) < 0.2 * posted.total()


def test_educators_have_larger_audiences(made: Made):
    addressed = Counter(event["target_key"] for event in made.truth["event"])
    by_kind = defaultdict(list)
    for account in made.truth["account"]:
        if account["role"] in ("physician", "trainee"):
            kind = "educator" if account["is_educator"] else account["role"]
            by_kind[kind].append(addressed[account["account_key"]])
    mean = {kind: sum(counts) / len(counts) for kind, counts in by_kind.items()}
    assert mean["educator"] > 2 * mean["physician"] > 2 * mean["trainee"]


def test_planted_mixing(made: Made):
    community = {account["account_key"]: account["community"] for account in made.truth["account"]}
    outside = [
        community[event["source_key"]] != community[event["target_key"]]
        for event in made.truth["event"]
        if event["relation"] != "mention_auto" and event["source_key"] != event["target_key"]
    ]
    assert sum(outside) / len(outside) == pytest.approx(simulate.MIXING, abs=0.02)


def test_roles_and_communities_are_all_there(made: Made):
    accounts = made.truth["account"]
    roles = Counter(account["role"] for account in accounts)
    assert roles.most_common(2)[0][0] == "physician"
    assert {"trainee", "organisation", "journal", "industry", "patient/advocate", "media", "other"} <= set(roles)
    assert {account["level"] for account in accounts if account["role"] == "trainee"} == {
        "student",
        "resident",
        "fellow",
    }
    assert {account["community"] for account in accounts} == {one.name for one in lexicon().specialties}
    assert all(not account["specialty"] for account in accounts if account["role"] in ("industry", "media"))


# flattened twin (tests/shapes.py)


def test_flatten_is_what_twarc_flatten_makes(shared_data: Path):
    """A real page and its twin made by twarc; name and bio of mentions differ by their pseudonyms."""
    folder = shared_data / "twitter-v2-twarc"
    (page,) = read_lines(folder / "noflat.jsonl")
    assert [_plain(post) for post in flatten(page)] == [_plain(post) for post in read_lines(folder / "flat.jsonl")]


def _plain(value: Any, *, inside: str = "") -> Any:
    if isinstance(value, dict):
        masked = {"name", "description"} if inside == "mentions" else set()
        return {key: _plain(part, inside=key) for key, part in value.items() if key not in masked}
    return [_plain(part, inside=inside) for part in value] if isinstance(value, list) else value


def test_flatten_by_hand():
    ann, bo = {"id": "1", "username": "ann"}, {"id": "2", "username": "bo"}
    first = {"id": "10", "author_id": "1", "text": "Hi"}
    second = {
        "id": "11",
        "author_id": "2",
        "in_reply_to_user_id": "1",
        "entities": {"mentions": [{"start": 0, "username": "ann"}, {"start": 5, "username": "cy", "id": "3"}]},
        "referenced_tweets": [{"type": "replied_to", "id": "10"}, {"type": "quoted", "id": "9"}],
    }
    page = {"data": [second], "includes": {"users": [ann, bo], "tweets": [first]}, "__twarc": {"version": "2"}}
    before = orjson.dumps(page)
    (flat,) = flatten(page)
    assert flat["author"] == bo
    assert flat["in_reply_to_user"] == ann
    assert flat["entities"]["mentions"] == [
        {"start": 0, "username": "ann", "id": "1"},
        {"start": 5, "username": "cy", "id": "3"},
    ]
    assert flat["referenced_tweets"] == [{"type": "replied_to", **first, "author": ann}, {"type": "quoted", "id": "9"}]
    assert flat["__twarc"] == {"version": "2"}
    assert orjson.dumps(page) == before


def test_write_flat_keeps_every_delivery(made: Made, tmp_path: Path):
    assert write_flat(made.path, tmp_path / "flat.jsonl") == made.summary.delivered
    ids = [post["id"] for post in read_lines(tmp_path / "flat.jsonl")]
    assert ids == [post["id"] for post, _ in made.delivered]


def is_repost(post: Json) -> bool:
    return any(reference["type"] == "retweeted" for reference in post.get("referenced_tweets", []))


def kind_of(post: Json) -> str:
    """Name what a post with one reference does."""
    return {"replied_to": "reply", "quoted": "quote", "retweeted": "retweet"}[post["referenced_tweets"][0]["type"]]


def assert_sums(summary: simulate.Summary) -> None:
    assert summary.posts == summary.originals + summary.reposts == sum(summary.by_kind.values())
    assert summary.originals == sum(summary.by_year.values())
    assert summary.delivered == summary.posts + summary.duplicates + summary.superseded
    assert summary.events == sum(summary.by_relation.values()) >= summary.self_events
    assert summary.by_relation.get("retweet", 0) == summary.reposts
    assert summary.accounts >= summary.authors
