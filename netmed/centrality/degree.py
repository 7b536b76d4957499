"""Degree and strength: how many accounts, and how many posts, address whom."""

import numpy as np
import pandas as pd

from netmed.centrality.measure import Measure, Result, Settings, Values
from netmed.graphs import Graphs, Integers
from netmed.schema import RELATIONS, Column


def _degree(graphs: Graphs, _: Settings) -> Result:
    return Result({"in_degree": _count(graphs.target, graphs), "out_degree": _count(graphs.source, graphs)}, {})


def _strength(graphs: Graphs, _: Settings) -> Result:
    def total(ends: Integers) -> Values:
        return np.bincount(ends, weights=graphs.weight, minlength=graphs.n).astype(np.float64)

    return Result({"in_strength": total(graphs.target), "out_strength": total(graphs.source)}, {})


def _relations(graphs: Graphs, _: Settings) -> Result:
    columns: dict[str, Values] = {}
    missing: list[str] = []
    for relation in RELATIONS:
        posts = graphs.counts(f"n_{relation}")
        if posts is None:
            missing.append(relation)
        for way, ends in (("in", graphs.target), ("out", graphs.source)):
            columns[f"{way}_{relation}"] = _posts(ends, posts, graphs.n)
    notes = [f"columns of {', '.join(missing)} are empty: the edges were made without these relations"]
    return Result(columns, {"notes": notes} if missing else {})


def _count(ends: Integers, graphs: Graphs) -> Integers:
    return np.bincount(ends, minlength=graphs.n).astype(np.int64)


def _posts(ends: Integers, posts: Integers | None, n: int) -> Values:
    """Sum posts per account in whole numbers; empty where the relation was not chosen."""
    total = np.zeros(n, dtype=np.int64)
    if posts is None:
        return pd.arrays.IntegerArray(total, np.ones(n, dtype=np.bool_))
    np.add.at(total, ends, posts)
    return pd.arrays.IntegerArray(total, np.zeros(n, dtype=np.bool_))


DEGREE = Measure(
    name="degree",
    columns=(
        Column("in_degree", "int64", "distinct accounts with an edge to it"),
        Column("out_degree", "int64", "distinct accounts it has an edge to"),
    ),
    graph="E",
    weight="ignored",
    cost="n + m",
    source="Freeman 1978, doi:10.1016/0378-8733(78)90021-7",
    compute=_degree,
    formula="in_degree = |{j : j→i}|, out_degree = |{j : i→j}|",
    when="To count how many different people engage with an educator, whatever the volume.",
)

STRENGTH = Measure(
    name="strength",
    columns=(
        Column("in_strength", "float64", "sum of the weights of the edges to it"),
        Column("out_strength", "float64", "sum of the weights of its edges to others"),
    ),
    graph="E",
    weight="strength",
    cost="n + m",
    source="Barrat and others 2004, doi:10.1073/pnas.0400087101",
    compute=_strength,
    formula="in_strength = Σⱼ w(j→i), out_strength = Σⱼ w(i→j)",
    when="To weigh how much attention an account gets or gives, in posts.",
)

_WORDS = {
    "reply": "replies",
    "mention": "mentions typed by the author",
    "mention_auto": "mentions put there by the platform",
    "retweet": "reposts",
    "retweet_manual": "reposts typed by hand (RT @x)",
    "quote": "quotes",
}

RELATION_COUNTS = Measure(
    name="relations",
    columns=tuple(
        Column(f"{way}_{relation}", "int64", f"{_WORDS[relation]} {meaning}; empty if the edges lack this relation")
        for relation in RELATIONS
        for way, meaning in (("in", "on the edges to it"), ("out", "on its edges to others"))
    ),
    graph="E",
    weight="ignored",
    cost="n + m",
    source="the counts of the edges table, one relation at a time",
    compute=_relations,
    formula="Σⱼ n_relation(j→i) and Σⱼ n_relation(i→j)",
    when="To see whether attention is dialogue (replies), credit (mentions) or passing on (reposts).",
)
