"""The object in the middle: a network of accounts, its tables, and a graph of them.

A ``Network`` is never changed. Functions take one and return a table or a new one. On disk it is a
folder of Parquet files that pandas, R, DuckDB and Spark read without netmed.
"""

import html
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from netmed import folder, schema
from netmed.errors import NetworkError, UnknownNameError
from netmed.registry import unknown

if TYPE_CHECKING:  # both take long to load, and a build needs neither
    import igraph
    import pandas as pd

    from netmed.export.conversions import DirectedGraph, Frames

COUNTS = tuple(f"n_{relation}" for relation in schema.RELATIONS)
"""The per-relation count columns of ``edges``."""


class Audit(dict[str, Any]):
    """What was read, kept, refused and unresolved: a mapping that reads as text, also in a notebook."""

    def __init__(self, content: Mapping[str, Any], provenance: Mapping[str, Any]) -> None:
        super().__init__(content)
        self._provenance = provenance

    def __str__(self) -> str:
        from netmed.building import report

        return report.render(self, self._provenance) if self else "no audit"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


class Network:
    """Who addresses whom: accounts, posts, events, edges, and how they came to be.

    Row i of ``accounts`` is vertex i of ``graph``; edges point from the account that speaks
    (source) to the account spoken to (target). Tables are pandas, with the columns of
    ``netmed.schema``; they are read from disk when first asked for.

    Parameters
    ----------
    tables : the four tables by name; where one is missing, ``path`` must be given.
    audit : what was read, kept, refused and unresolved.
    provenance : inputs, rules, parameters and versions.
    path : the folder the network was loaded from; None for one that lives in memory.
    name : what to call it; the folder's name if not given.
    """

    def __init__(
        self,
        tables: "Mapping[str, pd.DataFrame] | None" = None,
        *,
        audit: Mapping[str, Any] | None = None,
        provenance: Mapping[str, Any] | None = None,
        path: Path | None = None,
        name: str | None = None,
    ) -> None:
        self._tables = dict(tables or {})
        self.provenance: Mapping[str, Any] = provenance or {}
        self.audit: Mapping[str, Any] = Audit(audit or {}, self.provenance)
        self.path = path
        self.name = name or (path.name if path is not None else "network")

    def _table(self, table: schema.Table) -> "pd.DataFrame":
        if table.name not in self._tables:
            if self.path is None:
                raise NetworkError(f"this network was made without its {table.name} table")
            self._tables[table.name] = read_table(self.path, table)
        return self._tables[table.name]

    @property
    def accounts(self) -> "pd.DataFrame":
        """One row per account, sorted by ``account_key``; isolates included."""
        return self._table(schema.ACCOUNTS)

    @property
    def posts(self) -> "pd.DataFrame":
        """One row per post, sorted by ``post_key``."""
        return self._table(schema.POSTS)

    @property
    def events(self) -> "pd.DataFrame":
        """One row per (post, target, relation): every relation, self events included."""
        return self._table(schema.EVENTS)

    @property
    def edges(self) -> "pd.DataFrame":
        """One row per ordered pair of accounts, of the relations chosen at build."""
        return self._table(schema.EDGES)

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations the edges are made of."""
        return tuple(self.provenance.get("rules", {}).get("relations", schema.DEFAULT_RELATIONS))

    @cached_property
    def graph(self) -> "igraph.Graph":
        """Directed igraph graph, source → target (attention); ``weight`` is a strength.

        Vertex i is row i of ``accounts`` (attribute ``name`` = account_key); edge j is row j of
        ``edges``.
        """
        import igraph
        import pandas as pd

        keys = pd.Index(self.accounts["account_key"])
        source = keys.get_indexer(pd.Index(self.edges["source_key"]))
        target = keys.get_indexer(pd.Index(self.edges["target_key"]))
        graph = igraph.Graph(n=len(keys), edges=list(zip(source.tolist(), target.tolist(), strict=True)), directed=True)
        graph.vs["name"] = keys.tolist()
        graph.es["weight"] = self.edges["weight"].astype(float).tolist()
        return graph

    def find(self, handle: str) -> int:
        """Row of the account with this handle (with or without @) or account_key.

        Raises ``UnknownNameError`` naming the nearest handles.
        """
        wanted = handle.removeprefix("@").lower()
        handles = self.accounts["handle"].fillna("").str.lower()
        hits = self.accounts.index[(handles == wanted) | (self.accounts["account_key"] == handle)]
        if len(hits) == 0:
            raise UnknownNameError(unknown("account", handle, [h for h in handles if h]))
        return int(hits[0])

    def __repr__(self) -> str:
        return f"<Network {self.name}: {len(self.accounts):,} accounts, {len(self.edges):,} edges>"

    def to_networkx(self) -> "DirectedGraph":
        """A ``networkx.DiGraph``: account keys, source → target, all columns as attributes; unknown is left out."""
        from netmed.export import conversions

        return conversions.as_networkx(self)

    def to_igraph(self) -> "igraph.Graph":
        """A copy of ``graph`` with all columns as attributes; ``name`` is the account key, unknown is None."""
        from netmed.export import conversions

        return conversions.as_igraph(self)

    def to_pandas(self) -> "Frames":
        """Copies of ``accounts`` and ``edges``, to take apart: ``accounts, edges = network.to_pandas()``."""
        from netmed.export import conversions

        return conversions.as_pandas(self)

    def _repr_html_(self) -> str:
        counts = {name: len(getattr(self, name)) for name in ("accounts", "edges", "posts", "events")}
        rows = {name: f"{count:,}" for name, count in counts.items()} | {"relations": " + ".join(self.relations)}
        cells = "".join(f"<tr><th>{name}</th><td>{html.escape(said)}</td></tr>" for name, said in rows.items())
        told = f"<p>{html.escape(self._outcome())}</p>" if self.audit else ""
        return f"<table><caption>{html.escape(self.name)}</caption>{cells}</table>{told}"

    def _outcome(self) -> str:
        """The audit in one line."""
        from netmed.building import report

        return report.summary_line(self.audit)


def load(path: str | Path) -> Network:
    """Open a network folder.

    Raises ``NetworkError`` where the folder is missing, unfinished or damaged.
    """
    root = Path(path)
    provenance = folder.verify(root)
    audit = json.loads((root / "audit.json").read_text(encoding="utf-8"))
    return Network(audit=audit, provenance=provenance, path=root)


def read_table(root: Path, table: schema.Table) -> "pd.DataFrame":
    """Read one table of a network folder as pandas; counts that may be unknown are ``Int64``."""
    try:
        arrow = pq.read_table(root / f"{table.name}.parquet")
    except (OSError, pa.ArrowInvalid) as error:
        raise NetworkError(f"{root / table.name}.parquet cannot be read ({error}); build the network again") from error
    missing = [name for name in table.names if name not in arrow.column_names]
    if missing:
        raise NetworkError(
            f"{root / table.name}.parquet lacks the columns {', '.join(missing)}; build the network again"
        )
    return to_pandas(arrow.select(list(table.names)))


def to_pandas(arrow: pa.Table) -> "pd.DataFrame":
    """Arrow → pandas with nullable integers and booleans, so that "unknown" never becomes a float."""
    import pandas as pd

    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = arrow.to_pandas(types_mapper=nullable.get)
    return frame
