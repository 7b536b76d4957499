"""Small networks made by hand, for tests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from netmed import schema
from netmed.network import Network

_DTYPES = {"string": "str", "int64": "Int64", "float64": "float64", "boolean": "boolean"}
Edge = tuple[str, str, float] | tuple[str, str, float, str]


def table(kind: schema.Table, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A table of the schema from rows that name only some of its columns; the rest is empty."""
    given = list(rows)
    columns = {}
    for column in kind:
        values = [row.get(column.name) for row in given]
        dtype = _DTYPES.get(column.dtype, "datetime64[us, UTC]" if "timestamp" in column.dtype else "object")
        columns[column.name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(columns)


def network(
    edges: Iterable[Edge],
    accounts: Sequence[str] = (),
    *,
    posts: Iterable[Mapping[str, Any]] = (),
    relations: Sequence[str] = schema.DEFAULT_RELATIONS,
    profiles: Mapping[str, Mapping[str, Any]] | None = None,
) -> Network:
    """A Network of (source, target, weight[, relation]); relation is mention unless said.

    ``accounts`` are named where they have no edge; keys are the names as they stand, handles the
    same. ``profiles`` overrides columns of accounts by key.
    """
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    for source, target, weight, *relation in edges:
        row = counted.setdefault((source, target), {"source_key": source, "target_key": target, "weight": 0.0})
        row["weight"] += weight
        name = f"n_{relation[0] if relation else 'mention'}"
        row[name] = row.get(name, 0) + int(weight)
    keys = sorted({*accounts, *(end for pair in counted for end in pair)})
    zero = {f"n_{relation}": 0 for relation in schema.RELATIONS}
    people = [{"account_key": key, "handle": key, "name": key.title(), **(profiles or {}).get(key, {})} for key in keys]
    return Network(
        {
            "accounts": table(schema.ACCOUNTS, people),
            "edges": table(schema.EDGES, [{**zero, **counted[pair]} for pair in sorted(counted)]),
            "events": table(schema.EVENTS, []),
            "posts": table(schema.POSTS, posts),
        },
        provenance={"rules": {"relations": list(relations)}},
    )


def shuffled(original: Network, seed: int = 0) -> Network:
    """The same network with the rows of accounts, edges and posts in another order."""
    tables = {}
    for name in ("accounts", "edges", "events", "posts"):
        frame = getattr(original, name)
        tables[name] = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    return Network(tables, provenance=original.provenance)
