"""Bluesky: real files against an independent reading, invented corner cases, and the simulated collection."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest
import reference_bluesky as reference
import writers_bluesky as writer
from shapes import flatten, read_lines

import netmed
from netmed import Network, simulate
from netmed.read import bluesky, bluesky_changes
from netmed.read.bluesky_envelopes import unroll
from netmed.schema import RELATIONS

Json = dict[str, Any]
COLUMNS = ["post_key", "source_key", "target_key", "relation"]


def events(network: Network) -> set[reference.Event]:
    return set(network.events[COLUMNS].itertuples(index=False, name=None))


def documents(path: Path) -> list[Any]:
    raw = path.read_bytes()
    try:
        return [orjson.loads(raw)]
    except orjson.JSONDecodeError:
        return [orjson.loads(line) for line in raw.split(b"\n") if line]


def known(value: Any) -> Any:
    """A cell of a table; None where it is empty."""
    return None if isinstance(value, float) else value


def build(path: Path, records: Iterable[Any], **options: Any) -> Network:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return netmed.build(path, relations=RELATIONS, **options)


# the shared files


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "bluesky"


def real(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.json*")) if not path.name.startswith(("granary", "EXPECTED"))]


@pytest.fixture(scope="module")
def network(folder: Path) -> Network:
    return netmed.build(*real(folder), relations=RELATIONS)


@pytest.fixture(scope="module")
def reading(folder: Path) -> reference.Reading:
    return reference.read(document for path in real(folder) for document in documents(path))


def test_real_files_agree_with_our_own_reading(network: Network, reading: reference.Reading) -> None:
    assert events(network) == reading.events
    assert network.audit["events"]["unresolved"] == 0
    collected = network.posts.post_key[network.posts.in_collection]
    assert set(collected) == {"bluesky:" + uri for uri, post in reading.posts.items() if post.is_delivered}
    assert set(network.posts.post_key) == {"bluesky:" + uri for uri in reading.posts}
    assert len(reading.events) > 250


def test_real_files_lose_nothing(network: Network, folder: Path) -> None:
    """Every record is a post or is known to hold none; what holds none are likes, follows and the like."""
    assert network.audit["losses"] == {}
    expected = json.loads((folder / "EXPECTED.json").read_text())
    for entry in network.audit["files"]:
        name = Path(entry["file"]).name
        read = reference.read(documents(folder / name))
        assert entry["kept"] + entry["duplicates"] == read.delivered, name
        counts = expected.get(name, {})
        if "events" in counts:
            spoken = counts["commit/create/app.bsky.feed.post"] + counts["commit/create/app.bsky.feed.repost"]
            assert (entry["lines"], entry["without_posts"]) == (counts["events"], counts["events"] - spoken), name
        elif "records" in counts:
            assert entry["lines"] == counts["records"], name


def shown(document: Any) -> list[Json]:
    """The views that EXPECTED.json counts: those of lines, and of the posts that feed items reply to."""
    views = []
    for item in reference.items(document):
        reply = item.get("reply") or {}
        found = [item.get("post", item), reply.get("parent") or {}, reply.get("root") or {}]
        views += [one for one in found if isinstance(one.get("record"), dict) and "uri" in one]
    return views


def test_counts_are_as_expected(network: Network, folder: Path) -> None:
    """EXPECTED.json counts every view (a post as often as it is shown); our posts are the distinct ones.

    ``quotes`` there are all record embeds, those of feeds and lists too, which quote no post.
    """
    expected = json.loads((folder / "EXPECTED.json").read_text())
    posts = network.posts.set_index("post_key")
    checked = 0
    for name, counts in expected.items():
        views = [view for document in documents(folder / name) for view in shown(document)]
        if "posts" not in counts:
            continue
        keys = ["bluesky:" + view["uri"] for view in views]
        kinds = posts.loc[keys, "kind"]
        embeds = [view["record"].get("embed") or {} for view in views]
        is_record = [str(embed.get("$type")).startswith("app.bsky.embed.record") for embed in embeds]
        assert {
            "posts": len(keys),
            "uniq": len(set(keys)),
            "authors": posts.loc[keys, "author_key"].nunique(),
            "replies": int(kinds.str.startswith("reply").sum()),
            "quotes": sum(is_record),
        } == {key: counts[key] for key in ("posts", "uniq", "authors", "replies", "quotes")}, name
        for key, kind, embed, has_record in zip(keys, kinds, embeds, is_record, strict=True):
            is_quote = has_record and "/app.bsky.feed.post/" in str(embed.get("record"))
            if keys.count(key) == 1:  # twitwi made two versions of one post, with a quote and without
                assert kind.endswith("quote") == is_quote, name
        checked += 1
        reposts = [item for document in documents(folder / name) for item in reference.items(document)]
        assert (
            sum("reasonRepost" in str((item.get("reason") or {}).get("$type")) for item in reposts)
            == (counts["reposts"])
        )
    assert checked == 13


def test_times_and_counts_are_those_of_the_files(network: Network, folder: Path) -> None:
    posts = network.posts.set_index("post_key")
    views = shown({"posts": documents(folder / "tidytuesday_searchPosts.jsonl")})
    for view in views:
        row = posts.loc["bluesky:" + view["uri"]]
        assert (row.likes, row.retweets, row.replies, row.quotes) == (
            view["likeCount"],
            view["repostCount"],
            view["replyCount"],
            view["quoteCount"],
        )
        assert known(row.lang) == (view["record"].get("langs") or [None])[0]
        assert set(row.hashtags) == {
            feature["tag"].lower()
            for facet in view["record"].get("facets") or []
            for feature in facet["features"]
            if "tag" in feature
        } | {tag.lower() for tag in view["record"].get("tags") or []}
    assert len(views) == 575


# granary's synthetic files, one by one


def test_granary_files_build(folder: Path) -> None:
    """Those that contradict one another about an author are left out of this build."""
    names = ["comment_inreplyto_id", "note", "note_with_custom_feed", "quote", "repost", "actor", "follow", "like"]
    names += ["actor_with_featured", "quote_and_image", "note_with_mention_linked_text"]
    network = netmed.build(*[folder / f"granary_{name}.bsky.json" for name in names], relations=RELATIONS)
    entries = {Path(entry["file"]).name.split(".")[0][8:]: entry for entry in network.audit["files"]}
    assert [name for name in names if entries[name]["kept"]] == names[:5]
    assert [name for name in names if entries[name]["without_posts"]] == names[5:-2]
    assert [name for name in names if entries[name]["unrecognised"]] == names[-2:], "words, but nobody's"
    post = "bluesky:at://did:plc:{}/app.bsky.feed.post/{}"
    reposted = post.format("r72exhka", "3juzc2tw2dm2h")
    reply = (post.format("asdf", "tid"), "bluesky:did:plc:asdf", "bluesky:did:plc:123", "reply")
    quote = (post.format("user", "quote-post-tid"), "bluesky:did:plc:r72exhka", "bluesky:did:plc:pv7fudn", "quote")
    repost = f"{reposted}#reposted-by:did:web:alice.example.com"
    passed_on = (repost, "bluesky:did:web:alice.example.com", "bluesky:did:web:example.com", "retweet")
    assert events(network) == {reply, quote, passed_on}
    assert network.accounts.set_index("account_key").loc["bluesky:did:plc:r72exhka", "handle"] == "bob.bsky.social"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("granary_like", "without_posts"), ("granary_quote_and_attachment", "unrecognised")],
)
def test_a_file_without_posts_is_an_empty_network(folder: Path, name: str, outcome: str) -> None:
    """A like is no post; a post by nobody is lost."""
    network = netmed.build(folder / f"{name}.bsky.json")
    totals = network.audit["totals"]
    assert (len(network.posts), len(network.events), totals["records"], totals[outcome]) == (0, 0, 1, 1)


# invented posts


def uri(who: str, key: str = "1", kind: str = "post") -> str:
    return f"at://did:plc:{who}/app.bsky.feed.{kind}/{key}"


def author(who: str, handle: str | None = None, **more: Any) -> Json:
    return {"did": f"did:plc:{who}", "handle": handle or f"{who}.example.org", "displayName": who.title(), **more}


def record(text: str = "hi", **more: Any) -> Json:
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2024-05-01T10:00:00.000Z", **more}


def view(who: str, key: str = "1", text: str = "hi", embed: Any = None, at: str = "", **more: Any) -> Json:
    found = {"uri": uri(who, key), "cid": "c", "author": author(who), "record": record(text, **more)}
    return found | {"indexedAt": at or "2024-05-01T10:00:01.000Z"} | ({"embed": embed} if embed is not None else {})


def facet(text: str, part: str, *dids: str) -> Json:
    start = len(text[: text.index(part)].encode())
    features = [{"$type": "app.bsky.richtext.facet#mention", "did": f"did:plc:{did}"} for did in dids]
    return {"index": {"byteStart": start, "byteEnd": start + len(part.encode())}, "features": features}


def quoting(target: str, *, with_media: bool = False) -> Json:
    inside = {"uri": target, "cid": "c"}
    if with_media:
        return {"$type": "app.bsky.embed.recordWithMedia", "record": {"$type": "x", "record": inside}, "media": {}}
    return {"$type": "app.bsky.embed.record", "record": inside}


def words(network: Network) -> set[str]:
    """Events as ``key: source>target relation``."""

    def name(key: str) -> str:
        return key.removeprefix("bluesky:").removeprefix("did:plc:")

    return {
        f"{post.rsplit('/', 1)[1]}: {name(source)}>{name(target)} {relation}"
        for post, source, target, relation in (events(network))
    }


EMOJI = "🩺 naïve: RT @bob, 好 via @cat and the 👩‍⚕️ team; cc @dan"

POSTS: list[Json] = [
    # mentions: the DID counts, whatever the text says; offsets are bytes
    view(
        "ann",
        "facets",
        EMOJI,
        facets=[
            facet(EMOJI, "@bob", "bob"),
            facet(EMOJI, "@cat", "cat"),
            facet(EMOJI, "the 👩‍⚕️ team", "eve", "fay"),
            facet(EMOJI, "@dan", "dan"),
        ],
    ),
    view(
        "ann",
        "odd",
        "hello @bob",
        facets=[
            {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:bob"}]},
            {"index": {"byteStart": -3, "byteEnd": 999}, "features": facet("x", "x", "cat")["features"]},
            {"index": {"byteStart": 0, "byteEnd": 1}, "features": facet("x", "x", "no did'; --")["features"]},
            {"index": [], "features": {"$type": "nothing"}},
            7,
        ],
    ),
    view("ann", "plain", "hello @bob, no facet: no mention"),
    # replies: the account replied to is that of the parent, not of the root
    view("ann", "reply", reply={"parent": {"uri": uri("bob", "7")}, "root": {"uri": uri("cat", "6")}}),
    # quotes
    view("ann", "q1", embed=quoting(uri("bob")), at="2024-05-01T10:00:01Z"),
    view("ann", "q2", **{"embed": None}),
    # through R
    {**view("ann", "r", labels=[], reply=[], langs="en", facets=[]), "embed": []},
    # an author whose handle is lost, and one without any author object
    {**view("gil", "lost"), "author": author("gil", "handle.invalid")},
    {key: value for key, value in view("hal", "bare").items() if key != "author"},
]


def quotes() -> list[Json]:
    def made(key: str, target: str, kind: str, *, with_media: bool = False, **shown: Any) -> Json:
        post = view("ann", key)
        post["record"]["embed"] = quoting(target, with_media=with_media)
        inside = {"$type": kind, "uri": target, **shown}
        outer = "app.bsky.embed.recordWithMedia#view" if with_media else "app.bsky.embed.record#view"
        post["embed"] = {"$type": outer, "record": {"record": inside} if with_media else inside}
        return post

    defs = "app.bsky.embed.record#view"
    whole = view("bob", "quoted", "the words quoted")
    whole["value"] = whole.pop("record")
    del whole["uri"]
    unknown = view("ann", "unknown")
    unknown["record"]["embed"] = quoting(uri("bob")) | {"$type": "org.example.embed.poll"}
    shown_only = made("shown", uri("bob", "shown-only"), defs + "NotFound")
    del shown_only["record"]["embed"]
    return [
        made("there", uri("bob", "quoted"), defs + "Record", **whole),
        made("media", uri("bob", "quoted"), defs + "Record", with_media=True, **whole),
        made("gone", uri("cat"), defs + "NotFound", notFound=True),
        made("blocked", uri("dan"), defs + "Blocked", blocked=True),
        made("detached", uri("eve"), defs + "Detached", detached=True),
        made("feed", uri("fay", kind="generator"), "app.bsky.feed.defs#generatorView", creator=author("fay")),
        made("list", "at://did:plc:fay/app.bsky.graph.list/1", "app.bsky.graph.defs#listView"),
        made("pack", "at://did:plc:fay/app.bsky.graph.starterpack/1", "app.bsky.graph.defs#starterPackViewBasic"),
        unknown,
        shown_only,
    ]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return build(tmp_path_factory.mktemp("bluesky") / "posts.jsonl", [*POSTS, *quotes()], keep_text=True)


def of(network: Network, *keys: str) -> set[str]:
    return {word for word in words(network) if word.split(":")[0] in keys}


def test_mentions_are_told_by_did_and_placed_by_bytes(invented: Network) -> None:
    """An emoji has four bytes and one code point: only the right place tells RT and via."""
    assert of(invented, "facets") == {
        "facets: ann>bob retweet_manual",
        "facets: ann>cat retweet_manual",
        "facets: ann>eve mention",
        "facets: ann>fay mention",
        "facets: ann>dan mention",
    }


def test_mentions_without_a_place_count_and_without_a_did_do_not(invented: Network) -> None:
    assert of(invented, "odd") == {"odd: ann>bob mention", "odd: ann>cat mention"}
    assert of(invented, "plain") == set(), "a handle in the text without a facet is no mention"


def test_a_reply_addresses_the_author_of_its_parent(invented: Network) -> None:
    assert of(invented, "reply") == {"reply: ann>bob reply"}
    row = invented.posts.set_index("post_key").loc["bluesky:" + uri("ann", "reply")]
    assert (row.reply_to_post_key, row.conversation_id) == ("bluesky:" + uri("bob", "7"), uri("cat", "6"))


def test_quotes_are_of_posts_and_told_by_the_uri(invented: Network) -> None:
    wanted = {"there: ann>bob", "media: ann>bob", "gone: ann>cat", "blocked: ann>dan", "detached: ann>eve"}
    wanted |= {"shown: ann>bob"}
    quotes = of(
        invented, *["there", "media", "gone", "blocked", "detached", "feed", "list", "pack", "unknown", "shown"]
    )
    assert quotes == {f"{one} quote" for one in wanted}
    quoted = invented.posts.set_index("post_key").loc["bluesky:" + uri("bob", "quoted")]
    assert (quoted.in_collection, quoted.author_key, quoted.text) == (False, "bluesky:did:plc:bob", "the words quoted")


def test_what_went_through_r_and_lost_handles(invented: Network) -> None:
    row = invented.posts.set_index("post_key").loc["bluesky:" + uri("ann", "r")]
    assert (row.kind, known(row.lang)) == ("post", None)
    accounts = invented.accounts.set_index("account_key")
    assert known(accounts.loc["bluesky:did:plc:gil", "handle"]) is None
    assert accounts.loc["bluesky:did:plc:hal", "n_posts"] == 1
    assert accounts.loc["bluesky:did:plc:ann", "handle"] == "ann.example.org"
    assert invented.audit["losses"] == {}


@pytest.mark.parametrize(
    ("claimed", "stored", "taken"),
    [
        ("2024-05-01T10:00:00.000Z", "2024-05-01T10:00:01Z", "2024-05-01T10:00:00"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:01Z", "2024-05-01T10:00:00"),
        ("2024-05-02T09:00:00Z", "2024-05-01T10:00:00Z", "2024-05-02T09:00:00"),  # within a day: believed
        ("2024-05-02T11:00:00Z", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00"),  # more: the server's
        ("2011-01-01T00:00:00Z", "2024-05-01T10:00:00Z", "2011-01-01T00:00:00"),  # brought along from elsewhere
        ("", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00"),
        ("soon", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00"),
        ("2024-05-01T10:00:00Z", "soon", "2024-05-01T10:00:00"),
    ],
)
def test_time_is_claimed_by_the_author_within_bounds(claimed: str, stored: str, taken: str, times: Json) -> None:
    assert times[claimed, stored] == taken


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[tuple[str, str], str]:
    marks = test_time_is_claimed_by_the_author_within_bounds.pytestmark
    pairs = [(claimed, stored) for claimed, stored, _ in marks[0].args[1]]
    posts = [view("ann", str(n), createdAt=claimed, at=stored) for n, (claimed, stored) in enumerate(pairs)]
    found = build(tmp_path_factory.mktemp("times") / "posts.jsonl", posts).posts.set_index("post_key").created_at
    return {pair: found["bluesky:" + uri("ann", str(n))].isoformat()[:19] for n, pair in enumerate(pairs)}


# feeds


def feed() -> list[Json]:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": author("rae"), "indexedAt": "2024-06-01T00:00:00Z"}
    parent = {"$type": "app.bsky.feed.defs#postView", **view("bob", "parent")}
    root = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri("cat", "root"), "notFound": True}
    answer = view("ann", "answer", reply={"parent": {"uri": uri("bob", "parent")}, "root": {"uri": uri("cat", "root")}})
    mentioned = view("bob", "hot", "go @dan", facets=[facet("go @dan", "@dan", "dan")], tags=["MedEd"])
    return [
        {"post": mentioned, "reason": reason | {"uri": uri("rae", "2", "repost"), "cid": "c"}},
        {"post": mentioned, "reason": reason | {"by": author("sam")}},
        {"post": mentioned, "reason": reason | {"by": author("sam")}},
        {"post": view("tom", "pinned"), "reason": {"$type": "app.bsky.feed.defs#reasonPin"}},
        {"post": answer, "reply": {"parent": parent, "root": root, "grandparentAuthor": author("cat")}},
        {"post": view("ann", "both")},
        {"post": view("ann", "both"), "reason": reason | {"uri": uri("rae", "3", "repost")}},
    ]


def test_feeds_deliver_reposts_and_what_they_show_comes_along(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_bytes(orjson.dumps({"feed": feed(), "cursor": "x"}))
    network = netmed.build(tmp_path / "feed.json", relations=RELATIONS)
    assert words(network) == {
        "hot#reposted-by:did:plc:rae: rae>bob retweet",
        "hot#reposted-by:did:plc:sam: sam>bob retweet",
        "both#reposted-by:did:plc:rae: rae>ann retweet",
        "answer: ann>bob reply",
    }
    posts = network.posts.set_index("post_key")
    assert set(posts.index[~posts.in_collection]) == {"bluesky:" + uri("bob", key) for key in ("hot", "parent")}
    repost = posts.loc["bluesky:" + uri("bob", "hot") + "#reposted-by:did:plc:rae"]
    assert (repost.kind, repost.created_at.isoformat()[:10], list(repost.hashtags)) == (
        "retweet",
        "2024-06-01",
        ["meded"],
    )
    assert repost.retweeted_post_key == "bluesky:" + uri("bob", "hot")
    (entry,) = network.audit["files"]
    assert (entry["lines"], entry["kept"], entry["duplicates"]) == (7, 6, 1)
    assert network.accounts.set_index("account_key").loc["bluesky:did:plc:bob", "name"] == "Bob"
    included = netmed.build(tmp_path / "feed.json", relations=RELATIONS, include_referenced=True)
    assert words(included) - words(network) == {"hot: bob>dan mention"}


def reposted(by: Json | None, **told: Any) -> Json:
    """A feed item: cat's post, which mentions dan, and why it is there."""
    post = view("cat", "hot", "go @dan", facets=[facet("go @dan", "@dan", "dan")])
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": by, "indexedAt": "2024-06-01T00:00:00Z"}
    return {"post": post, "reason": reason | told}


