"""Laws over random conversations: order, splitting and packing change no byte; sums hold; the rules hold.

A conversation has a hundred posts of a dozen accounts over ten years, in every shape X has, with
renames and reused handles, deleted posts, duplicates and edits. One build costs seconds, so the
examples are few and rich.
"""

import gzip
import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import V2, V11, Json, Mention, Person, Post, flat, line, page, stream, user, v11
from reference import read

import netmed
from netmed import Network
from netmed.schema import RELATIONS

FEW = settings(max_examples=3, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32)
TABLES = ("accounts", "posts", "events", "edges")
OUTCOMES = ("kept", "duplicates", "edits", "filtered", "without_posts", "unrecognised", "malformed")
WORDS = (
    "hm",
    "🩺",
    "👩‍⚕️ ",
    "expert",
    "obvia",
    "via",
    "RT",
    "MT:",
    "rt",
    "a@hospital.org",
    "#MedEd",
    "—",
    "\n",
    " ",
    "so",
)


class World:
    """Accounts that change their handles, and posts that refer to each other."""

    def __init__(self, chance: random.Random, shapes: Sequence[str]) -> None:
        self.chance, self.shapes = chance, shapes
        self.names: dict[str, list[tuple[int, str]]] = {}
        for number in range(12):
            first = f"name{number}"
            self.names[str(100 + number)] = [(0, first)] + ([(50, f"Other{number}")] if number % 4 == 0 else [])
        # the handle of account 100 is taken over by account 111, years later
        self.names["111"] = [(0, "late"), (75, "NAME0")]
        self.posts = [self.post(step) for step in range(100)]

    def person(self, step: int, identity: str | None = None) -> Person:
        identity = identity or self.chance.choice(list(self.names))
        return Person(identity, [handle for since, handle in self.names[identity] if since <= step][-1])

    def post(self, step: int) -> Post:
        chance, author = self.chance, self.person(step)
        at = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(days=36 * step, seconds=chance.randrange(86_400))
        facts: Json = {"id": str(10_000 + 10 * step), "author": author, "at": at.isoformat().replace("+00:00", ".000Z")}
        others = getattr(self, "_said", [])
        kind = chance.choice(("post", "reply", "quote", "both", "repost", "directed")) if others else "post"
        run: list[Person] = []
        if kind in ("reply", "both"):
            facts["reply_to"] = self.other(others)
            replied = facts["reply_to"].author
            facts["to"] = chance.choice((replied or self.person(step), None))
            run = [facts["to"] or self.person(step)] + [self.person(step) for _ in range(chance.randrange(3))]
        if kind in ("quote", "both"):
            facts["quotes"] = self.other(others)
            if chance.random() < 0.7:
                who = facts["quotes"].author or self.person(step, chance.choice(("100", "111", "104")))
                facts["urls"] = (f"https://twitter.com/{who.handle.upper()}/status/{facts['quotes'].id}",)
        if kind == "directed":
            run = [self.person(step), self.person(step)]
            facts["to"] = run[0]
        if kind == "repost":
            facts["reposts"] = self.other(others)
            who = facts["reposts"].author or self.person(step)
            facts["text"] = f"RT @{who.handle}: ok"
            facts["mentions"] = (Mention(3, 4 + len(who.handle), who.handle, who.id),)
        else:
            facts["text"], facts["mentions"] = self.text(step, run)
        facts["people"] = tuple(Person(m.id, m.handle) for m in facts["mentions"] if m.id)
        facts["is_delivered"] = chance.random() < 0.8
        facts["likes"] = chance.randrange(50)
        post = Post(**facts)
        self._said = [*others, post]
        return post

    def other(self, said: list[Post]) -> Post:
        """A post to refer to, with what it refers to left out; sometimes it is gone."""
        post = self.chance.choice(said)
        if self.chance.random() < 0.25:
            return Post("9" + post.id, None, "", is_gone=True)
        return replace(post, reply_to=None, quotes=None, reposts=None, to=None) if not post.reposts else post

    def text(self, step: int, run: Sequence[Person]) -> tuple[str, tuple[Mention, ...]]:
        written, mentions = "", []
        pieces: list[Person | str] = [*run]
        for _ in range(self.chance.randrange(6)):
            pieces.append(self.chance.choice((self.chance.choice(WORDS), self.person(step))))
        for piece in pieces:
            if isinstance(piece, Person):
                mentions.append(Mention(len(written), len(written) + 1 + len(piece.handle), piece.handle, piece.id))
                written += "@" + piece.handle
            else:
                written += piece
            written += self.chance.choice((" ", " ", " ", "  "))
        return written.rstrip() or "…", tuple(mentions)

    def records(self) -> list[Json]:
        """Lines in any shape; some posts come twice, with other counts; some edited."""
        chance, records = self.chance, []
        for post in self.posts:
            if not post.is_delivered:
                continue
            shape = chance.choice(self.shapes)
            if post.reposts is not None and post.reposts.is_gone and shape in V11:
                continue  # v1.1 has no repost of a post that is gone
            versions = [post]
            if shape in ("page", "flat") and post.reposts is None and chance.random() < 0.2:
                text, mentions = self.text(0, [])
                later = str(int(post.id) + 1)
                versions.append(replace(post, id=later, versions=(post.id, later), text=text, mentions=mentions))
            versions += [replace(versions[-1], likes=post.likes + 100)] * (chance.random() < 0.2)
            for version in versions:
                if shape == "page":
                    at = datetime.fromisoformat(str(post.at)) + timedelta(days=1)
                    records.append(page([version], retrieved=at.isoformat()))
                elif shape == "flat":
                    records += flat([version], retrieved=None)
                elif shape == "stream":
                    records.append(stream(version))
                else:
                    records.append(v11(version, extended=shape == "extended"))
        return records


