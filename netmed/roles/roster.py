"""A roster says who is what: its words for roles, whose each row is, and that it wins over the rules.

A row belongs to the account of its key, else of its id, else of its handle (now or earlier; capitals and
a leading @ do not matter). A handle that fits several accounts fits none, and a row that states an id is
not given to an account of another id.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from netmed.errors import InputError, UnknownNameError
from netmed.registry import unknown
from netmed.roles.model import CLINICAL, ROLES
from netmed.schema import BY_ROSTER, NO, YES

EVIDENCE = BY_ROSTER
"""What ``role_evidence`` says where a roster told the role."""

MARKS = {"specialty": "roster:specialty", "is_educator": "roster:is_educator"}
"""What stands last in ``role_evidence`` where a roster told these and no role: by it they are known and stay."""

BAR = " | "
"""Stands between the items of ``role_evidence``."""

IDENTITY = ("account_key", "platform", "account_id", "handle")
FACTS = ("role", "specialty", "is_educator")

_WORDS = {
    "physician": "doctor doctor_of_medicine medical_doctor md attending consultant surgeon gp general_practitioner",
    "trainee": "resident fellow intern registrar house_officer junior_doctor physician_in_training resident_physician "
    "medical_student med_student md_student",
    "other_clinician": "clinician_other nurse rn np nurse_practitioner pa physician_assistant physician_associate "
    "pharmacist dentist vet veterinarian psychologist physiotherapist physical_therapist occupational_therapist "
    "therapist midwife paramedic chiropractor naturopath dietitian optometrist podiatrist allied_health",
    "researcher": "scientist phd academic",
    "student": "other_student premed pre_med",
    "organisation": "organization org institution hospital university society association department",
    "journal": "medical_journal",
    "industry": "company pharma pharmaceutical_company",
    "patient_advocate": "patient advocate patient_or_advocate carer caregiver",
    "media": "journalist news press reporter",
    "other": "none_of_these layperson public",
    "unknown": "unclear not_clear cannot_tell do_not_know not_known",
}

ALIASES = {alias: role for role, words in _WORDS.items() for alias in words.split()}
"""Other words for the roles, as people write them in a roster or on a review sheet."""


def role_of(word: str) -> str:
    """The role that a person's word means: capitals, blanks, ``/`` and ``-`` do not matter, plurals neither.

    A remark in brackets behind the word may be anything that does not make another role of it: "Physician (retired)"
    is a physician, "Physician (in training)" a trainee, and "Doctor (PhD)" is refused.

    Raises ``UnknownNameError`` with the nearest for a word that is none.
    """
    folded = unicodedata.normalize("NFKC", word).casefold().replace(".", "")
    remarked = re.fullmatch(r"\s*([^()\[\]]*[^()\[\]\s])\s*[(\[]([^()\[\]]*)[)\]]\s*", folded)
    plain = _plain(folded)
    if (role := _known_role(plain)) is not None:
        return role
    if remarked is not None:
        bare, remark = map(_plain, remarked.groups())
        both = _known_role(f"{bare}_{remark}") or _known_role(f"{remark}_{bare}")
        if both is not None:
            return both
        role, other = _known_role(bare), _known_role(remark)
        is_denied = re.search(r"(^|_)(not|no|non|never)(_|$)", remark) is not None
        if role is not None and other in (None, role) and not is_denied:
            return role
        if role is not None:
            raise UnknownNameError(f"{plain!r} says two things; write one role, such as {role}" + _or(other))
        plain = bare
    said = unknown("role", plain, [*ROLES, *ALIASES])
    if "did you mean" not in said:
        said = unknown("role", plain, list(ROLES))
    raise UnknownNameError(said)


def _plain(words: str) -> str:
    return re.sub(r"[\s/_\-–]+", "_", words).strip("_")


def _known_role(plain: str) -> str | None:
    for form in (plain, plain.removesuffix("s")):
        if form in ROLES:
            return form
        if form in ALIASES:
            return ALIASES[form]
    return None


def _or(role: str | None) -> str:
    return "" if role is None else f" or {role}"


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows that name an account and say something of it, and what became of them.

    ``rows`` has ``row`` (its number from 1), ``IDENTITY``, ``FACTS`` and ``observed_at``; ``matches`` pairs rows with
    places in a table of accounts.
    """

    rows: pd.DataFrame
    matches: pd.DataFrame
    report: dict[str, Any]


