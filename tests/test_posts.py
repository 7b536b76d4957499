"""Rules 7 and 11 to 13: one row per post, its time, its ids, its kind. Values by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lines import Case, Json, Mention, Person, Post, flat, page, render, user, v2, v11, write

import netmed
from netmed import Network
from netmed.schema import RELATIONS

ANN, BOB, CAT = Person("1", "ann"), Person("2", "bob"), Person("3", "cat")
TO_ANN = (Mention(3, 7, "ann", "1"),)
SNOWFLAKE = "1212092628029698048"
"""A made id; (id >> 22) + 1288834974657 ms is 31 December 2019, 19:26:16.771 UTC."""


def row(network: Network, post_id: str) -> dict[str, Any]:
    (found,) = network.posts[network.posts.post_key == "x:" + post_id].to_dict("records")
    return found


def events(network: Network, post_id: str) -> set[tuple[str, str, str]]:
    mine = network.events[network.events.post_key == "x:" + post_id]
    return set(mine[["source_key", "target_key", "relation"]].itertuples(index=False, name=None))


def built(path: Path, records: list[Json], **options: Any) -> Network:
    return netmed.build(write(path, records), **{"relations": RELATIONS, **options})


# rule 11: time; one build for all forms


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Network:
    forms = {
        "101": "2020-01-01T10:20:30.000Z",
        "102": "2020-01-01T10:20:30Z",
        "103": "2020-01-01T10:20:00Z",
        "104": "2020-01-01T12:20:30+02:00",
        "105": "2020-01-01T10:20:30",
        "106": "2020-01-01 10:20:30+00:00",
        "107": None,
        "108": "yesterday",
        SNOWFLAKE: None,
        "29700859246": None,
        "29700859247": None,
        "99999999999999999999": None,
    }
    records: list[Json] = flat([Post(key, ANN, "hi", at) for key, at in forms.items()], retrieved=None)
    legacy = {
        "201": "Wed Jan 01 10:20:30 +0000 2020",
        "202": "Wed Jan 01 12:20:30 +0200 2020",
        "203": "Tue Dec 31 23:59:59 +0000 2019",
        "204": "Sat Feb 29 00:00:00 +0000 2020",
        "205": "Mon Foo 01 00:00:00 +0000 2020",
        "206": None,
        "207": "2020-01-01T10:20:30.000Z",
        str(int(SNOWFLAKE) + 1): None,
    }
    for number, month in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    ):
        legacy[f"{300 + number}"] = f"Sun {month} 05 01:02:03 +0000 2014"
    records += [v11(Post(key, ANN, "hi"), extended=True) | {"created_at": at} for key, at in legacy.items()]
    return built(tmp_path_factory.mktemp("time") / "times.jsonl", records)


def moment(network: Network, post_id: str) -> str | None:
    at = row(network, post_id)["created_at"]
    return None if pd.isna(at) else at.isoformat()


def test_rule_11_every_format_of_v2(timed: Network):
    """twarc-network crashes on the third."""
    for post_id in ("101", "102", "104", "105", "106"):
        assert moment(timed, post_id) == "2020-01-01T10:20:30+00:00", post_id
        assert row(timed, post_id)["created_from"] == "platform"
    assert moment(timed, "103") == "2020-01-01T10:20:00+00:00"


def test_rule_11_the_format_of_v11(timed: Network):
    assert moment(timed, "201") == moment(timed, "202") == moment(timed, "207") == "2020-01-01T10:20:30+00:00"
    assert moment(timed, "203") == "2019-12-31T23:59:59+00:00"
    assert moment(timed, "204") == "2020-02-29T00:00:00+00:00"
    assert [moment(timed, f"{300 + month}") for month in range(1, 13)] == [
        f"2014-{month:02}-05T01:02:03+00:00" for month in range(1, 13)
    ]


def test_rule_11_from_the_snowflake_where_missing(timed: Network):
    assert moment(timed, SNOWFLAKE) == moment(timed, str(int(SNOWFLAKE) + 1)) == "2019-12-31T19:26:16.771000+00:00"
    assert row(timed, SNOWFLAKE)["created_from"] == "snowflake"
    assert moment(timed, "29700859247") == "2010-11-04T01:43:01.738000+00:00"
    assert timed.audit["posts"]["time_from_id"] == 3


def test_rule_11_no_time_for_ids_that_hold_none(timed: Network):
    for post_id in ("107", "108", "205", "206", "29700859246", "99999999999999999999"):
        assert moment(timed, post_id) is None, post_id
        assert pd.isna(row(timed, post_id)["created_from"])
    assert timed.audit["posts"]["without_time"] == 6


# rule 7: duplicates and edits; rules 11 to 13; one build for each shape


def collection(extra: Any = None) -> list[Json]:
    """Pages whose posts come twice and in several versions; ids of a case begin with its hundred."""
    early, late = "2022-01-01T00:00:00+00:00", "2022-02-01T00:00:00+00:00"
    bob_hi = Post("100", BOB, "hi @ann", mentions=TO_ANN, people=(ANN,), likes=5)
    edited = ("200", "201", "202")
    first = Post("200", BOB, "hi @ann", mentions=TO_ANN, people=(ANN,), versions=edited[:1], likes=9)
    second = Post(
        "201", BOB, "hi @cat", mentions=(Mention(3, 7, "cat", "3"),), people=(CAT,), versions=edited[:2], likes=1
    )
    third = replace(second, id="202", text="hi all", mentions=(), versions=edited, likes=2)
    gone_v = Post("303", None, "", is_gone=True)
    return [
        page([replace(bob_hi, likes=7)], retrieved=late),
        page([bob_hi], retrieved=early),
        page([replace(bob_hi, likes=6)], retrieved="2022-01-15T00:00:00+00:00"),
        page([third], retrieved=early),
        page([first], retrieved=late),
        page([second], retrieved=early),
        # posts that refer to the third and to the second version; one to an edited post of another chain
        page([Post("210", CAT, "see", quotes=replace(third, is_gone=True))], retrieved=early),
        page([Post("211", CAT, "RT @bob: hi", reposts=replace(second, is_gone=True))], retrieved=early),
        page([Post("212", CAT, "hm", reply_to=replace(second, is_gone=True))], retrieved=early),
        # a version that only came along says that 300 and 303 are one post; the delivered one stays delivered
        page([Post("300", ANN, "one", versions=("300",))], retrieved=early),
        page([Post("310", CAT, "see", quotes=Post("303", ANN, "two", versions=("300", "303")))], retrieved=late),
        page([Post("311", CAT, "see", quotes=gone_v)], retrieved=late),
    ]


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return built(tmp_path_factory.mktemp("repeated") / "pages.jsonl", collection())


def test_rule_7_a_post_delivered_again_counts_once(repeated: Network):
    assert events(repeated, "100") == {("x:2", "x:1", "mention")}
    edge = repeated.edges.query("source_key == 'x:2' and target_key == 'x:1'").iloc[0]
    assert (edge["weight"], edge["n_mention"]) == (1, 1)


def test_rule_7_the_newest_counts_are_kept(repeated: Network):
    assert row(repeated, "100")["likes"] == 7


def test_rule_7_versions_of_an_edited_post_are_one_post_with_the_newest_words(repeated: Network):
    assert {"x:201", "x:202", "x:303"}.isdisjoint(repeated.posts.post_key)
    assert events(repeated, "200") == set(), "the newest version mentions nobody"
    assert row(repeated, "200")["likes"] == 2


def test_rule_7_references_to_a_later_version_are_to_the_post(repeated: Network):
    assert row(repeated, "210")["quoted_post_key"] == "x:200"
    assert row(repeated, "211")["retweeted_post_key"] == "x:200"
    assert row(repeated, "212")["reply_to_post_key"] == "x:200"
    for post_id, relation in (("210", "quote"), ("211", "retweet"), ("212", "reply")):
        assert events(repeated, post_id) == {("x:3", "x:2", relation)}


def test_rule_7_a_version_that_came_along_leaves_the_delivered_post_delivered(repeated: Network):
    assert row(repeated, "300")["in_collection"] is True
    assert events(repeated, "310") == events(repeated, "311") == {("x:3", "x:1", "quote")}


def test_rule_7_both_are_counted(repeated: Network):
    totals = repeated.audit["totals"]
    assert (totals["records"], totals["kept"], totals["duplicates"], totals["edits"]) == (12, 8, 2, 2)


def test_bug_one_reply_delivered_twice_weighs_1(tmp_path: Path):
    """twarc-network gives 4: the automatic mention counts, and the duplicate doubles it."""
    origin = Post("10", ANN, "hi", is_delivered=False)
    reply = Post(
        "11", BOB, "@ann thanks", reply_to=origin, to=ANN, mentions=(Mention(0, 4, "ann", "1"),), people=(ANN,)
    )
    records = [page([reply]), page([reply]), v11(reply, extended=True), v11(reply, extended=False)]
    network = built(tmp_path / "twice.jsonl", records)
    assert network.edges[["source_key", "target_key", "weight"]].values.tolist() == [["x:2", "x:1", 1.0]]
    assert events(network, "11") == {("x:2", "x:1", "reply")}
    assert network.audit["totals"]["duplicates"] == 3
    assert network.audit["totals"]["lines"] == 4


# what one delivery lacks, another has: nothing known is lost


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Each post comes twice: whole, and later (higher counts) with fields that were not asked for."""
    whole = Post("400", BOB, "hi @ann", mentions=TO_ANN, people=(ANN,), tags=("MedEd",), likes=5)
    bare = {"id": "400", "text": "hi @ann", "public_metrics": {"like_count": 9, "retweet_count": 0}}
    long = Post("401", BOB, "word " * 40 + "@ann", mentions=(Mention(200, 204, "ann", "1"),), likes=5)
    cut = v11(replace(long, likes=9), extended=False)
    del cut["extended_tweet"]
    quoting = Post("402", CAT, "see", quotes=replace(long, id="403"))
    cut_again = {**cut, "id": 403, "id_str": "403"}
    return built(
        tmp_path_factory.mktemp("uneven") / "uneven.jsonl",
        [
            page([whole], retrieved="2022-01-01T00:00:00+00:00"),
            {"data": [bare], "__twarc": {"retrieved_at": "2022-02-01T00:00:00+00:00"}},
            v11(long, extended=True),
            cut,
            cut_again,
            v11(quoting, extended=True),
        ],
    )