def test_a_repost_is_one_whatever_door_it_comes_through(tmp_path: Path) -> None:
    """A feed that leaves out its URI, one that tells it, Jetstream, a repository; taken back and done again."""
    said = {"subject": {"uri": uri("cat", "hot"), "cid": "c"}, "createdAt": "2024-06-01T00:00:00Z"}
    records = [
        reposted(author("rae")),
        reposted(author("rae"), uri=uri("rae", "r1", "repost")),
        event("rae", REPOST, "r1", **said),
        event("rae", REPOST, "r1", "delete"),
        event("rae", REPOST, "r2", **said | {"createdAt": "2024-06-02T00:00:00Z"}),
        {"uri": uri("rae", "r1", "repost"), "cid": "c", "value": {"$type": REPOST, **said}},
        event("sam", REPOST, "r1", **said),
    ]
    network = build(tmp_path / "doors.jsonl", records)
    key = "hot#reposted-by:did:plc:"
    assert words(network) == {f"{key}rae: rae>cat retweet", f"{key}sam: sam>cat retweet"}
    assert network.edges.weight.tolist() == [1, 1]
    totals = network.audit["totals"]
    assert (totals["records"], totals["kept"], totals["duplicates"], totals["without_posts"]) == (7, 2, 4, 1)
    folder = tmp_path / "apart"
    folder.mkdir()
    for number, one in enumerate(reversed(records)):
        (folder / f"{number}.jsonl").write_bytes(orjson.dumps(one))
    apart = netmed.build(folder, relations=RELATIONS)
    for name in ("events", "edges", "posts", "accounts"):
        assert getattr(apart, name).equals(getattr(network, name)), name


