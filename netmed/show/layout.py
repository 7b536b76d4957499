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

Points = npt.NDArray[np.float64]

WIDTH, HEIGHT = 960.0, 720.0
"""The room a large picture fills, in pixels at zoom 1: a laptop screen beside the panel."""

GAP = 1.5
"""Least free space between two discs, in pixels at zoom 1."""


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
    Array of shape (vertices, 2), pixels at zoom 1, x to the right, **y down**, centred on (0, 0);
    no two discs touch.
    """
    sizes = np.asarray(radii, dtype=float)
    groups = np.asarray(membership, dtype=int)
    flat = graph.as_undirected(mode="collapse").simplify()
    points = np.zeros((flat.vcount(), 2))
    components = sorted(flat.connected_components(), key=lambda part: (-len(part), part[0]))
    for part in components:
        members = np.asarray(part)
        points[members] = _component(flat.induced_subgraph(part), groups[members], sizes[members], flat.vcount(), seed)
    _pack(points, [np.asarray(part) for part in components], sizes)
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


def _component(graph: igraph.Graph, groups: npt.NDArray[np.int_], radii: Points, drawn: int, seed: int) -> Points:
    """Lay out one connected component of a picture of ``drawn`` accounts."""
    count = graph.vcount()
    if count < 3:
        return np.array([[i * (float(radii.sum()) + 50.0), 0.0] for i in range(count)])
    with seeded(seed):
        start = _community_start(graph, groups, seed)
        placed = graph.layout_umap(seed=start.tolist(), min_dist=0.5, epochs=_epochs(count))
    share = float(np.sqrt(count / drawn))
    return _no_overlap(_fit(_upright(_draw_in(np.asarray(placed.coords))), share), radii)


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
    centres *= 0.4 * float(np.sqrt(graph.vcount())) / max(float(np.abs(centres).max()), 1e-9)
    noise = np.random.default_rng(seed)
    angle = noise.uniform(0, 2 * np.pi, len(group))
    radius = np.sqrt(noise.uniform(0, 1, len(group)) * counts[group]) * 0.25
    return np.asarray(centres[group] + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None])


def _draw_in(points: Points) -> Points:
    """Bring what lies beyond the 99th percentile of distance back to it, so that a few do not shrink all."""
    centre = np.median(points, axis=0)
    arm = points - centre
    distance = np.hypot(*arm.T)
    limit = float(np.quantile(distance, 0.99))
    factor = np.where(distance > limit, limit / np.maximum(distance, 1e-9), 1.0)
    return np.asarray(centre + arm * factor[:, None])


def _upright(points: Points) -> Points:
    """Turn the picture so that its long side lies along the screen's."""
    points = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    turned = points @ axes[:, ::-1]
    # An axis has no direction of its own: let the heavier tail point right and down.
    skew = np.sign((turned**3).sum(axis=0))
    return np.asarray(turned * np.where(skew == 0, 1.0, skew))


def _fit(points: Points, share: float) -> Points:
    """Scale to pixels: many accounts fill the room, few less of it, a small component its share."""
    span = np.maximum(np.ptp(points, axis=0), 1e-9)
    room = np.array([WIDTH, HEIGHT]) * share * min(1.0, 0.5 + len(points) / 250)
    scale = float(min(room / span))
    # A little stretch along the loose side fills the screen; more would lie about shape.
    return np.asarray((points - points.mean(axis=0)) * scale * np.minimum(room / span / scale, 1.25))


def _no_overlap(points: Points, radii: Points) -> Points:
    """Push overlapping discs apart until none touch, giving way a little where there is no room."""
    points = points.copy()
    reach = float(2 * radii.max() + GAP) if len(radii) else 0.0
    upper = np.triu_indices(len(points), 1)
    while True:
        for turn in range(120):
            if turn % 10 == 0:
                # Who may come to touch within the next rounds: looked up now and then, not every time.
                arm = points[upper[1]] - points[upper[0]]
                near = np.einsum("ij,ij->i", arm, arm) < (reach * 1.5) ** 2
                i, j = upper[0][near], upper[1][near]
            if not _push(points, radii, i, j) and turn % 10 == 0:
                return points
        points *= 1.04


def _push(points: Points, radii: Points, i: npt.NDArray[np.int_], j: npt.NDArray[np.int_]) -> bool:
    """Move the touching pairs among (i, j) apart, in place; say whether there were any."""
    arm = points[j] - points[i]
    distance = np.hypot(arm[:, 0], arm[:, 1])
    lack = radii[i] + radii[j] + GAP - distance
    touching = lack > 1e-6
    if not touching.any():
        return False
    i, j, arm, distance, lack = i[touching], j[touching], arm[touching], distance[touching], lack[touching]
    # Two on one spot have no direction between them: give them one that depends on who they are.
    spot = distance < 1e-9
    angle = (i * 2.4 + j)[spot]
    arm[spot] = np.column_stack([np.cos(angle), np.sin(angle)])
    distance[spot] = 1.0
    push = arm / distance[:, None] * (lack[:, None] * 0.6 + 0.01)
    # The larger disc moves less.
    share = (radii[j] ** 2 / (radii[i] ** 2 + radii[j] ** 2))[:, None]
    np.add.at(points, i, -push * share)
    np.add.at(points, j, push * (1 - share))
    return True


def _pack(points: Points, components: list[npt.NDArray[np.int_]], radii: Points) -> None:
    """Set the components in rows, largest first, so that none lies over another; in place."""
    boxes = [
        ((points[part] - radii[part, None]).min(axis=0), (points[part] + radii[part, None]).max(axis=0))
        for part in components
    ]
    spans = [
        high - low + (28.0 if len(part) > 2 else 12.0) for part, (low, high) in zip(components, boxes, strict=True)
    ]
    if not spans:
        return
    row_width = max(float(spans[0][0]), float(np.sqrt(sum(span.prod() for span in spans) * WIDTH / HEIGHT)))
    corner, row_height = np.zeros(2), 0.0
    for part, (low, _), span in zip(components, boxes, spans, strict=True):
        if corner[0] > 0 and corner[0] + span[0] > row_width + 1:
            corner, row_height = np.array([0.0, corner[1] + row_height]), 0.0
        points[part] += corner - low
        corner = corner + np.array([span[0], 0.0])
        row_height = max(row_height, float(span[1]))