def test_rule_7_only_counts_come_from_the_newest_delivery(uneven: Network):
    """A later record without author and entities does not take them from the post."""
    assert row(uneven, "400")["likes"] == 9
    assert row(uneven, "400")["author_key"] == "x:2"
    assert list(row(uneven, "400")["hashtags"]) == ["meded"]
    assert events(uneven, "400") == {("x:2", "x:1", "mention")}


def test_rule_7_a_cut_text_does_not_take_the_place_of_the_whole(uneven: Network):
    assert events(uneven, "401") == {("x:2", "x:1", "mention")}
    assert row(uneven, "401")["likes"] == 9


def test_rule_3_a_post_that_came_along_lends_its_full_text(uneven: Network):
    """Delivered cut off, brought along whole: the text is known, and so is the mention."""
    assert row(uneven, "403")["in_collection"] is True
    assert events(uneven, "403") == {("x:2", "x:1", "mention")}


# rule 13, kinds, hashtags, links; v2 and v1.1


Kinds = tuple[Network, Case]
TWO_SHAPES = ("page", "extended")


@pytest.fixture(scope="module")
def all_kinds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, dict[str, Case]]:
    cases, records = {}, []
    for number, shape in enumerate(TWO_SHAPES, start=71):
        case = cases[shape] = Case(number)
        case.post("post", "ann", "hi", tags=("MedEd", "FOAMed", "meded"), lang="de", id=f"9000000000000000{number}")
        case.post("reply", "bob", "@ann hi", reply_to="post")
        case.post("directed", "bob", "@ann hi", to="ann")
        case.post("quote", "bob", "see", quotes="post")
        case.post("both", "bob", "@ann see", reply_to="post", quotes="post")
        case.post("repost", "bob", "RT @ann: hi", reposts="post")
        case.post("cut", "cat", "RT @ann: hi", reposts="post", tags=("only",))
        case.post("repost_of_quote", "cat", "RT @bob: see", reposts="quote")
        dois = ("https://doi.org/10.1000/ABC.1?x=1", "https://a.example/", "http://dx.doi.org/10.1000/abc.1")
        case.post("links", "cat", "x", urls=dois)
        records += render(case.delivered, shape)
    return built(tmp_path_factory.mktemp("kinds") / "posts.jsonl", records), cases


