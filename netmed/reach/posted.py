"""What posts and profiles tell of an account: impressions, amplifiers, how often it is passed on, its cascades."""

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from netmed.graphs import Floats
from netmed.reach import rates, trees
from netmed.reach.relational import Tables, amplifiers

FIGURES = ("likes", "retweets", "replies", "quotes")
"""What people did with a post, as the platform counts it."""


def followers(tables: Tables, accounts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """R0 and R1: ``potential_impressions``, ``amplifiers``, ``potential_reach_lo``, ``_hi``; why some are empty.

    One row per row of ``accounts``.
    """
    own = accounts["followers"].astype("Float64")
    posts = accounts["n_original"].astype("Float64")
    reasons: dict[str, str] = {}
    if not tables.n_posts and not posts.fillna(0).any():
        posts = pd.Series(pd.NA, index=accounts.index, dtype="Float64")
        reasons["potential_impressions"] = "the data have no posts, so nobody's original posts can be counted"
    found = pd.DataFrame({"potential_impressions": posts * own})
    pairs = amplifiers(tables)
    if own.isna().all():
        reasons |= dict.fromkeys(
            ("potential_impressions", "potential_reach_lo", "potential_reach_hi"), "no account's followers are known"
        )
    elif own.isna().any():
        reasons.setdefault(
            "potential_impressions", f"{int(own.isna().sum()):,} accounts have no profile that tells their followers"
        )
    if pairs is None:
        said = "the data have no reposts or quotes, and no events, so who amplified whom is not known"
        reasons |= dict.fromkeys(("amplifiers", "potential_reach_lo", "potential_reach_hi"), said)
        empty = pd.Series(pd.NA, index=accounts.index, dtype="Float64")
        return found.assign(amplifiers=empty, potential_reach_lo=empty, potential_reach_hi=empty), reasons
    people = tables.accounts.select(their_key="account_key", known="followers")
    joined = pairs.left_join(people, pairs.other_key == people.their_key)
    by_account = joined.group_by("account_key").agg(
        amplifiers=joined.count(), unknown=joined.known.isnull().sum(), most=joined.known.max(), sum=joined.known.sum()
    )
    rows = by_key(by_account.execute(), accounts)
    counted = rows["amplifiers"].fillna(0)
    most = pd.concat([own, rows["most"].astype("Float64")], axis=1).max(axis=1)
    whole = own.notna() & (rows["unknown"].fillna(0) == 0)
    total = (own + rows["sum"].astype("Float64").fillna(0)).where(whole)
    if not own.isna().all() and (~whole).any():
        reasons["potential_reach_hi"] = (
            f"for {int((~whole).sum()):,} accounts the followers of the account or of an amplifier are not known, so "
            "that there is no upper bound"
        )
        if most.isna().any():
            reasons["potential_reach_lo"] = f"for {int(most.isna().sum()):,} accounts nobody's followers are known"
    return found.assign(
        amplifiers=counted.astype("Int64"),
        potential_reach_lo=most.astype("Float64"),
        potential_reach_hi=total.astype("Float64"),
    ), reasons


def by_key(frame: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Rows by ``account_key``, in the order of the accounts; empty where there is none."""
    return frame.set_index("account_key").reindex(accounts["account_key"]).reset_index(drop=True)


def of_posts(tables: Tables, accounts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str], dict[str, Any]]:
    """R4 and what posts tell besides: impressions, amplification, h-indices, cascades; reasons; counts.

    One row per row of ``accounts``. All of it is empty where the data have no posts.
    """
    columns = (
        *("measured_impressions", "posts_with_impressions", "engagement_rate"),
        *("amplification", "amplification_lo", "amplification_hi", "h_index_reposts", "h_index_reposts_stated"),
        *trees.COLUMNS,
    )
    if not tables.n_posts:
        empty = {name: pd.Series(pd.NA, index=accounts.index, dtype="Float64") for name in columns}
        return pd.DataFrame(empty), dict.fromkeys(columns, "the data have no posts"), {}
    originals = tables.engine.store("originals", _originals(tables))
    counted = originals.group_by("account_key").agg(
        posts=originals.count(),
        total=originals.passed_on.sum(),
        squares=(originals.passed_on * originals.passed_on).sum(),
        measured_impressions=originals.impressions.sum(),
        posts_with_impressions=originals.impressions.count(),
        done=originals.done.sum(where=originals.is_rated),
        seen=originals.impressions.sum(where=originals.is_rated),
    )
    rows = by_key(counted.execute(), accounts)
    shown, posts = rows["posts_with_impressions"].fillna(0), rows["posts"].to_numpy(np.float64, na_value=np.nan)
    total, squares = (rows[name].to_numpy(np.float64, na_value=np.nan) for name in ("total", "squares"))
    low, high, dispersion = rates.interval(total, squares, posts)
    looked_at = rows["seen"].to_numpy(np.float64, na_value=np.nan)
    found = {
        "measured_impressions": rows["measured_impressions"].astype("Float64").where(shown > 0),
        "posts_with_impressions": shown.astype("Int64"),
        "engagement_rate": _share(rows["done"].to_numpy(np.float64, na_value=np.nan), looked_at),
        "amplification": _share(total, posts),
        "amplification_lo": low,
        "amplification_hi": high,
        "h_index_reposts": _h_index(originals, "reposts", accounts),
        "h_index_reposts_stated": _h_index(originals, "stated", accounts),
    }
    trees_of, said = trees.observed(tables)
    started = by_key(trees_of, accounts)
    frame = pd.DataFrame(found, index=accounts.index).assign(**{name: started[name] for name in trees.COLUMNS})
    without = int(np.isnan(posts).sum())
    reasons = {
        name: f"{without:,} accounts have no original post in the data" for name in columns[3:] if without
    } | _unstated(rows, shown)
    if (frame["h_index_reposts_stated"].isna() & ~np.isnan(posts)).any():
        reasons["h_index_reposts_stated"] = "the platform states no reposts, or the account has no original post"
    typical = float(np.nanmedian(dispersion)) if np.isfinite(dispersion).any() else None
    return frame, reasons, {"cascades": said, "dispersion_of_passing_on": typical}


def _unstated(rows: pd.DataFrame, shown: pd.Series) -> dict[str, str]:
    without = int((shown == 0).sum())
    if not without:
        return {}
    several = f"for {without:,} accounts the platform states no impressions of any original post"
    said = several if shown.any() else "the platform states no impressions of any post in the data"
    return {"measured_impressions": said, "engagement_rate": f"{said}, or none above 0"}


def _originals(tables: Tables) -> ir.Table:
    """Original posts of the collection, with how often others passed them on in the data."""
    posts = tables.posts
    own = posts.filter(posts.in_collection, posts.kind != "retweet", posts.author_key.notnull())
    is_rated = (own.impressions > 0) & ibis.or_(*(own[name].notnull() for name in FIGURES))
    own = own.select(
        "post_key",
        account_key="author_key",
        impressions=own.impressions,
        stated=own.retweets,
        is_rated=is_rated.fill_null(False),
        done=sum((own[name].fill_null(0) for name in FIGURES), start=ibis.literal(0)),
    )
    for column, reference in (("reposts", "retweeted_post_key"), ("quotes_seen", "quoted_post_key")):
        passing = posts.filter(posts.in_collection, posts[reference].notnull())
        if column == "quotes_seen":
            passing = passing.filter(passing.kind != "retweet")  # a repost of a quote is a repost
        passing = passing.select(on=passing[reference], by=passing.author_key)
        pairs = passing.inner_join(own, passing.on == own.post_key)
        pairs = pairs.filter((pairs.by != pairs.account_key).fill_null(True))
        counts = pairs.group_by("on").agg(**{column: pairs.count()})
        joined = own.left_join(counts, own.post_key == counts.on).drop("on")
        own = joined.mutate(**{column: joined[column].fill_null(0)})
    return own.mutate(passed_on=own.reposts + own.quotes_seen)


def _h_index(originals: ir.Table, column: str, accounts: pd.DataFrame) -> pd.Series:
    """The largest h such that h posts of an account have at least h: empty where no post has a count."""
    known = originals.filter(originals[column].notnull())
    place = ibis.row_number().over(group_by=known.account_key, order_by=[known[column].desc(), known.post_key]) + 1
    ranked = known.mutate(place=place)
    counted = ranked.group_by("account_key").agg(h=(ranked[column] >= ranked.place).sum())
    return by_key(counted.execute(), accounts)["h"].astype("Int64")


def _share(part: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        share: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return share
