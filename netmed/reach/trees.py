"""Observed cascades: which posts hang on which, by reposts, replies and quotes, and how far.

A post hangs on the one it reposts, else on the one it replies to, else on the one it quotes, if that post is in
the data. The first post of a chain starts the cascade. The way to it is doubled at every step, so that a thread of
a million replies takes twenty steps.
"""

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from netmed.reach.relational import Tables

COLUMNS = ("cascade_size_mean", "cascade_size_max", "cascade_depth")


def observed(tables: Tables) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Size and depth of the cascades that each account started, and what became of all posts.

    Returns
    -------
    ``account_key, cascades, cascade_size_mean, cascade_size_max, cascade_depth``: one row per author of a post of
    the collection that starts a cascade, if only of itself; and counts of posts that sum.
    """
    engine, posts = tables.engine, tables.posts
    numbered = engine.store(
        "posts_numbered",
        posts.select(
            "post_key",
            "author_key",
            is_start=posts.in_collection & (posts.kind != "retweet"),
            parent_key=ibis.coalesce(posts.retweeted_post_key, posts.reply_to_post_key, posts.quoted_post_key),
            number=ibis.row_number(),
        ),
    )
    state = _with_parents(tables, numbered)
    steps = 1
    while tables.n_posts > 1 << (steps - 1) and _moves(state):
        state = engine.store(f"posts_up_{steps}", _doubled(state))
        steps += 1
    is_ring = _unsettled(state)
    rings = state.filter(is_ring)
    whole = state.filter(~is_ring)
    trees = whole.group_by("up").agg(size=whole.count(), depth=whole.far.max())
    trees = trees.inner_join(numbered, trees.up == numbered.number)
    trees = engine.store("trees", trees.select("author_key", "is_start", "size", "depth"))
    own = trees.filter(trees.is_start, trees.author_key.notnull())
    table = own.group_by(account_key=own.author_key).agg(
        cascades=own.count(),
        cascade_size_mean=own["size"].mean(),
        cascade_size_max=own["size"].max(),
        cascade_depth=own.depth.max(),
    )
    said = {
        "posts": tables.n_posts,
        "posts_in_cascades_of_the_collection": int(own["size"].sum().execute() or 0),
        "posts_in_rings": int(rings.count().execute()),
    }
    said["posts_in_other_cascades"] = tables.n_posts - sum(list(said.values())[1:])
    return table.execute(), said


def _with_parents(tables: Tables, numbered: ir.Table) -> ir.Table:
    """``number, up, far``: one step up, or itself where a post hangs on none that is known."""
    parents = numbered.select(their_key="post_key", parent="number")
    joined = numbered.left_join(parents, numbered.parent_key == parents.their_key)
    has_parent = joined.parent.notnull() & (joined.parent != joined.number)
    first = joined.select(
        "number",
        up=ibis.ifelse(has_parent, joined.parent, joined.number),
        far=has_parent.cast("int64"),
    )
    return tables.engine.store("posts_up_0", first)


def _doubled(state: ir.Table) -> ir.Table:
    """Twice as far up: to where the post stands that this one has come to."""
    ahead = state.select(place="number", further="up", more="far")
    joined = state.inner_join(ahead, state.up == ahead.place)
    return joined.select("number", up=joined.further, far=joined.far + joined.more)


def _unsettled(state: ir.Table) -> ir.BooleanColumn:
    """Posts that have not come to a first post: what they have come to hangs on another."""
    hanging = state.filter(state.far > 0).select(place="number")
    return state.up.isin(hanging.place)


def _moves(state: ir.Table) -> bool:
    return bool(state.filter(_unsettled(state)).count().execute())
