"""What a measure is: a function over the graphs, and what a reader must know about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.errors import NetmedError
from netmed.graphs import Graphs
from netmed.schema import Column

Paths = Literal["inverse", "unweighted"]
Values = npt.NDArray[np.generic] | pd.api.extensions.ExtensionArray


@dataclass(frozen=True, slots=True)
class Settings:
    """How shortest paths are read and sampled.

    Parameters
    ----------
    paths : ``inverse`` (length = 1 / weight) or ``unweighted`` (every edge has length 1).
    betweenness : ``auto``, ``exact``, or a number of pivots.
    seed : seed of the draw of pivots.
    """

    paths: Paths = "inverse"
    betweenness: Literal["auto", "exact"] | int = "auto"
    seed: int = 1

    def __post_init__(self) -> None:
        if self.paths not in ("inverse", "unweighted"):
            raise NetmedError(f"paths are 'inverse' or 'unweighted', not {self.paths!r}")
        wanted = self.betweenness
        number = isinstance(wanted, int) and not isinstance(wanted, bool) and wanted >= 2
        if not number and wanted not in ("auto", "exact"):
            raise NetmedError(f"betweenness is 'auto', 'exact' or a number of pivots from 2 on, not {wanted!r}")


@dataclass(frozen=True, slots=True)
class Result:
    """Values per vertex by column, and what was done to get them (method, sample, seed)."""

    columns: Mapping[str, Values]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: the columns it gives and the conventions behind them.

    Parameters
    ----------
    name : its name in ``--measures``.
    columns : the columns it makes, with type and meaning.
    graph : ``E`` (engagement, source → target), ``F`` (flow, its transpose).
    weight : what the weight of an edge means to it: a strength, a length (1 / weight) or nothing.
    cost : time it takes, n accounts and m edges.
    source : who defined it, and who gave the algorithm.
    compute : the function.
    """

    name: str
    columns: tuple[Column, ...]
    graph: Literal["E", "F"]
    weight: Literal["strength", "length", "ignored"]
    cost: str
    source: str
    compute: Callable[[Graphs, Settings], Result]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)
