"""R7 of the ladder: how many accounts one account would reach in a cascade, for every account at once."""

import numpy as np
import pandas as pd

from netmed.network import Network
from netmed.reach import singles
from netmed.reach.accounts import Direction, check_precision, meanings, setting
from netmed.reach.diffusion import Model

COLUMNS = {
    "cascade_reach": "accounts it is expected to reach in a cascade, itself counted; empty where unknown",
    "cascade_reach_se": "standard error of cascade_reach; empty where cascade_reach is exact or unknown",
}


def cascade(
    network: Network,
    *,
    probability: str = "data",
    model: Model = "independent-cascade",
    precision: float = 0.01,
    sets: int | None = None,
    seed: int = 1,
    direction: Direction = "attention",
    target: pd.Series | str | None = None,
) -> pd.DataFrame:
    """Expected reach of every account, if it speaks once, by reverse-reachable sets.

    Borgs and others 2014, doi:10.1137/1.9781611973402.70; models: Kempe, Kleinberg and Tardos 2003,
    doi:10.1145/956750.956769. Word runs from the account spoken to to the account that speaks. What is reached by
    one step is computed, what is reached later is drawn, and the standard errors are of that part.

    Parameters
    ----------
    probability : what a flow edge transmits with, as ``netmed.transmission`` takes it.
    model : ``independent-cascade``; or ``linear-threshold``, where an account is moved when the weights of the
        edges from those that were moved reach a threshold drawn from 0 to 1. The probabilities are those weights;
        of an account where they sum to more than 1 they are divided by their sum.
    precision : draw until the standard errors of the ten accounts of the highest reach are at most this share of
        it. Drawing also ends after 2^24 sets or 200 million members of sets; the meta says what was attained.
    sets : draw exactly so many instead.
    seed : of the draw. The same seed gives the same values whatever the number of cores.
    direction : ``attention``; ``flow`` where the edges of the network run with the flow.
    target : ``physicians``, ``trainees`` or ``specialty:NAME``, or
        weight (0 to 1) by account_key of being among those to be reached, such as the probability to be a
        physician; who is left out counts 0. Reach is then in expected accounts of that kind. None: all count 1.

    Returns
    -------
    One row per account in the order of ``network.accounts``: account_key, handle, name, cascade_reach,
    cascade_reach_se. An account that is addressed and whose probability is unknown has empty values; one that
    nobody addresses reaches itself, and that is exact. ``attrs["meta"]`` has the conventions, the sets drawn and
    why drawing ended, ``attrs["columns"]`` the meaning of the columns.

    Memory: 16 bytes per edge, and per worker 24 bytes per account.

    Raises ``NetmedError`` for a setting out of range, and what ``Graphs`` and ``transmission`` raise.
    """
    check_precision(precision, sets)
    made = setting(network, probability=probability, model=model, direction=direction, target=target)
    found = singles.until_precise(made.diffusion, precision=precision, sets=sets, seed=seed)
    unknown = made.is_empty
    vertex = made.graphs.vertex
    frame = network.accounts[["account_key", "handle", "name"]].reset_index(drop=True)
    frame["cascade_reach"] = np.where(unknown, np.nan, found.values())[vertex]
    frame["cascade_reach_se"] = np.where(unknown, np.nan, found.errors())[vertex]
    notes = made.notes()
    exact = int(np.count_nonzero(np.isnan(found.errors()) & ~unknown))
    if exact:
        notes.append(f"cascade_reach_se is empty for {exact:,} accounts whose reach is exact: one step at most")
    frame.attrs["meta"] = {
        **made.meta(),
        "method": "reverse-reachable sets; reach by one step is computed, later reach is drawn",
        "source": "Borgs and others 2014, doi:10.1137/1.9781611973402.70",
        "seed": seed,
        "sets": found.sets,
        "members": found.members,
        "precision": None if sets is not None else precision,
        "relative_error": found.relative_error(),
        "relative_error_of": f"the largest among the {singles.TOP} accounts of the highest reach",
        "stopped": _why(found, precision, sets),
        **({"notes": notes} if notes else {}),
    }
    frame.attrs["columns"] = meanings(COLUMNS)
    return frame


def _why(found: singles.Singles, precision: float, sets: int | None) -> str:
    if found.is_exact:
        return "nothing had to be drawn"
    if sets is not None:
        return "the sets asked for were drawn"
    if found.relative_error() <= precision:
        return "the precision was attained"
    if 2 * found.sets > singles.MOST:
        return f"twice as many would be more than {singles.MOST:,} sets; the precision was not attained"
    return f"twice as many would have more than {singles.WORK:,} members; the precision was not attained"
