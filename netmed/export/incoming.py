"""A network in memory from rows of edges and of accounts that another program gave.

A name that is no account key becomes ``any:name``, rows of one ordered pair are one edge, and a row from an
account to itself is counted and left out.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from netmed import schema
from netmed.building.from_edges import WHOLE
from netmed.errors import InputError
from netmed.export import foreign
from netmed.export.foreign import Row
from netmed.network import COUNTS, Network, to_pandas

FACTS = [column for column in schema.ACCOUNTS.names if column != "account_key"]

_HANDLE = re.compile("^(x|bluesky|mastodon):@")
_KINDS = schema.ACCOUNTS.dtypes() | schema.EDGES.dtypes()
_TIMES = ("first_at", "last_at")
_OF_EDGE = {"weight": foreign.WEIGHT, **{name: (name,) for name in ("relation", *COUNTS, *_TIMES)}}


def network(
    ends: Sequence[tuple[object, object]],
    facts: Sequence[Row],
    people: Sequence[tuple[object, Row]],
    *,
    directed: bool,
    what: str,
    name: str | None,
    said: Mapping[str, Any],
) -> Network:
    """A network of edges and accounts.

    Parameters
    ----------
    ends : source and target of each row of edges, as they are named over there.
    facts : what is said of each, columns under any capitals; a row without ``weight`` weighs 1.
    people : the name of each account and what is said of it.
    directed : whether an edge goes one way; else it goes both.
    what : where this comes from, in words for the audit.
    said : attributes of the whole; ``relations`` is kept.

    Raises ``InputError`` for names that are none or collide, and values that their columns cannot hold.
    """
    accounts = _accounts(people, [end for pair in ends for end in pair])
    pairs, loops = _pairs(ends, foreign.renamed(facts, _OF_EDGE), directed)
    is_whole = all(row["weight"].is_integer() and row["weight"] <= WHOLE for found in pairs.values() for row in found)
    edges = [_edge(*pair, pairs[pair], is_whole) for pair in sorted(pairs)]
    counted = [relation for relation in schema.RELATIONS if any(edge[f"n_{relation}"] for edge in edges)]
    relations = [word for word in said.get("relations") or () if word in schema.RELATIONS]
    relations = relations or counted or list(schema.DEFAULT_RELATIONS)
    tables = {
        "accounts": _table(schema.ACCOUNTS, accounts),
        "edges": _table(schema.EDGES, edges),
        "posts": _table(schema.POSTS, []),
        "events": _table(schema.EVENTS, []),
    }
    used = (len(ends) - loops) * (1 if directed else 2)
    rules = {"relations": relations, "auto_mentions": "separate", "min_weight": 0, "giant": False}
    return Network(
        tables,
        audit=_audit(what, len(ends), used, loops, directed, len(edges), accounts),
        provenance={"rules": rules, "parameters": {"made_from": what, "directed": directed}, "inputs": []},
        name=name,
    )


def _key(name: object) -> str:
    """The account key of a name. Raises ``InputError`` for what can be no name."""
    bare = name.item() if isinstance(name, np.generic) else name
    if isinstance(bare, float) and abs(bare) >= foreign.EXACT:
        raise InputError(
            f"an account is called {bare!r}, a number that has lost digits; read its column as text (dtype=str)"
        )
    is_whole = isinstance(bare, float) and bare.is_integer()
    text = "" if foreign.is_unknown(bare) else f"{bare:.0f}" if is_whole else str(bare)
    if not text or text.encode("utf-8", "ignore").decode() != text:
        raise InputError(f"an account is called {bare!r}; a name is text of at least one letter")
    if _HANDLE.match(text):
        return text.lower()
    return text if foreign.is_key(text) else f"any:{text}"


def _accounts(people: Sequence[tuple[object, Row]], ends: Iterable[object]) -> list[dict[str, Any]]:
    """A row for each account: what is said of it, and for the rest what its key says."""
    found: dict[str, dict[str, Any]] = {}
    called: dict[str, object] = {}
    rows = foreign.renamed([row for _, row in people], {name: (name,) for name in FACTS})
    for (name, _), row in zip(people, rows, strict=True):
        key = _key(name)
        if key in found:
            raise InputError(f"two accounts have one key {key!r}: {called[key]!r} and {name!r}")
        found[key], called[key] = _facts(key, row), name
    for end in ends:
        found.setdefault(_key(end), {})
    return [_completed(key, found[key]) for key in sorted(found)]


def _facts(key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of an account, each as its column holds it."""
    stated = dict(row)
    if isinstance(stated.get("account_id"), float) and not foreign.is_unknown(stated["account_id"]):
        # pandas makes floats of ids where one is missing, and digits are lost; the key has them all
        stated["account_id"] = key.partition(":")[2]
    many = stated.pop("handles", None)
    known = {name: _value(f"account {key!r}", name, value) for name, value in stated.items()}
    try:
        known["handles"] = foreign.handles(many, known.get("handle"))
    except ValueError as error:
        raise InputError(_unfit(f"account {key!r}", "handles", many, str(error))) from None
    return {name: value for name, value in known.items() if value is not None}


def _value(whose: str, column: str, value: Any) -> Any:
    try:
        return foreign.typed(value, _KINDS[column])
    except ValueError as error:
        raise InputError(_unfit(whose, column, value, str(error))) from None


