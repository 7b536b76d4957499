"""A short name for every community: what its authors tag, or else whom it gathers around."""

from collections import Counter

import numpy as np
import pandas as pd

from netmed.errors import NetworkError
from netmed.network import Network

HASHTAGS = 3
"""At most so many hashtags make a name."""

ACCOUNTS = 2
"""So many accounts make a name where no hashtag is distinctive."""

FEWEST_AUTHORS = 2
"""A hashtag must be used by this many authors of a community: one account names nothing."""

DISTINCTIVE = 2.0
"""A hashtag's share among the community's authors must be this many times its share among all others."""

LONGEST = 30
"""Longer hashtags do not make a short name."""


def names(network: Network, partition: pd.DataFrame) -> dict[int, str]:
    """Name communities by their distinctive hashtags, e.g. ``#foamed #ems``, or ``@ana, @bo``.

    Hashtags are ranked by class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794), counted in
    authors, not posts, so that a busy account does not name its community; a hashtag that is about
    as common elsewhere (the one the posts were collected by) is none. Where nothing is left, the
    accounts with the highest in_strength make the name; where two communities would share one, the top
    account tells them apart. Names are text from strangers.

    Parameters
    ----------
    partition : columns account_key and community, as ``leiden`` gives them.

    Returns
    -------
    Community number → name, in the order of the numbers.
    """
    members = partition.dropna(subset=["community"]).astype({"community": int})
    tags = _hashtags(network, members)
    tops = _top_accounts(network, members)
    numbers = sorted(members["community"].unique().tolist())
    tagged = {number: " ".join(f"#{tag}" for tag in tags[number]) for number in numbers if number in tags}
    shared = {name for name, uses in Counter(tagged.values()).items() if uses > 1}
    found = {}
    for number in numbers:
        name = tagged.get(number)
        if name is None:
            found[number] = ", ".join(tops[number])
        else:
            found[number] = f"{name} {tops[number][0]}" if name in shared else name
    return found


def _hashtags(network: Network, members: pd.DataFrame) -> dict[int, list[str]]:
    """Distinctive hashtags by community, best first; communities without any are left out."""
    try:
        posts = network.posts[["author_key", "hashtags"]]
    except NetworkError:  # a network made without posts, of an edge list
        return {}
    community = members.set_index("account_key")["community"]
    used = posts.dropna().explode("hashtags").dropna().drop_duplicates()
    used = used[used["hashtags"].str.len().between(1, LONGEST)]
    used = used.assign(community=used["author_key"].map(community)).dropna(subset=["community"])
    if used.empty:
        return {}
    table = used.groupby(["community", "hashtags"])["author_key"].size().rename("authors").reset_index()
    size = used.groupby("community")["author_key"].nunique()
    everywhere = table.groupby("hashtags")["authors"].sum()
    words = table.groupby("community")["authors"].sum()
    inside = table["authors"].to_numpy(dtype=float)
    total = table["hashtags"].map(everywhere).to_numpy(dtype=float)
    here = table["community"].map(size).to_numpy(dtype=float)
    elsewhere = float(size.sum()) - here
    share_outside = np.divide(total - inside, elsewhere, out=np.zeros_like(total), where=elsewhere > 0)
    table["score"] = inside / table["community"].map(words).to_numpy(dtype=float) * np.log1p(words.mean() / total)
    # where there are no others, nothing can be told from them
    distinctive = (elsewhere > 0) & (inside >= FEWEST_AUTHORS) & (inside / here >= DISTINCTIVE * share_outside)
    best = table[distinctive].sort_values(["community", "score", "hashtags"], ascending=[True, False, True])
    kept = best.groupby("community").head(HASHTAGS)
    return _lists(kept["community"], kept["hashtags"].tolist())


def _top_accounts(network: Network, members: pd.DataFrame) -> dict[int, list[str]]:
    """Accounts most addressed, by community: ``@handle``, or the key where the handle is unknown."""
    strength = network.edges.groupby("target_key")["weight"].sum()
    handles = network.accounts.set_index("account_key")["handle"]
    table = members.assign(strength=members["account_key"].map(strength).fillna(0.0))
    table = table.sort_values(["community", "strength", "account_key"], ascending=[True, False, True])
    top = table.groupby("community").head(ACCOUNTS)
    words = [
        key if pd.isna(handle) or handle == "" else f"@{handle}"
        for key, handle in zip(top["account_key"], top["account_key"].map(handles), strict=True)
    ]
    return _lists(top["community"], words)


def _lists(numbers: pd.Series, words: list[str]) -> dict[int, list[str]]:
    """Collect words by community, in the order given."""
    lists: dict[int, list[str]] = {}
    for number, word in zip(numbers, words, strict=True):
        lists.setdefault(int(number), []).append(word)
    return lists
