"""What is left of a ranking when part of the posts is left out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from netmed import centrality
from netmed.errors import NetmedError, NetworkError
from netmed.network import Network
from netmed.uncertainty.comparing import PERSISTENCE, compare

_NUMBERS = ("kendall_tau", "spearman", "rbo", "top_overlap")

_MEANINGS = {
    "measure": "the column of the centrality table that is ranked",
    "fraction": "share of the posts that is kept, drawn at random",
    "repeats": "how many times it was drawn",
    "posts": "posts kept, of those that make edges",
    "edges": "edges left, mean over the repeats",
} | {
    f"{name}{end}": words + more
    for name, words in {
        "kendall_tau": "Kendall's tau-b with the ranking from all posts, over all accounts",
        "spearman": "Spearman's rank correlation with the ranking from all posts",
        "rbo": f"rank-biased overlap (p = {PERSISTENCE}) with the ranking from all posts",
        "top_overlap": "share of the top that is common to both",
    }.items()
    for end, more in (("", ": mean"), ("_lo", ": 2.5 % of the repeats are below"), ("_hi", ": 97.5 % are below"))
}


def thinning(
    network: Network,
    *,
    fractions: Sequence[float] = (0.9, 0.5, 0.1),
    repeats: int = 20,
    measures: Sequence[str] = ("in_degree", "pagerank"),
    top: int = 10,
    seed: int = 1,
) -> pd.DataFrame:
    """How much of the ranking stays when only a share of the posts is there.

    Posts that make edges are drawn at random without replacement, edges are counted anew by the rule of edges
    (a post counts once per source and target; least weight as in the network), all accounts stay, and the
    ranking is compared to the full one. A network from an edge list has no posts: there each unit of weight is
    kept with that chance, which takes every unit for a post of its own.

    Parameters
    ----------
    fractions : shares to keep, above 0 and up to 1.
    repeats : draws per fraction.
    measures : columns of the centrality table.
    top : how many first places make the top.
    seed : of the draws.

    Returns
    -------
    One row per measure and fraction: measure, fraction, repeats, posts, edges, then mean, ``_lo`` and ``_hi``
    (the middle 95 % of the repeats) of kendall_tau, spearman, rbo and top_overlap. Empty where no ranking can be
    compared; ``attrs["meta"]["empty"]`` says why.

    Raises
    ------
    NetworkError : an edge list with weights that are not whole: a share of a post cannot be drawn.
    NetmedError : a setting out of range. UnknownNameError : a measure that is not there.
    """
    if not fractions or not all(0 < fraction <= 1 for fraction in fractions):
        raise NetmedError(f"fractions are shares above 0 and up to 1, not {list(fractions)}")
    if repeats < 1:
        raise NetmedError(f"the number of repeats is 1 or more, not {repeats}")
    posts = _Posts(network)
    full = _measured(network, measures, seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in measures}
    for index, fraction in enumerate(fractions):
        found: dict[str, list[list[float]]] = {name: [] for name in measures}
        edges = []
        for repeat in range(repeats):
            thinner = posts.thinned(fraction, np.random.default_rng([seed, index, repeat]))
            edges.append(len(thinner.edges))
            values = _measured(thinner, measures, seed)
            for name in measures:
                compared = compare(full[name], values[name], top=top)
                found[name].append([getattr(compared, number) for number in _NUMBERS])
        for name in measures:
            row: dict[str, Any] = {"measure": name, "fraction": fraction, "repeats": repeats}
            row |= {"posts": posts.kept(fraction), "edges": float(np.mean(edges))}
            rows[name].append(row | _spread(np.array(found[name])))
    frame = pd.DataFrame([row for name in measures for row in rows[name]], columns=list(_MEANINGS))
    frame["posts"] = frame["posts"].astype("Int64")
    frame.attrs["meta"] = {
        "relations": list(network.relations),
        "direction": "attention",
        "method": posts.method,
        "top_k": top,
        "persistence": PERSISTENCE,
        "repeats": repeats,
        "seed": seed,
        "empty": None if len(network.edges) else "the network has no edge, so nobody is ranked",
        "notes": [*posts.notes, "empty numbers: in no repeat was there a ranking to compare"],
    }
    frame.attrs["columns"] = dict(_MEANINGS)
    return frame


def _measured(network: Network, measures: Sequence[str], seed: int) -> dict[str, pd.Series]:
    table = centrality.scores(network, measures=measures, seed=seed).set_index("account_key")
    return {name: table[name].astype("float64") for name in measures}


def _spread(numbers: "np.ndarray[Any, np.dtype[np.float64]]") -> dict[str, float]:
    """Mean and the middle 95 % of every number; NaN where none is known."""
    row = {}
    for name, values in zip(_NUMBERS, numbers.T, strict=True):
        known = values[~np.isnan(values)]
        row[name] = float(known.mean()) if len(known) else np.nan
        for end, share in (("_lo", 0.025), ("_hi", 0.975)):
            row[f"{name}{end}"] = float(np.quantile(known, share)) if len(known) else np.nan
    return row


class _Posts:
    """The posts behind the edges, ready to be thinned: one row per post and pair."""

    def __init__(self, network: Network) -> None:
        self.network = network
        edges = network.edges
        self.notes: list[str] = []
        rules = network.provenance.get("rules", {})
        self._least = float(rules.get("min_weight", 1))
        if len(network.events) or not len(edges):
            self.method = "posts that make edges, drawn without replacement"
            self._from_events()
            if rules.get("giant"):
                self.notes.append("the largest connected part was not taken anew in a thinned network")
        else:
            weight = edges["weight"].to_numpy(dtype=np.float64)
            if (weight != np.floor(weight)).any():
                odd = weight[weight % 1 > 0][0]
                raise NetworkError(
                    f"{network.name} was made from an edge list with weights such as {odd:g}, and part of a post "
                    "cannot be left out; thinning wants posts, or weights that count them"
                )
            self.method = "units of weight of an edge list, each kept with that chance: every one taken for a post"
            self._units = weight.astype(np.int64)
            self.total = int(self._units.sum())

    def _from_events(self) -> None:
        events, edges = self.network.events, self.network.edges
        ends = ["source_key", "target_key"]
        pairs = pd.MultiIndex.from_frame(edges[ends])
        chosen = events[events["relation"].isin(self.network.relations)]
        pair = pairs.get_indexer(pd.MultiIndex.from_frame(chosen[ends]))
        post = chosen["post_key"].to_numpy()[pair >= 0]
        # by key and not by row, so that the order of rows draws no other posts
        codes, known = pd.factorize(post, sort=True)
        self.total = len(known)
        whole = np.unique(np.stack([pair[pair >= 0], codes], axis=1), axis=0) if len(codes) else np.zeros((0, 2), int)
        self._pair, self._post = whole[:, 0].astype(np.int64), whole[:, 1].astype(np.int64)

    def kept(self, fraction: float) -> int:
        """Posts that are kept; of an edge list, expected."""
        return round(self.total * fraction)

    def thinned(self, fraction: float, chance: np.random.Generator) -> Network:
        """The network of a random share of the posts."""
        edges = self.network.edges
        if self.method.startswith("units"):
            order = np.lexsort((edges["target_key"].to_numpy(dtype=str), edges["source_key"].to_numpy(dtype=str)))
            weight = np.empty(len(edges), dtype=np.int64)
            weight[order] = chance.binomial(self._units[order], fraction)
        else:
            is_kept = np.zeros(self.total, dtype=np.bool_)
            is_kept[chance.permutation(self.total)[: self.kept(fraction)]] = True
            weight = np.bincount(self._pair[is_kept[self._post]], minlength=len(edges))
        there = (weight > 0) & (weight >= self._least)
        kept = edges.loc[there, ["source_key", "target_key"]].assign(weight=weight[there].astype(np.float64))
        return Network({"accounts": self.network.accounts, "edges": kept}, provenance=self.network.provenance)