def tables_hash(network: Path) -> str:
    return hashlib.sha256(b"".join((network / f"{name}.parquet").read_bytes() for name in TABLES)).hexdigest()


def events(network: Network) -> set[tuple[str, str, str, str]]:
    columns = ["post_key", "source_key", "target_key", "relation"]
    return set(network.events[columns].itertuples(index=False, name=None))


def pack(path: Path, content: bytes, how: str) -> None:
    if how == "gz":
        content = gzip.compress(content)
    elif how == "zst":
        content = zstandard.ZstdCompressor().compress(content)
    path.write_bytes(content)


STRAIGHT: dict[str, str] = {}


PACKINGS = st.lists(st.sampled_from(("plain", "gz", "zst")), min_size=2, max_size=3)


@given(order=st.randoms(use_true_random=False), parts=PACKINGS)
@settings(FEW, max_examples=2)
def test_order_splitting_packing_and_names_change_no_byte(order: random.Random, parts: list[str]):
    lines = [line(record) for record in World(random.Random(5), ("flat", "extended")).records()]
    with TemporaryDirectory() as name:
        folder = Path(name)
        if not STRAIGHT:
            (folder / "straight.jsonl").write_bytes(b"".join(lines))
            netmed.build(folder / "straight.jsonl", output=folder / "straight")
            STRAIGHT["hash"] = tables_hash(folder / "straight")
        order.shuffle(lines)
        piles: list[list[bytes]] = [[] for _ in parts]
        for one in lines:
            order.choice(piles).append(one)
        inputs = folder / "inputs"
        inputs.mkdir()
        for number, (pile, how) in enumerate(zip(piles, parts, strict=True)):
            ending = order.choice((".jsonl", ".txt", ".gz", ""))
            pack(inputs / f"{order.randrange(10**9)}-{number}{ending}", b"".join(pile), how)
        netmed.build(inputs, output=folder / "again")
        assert tables_hash(folder / "again") == STRAIGHT["hash"]


