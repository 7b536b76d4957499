"""One person, several accounts: the accounts that a crosswalk names become one vertex.

Its key is ``person:NAME``. It speaks and is spoken to wherever one of its accounts does or is; what one
of its accounts says to another is said to itself, and makes no edge.
"""

import ibis
import ibis.expr.types as ir

from netmed import schema
from netmed.building.events import by_precedence
from netmed.building.node_tables import WHERE, matched
from netmed.engines import Engine
from netmed.errors import InputError

PROFILE = (
    *("handle", "name", "description", "location", "followers", "following", "posts_total", "verified", "protected"),
    *("created_at", "observed_at", *schema.ROLE_COLUMNS),
)
"""Shown as the account with the most followers has it; the others fill what it does not know."""


def joined(engine: Engine, references: ir.Table, people: ir.Table) -> tuple[ir.Table, ir.Table]:
    """Which account is whose: ``account_key, person_key``; and the match of every reference.

    Raises ``InputError`` where an account is given to two persons.
    """
    name = ibis.coalesce(references.account_id, "@" + references.handle.lower())
    _refuse_two(references.select("line", "person", account=references.platform + ":" + name))
    matches = matched(engine, "crosswalk", references, people)
    sure = matches.filter(matches.account_key.notnull()).inner_join(references.drop("account_key"), WHERE)
    sure = engine.store("crosswalk_sure", sure.select("line", "person", "account_key"))
    _refuse_two(sure.rename(account="account_key"))
    pairs = sure.select("account_key", person_key=ibis.literal("person:") + sure.person).distinct()
    return engine.store("crosswalk_pairs", pairs), matches


def _refuse_two(named: ir.Table) -> None:
    counted = named.group_by("account").agg(n=named.person.nunique())
    twice = named.semi_join(counted.filter(counted.n > 1), "account").order_by("account", "line")
    rows = twice.limit(20).execute()
    if len(rows):
        first = rows.iloc[0]
        other = rows[(rows["account"] == first["account"]) & (rows["person"] != first["person"])].iloc[0]
        raise InputError(
            f"row {other['line']} of the crosswalk gives {first['account']!r} to {other['person']!r}, and row "
            f"{first['line']} to {first['person']!r}; an account has one person"
        )


def mapped(table: ir.Table, pairs: ir.Table, *columns: str) -> ir.Table:
    """A table with the keys in ``columns`` replaced by the persons' keys."""
    for number, column in enumerate(columns):
        ours = pairs.select(**{f"own_{number}": pairs.account_key, f"person_{number}": pairs.person_key})
        both = table.left_join(ours, table[column] == ours[f"own_{number}"])
        both = both.mutate(**{column: ibis.coalesce(both[f"person_{number}"], both[column])})
        table = both.drop(f"own_{number}", f"person_{number}")
    return table


def events(found: ir.Table, pairs: ir.Table) -> ir.Table:
    """Events among persons; a post that addresses two accounts of one person addresses that person once."""
    both = mapped(found, pairs, "source_key", "target_key")
    return by_precedence(both).select(*schema.EVENTS.names)


def persons(engine: Engine, people: ir.Table, pairs: ir.Table) -> ir.Table:
    """``people`` with the accounts of a person made one."""
    own = pairs.rename(their_key="account_key")
    theirs = engine.store("people_of_persons", people.inner_join(own, people.account_key == own.their_key))
    order = [theirs.followers.desc(nulls_first=False), theirs.account_key.asc()]
    one = theirs.group_by("person_key").agg(
        platforms=theirs.platform.collect().unique().sort(),
        **{name: theirs[name].first(order_by=order) for name in PROFILE},
    )
    handles = theirs.select("person_key", each=theirs.handles.unnest()).distinct()
    every = handles.group_by("person_key").agg(handles=handles["each"].collect(order_by=handles["each"]))
    every = every.rename(whose="person_key")
    one = one.left_join(every, one.person_key == every.whose)
    merged = one.mutate(
        account_key=one.person_key,
        account_id=one.person_key.re_replace("^person:", ""),
        platform=ibis.literal("+").join(one.platforms),
    )
    alone = people.anti_join(pairs, "account_key")
    return engine.store("people_joined", ibis.union(alone, merged.select(*people.columns)))
