"""R8 of the ladder: the accounts that together reach most, and what each of them adds."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from netmed.errors import NetmedError
from netmed.network import Network
from netmed.reach import overlap
from netmed.reach.accounts import Direction, Setting, check_precision, meanings, setting
from netmed.reach.choosing import Chosen, choose
from netmed.reach.diffusion import Model
from netmed.reach.fresh import Fresh, estimated
from netmed.reach.singles import Singles
from netmed.reach.wishes import Wish, wish

COLUMNS = {
    "rank": "place in the order of choice",
    "joint_reach": "accounts that it and those before it are expected to reach together, themselves counted",
    "joint_reach_se": "standard error of joint_reach",
    "marginal_reach": "what it adds to those before it",
    "unique_reach": "what it reaches and nobody else of the whole list",
    "top_k_reach": "what as many accounts of the highest cascade_reach reach together",
}

CERTAINTY = 5.0
"""Standard errors below the estimate that the best reach at least, whatever chance did."""


def joint(
    network: Network,
    k: int | None = None,
    *,
    probability: str = "data",
    model: Model = "independent-cascade",
    target: pd.Series | str | None = None,
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
    greedy per cost, at least (1 − 1/e) / 2 − ε of the best (Leskovec and others 2007,
    doi:10.1145/1281192.1281239). All values are estimated on fresh sets: greedy's own flatter it.

    Parameters
    ----------
    k : how many accounts; None within a budget: as many as it allows. Where there are fewer candidates, all.
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

    Memory: up to 2 GB of sets, 16 bytes per edge, and per worker 36 bytes per account.

    Raises ``NetmedError`` for a setting out of range, ``TooLargeError`` (one of them) for sets that would take more
    than 2 GB, ``UnknownNameError`` for an account that is not there.
    """
    check_precision(precision, sets)
    if not 0 < epsilon < 1 - 1 / np.e:
        raise NetmedError(f"epsilon is above 0 and below 1 − 1/e, not {epsilon!r}")
    made = setting(network, probability=probability, model=model, direction=direction, target=target)
    wished = wish(made, k, candidates, costs, budget)
    chosen = choose(made.diffusion, wished, epsilon=epsilon, sets=sets, seed=seed)
    singly = Singles(made.diffusion, chosen.sets.near, chosen.sets.deep, chosen.sets.sets).values()
    lists = (chosen.choice.vertices, wished.plain(singly))
    fresh = estimated(made.diffusion, lists, precision=precision, sets=sets, seed=seed)
    meta = {**made.meta(), **_described(wished, chosen, fresh), "seed": seed}
    if sets is None:
        meta |= {"precision": precision, "epsilon_wanted": epsilon, "sets_needed": chosen.needed}
    if notes := _notes(made, wished):
        meta["notes"] = notes
    return _tables(made, chosen, fresh, meta)


def _tables(made: Setting, chosen: Chosen, fresh: Fresh, meta: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    identity = made.identity(np.asarray(chosen.choice.vertices, dtype=np.int64))
    table = identity.copy()
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    table["joint_reach"], table["joint_reach_se"] = fresh.reach()
    table["marginal_reach"], marginal = fresh.marginal()
    table["unique_reach"], unique = fresh.unique()
    values, errors = fresh.reach(1)
    last = np.minimum(np.arange(len(table)), len(values) - 1)  # a plain list may use up the budget earlier
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


def _described(wished: Wish, chosen: Chosen, fresh: Fresh) -> dict[str, Any]:
    values, errors = fresh.reach()
    least = float(values[-1] - CERTAINTY * errors[-1])
    epsilon = chosen.epsilon_of(least)
    alone = fresh.alone()[0]
    plain = fresh.reach(1)[0]
    said = {
        "method": "greedy with lazy evaluation on reverse-reachable sets; values are estimated on fresh sets",
        "guarantee": wished.guarantee(chosen.choice, epsilon, "with probability 1 − 1/accounts"),
        "epsilon": epsilon,
        "candidates": len(wished.candidates),
        "sets": chosen.sets.sets,
        "sets_kept": chosen.sets.kept,
        "memory_of_sets": chosen.sets.memory,
        "gains_looked_at_again": chosen.choice.looks,
        "fresh_sets": fresh.sets,
        "relative_error": fresh.relative_error(),
        "reach_on_own_sets": chosen.sets.reach(chosen.choice.covered),
        "sum_of_single_reaches": float(alone.sum()),
        "counted_twice": max(0.0, float(1 - values[-1] / alone.sum())) if alone.sum() > 0 else 0.0,
        "reach_of_plain_list": float(plain[-1]),
        "accounts_of_plain_list": len(plain),
    }
    if wished.price is not None:
        said |= {"budget": wished.budget, "spent": wished.spent(chosen.choice.vertices)}
    return said


def _notes(made: Setting, wished: Wish) -> list[str]:
    notes = []
    left_out = int(np.count_nonzero(made.is_empty))
    if left_out:
        notes.append(
            f"{left_out:,} addressed accounts whose probability is unknown cannot be chosen; they pass nothing on, "
            "so that the others' values are lower bounds"
        )
    if wished.price is None and wished.k is not None and wished.k > wished.most:
        notes.append(f"{wished.k:,} were asked for and there are {wished.most:,} candidates; all of them are listed")
    return notes
