"""The same ranking under other rules, side by side."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from netmed import centrality
from netmed.centrality.registry import chosen
from netmed.errors import NetmedError, NetworkError
from netmed.network import Network
from netmed.uncertainty.comparing import PERSISTENCE, Comparison, compare, listed
from netmed.uncertainty.rules import Rule, alternatives

NAMED = 5
"""Accounts that a row names; of the others it tells how many."""

_MEANINGS = {
    "choice": "what the other rule is about: relations, weights, direction or paths",
    "rule": "the other rule",
    "meaning": "what it says",
    "measure": "the column of the centrality table that is ranked",
    "accounts": "accounts in the network by this rule",
    "edges": "edges in the network by this rule",
    "kendall_tau": "Kendall's tau-b with the network's own ranking, over all accounts",
    "spearman": "Spearman's rank correlation with the network's own ranking",
    "rbo": f"rank-biased overlap (p = {PERSISTENCE}) with the network's own ranking",
    "top_overlap": "share of the top that is common to both",
    "n_entered": "accounts of the top by this rule that are not in the network's own",
    "n_left": "accounts of the network's own top that are not in the one by this rule",
    "entered": "the first of these, best first",
    "left": "the first of those, best first",
    "empty": "why there are no numbers; empty where there are",
}

_WHO = {
    "rule": "the other rule",
    "measure": "the column of the centrality table that is ranked",
    "account_key": "the account",
    "handle": "its handle",
    "name": "its display name",
    "change": "entered the top by this rule, or left it",
    "rank_own": "its place in the network's own ranking, ties share the best; empty where its value is 0",
    "rank_rule": "its place by this rule",
}


def sensitivity(
    network: Network,
    *,
    measures: Sequence[str] = ("in_degree", "pagerank", "betweenness"),
    top: int = 20,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """How far the ranking hangs on the rule of edges.

    The network's own ranking (its relations, weights as they are, attention, lengths 1 / weight) is compared to
    that of each other rule: relations (replies only, mentions only, with automatic mentions, quotes, reposts,
    all), weights (each pair 1, at least two posts), direction (all edges turned round), paths (unweighted).

    Parameters
    ----------
    measures : measures or columns of the centrality table; standard errors are not ranked.
    top : how many first places make the top; a tie over the last is in it as a whole, a value of 0 never is.
    seed : of betweenness by pivots, where the network is large.
    progress : called with the rule that is being measured.

    Returns
    -------
    One row per rule and measure, columns as in ``attrs["columns"]``; ``attrs["accounts"]`` is a second table (as a
    list of rows) of all who enter or leave the top. Rules that cannot be asked of this network (an edge list
    has no events) have a row with empty numbers and the reason in ``empty``. The rows are ``measured`` +
    ``empty`` of ``attrs["meta"]["rows"]``.

    Raises ``UnknownNameError`` for a measure that is not there, ``NetmedError`` for a setting out of range.
    """
    if top < 1:
        raise NetmedError(f"the number of first places is 1 or more, not {top}")
    say = progress or (lambda phase: None)
    columns = [name for name in chosen(measures) if not name.endswith("_se")]
    say("measuring by the network's own rule")
    own = _measured(network, columns, seed)
    people = _people(network)
    rows: list[dict[str, Any]] = []
    who: list[dict[str, Any]] = []
    for rule in alternatives(network):
        say(f"measuring by another rule: {rule.name}")
        concerned = [name for name in columns if not rule.only or name in rule.only]
        facts: dict[str, Any] = {"choice": rule.choice, "rule": rule.name, "meaning": rule.words}
        if not len(network.edges):
            reason = "the network has no edge, so nobody is ranked"
            rows += [{**facts, "measure": name, "empty": reason} for name in concerned]
            continue
        try:
            changed = rule.change(network)
        except NetworkError as error:
            rows += [{**facts, "measure": name, "empty": f"not asked: {error}"} for name in concerned]
            continue
        if not concerned:
            continue
        values = _measured(changed, concerned, seed, **rule.measuring)
        if not changed.accounts["account_key"].isin(people.index).all():  # of a narrower part, by another rule wider
            people = _people(changed).combine_first(people)
        facts |= {"accounts": len(changed.accounts), "edges": len(changed.edges)}
        for name in concerned:
            if own[name].isna().all() or values[name].isna().all():
                rows.append({**facts, "measure": name, "empty": f"{name} is unknown by one of the rules"})
                continue
            found = compare(own[name].dropna(), values[name].dropna(), top=top)
            rows.append({**facts, "measure": name, **_row(found, people)})
            who += _who(rule, name, found, own[name], values[name], people)
    frame = pd.DataFrame(rows, columns=list(_MEANINGS))
    for name in ("accounts", "edges", "n_entered", "n_left"):
        frame[name] = frame[name].astype("Int64")
    measured = int(frame["empty"].isna().sum())
    frame.attrs["meta"] = {
        "accounts": len(network.accounts),
        "edges": len(network.edges),
        "relations": list(network.relations),
        "direction": "attention",
        "lengths": "length = 1 / weight",
        "method": "each other rule against the network's own; one rule changed at a time",
        "top_k": top,
        "persistence": PERSISTENCE,
        "samples": "betweenness by pivots where the network is large, the same seed for every rule",
        "seed": seed,
        "rows": {"all": len(frame), "measured": measured, "empty": len(frame) - measured},
        "notes": ["paths change only measures over shortest paths, so the others have no row for them"],
    }
    frame.attrs["columns"] = dict(_MEANINGS)
    frame.attrs["accounts"] = who
    return frame


def accounts_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of all accounts that enter or leave a top, from the result of ``sensitivity``."""
    table = pd.DataFrame(frame.attrs["accounts"], columns=list(_WHO))
    for name in ("rank_own", "rank_rule"):
        table[name] = table[name].astype("Int64")
    table.attrs = {"meta": dict(frame.attrs["meta"]), "columns": dict(_WHO)}
    return table