def checked(roster: pd.DataFrame, name: str = "the roster", numbers: Sequence[int] | None = None) -> pd.DataFrame:
    """A roster with its columns complete, roles in our words, and ``row`` to name a row by.

    Parameters
    ----------
    roster : account_key, account_id or handle; role, specialty, is_educator; any may be missing but not all.
        ``observed_at``, where it is there, says when a row was true: of several rows of an account the newest wins.
    name : what to call it.
    numbers : what to call its rows; None: from 1.

    Raises ``InputError`` where it names no accounts, says nothing of them, or has a word that is no role, no truth
    or no time.
    """
    columns = {str(column).strip().lower(): column for column in roster.columns}
    if not {"account_key", "account_id", "handle"} & set(columns) or not set(FACTS) & set(columns):
        found = ", ".join(map(str, roster.columns[:8])) or "none"
        raise InputError(
            f"{name} has the columns {found}; wanted is account_key, account_id or handle, and role "
            "(or specialty, is_educator)"
        )
    rows = pd.DataFrame({"row": list(numbers) if numbers is not None else range(1, len(roster) + 1)})
    for column in (*IDENTITY, *FACTS):
        rows[column] = _text(roster[columns[column]]) if column in columns else None
    rows = rows.astype(dict.fromkeys((*IDENTITY, *FACTS), object))
    rows["handle"] = rows["handle"].map(lambda handle: handle.removeprefix("'").removeprefix("@"), na_action="ignore")
    for row, word in zip(rows["row"], rows["role"], strict=True):
        if word is not None and not pd.isna(word):
            try:
                role_of(word)
            except UnknownNameError as error:
                raise InputError(f"row {row} of {name}: {error}") from None
    rows["role"] = rows["role"].map(role_of, na_action="ignore")
    rows["is_educator"] = [_truth(word, row, name) for word, row in zip(rows["is_educator"], rows["row"], strict=True)]
    times = _times(roster[columns["observed_at"]], rows["row"], name) if "observed_at" in columns else None
    rows["observed_at"] = pd.to_datetime(times if times is not None else pd.Series([None] * len(rows)), utc=True)
    rows.attrs["notes"] = list(roster.attrs.get("notes", ()))
    return rows


def _times(column: "pd.Series[Any]", numbers: "pd.Series[int]", name: str) -> "pd.Series[Any]":
    said = pd.Series(_text(column), dtype=object)
    times = pd.to_datetime(said, utc=True, errors="coerce", format="ISO8601")
    for place in said.index[said.notna() & times.isna()][:1]:
        raise InputError(
            f"row {numbers[place]} of {name}: observed_at is {said[place]!r}; wanted is a time such as 2020-03-31"
        )
    return times


def _text(column: "pd.Series[Any]") -> list[str | None]:
    words = [None if pd.isna(value) else str(value).strip() for value in column]
    return [word or None for word in words]


def _truth(word: Any, row: int, name: str) -> bool | None:
    if word is None or pd.isna(word):
        return None
    if (plain := str(word).lower()) in (*YES, *NO):
        return plain in YES
    raise InputError(f"row {row} of {name}: is_educator is {word!r}; wanted is true or false")


