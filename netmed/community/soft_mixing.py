"""Who engages whom by probability: the mixing of physicians, trainees and others when roles are not certain.

The mixing matrix by role takes every account for what it likeliest is. Here an account is a physician, a
trainee or another in parts, by its probabilities, and an edge belongs in parts to every pair of roles.
"""

from importlib.metadata import version

import numpy as np
import pandas as pd

from netmed import headcounts
from netmed.community.grouping import OTHER, UNKNOWN
from netmed.community.mixing_matrix import SOURCE
from netmed.community.projection import graphs_of
from netmed.network import Network

ROLES = ("physician", "trainee", OTHER, UNKNOWN)

COLUMNS = {
    "source_role": "the role whose accounts engage (speak): physician, trainee, other, or unknown",
    "target_role": "the role whose accounts are spoken to",
    "source_accounts": "expected accounts of the source role: the sum of their probabilities",
    "target_accounts": "expected accounts of the target role",
    "edges": "expected edges from accounts of the source role to accounts of the target role: over all edges, "
    "P(source has the one role) times P(target has the other)",
    "weight": "expected sum of their weights, likewise",
    "share": "weight, of all weight that the source role sends; empty where it sends none",
    "expected": "weight if targets were drawn by the attention they get: weight sent by the source role times weight "
    "received by the target role / all weight (configuration model)",
    "ratio": "weight / expected; above 1 is more than expected; empty where nothing is expected",
}


def expected_mixing(network: Network) -> pd.DataFrame:
    """Who engages whom by the probabilities of the roles, expected over all ways the roles may truly be.

    The expected weight from role r to role s is the sum over edges of weight · P(source is r) · P(target is s), which
    takes accounts for independent. It has no interval; ``mixing`` tests the roles as they likeliest are against chance.

    Returns
    -------
    One row per ordered pair of roles (physician, trainee, other; unknown are accounts whose role nobody found), zeros
    included: the columns of ``COLUMNS``. Edges and weights sum to those of the network. Without any known
    role no rows, and the reason in ``attrs["meta"]["notes"]``.
    """
    graphs = graphs_of(network)
    chance = [headcounts.probabilities(network.accounts, role) for role in headcounts.COLUMN_OF]
    parts = np.zeros((graphs.n, len(ROLES)))
    parts[graphs.vertex, 0], parts[graphs.vertex, 1] = chance
    known = ~np.isnan(parts[:, :2]).any(axis=1)
    parts[:, 2] = np.clip(1 - parts[:, :2].sum(axis=1), 0, 1)
    parts[~known] = (0, 0, 0, 1)
    k = len(ROLES)
    edges, weight = np.zeros((k, k)), np.zeros((k, k))
    if known.any():
        from scipy import sparse

        ends, shape = (graphs.source, graphs.target), (graphs.n, graphs.n)
        for matrix, values in ((edges, np.ones(graphs.m)), (weight, graphs.weight)):
            matrix += parts.T @ (sparse.csr_array((values, ends), shape=shape) @ parts)
    sent, received, everything = weight.sum(axis=1, keepdims=True), weight.sum(axis=0), weight.sum()
    by_chance = sent * received / everything if everything else np.zeros((k, k))
    one, other = (axis.ravel() for axis in np.indices((k, k)))
    names, accounts = np.array(ROLES, dtype=object), parts.sum(axis=0)
    frame = pd.DataFrame(
        {
            "source_role": pd.Series(names[one], dtype="str"),
            "target_role": pd.Series(names[other], dtype="str"),
            "source_accounts": accounts[one],
            "target_accounts": accounts[other],
            "edges": edges.ravel(),
            "weight": weight.ravel(),
            "share": np.divide(weight, sent, out=np.full((k, k), np.nan), where=sent > 0).ravel(),
            "expected": by_chance.ravel(),
            "ratio": np.divide(weight, by_chance, out=np.full((k, k), np.nan), where=by_chance > 0).ravel(),
        }
    )
    frame = frame if known.any() else frame.iloc[:0]
    frame.attrs["meta"] = {
        "method": "expected mixing matrix",
        "accounts": graphs.n,
        "of_unknown_role": int(np.count_nonzero(~known)),
        "relations": list(network.relations),
        "direction": "attention: from the account that speaks to the account spoken to",
        "roles": "an account is a physician, a trainee or another in parts, by its probabilities",
        "notes": [] if known.any() else ["no rows: no role is known; find roles first"],
        "source": SOURCE,
        "versions": {name: version(name) for name in ("numpy", "scipy")},
    }
    frame.attrs["columns"] = dict(COLUMNS)
    return frame
