"""Mastodon: real files against their counts and our own plain reading, corner cases by hand, and the simulated ones."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
import writers_mastodon as writer
from reference_mastodon import Page, read
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.read import READERS
from netmed.schema import RELATIONS

Json = dict[str, Any]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]


def events(network: Network) -> set[tuple[str, str, str, str]]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def collected(network: Network) -> Any:
    return network.posts[network.posts.in_collection]


# real files

LISTS = (
    *("account_statuses_default", "account_statuses_limit", "account_statuses_limit_1", "account_statuses_limit_2"),
    *("context_default", "context_with_ancesters", "status_default", "timeline_hashtag_anonymous"),
    *("timeline_hashtag_default", "timeline_home_default", "timeline_public_anonymous", "timeline_public_default"),
)
NAMES = (
    *(f"rtoot_get_{name}.json" for name in LISTS),
    "rtoot_handle_params_max_id.json",
    "rtoot_stream_mastodonsocial.jsonl",
    "rtoot_stream_malformed.jsonl",
    "mastodonpy_test_server_statuses.json",
)


def statuses(path: Path) -> list[Json]:
    """Every status that a file delivers, whatever it is packed in."""
    if path.suffix == ".jsonl":
        lines = path.read_bytes().split(b"\n")
        return [orjson.loads(line) for line in lines if line.endswith(b"}")]
    whole = orjson.loads(path.read_bytes())
    if isinstance(whole, dict):
        return [*whole["ancestors"], *whole["descendants"]] if "ancestors" in whole else [whole]
    return list(whole)


@pytest.fixture(scope="module")
def built(shared_data: Path) -> dict[str, Network]:
    return {name: netmed.build(shared_data / "mastodon" / name, relations=RELATIONS) for name in NAMES}


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, Json]:
    return json.loads((shared_data / "mastodon" / "EXPECTED.json").read_text())


def test_counts_are_as_expected(built: dict[str, Network], expected: dict[str, Json], shared_data: Path):
    """EXPECTED.json counts records: ``n`` all, ``uniq`` by uri, ``replies`` by account replied to.

    Ours differ where the rules say so: direct messages are left out, a status delivered twice counts once,
    and a reply whose account the server no longer knows is a reply all the same.
    """
    assert set(expected) == set(NAMES)
    for name, counts in expected.items():
        found = statuses(shared_data / "mastodon" / name)
        totals, posts = built[name].audit["totals"], collected(built[name])
        direct = [one for one in found if one["visibility"] == "direct"]
        assert totals["kept"] + totals["duplicates"] + totals["without_posts"] == counts["n"], name
        assert totals["without_posts"] == len(direct) == (4 if "test_server" in name else 0), name
        assert len(posts) == counts["uniq"] - len(direct), name
        assert sum(len(one["mentions"]) for one in found) == counts["mentions"], name
        accounts = {(one["account"]["acct"], one["uri"]) for one in found}
        assert len({acct for acct, _ in accounts}) == counts["accts"], name
        lost = {uri for acct, uri in accounts if sum(uri == other for _, other in accounts) > 1}
        assert bool(lost) == ("stream" in name), name
        if not lost:
            assert posts.author_key.nunique() == counts["accts"], name
        assert (posts.kind == "retweet").sum() == counts["reblogs"], name
        assert posts.kind.str.endswith("quote").sum() == counts["quotes"], name
    replies = {name: int(collected(network).kind.str.startswith("reply").sum()) for name, network in built.items()}
    differing = {name: (replies[name], counts["replies"]) for name, counts in expected.items()}
    assert {name: pair for name, pair in differing.items() if pair[0] != pair[1]} == {
        "mastodonpy_test_server_statuses.json": (2, 3),  # one is a direct message
        "rtoot_handle_params_max_id.json": (36, 34),  # two without an account
        "rtoot_stream_malformed.jsonl": (7, 8),  # one came twice
    }


@pytest.mark.parametrize("name", NAMES)
def test_real_files_agree_with_our_own_reading(name: str, built: dict[str, Network], shared_data: Path):
    network, reading = built[name], read(statuses(shared_data / "mastodon" / name))
    assert events(network) == reading.events
    assert network.audit["events"]["unresolved_by_relation"] == dict(reading.unresolved)
    assert set(collected(network).post_key) == {"mastodon:" + uri for uri in reading.collection}
    assert network.audit["totals"]["without_posts"] == reading.direct


def test_only_the_broken_line_is_lost(built: dict[str, Network]):
    for name, network in built.items():
        (entry,) = network.audit["files"]
        is_broken = name == "rtoot_stream_malformed.jsonl"
        assert (entry["readers"], entry["malformed"], entry["unrecognised"]) == (["mastodon"], is_broken, 0), name
        assert [one["line"] for one in entry["rejected"]] == ([50] if is_broken else [])


def test_real_texts_are_as_python_reads_the_html(shared_data: Path):
    for name in ("rtoot_get_context_default.json", "rtoot_handle_params_max_id.json"):
        path = shared_data / "mastodon" / name
        posts = collected(netmed.build(path, keep_text=True)).set_index("post_key").text
        wanted = {"mastodon:" + one["uri"]: Page(one["content"]).text for one in statuses(path)}
        differing = [key for key, text in wanted.items() if posts[key] != text]
        assert len(wanted) > 100
        assert differing == []


# corner cases


def who(name: str, host: str = "home.example", *, number: str | None = None, asked: str = "home.example") -> Json:
    acct = name if host == asked else f"{name}@{host}"
    number = number or str(sum(map(ord, name.lower() + host)))
    return {"id": number, "username": name, "acct": acct, "url": f"https://{host}/@{name}"}


def link(person: Json) -> str:
    anchor = f'<a href="{person["url"]}" class="u-url mention">@<span>{person["username"]}</span></a>'
    return f'<span class="h-card">{anchor}</span>'


def status(number: int, author: Json, content: str = "<p>hello</p>", **facts: Any) -> Json:
    host = author["url"].split("/")[2]
    made: Json = {
        "id": str(number),
        "uri": f"https://{host}/users/{author['username']}/statuses/{number}",
        "url": f"{author['url']}/{number}",
        "created_at": "2024-05-01T10:00:00.000Z",
        "visibility": "public",
        "language": "en",
        "content": content,
        "account": {**author, "statuses_count": 5},
        "mentions": [],
        "tags": [],
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "reblog": None,
        "quote": None,
    }
    return made | facts


ANN, BOB, CAT = who("Ann"), who("bob", "Far.example"), who("cat", "third.example")
BOB_TOO = who("Bob")
TO_BOB = {"in_reply_to_id": "90", "in_reply_to_account_id": BOB["id"]}


def build(tmp_path: Path, records: Iterable[Any], **options: Any) -> Network:
    path = tmp_path / "statuses.jsonl"
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return netmed.build(path, relations=RELATIONS, **options)


def words(network: Network) -> list[str]:
    """``number source>target relation``, of accounts the name only."""
    short = [
        (key.rsplit("/", 1)[1], source.removeprefix("mastodon:"), target.removeprefix("mastodon:"), relation)
        for key, source, target, relation in events(network)
    ]
    return sorted(f"{number} {source}>{target} {relation}" for number, source, target, relation in short)


def test_one_person_seen_from_two_servers_is_one_account(tmp_path: Path):
    """The same post by bob, once at his server, once from afar; mentioned in short and in full, in other letters."""
    at_home = [
        status(1, who("bob", "Far.example", asked="Far.example")),
        status(
            2, who("dan", "far.example", asked="far.example"), f"<p>{link(BOB)}</p>", mentions=[BOB | {"acct": "BOB"}]
        ),
    ]
    from_afar = [status(1, BOB, id="777"), status(3, ANN, f"<p>hi {link(BOB)}</p>", mentions=[BOB])]
    network = build(tmp_path, at_home + from_afar)
    assert words(network) == [
        "2 dan@far.example>bob@far.example mention",
        "3 ann@home.example>bob@far.example mention",
    ]
    assert network.audit["totals"]["duplicates"] == 1
    accounts = network.accounts.set_index("account_key")
    assert sorted(accounts.index) == [
        f"mastodon:{key}" for key in ("ann@home.example", "bob@far.example", "dan@far.example")
    ]
    assert accounts.loc["mastodon:ann@home.example", "handle"] == "Ann@home.example"
    assert accounts.loc["mastodon:ann@home.example", "account_id"] == "ann@home.example"


def split(name: str, handle_host: str, web: str, *, asked: str) -> Json:
    """An account that lives on one host and is called after another, as ``asked`` names it."""
    made = who(name, web, asked=web if asked == web else "")
    is_home = asked == web
    return made | {"acct": name if is_home else f"{name}@{handle_host}", "uri": f"https://{web}/users/{name}"}


def called_after_another_host() -> list[Json]:
    """Ann@Example.org on social.example.org: named in short at home, in full elsewhere, in all that a post can do."""
    home, afar = (split("Ann", "Example.org", "social.example.org", asked=host) for host in ("social.example.org", "x"))
    dan = who("dan", "social.example.org", asked="social.example.org")
    to_ann = {"in_reply_to_id": "1", "in_reply_to_account_id": home["id"]}
    quote = {"state": "accepted", "quoted_status": status(1, home)}
    return [
        status(1, home | {"display_name": "Ann, newest"}),
        status(2, afar | {"display_name": "Ann, older"}, created_at="2024-04-01T10:00:00.000Z"),
        status(3, dan, f"<p>hi {link(home)}</p>", mentions=[home]),
        status(4, BOB, f"<p>hi {link(afar)}</p>", mentions=[afar]),
        status(5, dan, f"<p>{link(home)} yes</p>", mentions=[home], **to_ann),
        status(6, dan, **to_ann),
        status(7, dan, "", reblog=status(1, home)),
        status(8, dan, quote=quote),
        status(9, home, f"<p>hi {link(BOB)}</p>", mentions=[BOB]),
    ]


def test_an_account_called_after_another_host_is_one_account(tmp_path: Path):
    """Its home server says only ``ann``; what any other states in full is her name everywhere."""
    records = called_after_another_host()
    network = build(tmp_path, records)
    dan, ann = "dan@social.example.org", "ann@example.org"
    assert words(network) == [
        f"3 {dan}>{ann} mention",
        f"4 bob@far.example>{ann} mention",
        *[f"{number} {dan}>{ann} {relation}" for number, relation in ((5, "reply"), (6, "reply"), (7, "retweet"))],
        f"8 {dan}>{ann} quote",
        f"9 {ann}>bob@far.example mention",
    ]
    accounts = network.accounts.set_index("account_key")
    assert sorted(accounts.index) == [f"mastodon:{key}" for key in (ann, "bob@far.example", dan)]
    told = accounts.loc[f"mastodon:{ann}"]
    assert (told["name"], told.account_id, told.handle, list(told.handles)) == (
        *("Ann, newest", ann, "Ann@Example.org"),
        ["Ann@Example.org"],
    )


def test_neither_order_nor_files_decide_who_is_who(tmp_path: Path):
    """Those that state a handle in full may lie in another file, packed otherwise, or come last."""
    records = called_after_another_host()
    whole = build(tmp_path, records)
    folder = tmp_path / "apart"
    folder.mkdir()
    for number, record in enumerate(reversed(records)):
        line = orjson.dumps(record) + b"\n"
        packed = number in (5, 7)  # both that name Ann in full
        (folder / f"{number}.jsonl").write_bytes(gzip.compress(line) if packed else line)
    apart = netmed.build(folder, relations=RELATIONS)
    assert "mastodon:ann@social.example.org" not in set(apart.accounts.account_key)
    for name in ("events", "edges", "posts", "accounts"):
        assert getattr(apart, name).equals(getattr(whole, name)), name


def test_only_the_same_address_joins_accounts(tmp_path: Path):
    """On a host of many, each has its own page; a page that is stated for two handles joins nothing."""
    many = "many.example"
    others = split("ann", "a.example", many, asked="x") | {"url": f"https://{many}/@ann@a.example", "uri": None}
    native = who("ann", many, asked=many)
    one, two = (split("eve", f"{host}.example", many, asked="x") for host in ("one", "two"))
    own = split("eve", "", many, asked=many)
    network = build(tmp_path, [status(number, w) for number, w in enumerate((others, native, one, two, own), 1)])
    assert sorted(network.posts.author_key) == [
        *("mastodon:ann@a.example", "mastodon:ann@many.example"),
        *("mastodon:eve@many.example", "mastodon:eve@one.example", "mastodon:eve@two.example"),
    ]


def test_accounts_by_themselves_tell_their_names_too(tmp_path: Path):
    afar = split("ann", "example.org", "social.example.org", asked="x") | {"statuses_count": 3, "followers_count": 7}
    home = split("ann", "", "social.example.org", asked="social.example.org")
    network = build(tmp_path, [afar | {"url": "https://elsewhere.example/ann"}, status(1, home)])
    (ann,) = network.accounts.to_dict("records")
    assert (ann["account_key"], ann["handle"]) == ("mastodon:ann@example.org", "ann@example.org")


def test_who_is_replied_to(tmp_path: Path):
    """Mentioned in the reply; the author himself; known from another status; unknown: counted, nobody invented."""
    network = build(
        tmp_path,
        [
            status(1, ANN, f"<p>{link(BOB)} yes</p>", mentions=[BOB], **TO_BOB),
            status(2, ANN, in_reply_to_id="91", in_reply_to_account_id=ANN["id"]),
            status(3, ANN, **TO_BOB),
            status(4, ANN, in_reply_to_id="92", in_reply_to_account_id="123456"),
            status(
                5,
                CAT,
                in_reply_to_id="6",
                in_reply_to_account_id=None,
                tags=[{"name": "x", "url": "https://home.example/tags/x"}],
            ),
            status(6, ANN),
            status(7, ANN, in_reply_to_id=None, in_reply_to_account_id="123456"),
        ],
    )
    assert words(network) == [
        "1 ann@home.example>bob@far.example reply",
        "2 ann@home.example>ann@home.example reply",
        "3 ann@home.example>bob@far.example reply",
        "5 cat@third.example>ann@home.example reply",
    ]
    assert network.audit["events"]["unresolved_by_relation"] == {"reply": 2}
    parents = network.posts.set_index("post_key").reply_to_post_key.dropna()
    assert {key.rsplit("/", 1)[1]: parent for key, parent in parents.items()} == {
        "1": "mastodon:home.example/90",
        "2": "mastodon:home.example/91",
        "3": "mastodon:home.example/90",
        "4": "mastodon:home.example/92",
        "5": "mastodon:https://home.example/users/Ann/statuses/6",
        "7": "mastodon:https://home.example/users/Ann/statuses/7#replied-to",
    }


def test_a_local_id_is_looked_up_on_its_own_server_only(tmp_path: Path):
    """Account 5 is eve on far.example and fay on third.example; home.example says nothing of its own 5."""
    there = [
        status(1, who("eve", "far.example", number="5", asked="far.example")),
        status(2, who("fay", "third.example", number="5", asked="third.example")),
    ]
    replies = [
        status(3, who("ann", asked="home.example"), in_reply_to_id="1", in_reply_to_account_id="6"),
        status(4, who("gil", "far.example", asked="far.example"), in_reply_to_id="80", in_reply_to_account_id="5"),
        status(5, who("ann"), in_reply_to_id="81", in_reply_to_account_id="5"),
    ]
    network = build(tmp_path, there + replies)
    assert words(network) == ["4 gil@far.example>eve@far.example reply"]
    assert network.audit["events"]["unresolved_by_relation"] == {"reply": 2}


def test_a_long_local_id_is_no_other_servers(tmp_path: Path):
    """It holds its time to the millisecond: it tells even where nothing says which server was asked."""
    far = who("eve", "far.example", number="109348725091234567")
    records = [status(1, far), status(2, CAT, in_reply_to_id="9", in_reply_to_account_id=far["id"])]
    assert words(build(tmp_path, records)) == ["2 cat@third.example>eve@far.example reply"]
    short = far | {"id": "1093487250912"}
    records = [status(1, short), status(2, CAT, in_reply_to_id="9", in_reply_to_account_id=short["id"])]
    assert words(build(tmp_path, records)) == []
    clash = [status(1, far), status(3, BOB | {"id": far["id"]}), status(2, CAT, in_reply_to_account_id=far["id"])]
    network = build(tmp_path, clash)
    assert words(network) == []
    assert network.audit["events"]["unresolved_by_relation"] == {"reply": 1}


def test_split_into_files_of_any_order_the_tables_are_the_same(tmp_path: Path):
    records = [status(1, ANN, **TO_BOB), status(2, ANN, f"<p>{link(BOB)}</p>", mentions=[BOB]), status(90, BOB)]
    whole = build(tmp_path, records)
    for number, record in enumerate(reversed(records)):
        (tmp_path / f"part-{number}.json").write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2))
    parts = netmed.build(*sorted(tmp_path.glob("part-*.json")), relations=RELATIONS)
    assert words(whole) == ["1 ann@home.example>bob@far.example reply", "2 ann@home.example>bob@far.example mention"]
    for name in ("events", "edges", "posts", "accounts"):
        assert getattr(parts, name).equals(getattr(whole, name)), name


def test_mentions_that_the_client_filled_in(tmp_path: Path):
    """The run at the start of a reply; same names on two servers are told by their links."""
    run = f"<p>{link(BOB)} {link(BOB_TOO)} {link(CAT)} see</p>"
    both = [BOB_TOO, BOB, CAT]
    network = build(
        tmp_path,
        [
            status(1, ANN, run, mentions=both, in_reply_to_id="80", in_reply_to_account_id=CAT["id"]),
            status(2, ANN, run, mentions=both),
            status(3, ANN, f"<p>{link(BOB)} see {link(CAT)}</p>", mentions=[CAT, BOB], in_reply_to_id="80"),
        ],
    )
    assert words(network) == [
        "1 ann@home.example>bob@far.example mention_auto",
        "1 ann@home.example>bob@home.example mention_auto",
        "1 ann@home.example>cat@third.example reply",
        "2 ann@home.example>bob@far.example mention",
        "2 ann@home.example>bob@home.example mention",
        "2 ann@home.example>cat@third.example mention",
        "3 ann@home.example>bob@far.example mention_auto",
        "3 ann@home.example>cat@third.example mention",
    ]


def test_mentions_without_their_link_are_found_by_name(tmp_path: Path):
    """Other programs link elsewhere, show the whole handle, or nothing at all: that one was never typed."""
    dot = who("d.o-t", "third.example")
    network = build(
        tmp_path,
        [
            status(1, ANN, "<p>@bob@far.example @d.o-t thanks, x@cat.example</p>", mentions=[BOB, dot, CAT], **TO_BOB),
            status(2, ANN, "<p>RT @cat: hi, @bobby</p>", mentions=[CAT]),
            status(3, ANN, "<p>so said @cat</p>", mentions=[CAT], in_reply_to_id="80"),
        ],
    )
    assert words(network) == [
        "1 ann@home.example>bob@far.example reply",
        "1 ann@home.example>cat@third.example mention_auto",
        "1 ann@home.example>d.o-t@third.example mention_auto",
        "2 ann@home.example>cat@third.example retweet_manual",
        "3 ann@home.example>cat@third.example mention",
    ]


def test_a_repost_is_the_boosters_and_nothing_else(tmp_path: Path):
    original = status(
        1, BOB, f"<p>{link(CAT)}</p>", mentions=[CAT], created_at="2023-01-01T00:00:00Z", favourites_count=7
    )
    boost = status(
        2,
        ANN,
        "",
        reblog=original,
        created_at="2024-02-02T00:00:00Z",
        uri="https://home.example/users/Ann/statuses/2/activity",
    )
    network = build(tmp_path, [boost])
    assert [event[1:] for event in events(network)] == [
        ("mastodon:ann@home.example", "mastodon:bob@far.example", "retweet")
    ]
    posts = network.posts.set_index("in_collection")
    assert (posts.loc[True, "kind"], str(posts.loc[True, "created_at"])[:10]) == ("retweet", "2024-02-02")
    assert posts.loc[True, "retweeted_post_key"] == posts.loc[False, "post_key"]
    assert posts.loc[False, "likes"] == 7
    both = build(tmp_path, [boost, original])
    assert sorted(event[3] for event in events(both)) == ["mention", "retweet"]
    assert both.posts.in_collection.tolist() == [True, True]


QUOTED = status(50, BOB)


@pytest.mark.parametrize(
    ("facts", "target"),
    [
        ({"quote": {"state": "accepted", "quoted_status": QUOTED}}, "bob@far.example"),
        ({"quote": {"state": "accepted", "quoted_status_id": "60"}}, "cat@third.example"),
        ({"quote": QUOTED, "quote_id": "50"}, "bob@far.example"),
        ({"quote_id": "60"}, "cat@third.example"),
        ({"quote": {"state": "deleted", "quoted_status": None}}, None),
        ({"quote_id": "61"}, None),
    ],
)
def test_quotes_of_all_generations(tmp_path: Path, facts: Json, target: str | None):
    tags = [{"name": "x", "url": "https://home.example/tags/x"}]
    network = build(tmp_path, [status(1, ANN, **facts), status(60, CAT, tags=tags)])
    assert words(network) == ([f"1 ann@home.example>{target} quote"] if target else [])
    assert network.audit["events"]["unresolved_by_relation"] == ({} if target else {"quote": 1})
    assert network.posts.set_index("post_key").kind["mastodon:https://home.example/users/Ann/statuses/1"] == "quote"


def test_a_repost_of_a_quote_is_one_edge(tmp_path: Path):
    quote = status(1, CAT, quote={"state": "accepted", "quoted_status": QUOTED})
    network = build(tmp_path, [status(2, ANN, "", reblog=quote)])
    assert words(network) == ["2 ann@home.example>cat@third.example retweet"]
    assert sorted(network.posts.kind) == ["post", "quote", "retweet"]


def test_direct_messages_are_left_out(tmp_path: Path):
    secret = status(1, CAT, f"<p>{link(ANN)}</p>", mentions=[ANN], visibility="direct")
    network = build(tmp_path, [secret, status(2, ANN, visibility="private"), status(3, BOB, visibility="unlisted")])
    assert sorted(network.posts.author_key) == ["mastodon:ann@home.example", "mastodon:bob@far.example"]
    assert "mastodon:cat@third.example" not in set(network.accounts.account_key)
    assert (network.audit["totals"]["kept"], network.audit["totals"]["without_posts"]) == (2, 1)
    assert (len(network.events), network.audit["losses"]) == (0, {})


def test_text_is_what_a_reader_sees(tmp_path: Path):
    content = (
        '<p class="quote-inline">RE: <a href="https://far.example/@bob/50">far.example/@bob/50</a></p>'
        f"<p>{link(CAT)} 1 &lt; 2 &amp;amp; &quot;so&#39;</p><p>a<br/>b<br>🩺 "
        '<a href="https://doi.org/10.5555/a?x=1&amp;y=2" rel="nofollow"><span class="invisible">https://</span>'
        '<span class="ellipsis">doi.org/10.5555/a</span></a> '
        '<a href="https://home.example/tags/MedEd" class="mention hashtag" rel="tag">#<span>MedEd</span></a></p>'
    )
    facts = {
        "tags": [{"name": "MedEd", "url": "https://home.example/tags/MedEd"}],
        "card": {"url": "https://other.example/p"},
    }
    network = build(tmp_path, [status(1, ANN, content, mentions=[CAT], **facts)], keep_text=True)
    (post,) = network.posts.to_dict("records")
    assert post["text"] == "@cat 1 < 2 &amp; \"so'\n\na\nb\n🩺 https://doi.org/10.5555/a #MedEd"
    assert list(post["hashtags"]) == ["meded"]
    assert (list(post["dois"]), post["urls_n"]) == (["10.5555/a"], 2)


def test_counts_and_profiles(tmp_path: Path):
    profile = {
        "display_name": "Ann <A>",
        "note": "<p>teaches<br>heart &amp; lung</p>",
        "followers_count": 11,
        "following_count": 12,
        "statuses_count": 13,
        "locked": True,
        "created_at": "2019-03-04T00:00:00.000Z",
    }
    counts = {"favourites_count": 1, "reblogs_count": 2, "replies_count": 3, "quotes_count": 4}
    old = status(1, ANN | profile | {"followers_count": 1}, created_at="2024-01-01T00:00:00Z")
    network = build(tmp_path, [old, status(2, ANN | profile, **counts)])
    post = network.posts.set_index("post_key").loc["mastodon:https://home.example/users/Ann/statuses/2"]
    assert [post[name] for name in ("likes", "retweets", "replies", "quotes", "lang")] == [1, 2, 3, 4, "en"]
    (ann,) = network.accounts.to_dict("records")
    assert (ann["name"], ann["description"]) == ("Ann <A>", "teaches\nheart & lung")
    assert [ann[name] for name in ("followers", "following", "posts_total", "protected")] == [11, 12, 5, True]
    assert str(ann["created_at"])[:10] == "2019-03-04"


def test_of_an_edited_status_one_is_kept(tmp_path: Path):
    before = status(1, ANN, "<p>one</p>", favourites_count=1)
    after = status(1, ANN, "<p>two</p>", favourites_count=0, edited_at="2024-05-02T00:00:00Z")
    for records in ([before, after], [after, before]):
        network = build(tmp_path, records, keep_text=True)
        assert network.posts[["text", "likes"]].values.tolist() == [["two", 0]]
        assert network.audit["totals"]["duplicates"] == 1


# envelopes


def envelopes() -> dict[str, Any]:
    one, two = status(1, ANN, f"<p>{link(BOB)}</p>", mentions=[BOB]), status(2, BOB)
    return {
        "array": [one, two],
        "thread": {"ancestors": [one], "descendants": [two]},
        "search": {"accounts": [who("eve") | {"statuses_count": 1}], "statuses": [one, two], "hashtags": []},
        "notifications": [notification("mention", one), notification("status", two), notification("follow")],
    }


def notification(kind: str, about: Json | None = None, **facts: Any) -> Json:
    made: Json = {"id": "8", "type": kind, "created_at": "2024-05-01T10:00:00Z", "account": CAT}
    return made | ({"status": about} if about else {}) | facts


@pytest.mark.parametrize("name", envelopes())
def test_envelopes_are_opened(tmp_path: Path, name: str):
    (tmp_path / "answer.json").write_bytes(orjson.dumps(envelopes()[name], option=orjson.OPT_INDENT_2))
    network = netmed.build(tmp_path / "answer.json")
    assert words(network) == ["1 ann@home.example>bob@far.example mention"]
    assert (network.audit["totals"]["kept"], network.audit["losses"]) == (2, {})
    assert network.audit["totals"]["without_posts"] == (name in ("search", "notifications"))


SILENT = [
    {"event": "delete", "payload": "123"},
    {"stream": ["user"], "event": "filters_changed"},
    {"event": "filters_changed", "payload": None},
    {"event": "notifications_merged", "payload": "1"},
    {"event": "announcement", "payload": orjson.dumps({"id": "1", "content": "<p>hi</p>", "mentions": []}).decode()},
    {"event": "announcement.reaction", "payload": {"name": "x", "count": 1, "announcement_id": "1"}},
    {"event": "announcement.delete", "payload": 1},
    {"event": "conversation", "payload": {"id": "1", "last_status": status(70, BOB, visibility="direct")}},
    {"event": "encrypted_message", "payload": "{}"},
    *[
        {"event": "notification", "payload": orjson.dumps(notification(kind)).decode()}
        for kind in ("follow", "follow_request", "admin.sign_up", "severed_relationships", "moderation_warning")
    ],
    {"event": "notification", "payload": notification("admin.report", report={"id": "1"})},
]


@pytest.mark.parametrize("first", [0, 1, len(SILENT) - 1])
def test_lines_of_a_stream(tmp_path: Path, first: int):
    """Payloads as text or as they are; events without posts are known as such, even as the first line of a file."""
    one, two = status(1, ANN, f"<p>{link(BOB)}</p>", mentions=[BOB]), status(2, BOB)
    lines = [
        {"stream": ["public"], "event": "update", "payload": orjson.dumps(one).decode()},
        {"event": "status.update", "payload": two},
        {"event": "notification", "payload": orjson.dumps(notification("status", status(3, ANN))).decode()},
        status(4, BOB),
    ]
    network = build(tmp_path, [*SILENT[first:], *lines, *SILENT[:first]], strict=True)
    assert words(network) == ["1 ann@home.example>bob@far.example mention"]
    totals = network.audit["totals"]
    assert (totals["kept"], totals["without_posts"], totals["unrecognised"]) == (4, len(SILENT), 0)


def test_behind_a_status_only_events_that_may_hold_a_post_are_lost(tmp_path: Path):
    """Such a file is read line by line, so nobody opens what lies in text."""
    favourite = {"event": "notification", "payload": orjson.dumps(notification("favourite", status(3, ANN))).decode()}
    totals = build(tmp_path, [status(4, BOB), *SILENT, favourite]).audit["totals"]
    assert (totals["kept"], totals["without_posts"], totals["unrecognised"]) == (1, len(SILENT), 1)


def test_a_stream_of_deletions_alone_is_an_empty_network(tmp_path: Path):
    network = build(tmp_path, SILENT[:1] * 3)
    assert (network.audit["totals"]["without_posts"], network.audit["losses"], len(network.posts)) == (3, {}, 0)


def test_events_that_may_hold_a_post_and_cannot_be_read_are_losses(tmp_path: Path):
    lines = [
        {"event": "update", "payload": "{"},
        {"event": "something.new", "payload": {"content": "hi"}},
        {"event": "delete"},
        notification("mention", {"id": "5", "text": "no content"}),
        status(1, ANN),
    ]
    totals = build(tmp_path, lines).audit["totals"]
    assert (totals["records"], totals["kept"], totals["unrecognised"], totals["malformed"]) == (5, 1, 4, 0)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_notification_delivers_the_post_that_it_is_about_only_if_that_is_the_news(tmp_path: Path, *, is_first: bool):
    """Of a boost, a favourite or a poll the status only tells which post: it came along, with what it quotes."""
    quote = {"state": "accepted", "quoted_status": status(50, BOB, f"<p>{link(CAT)}</p>", mentions=[CAT])}
    kinds = ["mention", "status", "update", "quote", "favourite", "reblog", "poll", "quoted_update", "new.one"]
    told = [
        notification(kind, status(number, ANN, quote=quote), id=str(number)) for number, kind in enumerate(kinds, 1)
    ]
    secret = notification("mention", status(20, ANN, quote=quote, visibility="direct"))
    tags = [{"name": "x", "url": "https://home.example/tags/x"}]
    other = [status(60, BOB, in_reply_to_id="9", in_reply_to_account_id=ANN["id"], tags=tags)]
    network = build(tmp_path, [*told, secret, *other] if is_first else [*other, *told, secret])
    assert words(network) == [
        *[f"{number} ann@home.example>bob@far.example quote" for number in (1, 2, 3, 4)],
        "60 bob@far.example>ann@home.example reply",
    ]
    posts = network.posts.set_index(network.posts.post_key.str.rsplit("/", n=1).str[1]).in_collection
    assert sorted(posts[posts].index) == ["1", "2", "3", "4", "60"]
    assert sorted(posts[~posts].index) == ["5", "50", "6", "7", "8", "9"]
    parent = network.posts.set_index("post_key").reply_to_post_key["mastodon:https://Far.example/users/bob/statuses/60"]
    assert parent == "mastodon:https://home.example/users/Ann/statuses/9", "what came along lends its name"
    totals = network.audit["totals"]
    assert (totals["records"], totals["kept"], totals["without_posts"]) == (11, 5, 6)
    assert network.audit["losses"] == {}


def test_values_of_the_wrong_kind_lose_their_column_alone(tmp_path: Path):
    odd = {"tags": "none", "mentions": {"a": 1}, "card": 5, "favourites_count": "many", "quote": [], "created_at": 7}
    network = build(tmp_path, [status(1, ANN, **odd), status(2, ANN, "<p", reblog="no", in_reply_to_id=[1])])
    assert network.audit["totals"]["kept"] == 2
    post = network.posts.set_index("post_key").loc["mastodon:https://home.example/users/Ann/statuses/1"]
    assert (post.kind, post.author_key) == ("post", "mastodon:ann@home.example")
    assert post[["likes", "created_at"]].isna().tolist() == [True, True]


def test_records_of_x_are_left_alone():
    x_search = {"statuses": [{"id_str": "1", "user": {}}], "search_metadata": {}}
    unroll = READERS["mastodon"].unroll
    assert unroll is not None
    assert unroll(x_search) is None
    assert unroll({"id": "1", "text": "x", "author_id": "2"}) is None


# the simulated collection


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    folder = tmp_path_factory.mktemp("simulated")
    simulate.collection(400, folder / "pages.jsonl", seed=5)
    write_flat(folder / "pages.jsonl", folder / "flat.jsonl")
    return list(read_lines(folder / "flat.jsonl"))


@pytest.fixture(scope="module")
def wanted(posts: list[Json], tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str, str]]:
    """The events of the flattened posts, in Mastodon's names."""
    plain = tmp_path_factory.mktemp("carried") / "carried.jsonl"
    kept = [left for post in posts if (left := writer.carried(post)) is not None]
    plain.write_bytes(b"".join(orjson.dumps(post) + b"\n" for post in kept))
    uris = {f"x:{post['id']}": "mastodon:" + writer.uri(post["id"], post["author_id"]) for post in posts}
    key = writer.account_key
    return {
        (uris[p], key(s), key(t), relation) for p, s, t, relation in events(netmed.build(plain, relations=RELATIONS))
    }


def test_simulated_posts_give_the_same_events(posts: list[Json], wanted: set[Any], tmp_path: Path):
    writer.write(posts, tmp_path / "mastodon.jsonl")
    network = netmed.build(tmp_path / "mastodon.jsonl", relations=RELATIONS)
    found = events(network)
    assert len(wanted) > 500
    assert {event[3] for event in wanted} == set(RELATIONS)
    assert sorted(found - wanted) == []
    assert sorted(wanted - found) == []
    assert network.audit["losses"] == {}
    assert read(writer.rows(posts)).events == found


def test_the_same_posts_from_three_servers_are_the_same_network(posts: list[Json], wanted: set[Any], tmp_path: Path):
    for number, host in enumerate(writer.HOSTS):
        writer.write(posts, tmp_path / f"server-{number}.jsonl", host)
    network = netmed.build(tmp_path, relations=RELATIONS)
    assert events(network) == wanted
    totals = network.audit["totals"]
    assert totals["records"] == totals["kept"] + totals["duplicates"]
    assert len(collected(network)) * 3 <= totals["records"]
    assert not network.accounts.account_key.str.contains("@.*@").any()
