"""How word spreads: the flow edges as a drawing of worlds needs them, and what is known of reach without drawing.

A flow edge runs from the account spoken to (b) to the account that speaks (a); b, when it speaks, moves a with
the probability of the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from netmed.errors import NetmedError
from netmed.graphs import Floats, Graphs, Integers
from netmed.transmission import Transmission

Model = Literal["independent-cascade", "linear-threshold"]
MODELS: tuple[Model, ...] = ("independent-cascade", "linear-threshold")

Booleans = npt.NDArray[np.bool_]

CERTAIN = 40.0
"""Hazard of an edge that always transmits: more than any step that can be drawn (53 ln 2 = 36.7)."""


@dataclass(frozen=True, eq=False)
class Diffusion:
    """Flow edges with their probabilities, and the weights of those to be reached.

    Vertices are those of ``Graphs``; edge j is edge j of ``Graphs``, from its target to its source.

    Attributes
    ----------
    n : number of accounts.
    source, target : ends of the engagement edges: ``source`` hears, ``target`` is heard.
    probability : that an edge is live. In the linear threshold model weights of the edges to one account that sum
        to more than 1 are divided by their sum.
    weight : of each account among those to be reached; 1 unless a target was given.
    is_known : accounts whose own probabilities are known.
    scale : sum of the weights; what a share of the sets is multiplied by.
    """

    n: int
    source: Integers
    target: Integers
    probability: Floats
    model: Model
    weight: Floats
    is_known: Booleans
    details: Mapping[str, Any]
    scale: float = field(init=False)
    flow: tuple[Any, ...] = field(init=False, repr=False)
    """What the kernels take: ``start``, ``head``, ``rising``, ``some``, ``roots``, ``guide``, ``is_told``."""
    forward: tuple[Integers, Integers] = field(init=False, repr=False)
    """Edges by the account they leave on the flow graph: places in the list by vertex, and the edges."""

    def __post_init__(self) -> None:
        put = object.__setattr__
        is_even = bool((self.weight == self.weight[:1]).all())
        put(self, "scale", float(self.weight.sum()))
        start = _starts(self.source, self.n)
        threshold = self.model == "linear-threshold"
        with np.errstate(divide="ignore"):
            length = self.probability if threshold else np.minimum(-np.log1p(-self.probability), CERTAIN)
        rising = _rising(length, start)
        last = np.zeros(self.n)
        full = start[1:] > start[:-1]
        last[full] = rising[start[1:][full] - 1]
        some = np.minimum(last, 1.0) if threshold else -np.expm1(-last)
        edges = (start, self.target.astype(np.int32), rising, some)
        roots = (np.zeros(0), np.zeros(0, np.int64)) if is_even else _guided(self.weight)
        put(self, "flow", (*edges, *roots, False))
        put(self, "forward", (_starts(self.target, self.n), np.argsort(self.target, kind="stable")))

    def told(self) -> tuple[Any, ...]:
        """``flow`` for sets whose root hears somebody: roots drawn by weight × the chance of a live edge to them.

        Most sets of a quiet network are a root that hears nobody, which tell nothing (importance
        sketching: Nguyen and others 2017, arXiv:1709.03565). Such sets stand for ``told_scale``, not for ``scale``.
        """
        start, head, rising, some, *_ = self.flow
        return (start, head, rising, some, *_guided(self.weight * some), True)

    @property
    def silent(self) -> Floats:
        """Of each account, its weight × the chance that it hears nobody, (n,)."""
        silent: Floats = self.weight * (1.0 - self.flow[3])
        return silent

    @property
    def told_scale(self) -> float:
        """Expected weight of those that hear somebody."""
        return float((self.weight * self.flow[3]).sum())

    @property
    def is_threshold(self) -> bool:
        """Whether an account has at most one live edge."""
        return self.model == "linear-threshold"

    def direct(self) -> Floats:
        """Of each account, itself and those it reaches by one step alone, in expectation: exact."""
        onward = np.bincount(self.target, weights=self.probability * self.weight[self.source], minlength=self.n)
        return self.weight + onward

    def goes_on(self) -> Booleans:
        """Whether what an account says may reach anybody of weight in two steps or more.

        Where not, ``direct`` is all of its reach. It is also true of some who reach nobody new so.
        """
        live = self.probability > 0
        heard, hears = self.target[live], self.source[live]
        counts = self.weight > 0
        # of each account, those of weight one step on; the one it came from is not new
        audience = np.bincount(heard, weights=counts[hears], minlength=self.n)
        back = _holds(heard, hears, self.n) & counts[heard]
        further = np.zeros(self.n, dtype=np.bool_)
        further[heard[audience[hears] - back > 0]] = True
        if not counts.all():  # some weigh nothing and pass on: anybody within any number of steps
            further[heard[np.isin(hears, heard)]] = True
        return further


def diffusion(graphs: Graphs, sent: Transmission, model: Model, weight: Floats | None = None) -> Diffusion:
    """The spreading of ``graphs`` with the probabilities ``sent``.

    ``weight`` : (n,), by vertex, what reaching each account counts; 1 if None.

    Raises ``NetmedError`` for a model that is none.
    """
    if model not in MODELS:
        raise NetmedError(f"model is {' or '.join(MODELS)}, not {model!r}")
    probability, details = sent.probability.astype(np.float64), {"model": model, **sent.details}
    if model == "linear-threshold":
        total = np.bincount(graphs.source, weights=probability, minlength=graphs.n)
        probability = probability / np.maximum(total, 1.0)[graphs.source]
        details["scaled"] = "weights of the edges to an account that sum to more than 1 are divided by their sum"
        details["accounts_scaled"] = int(np.count_nonzero(total > 1.0 + 1e-9))
    worth = np.ones(graphs.n) if weight is None else weight
    return Diffusion(
        graphs.n, graphs.source, graphs.target, probability, model, worth, np.asarray(sent.is_known), details
    )


def _guided(weight: Floats) -> tuple[Floats, Integers]:
    """Sums of weights by which to draw, and where the search for each n-th part of them begins."""
    sums = np.cumsum(weight)
    parts = np.arange(len(sums)) / max(len(sums), 1) * (sums[-1] if len(sums) else 0.0)
    return sums, np.searchsorted(sums, parts, side="right").clip(max=max(len(sums) - 1, 0))


def _starts(ends: Integers, n: int) -> Integers:
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=n), out=start[1:])
    return start


def _rising(length: Floats, start: Integers) -> Floats:
    """Sums of lengths up to each edge, anew for every account, so that none loses figures to those before it."""
    from netmed.reach import kernels  # late: numba takes half a second to import

    rising = np.empty(len(length))
    kernels.rise(length, start, rising)
    return rising


def _holds(heard: Integers, hears: Integers, n: int) -> Booleans:
    """Whether the edge back is there too, of every edge."""
    there = np.sort(heard * n + hears)
    back = hears * n + heard
    place = np.minimum(np.searchsorted(there, back), max(len(there) - 1, 0))
    return there[place] == back if len(there) else np.zeros(0, dtype=np.bool_)