@pytest.fixture(params=TWO_SHAPES)
def kinds(request: pytest.FixtureRequest, all_kinds: tuple[Network, dict[str, Case]]) -> Kinds:
    return all_kinds[0], all_kinds[1][request.param]


def of(kinds: Kinds, name: str) -> dict[str, Any]:
    network, case = kinds
    return row(network, case.posts[name].id)


def test_kind(kinds: Kinds):
    assert {name: of(kinds, name)["kind"] for name in kinds[1].posts} == {
        "post": "post",
        "reply": "reply",
        "directed": "reply",
        "quote": "quote",
        "both": "reply+quote",
        "repost": "retweet",
        "cut": "retweet",
        "repost_of_quote": "retweet",
        "links": "post",
    }


def test_rule_13_original_is_all_but_reposts(all_kinds: tuple[Network, dict[str, Case]]):
    """Nine posts in each of two shapes."""
    posts = all_kinds[0].audit["posts"]
    assert (posts["kept"], posts["original"]) == (18, 12)
    assert posts["kinds"] == {"post": 4, "reply": 4, "quote": 2, "reply+quote": 2, "retweet": 6}


def test_counts_of_the_account(kinds: Kinds):
    network, case = kinds
    accounts = network.accounts.set_index("account_key")
    names = ["n_posts", "n_original", "n_reply", "n_retweet", "n_quote", "n_self_reply"]
    counts = {name: accounts.loc[f"x:{person.id}", names].tolist() for name, person in case.people.items()}
    assert counts == {"ann": [1, 1, 0, 0, 0, 0], "bob": [5, 4, 3, 1, 2, 0], "cat": [3, 1, 0, 2, 0, 0]}
    assert {bool(accounts.loc[f"x:{person.id}", "is_author"]) for person in case.people.values()} == {True}