@pytest.mark.parametrize("by", [{"handle": "rae.example.org"}, {}, None, {"did": "nobody"}])
def test_a_repost_by_nobody_is_lost_and_its_post_only_came_along(tmp_path: Path, by: Json | None) -> None:
    network = build(tmp_path / "feed.jsonl", [reposted(by), {"post": view("ann")}])
    assert words(network) == set(), "cat's mention of dan was not delivered"
    assert network.posts.set_index("post_key").in_collection.to_dict() == {
        "bluesky:" + uri("ann"): True,
        "bluesky:" + uri("cat", "hot"): False,
    }
    totals = network.audit["totals"]
    assert (totals["records"], totals["kept"], totals["unrecognised"]) == (2, 1, 1)
    assert network.audit["losses"] == {"unrecognised": 1}


def test_the_uri_of_a_repost_tells_who_reposts(tmp_path: Path) -> None:
    network = build(tmp_path / "feed.jsonl", [reposted(None, uri=uri("rae", "r1", "repost"))])
    assert words(network) == {"hot#reposted-by:did:plc:rae: rae>cat retweet"}
    assert network.audit["losses"] == {}


# threads


def thread() -> Json:
    def answer(who: str, key: str, to: str) -> Json:
        return view(who, key, reply={"parent": {"uri": to}, "root": {"uri": uri("ann", "top")}})

    def branch(post: Json, *replies: Json, **more: Any) -> Json:
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": post, "replies": list(replies), **more}

    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri("cat", "gone"), "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri("dan"), "blocked": True, "author": {}}
    deep = branch(answer("bob", "deep", uri("cat", "mid")))
    mid = branch(answer("cat", "mid", uri("bob", "asked")), deep, gone, blocked)
    top = {"$type": "app.bsky.feed.defs#threadViewPost", "post": view("ann", "top"), "parent": None}
    return branch(answer("bob", "asked", uri("ann", "top")), mid, parent=top)


