"""How the list of large educators moves with the definition: any two lists side by side."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = {
    "definition": "one definition",
    "other": "another one",
    "accounts": "accounts that the one names; empty where it could not be applied",
    "other_accounts": "accounts that the other names, likewise",
    "both": "accounts that both name",
    "jaccard": "both / named by either: 1 is the same list, 0 nobody in common; empty where neither names anybody or "
    "one could not be applied",
}

SOURCE = "Jaccard 1912, doi:10.1111/j.1469-8137.1912.tb05611.x"


def overlap(table: pd.DataFrame) -> pd.DataFrame:
    """Every two definitions of ``large_educators``: how many accounts each names, and how many both do.

    Returns
    -------
    One row per pair, in the order of the columns of ``table``: the columns of ``COLUMNS``.
    """
    told = table.attrs["meta"]["definitions"]
    lists = {name: table[name].to_numpy(dtype=np.bool_, na_value=False) for name in told}
    rows: list[dict[str, Any]] = []
    for one, other in combinations(told, 2):
        sizes = [told[name]["accounts"] for name in (one, other)]
        both = int(np.count_nonzero(lists[one] & lists[other])) if None not in sizes else None
        either = 0 if both is None else sum(sizes) - both
        share = None if both is None or not either else both / either
        rows.append(dict(zip(COLUMNS, (one, other, *sizes, both, share), strict=True)))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    counts = dict.fromkeys(("accounts", "other_accounts", "both"), "Int64")
    frame = frame.astype({"definition": "str", "other": "str", **counts, "jaccard": "float64"})
    meta = {name: table.attrs["meta"][name] for name in ("definitions", "grid", "lists", "relations", "direction")}
    notes = sorted({f"{d['kind']}: {d['reason']}" for d in told.values() if d["reason"]})
    frame.attrs["meta"] = {**meta, "notes": notes, "source": SOURCE}
    frame.attrs["columns"] = dict(COLUMNS)
    return frame
