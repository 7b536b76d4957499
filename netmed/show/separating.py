"""Discs that do not lie on each other: pushed apart within a picture, packed beside it."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Points = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

GAP = 1.5
"""Least free space between two discs, in pixels at zoom 1."""

EXACT = 5_000
"""Up to so many discs none may touch another; beyond, a hundred rounds must do."""


def no_overlap(points: Points, radii: Points) -> Points:
    """Push overlapping discs apart until none touch, giving way a little where there is no room.

    ``points`` has shape (discs, 2), ``radii`` (discs,), both in pixels; a new array is returned.
    """
    points = points.copy()
    slack = float(np.median(radii)) + GAP if len(radii) else GAP
    rounds = 120 if len(points) <= EXACT else 100
    while True:
        for turn in range(rounds):
            if turn % 10 == 0:
                # Who may come to touch within the next rounds: looked up now and then, not every time.
                i, j = _near(points, radii, slack)
            if not _push(points, radii, i, j) and turn % 10 == 0:
                return points
        if len(points) > EXACT:
            return points
        points *= 1.04


def _near(points: Points, radii: Points, slack: float) -> tuple[Places, Places]:
    """Pairs of discs, each pair once, that touch or are less than ``slack`` from it; in a fixed order."""
    # One search with the largest radius would pair everything with everything: the large are few.
    common = float(np.quantile(radii, 0.9)) if len(radii) else 0.0
    small, large = np.flatnonzero(radii <= common), np.flatnonzero(radii > common)
    pairs = small[cKDTree(points[small]).query_pairs(2 * common + GAP + slack, output_type="ndarray")]
    if len(large):
        reach = radii[large] + float(radii.max()) + GAP + slack
        hits = cKDTree(points).query_ball_point(points[large], reach)
        own = np.repeat(large, [len(hit) for hit in hits])
        other = np.concatenate([np.asarray(hit, dtype=np.intp) for hit in hits])
        once = (radii[other] <= common) | (own < other)
        pairs = np.concatenate([pairs, np.column_stack([own[once], other[once]])])
    arm = points[pairs[:, 1]] - points[pairs[:, 0]]
    touch = radii[pairs[:, 0]] + radii[pairs[:, 1]] + GAP + slack
    pairs = np.sort(pairs[np.einsum("ij,ij->i", arm, arm) < touch**2], axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[:, 0], pairs[:, 1]


def _push(points: Points, radii: Points, i: Places, j: Places) -> bool:
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
    for axis in (0, 1):
        points[:, axis] -= np.bincount(i, (push * share)[:, axis], len(points))
        points[:, axis] += np.bincount(j, (push * (1 - share))[:, axis], len(points))
    return True


def pack(points: Points, components: list[Places], radii: Points, aspect: float) -> None:
    """Set the components in rows, largest first, so that none lies over another; in place.

    ``aspect`` is the width of the whole by its height, about.
    """
    boxes = [
        ((points[part] - radii[part, None]).min(axis=0), (points[part] + radii[part, None]).max(axis=0))
        for part in components
    ]
    spans = [
        high - low + (28.0 if len(part) > 2 else 12.0) for part, (low, high) in zip(components, boxes, strict=True)
    ]
    if not spans:
        return
    row_width = max(float(spans[0][0]), float(np.sqrt(sum(span.prod() for span in spans) * aspect)))
    corner, row_height = np.zeros(2), 0.0
    for part, (low, _), span in zip(components, boxes, spans, strict=True):
        if corner[0] > 0 and corner[0] + span[0] > row_width + 1:
            corner, row_height = np.array([0.0, corner[1] + row_height]), 0.0
        points[part] += corner - low
        corner = corner + np.array([span[0], 0.0])
        row_height = max(row_height, float(span[1]))