@pytest.mark.parametrize("is_line", [False, True])
def test_a_thread_delivers_all_its_posts(tmp_path: Path, *, is_line: bool) -> None:
    document = thread() if is_line else {"thread": thread()}
    network = build(tmp_path / "thread.json", [document])
    assert words(network) == {"asked: bob>ann reply", "mid: cat>bob reply", "deep: bob>cat reply"}
    assert network.posts.in_collection.tolist() == [True] * 4
    totals = network.audit["totals"]
    assert (totals["lines"], totals["kept"], totals["without_posts"], totals["unrecognised"]) == (6, 4, 2, 0)


def test_a_thread_as_a_list_gives_its_posts() -> None:
    item = {"$type": "app.bsky.unspecced.defs#threadItemPost", "post": view("ann")}
    gone = {"$type": "app.bsky.unspecced.defs#threadItemNotFound"}
    rows = [{"uri": uri("ann"), "depth": 0, "value": item}, {"uri": uri("bob"), "depth": 1, "value": gone}]
    assert unroll({"thread": rows, "hasOtherReplies": False}) == [view("ann"), {"uri": uri("bob"), **gone}]


def test_a_thread_nobody_opened_is_a_loss(tmp_path: Path) -> None:
    """It stands behind a line of another kind, so the file is read line by line."""
    network = build(tmp_path / "mixed.jsonl", [view("zoe"), thread()])
    assert network.audit["losses"] == {"unrecognised": 2}
    assert words(network) == {"asked: bob>ann reply"}


