"""A network as two plain sheets, accounts and edges, that every text format is written from.

Values are text, whole numbers, numbers or truth values; lists are joined by spaces, times are ISO 8601. What
is unknown is null, and is left out by the writers: it never becomes 0. Names of attributes are legal in Gephi.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netmed.errors import NetworkError
from netmed.export import tables
from netmed.export.by_window import Windows
from netmed.export.tables import TEXT
from netmed.network import Network

RESERVED = frozenset({"id", "label", "type", "start", "end", "source", "target", "kind", "key", "value", "timeset"})
"""What the formats call parts of their own, whatever the capitals; an attribute of such a name gets a ``_``."""

UNSEEN = r"[\x00-\x08\x0B-\x1F\x{FFFE}\x{FFFF}]"
"""Characters that no XML file may hold, and those that Gephi and NodeXL stumble over: controls but tab and newline."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves: a network, columns joined to its accounts (by row), and its edges by window if asked for."""

    network: Network
    joined: Mapping[str, pa.Array] = field(default_factory=dict)
    windows: Windows | None = None


@dataclass(frozen=True, slots=True)
class Sheets:
    """Two sheets: row i of ``accounts`` is the account ``keys[i]``, row j of ``edges`` an edge source → target.

    ``keys`` are unique and not empty; ``labels`` are @handle, else the name, else the key. ``source`` and
    ``target`` are rows of ``accounts``. ``accounts`` and ``edges`` hold the attributes, weight apart.
    """

    name: str
    keys: pa.Array
    labels: pa.Array
    accounts: pa.Table
    source: np.ndarray
    target: np.ndarray
    weights: pa.Array
    edges: pa.Table

    @property
    def sources(self) -> pa.Array:
        """The key of each edge's source."""
        return self.keys.take(pa.array(self.source))

    @property
    def targets(self) -> pa.Array:
        """The key of each edge's target."""
        return self.keys.take(pa.array(self.target))


def sheets(outgoing: Outgoing, *, clean: bool = True) -> Sheets:
    """Make the sheets of a network.

    Parameters
    ----------
    clean : take characters out of all text that XML cannot hold; JSON can.
    """
    network = outgoing.network
    accounts, edges = network.accounts, network.edges
    columns = {name: accounts[name] for name in accounts.columns if name != "account_key"}
    weightless = {name: edges[name] for name in edges.columns if name not in ("source_key", "target_key", "weight")}
    source, target = rows_of_edges(network)
    keys = _clean(pc.cast(tables.arrow(accounts["account_key"]), TEXT), clean)
    keys = distinct(keys)
    return Sheets(
        name=str(_clean(pa.array([network.name], TEXT), True)[0]),
        keys=keys,
        labels=_labels(accounts, keys, clean),
        accounts=_attributes({**columns, **outgoing.joined}, len(accounts), clean),
        source=source,
        target=target,
        weights=pc.cast(tables.arrow(edges["weight"].astype("float64")), pa.float64()),
        edges=_attributes(weightless, len(edges), clean),
    )


def rows_of_edges(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """For every edge the rows of its source and its target in ``accounts``.

    Raises ``NetworkError`` where an edge names an account that is not there.
    """
    keys = pd.Index(network.accounts["account_key"])
    ends = [keys.get_indexer(pd.Index(network.edges[end])) for end in ("source_key", "target_key")]
    if any((rows < 0).any() for rows in ends):
        raise NetworkError(f"{network.name} has edges of accounts that are not in its table; build it again")
    return ends[0], ends[1]


def _labels(accounts: pd.DataFrame, keys: pa.Array, clean: bool) -> pa.Array:
    handle, name = (_clean(pc.cast(tables.arrow(accounts[column]), TEXT), clean) for column in ("handle", "name"))
    handle, name = (pc.if_else(pc.equal(text, ""), None, text) for text in (handle, name))
    return pc.coalesce(tables.glued(tables.word("@"), handle), name, keys)


def _attributes(columns: Mapping[str, Any], rows: int, clean: bool) -> pa.Table:
    names = legal_names(columns)
    arrays = [_attribute(column, clean) for column in columns.values()]
    return pa.table(arrays, names=names) if arrays else pa.table({"": pa.nulls(rows)}).select([])


def _attribute(column: pd.Series | pa.Array, clean: bool) -> pa.Array:
    """One column as text, int64, double or bool; NaN is null."""
    values = tables.arrow(column) if isinstance(column, pd.Series) else column
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if pa.types.is_boolean(kind):
        return values
    if pa.types.is_integer(kind):
        return pc.cast(values, pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        number = pc.cast(values, pa.float64())
        return pc.if_else(pc.is_finite(number), number, None)
    if pa.types.is_timestamp(kind):
        return tables.times(values)
    return _clean(pc.cast(values, TEXT), clean)


def _clean(text: pa.Array, clean: bool) -> pa.Array:
    return pc.replace_substring_regex(text, UNSEEN, "") if clean else text


def legal_names(names: Iterable[str]) -> list[str]:
    """Names of attributes that no format takes for a part of its own, each once, whatever the capitals."""
    taken = set(RESERVED)
    legal = []
    for name in names:
        shown = "".join(c for c in str(name) if c.isprintable()).strip() or "column"
        while shown.lower() in taken:
            shown += "_"
        taken.add(shown.lower())
        legal.append(shown)
    return legal


def distinct(names: pa.Array) -> pa.Array:
    """The same names, but none empty and none twice: what cleaning made equal gets a number."""
    if pc.count_distinct(names).as_py() == len(names) and not pc.any(pc.equal(names, "")).as_py():
        return names
    words = names.to_pylist()
    every, taken, told = set(words), set(), []
    for word in words:
        name, number = word or "_", 2
        while name in taken or (name != word and name in every):
            name, number = f"{word}_{number}", number + 1
        taken.add(name)
        told.append(name)
    return pa.array(told, TEXT)
