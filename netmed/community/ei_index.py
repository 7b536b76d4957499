"""Do groups keep to themselves? The E-I index, beside every null model that it depends on.

One network gave z of +1.67, +2.45, −1.10, −2.72 and −31.5 by the null chosen, so all are printed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from netmed.community import permuting
from netmed.community.grouping import MOST_GROUPS, Groups, grouped
from netmed.community.mixing_matrix import checked, conventions, fewer
from netmed.community.projection import graphs_of
from netmed.graphs import Floats, Integers
from netmed.network import Network

NULLS = {
    "labels": "labels permuted among all accounts of known group",
    "labels_with_edge": "labels permuted among the accounts that have an edge",
    "labels_by_degree": "labels permuted among accounts of about the same degree (0, 1, 2–3, 4–7, …)",
    "targets": "targets of all edges permuted: every account keeps the edges it sends and the number it gets; "
    "edges to itself are left out of a draw",
    "activity": "every account keeps the edges it sends; their targets are drawn among all others by the weight they "
    "receive (by the number of edges, where edges are counted)",
    "configuration": "expectation alone, in closed form: what a group sends times what it receives over everything; "
    "it has no spread, so no z and no p",
}

COLUMNS = {
    "scope": "overall: edges of all groups; group: the edges that accounts of this group send",
    "group": "the group; empty for overall",
    "counted": "weight (sum of weights) or edges (each counts 1)",
    "accounts": "accounts of known group; of this group",
    "edges": "edges sent, between accounts of known groups",
    "external": "of what is counted, to other groups",
    "internal": "of what is counted, within the group",
    "ei": "E-I index, (external − internal) / (external + internal): −1 keeps to itself, +1 only goes out; empty where "
    "nothing is sent",
    "null": f"null model: {'; '.join(f'{name} = {text}' for name, text in NULLS.items())}",
    "null_mean": "mean of the index under the null model",
    "null_sd": "its standard deviation; empty where the null model has none",
    "z": "(ei − null_mean) / null_sd; below 0 keeps to itself more than the null model does",
    "p": "two-sided, over the draws: (1 + draws at least as far from their mean) / (1 + draws)",
    "p_adjusted": "p adjusted for all rows of the table (Benjamini–Hochberg)",
}

SOURCE = "E-I index: Krackhardt and Stern 1988, doi:10.2307/2786835"


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    """Edges between accounts of known group; members are these accounts, isolates included.

    ``sent`` : weight and number of the edges that every member sends.
    """

    source: Integers
    target: Integers
    weight: Floats
    label: Integers
    sent: tuple[Floats, Floats]
    groups: int
    shown: int

    @property
    def degree(self) -> Integers:
        n = len(self.label)
        total: Integers = np.bincount(self.source, minlength=n) + np.bincount(self.target, minlength=n)
        return total


def homophily(
    network: Network,
    partition: pd.DataFrame | None = None,
    *,
    by: str | None = None,
    permutations: int | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """E-I index of groups with its panel of nulls (Krackhardt and Stern 1988, doi:10.2307/2786835).

    Edges count once, source → target, and only between accounts whose group is known.

    Parameters
    ----------
    partition, by, permutations, seed : as for ``mixing``. Of very many groups, the 30 largest have rows of
        their own; overall is over all.

    Returns
    -------
    One row per scope (overall, and what each group sends), what is counted (weight, edges) and null
    model: the columns of ``COLUMNS``.

    Raises
    ------
    NetmedError : no groups (see ``mixing``), or fewer than two permutations.
    UnknownNameError : a column that is not there; the nearest are named.
    """
    graphs = graphs_of(network)
    count = checked(permutations, graphs.m)
    known = grouped(network, partition, by)
    made = _labelled(network, known)
    observed = _index(made, made.label, made.target)
    panel = {name: _drawn(made, name, count if len(made.source) else 0, seed) for name in list(NULLS)[:-1]}
    rows = [
        _rows(known, made, observed, name, *permuting.two_sided(observed.ravel(), found))
        for name, found in panel.items()
    ]
    blank = np.full(observed.size, np.nan)
    rows.append(_rows(known, made, observed, "configuration", _configuration(made).ravel(), blank, blank, blank))
    frame = pd.concat(rows, ignore_index=True)
    order = {name: i for i, name in enumerate(NULLS)}
    frame = frame.assign(place=frame["null"].map(order)).sort_values(["cell", "place"], ignore_index=True)
    frame = frame.drop(columns=["cell", "place"])
    frame["p_adjusted"] = permuting.adjusted(frame["p"].to_numpy(dtype=float))
    frame.attrs["meta"] = {
        **conventions(network, known, seed=seed),
        "method": "E-I index",
        "edges_of_known_groups": len(made.source),
        "permutations": count if len(made.source) else 0,
        "permutations_reason": fewer(permutations, count, len(made.source)),
        "groups_shown": made.shown,
        "nulls": dict(NULLS),
        "source": SOURCE,
    }
    frame.attrs["columns"] = dict(COLUMNS)
    return frame


def _labelled(network: Network, known: Groups) -> _Labelled:
    graphs = graphs_of(network)
    has = known.group >= 0
    member = np.cumsum(has) - 1
    both = has[graphs.source] & has[graphs.target]
    source, weight, n = member[graphs.source[both]], graphs.weight[both], int(np.count_nonzero(has))
    return _Labelled(
        source,
        member[graphs.target[both]],
        weight,
        known.group[has],
        (
            np.bincount(source, weights=weight, minlength=n).astype(np.float64),
            np.bincount(source, minlength=n).astype(np.float64),
        ),
        len(known.names),
        min(len(known.names), MOST_GROUPS),
    )


def _sums(made: _Labelled, label: Integers, target: Integers) -> tuple[Floats, Floats]:
    """Internal and all that is sent: 2 (weight, edges) × (overall, then every group shown)."""
    group = label[made.source]
    real = made.source != target
    internal = np.flatnonzero((group == label[target]) & real)  # a few of many: looked up, not multiplied
    lost = np.flatnonzero(~real)
    sent = np.empty((2, 1 + made.shown))
    for row, by_account in enumerate(made.sent):
        by = np.bincount(label, weights=by_account, minlength=max(1, made.groups))
        sent[row] = [by.sum(), *by[: made.shown]]
    return _by_group(made, group, internal), sent - _by_group(made, group, lost)


def _by_group(made: _Labelled, group: Integers, chosen: Integers) -> Floats:
    """Weight and number of the edges chosen: overall, then by the group of the source."""
    total = np.empty((2, 1 + made.shown))
    for row, weight in enumerate((made.weight[chosen], None)):
        by = np.bincount(group[chosen], weights=weight, minlength=max(1, made.groups))
        total[row] = [by.sum(), *by[: made.shown]]
    return total


def _ei(internal: Floats, everything: Floats) -> Floats:
    sent = everything > 0
    index: Floats = np.divide(everything - 2 * internal, everything, out=np.full(everything.shape, np.nan), where=sent)
    return index


def _index(made: _Labelled, label: Integers, target: Integers) -> Floats:
    return _ei(*_sums(made, label, target))


def _drawn(made: _Labelled, null: str, count: int, seed: int) -> Floats:
    """The index over the draws of one null model: draws × cells."""
    rng = np.random.default_rng([abs(seed), 1988, list(NULLS).index(null)])
    draw = _drawer(made, null, rng)
    found = np.empty((count, 2 * (1 + made.shown)))
    for i in range(count):
        found[i] = draw().ravel()
    return found


def _drawer(made: _Labelled, null: str, rng: np.random.Generator) -> Callable[[], Floats]:
    if null == "labels":
        return lambda: _index(made, rng.permutation(made.label), made.target)
    if null == "labels_with_edge":
        active = np.flatnonzero(made.degree)
        return lambda: _index(made, permuting.among(rng, made.label, active), made.target)
    if null == "labels_by_degree":
        strata = permuting.strata_of(made.degree)
        return lambda: _index(made, permuting.within(rng, made.label, strata), made.target)
    if null == "targets":
        return lambda: _index(made, made.label, rng.permutation(made.target))
    return _activity(made, rng)


def _activity(made: _Labelled, rng: np.random.Generator) -> Callable[[], Floats]:
    """Only whether a drawn target is of the sender's own group matters: one toss per edge."""
    group = made.label[made.source]
    everything = _sums(made, made.label, made.target)[1]
    chances = [_own(made, received) for received in (made.weight, np.ones(len(group)))]

    def draw() -> Floats:
        toss = rng.random(len(group))
        internal = [_by_group(made, group, np.flatnonzero(toss < chance))[row] for row, chance in enumerate(chances)]
        return _ei(np.array(internal), everything)

    return draw