def test_hashtags_are_lower_case_and_a_repost_has_those_of_the_original(kinds: Kinds):
    for name in ("post", "repost", "cut"):
        assert list(of(kinds, name)["hashtags"]) == ["foamed", "meded"]
    assert list(of(kinds, "quote")["hashtags"]) == []


def test_references_and_links(kinds: Kinds):
    original = "x:" + kinds[1].posts["post"].id
    assert of(kinds, "reply")["reply_to_post_key"] == of(kinds, "both")["quoted_post_key"] == original
    assert of(kinds, "repost")["retweeted_post_key"] == original
    assert list(of(kinds, "links")["dois"]) == ["10.1000/abc.1"]
    assert of(kinds, "links")["urls_n"] == 3
    assert of(kinds, "post")["lang"] == "de"
    assert pd.isna(of(kinds, "post")["text"]), "text is not kept unless asked for"


# rule 12 and the odd forms of v1.1 and v2, one build


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Network:
    numbers = v11(
        Post("1212092628029698049", Person("1212092628029698051", "big"), "hi @ann", mentions=TO_ANN), extended=True
    )
    without_text_ids = _without(numbers, "_str")
    minus = v11(Post("601", BOB, "hi @dora", mentions=(Mention(3, 8, "dora", "-1"),)), extended=True)
    minus |= {"in_reply_to_user_id": -1, "in_reply_to_user_id_str": "-1", "in_reply_to_status_id": -1}
    cut = v11(Post("602", BOB, "word " * 40 + "@ann", mentions=(Mention(200, 204, "ann", "1"),)), extended=False)
    del cut["extended_tweet"]
    note = v2(Post("603", BOB, "hi @ann …", mentions=TO_ANN))
    spans = [
        {"start": 3, "end": 7, "username": "ann", "id": "1"},
        {"start": 9, "end": 13, "username": "cat", "id": "3"},
    ]
    note["note_tweet"] = {"text": "hi @ann, @cat", "entities": {"mentions": spans, "hashtags": [{"tag": "Deep"}]}}
    quoted = v2(Post("604", BOB, "look …", quotes=Post("605", None, "", is_gone=True), urls=("https://a.example",)))
    link = {"expanded_url": "https://twitter.com/cat/status/605"}
    quoted["note_tweet"] = {"text": "look, long", "entities": {"urls": [link]}}
    ruined = v2(Post("606", BOB, "hi")) | {"id": "1.21209262802969E+18"}
    ruined_author = v2(Post("607", BOB, "hi @ann", mentions=TO_ANN)) | {"author_id": "1.21209262802969E+18"}
    empty_author = v2(Post("608", BOB, "hi @ann", mentions=TO_ANN)) | {"author_id": ""}
    hidden = v2(Post("609", BOB, "@ann @cat hi", reply_to=Post("1", None, "", is_gone=True), to=ANN))
    hidden["entities"] = {"mentions": [{"start": 0, "end": 4, "username": "ann", "id": "1"}]}
    hidden["entities"]["mentions"].append({"start": 5, "end": 9, "username": "cat", "id": "3"})
    hidden["display_text_range"] = [5, 12]
    permalink = v11(Post("610", BOB, "look", quotes=Post("611", None, "", is_gone=True)), extended=True)
    permalink["quoted_status_permalink"] = {"expanded": "https://twitter.com/cat/status/611"}
    people = {"data": [user(CAT), user(ANN)]}
    posts = [note, quoted, ruined, ruined_author, empty_author, hidden]
    return built(
        tmp_path_factory.mktemp("odd") / "odd.jsonl",
        [without_text_ids, minus, cut, {"data": posts}, permalink, people],
        keep_text=True,
    )


