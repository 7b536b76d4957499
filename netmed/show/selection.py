"""Which accounts and edges of a network a page draws, and how many it leaves out and why."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.network import Network

Rows = npt.NDArray[np.intp]
Keep = Literal["core", "top"] | int
"""How the drawn accounts are chosen: by quota, outright, or around the account of this row."""

FEWEST = 3
"""A quota leaves no community of this size or more with fewer accounts."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is drawn of a network. Every account and every edge of it is counted in exactly one place.

    ``accounts`` are rows of ``network.accounts``, most central first; ``edges`` and ``light_edges``
    are rows of ``network.edges`` between them: drawn at once, and drawn when an end is picked.
    """

    accounts: Rows
    edges: Rows
    light_edges: Rows
    accounts_total: int
    edges_total: int
    isolates: int
    in_pairs: int
    less_central: int
    choice: str

    @property
    def edges_elsewhere(self) -> int:
        """Edges with an end that is not drawn."""
        return self.edges_total - len(self.edges) - len(self.light_edges)

    @property
    def sentence(self) -> str:
        """What is drawn, in one line, and by what choice."""
        chosen = f": {self.choice}" if self.choice else ""
        return (
            f"{len(self.accounts):,} of {self.accounts_total:,} accounts drawn{chosen}; "
            f"{len(self.edges):,} of {self.edges_total:,} edges"
        )


def select(
    network: Network,
    pagerank: pd.Series,
    community: pd.Series,
    *,
    max_accounts: int,
    max_edges: int,
    keep: Keep = "core",
) -> Selection:
    """Choose the accounts in components of three or more; of too many, some.

    Parameters
    ----------
    network : the network to draw.
    pagerank : PageRank of each row of ``network.accounts``; unknown counts as least.
    community : community of each row, for the quotas of ``core``.
    max_accounts, max_edges : how many a page bears. Of too many edges the heaviest of each account
        come first, so that no account loses all of its own to a busier one's.
    keep : of too many accounts, ``core`` takes the most central of every community, in proportion to
        its size; ``top`` the most central of all; a row takes that account and those it has edges with.
    """
    graph = network.graph
    component = np.asarray(graph.connected_components(mode="weak").membership, dtype=np.intp)
    size = np.bincount(component)[component] if len(component) else component
    isolated = np.asarray(graph.degree(loops=False), dtype=int) == 0
    # Hundreds of pairs tell nothing and fill the picture; where there is nothing else, they are it.
    smallest = 3 if (size >= 3).any() else 2
    is_eligible = ~isolated & (size >= smallest)
    if not isinstance(keep, str):
        is_eligible = np.zeros(len(component), dtype=bool)
        is_eligible[[keep, *graph.neighbors(keep)]] = True
    eligible = np.flatnonzero(is_eligible)
    central = pagerank.to_numpy(dtype=float, na_value=-np.inf)
    order = eligible[np.argsort(-central[eligible], kind="stable")]
    drawn, choice = _reduced(order, community, max_accounts, keep)

    ends = np.asarray(graph.get_edgelist(), dtype=np.intp).reshape(-1, 2)
    is_drawn = np.zeros(len(component), dtype=bool)
    is_drawn[drawn] = True
    inside = np.flatnonzero(is_drawn[ends[:, 0]] & is_drawn[ends[:, 1]] & (ends[:, 0] != ends[:, 1]))
    weight = np.asarray(graph.es["weight"], dtype=float) if graph.ecount() else np.zeros(0)
    heavy = heaviest_first(ends[inside], weight[inside]) if len(inside) > max_edges else np.arange(len(inside))
    small = ~isolated & (size < smallest) & ~is_drawn
    return Selection(
        accounts=drawn,
        edges=np.sort(inside[heavy[:max_edges]]),
        light_edges=np.sort(inside[heavy[max_edges:]]),
        accounts_total=len(component),
        edges_total=graph.ecount(),
        isolates=int((isolated & ~is_drawn).sum()),
        in_pairs=int(small.sum()),
        less_central=len(component) - len(drawn) - int((isolated & ~is_drawn).sum()) - int(small.sum()),
        choice=choice,
    )


def _reduced(order: Rows, community: pd.Series, most: int, keep: Keep) -> tuple[Rows, str]:
    """The accounts that are drawn of those in ``order`` (most central first), and by what choice, in words."""
    if not isinstance(keep, str):
        chosen = order[order != keep][: most - 1]
        return order[np.isin(order, [keep, *chosen])], "one account and those it has edges with"
    if len(order) <= most:
        return order, ""
    if keep == "top":
        return order[:most], "the most central by PageRank"
    group = community.iloc[order].astype("Int64").fillna(-1).to_numpy(dtype=int)
    _, group = np.unique(group, return_inverse=True)
    sizes = np.bincount(group)
    # The place of each account in its own community, by centrality.
    by_group = np.argsort(group, kind="stable")
    place = np.empty(len(order), dtype=int)
    place[by_group] = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[group[by_group]]
    # An account's turn: what share of its community stands before it; the first few of each come at once.
    turn = np.where(place < FEWEST, place / FEWEST * 1e-6, (place + 1) / sizes[group])
    first = np.lexsort((np.arange(len(order)), turn))[:most]
    return order[np.sort(first)], "the most central by PageRank of each community, in proportion to its size"


def heaviest_first(ends: Rows, weight: npt.NDArray[np.float64]) -> Rows:
    """Order edges by their place among all edges of either end: everybody's heaviest, then second heaviest, …

    ``ends`` has shape (edges, 2); returns positions in it. Of equal place the heavier comes first.
    """
    edge = np.tile(np.arange(len(ends)), 2)
    account = np.concatenate([ends[:, 0], ends[:, 1]])
    order = np.lexsort((edge, -weight[edge], account))
    begins = np.searchsorted(account[order], account[order], side="left")
    place = np.full(len(ends), len(ends), dtype=np.intp)
    np.minimum.at(place, edge[order], np.arange(len(order)) - begins)
    return np.lexsort((np.arange(len(ends)), -weight, place))
