"""A short name for every community: what its authors tag, or else practise, or whom it gathers around."""

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
    as common elsewhere (the one the posts were collected by) is none. Where nothing is left, specialties
    that are distinctive in the same way make the name, and else the accounts with the highest
    in_strength; where two communities would share one, the top account tells them apart. Names are text
    from strangers.

    Parameters
    ----------
    partition : columns account_key and community, as ``leiden`` gives them.

    Returns
    -------
    Community number → name, in the order of the numbers.
    """
    members = members_of(partition)
    tags = hashtags(network, members)
    fields = distinctive(specialties(network), members)
    tops = top_accounts(network, members)
    numbers = sorted(members["community"].unique().tolist())
    worded = {number: ", ".join(words) for number, words in fields.items()}
    worded |= {number: " ".join(f"#{tag}" for tag in words) for number, words in tags.items()}
    shared = {name for name, uses in Counter(worded.values()).items() if uses > 1}
    found = {}
    for number in numbers:
        name = worded.get(number)
        if name is None:
            found[number] = ", ".join(tops[number])
        else:
            found[number] = f"{name} {tops[number][0]}" if name in shared else name
    return found


def members_of(partition: pd.DataFrame) -> pd.DataFrame:
    """The accounts that have a community."""
    return partition.dropna(subset=["community"]).astype({"community": int})


def hashtags(network: Network, members: pd.DataFrame) -> dict[int, list[str]]:
    """Distinctive hashtags by community, best first; communities without any are left out."""
    try:
        posts = network.posts[["author_key", "hashtags"]]
    except NetworkError:  # a network made without posts, of an edge list
        return {}
    used = posts.dropna().explode("hashtags").dropna().drop_duplicates()
    used = used[used["hashtags"].str.len().between(1, LONGEST)]
    return distinctive(used.set_axis(["account_key", "word"], axis=1), members)


def specialties(network: Network) -> pd.DataFrame:
    """Account and specialty, where one is known."""
    if "specialty" not in network.accounts:
        return pd.DataFrame({"account_key": [], "word": []})
    known = network.accounts[["account_key", "specialty"]].dropna()
    return known[known["specialty"].str.len() > 0].set_axis(["account_key", "word"], axis=1)


def distinctive(used: pd.DataFrame, members: pd.DataFrame) -> dict[int, list[str]]:
    """Words that the accounts of one community use more than others do: account_key and word, each pair once."""
    community = members.set_index("account_key")["community"]
    used = used.assign(community=used["account_key"].map(community)).dropna(subset=["community"])
    if used.empty:
        return {}
    table = used.groupby(["community", "word"])["account_key"].size().rename("authors").reset_index()
    size = used.groupby("community")["account_key"].nunique()
    everywhere = table.groupby("word")["authors"].sum()
    words = table.groupby("community")["authors"].sum()
    inside = table["authors"].to_numpy(dtype=float)
    total = table["word"].map(everywhere).to_numpy(dtype=float)
    here = table["community"].map(size).to_numpy(dtype=float)
    elsewhere = float(size.sum()) - here
    share_outside = np.divide(total - inside, elsewhere, out=np.zeros_like(total), where=elsewhere > 0)
    table["score"] = inside / table["community"].map(words).to_numpy(dtype=float) * np.log1p(words.mean() / total)
    # where there are no others, nothing can be told from them
    tells = (elsewhere > 0) & (inside >= FEWEST_AUTHORS) & (inside / here >= DISTINCTIVE * share_outside)
    best = table[tells].sort_values(["community", "score", "word"], ascending=[True, False, True])
    kept = best.groupby("community").head(HASHTAGS)
    return lists(kept["community"], kept["word"].tolist())


def top_accounts(network: Network, members: pd.DataFrame, count: int = ACCOUNTS) -> dict[int, list[str]]:
    """Accounts most addressed, by community: ``@handle``, or the key where the handle is unknown."""
    strength = network.edges.groupby("target_key")["weight"].sum()
    handles = network.accounts.set_index("account_key")["handle"]
    table = members.assign(strength=members["account_key"].map(strength).fillna(0.0))
    table = table.sort_values(["community", "strength", "account_key"], ascending=[True, False, True])
    top = table.groupby("community").head(count)
    words = [
        key if pd.isna(handle) or handle == "" else f"@{handle}"
        for key, handle in zip(top["account_key"], top["account_key"].map(handles), strict=True)
    ]
    return lists(top["community"], words)


def lists(numbers: pd.Series, words: list[str]) -> dict[int, list[str]]:
    """Collect words by community, in the order given."""
    found: dict[int, list[str]] = {}
    for number, word in zip(numbers, words, strict=True):
        found.setdefault(int(number), []).append(word)
    return found
