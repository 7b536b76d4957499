"""One row per key, chosen by what the rows say. Most keys have one row: only the others are sorted."""

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from netmed.engines import Engine

Order = Callable[[ir.Table], Sequence[ir.Value]]


def ranked(engine: Engine, name: str, table: ir.Table, key: Sequence[str], order: Order) -> tuple[ir.Table, ir.Table]:
    """Split into rows whose key is theirs alone, and the others with their ``place`` (0 is first).

    ``name`` tells the stored intermediate tables from those of other calls.
    """
    often = table.group_by(list(key)).agg(n_rows=table.count())
    often = engine.store(f"often_{name}", often.filter(often.n_rows > 1))
    matches = [table[name].identical_to(often[name]) for name in key]
    shared = table.semi_join(often, matches)
    place = ibis.row_number().over(group_by=[shared[name] for name in key], order_by=list(order(shared)))
    again = engine.store(f"again_{name}", shared.mutate(place=place))
    return table.anti_join(often, matches), again


def first_of_each(engine: Engine, name: str, table: ir.Table, key: Sequence[str], order: Order) -> ir.Table:
    """The first row of each key. ``table`` is read twice, so it should be a stored one."""
    alone, again = ranked(engine, name, table, key, order)
    return ibis.union(alone, again.filter(again.place == 0).drop("place"))
