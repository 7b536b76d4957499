"""R8 of the ladder: the accounts that together reach most, and what each of them adds."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from netmed.errors import NetmedError
from netmed.graphs import Floats, Integers
from netmed.network import Network
from netmed.reach import overlap, sampling
from netmed.reach.accounts import Direction, Setting, check_precision, meanings, setting, values_of, vertices_of
from netmed.reach.choosing import Chosen, choose
from netmed.reach.diffusion import Model
from netmed.reach.fresh import Fresh
from netmed.reach.greedy import Choice, greedy, greedy_within
from netmed.reach.sampling import Sampler
from netmed.reach.singles import Singles
from netmed.reach.stored import StoredSets

FIRST = 65_536
"""Fresh sets of the first round; every further round doubles what there is."""

MOST = 33_554_432
"""Fresh sets after which no further round begins."""

WORK = 100_000_000
"""Members of fresh sets after which no further round begins."""

COLUMNS = {
    "rank": "place in the order of choice",
    "joint_reach": "accounts that it and those before it are expected to reach together, themselves counted",
    "joint_reach_se": "standard error of joint_reach",
    "marginal_reach": "what it adds to those before it",
    "unique_reach": "what it reaches and nobody else of the whole list",
    "top_k_reach": "what as many accounts of the highest cascade_reach reach together",
}


def joint(
    network: Network,
    k: int | None = None,
    *,
    probability: str = "data",
    model: Model = "independent-cascade",
    target: pd.Series | None = None,
    candidates: Iterable[str] | None = None,
    costs: pd.Series | None = None,
    budget: float | None = None,
    precision: float = 0.002,
    epsilon: float = 0.1,
    sets: int | None = None,
    seed: int = 1,
    direction: Direction = "attention",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The accounts that together are expected to reach most, chosen one by one, and how they overlap.

    Greedy with lazy evaluation on reverse-reachable sets. Without costs it reaches at least 1 − 1/e − ε of the
    best ``k`` with probability 1 − 1/n (Kempe, Kleinberg and Tardos 2003, doi:10.1145/956750.956769; number of
    sets: IMM, Tang and others 2015, doi:10.1145/2723372.2723734). Within a budget it is the better of greedy and
    greedy per cost, which covers at least (1 − 1/e) / 2 of the best (Leskovec and others 2007,
    doi:10.1145/1281192.1281239). All values are estimated on fresh sets: greedy's own flatter it.

    Parameters
    ----------
    k : how many accounts; None within a budget: as many as it allows.
    probability, model, seed, direction, target : as of ``cascade``. With a target those of its kind are reached.
    candidates : account keys that may be chosen; all if None. An account that is addressed and whose probability
        is unknown is never chosen.
    costs, budget : cost (above 0) by account_key of every candidate, and what they may cost together.
    precision : fresh sets are drawn until every standard error of joint_reach is at most this share of it, or
        there are 2^25 sets or 100 million members of sets; the meta says what was attained.
    epsilon : of the guarantee. More sets are drawn while they cost little, fewer where they would take more than
        2 GB or be more than 2^24; the meta says which ε holds.
    sets : choose on exactly so many, and estimate on as many fresh ones.

    Returns
    -------
    The joint table, one row per account chosen: rank, account_key, handle, name, joint_reach, joint_reach_se,
    marginal_reach, unique_reach, top_k_reach; and the overlap table, one row per pair of them. Standard errors of
    the other columns are in ``attrs["meta"]["standard_errors"]``.

    Memory: up to 2 GB of sets, 16 bytes per edge, and per worker 24 bytes per account.

    Raises ``NetmedError`` for a setting out of range, ``TooLargeError`` (one of them) for sets that would take more
    than 2 GB, ``UnknownNameError`` for an account that is not there.
    """
    check_precision(precision, sets)
    _check(k, costs, budget, epsilon)
    made = setting(network, probability=probability, model=model, direction=direction, target=target)
    able = _candidates(made, candidates)
    if costs is None or budget is None:
        most = min(len(able) if k is None else k, len(able))
        price = np.zeros(made.graphs.n)

        def choosing(stored: StoredSets) -> Choice:
            return greedy(stored, able, most)
    else:
        price = _costs(made, costs, able)
        cheapest = np.searchsorted(np.cumsum(np.sort(price[able])), budget * (1 + 1e-12), side="right")
        most = int(min(cheapest, len(able) if k is None else k))
        if most == 0:
            raise NetmedError(f"the budget of {budget:g} allows for no candidate; the cheapest costs {price[able].min():g}")

        def choosing(stored: StoredSets) -> Choice:
            return greedy_within(stored, able, price[able], budget, k)

    chosen = choose(made.diffusion, able, most, choosing, epsilon=epsilon, sets=sets, seed=seed)
    top = _top(made, chosen, able, price, budget, most)
    fresh = _estimated(made, (chosen.choice.vertices, top), precision, sets, seed)
    meta = _meta(made, chosen, fresh, able, k, precision, epsilon, sets, seed)
    if costs is not None:
        meta["budget"], meta["spent"] = budget, float(price[list(chosen.choice.vertices)].sum())
    return _tables(made, chosen, fresh, meta)


