"""What a flow edge transmits with: the probability that what one account says moves another to speak.

A flow edge runs from the account spoken to (b) to the account that speaks (a): a paid attention to b.
Spreading measures and reach need a probability for it, and no platform states one; this room has the ways
to come by it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from netmed.errors import InputError, NetmedError, NetworkError
from netmed.graphs import Floats, Graphs
from netmed.network import Network
from netmed.read.whole_tables import whole_table
from netmed.schema import unguarded

WAYS = ("data", "weight", "constant:P", "weighted-cascade", "FILE")
"""What ``--probability`` takes."""


@dataclass(frozen=True, slots=True)
class Transmission:
    """Probabilities of the flow edges.

    ``probability`` : of edge j of ``graphs``, from its target to its source; between 0 and 1.
    ``is_known`` : per vertex, whether its flow edges to others have one. Where not, they are 0 here.
    ``details`` : for the convention block.
    """

    probability: Floats
    is_known: "np.ndarray[Any, np.dtype[np.bool_]]"
    details: Mapping[str, Any]


def transmission(network: Network, graphs: Graphs, how: str = "data") -> Transmission:
    """The probability of every flow edge b → a.

    Parameters
    ----------
    how : ``data``: min(1, posts of a that address b / original posts of b), the share of b's posts that
        moved a; posts of b that only came along count among them. Unknown for an account of which no original
        post is known. ``weight``: weights are
        probabilities already. ``constant:P``: P for all. ``weighted-cascade``: 1 / number of accounts that a
        addresses (Kempe, Kleinberg and Tardos 2003, doi:10.1145/956750.956769). Else a CSV file with
        ``source,target,probability``, account keys or ``@handles``, in the direction of flow; pairs that it
        leaves out transmit nothing.

    Raises ``NetmedError`` for another word or a probability that is none, ``InputError`` for an unusable file.
    """
    everybody = np.ones(graphs.n, dtype=np.bool_)
    if how == "data":
        return _of_data(network, graphs)
    if how == "weight":
        if (graphs.weight > 1).any():
            raise NetmedError(
                f"weights are no probabilities: the largest is {graphs.weight.max():g}; take --probability data"
            )
        return Transmission(graphs.weight, everybody, {"probability": "the weight of the edge"})
    if how == "weighted-cascade":
        inward = np.bincount(graphs.source, minlength=graphs.n)  # on F, edges arrive at the account that speaks
        share = 1.0 / inward[graphs.source] if graphs.m else np.zeros(0)
        return Transmission(share, everybody, {"probability": "1 / number of accounts addressed"})
    if how.startswith("constant:"):
        value = _constant(how.removeprefix("constant:"))
        return Transmission(np.full(graphs.m, value), everybody, {"probability": f"{value:g} for every edge"})
    if Path(how).is_file():
        return _of_file(network, graphs, Path(how))
    raise NetmedError(f"--probability is {', '.join(WAYS[:-1])} or a CSV file, not {how!r}")


def _constant(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 1:
        raise NetmedError(f"--probability constant:P wants a number above 0 and up to 1, not {text!r}")
    return value


def _of_data(network: Network, graphs: Graphs) -> Transmission:
    posts = np.zeros(graphs.n)
    posts[graphs.vertex] = known_originals(network)
    is_known = posts > 0
    spoken_to = posts[graphs.target]
    share = np.divide(graphs.weight, spoken_to, out=np.zeros(graphs.m), where=spoken_to > 0)
    unknown = int(np.count_nonzero(~is_known))
    details = {
        "probability": "min(1, posts of a that address b / original posts of b), for flow from b to a",
        "without_original_posts": unknown,
    }
    return Transmission(np.minimum(share, 1.0), is_known, details)


def known_originals(network: Network) -> Floats:
    """Original posts of each account that are known, in the order of ``network.accounts``.

    Those of the collection, and those that only came along: what was answered was there to be answered. Where
    they were left out, an account with one delivered post and fifty answered ones would move everybody for sure.
    """
    delivered: Floats = network.accounts["n_original"].fillna(0).to_numpy(dtype=np.float64)
    try:
        posts = network.posts
    except NetworkError:  # made in memory without its posts
        return delivered
    own = posts.loc[posts["kind"] != "retweet", "author_key"].value_counts()
    known = network.accounts["account_key"].map(own).astype("float64").fillna(0.0).to_numpy(dtype=np.float64)
    most: Floats = np.maximum(delivered, known)
    return most


def _of_file(network: Network, graphs: Graphs, path: Path) -> Transmission:
    wanted = ("source", "target", "probability")
    rows = whole_table(path, wanted="the columns source,target,probability").renamed({name: (name,) for name in wanted})
    if missing := [name for name in wanted if name not in rows.columns]:
        raise InputError(f"{path} has no column {', '.join(missing)}; wanted are source,target,probability")
    rows[["source", "target"]] = rows[["source", "target"]].fillna("").map(lambda cell: unguarded(cell.strip()))
    given = pd.to_numeric(rows["probability"], errors="coerce")
    if bad := int((~given.between(0, 1)).sum()):
        raise InputError(f"{bad:,} rows of {path} have a probability that is no number from 0 to 1")
    vertex = _vertices(network, graphs)
    b, a = (_found(rows[column], vertex) for column in ("source", "target"))
    ends = pd.DataFrame({"b": b, "a": a, "p": given}).dropna()
    if ends.duplicated(["b", "a"]).any():
        raise InputError(f"{path} names a pair twice; a flow edge has one probability")
    edges = pd.DataFrame({"b": graphs.target, "a": graphs.source})
    found = edges.merge(ends.astype({"b": np.int64, "a": np.int64}), on=["b", "a"], how="left")["p"]
    used = int(found.notna().sum())
    turned = len(ends.merge(edges, left_on=["a", "b"], right_on=["b", "a"])) if used < len(rows) else 0
    if graphs.m and (not used or turned > used):
        hint = f"; turned round, {turned:,} would be" if turned else ""
        raise InputError(
            f"{used or 'none'} of the {len(rows):,} rows of {path} {'are edges' if used else 'is an edge'} of the "
            f"network{hint}; source is the account that is heard, target the one that hears it, each as account_key or "
            "@handle"
        )
    details = {
        "probability": f"from {path.name}",
        "rows": len(rows),
        "rows_of_no_edge": len(rows) - used,
        "edges_without": int(found.isna().sum()),
    }
    return Transmission(found.fillna(0.0).to_numpy(), np.ones(graphs.n, dtype=np.bool_), details)


def _vertices(network: Network, graphs: Graphs) -> dict[str, int]:
    """Vertex by ``@handle``, lower case, and by account key; of two accounts with one handle the first."""
    accounts = network.accounts
    by_handle = {
        f"@{handle.lower()}": int(vertex)
        for handle, vertex in zip(accounts["handle"][::-1], graphs.vertex[::-1], strict=True)
        if isinstance(handle, str)
    }
    return by_handle | dict(zip(accounts["account_key"], graphs.vertex.tolist(), strict=True))


def _found(names: pd.Series, vertex: Mapping[str, int]) -> pd.Series:
    """Vertex of each name, missing where there is none: a key as it stands, a handle in any case."""
    return names.map(vertex).fillna(names.str.lower().map({k: v for k, v in vertex.items() if k.startswith("@")}))
