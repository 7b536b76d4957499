"""Where each account stands in the picture.

Communities are placed by how much they address each other, UMAP moves the accounts from there,
far outliers are drawn in, discs are pushed apart, and what hangs together with nothing is packed
below. Distance is a drawing aid and no measure: a network without communities draws as one cloud.

Method: UMAP (McInnes, Healy and Melville 2018) on the unweighted graph, as igraph implements it.
"""

import contextlib
import random
from collections.abc import Iterator, Sequence

import igraph
import numpy as np
import numpy.typing as npt

from netmed.show.separating import GAP, no_overlap, pack

Points = npt.NDArray[np.float64]

METHOD = "communities by their quotient graph, then UMAP (min_dist 0.5, unweighted)"
"""How positions come about, in the words of the page; part of what saved positions are known by."""

WIDTH, HEIGHT = 960.0, 720.0
"""The room a picture fills, in pixels at zoom 1: a laptop screen beside the panel. Of many accounts it is larger."""

FULL = 0.15
"""Share of the room that discs may cover: more would leave no shape to see."""

START = 7.0
"""Half the width of where accounts start, in UMAP's own units: about as wide as it ends. Starting wider, communities
stay far apart as tight balls, whatever passes between them."""


def layout(graph: igraph.Graph, membership: Sequence[int], radii: Sequence[float], *, seed: int = 1) -> Points:
    """Place every vertex of ``graph``.

    Parameters
    ----------
    graph : the accounts and edges to draw; direction and weight are ignored.
    membership : community of each vertex, any integers.
    radii : radius of each vertex's disc, pixels at zoom 1.
    seed : the same graph, membership, radii and seed give the same positions.

    Returns
    -------
    Array of shape (vertices, 2), pixels at zoom 1, x to the right, **y down**, centred on (0, 0).
    No two discs touch; among more than 5,000 a few may.
    """
    sizes = np.asarray(radii, dtype=float)
    groups = np.asarray(membership, dtype=int)
    flat = graph.as_undirected(mode="collapse").simplify()
    points = np.zeros((flat.vcount(), 2))
    components = sorted(flat.connected_components(), key=lambda part: (-len(part), part[0]))
    room = _room(sizes)
    for part in components:
        members = np.asarray(part)
        own = flat if len(part) == flat.vcount() else flat.induced_subgraph(part)
        points[members] = _component(own, groups[members], sizes[members], flat.vcount(), room, seed)
    pack(points, [np.asarray(part) for part in components], sizes, WIDTH / HEIGHT)
    if len(points):
        points -= (points.min(axis=0) + points.max(axis=0)) / 2
    return points


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from its own seeded generator, and give Python's back afterwards."""
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - a drawing, not a secret
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _room(radii: Points) -> Points:
    """Width and height that leave the discs space enough."""
    covered = float((np.pi * (radii + GAP / 2) ** 2).sum())
    return np.array([WIDTH, HEIGHT]) * max(1.0, float(np.sqrt(covered / (FULL * WIDTH * HEIGHT))))


def _component(
    graph: igraph.Graph, groups: npt.NDArray[np.int_], radii: Points, drawn: int, room: Points, seed: int
) -> Points:
    """Lay out one connected component of a picture of ``drawn`` accounts."""
    count = graph.vcount()
    if count < 3:
        return np.array([[i * (float(radii.sum()) + 50.0), 0.0] for i in range(count)])
    with seeded(seed):
        start = _community_start(graph, groups, seed)
        placed = graph.layout_umap(seed=start.tolist(), min_dist=0.5, epochs=_epochs(count))
    share = float(np.sqrt(count / drawn))
    return no_overlap(_fit(_upright(_draw_in(np.asarray(placed.coords))), room * share), radii)


def _epochs(accounts: int) -> int:
    for limit, epochs in ((1_000, 500), (5_000, 200), (20_000, 100)):
        if accounts <= limit:
            return epochs
    return 50


def _community_start(graph: igraph.Graph, groups: npt.NDArray[np.int_], seed: int) -> Points:
    """Each community a disc, its centre where the graph of communities puts it."""
    _, group = np.unique(groups, return_inverse=True)
    counts = np.bincount(group)
    quotient = graph.copy()
    quotient.es["weight"] = [1.0] * quotient.ecount()
    quotient.contract_vertices(group.tolist())
    quotient.simplify(combine_edges="sum")
    # Large communities exchange much by sheer size, which is no closeness: divide it out.
    weights = [edge["weight"] / float(np.sqrt(counts[edge.source] * counts[edge.target])) for edge in quotient.es]
    placed = quotient.layout_fruchterman_reingold(weights=weights, niter=1_000, grid=False)
    centres = np.asarray(placed.coords).reshape(len(counts), 2)
    half = min(START, 0.4 * float(np.sqrt(graph.vcount())))
    centres *= half / max(float(np.abs(centres).max()), 1e-9)
    noise = np.random.default_rng(seed)
    angle = noise.uniform(0, 2 * np.pi, len(group))
    radius = np.sqrt(noise.uniform(0, 1, len(group)) * counts[group] / graph.vcount()) * half * 0.8
    return np.asarray(centres[group] + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None])


def _draw_in(points: Points) -> Points:
    """Bring what lies beyond the 99th percentile of distance back near it, so that a few do not shrink all."""
    centre = np.median(points, axis=0)
    arm = points - centre
    distance = np.hypot(*arm.T)
    limit = float(np.quantile(distance, 0.99))
    # The fourth root keeps their order, and lines nobody up along a circle.
    factor = np.where(distance > limit, (limit / np.maximum(distance, 1e-9)) ** 0.75, 1.0)
    return np.asarray(centre + arm * factor[:, None])


def _upright(points: Points) -> Points:
    """Turn the picture so that its long side lies along the screen's."""
    points = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    turned = points @ axes[:, ::-1]
    # An axis has no direction of its own: let the heavier tail point right and down.
    skew = np.sign((turned**3).sum(axis=0))
    return np.asarray(turned * np.where(skew == 0, 1.0, skew))


def _fit(points: Points, room: Points) -> Points:
    """Scale to pixels: many accounts fill the room, few less of it."""
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    wanted = room * min(1.0, 0.5 + len(points) / 250)
    scale = float(min(wanted / span))
    # A little stretch along the loose side fills the screen; more would lie about shape.
    return np.asarray((points - points.mean(axis=0)) * scale * np.minimum(wanted / span / scale, 1.25))


def purity(graph: igraph.Graph, points: Points, groups: Sequence[int], *, nearest: int = 10) -> tuple[float, float]:
    """How well a picture keeps groups together, and what chance would give.

    Returns
    -------
    Mean share of an account's ``nearest`` neighbours on paper that are of its own group, accounts
    without an edge left out, and the share two accounts drawn by lot would have.
    """
    from scipy.spatial import cKDTree

    tied = np.flatnonzero(np.asarray(graph.degree(loops=False)) > 0)
    own = np.asarray(groups)[tied]
    nearest = min(nearest, len(tied) - 1)
    _, found = cKDTree(points[tied]).query(points[tied], k=nearest + 1)
    same = own[found[:, 1:]] == own[:, None]
    counts = np.unique(own, return_counts=True)[1]
    chance = float((counts * (counts - 1)).sum()) / (len(own) * (len(own) - 1))
    return float(same.mean()), chance