def test_every_line_a_reader_knows_looks_like_one_of_its_own() -> None:
    """``looks_like`` decides which readers see a file at all."""
    views = [*POSTS, *quotes(), *feed(), *unroll(thread()), author("ann")]
    assert all(bluesky.looks_like(line) for line in views)
    assert all(bluesky_changes.looks_like(line) for line in [*EVENTS, *LOST])
    assert not any(bluesky.looks_like(line) for line in EVENTS)


@pytest.mark.parametrize(
    "foreign",
    [{"statuses": []}, {"posts": [{"id": "1"}]}, {"thread": "x"}, {"thread": {"id": 1}}, {"feed": [1]}, {"posts": {}}],
)
def test_envelopes_of_others_are_left_alone(foreign: Json) -> None:
    assert unroll(foreign) is None


GONE = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri("cat", "gone"), "notFound": True}
BLOCKED = {"uri": uri("dan", "blocked"), "blocked": True, "author": {"did": "did:plc:dan"}}


@pytest.mark.parametrize("name", ["posts", "feed"])
def test_a_response_may_begin_with_what_is_gone(tmp_path: Path, name: str) -> None:
    post = view("ann", reply=TO_BOB)
    found = [GONE, BLOCKED, post if name == "posts" else {"post": post}]
    (tmp_path / "answer.json").write_bytes(orjson.dumps({name: found}))
    network = netmed.build(tmp_path / "answer.json", relations=RELATIONS)
    assert words(network) == {"1: ann>bob reply"}
    totals = network.audit["totals"]
    assert (totals["lines"], totals["kept"], totals["without_posts"]) == (3, 1, 2)
    assert network.audit["losses"] == {}


