"""Networks made by hand for the page: planted communities of invented physicians, and hostile ones."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from netmed import schema
from netmed.network import COUNTS, Network

FIRST = "Amara Bo Chidi Dalia Emeka Farah Goran Hana Ines Jonas Kofi Leila Marek Noor Oskar Priya Rafa Sana Tunde Uma"
LAST = "Adeyemi Brandt Castel Duarte Eklund Farouk Grieve Holm Ivanov Jansen Kimura Larsen Mbeki Novak Okafor"
FIELDS = (
    "Cardiology|Oncology|Emergency medicine|Infectious disease|Internal medicine|Psychiatry|Paediatrics|Neurology"
    "|Radiology|General surgery|Nephrology|Anaesthesiology|Dermatology"
)


def planted(accounts: int = 800, communities: int = 12, *, mixing: float = 0.2, mean: float = 4.0, seed: int = 7):
    """A network with communities of falling size and a heavy tail of audience; returns it and who is in which."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, communities + 1) ** 0.6
    group = np.sort(rng.choice(communities, accounts, p=share / share.sum()))
    group = np.argsort(np.argsort(-np.bincount(group, minlength=communities), kind="stable"))[group]  # 0 is the largest
    first, last, fields = FIRST.split(), LAST.split(), FIELDS.split("|")
    appeal = rng.pareto(1.6, accounts) + 0.3
    pairs: dict[tuple[int, int], int] = {}
    for source in range(accounts):
        for _ in range(1 + rng.poisson(mean - 1)):
            pool = np.flatnonzero((group == group[source]) ^ (rng.random() < mixing))
            pool = pool[pool != source]
            if len(pool):
                target = int(rng.choice(pool, p=appeal[pool] / appeal[pool].sum()))
                pairs[source, target] = pairs.get((source, target), 0) + int(rng.zipf(2.2) % 40) + 1
    people = [
        {
            "handle": f"{first[i % 20]}{last[i * 7 % 15]}{i}"[:15].lower(),
            "name": f"Dr {first[i % 20]} {last[i * 7 % 15]}",
            "description": f"{fields[group[i] % len(fields)]} physician and teacher. Views my own. #MedEd",
            "followers": int(40 * (1 + appeal[i]) ** 2),
            "role": "physician" if i % 3 else None,
        }
        for i in range(accounts)
    ]
    return made(people, pairs), group


def made(people: list[dict], pairs: dict[tuple[int, int], int], *, invented: bool = True, dtype=None) -> Network:
    """A Network of these people (dicts of account columns) and these edges (source row, target row) → posts."""
    rows = [
        {"account_key": f"x:{1000 + i}", "platform": "x", "account_id": str(1000 + i), **p}
        for i, p in enumerate(people)
    ]
    accounts = pd.DataFrame(rows, columns=list(schema.ACCOUNTS.names), dtype=dtype)
    for column in schema.ACCOUNTS:
        if column.dtype == "int64":
            accounts[column.name] = accounts[column.name].astype("Int64")
    day = datetime(2021, 3, 1, tzinfo=UTC)
    edges = pd.DataFrame(
        [
            {
                **{"source_key": f"x:{1000 + s}", "target_key": f"x:{1000 + t}", "weight": float(w)},
                **dict.fromkeys(COUNTS, 0),
                **{"n_reply": w, "first_at": day, "last_at": datetime(2022, 11, 30, tzinfo=UTC)},
            }
            for (s, t), w in sorted(pairs.items())
        ],
        columns=list(schema.EDGES.names),
    )
    events = pd.DataFrame(columns=list(schema.EVENTS.names))
    posts = pd.DataFrame(columns=list(schema.POSTS.names))
    tables = {"accounts": accounts, "posts": posts, "events": events, "edges": edges}
    return Network(tables, provenance={"invented": True} if invented else {})


