"""Roles found anew in a network that is there: a new folder beside it takes its place, whole or not at all."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from netmed import folder, provenance, schema
from netmed.engines import open_engine
from netmed.errors import NetmedError, NetworkError
from netmed.network import Network, load
from netmed.read import account_tables
from netmed.read.edge_lists import KEY
from netmed.read.whole_tables import whole_table
from netmed.roles import counts, fitted_on, roster
from netmed.roles.applying import accounts_with_roles

ROSTER = {name: account_tables.PROFILE[name] for name in (*roster.IDENTITY, *roster.FACTS, "observed_at")}
"""Columns of a roster; ``account`` may be a key or a handle."""
ROSTER["handle"] = (*ROSTER["handle"], "account")

_WANTED = "account_key, account_id or handle, and role (specialty, is_educator)"


def read_roster(path: str | Path) -> pd.DataFrame:
    """A roster from a file, checked, with ``row`` as its rows are counted below the header.

    Raises ``InputError`` where it cannot be used.
    """
    table = whole_table(path, wanted=_WANTED)
    rows = table.renamed(ROSTER)
    if not set(roster.FACTS) & set(rows) or not set(roster.IDENTITY) & set(rows):
        return roster.checked(table.frame, table.shown)  # says what is missing
    rows = rows.where(~rows.isin(account_tables.MISSING), None)
    for column in ("handle", "account_id"):
        if column in rows:
            is_key = rows[column].map(lambda cell: cell is not None and re.match(KEY, cell) is not None).astype(bool)
            named = rows["account_key"] if "account_key" in rows else pd.Series(None, index=rows.index, dtype=object)
            rows["account_key"] = named.where(named.notna() | ~is_key, rows[column])
            rows[column] = rows[column].where(~is_key, None)
    rows.attrs["notes"] = table.notes
    return roster.checked(rows, table.shown)


def write_roles(
    network: Network, *, output: str | Path | None = None, stated: str | Path | None = None, force: bool = False
) -> tuple[Network, dict[str, Any] | None]:
    """Find the roles of a network's accounts anew and write them, into its own folder or another one.

    What a roster stated before stays, unless ``stated`` says otherwise. All other tables stay as they are.

    Parameters
    ----------
    network : one that was loaded from a folder.
    output : another network folder to write; None: the network's own.
    stated : a roster's file; it wins over what profiles say.
    force : replace a network that stands at ``output``.

    Returns the network as written, and what became of the roster's rows.

    Raises ``NetworkError`` where the network has no folder or the output is in the way, ``InputError`` for a
    roster that cannot be used.
    """
    source = network.path
    if source is None:
        raise NetworkError("this network is not in a folder; netmed.roles.apply gives it roles in memory")
    own = output is None or Path(output).resolve() == source.resolve()
    target = source if own else Path(output or "")
    rows = None if stated is None else read_roster(stated)
    told, report = accounts_with_roles(network.accounts, rows, str(stated))
    held = dict(network.provenance.get("files", {}))
    sizes = {Path(name).stem: facts["rows"] for name, facts in held.items() if facts.get("rows") is not None}
    try:
        with folder.writing(target, force=own or force) as root:
            for name in held:
                if name not in ("accounts.parquet", "audit.json"):
                    # Another folder is another network: a file it shared would change with this one.
                    (_linked if own else shutil.copy2)(source / name, root / name)
            _write_accounts(told, root)
            folder.write_json(root / "audit.json", {**network.audit, "accounts": counts(told)})
            folder.seal(root, _provenance(network, stated, report), sizes)
    except OSError as error:
        raise NetmedError(f"writing {target} failed: {error.strerror or error}; nothing was changed") from error
    return load(target), report


def _linked(held: Path, place: Path) -> None:
    """The same file under another name; a copy where the disk knows no links."""
    try:
        os.link(held, place)
    except OSError:
        shutil.copy2(held, place)


def _write_accounts(accounts: pd.DataFrame, root: Path) -> None:
    """Written by the engine, as a build writes them: the same accounts give the same bytes."""
    work = root / ".work"
    work.mkdir()
    kinds = ibis.schema(schema.ACCOUNTS.dtypes()).to_pyarrow()
    pq.write_table(pa.Table.from_pandas(accounts, schema=kinds, preserve_index=False), work / "accounts.parquet")
    with open_engine("duckdb", work=work / "engine", reads=[root, work], memory=None) as engine:
        content = engine.read_parquet([work / "accounts.parquet"])
        engine.write_parquet(content, root / "accounts.parquet", schema.ACCOUNTS.sort_by)
    shutil.rmtree(work)


def _provenance(network: Network, stated: str | Path | None, report: dict[str, Any] | None) -> dict[str, Any]:
    """How the network came to be, and when its roles were found, with which model and roster."""
    facts = {name: value for name, value in network.provenance.items() if name != "files"}
    inputs = list(facts.get("inputs", []))
    given = None
    if stated is not None and report is not None:
        is_file = str(stated) != "-"
        path = Path(stated)
        known = {"bytes": path.stat().st_size, "sha256": provenance.sha256(path)} if is_file else {}
        given = {"file": str(stated), **known, "given_as": "--roster"}
        inputs = [one for one in inputs if one != given] + [given]
    numbers = None if report is None else {name: n for name, n in report.items() if isinstance(n, int)}
    found = {
        "at": provenance.now().isoformat(timespec="seconds"),
        "model": fitted_on(),
        "roster": None if given is None else {**given, **(numbers or {})},
    }
    parameters = {**facts.get("parameters", {}), "role_model": fitted_on()}
    return {**facts, "inputs": inputs, "parameters": parameters, "roles_found": found}