def test_a_response_of_nothing_but_what_is_gone_holds_no_posts(tmp_path: Path) -> None:
    network = build(tmp_path / "answers.jsonl", [{"posts": [GONE, BLOCKED]}, {"posts": [BLOCKED]}])
    assert (network.audit["totals"]["without_posts"], network.audit["losses"]) == (3, {})


# changes of repositories


def event(who: str, collection: str, key: str, operation: str = "create", **said: Any) -> Json:
    commit = {"rev": "r", "operation": operation, "collection": collection, "rkey": key}
    if operation != "delete":
        commit["record"] = {"$type": collection, **said}
    return {"did": f"did:plc:{who}", "time_us": 1_714_557_600_000_000, "kind": "commit", "commit": commit}


def tap(who: str, action: str, said: Json, key: str = "t") -> Json:
    change = {"live": True, "did": f"did:plc:{who}", "rev": "r", "collection": "app.bsky.feed.post", "rkey": key}
    return {"id": 7, "type": "record", "record": change | {"action": action, "record": said, "cid": "c"}}


POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
TO_BOB = {"parent": {"uri": uri("bob")}, "root": {"uri": uri("cat")}}
EVENTS: list[Json] = [
    event("ann", POST, "one", **record("hi", reply=TO_BOB)),
    event("ann", POST, "two", **record("quoted", embed=quoting(uri("cat"), with_media=True))),
    event("ann", POST, "three", **record("old")),
    event("ann", POST, "three", "update", **record("new", reply=TO_BOB)),
    event("ann", POST, "one", "delete"),
    event("ann", POST, "ahead", **record(createdAt="2031-01-01T00:00:00Z")),
    event("dan", REPOST, "four", subject={"uri": uri("bob"), "cid": "c"}, createdAt="2024-05-01T11:00:00Z"),
    event("dan", "app.bsky.feed.like", "l", subject={"uri": uri("bob")}, createdAt="2024-05-01T11:00:00Z"),
    event("dan", "app.bsky.graph.follow", "f", subject="did:plc:bob"),
    event("dan", "org.example.other", "o", text="no post", createdAt="2024-05-01T11:00:00Z"),
    {
        "did": "did:plc:dan",
        "time_us": 1,
        "kind": "identity",
        "identity": {"did": "did:plc:dan", "handle": "dan.org", "time": "2024-01-01T00:00:00Z"},
    },
    {"did": "did:plc:dan", "time_us": 1, "kind": "account", "account": {"active": True, "did": "did:plc:dan"}},
    tap("eve", "create", record("tapped", reply=TO_BOB)),
    tap("eve", "delete", {}, "gone"),
    {"id": 8, "type": "identity", "identity": {"did": "did:plc:eve", "handle": "eve.org", "is_active": True}},
    {"uri": uri("fay"), "cid": "c", "value": record("fetched", reply=TO_BOB)},
    {"uri": uri("gil"), **record("by itself, with its address", reply=TO_BOB)},
    {"did": "did:plc:hal", "rkey": "h", **record("by itself, of somebody", reply=TO_BOB)},
    {"$type": "app.bsky.actor.profile", "displayName": "Nobody"},
]
LOST: list[Json] = [
    record("whose?"),
    event("ann", REPOST, "five", subject={"uri": "at://nowhere"}),
    event("ann", POST, "no record", **{"text": {"a": 1}}) | {"commit": {"operation": "create", "collection": POST}},
]


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return build(tmp_path_factory.mktemp("changes") / "events.jsonl", [*EVENTS, *LOST], keep_text=True)