def crowd(
    accounts: int, edges: int, communities: int = 14, *, mixing: float = 0.22, seed: int = 7, posts: bool = False
):
    """A large planted network, made column by column; returns it and who is in which community.

    ``posts``: every edge has its posts, three years of replies and mentions, so that time and relations can be chosen.
    """
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, communities + 1) ** 0.6
    group = rng.choice(communities, accounts, p=share / share.sum())
    group = np.argsort(np.argsort(-np.bincount(group, minlength=communities), kind="stable"))[group]
    appeal = rng.pareto(1.6, accounts) + 0.3
    source = rng.integers(0, accounts, int(edges * 1.3))
    target = rng.choice(accounts, len(source), p=appeal / appeal.sum())
    within = rng.random(len(source)) >= mixing
    for one in range(communities):
        members = np.flatnonzero(group == one)
        own = np.flatnonzero(within & (group[source] == one))
        target[own] = rng.choice(members, len(own), p=appeal[members] / appeal[members].sum())
    pairs = np.unique(np.column_stack([source, target])[source != target], axis=0)
    pairs = pairs[np.sort(rng.permutation(len(pairs))[:edges])]
    weight = np.minimum(rng.zipf(2.2, len(pairs)), 30)
    replies = rng.binomial(weight, 0.6)
    keys = np.array([f"x:{1_000_000 + i}" for i in range(accounts)])
    day = pd.Timestamp("2020-01-01", tz="UTC")
    rows = [
        {
            "handle": f"{FIRST.split()[i % 20]}{LAST.split()[i * 7 % 15]}{i}"[:15].lower(),
            "name": f"Dr {FIRST.split()[i % 20]} {LAST.split()[i * 7 % 15]}",
            "description": f"{FIELDS.split('|')[group[i] % 13]} physician and teacher. Views my own. #MedEd",
            "role": ("physician", "trainee", "organisation", None)[int(i % 7 // 2)],
        }
        for i in range(accounts)
    ]
    table = pd.DataFrame(rows, columns=list(schema.ACCOUNTS.names))
    table = table.assign(account_key=keys, platform="x", account_id=[key[2:] for key in keys])
    table = table.assign(followers=(40 * (1 + appeal) ** 2).astype(int), n_posts=rng.integers(1, 90, accounts))
    table["role_probability"] = np.where(table["role"].notna(), 0.91, np.nan)
    table["role_evidence"] = np.where(table["role"].notna(), "physician", None)
    for column in schema.ACCOUNTS:
        if column.dtype == "int64":
            table[column.name] = table[column.name].astype("Int64")
    made_of = pd.DataFrame(
        {
            "source_key": keys[pairs[:, 0]],
            "target_key": keys[pairs[:, 1]],
            "weight": weight.astype(float),
            **dict.fromkeys(COUNTS, 0),
            "n_reply": replies,
            "n_mention": weight - replies,
            "first_at": day,
            "last_at": day + pd.Timedelta(days=1000),
        },
        columns=list(schema.EDGES.names),
    )
    events = pd.DataFrame(columns=list(schema.EVENTS.names))
    if posts:
        edge = np.repeat(np.arange(len(pairs)), weight)
        nth = np.arange(len(edge)) - np.repeat(np.cumsum(weight) - weight, weight)
        events = pd.DataFrame(
            {
                "post_key": [f"x:{1_300_000_000_000_000_000 + 7 * i}" for i in range(len(edge))],
                "created_at": day + pd.to_timedelta(rng.integers(0, 1000, len(edge)), unit="D"),
                "source_key": made_of["source_key"].to_numpy()[edge],
                "target_key": made_of["target_key"].to_numpy()[edge],
                "relation": np.where(nth < replies[edge], "reply", "mention"),
                "resolved_by": "id",
            }
        )
    posts_table = pd.DataFrame(columns=list(schema.POSTS.names))
    tables = {"accounts": table, "posts": posts_table, "events": events, "edges": made_of}
    return Network(tables, provenance={}, name="crowd"), group


def measured(network: Network) -> pd.DataFrame:
    """The scores frame the page reads, as the centrality room makes it."""
    graph = network.graph
    frame = network.accounts[["account_key", "handle", "name"]].copy()
    frame["in_degree"], frame["out_degree"] = graph.indegree(), graph.outdegree()
    frame["in_strength"] = graph.strength(mode="in", weights="weight")
    frame["out_strength"] = graph.strength(mode="out", weights="weight")
    frame["pagerank"] = graph.pagerank(weights="weight") if len(frame) else []
    if len(frame) <= 2_500:  # a page does not need them, and they take their time
        frame["betweenness"] = graph.betweenness()
        frame["harmonic"] = graph.harmonic_centrality(mode="in") if len(frame) else []
    frame["coreness"] = graph.coreness() if len(frame) else []
    frame.attrs["meta"] = {"relations": ["reply", "mention"], "direction": "attention", "lengths": "1 / weight"}
    return frame


def circled(network: Network, group: "np.ndarray | None" = None) -> pd.DataFrame:
    """The communities frame the page reads: 1 = largest, <NA> for isolates."""
    keys = network.accounts["account_key"]
    if group is None:
        group = np.zeros(len(keys), dtype=int)
    order = pd.Series(group).value_counts(sort=True).index
    number = {old: new for new, old in enumerate(order, start=1)}
    community = pd.array([number[g] for g in group], dtype="Int64")
    community[np.asarray(network.graph.degree()) == 0] = pd.NA
    return pd.DataFrame({"account_key": keys, "community": community})


NASTY = (
    '"><script>window.__pwned=1</script><img src=x onerror="window.__pwned=1">'
    '<a href="javascript:window.__pwned=1">x</a>'
)
"""Text that would act if any of it were taken for markup."""


def hostile() -> Network:
    """A network whose every text tries something."""
    texts = [
        NASTY,
        "</script><script>alert(1)</script>",
        "\u202e" + NASTY,
        "N" * 10_000,
        "\ud800<b>",
        "{{7*7}}{% raw %}",
    ]
    people = [{"handle": text, "name": text, "description": text, "role": text} for text in texts]
    pairs = {(i, j): 1 + i for i in range(6) for j in range(6) if i != j}
    return made(people, pairs, invented=False, dtype=object)  # object columns bear a lone surrogate