def test_records_that_differ_in_one_field_change_no_byte_either(tmp_path: Path):
    """The same post delivered twice, alike but for what one record lacks: whichever file it is in."""
    ann = Person("1", "ann")
    facts = {"tags": ("MedEd",), "urls": ("https://a.example/",), "likes": 3}
    whole = [
        Post(str(number), Person("2", "bob"), "hi @ann", mentions=(Mention(3, 7, "ann", "1"),), people=(ann,), **facts)
        for number in range(10, 14)
    ]
    less = [
        replace(whole[0], tags=()),
        replace(whole[1], urls=()),
        replace(whole[2], mentions=(Mention(3, 7, "ann", "3"),)),
        replace(whole[3], tags=("FOAMed",)),
    ]
    hashes = set()
    for one, other in ((whole, less), (less, whole)):
        (tmp_path / "a.jsonl").write_bytes(b"".join(line(record) for record in flat(one, retrieved=None)))
        (tmp_path / "b.jsonl").write_bytes(b"".join(line(record) for record in flat(other, retrieved=None)))
        netmed.build(tmp_path / "a.jsonl", tmp_path / "b.jsonl", output=tmp_path / "network", force=True)
        hashes.add(tables_hash(tmp_path / "network"))
    assert len(hashes) == 1


MALFORMED = (
    b"{",
    b'{"id": "1", "text": "x',
    b'{"a": "\xfe"}',
    b"{'id': 1}",
    b'{"id": 1} {"id": 2}',
    b"}",
    b'{"a": "\\ud800"}',
)
FOREIGN = (b"null", b"[1, 2]", b'"text"', b"17", b"{}", b'{"text": "no id"}', b'{"delete": {"id": 1}}', b'{"data": 5}')
POSTLESS = (
    b'{"meta": {"result_count": 0}}',
    line({"data": [user(Person("100", "name0"))]}),
    line(user(Person("101", "name1"))),
)


@given(seed=SEEDS)
@FEW
def test_sums_hold_and_events_agree_with_the_reference(seed: int):
    chance = random.Random(seed)
    records = World(chance, (chance.choice(V2), chance.choice(V11))).records()
    chosen = [chance.sample(kind, chance.randrange(len(kind))) for kind in (MALFORMED, FOREIGN, POSTLESS)]
    lines = [line(record) for record in records]
    lines += [one.rstrip(b"\n") + b"\n" for kind in chosen for one in kind]
    chance.shuffle(lines)
    for _ in range(3):
        lines.insert(chance.randrange(len(lines)), b" \n")
    cut = chance.randrange(len(lines))
    with TemporaryDirectory() as name:
        (Path(name) / "a").write_bytes(b"".join(lines[:cut]))
        (Path(name) / "b").write_bytes(b"".join(lines[cut:]))
        network = netmed.build(name, relations=("reply", "mention", "quote"), min_weight=2)
    audit, reading = network.audit, read(records)
    totals, found = audit["totals"], audit["events"]
    for entry in [*audit["files"], totals]:
        assert entry["records"] == sum(entry[outcome] for outcome in OUTCOMES)
    assert totals["lines"] == len(lines) - 3
    assert [totals[name] for name in ("malformed", "unrecognised", "without_posts")] == [len(kind) for kind in chosen]
    assert totals["kept"] == len(reading.collection)
    assert totals["kept"] + totals["duplicates"] + totals["edits"] == reading.delivered
    assert events(network) == reading.events
    assert found["unresolved_by_relation"] == dict(reading.unresolved)
    assert found["found"] == sum(
        found[name] for name in ("in_edges", "self", "other_relations", "below_min_weight", "unresolved")
    )
    assert found["found"] == len(reading.events) + reading.unresolved.total()
    assert found["self"] == sum(source == target for _, source, target, _ in reading.events)
    chosen_relations = {event for event in reading.events if event[3] in ("reply", "mention", "quote")}
    between = {event for event in chosen_relations if event[1] != event[2]}
    posts_of: dict[tuple[str, str], set[str]] = {}
    for post, source, target, _ in between:
        posts_of.setdefault((source, target), set()).add(post)
    heavy = {pair: len(posts) for pair, posts in posts_of.items() if len(posts) >= 2}
    edges = network.edges
    assert dict(zip(zip(edges.source_key, edges.target_key, strict=True), edges.weight, strict=True)) == heavy
    assert found["in_edges"] == sum(event[1:3] in heavy for event in between)
    assert {relation for *_, relation in reading.events} == set(RELATIONS), "the conversation is rich"
