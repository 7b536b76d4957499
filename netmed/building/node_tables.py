"""What tables of profiles and rosters add to the accounts of a network.

A row belongs to the account of its key, else of its id, else of its handle (now or earlier; capitals do
not matter). A handle that fits several accounts fits none, and a row that states an id is not given to
an account of another id. Tables add no accounts.
"""

import ibis
import ibis.expr.types as ir

from netmed.engines import Engine
from netmed.errors import InputError, UnknownNameError
from netmed.roles.model import CLINICAL
from netmed.roles.roster import BAR, EVIDENCE, MARKS, role_of

WHERE = ("file", "line", "part")
"""What tells rows apart: ``part`` is one of several accounts that a row of a table names."""

FACTS = (
    *("name", "description", "location", "followers", "following", "posts_total"),
    *("verified", "protected", "created_at"),
)
ROSTER = ("role", "specialty", "is_educator")


def matched(engine: Engine, name: str, rows: ir.Table, people: ir.Table) -> ir.Table:
    """Which account each row means: ``file, line, part, account_key``, null where a handle fits several.

    Rows that mean no account of ``people`` are not there.

    Parameters
    ----------
    name : what to call the stored result.
    rows : ``file, line, part, account_key, platform, account_id, handle``.
    people : ``account_key, platform, account_id, handle, handles``.
    """
    known = people.select(
        "handle", "handles", their_key="account_key", place="platform", has_id=people.account_id.notnull()
    )
    by_key = ibis.union(
        rows.select(*WHERE, wanted="account_key", rank=ibis.literal(1)),
        rows.select(*WHERE, wanted=rows.platform + ":" + rows.account_id, rank=ibis.literal(2)),
    )
    by_key = by_key.inner_join(known, by_key.wanted == known.their_key).select(*WHERE, "rank", "their_key")
    held = ibis.union(
        known.mutate(held="handle", rank=ibis.literal(3)).drop("handle", "handles"),
        known.mutate(held=known.handles.unnest(), rank=ibis.literal(4)).drop("handle", "handles"),
    )
    named = rows.select(*WHERE, "platform", "account_id", called=rows.handle.lower())
    by_handle = named.inner_join(held, (named.platform == held.place) & (named.called == held.held.lower()))
    by_handle = by_handle.filter(~(by_handle.has_id & by_handle.account_id.notnull()))
    found = engine.store(f"{name}_found", ibis.union(by_key, by_handle.select(*WHERE, "rank", "their_key")))
    best = found.group_by(*WHERE).agg(best=found["rank"].min())
    nearest = found.inner_join(best, WHERE).filter(lambda t: t["rank"] == t.best)
    told = nearest.group_by(*WHERE).agg(n=nearest.their_key.nunique(), only=nearest.their_key.min())
    return engine.store(f"{name}_matched", told.select(*WHERE, account_key=ibis.cases((told.n == 1, told.only))))


def described(engine: Engine, people: ir.Table, rows: ir.Table, matches: ir.Table) -> ir.Table:
    """``people`` with what the matched rows say; who looked last is believed, and a table without times is new.

    What the one does not know is taken from the other. A role in a table is a fact of a roster.
    """
    sure = matches.filter(matches.account_key.notnull()).select(*WHERE, their_key="account_key")
    said = rows.drop("account_key").inner_join(sure, WHERE)
    seen = people.select(key="account_key", seen="observed_at")
    said = said.inner_join(seen, said.their_key == seen.key)
    said = said.mutate(is_newer=said.observed_at.isnull() | said.seen.isnull() | (said.observed_at >= said.seen))
    said = engine.store("said_of_accounts", said)
    _refuse_two_roles(said)

    def newest(name: str, where: ir.BooleanValue | None) -> ir.Value:
        order = [said.observed_at.desc(nulls_first=True), said[name].desc()]
        return said[name].first(where=where, order_by=order)

    told = said.group_by("their_key").agg(
        **{f"new_{name}": newest(name, said.is_newer) for name in FACTS},
        **{f"old_{name}": newest(name, ~said.is_newer) for name in FACTS},
        **{f"the_{name}": newest(name, None) for name in (*ROSTER, "handle")},
        the_time=said.observed_at.max(where=said.is_newer),
    )
    told = engine.store("told_of_accounts", told)
    both = people.left_join(told, people.account_key == told.their_key)
    handle = ibis.coalesce(both.handle, both.the_handle)
    described = both.mutate(
        **{name: ibis.coalesce(both[f"new_{name}"], both[name], both[f"old_{name}"]) for name in FACTS},
        role=ibis.coalesce(both.the_role, both.role),
        specialty=ibis.coalesce(
            both.the_specialty,
            ibis.cases((both.the_role.isnull() | both.the_role.isin(CLINICAL), both.specialty)),
        ),
        role_probability=ibis.cases((both.the_role.notnull(), 1.0), else_=both.role_probability),
        is_educator=ibis.coalesce(both.the_is_educator, both.is_educator),
        role_evidence=_evidence(both),
        p_physician=ibis.cases(
            (both.the_role.notnull(), (both.the_role == "physician").cast("float64")), else_=both.p_physician
        ),
        p_trainee=ibis.cases(
            (both.the_role.notnull(), (both.the_role == "trainee").cast("float64")), else_=both.p_trainee
        ),
        observed_at=ibis.coalesce(both.the_time, both.observed_at),
        handle=handle,
        handles=ibis.cases((both.handle.isnull() & handle.notnull(), ibis.array([handle])), else_=both.handles),
    )
    return engine.store("described_people", described.select(*people.columns))


def _evidence(both: ir.Table) -> ir.StringValue:
    """``roster`` where one states the role; its mark behind the phrases where it states something else alone."""
    has_role = (both.the_role.notnull() | (both.role_evidence == EVIDENCE)).fill_null(False)
    said = both.role_evidence
    for column, mark in MARKS.items():
        is_there = said.contains(mark).fill_null(False)
        longer = ibis.coalesce(said.nullif("") + BAR, "") + mark
        said = ibis.cases((both[f"the_{column}"].notnull() & ~is_there, longer), else_=said)
    return ibis.cases((has_role, EVIDENCE), else_=said)


def with_known_roles(rows: ir.Table) -> ir.Table:
    """Rows of profile tables with their roles in our words. Raises ``InputError`` for a word that is none."""
    ours: dict[str, str] = {}
    for word in sorted(rows.filter(rows.role.notnull()).select("role").distinct().execute()["role"]):
        try:
            ours[word] = role_of(word)
        except UnknownNameError as error:
            where = rows.filter(rows.role == word).order_by("file", "line").limit(1).execute()
            for row in where.itertuples():
                raise InputError(f"row {row.line} of {row.file}: {error}") from None
    if all(word == role for word, role in ours.items()):
        return rows
    return rows.mutate(role=ibis.cases(*[(rows.role == word, role) for word, role in ours.items()]))


def _refuse_two_roles(said: ir.Table) -> None:
    """Raise ``InputError`` where tables of one time give an account two roles: nothing tells which is right."""
    given = said.filter(said.role.notnull())
    each = given.group_by("their_key", "observed_at").agg(n=given.role.nunique())
    for row in each.filter(each.n > 1).order_by("their_key").limit(1).execute().itertuples():
        rows = given.filter(given.their_key == row.their_key).order_by("file", "line").execute()
        told = ", ".join(f"{one.role} in row {one.line} of {one.file}" for one in rows.itertuples())
        raise InputError(f"{row.their_key} is {told}; an account has one role")
