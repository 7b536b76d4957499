"""What an edge is, in words; each rule names the one place in the code that carries it out."""

import textwrap
from dataclasses import dataclass

from netmed.building.events import EVIDENCE
from netmed.provenance import RULES_VERSION


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its title, its words, and where it lives."""

    title: str
    words: str
    place: str


RULES = (
    Rule(
        "One event per post and target",
        "If a post addresses the same account in several ways, one counts, in this order: retweet; then reply and "
        "quote (both are kept); then a repost typed by hand; then a typed mention; then a mention the platform filled "
        "in. So a reply's automatic mention of the account replied to is the reply, and not counted again.",
        "building.events.by_precedence",
    ),
    Rule(
        "Mentions the platform filled in",
        "Handles that stand before the displayed text of a reply were put there by the platform: mention_auto. API "
        "v1.1 says where the text begins. Where the source does not, the run of mentions at the very start of a reply "
        "to a post, single spaces between, is taken for it, and resolved_by says leading_run: a heuristic. Before 30 "
        "March 2017 such handles were part of the text and typed by hand as often as not; the audit counts those "
        "replies. A directed post (@bob at the start, in reply to no post) was typed by hand altogether.",
        "building.events.mentions",
    ),
    Rule(
        "Reposts, and posts that came along",
        "A repost addresses the account it reposts and nobody else; mentions in it belong to the original's author. "
        "Only delivered posts make events. A post that merely came along (in includes, referenced_tweets, "
        "retweeted_status, quoted_status) lends its author and ids, is stored with in_collection false, and makes "
        "events only with --include-referenced. A post both delivered and brought along is delivered, once.",
        "building.events.retweets, building.posts.distinct",
    ),
    Rule(
        "A quote speaks for itself",
        "A quote addresses the account it quotes; its mentions are those of its own text, never those of the post "
        "it quotes. A repost of a quote is one repost.",
        "building.events.quotes",
    ),
    Rule(
        "Replies",
        "A reply addresses the account the platform names, with or without a post replied to. A reply that also quotes "
        "gives two relations but is one post: the weight of an edge counts it once per target.",
        "building.events.replies, building.tables.edges_table",
    ),
    Rule(
        "Self events",
        "Threads and other events of an account with itself stay among the events and make no edge; they are counted "
        "on the account (n_self_reply). An event whose target cannot be known is no row; the audit counts it.",
        "building.tables.edges_table, building.tables.accounts_table",
    ),
    Rule(
        "Duplicates and edits",
        "A post delivered twice counts once: its words from the fullest delivery, its counts from the newest. Versions "
        "of an edited post are one post under the id of the first, with the content of the newest. Both are counted in "
        "the audit.",
        "building.posts.distinct",
    ),
    Rule(
        "Missing authors",
        "Where the other post is gone, the edge is kept if anything tells the account: the id replied to, the handle "
        "after RT @, the handle in the link to the quoted post. Otherwise it is counted as unresolved. Nothing is "
        "invented: an unknown target is not the author, and a lost reply is not a mention.",
        "building.events.retweets, .replies, .quotes",
    ),
    Rule(
        "Handles",
        "An account is its id, never its handle. Handles match without regard to case and are looked up among all "
        "seen with an id, at the time of the post where several accounts held the handle; if two could have, it is "
        "ambiguous and stays a handle. Accounts known by handle only have keys like x:@handle.",
        "building.identity.resolve",
    ),
    Rule(
        "Reposts typed by hand",
        "A mention just after RT, MT or via, in a post that is no repost, is retweet_manual (common 2012 to 2014).",
        "building.events.mentions",
    ),
    Rule(
        "Time",
        "All times are UTC. Where a post has none, its X id tells it (ids since November 2010), and created_from says "
        "so.",
        "building.posts",
    ),
    Rule(
        "Ids",
        "Ids are text from end to end. A file whose ids a spreadsheet has rounded (1.23E+18, or zeros after the 15th "
        "digit in most rows) is refused: different posts would have become one.",
        "read.spreadsheets",
    ),
    Rule(
        "Original posts",
        "Original means: not a repost. Replies and quotes are original (the unit of the #MedEd study, JAMA 2023); the "
        "audit prints the split, so that both readings can be had.",
        "building.posts, building.audit",
    ),
    Rule(
        "Direction",
        "Edges point from the account that speaks to the account spoken to (attention); in-degree is being addressed. "
        "--direction flow turns all of them around, all relations alike.",
        "centrality",
    ),
)


def text(width: int = 88) -> str:
    """All rules as plain text, for ``netmed rules``."""
    lines = [f"What an edge is (rules version {RULES_VERSION})", ""]
    for number, rule in enumerate(RULES, start=1):
        lines += textwrap.wrap(f"{number:>2}. {rule.title}", width)
        lines += textwrap.wrap(rule.words, width, initial_indent="    ", subsequent_indent="    ")
        lines += [f"    in code: {rule.place}", ""]
    lines += ["What told the target (resolved_by):"]
    lines += [f"    {name:<20}{meaning}" for name, meaning in EVIDENCE.items()]
    return "\n".join(lines)
