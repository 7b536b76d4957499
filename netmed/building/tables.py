"""From posts and events to the four tables of a network.

Rule 6 (self events make no edge) and the weight of an edge live here. The same text serves a build
from posts and the narrowing of a network.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from netmed import schema
from netmed.building.identity import account_key
from netmed.read.values import conform

PEOPLE_COLUMNS = (
    *schema.ACCOUNTS.names[: schema.ACCOUNTS.names.index("is_author")],
    *schema.ROLE_COLUMNS,
)
"""What is known of an account whatever the posts chosen."""


def posts_table(posts: ir.Table, *, keep_text: bool) -> ir.Table:
    """``schema.POSTS`` from the posts of a build."""
    author = account_key(posts.platform, posts.author_id, posts.author_handle)
    reference = {
        name: posts.platform + ":" + posts[source]
        for name, source in (
            ("reply_to_post_key", "reply_post_id"),
            ("quoted_post_key", "quote_post_id"),
            ("retweeted_post_key", "retweet_post_id"),
        )
    }
    text = posts.text if keep_text else ibis.null("string")
    table = posts.mutate(
        author_key=author, **reference, in_collection=posts.is_delivered, urls_n=posts.urls.length(), text=text
    )
    return conform(table, ibis.schema(schema.POSTS.dtypes()))


def edges_table(events: ir.Table, *, relations: Sequence[str], min_weight: float = 1) -> ir.Table:
    """``schema.EDGES``: events of the relations chosen, self events left out.

    ``weight`` is the number of distinct posts: a reply that also quotes its target counts once.
    """
    chosen = events.filter(events.relation.isin(list(relations)), events.source_key != events.target_key)
    per_post = chosen.group_by("source_key", "target_key", "post_key").agg(
        created_at=chosen.created_at.min(),
        **{f"n_{name}": (chosen.relation == name).any().cast("int64") for name in schema.RELATIONS},
    )
    edges = per_post.group_by("source_key", "target_key").agg(
        weight=per_post.count(),
        **{f"n_{name}": per_post[f"n_{name}"].sum() for name in schema.RELATIONS},
        first_at=per_post.created_at.min(),
        last_at=per_post.created_at.max(),
    )
    return conform(edges.filter(edges.weight >= min_weight), ibis.schema(schema.EDGES.dtypes()))


def accounts_table(posts: ir.Table, events: ir.Table, people: ir.Table) -> ir.Table:
    """``schema.ACCOUNTS``: authors of the collection and both ends of every event.

    Parameters
    ----------
    posts, events : tables of the network.
    people : ``account_key`` and what is known of the account; may hold more accounts, or fewer.
    """
    delivered = posts.filter(posts.in_collection, posts.author_key.notnull())
    keys = ibis.union(
        delivered.select(account_key="author_key"),
        events.select(account_key="source_key"),
        events.select(account_key="target_key"),
        distinct=True,
    )
    written = delivered.group_by("author_key").agg(
        n_posts=delivered.count(),
        n_original=(delivered.kind != "retweet").sum(),
        n_reply=delivered.kind.isin(["reply", "reply+quote"]).sum(),
        n_retweet=(delivered.kind == "retweet").sum(),
        n_quote=delivered.kind.isin(["quote", "reply+quote"]).sum(),
        first_at=delivered.created_at.min(),
        last_at=delivered.created_at.max(),
    )
    own = events.filter(events.source_key == events.target_key, events.relation == "reply")
    selves = own.group_by("source_key").agg(n_self_reply=own.count())
    people = people.rename(their_key="account_key")
    rows = keys.left_join(people, keys.account_key == people.their_key)
    rows = rows.left_join(written, rows.account_key == written.author_key)
    rows = rows.left_join(selves, rows.account_key == selves.source_key)
    counts = ("n_posts", "n_original", "n_reply", "n_retweet", "n_quote", "n_self_reply")
    bare = rows.account_key.split(":@")[1]
    rows = rows.mutate(
        is_author=rows.author_key.notnull(),
        platform=ibis.coalesce(rows.platform, rows.account_key.split(":")[0]),
        handle=ibis.coalesce(rows.handle, bare),
        handles=ibis.coalesce(rows.handles, ibis.cases((bare.notnull(), ibis.array([bare])))),
        **{name: rows[name].fill_null(0) for name in counts},
    )
    return conform(rows, ibis.schema(schema.ACCOUNTS.dtypes()))