def _people(network: Network) -> pd.DataFrame:
    return network.accounts.set_index("account_key")[["handle", "name"]]


def _measured(network: Network, columns: Sequence[str], seed: int, **settings: Any) -> dict[str, pd.Series]:
    table = centrality.scores(network, measures=columns, seed=seed, **settings).set_index("account_key")
    return {name: table[name].astype("float64") for name in columns}


def _row(found: Comparison, people: pd.DataFrame) -> dict[str, Any]:
    return {
        "kendall_tau": found.kendall_tau,
        "spearman": found.spearman,
        "rbo": found.rbo,
        "top_overlap": found.top_overlap,
        "n_entered": len(found.entered),
        "n_left": len(found.left),
        "entered": named(found.entered, people),
        "left": named(found.left, people),
    }


def named(keys: Sequence[str], people: pd.DataFrame, most: int = NAMED) -> str:
    """Handles of the first few accounts, and how many more there are; the key where there is no handle."""
    handles = [people.at[key, "handle"] for key in keys[:most]]
    said = [f"@{handle}" if isinstance(handle, str) else key for handle, key in zip(handles, keys, strict=False)]
    more = [f"and {len(keys) - most:,} more"] if len(keys) > most else []
    return " ".join([*said, *more])


def _who(
    rule: Rule, measure: str, found: Comparison, own: pd.Series, other: pd.Series, people: pd.DataFrame
) -> list[dict[str, Any]]:
    places: list[dict[Any, Any]] = [listed(own).to_dict(), listed(other).to_dict()]
    return [
        {
            "rule": rule.name,
            "measure": measure,
            "account_key": key,
            **{column: _text(people.at[key, column]) for column in ("handle", "name")},
            "change": change,
            "rank_own": places[0].get(key),
            "rank_rule": places[1].get(key),
        }
        for change, keys in (("entered", found.entered), ("left", found.left))
        for key in keys
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