def _own(made: _Labelled, received: Floats) -> Floats:
    """Per edge: the chance that a target, drawn among all but the sender, is of the sender's group."""
    by_account = np.bincount(made.target, weights=received, minlength=len(made.label))
    by_group = np.bincount(made.label, weights=by_account, minlength=max(1, made.groups))
    self_part = by_account[made.source]
    chance: Floats = (by_group[made.label[made.source]] - self_part) / (received.sum() - self_part)
    return chance


def _configuration(made: _Labelled) -> Floats:
    """Expected index: what a group sends meets each group by its share of all that is received."""
    rows = []
    for weight in (made.weight, np.ones(len(made.weight))):
        sent = np.bincount(made.label[made.source], weights=weight, minlength=max(1, made.groups))
        received = np.bincount(made.label[made.target], weights=weight, minlength=max(1, made.groups))
        everything = weight.sum()
        internal = sent * received / everything if everything else sent * 0.0
        pick = slice(0, made.shown)
        rows.append(_ei(np.r_[internal.sum(), internal[pick]], np.r_[sent.sum(), sent[pick]]))
    return np.array(rows)


def _rows(
    known: Groups, made: _Labelled, observed: Floats, null: str, mean: Floats, deviation: Floats, z: Floats, p: Floats
) -> pd.DataFrame:
    """Rows of one null model, by scope and then by what is counted."""
    internal, everything = _sums(made, made.label, made.target)
    cells = np.arange(observed.size)
    counted, scope = np.divmod(cells, 1 + made.shown)
    sizes = np.r_[len(made.label), known.sizes[: made.shown]]
    names = pd.Series([None, *known.names[: made.shown]], dtype="str")
    return pd.DataFrame(
        {
            "cell": scope * 2 + counted,
            "scope": pd.Series(np.where(scope == 0, "overall", "group"), dtype="str"),
            "group": names.take(scope).reset_index(drop=True),
            "counted": pd.Series(np.where(counted == 0, "weight", "edges"), dtype="str"),
            "accounts": sizes[scope].astype(np.int64),
            "edges": everything[1][scope].astype(np.int64),
            "external": (everything - internal).ravel(),
            "internal": internal.ravel(),
            "ei": observed.ravel(),
            "null": pd.Series([null] * len(cells), dtype="str"),
            "null_mean": np.where(np.isfinite(observed.ravel()), mean, np.nan),
            "null_sd": deviation,
            "z": z,
            "p": p,
        }
    )
