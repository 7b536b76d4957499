"""Against truth: on an invented collection the build finds the generator's events, exactly."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import pytest
from lines import Json
from shapes import read_lines, write_flat

import netmed
from netmed import Network, simulate
from netmed.schema import RELATIONS

POSTS = 3000


@dataclass(frozen=True)
class Made:
    """A network built from a collection, and the truth of the collection by kind of record."""

    network: Network
    summary: simulate.Summary
    truth: dict[str, list[Json]]


COLLECTIONS = [("page", 21), ("flat", 21), ("flat", 22)]


@pytest.fixture(scope="module", params=COLLECTIONS, ids=lambda case: f"{case[0]}-{case[1]}")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    shape, seed = request.param
    folder = tmp_path_factory.mktemp("truth")
    source = folder / "pages.jsonl"
    summary = simulate.collection(POSTS, source, seed=seed, truth=folder / "truth.jsonl")
    if shape == "flat":
        write_flat(source, folder / "flat.jsonl")
        source = folder / "flat.jsonl"
    truth: dict[str, list[Json]] = defaultdict(list)
    for line in read_lines(folder / "truth.jsonl"):
        truth[line.pop("record")].append(line)
    return Made(netmed.build(source, relations=RELATIONS), summary, truth)


def test_events_are_the_generator_s(made: Made):
    columns = ["post_key", "source_key", "target_key", "relation"]
    found = list(made.network.events[columns].itertuples(index=False, name=None))
    assert sorted(found) == sorted(tuple(event[name] for name in columns) for event in made.truth["event"])


def test_unresolved_are_the_generator_s(made: Made):
    lost = Counter(event["relation"] for event in made.truth["unresolved"])
    assert made.network.audit["events"]["unresolved_by_relation"] == dict(lost)
    assert made.summary.unresolved == made.network.audit["events"]["unresolved"] > 0


def test_posts_duplicates_and_edits_are_the_generator_s(made: Made):
    totals, posts = made.network.audit["totals"], made.network.audit["posts"]
    assert totals["records"] == made.summary.delivered
    assert totals["kept"] == posts["kept"] == made.summary.posts
    assert totals["duplicates"] == made.summary.duplicates > 0
    assert totals["edits"] == made.summary.superseded > 0
    assert posts["original"] == made.summary.originals == POSTS
    assert {kind: count for kind, count in posts["kinds"].items() if count} == made.summary.by_kind
    assert made.network.audit["losses"] == {}


def test_accounts_are_the_generator_s(made: Made):
    accounts = made.network.accounts.set_index("account_key")
    truth = {account["account_key"]: account for account in made.truth["account"]}
    assert set(accounts.index) == set(truth)
    assert accounts.n_posts.to_dict() == {key: account["n_posts"] for key, account in truth.items()}
    assert accounts.is_author.to_dict() == {key: account["is_author"] for key, account in truth.items()}
    known = {key: {one["handle"] for one in account["handles"]} for key, account in truth.items()}
    handles = accounts.handles.dropna()
    assert all(set(seen) <= known[key] for key, seen in handles.items())
    assert (handles.map(len) > 1).sum() > 0
    assert made.network.audit["identity"]["handle_only"] == 0


def test_edges_add_up_to_the_events(made: Made):
    weights: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in made.truth["event"]:
        if event["source_key"] != event["target_key"]:
            weights[event["source_key"], event["target_key"]].add(event["post_key"])
    edges = made.network.edges
    found = dict(zip(zip(edges.source_key, edges.target_key, strict=True), edges.weight, strict=True))
    assert found == {pair: len(posts) for pair, posts in weights.items()}
    assert made.network.audit["events"]["self"] == made.summary.self_events
