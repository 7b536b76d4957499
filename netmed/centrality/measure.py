"""What a measure is: a function over the graphs, and what a reader must know about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.centrality.subject import Subject
from netmed.errors import NetmedError
from netmed.schema import Column

Paths = Literal["inverse", "unweighted"]
Values = npt.NDArray[np.generic] | pd.api.extensions.ExtensionArray


CONSENSUS_LISTS = ("in_degree", "eigenvector", "betweenness")
"""The lists of Riddell and others 2017."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All choices behind a table of measures.

    Parameters
    ----------
    paths : ``inverse`` (length = 1 / weight) or ``unweighted`` (every edge has length 1).
    betweenness : ``auto``, ``exact``, or a number of pivots.
    seed : seed of the draw of pivots.
    probability : what a flow edge transmits with, as ``netmed.transmission`` takes it.
    communities : columns account_key and community, or None.
    consensus : length of the top lists that are counted, or None for no such column.
    consensus_lists : the columns whose top lists are counted.
    """

    paths: Paths = "inverse"
    betweenness: Literal["auto", "exact"] | int = "auto"
    seed: int = 1
    probability: str = "data"
    communities: pd.DataFrame | None = field(default=None, compare=False)
    consensus: int | None = None
    consensus_lists: tuple[str, ...] = CONSENSUS_LISTS

    def __post_init__(self) -> None:
        if self.paths not in ("inverse", "unweighted"):
            raise NetmedError(f"paths are 'inverse' or 'unweighted', not {self.paths!r}")
        wanted = self.betweenness
        number = isinstance(wanted, int) and not isinstance(wanted, bool) and wanted >= 2
        if not number and wanted not in ("auto", "exact"):
            raise NetmedError(f"betweenness is 'auto', 'exact' or a number of pivots from 2 on, not {wanted!r}")
        k = self.consensus
        if k is not None and (isinstance(k, bool) or not isinstance(k, int) or k < 1):
            raise NetmedError(f"consensus is the length of the top lists, a whole number from 1 on, not {k!r}")


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
    formula : what is computed, in one line of plain text.
    when : when a researcher in medical education uses it, in one sentence.
    """

    name: str
    columns: tuple[Column, ...]
    graph: Literal["E", "F"]
    weight: Literal["strength", "length", "ignored"]
    cost: str
    source: str
    compute: Callable[[Subject, Settings], Result]
    formula: str
    when: str

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)
