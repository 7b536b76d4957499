"""An analyst's own mention and reply networks of a conference, made with rtweet, explained by our rules.

Their mention network has an edge for every row and every handle listed in it. Whatever it has and ours
has not is due to a rule of ours, one by one, and nothing remains; `docs/rlweek2017.md` has the numbers.
"""

import re
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from table_rows import cells

import netmed
from netmed import Network
from netmed.schema import RELATIONS

Pairs = Counter[tuple[str, str]]

DOCS = Path(__file__).parents[1] / "docs" / "rlweek2017.md"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "rlweek2017"


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    return cells(folder / "rlweek2017.csv")


@pytest.fixture(scope="module")
def ours(folder: Path) -> Network:
    return netmed.build(folder / "rlweek2017.csv", relations=RELATIONS, auto_mentions="include")


def analysts(path: Path) -> Pairs:
    """The edges of a GraphML file as pairs of names, in lower case."""
    graph = nx.read_graphml(path, force_multigraph=True)
    names = {vertex: str(data["name"]).lower() for vertex, data in graph.nodes(data=True)}
    return Counter((names[source], names[target]) for source, target in graph.edges())


def said(network: Network, *relations: str) -> Pairs:
    """Our events of these relations, self events too, as pairs of handles in lower case."""
    handles = network.accounts.set_index("account_key").handle.str.lower()
    chosen = network.events[network.events.relation.isin(relations)]
    return Counter(zip(chosen.source_key.map(handles), chosen.target_key.map(handles), strict=True))


def listed(row: dict[str, str]) -> list[str]:
    return row.get("mentions_screen_name", "").lower().split()


def test_replies_are_the_analyst_s(folder: Path, ours: Network):
    theirs = analysts(folder / "rlweek2017_replies.graphml")
    assert said(ours, "reply") == theirs
    assert theirs.total() == 12


def by_rule(rows: list[dict[str, str]], quoted: dict[str, str]) -> dict[str, Pairs]:
    """Every edge of the analyst's and the rule that decides about it; ``quoted``: authors of quoted posts by id."""
    found: dict[str, Pairs] = {
        name: Counter() for name in ("7", "3 reposted", "3 inside", "1 reply", "1 quote", "10", "mention")
    }
    seen = set()
    for row in rows:
        source = row["screen_name"].lower()
        for place, target in enumerate(listed(row)):
            before = re.split(rf"@{target}\b", row["text"], flags=re.IGNORECASE)[0]
            if row["status_id"] in seen:
                rule = "7"
            elif "retweet_status_id" in row:
                rule = "3 inside" if place else "3 reposted"
            elif target == row.get("in_reply_to_status_screen_name", "").lower():
                rule = "1 reply"
            elif "quote_status_id" in row and quoted.get(row["quote_status_id"]) == target:
                rule = "1 quote"
            elif re.search(r"(?<!\w)(rt|mt|via)\s*:?\s*$", before, re.IGNORECASE):
                rule = "10"
            else:
                rule = "mention"
            found[rule][source, target] += 1
        seen.add(row["status_id"])
    return found


@pytest.fixture(scope="module")
def explained(rows: list[dict[str, str]]) -> dict[str, Pairs]:
    return by_rule(rows, {row["status_id"]: row["screen_name"].lower() for row in rows})


def test_the_analyst_s_mentions_are_ours_and_what_the_rules_leave_out(
    folder: Path, ours: Network, explained: dict[str, Pairs]
):
    theirs = analysts(folder / "rlweek2017_mentions.graphml")
    assert theirs.total() == 297
    assert said(ours, "mention", "mention_auto") == explained["mention"]
    assert sum(explained.values(), Counter()) == theirs, "to zero remainder"


def test_what_the_rules_leave_out_is_elsewhere_among_our_events(ours: Network, explained: dict[str, Pairs]):
    assert said(ours, "retweet") == explained["3 reposted"], "a repost is one edge, to the author reposted"
    assert explained["1 reply"] <= said(ours, "reply")
    assert explained["1 quote"] <= said(ours, "quote")
    assert said(ours, "retweet_manual") == explained["10"]
    assert ours.audit["totals"]["duplicates"] == 3


def test_the_table_in_the_docs_has_these_numbers(ours: Network, explained: dict[str, Pairs]):
    text = DOCS.read_text(encoding="utf-8")
    table = {
        cell[0].strip(): int(cell[1])
        for line in text.splitlines()
        if len(cell := line.strip("| ").rsplit("|", 1)) == 2 and cell[1].strip().isdigit()
    }
    numbers = {rule: pairs.total() for rule, pairs in explained.items()}
    assert list(table.values()) == [297, *numbers.values()]
    assert sum(numbers.values()) == 297
    between = [edge for edge in said(ours, "mention", "mention_auto").elements() if edge[0] != edge[1]]
    assert f"{len(between)} of them join two accounts" in text
    assert f"{numbers['mention'] - len(between)} a self mention" in text
