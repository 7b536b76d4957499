"""How much of the reach of two accounts is of the same accounts, and how much of it would be by chance."""

import numpy as np
import pandas as pd

from netmed.graphs import Floats

COLUMNS = {
    "other_key": "the other account of the pair",
    "other_handle": "its handle",
    "other_name": "its name",
    "reach": "accounts that the first is expected to reach alone, itself counted",
    "other_reach": "accounts that the other is expected to reach alone, itself counted",
    "both_reach": "accounts that both are expected to reach",
    "both_reach_se": "standard error of both_reach",
    "jaccard": "both_reach / accounts that either reaches",
    "overlap_coefficient": "both_reach / the smaller of the two reaches",
    "by_chance": "reach · other_reach / all: what both would reach if the two had nothing to do with one another",
}


def pairs(identity: pd.DataFrame, both: Floats, errors: Floats, scale: float) -> pd.DataFrame:
    """One row per pair of accounts, each pair once, the earlier one first.

    Parameters
    ----------
    identity : account_key, handle, name of k accounts.
    both, errors : (k, k), what both reach and its standard error; the diagonal is the reach of each.
    scale : what reaching everybody counts.
    """
    first, second = np.triu_indices(len(identity), k=1)
    reach = np.diagonal(both)
    shared, one, other = both[first, second], reach[first], reach[second]
    either, smaller = one + other - shared, np.minimum(one, other)
    frame = identity.iloc[first].reset_index(drop=True)
    for name in ("key", "handle", "name"):
        frame[f"other_{name}"] = identity["account_key" if name == "key" else name].iloc[second].to_numpy()
    frame["reach"], frame["other_reach"] = one, other
    frame["both_reach"], frame["both_reach_se"] = shared, errors[first, second]
    frame["jaccard"] = _share(shared, either)
    frame["overlap_coefficient"] = _share(shared, smaller)
    frame["by_chance"] = one * other / scale
    return frame


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return share