def test_changes_give_posts_and_reposts(changes: Network) -> None:
    assert words(changes) == {
        "one: ann>bob reply",
        "two: ann>cat quote",
        "three: ann>bob reply",
        "1#reposted-by:did:plc:dan: dan>bob retweet",
        "t: eve>bob reply",
        "1: fay>bob reply",
        "1: gil>bob reply",
        "h: hal>bob reply",
    }
    posts = changes.posts.set_index("post_key")
    assert posts.loc["bluesky:" + uri("ann", "three"), "text"] == "new", "an update is the same post, newer"
    assert "bluesky:" + uri("ann", "one") in posts.index, "what was said had been said"
    assert posts.loc["bluesky:" + uri("ann", "ahead"), "created_at"].isoformat()[:19] == "2024-05-01T10:00:00"
    assert changes.audit["posts"]["came_along"] == 0


def test_changes_without_posts_are_known_and_posts_of_nobody_are_lost(changes: Network) -> None:
    totals = changes.audit["totals"]
    assert (totals["lines"], totals["kept"], totals["duplicates"], totals["unrecognised"]) == (22, 9, 1, 3)
    assert totals["without_posts"] == 9
    assert changes.audit["losses"] == {"unrecognised": 3}


def test_identity_events_tell_handles(changes: Network) -> None:
    accounts = changes.accounts.set_index("account_key").handle
    assert (accounts["bluesky:did:plc:dan"], accounts["bluesky:did:plc:eve"]) == ("dan.org", "eve.org")
    assert known(accounts["bluesky:did:plc:ann"]) is None


def test_the_same_post_of_both_keeps_the_counts_that_the_view_tells(tmp_path: Path) -> None:
    shown = view("ann", "one", reply=TO_BOB) | {"likeCount": 5}
    network = build(tmp_path / "both.jsonl", [EVENTS[0], shown])
    assert network.posts.likes.tolist() == [5]
    assert network.audit["totals"]["duplicates"] == 1
    assert sorted(network.audit["files"][0]["readers"]) == ["bluesky", "bluesky-record"]


