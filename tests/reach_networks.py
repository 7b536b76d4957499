"""Networks with posts, events and followers made by hand or drawn, for tests of the ladder of reach."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networks

from netmed import schema
from netmed.network import Network

Row = Mapping[str, Any]


def posted(
    posts: Iterable[Row] = (),
    events: Iterable[tuple[str, str, str, str]] = (),
    profiles: Mapping[str, Row] | None = None,
    edges: Iterable[networks.Edge] = (),
) -> Network:
    """A network of posts (key, author, kind, … by name) and events (post, source, target, relation).

    ``n_original`` is counted from the posts; keys are handles.
    """
    rows = [{"in_collection": True, "kind": "post", **post} for post in posts]
    made = networks.network(edges, sorted({*(profiles or {}), *(p["author_key"] for p in rows if p.get("author_key"))}))
    keys = list(made.accounts["account_key"])
    mine = [r.get("author_key") for r in rows if r["kind"] != "retweet" and r["in_collection"]]
    people = [
        {"account_key": k, "handle": k, "name": k.title(), "n_original": mine.count(k), **(profiles or {}).get(k, {})}
        for k in keys
    ]
    said = [
        {"post_key": post, "source_key": source, "target_key": target, "relation": relation, "resolved_by": "id"}
        for post, source, target, relation in events
    ]
    return Network(
        {
            "accounts": networks.table(schema.ACCOUNTS, people),
            "posts": networks.table(schema.POSTS, rows),
            "events": networks.table(schema.EVENTS, said),
            "edges": made.edges,
        },
        provenance=made.provenance,
    )


def followed(lists: Mapping[str, Sequence[str]], amplified: Iterable[tuple[str, str]]) -> Network:
    """Accounts with these followers; ``amplified`` are pairs (who, by whom), a repost each of one post."""
    pairs = list(amplified)
    posts: list[Row] = [{"post_key": f"p_{key}", "author_key": key} for key in lists]
    posts += [
        {"post_key": f"r{i}", "author_key": by, "kind": "retweet", "retweeted_post_key": f"p_{who}"}
        for i, (who, by) in enumerate(pairs)
    ]
    events = [(f"r{i}", by, who, "retweet") for i, (who, by) in enumerate(pairs)]
    return posted(posts, events, {key: {"followers": len(set(names))} for key, names in lists.items()})


def as_csv(lists: Mapping[str, Sequence[str]]) -> str:
    """The lists as ``follower,followee``."""
    return "follower,followee\n" + "".join(f"{name},{key}\n" for key, names in lists.items() for name in names)
