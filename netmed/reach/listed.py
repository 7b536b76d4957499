"""R2 of the ladder: lists of followers, where somebody has them, and how many different accounts are on them."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from netmed.errors import InputError
from netmed.network import Network
from netmed.reach.posted import by_key
from netmed.reach.relational import Tables, amplifiers, opened
from netmed.read.delimited import by_spelling, stage
from netmed.read.finding import find
from netmed.read.intake import Formats, check
from netmed.read.spreadsheets import refuse_rounded_columns

COLUMNS = ("follower", "followee")

SKETCH_ERROR = 0.0325
"""Relative standard error of DuckDB's sketch, measured on 2,000 unions of 54,000 (3.2 %): 1.04 / √1024."""


@dataclass(frozen=True, slots=True)
class Lists:
    """A file of ``follower,followee`` as Parquet text; ``rows`` read, ``malformed`` left out."""

    shown: str
    path: Path
    names: dict[str, str]
    rows: int
    malformed: int


def from_lists(
    network: Network, given: str | Path, *, sketch: bool = False, wanted: Iterable[str] | None = None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """How many different accounts follow an account, or it and those who reposted or quoted it.

    Parameters
    ----------
    given : CSV, TSV or Parquet with the columns follower and followee, packed or not: account keys, ids or
        ``@handles``. A follower may be anybody; a followee that is no account of the network is counted and left out.
    sketch : estimate the numbers of different followers (HyperLogLog), in little memory.
    wanted : account keys; None for all.

    Returns
    -------
    One row per account: ``listed_followers`` (of the account itself), ``deduplicated_reach`` (union of its list and
    those of its amplifiers), ``exposures`` (the lists added up), ``lists_missing`` (amplifiers without a list).
    Empty without a list of the account itself. And what became of the rows, in counts that sum.

    Raises ``InputError`` for a file that is no such table or that a spreadsheet rounded ids in.
    """
    keys = network.accounts[["account_key"]]
    with tempfile.TemporaryDirectory(prefix="netmed-") as folder:
        lists = staged(given, Path(folder))
        with opened(network, Path(folder)) as tables:
            found, counts = _counted(tables, lists, sketch, None if wanted is None else list(wanted))
    if counts["all"] and counts["of_nobody_in_the_network"] == counts["all"] and len(network.accounts):
        raise InputError(
            f"no followee of {given} is an account of the network; a row is follower,followee: who follows, and whom"
        )
    details = {
        "file": Path(lists.shown).name,
        "rows": counts,
        "method": f"sketch: HyperLogLog of DuckDB {version('duckdb')}" if sketch else "exact",
        **({"relative_standard_error": SKETCH_ERROR} if sketch else {}),
        "union": "followers of the account and of those who reposted or quoted it; the account itself counts if it "
        "follows one of them",
    }
    rows = by_key(found, keys)
    columns = ("listed_followers", "deduplicated_reach", "exposures", "lists_missing")
    return pd.DataFrame({name: rows[name].astype("Int64") for name in columns}), details


def staged(given: str | Path, work: Path) -> Lists:
    """Write both columns as Parquet text, as they stand.

    Raises ``InputError`` where the file is no table with these columns.
    """
    shown = str(given)
    if shown != "-" and not Path(given).exists():
        raise InputError(f"{shown} does not exist; wanted is a table with the columns follower,followee")
    source = find([shown], work)[0]
    check(source, work, 0, Formats(is_table=lambda columns: _has(list(columns)), open=lambda _: None))
    for damage in source.damage[:1]:
        raise InputError(f"{shown} cannot be read whole: {damage}")
    if source.table is None:
        found = f"columns {', '.join(name[:30] for name in source.columns[:8])}" if source.columns else "no header"
        raise InputError(f"{shown} has {found}; wanted is a table with the columns follower,followee")
    theirs = by_spelling(source.table.columns)
    names = {ours: theirs[ours] for ours in COLUMNS}
    made = stage(source, ibis.schema(dict.fromkeys(names.values(), "string")), ("",), work / "lists.parquet")
    return Lists(shown, work / "lists.parquet", names, made.rows, made.rejects.malformed)


def _has(columns: list[str]) -> bool:
    return set(COLUMNS) <= by_spelling(columns).keys()


def _counted(
    tables: Tables, lists: Lists, sketch: bool, wanted: list[str] | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    engine = tables.engine
    raw = engine.read_parquet([lists.path])
    refuse_rounded_columns(raw, list(lists.names.values()))
    told = engine.store("told", raw.select(**{ours: raw[theirs].strip() for ours, theirs in lists.names.items()}))
    person = engine.store("persons", _persons(tables, told))
    speaking = person.select(follower="text", who="who")
    heard = person.select(followee="text", whom="who", is_ours=person.key.notnull())
    rows = told.inner_join(speaking, "follower").inner_join(heard, "followee")
    known = engine.store("known", rows.filter(rows.is_ours, rows.who != rows.whom).select("who", "whom").distinct())
    matched = int(rows.count().execute())
    nobody = matched - int(rows.is_ours.sum().execute() or 0)
    selves = int((rows.is_ours & (rows.who == rows.whom)).sum().execute() or 0)
    used = int(known.count().execute())
    counts = {
        "all": lists.rows + lists.malformed,
        "used": used,
        "named_again": matched - nobody - selves - used,
        "of_nobody_in_the_network": nobody,
        "of_itself": selves,
        "without_a_name": lists.rows - matched,
        "that_do_not_fit_the_header": lists.malformed,
    }
    return _unions(tables, person, known, sketch, wanted), counts


def _persons(tables: Tables, told: ir.Table) -> ir.Table:
    """``text, who, key``: whom each text of the file means, by key, id or handle; ``who`` is a number.

    ``key`` is null for those who are no account of the network.
    """
    texts = ibis.union(told.select(text="follower"), told.select(text="followee"), distinct=True)
    texts = texts.filter(texts.text.notnull(), texts.text != "")
    texts = texts.mutate(bare=texts.text.lower().re_replace("^@", ""))
    accounts = tables.accounts
    exact = ibis.union(
        accounts.select(name="account_key", key="account_key"),
        accounts.filter(accounts.account_id.notnull()).select(name="account_id", key="account_key"),
        distinct=True,
    )
    handles = accounts.filter(accounts.handle.notnull()).select(name=accounts.handle.lower(), key="account_key")
    one, other = (_of_one(table) for table in (exact, handles))
    found = texts.left_join(one, texts.text == one.name).drop("name").rename(by_name="key")
    found = found.left_join(other, found.bare == other.name).drop("name").rename(by_handle="key")
    key = ibis.coalesce(found.by_name, found.by_handle)
    # whoever is no account of the network is told apart by its name: a handle in any capitals
    named = found.select("text", key=key, person=ibis.coalesce(key, "?" + found.bare))
    return named.mutate(who=ibis.dense_rank().over(order_by=named.person))


def _of_one(names: ir.Table) -> ir.Table:
    """Names that mean one account only."""
    counted = names.group_by("name").agg(n=names.key.nunique(), key=names.key.min())
    return counted.filter(counted.n == 1).drop("n")


def _unions(tables: Tables, person: ir.Table, known: ir.Table, sketch: bool, wanted: list[str] | None) -> pd.DataFrame:
    engine = tables.engine
    accounts = person.filter(person.key.notnull()).select(account_key="key", who="who").distinct()
    sizes = known.group_by("whom").agg(size=known.count())
    pairs = amplifiers(tables)
    own = accounts.select("account_key", other_key=accounts.account_key)
    members = own if pairs is None else ibis.union(own, pairs, distinct=True)
    listed = accounts.inner_join(sizes, accounts.who == sizes.whom).select("account_key", "who", "size")
    if wanted is not None:
        members = members.filter(members.account_key.isin(wanted))
    has_own = members.semi_join(listed, "account_key")
    theirs = listed.select("who", "size", other_key=listed.account_key)
    whose = engine.store(
        "members", has_own.left_join(theirs, "other_key").select("account_key", "other_key", "who", "size")
    )
    followers = whose.inner_join(known, whose.who == known.whom).select("account_key", follower=known.who)
    distinct = followers.follower.approx_nunique() if sketch else followers.follower.nunique()
    union = followers.group_by("account_key").agg(deduplicated_reach=distinct)
    sums = whose.group_by("account_key").agg(
        exposures=whose["size"].sum(),
        lists_missing=whose.who.isnull().sum(),
        listed_followers=whose["size"].sum(where=whose.account_key == whose.other_key),
    )
    frame: pd.DataFrame = sums.inner_join(union, "account_key").execute()
    return frame