def matched(roster: pd.DataFrame, people: pd.DataFrame, name: str = "the roster") -> Roster:
    """Find whose each row of a roster is.

    Parameters
    ----------
    roster : as ``checked`` gives it.
    people : one row an account, any of ``account_key, platform, account_id, handle, handles``. Several rows may
        be of one account, and each of them is meant then.

    Raises ``InputError`` where an account is given two roles at one time (``observed_at``).
    """
    known = _known(people)
    best = _best(_found(roster, known), roster, known)
    several = best.groupby("at")["whose"].nunique() if len(best) else pd.Series(dtype=int)
    unsure = set(several[several > 1].index)
    matches = best[~best["at"].isin(unsure)][["at", "place"]].drop_duplicates()
    nameless = roster[list(IDENTITY)].drop(columns="platform").isna().all(axis=1)
    hit = set(matches["at"])
    lost = [at for at in range(len(roster)) if at not in hit and at not in unsure and not nameless.iloc[at]]
    rows = roster.reset_index(drop=True)
    _refuse_two_roles(rows, matches, name)
    report = {
        "file": name,
        "rows": len(rows),
        "matched": len(hit),
        "unmatched": len(lost),
        "ambiguous": len(unsure),
        "unusable": int(nameless.sum()),
        "nobody": [_called(rows.iloc[at]) for at in lost],
        "several": [_called(rows.iloc[at]) for at in sorted(unsure)],
        "notes": list(roster.attrs.get("notes", ())),
    }
    return Roster(rows, matches, report)


def _known(people: pd.DataFrame) -> pd.DataFrame:
    """Every place with its names, and by what several places may be one account."""
    blank = pd.Series([None] * len(people), dtype=object)
    known = pd.DataFrame({"place": range(len(people))})
    for column in IDENTITY:
        known[column] = people[column].reset_index(drop=True).astype(object) if column in people else blank
    known = known.astype(dict.fromkeys(IDENTITY, object))
    known = known.where(known.notna() & (known != ""), None)
    known["handle"] = known["handle"].map(lambda handle: str(handle).removeprefix("@").lower(), na_action="ignore")
    known["whose"] = known["account_key"].fillna(known["account_id"]).fillna(known["handle"])
    known["handles"] = people["handles"].reset_index(drop=True) if "handles" in people else blank
    return known