def _check(k: int | None, costs: pd.Series | None, budget: float | None, epsilon: float) -> None:
    if k is not None and (isinstance(k, bool) or not isinstance(k, int) or k < 1):
        raise NetmedError(f"k is how many accounts are chosen, a whole number from 1 on, not {k!r}")
    if (costs is None) != (budget is None):
        raise NetmedError("costs and a budget go together; only one of them was given")
    if k is None and budget is None:
        raise NetmedError("say how many accounts are chosen (k), or give costs and a budget")
    if budget is not None and not 0 < budget < np.inf:
        raise NetmedError(f"the budget is a number above 0, not {budget!r}")
    if not 0 < epsilon < 1 - 1 / np.e:
        raise NetmedError(f"epsilon is above 0 and below 1 − 1/e, not {epsilon!r}")


def _candidates(made: Setting, candidates: Iterable[str] | None) -> Integers:
    able = ~made.is_empty
    if candidates is not None:
        is_named = np.zeros(made.graphs.n, dtype=np.bool_)
        is_named[vertices_of(made.network, made.graphs, candidates, "candidates")] = True
        able &= is_named
    if not able.any():
        raise NetmedError("nobody can be chosen: there is no candidate whose probability is known")
    return np.flatnonzero(able)


def _costs(made: Setting, costs: pd.Series, able: Integers) -> Floats:
    vertices, given = values_of(made.network, made.graphs, costs, "costs")
    price = np.full(made.graphs.n, np.nan)
    price[vertices] = given
    wrong = able[~((price[able] > 0) & (price[able] < np.inf))]
    if len(wrong):
        key = made.keys[made.row[wrong[0]]]
        raise NetmedError(f"every candidate has a cost above 0; {len(wrong):,} have none, the first is {key}")
    return price


def _top(
    made: Setting, chosen: Chosen, able: Integers, price: Floats, budget: float | None, most: int
) -> tuple[int, ...]:
    """The plain list: the highest reach first, of what the budget allows."""
    values = Singles(made.diffusion, chosen.sets.deep, chosen.sets.sets).values()[able]
    listed: list[int] = []
    spent = 0.0
    for vertex in able[np.lexsort((able, -values))].tolist():
        if len(listed) == most:
            break
        if budget is None or spent + price[vertex] <= budget * (1 + 1e-12):
            listed.append(vertex)
            spent += float(price[vertex])
    return tuple(listed)


def _estimated(
    made: Setting, lists: tuple[tuple[int, ...], ...], precision: float, sets: int | None, seed: int
) -> Fresh:
    fresh = Fresh(made.diffusion, lists)
    sampler = Sampler(made.diffusion, seed=seed, purpose=sampling.FRESH)
    fresh.extend(sampler, FIRST if sets is None else sets)
    while (
        sets is None
        and _relative_error(fresh) > precision
        and 2 * fresh.sets <= MOST
        and 2 * fresh.members <= WORK
    ):
        fresh.extend(sampler, fresh.sets)
    return fresh


def _relative_error(fresh: Fresh) -> float:
    values, errors = fresh.reach()
    return float((errors[values > 0] / values[values > 0]).max(initial=0.0))


def _tables(made: Setting, chosen: Chosen, fresh: Fresh, meta: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    vertices = np.asarray(chosen.choice.vertices, dtype=np.int64)
    identity = made.identity(vertices)
    table = identity.copy()
    table.insert(0, "rank", np.arange(1, len(vertices) + 1))
    table["joint_reach"], table["joint_reach_se"] = fresh.reach()
    table["marginal_reach"], marginal = fresh.marginal()
    table["unique_reach"], unique = fresh.unique()
    values, errors = fresh.reach(1)
    last = np.minimum(np.arange(len(vertices)), len(values) - 1)  # a plain list may have used up the budget before
    table["top_k_reach"] = values[last]
    meta["standard_errors"] = {
        "marginal_reach": marginal.tolist(),
        "unique_reach": unique.tolist(),
        "top_k_reach": errors[last].tolist(),
    }
    beside = overlap.pairs(identity, *fresh.overlap(), made.diffusion.scale)
    table.attrs["meta"], beside.attrs["meta"] = meta, dict(meta)
    table.attrs["columns"], beside.attrs["columns"] = meanings(COLUMNS), meanings(overlap.COLUMNS)
    return table, beside


def _meta(
    made: Setting,
    chosen: Chosen,
    fresh: Fresh,
    able: Integers,
    k: int | None,
    precision: float,
    epsilon: float,
    sets: int | None,
    seed: int,
) -> dict[str, Any]:
    ...
