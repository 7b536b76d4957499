"""Who is a physician: the roles of a network's accounts, read from their profiles while it is built.

A role that a roster states stays; what the roster leaves open the profile may still tell. Of an account
whose profile was never seen only the handle can tell something; where it tells nothing, the role stays
empty: a bio that nobody looked at is not an empty bio.
"""

from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import roles, schema
from netmed.engines import Engine
from netmed.roles.model import CLINICAL
from netmed.roles.roster import BAR


def with_roles(engine: Engine, accounts: ir.Table, work: Path) -> ir.Table:
    """``accounts`` with the columns ``schema.ROLE_COLUMNS`` filled where they were empty and a profile tells.

    Parameters
    ----------
    accounts : ``schema.ACCOUNTS``.
    work : a folder for passing files.
    """
    stored = engine.store("accounts_without_roles", accounts)
    seen = stored.name.notnull() | stored.description.notnull()
    # `any` are the names of an edge list: a name there is no handle that somebody chose.
    readable = stored.filter(seen | (stored.handle.notnull() & (stored.platform != "any")))
    profiles = readable.select("account_key", "handle", "name", "description").order_by("account_key").execute()
    if profiles.empty:
        return stored
    found = roles.classify(profiles)
    found.insert(0, "their_key", profiles["account_key"])
    blank = profiles["name"].isna() & profiles["description"].isna() & (found["role"] == "unknown")
    path = work / ".roles.parquet"
    pq.write_table(pa.Table.from_pandas(found[~blank], preserve_index=False), path)
    told = engine.store("roles_found", engine.read_parquet([path]))
    engine.settle()
    path.unlink()
    told = told.rename({f"new_{name}": name for name in schema.ROLE_COLUMNS})
    both = stored.left_join(told, stored.account_key == told.their_key)
    of_text = {name: both[f"new_{name}"].nullif("") for name in ("role", "role_evidence", "specialty")}
    of_text["specialty"] = ibis.cases((both.role.coalesce(both.new_role).isin(CLINICAL), of_text["specialty"]))
    filled = {name: both[name].coalesce(of_text.get(name, both[f"new_{name}"])) for name in schema.ROLE_COLUMNS}
    # Evidence without a role is the mark of a roster that told something else; it stands behind the phrases.
    both_said = both.role.isnull() & both.role_evidence.notnull() & of_text["role_evidence"].notnull()
    joined = of_text["role_evidence"] + BAR + both.role_evidence
    filled["role_evidence"] = ibis.cases((both_said, joined), else_=filled["role_evidence"])
    return both.mutate(**filled).select(*schema.ACCOUNTS.names)
