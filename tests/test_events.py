"""Rules 1 to 6, 8 and 10, each on tiny conversations in every shape X has; values by hand.

All conversations of one shape go through one build; each has its own accounts and posts.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from lines import SHAPES, V2, Case, Json, render, write

import netmed
from netmed import Network
from netmed.schema import RELATIONS

GIVEN = "2020-03-01T12:00:00.000Z"
MEDICAL = "👩‍⚕️🩺"
"""Five code points of two signs: offsets count code points."""


@dataclass(frozen=True)
class Example:
    """One conversation, in which shapes it can be had, and its events; what differs by shape beside."""

    name: str
    write: Callable[[Case], Any]
    events: frozenset[str]
    shapes: Sequence[str] = SHAPES
    unlike: tuple[tuple[str, frozenset[str]], ...] = ()

    def expected(self, shape: str) -> frozenset[str]:
        return dict(self.unlike).get(shape, self.events)


EXAMPLES: list[Example] = []
UNRESOLVED: dict[str, Sequence[str]] = {}


def example(
    name: str,
    write: Callable[[Case], Any],
    *events: str,
    shapes: Sequence[str] = SHAPES,
    unresolved: Sequence[str] = (),
    **unlike: Sequence[str],
) -> None:
    UNRESOLVED[name] = unresolved
    differing = tuple((shape, frozenset(found)) for shape, found in unlike.items())
    EXAMPLES.append(Example(name, write, frozenset(events), tuple(shapes), differing))


# rule 1: one event per post and target, by precedence

example(
    "rule_1_retweet_over_mention",
    lambda c: c.post("o", "ann", "hi", is_delivered=False).post("p", "bob", "RT @ann: hi @ann", reposts="o"),
    "p bob>ann retweet",
)
example(
    "rule_1_reply_over_mention",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "yes @ann said so", reply_to="o"),
    "p bob>ann reply",
)
example(
    "rule_1_reply_over_mention_auto",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann yes", reply_to="o"),
    "p bob>ann reply",
)
example(
    "rule_1_reply_over_retweet_manual",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "so true RT @ann: hi", reply_to="o"),
    "p bob>ann reply",
)
example(
    "rule_1_reply_and_quote_are_both_kept",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann see", reply_to="o", quotes="o"),
    "p bob>ann reply",
    "p bob>ann quote",
)
example(
    "rule_1_quote_over_retweet_manual",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "indeed RT @ann: hi", quotes="o"),
    "p bob>ann quote",
)
example(
    "rule_1_quote_over_mention",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "well said @ann", quotes="o"),
    "p bob>ann quote",
)
example(
    "rule_1_quote_over_mention_auto",
    lambda c: (
        c.post("o", "cat", "hi").post("q", "ann", "x").post("p", "bob", "@cat @ann see", reply_to="o", quotes="q")
    ),
    "p bob>cat reply",
    "p bob>ann quote",
)
example(
    "rule_1_retweet_manual_over_mention",
    lambda c: c.post("p", "bob", "thanks @ann RT @ann: hi"),
    "p bob>ann retweet_manual",
)
example(
    "rule_1_retweet_manual_over_mention_auto",
    lambda c: c.post("o", "cat", "hi").post("p", "bob", "@cat @ann RT @ann: hi", reply_to="o"),
    "p bob>cat reply",
    "p bob>ann retweet_manual",
)
example(
    "rule_1_mention_over_mention_auto",
    lambda c: c.post("o", "cat", "hi").post("p", "bob", "@cat @ann and I mean you @ann", reply_to="o"),
    "p bob>cat reply",
    "p bob>ann mention",
)
example("rule_1_the_same_account_twice", lambda c: c.post("p", "bob", "hi @ann, @ANN!"), "p bob>ann mention")

# rule 2: leading mentions that the platform filled in

example(
    "rule_2_leading_run",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann @cat @dan thanks @eve", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention_auto",
    "p bob>dan mention_auto",
    "p bob>eve mention",
)
example(
    "rule_2_run_of_mentions_and_nothing_else",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann @cat ", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention_auto",
)
example(
    "rule_2_run_broken_by_a_word",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann and @cat @dan", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
    "p bob>dan mention",
)
example(
    "rule_2_run_broken_by_two_spaces",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann  @cat hi", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_2_run_broken_by_a_new_line",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann\n@cat hi", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_2_run_broken_by_a_comma",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann,@cat hi", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_2_run_that_does_not_start_at_0",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", ".@ann @cat hi", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_2_emoji_before_the_run",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", MEDICAL + " @ann @cat hi", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_2_emoji_after_the_run",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", f"@ann @cat {MEDICAL} @dan RT @eve", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention_auto",
    "p bob>dan mention",
    "p bob>eve retweet_manual",
)
example(
    "rule_2_display_text_range_tells_exactly",
    # the platform hid @ann (5 code points of "@ann_" and the case number are shown_from): @cat was typed
    lambda c: c.post("o", "ann", "hi").post(
        "p", "bob", "@ann @cat hi", reply_to="o", shown_from=len(f"@{c.person('ann').handle} ")
    ),
    "p bob>ann reply",
    "p bob>cat mention_auto",
    extended=["p bob>ann reply", "p bob>cat mention"],
)
example(
    "rule_2_display_text_range_over_any_gap",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann  @cat hi", reply_to="o", shown_from=200),
    "p bob>ann reply",
    "p bob>cat mention",
    extended=["p bob>ann reply", "p bob>cat mention_auto"],
)
example(
    "rule_2_display_text_range_missing",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann @cat hi @dan", reply_to="o", shown_from=None),
    "p bob>ann reply",
    "p bob>cat mention_auto",
    "p bob>dan mention",
)
example(
    "rule_2_a_post_that_is_no_reply_has_none",
    lambda c: c.post("p", "bob", "@ann @cat hi", shown_from=0),
    "p bob>ann mention",
    "p bob>cat mention",
)
example(
    "rule_2_a_quote_has_none",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@cat @dan look", quotes="o"),
    "p bob>ann quote",
    "p bob>cat mention",
    "p bob>dan mention",
)
example(
    "rule_2_participants_of_a_thread_of_one's_own",
    lambda c: c.post("o", "ann", "hi @bob").post("p", "ann", "@bob and more", reply_to="o"),
    "o ann>bob mention",
    "p ann>ann reply",
    "p ann>bob mention_auto",
)
example(
    "rule_2_manual_repost_inside_the_run_is_auto_where_hidden",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", "@ann @cat via", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention_auto",
)
example(
    "rule_2_long_text_where_it_is_whole",
    lambda c: c.post("o", "ann", "hi").post("p", "bob", f"@ann @cat {'word ' * 40}@dan", reply_to="o"),
    "p bob>ann reply",
    "p bob>cat mention_auto",
    "p bob>dan mention",
)

# rule 3: reposts, and posts that came along

example(
    "rule_3_a_repost_and_nothing_else",
    lambda c: c.post("o", "ann", "hi @cat", is_delivered=False).post("p", "bob", "RT @ann: hi @cat", reposts="o"),
    "p bob>ann retweet",
)
example(
    "rule_3_delivered_and_brought_along_is_delivered_once",
    lambda c: c.post("o", "ann", "hi @cat").post("p", "bob", "RT @ann: hi @cat", reposts="o"),
    "o ann>cat mention",
    "p bob>ann retweet",
)
example(
    "rule_3_what_a_reply_brought_along_makes_no_events",
    lambda c: c.post("o", "ann", "hi @cat", is_delivered=False).post("p", "bob", "@ann yes", reply_to="o"),
    "p bob>ann reply",
)
example(
    "rule_3_a_repost_by_oneself",
    lambda c: c.post("o", "ann", "hi @cat").post("p", "ann", "RT @ann: hi @cat", reposts="o"),
    "o ann>cat mention",
    "p ann>ann retweet",
)
example(
    "rule_3_a_repost_of_a_reply",
    lambda c: (
        c.post("a", "ann", "hi")
        .post("o", "cat", "@ann @dan no", reply_to="a", is_delivered=False)
        .post("p", "bob", "RT @cat: @ann @dan no", reposts="o")
    ),
    "p bob>cat retweet",
)
example(
    "rule_3_a_repost_without_mentions",
    lambda c: c.post("o", "ann", "hi", is_delivered=False).post("p", "bob", "RT ann: hi", reposts="o"),
    "p bob>ann retweet",
)
example(
    "bug_tidytags_every_repost_has_its_own_author",
    lambda c: (
        c.post("o", "ann", "1", is_delivered=False)
        .post("u", "cat", "2", is_delivered=False)
        .post("p", "bob", "RT @ann: 1", reposts="o")
        .post("q", "bob", "RT @cat: 2", reposts="u")
    ),
    "p bob>ann retweet",
    "q bob>cat retweet",
)
example(
    "bug_dmi_tcat_a_repost_of_a_post_that_names_you_is_no_self_mention",
    lambda c: c.post("o", "ann", "hi @bob", is_delivered=False).post("p", "bob", "RT @ann: hi @bob", reposts="o"),
    "p bob>ann retweet",
)
example(
    "bug_4cat_a_repeated_mention_is_not_the_author",
    lambda c: c.post("p", "bob", "@ann @ann @ann @cat"),
    "p bob>ann mention",
    "p bob>cat mention",
)

# rule 4: quotes

example(
    "rule_4_a_quote's_mentions_are_its_own",
    lambda c: c.post("o", "ann", "hi @cat", is_delivered=False).post("p", "bob", "look @dan", quotes="o"),
    "p bob>ann quote",
    "p bob>dan mention",
)
example(
    "rule_4_a_repost_of_a_quote_is_one_repost",
    lambda c: (
        c.post("o", "ann", "hi @cat", is_delivered=False)
        .post("q", "dan", "look @eve", quotes="o", is_delivered=False)
        .post("p", "bob", "RT @dan: look @eve", reposts="q")
    ),
    "p bob>dan retweet",
)
example(
    "rule_4_a_quote_of_oneself",
    lambda c: c.post("o", "ann", "hi").post("p", "ann", "again", quotes="o"),
    "p ann>ann quote",
)
example(
    "rule_4_a_quote_of_a_quote",
    lambda c: (
        c.post("o", "ann", "hi")
        .post("q", "bob", "look", quotes="o", is_delivered=False)
        .post("p", "cat", "and look", quotes="q")
    ),
    "p cat>bob quote",
)

# rule 5: directed posts; a reply that also quotes

example(
    "rule_5_a_directed_post_is_a_reply",
    lambda c: c.post("p", "bob", "@ann good morning", to="ann"),
    "p bob>ann reply",
)
example(
    "rule_5_nothing_was_filled_in_for_a_directed_post",
    lambda c: c.post("p", "bob", "@ann @cat good morning", to="ann"),
    "p bob>ann reply",
    "p bob>cat mention",
)
example(
    "rule_5_a_reply_that_quotes_another",
    lambda c: c.post("o", "ann", "hi").post("q", "cat", "ho").post("p", "bob", "@ann see", reply_to="o", quotes="q"),
    "p bob>ann reply",
    "p bob>cat quote",
)

# rule 6: self events

example(
    "rule_6_a_thread",
    lambda c: c.post("o", "ann", "1/").post("p", "ann", "2/", reply_to="o").post("q", "ann", "3/", reply_to="p"),
    "p ann>ann reply",
    "q ann>ann reply",
)
example("rule_6_a_mention_of_oneself", lambda c: c.post("p", "ann", "I am @ann"), "p ann>ann mention")

# rule 8: missing authors

example(
    "rule_8_reply_to_a_deleted_post_by_the_id_replied_to",
    lambda c: c.post("p", "bob", "@ghost hi", reply_to="gone", to="ghost"),
    "p bob>ghost reply",
)
example(
    "rule_8_a_lost_reply_is_no_mention_and_not_the_author",
    lambda c: c.post("p", "bob", "@ghost hi", reply_to="gone", to=None),
    "p bob>ghost mention_auto",
    unresolved=["reply"],
)
example(
    "rule_8_a_lost_reply_without_mention",
    lambda c: c.post("p", "bob", "hi", reply_to="gone", to=None),
    unresolved=["reply"],
)
example(
    "rule_8_the_author_of_the_post_replied_to",
    lambda c: c.post("o", "ann", "hi", is_delivered=False).post("p", "bob", "hi", reply_to="o", to=None),
    "p bob>ann reply",
    shapes=V2,
)
example(
    "rule_8_repost_of_a_deleted_post_by_the_mention_at_offset_3",
    lambda c: c.post("p", "bob", "RT @ghost: hi @cat", reposts="gone"),
    "p bob>ghost retweet",
    shapes=V2,
)
example(
    "rule_8_repost_without_prefix_is_unresolved",
    lambda c: c.post("p", "bob", "hi @cat", reposts="gone"),
    shapes=V2,
    unresolved=["retweet"],
)
example(
    "rule_8_offset_3_only_after_RT",
    lambda c: c.post("p", "bob", "ha @cat", reposts="gone"),
    shapes=V2,
    unresolved=["retweet"],
)
example(
    "rule_8_quote_of_a_deleted_post_by_its_link",
    lambda c: c.post(
        "p", "bob", "look", quotes="gone", urls=(f"https://twitter.com/Ghost_{c.number}/status/{c.number}900",)
    ),
    "p bob>@ghost quote",
)
example(
    "rule_8_the_link_to_another_post_tells_nothing",
    lambda c: c.post(
        "p", "bob", "look", quotes="gone", urls=(f"https://twitter.com/Ghost_{c.number}/status/{c.number}9",)
    ),
    unresolved=["quote"],
)
example(
    "rule_8_a_link_without_a_handle_tells_nothing",
    lambda c: c.post("p", "bob", "look", quotes="gone", urls=(f"https://twitter.com/i/web/status/{c.number}900",)),
    unresolved=["quote"],
)
example(
    "rule_8_links_of_another_place_tell_nothing",
    lambda c: c.post("p", "bob", "look", quotes="gone", urls=(f"https://twitter.example/ghost/status/{c.number}900",)),
    unresolved=["quote"],
)
example(
    "rule_8_links_in_other_spellings",
    lambda c: c.post(
        "p", "bob", "x", quotes="gone", urls=(f"http://mobile.twitter.com/ghost_{c.number}/status/{c.number}900?s=20",)
    ).post(
        "q",
        "bob",
        "x",
        quotes="gone2",
        urls=("https://a.example", f"https://x.com/ghost_{c.number}/status/{c.number}902/photo/1"),
    ),
    "p bob>@ghost quote",
    "q bob>@ghost quote",
)
example(
    "bug_voson_an_unknown_target_is_not_the_author",
    lambda c: c.post("p", "bob", "look", quotes="gone").post("q", "bob", "hm", reply_to="gone2", to=None),
    unresolved=["quote", "reply"],
)
example(
    "bug_a_missing_author_does_not_crash",
    lambda c: c.post("p", None, "hi @ann").post("q", "bob", "hi @ann"),
    "q bob>ann mention",
    shapes=V2,
    unresolved=["mention"],
)
example(
    "rule_8_an_unknown_author_of_one_post_and_target_is_one_loss",
    lambda c: c.post("o", "ann", "hi").post("p", None, "@ann hi @ann", reply_to="o"),
    shapes=V2,
    unresolved=["reply"],
)

# rule 10: reposts typed by hand; mentions are entities

for name, text in {
    "RT": "RT @ann: hi",
    "MT": "so true MT @ann hi",
    "via": "read this (via @ann)",
    "lower_case": "so true rt @ann hi",
    "mixed_case": "read this Via @ann",
    "RT_with_colon": "RT: @ann hi",
    "RT_without_space": "RT@ann hi",
    "after_a_bracket": "agreed [RT @ann: hi]",
    "after_emoji": MEDICAL + "RT @ann: hi",
    "after_a_new_line": "agreed\nRT @ann hi",
}.items():
    example(f"rule_10_manual_{name}", lambda c, text=text: c.post("p", "bob", text), "p bob>ann retweet_manual")
for name, text in {
    "expert": "ask an expert @ann",
    "obvia": "cosa obvia @ann",
    "Bolívia": "aqui na Bolívia @ann",
    "digits": "a2RT @ann",
    "underscore": "my_via @ann",
    "word_between": "RT from @ann",
    "expert_far": "ask an expert      @ann",
    "after_it": "@ann RT this",
}.items():
    example(f"rule_10_no_manual_{name}", lambda c, text=text: c.post("p", "bob", text), "p bob>ann mention")
example(
    "rule_10_a_chain_of_manual_reposts",
    lambda c: c.post("p", "bob", "yes RT @ann: RT @cat: hi @dan"),
    "p bob>ann retweet_manual",
    "p bob>cat retweet_manual",
    "p bob>dan mention",
)
example(
    "bug_tsm_an_address_is_no_mention",
    lambda c: c.post("p", "bob", "write to a@hospital.org").post("q", "bob", "hi @ann, b@hospital.org"),
    "q bob>ann mention",
)
example(
    "bug_twitwi_explorer_reply_to_a_deleted_post_is_a_reply_and_typed_mentions_stay",
    lambda c: (
        c.post("o", "ann", "hi")
        .post("p", "bob", "@ann thanks @cat", reply_to="o")
        .post("q", "dan", "@ghost hi", reply_to="gone", to="ghost")
    ),
    "p bob>ann reply",
    "p bob>cat mention",
    "q dan>ghost reply",
)


@dataclass(frozen=True)
class Told:
    """The network of all examples in all shapes, and the conversations by shape and name."""

    network: Network
    cases: dict[str, dict[str, Case]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    cases: dict[str, dict[str, Case]] = {shape: {} for shape in SHAPES}
    records: list[Json] = []
    for place, shape in enumerate(SHAPES):
        for number, one in enumerate(EXAMPLES, start=1000 * (place + 1)):
            if shape in one.shapes:
                case = cases[shape][one.name] = Case(number)
                one.write(case)
                records += render(case.delivered, shape)
    path = write(tmp_path_factory.mktemp("events") / "all.jsonl", records)
    return Told(netmed.build(path, relations=RELATIONS), cases)


def events_of(network: Network) -> list[tuple[str, str, str, str]]:
    columns = ["post_key", "source_key", "target_key", "relation"]
    return list(network.events[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("shape", "one"), [pytest.param(s, one, id=f"{one.name}-{s}") for one in EXAMPLES for s in one.shapes]
)
def test_rule(told: Told, shape: str, one: Example):
    assert told.cases[shape][one.name].words(events_of(told.network)) == one.expected(shape)


def test_rule_8_what_nobody_can_know_is_counted(told: Told):
    lost = Counter(relation for shape in SHAPES for name in told.cases[shape] for relation in UNRESOLVED[name])
    events = told.network.audit["events"]
    assert events["unresolved_by_relation"] == dict(lost)
    assert events["found"] == len(told.network.events) + lost.total()


def resolved_by(told: Told, shape: str, example: str) -> dict[str, str]:
    network, case = told.network, told.cases[shape][example]
    rows = network.events[network.events.post_key.isin(["x:" + post.id for post in case.posts.values()])]
    told_by = {}
    for row in rows.itertuples():
        (words,) = case.words([(row.post_key, row.source_key, row.target_key, row.relation)])
        told_by[words] = row.resolved_by
    return told_by


def test_rule_2_resolved_by_says_what_was_a_heuristic(told: Told):
    name = "rule_2_leading_run"
    for shape in ("page", "flat", "stream", "compat"):
        assert resolved_by(told, shape, name)["p bob>cat mention_auto"] == "leading_run"
    assert resolved_by(told, "extended", name)["p bob>cat mention_auto"] == "display_text_range"
    whole = "rule_2_long_text_where_it_is_whole"
    assert resolved_by(told, "compat", whole)["p bob>cat mention_auto"] == "display_text_range"


def test_rule_8_resolved_by_says_what_told(told: Told):
    assert resolved_by(told, "page", "rule_8_repost_of_a_deleted_post_by_the_mention_at_offset_3") == {
        "p bob>ghost retweet": "rt_prefix"
    }
    assert resolved_by(told, "page", "rule_8_the_author_of_the_post_replied_to") == {
        "p bob>ann reply": "referenced_post"
    }
    for shape in SHAPES:
        assert resolved_by(told, shape, "rule_8_reply_to_a_deleted_post_by_the_id_replied_to") == {
            "p bob>ghost reply": "in_reply_to"
        }
        assert resolved_by(told, shape, "rule_8_quote_of_a_deleted_post_by_its_link") == {
            "p bob>@ghost quote": "status_url"
        }
        assert resolved_by(told, shape, "rule_4_a_quote's_mentions_are_its_own") == {
            "p bob>ann quote": "referenced_post",
            "p bob>dan mention": "mention",
        }


# edges: what events become


def edges_of(told: Told, shape: str, example: str) -> dict[tuple[str, str], dict[str, Any]]:
    network = told.network
    names = {f"x:{person.id}": name for name, person in told.cases[shape][example].people.items()}
    rows = network.edges[network.edges.source_key.isin(names)]
    return {(names[row["source_key"]], names[row["target_key"]]): row for row in rows.to_dict("records")}


@pytest.mark.parametrize("shape", SHAPES)
def test_rule_5_a_reply_that_quotes_its_target_weighs_1(told: Told, shape: str):
    edges = edges_of(told, shape, "rule_1_reply_and_quote_are_both_kept")
    assert list(edges) == [("bob", "ann")]
    assert (edges["bob", "ann"]["weight"], edges["bob", "ann"]["n_reply"], edges["bob", "ann"]["n_quote"]) == (1, 1, 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_rule_6_self_events_make_no_edge_and_are_counted(told: Told, shape: str):
    network, cases = told.network, told.cases[shape]
    assert not edges_of(told, shape, "rule_6_a_thread")
    ann = network.accounts.set_index("account_key").loc["x:" + str(cases["rule_6_a_thread"].people["ann"].id)]
    assert (ann["n_posts"], ann["n_reply"], ann["n_self_reply"], ann["is_author"]) == (3, 2, 2, True)
    assert (network.edges.source_key != network.edges.target_key).all()
    own = (network.events.source_key == network.events.target_key).sum()
    assert network.audit["events"]["self"] == own > 5


@pytest.mark.parametrize("shape", SHAPES)
def test_bug_rtweet_every_relation_points_from_the_speaker(told: Told, shape: str):
    """All made by bob: every edge of these starts at bob, quotes too."""
    for name in ("rule_4_a_quote's_mentions_are_its_own", "rule_3_a_repost_and_nothing_else", "rule_2_leading_run"):
        assert {source for source, _ in edges_of(told, shape, name)} == {"bob"}


def test_edges_are_the_events_added_up(told: Told):
    network = told.network
    weights: dict[tuple[str, str], set[str]] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    for post, source, target, relation in events_of(network):
        if source != target:
            weights.setdefault((source, target), set()).add(post)
            counts[source, target, relation] += 1
    edges = {(row["source_key"], row["target_key"]): row for row in network.edges.to_dict("records")}
    assert {pair: row["weight"] for pair, row in edges.items()} == {pair: len(posts) for pair, posts in weights.items()}
    for (source, target), row in edges.items():
        for relation in RELATIONS:
            assert row[f"n_{relation}"] == counts[source, target, relation]


def test_accounts_are_authors_and_both_ends_of_every_event(told: Told):
    """A profile that only came along (the author of a post that came along, unaddressed) is no account."""
    network = told.network
    case = told.cases["page"]["rule_4_a_repost_of_a_quote_is_one_repost"]
    known = set(network.accounts.account_key)
    assert {name: f"x:{person.id}" in known for name, person in case.people.items()} == {
        "ann": False,
        "cat": False,
        "dan": True,
        "eve": False,
        "bob": True,
    }
    ends = set(network.events.source_key) | set(network.events.target_key)
    collected = network.posts[network.posts.in_collection]
    assert known == ends | set(collected.author_key.dropna())
    assert network.accounts.account_key.is_monotonic_increasing


def test_rule_14_flow_turns_every_relation_around(told: Told):
    network = told.network
    attention = netmed.centrality.scores(network, measures=["in_degree", "out_degree"])
    flow = netmed.centrality.scores(network, measures=["in_degree", "out_degree"], direction="flow")
    attention, flow = (frame.set_index("account_key").sort_index() for frame in (attention, flow))
    assert attention.in_degree.sum() == len(network.edges)
    assert attention.in_degree.tolist() == flow.out_degree.tolist()
    assert attention.out_degree.tolist() == flow.in_degree.tolist()
    assert attention.in_degree.tolist() != attention.out_degree.tolist()
