"""A filled review sheet: the coders' words as roles, the code that counts, and the key joined to it."""

import hashlib
from dataclasses import dataclass

import pandas as pd

from netmed.errors import InputError, UnknownNameError
from netmed.registry import unknown
from netmed.roles.model import ROLES
from netmed.roles.roster import role_of

CODES = ("coder_1", "coder_2", "agreed")
KNOWN_BY = ("account_key", "row")
_NOTHING = ("", "NA", "N/A", "-")


@dataclass(frozen=True, slots=True)
class Coded:
    """The rows of a sheet with their key.

    ``rows`` has the columns of the key, ``coder_1, coder_2, agreed`` (roles or None) and ``code``: the agreed one,
    else the one that both coders or the only one gave; None where they differ or gave none. ``key`` : all rows of the
    key, its counts as numbers. ``absent``: rows of the key that the sheet no longer has.
    """

    rows: pd.DataFrame
    key: pd.DataFrame
    differ: int
    uncoded: int
    absent: int


def fingerprint(key: pd.DataFrame) -> str:
    """A hash of what a key says of its rows, whatever program saved it and in whatever order."""
    known_by = next(column for column in KNOWN_BY if column in key)
    rows = zip(
        *(map(str, map(_name, key[column])) for column in (known_by, "stratum", "n_stratum", "n_sampled")),
        *(map(str, map(_name, key[column])) for column in ("predicted_role",)),
        strict=True,
    )
    return hashlib.sha256("\n".join(sorted("\t".join(row) for row in rows)).encode()).hexdigest()


def coded(sheet: pd.DataFrame, key: pd.DataFrame, name: str = "the sheet", key_sha256: str | None = None) -> Coded:
    """Read a filled sheet.

    Parameters
    ----------
    sheet : account_key or row; coder_1, and where there are, coder_2 and agreed. Capitals do not matter.
    key : as ``review`` gives it.
    name : what to call the sheet.
    key_sha256 : ``fingerprint`` of the key that was written with the sheet, where it is known.

    Raises ``InputError`` where nothing is filled in, a word is no role, a row is there twice, or is not in the key,
    and for the key of another sheet.
    """
    sheet, key = _lowered(sheet), _lowered(key)
    wanted = ("stratum", "n_stratum", "n_sampled", "predicted_role")
    known_by = next((column for column in KNOWN_BY if column in key), None)
    if known_by is None or not set(wanted) <= set(key):
        raise InputError(
            f"the key to {name} has the columns {_some(key)}; wanted is the file review.key.csv that "
            "--review wrote beside the sheet"
        )
    if known_by not in sheet or "coder_1" not in sheet:
        raise InputError(f"{name} has the columns {_some(sheet)}; wanted are {known_by} and coder_1")
    rows = pd.DataFrame({known_by: [_name(value) for value in sheet[known_by]], "number": range(1, len(sheet) + 1)})
    for column in CODES:
        words = sheet[column] if column in sheet else [None] * len(sheet)
        rows[column] = pd.Series(
            [_role(word, row, column, name) for row, word in enumerate(words, start=1)], index=rows.index, dtype=object
        )
    named, said = rows[known_by].notna(), rows[list(CODES)].notna().any(axis=1)
    for row in rows[~named & said].itertuples():
        raise InputError(f"row {row.number} of {name} has a code and no {known_by}")
    rows = rows[named]
    for row in rows[rows[known_by].duplicated()].itertuples():
        raise InputError(f"{getattr(row, known_by)} stands twice in {name}, again in row {row.number}")
    keyed = key.copy()
    keyed[known_by] = pd.Series([_name(value) for value in key[known_by]], index=key.index, dtype=object)
    strangers = rows.loc[~rows[known_by].isin(keyed[known_by]), known_by]
    if len(strangers):
        shown = ", ".join(strangers[:5])
        raise InputError(
            f"{len(strangers):,} of {len(rows):,} rows of {name} are not in its key ({shown}); "
            "give the key that was written with this sheet (--key)"
        )
    if not said.any():
        raise InputError(f"{name} has {len(rows):,} rows and no code; coders write a role into coder_1 and coder_2")
    for number, role in enumerate(keyed["predicted_role"], start=1):
        if role not in ROLES:
            raise InputError(f"row {number} of the key to {name}: {unknown('role', str(role), list(ROLES))}")
    if key_sha256 is not None and fingerprint(keyed) != key_sha256:
        raise InputError(
            f"the key is not the one that was written with {name}, or it was changed; give that one (--key), or, where "
            f"it is right, take {name}.meta.json away"
        )
    keyed = _numbers(keyed, name)
    both = rows.drop(columns="number").merge(keyed, on=known_by, validate="one_to_one")
    differ = both["coder_1"].notna() & both["coder_2"].notna() & (both["coder_1"] != both["coder_2"])
    both["code"] = both["agreed"].fillna(both["coder_1"].fillna(both["coder_2"]).where(~differ)).astype(object)
    both["code"] = both["code"].where(both["code"].notna(), None)
    open_ = differ & both["agreed"].isna()
    uncoded = both["code"].isna() & ~open_
    return Coded(both, keyed, int(open_.sum()), int(uncoded.sum()), len(key) - len(both))


def _lowered(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={column: str(column).strip().lower() for column in table.columns})


def _some(table: pd.DataFrame) -> str:
    return ", ".join(list(table.columns)[:8]) or "none"


def _name(value: object) -> str | None:
    """What a row is known by, as text; a spreadsheet may have made 12.0 of 12."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    text = str(value).strip()
    return (text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text) or None


def _role(word: object, row: int, column: str, name: str) -> str | None:
    if word is None or pd.isna(word) or str(word).strip().upper() in _NOTHING:  # type: ignore[call-overload]
        return None
    try:
        return role_of(str(word))
    except UnknownNameError as error:
        raise InputError(f"row {row} of {name}, {column}: {error}") from None


def _numbers(key: pd.DataFrame, name: str) -> pd.DataFrame:
    """The key with its counts as numbers."""
    counts = {column: pd.to_numeric(key[column], errors="coerce") for column in ("n_stratum", "n_sampled")}
    for column, numbers in counts.items():
        if not (numbers >= 1).all():
            raise InputError(f"the key to {name} has a {column} that is no number of 1 or more")
    return key.assign(**counts)
