"""What both tables of reach share: accounts by vertex, the settings, and the conventions in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import pandas as pd

from netmed.errors import NetmedError, UnknownNameError
from netmed.graphs import Floats, Graphs, Integers
from netmed.network import Network
from netmed.reach.diffusion import Booleans, Diffusion, Model, diffusion
from netmed.reach.named import target_of
from netmed.registry import unknown
from netmed.schema import ACCOUNTS
from netmed.transmission import transmission

IDENTITY = ("account_key", "handle", "name")

Direction = Literal["attention", "flow"]

_DIRECTIONS = {
    "attention": "edges run from the account that speaks to the account spoken to; word runs back along them",
    "flow": "edges run from the account that is heard to the account that hears; word runs along them",
}


@dataclass(frozen=True)
class Setting:
    """A network with its diffusion: ``vertex[i]`` is the vertex of row i of ``accounts``, ``row`` the way back."""

    network: Network
    graphs: Graphs
    diffusion: Diffusion
    direction: Direction
    target: int | None

    @property
    def keys(self) -> pd.Index:
        """Account keys, row by row."""
        keys: pd.Index = pd.Index(self.network.accounts["account_key"])
        return keys

    @property
    def row(self) -> Integers:
        """The row of every vertex."""
        row = np.empty(self.graphs.n, dtype=np.int64)
        row[self.graphs.vertex] = np.arange(self.graphs.n)
        return row

    @property
    def is_empty(self) -> Booleans:
        """Vertices whose reach is not known: they are addressed, and their probability is unknown."""
        return unanswered(self.graphs, self.diffusion)

    def identity(self, vertices: Integers) -> pd.DataFrame:
        """account_key, handle and name of vertices."""
        rows = self.row[vertices]
        return self.network.accounts[list(IDENTITY)].iloc[rows].reset_index(drop=True)

    def meta(self) -> dict[str, Any]:
        """The conventions of every table of reach."""
        provenance = self.network.provenance
        of_target = {} if self.target is None else {"target": f"weights of {self.target:,} accounts"}
        return {
            "accounts": self.graphs.n,
            "edges": self.graphs.m,
            "relations": list(self.network.relations),
            "selection": {
                "rules": dict(provenance.get("rules", {})),
                "posts": dict(provenance.get("parameters", {})),
            },
            "direction": self.direction,
            "graph": f"F, flow: {_DIRECTIONS[self.direction]}",
            **self.diffusion.details,
            **of_target,
            "scale": self.diffusion.scale,
            "counted": "the accounts that speak first count too",
            "versions": {name: version(name) for name in ("numba", "numpy")},
        }

    def notes(self) -> list[str]:
        """Why values are empty or low."""
        count = int(np.count_nonzero(self.is_empty))
        if not count:
            return []
        return [
            f"empty for {count:,} addressed accounts whose probability is unknown; they pass nothing on, "
            "so that the others' values are lower bounds"
        ]


def unanswered(graphs: Graphs, spreading: Diffusion) -> Booleans:
    """Vertices that are addressed and whose probability is unknown."""
    is_addressed = np.bincount(graphs.target, minlength=graphs.n) > 0
    result: Booleans = is_addressed & ~spreading.is_known
    return result


def setting(
    network: Network, *, probability: str, model: Model, direction: Direction, target: pd.Series | str | None
) -> Setting:
    """Network, probabilities and target (weights, or in words: ``named.target_of``) as drawing needs them.

    Raises ``NetmedError`` for a setting out of range, ``UnknownNameError`` for a target account that is not there.
    """
    if direction not in _DIRECTIONS:
        raise NetmedError(f"direction is 'attention' or 'flow', not {direction!r}")
    graphs = Graphs(network, flow=direction == "flow")
    if isinstance(target, str):
        target = target_of(network, target)
    weight = None if target is None else _weights(network, graphs, target)
    spreading = diffusion(graphs, transmission(network, graphs, probability), model, weight)
    if graphs.n and spreading.scale <= 0:
        raise NetmedError("the weights of the target are 0 for every account; nobody is left to be reached")
    aimed = None if weight is None else int(np.count_nonzero(weight))
    return Setting(network, graphs, spreading, direction, aimed)


def vertices_of(network: Network, graphs: Graphs, keys: Iterable[str], what: str) -> Integers:
    """Vertices of account keys, in their order.

    Raises ``UnknownNameError`` for one that is not among the accounts, ``NetmedError`` for one named twice.
    """
    named = pd.Index(list(keys), dtype="object")
    if not named.is_unique:
        raise NetmedError(f"the {what} name {named[named.duplicated()][0]} twice; each account once, please")
    rows = pd.Index(network.accounts["account_key"]).get_indexer(named)
    if (rows < 0).any():
        missing = str(named[rows < 0][0])
        raise UnknownNameError(unknown("account", missing, list(network.accounts["account_key"]), most=10))
    vertices: Integers = graphs.vertex[rows]
    return vertices


def values_of(network: Network, graphs: Graphs, values: pd.Series, what: str) -> tuple[Integers, Floats]:
    """Vertices and numbers of a Series by account_key."""
    vertices = vertices_of(network, graphs, values.index, what)
    return vertices, pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _weights(network: Network, graphs: Graphs, target: pd.Series) -> Floats:
    vertices, given = values_of(network, graphs, target, "target weights")
    wrong = ~((given >= 0) & (given <= 1))
    if wrong.any():
        found = f"{target.index[wrong][0]} has {target[wrong].iloc[0]!r}"
        raise NetmedError(f"target weights are numbers from 0 to 1; {found}")
    weight = np.zeros(graphs.n)
    weight[vertices] = given
    return weight


def meanings(columns: dict[str, str]) -> dict[str, str]:
    """The meaning of the identity columns and of these."""
    return {column.name: column.meaning for column in ACCOUNTS if column.name in IDENTITY} | columns


def check_precision(precision: float, sets: int | None) -> None:
    """Refuse a precision or number of sets that is none."""
    if not 0 < precision < 1:
        raise NetmedError(f"precision is a relative standard error, above 0 and below 1, not {precision!r}")
    if sets is not None and (isinstance(sets, bool) or not isinstance(sets, int) or sets < 1):
        raise NetmedError(f"sets is a whole number from 1 on, not {sets!r}")