def _without(value: Any, ending: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, ending) for key, inner in value.items() if not key.endswith(ending)}
    return [_without(inner, ending) for inner in value] if isinstance(value, list) else value


def test_rule_12_ids_keep_every_digit(odd: Network):
    """Both are above 2**53; as floats they would end in other digits."""
    assert events(odd, "1212092628029698049") == {("x:1212092628029698051", "x:1", "mention")}


def test_rule_12_ruined_ids_make_no_account(odd: Network):
    assert not [key for key in odd.accounts.account_key if "E+" in key or key == "x:"]
    assert not [key for key in odd.posts.author_key.dropna() if "E+" in key or key == "x:"]
    assert odd.audit["totals"]["unrecognised"] >= 1


def test_v11_ids_of_minus_one_are_none(odd: Network):
    assert row(odd, "601")["kind"] == "post"
    assert events(odd, "601") == {("x:2", "x:@dora", "mention")}


def test_v11_cut_off_text_is_counted(odd: Network):
    assert events(odd, "602") == set()
    assert odd.audit["posts"]["truncated"] == 1


def test_long_text_has_its_own_mentions(odd: Network):
    assert events(odd, "603") == {("x:2", "x:1", "mention"), ("x:2", "x:3", "mention")}
    assert row(odd, "603")["text"] == "hi @ann, @cat"
    assert list(row(odd, "603")["hashtags"]) == ["deep"]


def test_rule_8_the_link_of_a_quote_in_a_long_text(odd: Network):
    assert events(odd, "604") == {("x:2", "x:3", "quote")}


def test_rule_2_display_text_range_in_v2(odd: Network):
    assert events(odd, "609") == {("x:2", "x:1", "reply"), ("x:2", "x:3", "mention")}


def test_rule_8_the_permalink_of_a_quote(odd: Network):
    assert events(odd, "610") == {("x:2", "x:3", "quote")}
