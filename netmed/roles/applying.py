"""Roles into the accounts of a network: what profiles tell anew, what rosters said and say."""

from typing import Any

import pandas as pd

from netmed import schema
from netmed.network import Network
from netmed.roles import model, roster
from netmed.roles.counting import counts
from netmed.roles.table import INPUT, classify

COLUMNS = list(schema.ROLE_COLUMNS)
_TEXTS = ("role", "role_evidence", "specialty")


def apply(network: Network, stated: pd.DataFrame | None = None) -> Network:
    """A new network, in memory, whose accounts have their roles found anew.

    What a roster stated before stays, unless the new one says otherwise: roles (``role_evidence`` is ``roster``), and
    a specialty or teaching without a role (``roster.MARKS`` stand in ``role_evidence``).

    Parameters
    ----------
    stated : a roster with ``account_key``, ``account_id`` or ``handle``, and ``role``, ``specialty``,
        ``is_educator``, ``observed_at``; None for none. It wins over what profiles say.

    Raises ``InputError`` for a roster that cannot be used.
    """
    told, report = accounts_with_roles(network.accounts, None if stated is None else roster.checked(stated))
    tables = {table.name: getattr(network, table.name) for table in schema.TABLES} | {"accounts": told}
    parameters = {**network.provenance.get("parameters", {}), "role_model": model.fitted_on()}
    return Network(
        tables,
        audit={**network.audit, "accounts": counts(told)},
        provenance={**network.provenance, "parameters": parameters, "roles_found": _found_by(report)},
        name=network.name,
    )


def _found_by(report: dict[str, Any] | None) -> dict[str, Any]:
    return {"model": model.fitted_on(), "roster": report}


def accounts_with_roles(
    accounts: pd.DataFrame, stated: pd.DataFrame | None, name: str = "the roster"
) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    """The accounts of a network with their role columns filled anew, and what became of the roster's rows.

    Parameters
    ----------
    accounts : ``schema.ACCOUNTS``.
    stated : a roster as ``roster.checked`` gives it, or None; ``name`` is what to call it.
    """
    rows = accounts.reset_index(drop=True)
    found = _from_profiles(rows)
    earlier = (rows["role_evidence"] == roster.EVIDENCE).fillna(False).to_numpy(dtype=bool)
    before = rows.loc[earlier, COLUMNS].astype(object)
    clinical = before["role"].isin(model.CLINICAL)
    fallback = found.loc[earlier].assign(specialty=found.loc[earlier, "specialty"].where(clinical))
    kept = before.where(before.notna(), None)
    for column in ("specialty", "is_educator"):
        kept[column] = kept[column].where(kept[column].notna(), fallback[column])
    found.loc[earlier, COLUMNS] = kept
    for column in roster.MARKS:
        stays = roster.has_mark(rows["role_evidence"], column) & rows[column].notna()
        found.loc[stays, column] = rows.loc[stays, column].astype(object)
        found = roster.marked(found, found.index[stays], column)
    report = None
    if stated is not None:
        matches = roster.matched(stated, rows, name)
        found, report = roster.won(found, matches), matches.report
    new = rows.copy()
    for column in COLUMNS:
        values = found[column].astype(object)
        new[column] = values.where(values.notna(), None).astype(rows[column].dtype if column not in _TEXTS else "str")
    new.index = accounts.index
    return new, report


def _from_profiles(rows: pd.DataFrame) -> pd.DataFrame:
    """What profiles tell, one row an account; empty where there is nothing to tell from (as in a build)."""
    profiles = rows[list(INPUT)]
    seen = rows["name"].notna() | rows["description"].notna()
    # `any` are the names of an edge list: a name there is no handle that somebody chose.
    readable = seen | (rows["handle"].notna() & (rows["platform"] != "any"))
    told = classify(profiles[readable])
    told = told[seen[readable] | (told["role"] != "unknown")].astype(object)
    told = told.where(told != "", None)
    return told.reindex(rows.index).astype(object)