# profiles, and values of the wrong kind


def test_profiles_by_themselves(tmp_path: Path) -> None:
    whole = author("ann", description="GP", followersCount=9, followsCount=8, postsCount=7)
    whole |= {"createdAt": "2023-01-01T00:00:00Z", "verification": {"verifiedStatus": "valid"}}
    (tmp_path / "profiles.json").write_bytes(orjson.dumps({"profiles": [whole, author("bob")]}))
    alone = netmed.build(tmp_path / "profiles.json")
    assert alone.audit["losses"] == {}
    assert (len(alone.posts), alone.audit["totals"]["without_posts"]) == (0, 2)
    build(tmp_path / "posts.jsonl", [{key: value for key, value in view("ann").items() if key != "author"}])
    network = netmed.build(tmp_path / "posts.jsonl", tmp_path / "profiles.json")
    (ann,) = network.accounts.itertuples()
    assert (ann.followers, ann.following, ann.posts_total) == (9, 8, 7)
    assert (ann.handle, ann.description, ann.verified, ann.created_at.year, ann.name) == (
        "ann.example.org",
        "GP",
        True,
        2023,
        "Ann",
    )


def spoiled(value: Any) -> list[Json]:
    """A view with each of its values, at any depth, replaced by one of another kind."""
    whole = view("ann", "base", "hi @bob", langs=["en"], tags=["x"], facets=[facet("hi @bob", "@bob", "bob")])
    whole["record"] |= {"reply": TO_BOB, "embed": quoting(uri("cat"))}
    whole["embed"] = {"$type": "app.bsky.embed.record#view", "record": {"uri": uri("cat"), "author": author("cat")}}
    found = []

    def spoil(inside: Any, write: Callable[[Any], Json]) -> None:
        pairs = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
        for key, kept in pairs:

            def replaced(new: Any, key: Any = key, inside: Any = inside) -> Json:
                copy = dict(inside) if isinstance(inside, dict) else list(inside)
                copy[key] = new
                return write(copy)

            found.append(replaced(value))
            spoil(kept, replaced)

    spoil(whole, lambda changed: changed)
    return [{**one, "uri": uri("ann", str(n))} for n, one in enumerate(found)]


def test_values_of_the_wrong_kind_null_their_column_alone(tmp_path: Path) -> None:
    records = [one for value in (5, [], {}, "\x00?", None, [[1]], {"a": 1}) for one in spoiled(value)]
    records = [{**one, "uri": uri("ann", str(n))} for n, one in enumerate(records)]
    events = [
        event("ann", POST, f"e{n}", **one["record"])
        for n, one in enumerate(records)
        if isinstance(one["record"], dict) and "text" in one["record"]
    ]
    network = build(tmp_path / "spoiled.jsonl", [*records, *events])
    totals = network.audit["totals"]
    assert totals["records"] == totals["lines"] == len(records) + len(events)
    # A record that is none at all is no post; everything else costs its own column.
    assert totals["kept"] > 0.95 * totals["lines"]
    assert set(network.events.source_key) == {"bluesky:did:plc:ann"}
    assert {"bluesky:did:plc:bob", "bluesky:did:plc:cat"} <= set(network.events.target_key)


# the simulated collection in this shape


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Json], set[reference.Event]]:
    """Flattened posts, and the events of what Bluesky can carry of them, with its keys."""
    folder = tmp_path_factory.mktemp("simulated")
    simulate.collection(400, folder / "pages.jsonl", seed=11)
    posts = [post for page in read_lines(folder / "pages.jsonl") for post in flatten(page)]
    network = build(folder / "carried.jsonl", [left for post in posts if (left := writer.carried(post))])
    keys = {"x:" + post["id"]: writer.key(post) for post in posts}
    wanted = {
        (keys[post], writer.account_key(source), writer.account_key(target), relation)
        for post, source, target, relation in events(network)
    }
    return posts, wanted


@pytest.mark.parametrize("write", [writer.write, writer.write_changes])
def test_the_simulated_collection_gives_the_same_events(
    write: Callable[[list[Json], Path], None], simulated: tuple[list[Json], set[reference.Event]], tmp_path: Path
) -> None:
    posts, wanted = simulated
    write(posts, tmp_path / "posts.jsonl")
    network = netmed.build(tmp_path / "posts.jsonl", relations=RELATIONS)
    assert network.audit["losses"] == {}
    assert events(network) - wanted == set()
    assert wanted - events(network) == set()
    assert len(wanted) > 400
