"""Any table or JSON lines by ``--map``: what is read, from where, and what is refused."""

import gzip
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import writers_mastodon as on_mastodon
from reference_mastodon import Page
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.building import from_posts
from netmed.errors import InputError, LossError, UnknownNameError
from netmed.read import READERS
from netmed.read.mapped import mapped_readers
from netmed.read.mapping import FIELDS, checked, mapping_of
from netmed.registry import Registry
from netmed.schema import RELATIONS

COLUMNS = ["post_key", "source_key", "target_key", "relation"]


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``build`` with a mapping: its two readers asked after all others."""

    def built(path: Path, mapping: Mapping[str, str], **options: Any) -> Network:
        readers = (*READERS.values(), *mapped_readers(mapping))
        monkeypatch.setattr(from_posts, "READERS", Registry("reader", readers, name=lambda reader: reader.name))
        return netmed.build(path, **{"relations": RELATIONS, **options})

    return built


def write_csv(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def write_lines(path: Path, *records: Any) -> Path:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def events(network: Network) -> set[tuple[str, ...]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def pairs(network: Network) -> set[str]:
    """Events as ``source>target relation``, without the platform ``any``."""
    found = network.events[COLUMNS[1:]].itertuples(index=False, name=None)
    return {f"{source.removeprefix('any:@')}>{target.removeprefix('any:@')} {word}" for source, target, word in found}


# tables


def test_a_table_with_an_author_and_a_text(build: Any, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv",
        "who,said",
        "Ann,hello @bob and a@hospital.org",
        "bob,RT @ann: hello @bob #MedEd",
        'cat,"thanks, via @Ann"',
        ",no author @ann",
        "dan,",
    )
    network = build(path, {"author": "who", "text": "said"}, keep_text=True)
    assert pairs(network) == {"ann>bob mention", "bob>ann retweet", "cat>ann retweet_manual"}
    assert sorted(network.events.resolved_by) == ["stated", "text", "text"]
    entry = network.audit["files"][0]
    assert (entry["readers"], entry["kept"], entry["unrecognised"]) == (["mapped-table"], 3, 2)
    assert set(network.accounts.account_key) == {"any:@ann", "any:@bob", "any:@cat"}
    assert set(network.posts.text) == {
        "hello @bob and a@hospital.org",
        "RT @ann: hello @bob #MedEd",
        "thanks, via @Ann",
    }


def test_a_text_that_looks_like_a_repost_is_one_unless_a_column_tells_otherwise(build: Any, tmp_path: Path) -> None:
    rows = ["bob,RT @ann: hi @cat #MedEd,,", "bob,RT @ann: hi @cat,,eve", "bob,RT @ann: hi @cat,dan,"]
    path = write_csv(tmp_path / "t.csv", "who,said,to,of", *rows)
    told = {"author": "who", "text": "said", "reply_to": "to"}
    silent = build(path, told)
    assert pairs(silent) == {"bob>ann retweet", "bob>dan reply", "bob>ann retweet_manual", "bob>cat mention"}
    assert sorted(map(list, silent.posts.hashtags)) == [[], [], ["meded"]]
    stated = build(path, told | {"retweet_of": "of"})
    assert "bob>eve retweet" in pairs(stated)
    assert "bob>ann retweet" not in pairs(stated)


def test_rows_without_ids_are_known_by_what_they_say(build: Any, tmp_path: Path) -> None:
    mapping = {"author": "who", "text": "said", "created_at": "at"}
    rows = ["ann,hi @bob,2020-01-01", "ann,hi @bob,2020-01-02", "ann,hi @bob,2020-01-01", "bob,hi @bob,2020-01-01"]
    one = build(write_csv(tmp_path / "a.csv", "who,said,at", *rows), mapping)
    two = build(
        write_csv(tmp_path / "b.csv", "at,said,who", *(",".join(r.split(",")[::-1]) for r in rows[::-1])), mapping
    )
    assert events(one) == events(two)
    assert len(one.posts) == 3
    assert one.audit["totals"]["duplicates"] == 1
    assert one.posts.post_key.str.fullmatch("any:row-[0-9a-f]{16}").all()


@pytest.mark.parametrize(
    "cell",
    [
        '["bob", "Cat_1"]',
        "['bob', 'Cat_1']",
        "bob Cat_1",
        "@bob,@Cat_1",
        "bob; Cat_1",
        "bob|Cat_1",
        'c("bob", "Cat_1")',
    ],
)
def test_lists_of_mentions_however_they_are_written(build: Any, tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    path = write_csv(tmp_path / "t.csv", "who,to,said", f'ann,"{quoted}",hey @bob not @dan')
    network = build(path, {"author": "who", "mentions": "to", "text": "said"})
    assert pairs(network) == {"ann>bob mention", "ann>cat_1 mention"}, "the list is believed, not the text"
    assert set(network.events.resolved_by) == {"mention"}


def test_an_empty_list_of_mentions_means_none(build: Any, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,to,said", "ann,,hey @bob", "ann,[],hey @cat", "ann,NA,hey @dan")
    assert pairs(build(path, {"author": "who", "mentions": "to", "text": "said"})) == set()


def test_replies_reposts_quotes_and_ids(build: Any, tmp_path: Path) -> None:
    mapping = {
        **{"author": "who", "author_id": "who_id", "id": "id", "text": "said", "created_at": "at"},
        **{"reply_to": "to", "reply_to_id": "to_id", "reply_to_post_id": "to_post"},
        **{"retweet_of": "of", "quote_of_post_id": "quoted", "mentions": "m", "mention_ids": "mi"},
    }
    path = write_csv(
        tmp_path / "t.csv",
        "who,who_id,id,said,at,to,to_id,to_post,of,quoted,m,mi",
        "ann,A1,1,hello,1577836800,,,,,,,",
        "bob,B1,2,@ann @cat yes @dan,1577836900,ann,,1,,,ann cat dan,A1 C1 D1",
        "cat,C1,3,hello,1577837000000,,,,@Ann,,,",
        "dan,D1,4,look,Wed Jan 01 01:00:00 +0000 2020,,,,,1,,",
        "ann,A1,5,more,2020-01-01T02:00:00+01:00,,A1,1,,,,",
        "eve,E1,6,@ann hi,2020-01-01,ann,,,,,ann,A1",
    )
    network = build(path, mapping)
    assert events(network) == {
        ("any:2", "any:B1", "any:A1", "reply"),
        ("any:2", "any:B1", "any:C1", "mention_auto"),
        ("any:2", "any:B1", "any:D1", "mention"),
        ("any:3", "any:C1", "any:A1", "retweet"),
        ("any:4", "any:D1", "any:A1", "quote"),
        ("any:5", "any:A1", "any:A1", "reply"),
        ("any:6", "any:E1", "any:A1", "reply"),
    }
    times = network.posts.set_index("post_key").created_at
    assert [f"{times['any:' + key]:%H:%M:%S}" for key in "12345"] == [
        *("00:00:00", "00:01:40", "00:03:20", "01:00:00", "01:00:00")
    ]


def test_profiles_find_their_accounts_with_and_without_ids(build: Any, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv",
        "who,n,said,name,bio,f,at",
        "Ann,7,hi @bob,Ann One,nurse,10,2020-01-01",
        "Ann,7,hi @cat,Ann Two,physician,12.0,2021-01-01",
    )
    told = {"author": "who", "text": "said", "name": "name", "description": "bio", "followers": "f", "created_at": "at"}
    for mapping, key in ((told, "any:@ann"), (told | {"author_id": "n"}, "any:7")):
        account = build(path, mapping).accounts.set_index("account_key").loc[key]
        assert (account["name"], account["description"], account["followers"]) == ("Ann Two", "physician", 12)
        assert account["handle"] == "Ann"


def test_counts_tags_and_links(build: Any, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv",
        "who,id,said,l,tags,links,lang",
        'ann,1,x,3.0,"[""MedEd"", ""CPR""]","https://doi.org/10.1000/a,b https://example.org/",en',
        "ann,2,x,many,#meded;cpr,\"['https://doi.org/10.1000/c', 'https://example.org/']\",de",
    )
    mapping = {"author": "who", "id": "id", "text": "said", "likes": "l", "hashtags": "tags", "urls": "links"}
    posts = build(path, mapping | {"lang": "lang"}).posts.set_index("post_key")
    assert [list(tags) for tags in posts.hashtags] == [["cpr", "meded"], ["cpr", "meded"]]
    assert [list(dois) for dois in posts.dois] == [["10.1000/a,b"], ["10.1000/c"]]
    assert posts.urls_n.tolist() == [2, 2]
    assert posts.likes.fillna(-1).tolist() == [3, -1]
    assert posts.lang.tolist() == ["en", "de"]


# platforms


def test_the_platform_decides_what_an_id_and_a_handle_is(build: Any, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "t.csv",
        "where,who,id,said",
        "Twitter,ann,123,@bob hi",
        "twitter,ann,1.23E+18,@bob hi",
        "bluesky,ann.bsky.social,at://x/1,hi @bob.bsky.social. and @cat",
        "mastodon,Ann@one.example,https://one.example/1,hi @Bob@two.example and @cat",
        ",ann,5,hi @bob",
    )
    network = build(path, {"platform": "where", "author": "who", "post_id": "id", "text": "said"})
    assert events(network) == {
        ("x:123", "x:@ann", "x:@bob", "mention"),
        ("bluesky:at://x/1", "bluesky:@ann.bsky.social", "bluesky:@bob.bsky.social", "mention"),
        ("mastodon:https://one.example/1", "mastodon:ann@one.example", "mastodon:bob@two.example", "mention"),
        ("any:5", "any:@ann", "any:@bob", "mention"),
    }
    assert network.audit["totals"]["unrecognised"] == 1


IN_FULL, IN_SHORT = "@bob@b.org @Carol@c.org thanks both @d.o-t@d.org", "@bob @Carol thanks both @d.o-t"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (IN_FULL, None),
        (IN_FULL, "bob@b.org carol@c.org d.o-t@d.org"),
        (IN_SHORT, "d.o-t@d.org Carol@c.org bob@b.org"),
    ],
)
def test_mastodon_fills_in_who_is_in_the_thread_as_x_does(
    build: Any, tmp_path: Path, text: str, listed: str | None
) -> None:
    """A reply there is one to a post, even if only the account is told; the text may show names in short."""
    rows = [f"ann@a.org,{text},bob@b.org,{listed or ''}", f"ann@a.org,{text} again,,{listed or ''}"]
    path = write_csv(tmp_path / "t.csv", "who,said,to,m", *rows)
    mapping = {"platform": ":mastodon", "author": "who", "text": "said", "reply_to": "to"}
    network = build(path, mapping | ({"mentions": "m"} if listed else {}))
    found = network.events[[*COLUMNS[2:], "resolved_by"]].itertuples(index=False, name=None)
    typed = "mention" if listed else "text"
    assert sorted(tuple(event) for event in found) == [
        ("mastodon:bob@b.org", "mention", typed),
        ("mastodon:bob@b.org", "reply", "in_reply_to"),
        ("mastodon:carol@c.org", "mention", typed),
        ("mastodon:carol@c.org", "mention_auto", "leading_run"),
        ("mastodon:d.o-t@d.org", "mention", typed),
        ("mastodon:d.o-t@d.org", "mention", typed),
    ]


def test_a_listed_mention_that_a_mastodon_text_does_not_show_was_filled_in(build: Any, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,said,to,m", "a@a.org,thanks,b@b.org,c@c.org", "a@a.org,thanks,,c@c.org")
    mapping = {"author": "who", "text": "said", "reply_to": "to", "mentions": "m"}
    network = build(path, mapping | {"platform": ":mastodon"})
    assert sorted(network.events.relation) == ["mention", "mention_auto", "reply"]
    on_x = write_csv(tmp_path / "x.csv", "who,said,to,m", "a,thanks,b,c", "a,thanks,,c")
    assert sorted(build(on_x, mapping | {"platform": ":x"}).events.relation) == ["mention", "mention", "reply"]


def test_bluesky_fills_in_nothing(build: Any, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,said,to", "ann.org,@bob.org @cat.org thanks; via @dan.org,at://x/1")
    network = build(path, {"platform": ":bluesky", "author": "who", "text": "said", "reply_to_post_id": "to"})
    assert sorted(network.events[["target_key", "relation"]].itertuples(index=False, name=None)) == [
        ("bluesky:@bob.org", "mention"),
        ("bluesky:@cat.org", "mention"),
        ("bluesky:@dan.org", "retweet_manual"),
    ]


def test_a_constant_platform_and_the_time_in_an_x_id(build: Any, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,id,said", "ann,1212092628029698048,hi @bob")
    network = build(path, {"platform": ":x", "author": "who", "id": "id", "text": "said"})
    assert events(network) == {("x:1212092628029698048", "x:@ann", "x:@bob", "mention")}
    assert network.posts.created_from.tolist() == ["snowflake"]


def test_rounded_ids_are_refused(build: Any, tmp_path: Path) -> None:
    rows = [f"ann,{1234567890123450000 + 10000 * n},hi @bob" for n in range(12)]
    with pytest.raises(InputError, match=r"12 of 12 ids in column id of .* end in zeros after the 15th digit"):
        build(write_csv(tmp_path / "t.csv", "who,id,said", *rows), {"author": "who", "id": "id", "text": "said"})


# JSON lines and Parquet


def test_json_lines_with_dotted_paths(build: Any, tmp_path: Path) -> None:
    lines = [
        {"n": 1, "u": {"h": "ann", "id": 11, "stats": {"f": 5}}, "m": [{"h": "bob", "i": 12}], "body": "hey @bob"},
        {"n": 2, "u": {"h": "bob", "id": 12}, "m": [], "body": "yes @ann"},
        {"n": 3, "u": {"h": "cat"}, "m": "garbage", "body": "hm @bob", "to": {"who": "ann"}},
        {"n": 4, "u": "garbage", "m": [{"h": "bob"}], "body": "lost"},
        {"n": 5, "u": {"h": "dan"}, "m": [{"h": None, "i": 12}, {"h": "ann"}], "body": ["a", "list"]},
    ]
    mapping = {"author": "u.h", "author_id": "u.id", "mentions": "m.h", "id": "n", "text": "body", "reply_to": "to.who"}
    network = build(write_lines(tmp_path / "t.jsonl", *lines), mapping | {"followers": "u.stats.f"})
    assert events(network) == {
        ("any:1", "any:11", "any:12", "mention"),
        ("any:3", "any:@cat", "any:11", "reply"),
        ("any:5", "any:@dan", "any:11", "mention"),
    }
    entry = network.audit["files"][0]
    assert (entry["readers"], entry["kept"], entry["unrecognised"]) == (["mapped-lines"], 4, 1)
    assert network.accounts.set_index("account_key").followers["any:11"] == 5


def test_lists_in_json(build: Any, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "t.jsonl", {"who": "ann", "e": {"to": ["bob", "cat"]}, "said": 'a "quoted" word'})
    network = build(path, {"author": "who", "mentions": "e.to", "text": "said"}, keep_text=True)
    assert pairs(network) == {"ann>bob mention", "ann>cat mention"}
    assert network.posts.text.tolist() == ['a "quoted" word']


def test_parquet_with_lists_and_times(build: Any, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    when = pa.array([1577836800], pa.timestamp("s", "UTC"))
    pq.write_table(pa.table({"who": ["ann"], "to": [["bob", "cat"]], "said": ["hi"], "at": when}), path)
    network = build(path, {"author": "who", "mentions": "to", "text": "said", "created_at": "at"})
    assert pairs(network) == {"ann>bob mention", "ann>cat mention"}
    assert str(network.posts.created_at[0]) == "2020-01-01 00:00:00+00:00"


def test_records_of_known_formats_stay_with_their_readers(build: Any, tmp_path: Path) -> None:
    known = {"id": "9", "text": "hi", "author_id": "1", "created_at": "2020-01-01T00:00:00Z"}
    path = write_lines(tmp_path / "t.jsonl", known, {"who": "ann", "said": "hi @bob"})
    network = build(path, {"author": "who", "text": "said"})
    assert network.audit["files"][0]["readers"] == ["mapped-lines", "x-v2-flat"]
    assert set(network.posts.author_key) == {"x:1", "any:@ann"}


# what is refused


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"text": "t"}, "does not say who wrote the posts"),
        ({"author": "a"}, "does not say what a post says"),
        ({"author": "file", "text": "t"}, "a column cannot be called line or file"),
        ({"author": "a", "text": "t", "id": "i", "post_id": "j"}, "the same field"),
        ({"author": "a", "text": "t", "name": "T"}, "differ only in case"),
        ({"author": "a", "text": "t", "platform": ":My Space"}, "a word in small letters"),
    ],
)
def test_mappings_that_cannot_be_used(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked(mapping)


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no field to map called 'auhtor'; did you mean author"):
        checked({"auhtor": "a", "text": "t"})


TYPOS: dict[str, tuple[str, bytes, dict[str, str], str]] = {
    "csv": (
        "t.csv",
        b"author,text\nann,hi @bo\n",
        {"author": "autor", "text": "text"},
        "--map author=autor: there is no column called 'autor'; did you mean author? (in {})",
    ),
    "csv, what is said": (
        "t.csv",
        b"author,text\nann,hi @bo\n",
        {"author": "author", "text": "txt"},
        "--map text=txt: there is no column called 'txt'; did you mean text? (in {})",
    ),
    "csv, an extra": (
        "t.csv",
        b"author,text,to\nann,hi @bo,\n",
        {"author": "author", "text": "text", "reply_to": "too"},
        "--map reply_to=too: there is no column called 'too'; did you mean to? (in {})",
    ),
    "capitals": (
        "t.csv",
        b"AUTHOR,text\nann,hi @bo\n",
        {"author": "author", "text": "text"},
        "there is no column called 'author'; did you mean AUTHOR? (in {})",
    ),
    "a table by no name, packed": (
        "t",
        gzip.compress(b"author;text\nann;hi @bo\n"),
        {"author": "wer", "text": "was"},
        "there is no column called 'wer'; known are: author, text. (in {})",
    ),
    "json": (
        "t.jsonl",
        b'{"user": {"name": "ann", "id": 1}, "text": "hi @bo"}\n',
        {"author": "user.nam", "text": "text"},
        "--map author=user.nam: there is no key called 'user.nam'; did you mean user.name or user.id or user? (in {})",
    ),
    "json, the outer key": (
        "t.jsonl",
        b'no json\n{"user": {"name": "ann"}, "text": "hi @bo"}\n',
        {"author": "usr.name", "text": "text"},
        "there is no key called 'usr.name'; did you mean user.name or user? (in {})",
    ),
    "json, in a list": (
        "t.jsonl",
        b'{"who": "ann", "to": []}\n{"who": "ann", "to": [{"name": "bo"}]}\n',
        {"author": "who", "mentions": "to.nme"},
        "there is no key called 'to.nme'; did you mean to.name or to? (in {})",
    ),
}


@pytest.mark.parametrize("kind", TYPOS)
def test_a_column_that_is_not_there_is_answered_with_the_nearest(tmp_path: Path, kind: str) -> None:
    name, content, mapping, wanted = TYPOS[kind]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        netmed.build(tmp_path / name, mapping=mapping)
    assert str(error.value).endswith(wanted.format(tmp_path / name))


def test_parquet_and_stdin_name_the_nearest_column_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"author": ["ann"], "text": ["hi @bo"]}), tmp_path / "p")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"author,text\nann,hi @bo\n")))
    for given in (tmp_path / "p", "-"):
        with pytest.raises(InputError, match="no column called 'autor'; did you mean author"):
            netmed.build(given, mapping={"author": "autor", "text": "text"})


def test_a_path_that_few_records_have_is_no_typo(tmp_path: Path) -> None:
    lines = [{"who": "ann", "said": "hi @bo"} for _ in range(300)] + [{"who": "bo", "said": "x", "to": {"h": "ann"}}]
    path = write_lines(tmp_path / "t.jsonl", *lines)
    made = netmed.build(path, mapping={"author": "who", "text": "said", "reply_to": "to.h"})
    assert pairs(made) == {"ann>bo mention", "bo>ann reply"}


def test_a_column_that_only_other_files_have_is_noted(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", "who,said", "ann,hi @bo")
    two = write_csv(tmp_path / "b.csv", "who,said,to", "bo,hi,ann")
    lines = write_lines(tmp_path / "c.jsonl", {"who": "cy", "said": "hi", "of": "ann"})
    mapping = {"author": "who", "text": "said", "reply_to": "to", "retweet_of": "of"}
    made = netmed.build(one, two, lines, mapping=mapping, relations=RELATIONS)
    assert pairs(made) == {"ann>bo mention", "bo>ann reply", "cy>ann retweet"}
    notes = {Path(entry["file"]).name: entry["notes"] for entry in made.audit["files"]}
    words = "read without mapped columns, which it lacks: "
    assert notes == {
        "a.csv": [words + "to (reply_to), of (retweet_of)"],
        "b.csv": [words + "of (retweet_of)"],
        "c.jsonl": [],
    }


def test_columns_of_a_table_that_a_reader_knows_are_there(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "id_str,from_user,text,entities_str", "1000001,ann,hi @bo,")
    made = netmed.build(path, mapping={"author": "from_user", "text": "text"})
    assert made.audit["files"][0]["readers"] == ["x-tags"]
    assert made.audit["files"][0]["notes"] == []


def test_a_mapping_that_nothing_could_follow_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "e.csv", "source,target", "a,b")
    with pytest.raises(InputError, match="--format edges-csv takes no --map"):
        netmed.build(path, format="edges-csv", mapping={"author": "source", "mentions": "target"})
    netmed.build(path, format="edges-csv", output=tmp_path / "net")
    with pytest.raises(InputError, match="a network has no columns to map"):
        netmed.build(tmp_path / "net", mapping={"author": "source", "mentions": "target"})


def test_mappings_from_words() -> None:
    assert mapping_of(["author=a", "text=b, c,lang=d"]) == {"author": "a", "text": "b, c", "lang": "d"}
    with pytest.raises(InputError, match="'author' says no column"):
        mapping_of(["author"])
    with pytest.raises(InputError, match="author twice: a and b"):
        mapping_of(["author=a,author=b"])


# the same posts


def test_simulated_posts_as_a_table_give_the_same_events(build: Any, tmp_path: Path) -> None:
    """All that can be mapped, told by ids: the same events but for versions of edited posts."""
    simulate.collection(400, tmp_path / "pages.jsonl", seed=3)
    write_flat(tmp_path / "pages.jsonl", tmp_path / "flat.jsonl")
    posts = list(read_lines(tmp_path / "flat.jsonl"))
    rows = [row(post) for post in posts]
    write_lines(tmp_path / "rows.jsonl", *rows)
    for post in posts:
        post.pop("edit_history_tweet_ids", None)
    write_lines(tmp_path / "plain.jsonl", *posts)
    mapping = {field: field for field in rows[0]} | {"platform": ":x"}
    assert set(mapping) <= set(FIELDS)
    table = write_csv(tmp_path / "rows.csv", ",".join(rows[0]), *(",".join(map(cell, one.values())) for one in rows))
    wanted = netmed.build(tmp_path / "plain.jsonl", relations=RELATIONS)
    for path in (table, tmp_path / "rows.jsonl"):
        found = build(path, mapping)
        assert events(found) == events(wanted), path.name
        assert found.audit["events"]["unresolved_by_relation"] == wanted.audit["events"]["unresolved_by_relation"]
        same = ["post_key", "author_key", "created_at", "kind", "hashtags", "dois", "likes"]
        # A repost takes hashtags and links from its original, which a table does not bring along.
        mine = wanted.posts[wanted.posts.in_collection & (wanted.posts.kind != "retweet")][same].reset_index(drop=True)
        theirs = found.posts[found.posts.kind != "retweet"][same].reset_index(drop=True)
        assert theirs.astype(str).equals(mine.astype(str)), path.name
    assert len(wanted.events) > 300


def test_simulated_posts_of_mastodon_give_the_same_events_by_either_reader(build: Any, tmp_path: Path) -> None:
    """Handles in full, texts as they are read; a mapped table and the statuses themselves agree on every event."""
    simulate.collection(300, tmp_path / "pages.jsonl", seed=5)
    write_flat(tmp_path / "pages.jsonl", tmp_path / "flat.jsonl")
    posts = list(read_lines(tmp_path / "flat.jsonl"))
    on_mastodon.write(posts, tmp_path / "statuses.jsonl")
    native = netmed.build(tmp_path / "statuses.jsonl", relations=RELATIONS)
    rows = [status_row(post) for post in posts if on_mastodon.carried(post) is not None]
    mapping = {field: field for field in rows[0]} | {"platform": ":mastodon"}
    mapped = build(write_lines(tmp_path / "rows.jsonl", *rows), mapping)
    assert events(mapped) == events(native)
    assert set(native.events.relation) == set(RELATIONS)


def status_row(post: dict[str, Any]) -> dict[str, Any]:
    """A flattened v2 post as a row about the status it would be on Mastodon."""
    references = {one["type"]: one for one in post.get("referenced_tweets", [])}
    reposted = references.get("retweeted")
    mentioned = [] if reposted else post.get("entities", {}).get("mentions", [])
    made: dict[str, Any] = {
        "post_id": on_mastodon.uri(post["id"], post["author_id"]),
        "author": on_mastodon.handle(post["author_id"]),
        "text": "" if reposted else Page(on_mastodon.Server().content(post)).text,
        "mentions": [on_mastodon.handle(mention["id"]) for mention in mentioned],
        "reply_to": on_mastodon.handle(post["in_reply_to_user_id"]) if "replied_to" in references else None,
    }
    for kind, field in (("quoted", "quote_of"), ("retweeted", "retweet_of")):
        author = references.get(kind, {}).get("author_id")
        made[field] = on_mastodon.handle(author) if author else None
    return made


def row(post: dict[str, Any]) -> dict[str, Any]:
    """A flattened v2 post as a row of whatever can be mapped."""
    references = {one["type"]: one for one in post.get("referenced_tweets", [])}
    entities = post.get("entities", {})
    mentions = entities.get("mentions", [])
    made = {
        "post_id": post["id"],
        "author_id": post["author_id"],
        "author": post["author"]["username"],
        "text": post["text"],
        "created_at": post["created_at"],
        "mentions": [mention["username"] for mention in mentions],
        "mention_ids": [mention["id"] for mention in mentions],
        "reply_to_id": post.get("in_reply_to_user_id"),
        "hashtags": [tag["tag"] for tag in entities.get("hashtags", [])],
        "urls": [url["expanded_url"] for url in entities.get("urls", [])],
        "likes": post["public_metrics"]["like_count"],
    }
    for kind, field in (("replied_to", "reply_to"), ("quoted", "quote_of"), ("retweeted", "retweet_of")):
        made[f"{field}_post_id"] = references.get(kind, {}).get("id")
        if kind != "replied_to":
            made[f"{field}_id"] = references.get(kind, {}).get("author_id")
    return made


def cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value) if isinstance(value, list) else str(value)
    return '"' + text.replace('"', '""') + '"'


# ids that programs and spreadsheets changed, mentions that are not read


def test_a_whole_id_written_as_a_float_is_that_id(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,txt,rid,uid", "111,hello,,", "222,yes,111.0,", "333,no,111.0,[222.0]")
    for platform in (":x", ":any"):
        mapping = {"author_id": "who", "text": "txt", "reply_to_id": "rid", "platform": platform}
        network = netmed.build(path, mapping=mapping)
        ends = {(s.split(":")[1], t.split(":")[1]) for s, t in network.edges[["source_key", "target_key"]].values}
        assert ends == {("222", "111"), ("333", "111")}, platform
        assert len(network.accounts) == 3


@pytest.mark.parametrize("said", ["1357357357357350000", "1.35E+18"])
def test_account_ids_that_a_spreadsheet_rounded_are_refused(tmp_path: Path, said: str) -> None:
    path = write_csv(tmp_path / "t.csv", "uid,said,ment", *[f"{said},hi {n},222" for n in range(12)])
    mapping = {"author_id": "uid", "text": "said", "mention_ids": "ment", "platform": ":x"}
    with pytest.raises(InputError, match=r"12 of 12 ids in column uid of .* spreadsheet has rounded"):
        netmed.build(path, mapping=mapping)


def test_a_few_rows_with_rounded_ids_are_left_out_and_named(tmp_path: Path) -> None:
    rows = [f"{n},hi {n},22{n % 3}" for n in range(1, 9)]
    path = write_csv(tmp_path / "t.csv", "uid,said,rid", *rows, "9,mine,1.357E+18")
    mapping = {"author_id": "uid", "text": "said", "reply_to_id": "rid", "platform": ":x"}
    network = netmed.build(path, mapping=mapping)
    assert (network.audit["totals"]["kept"], network.audit["losses"]) == (8, {"unrecognised": 1})
    assert network.audit["files"][0]["rejected"][0]["line"] == 9
    with pytest.raises(LossError):
        netmed.build(path, mapping=mapping, strict=True)


@pytest.mark.parametrize("wrong", ["entities.mentions", "people"])
def test_mentions_that_are_records_need_the_key_that_names_the_account(tmp_path: Path, wrong: str) -> None:
    record = {"user": "ann", "body": "hi @bob", "entities": {"mentions": [{"username": "bob"}]}}
    path = write_lines(tmp_path / "t.jsonl", {**record, "people": [{"username": "bob"}]})
    right = netmed.build(path, mapping={"author": "user", "text": "body", "mentions": "entities.mentions.username"})
    assert pairs(right) == {"ann>bob mention"}
    with pytest.raises(InputError, match=r"1 rows hold records there, and none names an account"):
        netmed.build(path, mapping={"author": "user", "text": "body", "mentions": wrong})


def test_handles_in_links_and_of_other_places_name_nobody_else(tmp_path: Path) -> None:
    text = "see https://www.youtube.com/@MayoClinic https://mastodon.social/@drbob and @cat. @bob.bsky.social"
    path = write_csv(tmp_path / "t.csv", "who,said", f"ann,{text}")
    found = netmed.build(path, mapping={"author": "who", "text": "said"})
    assert set(found.edges.target_key) == {"any:@cat", "any:@bob.bsky.social"}
    listed = write_csv(tmp_path / "l.csv", "who,said,ment", "ann,hi,@bob. @cat:dan")
    on_x = netmed.build(listed, mapping={"author": "who", "text": "said", "mentions": "ment", "platform": ":x"})
    assert set(on_x.edges.target_key) == {"x:@bob", "x:@cat", "x:@dan"}


def test_times_that_cannot_be_read_are_a_loss_and_none_at_all_an_error(tmp_path: Path) -> None:
    mapping = {"author": "who", "text": "said", "created_at": "date"}
    path = write_csv(tmp_path / "t.csv", "who,said,date", "ann,hi @bob,2021-03-04", "bob,hi @ann,04/03/2021", "bob,x,")
    network = netmed.build(path, mapping=mapping)
    assert network.audit["losses"] == {"times that cannot be read": 1}
    assert network.audit["files"][0]["notes"] == ["1 posts with a time that cannot be read: it is unknown now"]
    assert pairs(network) == {"ann>bob mention", "bob>ann mention"}
    worse = write_csv(tmp_path / "w.csv", "who,said,date", "ann,hi @bob,4.3.2021", "bob,hi @ann,04/03/2021")
    with pytest.raises(InputError, match=r"none of 2 times in .* can be read \(such as '04/03/2021'\)"):
        netmed.build(worse, mapping=mapping)


def test_a_handle_ends_where_its_platform_ends_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", "who,said", "ann,hi @zoë_md and @drkim教授")
    found = netmed.build(path, mapping={"author": "who", "text": "said", "platform": ":x"})
    assert set(found.edges.target_key) == {"x:@drkim"}


def test_a_table_that_no_reader_knows_is_named_once_among_other_files(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", {"id": "1", "text": "hi", "author_id": "2"})
    write_csv(tmp_path / "b.csv", "handle,role", "ann,physician", "bob,trainee")
    network = netmed.build(tmp_path)
    entry = next(entry for entry in network.audit["files"] if entry["file"].endswith("b.csv"))
    assert (entry["unrecognised"], entry["malformed"], len(entry["rejected"])) == (3, 0, 1)
    assert "a table with columns handle, role that no reader knows" in entry["rejected"][0]["why"]
