"""Which accounts and edges of a network a page draws, and how many it leaves out and why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from netmed.network import Network

Rows = npt.NDArray[np.intp]

MAX_EDGES = 5_000
"""Edges drawn at most; more would be one grey sheet, and slow."""


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

    @property
    def edges_elsewhere(self) -> int:
        """Edges with an end that is not drawn."""
        return self.edges_total - len(self.edges) - len(self.light_edges)

    @property
    def sentence(self) -> str:
        """What is drawn, in one line, and by what choice."""
        chosen = ": the most central by PageRank" if self.less_central else ""
        return (
            f"{len(self.accounts):,} of {self.accounts_total:,} accounts drawn{chosen}; "
            f"{len(self.edges):,} of {self.edges_total:,} edges"
        )


def select(network: Network, pagerank: pd.Series, *, max_accounts: int, max_edges: int = MAX_EDGES) -> Selection:
    """Choose the accounts in components of three or more, the most central ones if there are too many.

    Parameters
    ----------
    network : the network to draw.
    pagerank : PageRank of each row of ``network.accounts``; unknown counts as least.
    max_accounts, max_edges : how many a page bears. Of too many edges the heaviest of each account
        come first, so that no account loses all of its own to a busier one's.
    """
    graph = network.graph
    component = np.asarray(graph.connected_components(mode="weak").membership, dtype=np.intp)
    size = np.bincount(component)[component] if len(component) else component
    isolated = np.asarray(graph.degree(loops=False), dtype=int) == 0
    # Hundreds of pairs tell nothing and fill the picture; where there is nothing else, they are it.
    smallest = 3 if (size >= 3).any() else 2
    eligible = np.flatnonzero(~isolated & (size >= smallest))
    central = pagerank.to_numpy(dtype=float, na_value=-np.inf)
    order = eligible[np.argsort(-central[eligible], kind="stable")]
    drawn = order[:max_accounts]

    ends = np.asarray(graph.get_edgelist(), dtype=np.intp).reshape(-1, 2)
    is_drawn = np.zeros(len(component), dtype=bool)
    is_drawn[drawn] = True
    inside = np.flatnonzero(is_drawn[ends[:, 0]] & is_drawn[ends[:, 1]] & (ends[:, 0] != ends[:, 1]))
    weight = np.asarray(graph.es["weight"], dtype=float) if graph.ecount() else np.zeros(0)
    heavy = heaviest_first(ends[inside], weight[inside])
    return Selection(
        accounts=drawn,
        edges=np.sort(inside[heavy[:max_edges]]),
        light_edges=np.sort(inside[heavy[max_edges:]]),
        accounts_total=len(component),
        edges_total=graph.ecount(),
        isolates=int(isolated.sum()),
        in_pairs=int((~isolated & (size < smallest)).sum()),
        less_central=len(eligible) - len(drawn),
    )


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