def _found(roster: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Row of the roster × place, with the rank of what told: key 1, id 2, handle 3, an earlier handle 4."""
    rows = roster.reset_index(drop=True)
    wanted = pd.DataFrame({"at": range(len(rows))})
    parts = []
    earlier = known[["place", "handles"]].explode("handles").rename(columns={"handles": "name"})
    names = [
        (1, rows["account_key"], known[["place"]].assign(name=known["account_key"])),
        (1, rows["platform"] + ":" + rows["account_id"], known[["place"]].assign(name=known["account_key"])),
        (2, rows["account_id"], known[["place"]].assign(name=known["account_id"])),
        (2, rows["account_id"], known[["place"]].assign(name=known["account_key"])),
        (3, rows["handle"].str.lower(), known[["place"]].assign(name=known["handle"])),
        (4, rows["handle"].str.lower(), earlier.assign(name=earlier["name"].str.lower())),
    ]
    for rank, name, theirs in names:
        ours = wanted.assign(name=name.astype(object))
        both = ours[ours["name"].notna()].merge(theirs[theirs["name"].notna()].astype({"name": object}), on="name")
        parts.append(both[["at", "place"]].assign(rank=rank))
    return pd.concat(parts, ignore_index=True)


def _best(found: pd.DataFrame, roster: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The pairs of the lowest rank of each row, without those that an id or a platform forbids."""
    rows = roster.reset_index(drop=True)
    pairs = found.assign(
        whose=known["whose"].to_numpy()[found["place"]],
        their_id=known["account_id"].to_numpy()[found["place"]],
        their_platform=known["platform"].to_numpy()[found["place"]],
        our_id=rows["account_id"].to_numpy()[found["at"]],
        our_platform=rows["platform"].to_numpy()[found["at"]],
    )
    other_id = (pairs["rank"] > 2) & pairs["their_id"].notna() & pairs["our_id"].notna()
    elsewhere = pairs["our_platform"].notna() & pairs["their_platform"].notna()
    elsewhere &= pairs["our_platform"].astype(str).str.lower() != pairs["their_platform"].astype(str)
    pairs = pairs[~other_id & ~(elsewhere & (pairs["rank"] > 1))]
    return pairs[pairs["rank"] == pairs.groupby("at")["rank"].transform("min")]


def _refuse_two_roles(rows: pd.DataFrame, matches: pd.DataFrame, name: str) -> None:
    said = matches.assign(**{fact: rows[fact].to_numpy()[matches["at"]] for fact in ("role", "row", "observed_at")})
    said = said[said["role"].notna()].sort_values(["place", "row"])
    each = said.groupby(["place", "observed_at"], dropna=False)["role"].nunique()
    for place, moment in each[each > 1].index[:1]:
        is_then = said["observed_at"].isna() if pd.isna(moment) else said["observed_at"] == moment
        told = said[(said["place"] == place) & is_then].drop_duplicates("role")
        words = ", ".join(f"{one.role} in row {one.row}" for one in told.itertuples())
        called = _called(rows.iloc[int(told["at"].iloc[0])])
        raise InputError(f"{called} is {words} of {name}; an account has one role")


def _called(row: "pd.Series[Any]") -> str:
    """A row's account as the roster names it."""
    for column, mark in (("account_key", ""), ("handle", "@"), ("account_id", "")):
        if row[column] is not None and not pd.isna(row[column]):
            return f"{mark}{row[column]}"
    return f"row {row['row']}"


def won(found: pd.DataFrame, roster: Roster) -> pd.DataFrame:
    """The role columns with what a roster says of the places it matched.

    A role that is stated has probability 1; its specialty is the stated one, else that of the profile. A row
    without a role may state a specialty or teaching, and ``role_evidence`` then says so behind the phrases.
    """
    if roster.matches.empty:
        return found
    said = _newest(roster)
    new = found.copy()
    at = new.index[said["place"]]
    has_role = said["role"].notna().to_numpy()
    stated, whose = said["role"][has_role], at[has_role]
    new.loc[whose, "role"] = stated.to_numpy()
    new.loc[whose, "role_probability"] = 1.0
    new.loc[whose, "role_evidence"] = EVIDENCE
    for role in CLINICAL:
        new.loc[whose, f"p_{role}"] = (stated == role).astype(float).to_numpy()
    new.loc[whose[~stated.isin(CLINICAL).to_numpy()], "specialty"] = None
    has_specialty = said["specialty"].notna().to_numpy()
    new.loc[at[has_specialty], "specialty"] = said["specialty"][has_specialty].to_numpy()
    teaches = said["is_educator"].notna().to_numpy()
    new.loc[at[teaches], "is_educator"] = said["is_educator"][teaches].astype(bool).to_numpy()
    for column, has in (("specialty", has_specialty), ("is_educator", teaches)):
        new = marked(new, at[has & ~has_role], column)
    return new


def marked(table: pd.DataFrame, at: "pd.Index[Any]", column: str) -> pd.DataFrame:
    """The table with the mark of a roster behind the evidence of some rows, once; a role of a roster needs none."""
    new, mark = table.copy(), MARKS[column]
    words = new.loc[at, "role_evidence"].astype(object)
    new["role_evidence"] = new["role_evidence"].astype(object)
    new.loc[at, "role_evidence"] = [_with(word, mark) for word in words]
    return new


def _with(evidence: Any, mark: str) -> str:
    items = evidence.split(BAR) if isinstance(evidence, str) and evidence else []
    return BAR.join([*items, mark]) if mark not in items and EVIDENCE not in items else BAR.join(items)


def has_mark(evidence: "pd.Series[Any]", column: str) -> "pd.Series[bool]":
    """Whether a roster told this column of an account and no role."""
    return evidence.astype(object).map(lambda said: isinstance(said, str) and MARKS[column] in said.split(BAR))


def _newest(roster: Roster) -> pd.DataFrame:
    """What is said of each ``place``: of several rows the newest, one without a time being new; then the last word.

    The same order as where a build takes a roster.
    """
    rows = roster.rows.iloc[roster.matches["at"]].assign(place=roster.matches["place"].to_numpy())
    said = pd.DataFrame({"place": sorted(rows["place"].unique())})
    for name in FACTS:
        told = rows.loc[rows[name].notna(), ["place", "observed_at", name]]
        told = told.sort_values(["observed_at", name], ascending=False, na_position="first")
        best = told.drop_duplicates("place").set_index("place")[name]
        said[name] = pd.Series([best.get(place) for place in said["place"]], dtype=object)
    return said