def _unfit(whose: str, column: str, value: Any, wanted: str) -> str:
    return f"{whose} has {column} {repr(value)[:60]}; wanted is {wanted}"


def _completed(key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an account. Ours says ``is_author`` of everybody, and what it leaves out is not known."""
    if "is_author" in facts:
        return {"account_key": key, **facts}
    prefix, _, rest = key.partition(":")
    is_platform = prefix in ("x", "bluesky", "mastodon")
    by_handle = is_platform and rest.startswith("@")
    handle = rest[1:] if by_handle else rest if not is_platform or "@" in rest else None
    own: dict[str, Any] = {
        "platform": prefix if is_platform else "any",
        "account_id": None if by_handle else rest,
        "handle": handle,
    }
    own |= {name: 0 for name in FACTS if name.startswith("n_")} | {"is_author": False}
    row = {"account_key": key, **own, **facts}
    return {"handles": [row["handle"]] if row["handle"] else None, **row}


def _pairs(
    ends: Sequence[tuple[object, object]], facts: Sequence[Mapping[str, Any]], directed: bool
) -> tuple[dict[tuple[str, str], list[dict[str, Any]]], int]:
    """The rows of each ordered pair, and how many rows are loops."""
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    loops = 0
    for pair, row in zip(ends, facts, strict=True):
        source, target = (_key(end) for end in pair)
        if source == target:
            loops += 1
            continue
        checked = _checked(f"the edge from {source!r} to {target!r}", row)
        pairs.setdefault((source, target), []).append(checked)
        if not directed:
            pairs.setdefault((target, source), []).append(checked)
    return pairs, loops


def _checked(whose: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of edges: its weight, and what is known of its relation, counts and times."""
    given = row.get("weight", 1)
    weight = foreign.weight(given)
    if weight is None:
        raise InputError(f"{whose} has weight {foreign.plain(given)!r}; wanted is a number above 0")
    known: dict[str, Any] = {"weight": weight}
    for name in (name for name in (*COUNTS, *_TIMES) if name in row):
        known[name] = _value(whose, name, row[name])
        if name in COUNTS and (known[name] or 0) < 0:
            raise InputError(_unfit(whose, name, row[name], "a whole number of 0 or more"))
    relation = row.get("relation")
    known["relation"] = "mention" if foreign.is_unknown(relation) else str(relation).strip().lower()
    if known["relation"] not in schema.RELATIONS:
        raise InputError(_unfit(whose, "relation", relation, "one of " + ", ".join(schema.RELATIONS)))
    return {name: value for name, value in known.items() if value is not None}


def _edge(source: str, target: str, rows: list[dict[str, Any]], is_whole: bool) -> dict[str, Any]:
    """One edge from the rows of its pair; weights are counts of posts where all of the network are whole."""
    counts = dict.fromkeys(COUNTS, 0)
    for row in rows:
        stated = {name: row[name] for name in COUNTS if name in row}
        for name, count in (stated or {f"n_{row['relation']}": int(row["weight"]) if is_whole else 1}).items():
            counts[name] += count
    first, last = (
        choose((row[name] for row in rows if name in row), default=None)
        for name, choose in zip(_TIMES, (min, max), strict=True)
    )
    weight = math.fsum(row["weight"] for row in rows)
    return {"source_key": source, "target_key": target, "weight": weight, **counts, "first_at": first, "last_at": last}


def _table(table: schema.Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the table that a network loaded from disk has."""
    kinds = ibis.schema(table.dtypes()).to_pyarrow()
    try:
        return to_pandas(pa.Table.from_pylist(rows, schema=kinds))
    except (pa.ArrowInvalid, OverflowError) as error:  # sums beyond what a column holds
        raise InputError(f"an attribute cannot be a column of {table.name}: {str(error).splitlines()[0]}") from error


def _audit(
    what: str, given: int, used: int, loops: int, directed: bool, edges: int, accounts: list[dict[str, Any]]
) -> dict[str, Any]:
    """The audit of a network from elsewhere: rows = in edges + self; shaped as that of an edge list."""
    own = loops if directed else 2 * loops
    rows = {"found": used + own, "in_edges": used, "self": own, "edges": edges, "weights": ""}
    rows |= dict.fromkeys(("other_relations", "below_min_weight", "outside_giant"), 0)
    kinds = dict.fromkeys(("post", "reply", "quote", "reply+quote", "retweet"), 0)
    posts = dict.fromkeys(("kept", "original", "came_along", "outside_giant"), 0)
    events = dict.fromkeys(("found", "resolved", "in_edges", "self", "other_relations", "unresolved"), 0)
    return {
        "from": what if directed else f"{what}, undirected: each edge in both directions",
        "files": [],
        "totals": {"records": used + own, "kept": used + own, "filtered": 0},
        "given_edges": given,
        "rows": rows,
        "posts": {**posts, "kinds": kinds, "first_at": None, "last_at": None},
        "events": {**events, "below_min_weight": 0, "outside_giant": 0, "edges": edges, "by_relation": {}},
        "identity": {
            "accounts": len(accounts),
            "authors": sum(bool(row.get("is_author")) for row in accounts),
            "handle_only": sum(row.get("account_id") is None for row in accounts),
            "without_handle": sum(row.get("handle") is None for row in accounts),
            "renamed": sum(len(row.get("handles") or ()) > 1 for row in accounts),
        },
        "losses": {},
    }
