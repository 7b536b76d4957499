"""What ``netmed roles`` does: classify a network or a table, draw a sheet for coders, score a filled one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netmed.cli import options
from netmed.cli.say import Voice, count, one_line
from netmed.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from netmed.roles import Scores

_NAMED = 10
"""Rows of a roster that match nobody are named up to this many."""


def in_network(graph: Path, voice: Voice, *, output: str | None, roster: str | None, force: bool) -> Path:
    """Find the roles of a network anew and write them; gives the folder they are in."""
    from netmed.building.role_writing import write_roles

    loaded = options.open_network(str(graph))
    with voice.progress() as progress:
        progress("reading profiles")
        written, report = write_roles(loaded, output=output, stated=roster, force=force)
    told = written.audit["accounts"]
    place = written.path or graph
    _tell(told, "account", sum(told["roles"].values()), report, voice)
    voice.line(f"written: {one_line(place)}")
    voice.summary({"network": str(place), "accounts": sum(told["roles"].values()), **told, "roster": report})
    return place


def in_table(given: str, path: Path, voice: Voice, *, roster: str | None, excel: bool, is_file: bool) -> None:
    """Write a table of profiles again, with its roles; a row out for each row in, in their order."""
    from netmed import roles
    from netmed.export import tables

    was_there = path.exists()
    with voice.progress() as progress:
        progress("reading profiles")
        made = _classified(given, roster)
    frame, found, report, renamed = made.frame, made.found, made.report, made.renamed
    _tell_notes(given, made.notes, voice)
    told = roles.counts(found)
    whole = frame.join(found)
    origin = f"as it stands in {'standard input' if given == '-' else Path(given).name}"
    whole.attrs["columns"] = {**dict.fromkeys(frame.columns, origin), **roles.COLUMNS}
    whole.attrs["meta"] = {
        "model": roles.fitted_on(),
        "roster": report,
        "renamed": renamed,
        "notes": made.notes,
        **told,
    }
    tables.write_csv(whole, path, excel=excel)
    for theirs, ours in renamed.items():
        voice.line(f"the table has a column {one_line(theirs)} of its own: it is {one_line(ours)} in the result")
    _tell(told, "row", len(whole), report, voice)
    if is_file:
        voice.line(f"written: {one_line(path)}" + (", in place of the one that was there" if was_there else ""))
    voice.summary({"file": str(path) if is_file else None, "rows": len(whole), **told, "roster": report})


@dataclass(frozen=True, slots=True)
class _Classified:
    """A table, its role columns, what became of the roster, columns that had to be renamed, and how it was read."""

    frame: "pd.DataFrame"
    found: "pd.DataFrame"
    report: dict[str, Any] | None
    renamed: dict[str, str]
    notes: list[str]


def _classified(given: str, roster: str | None) -> _Classified:
    """Read a table of profiles and find its roles."""
    from netmed import roles
    from netmed.building.role_writing import read_roster
    from netmed.read.account_tables import MISSING, NO_BIO, PROFILE
    from netmed.read.whole_tables import whole_table
    from netmed.roles.roster import IDENTITY, matched, won
    from netmed.schema import unguarded

    alone = {name for ours in ("handle", "name", "description") for name in PROFILE[ours]}
    table = whole_table(given, wanted="the columns handle, name, description", alone=alone)
    profiles = table.renamed({name: PROFILE[name] for name in (*IDENTITY, "name", "description")})
    if not {"handle", "name", "description"} & set(profiles):
        shown = ", ".join(one_line(name) for name in table.frame.columns[:8])
        raise InputError(f"{table.shown} has the columns {shown}; wanted are handle, name, description")
    lacking = [name for name in ("handle", "name", "description") if name not in profiles]
    notes = [*table.notes, *(f"no column is a {name} ({', '.join(PROFILE[name])})" for name in lacking)]
    profiles = profiles.where(~profiles.isin(MISSING), None)
    if "description" in profiles:
        profiles["description"] = profiles["description"].where(~profiles["description"].isin(NO_BIO), None)
    if "handle" in profiles:
        profiles["handle"] = profiles["handle"].map(unguarded, na_action="ignore")
    found = roles.classify(profiles)
    found["is_educator"] = found["is_educator"].astype("boolean")
    report = None
    if roster is not None:
        matches = matched(read_roster(roster), profiles, roster)
        found, report = won(found, matches), matches.report
    names: dict[str, str] = {}
    taken = {*table.frame.columns, *roles.COLUMNS}
    for name in table.frame.columns:
        if name.lower() in roles.COLUMNS:
            names[name] = f"given_{name}"
            while names[name] in taken:
                names[name] = f"given_{names[name]}"
            taken.add(names[name])
    return _Classified(table.frame.rename(columns=names), found, report, names, notes)


def _tell(told: Mapping[str, Any], what: str, total: int, report: Mapping[str, Any] | None, voice: Voice) -> None:
    """Say the counts by role, which sum, and what became of a roster."""
    from netmed.roles import NOT_TOLD, expected_in_words, in_words

    untold = told["roles"][NOT_TOLD]
    rest = f" + {untold:,} not told (no profile was seen)" if untold else ""
    voice.line(f"{count(total, what)} = {in_words(dict(told))}{rest}")
    voice.line(f"expected {expected_in_words(dict(told))}")
    if report is None:
        if told["by_roster"]:
            voice.line(f"{count(told['by_roster'], what)} told by an earlier roster: kept")
        if told["facts_by_roster"]:
            more = count(told["facts_by_roster"], what)
            voice.line(f"specialty or teaching of {more} told by an earlier roster: kept")
        return
    _tell_notes(report["file"], report["notes"], voice)
    lost = f" + {report['unmatched']:,} that match nobody{_names(report['nobody'])}"
    several = f" + {report['ambiguous']:,} that fit several accounts{_names(report['several'])}"
    nameless = f" + {report['unusable']:,} that name no account" if report["unusable"] else ""
    voice.line(
        f"{one_line(report['file'])}: {count(report['rows'], 'row')} = {report['matched']:,} matched{lost}"
        f"{several if report['ambiguous'] else ''}{nameless}; roles told by a roster: {told['by_roster']:,}"
    )


def _tell_notes(file: str, notes: Sequence[str], voice: Voice) -> None:
    """Say what was done to read a file."""
    for note in notes:
        voice.line(f"{'standard input' if file == '-' else one_line(file)}: {one_line(note)}")


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f" ({', '.join(map(one_line, names[:_NAMED]))}{more})" if names else ""


def review(
    given: str,
    graph: Path | None,
    path: Path,
    voice: Voice,
    *,
    size: int,
    seed: int,
    roster: str | None,
    force: bool,
    excel: bool,
) -> None:
    """Draw a sheet for coders and write it with its key."""
    from netmed import roles
    from netmed.export import tables

    key_path = path.with_name(f"{path.stem}.key.csv")
    there = [place for place in (path, key_path) if place.exists()]
    if there and not force:
        raise InputError(
            f"{one_line(there[0])} is there already, and coders may be filling it; add --force to replace it, "
            "or give -o another name"
        )
    if graph is not None:
        network = options.open_network(str(graph))
        accounts = network.accounts
        if roster is not None:
            from netmed.building.role_writing import read_roster
            from netmed.roles.applying import accounts_with_roles

            accounts, report = accounts_with_roles(accounts, read_roster(roster), roster)
            _tell_notes(roster, (report or {}).get("notes", ()), voice)
    else:
        made = _classified(given, roster)
        _tell_notes(given, made.notes, voice)
        if made.report is not None:
            _tell_notes(made.report["file"], made.report["notes"], voice)
        accounts = _profiles_with_roles(given, made)
    drawn = roles.review(accounts, size, seed=seed)
    tables.write_csv(drawn.sheet, path, excel=excel)
    tables.write_csv(drawn.key, key_path, excel=excel)
    left = f"; {drawn.by_roster:,} told by a roster are not reviewed" if drawn.by_roster else ""
    strata = int(drawn.key["stratum"].nunique())
    voice.line(
        f"{count(drawn.accounts, 'account')} with a role = {len(drawn.sheet):,} in the sheet + "
        f"{drawn.accounts - len(drawn.sheet):,} not drawn; {count(strata, 'stratum', 'strata')}, seed {seed}{left}"
    )
    voice.line(f"for coders: {one_line(path)} (roles: {', '.join(roles.ROLES)})")
    voice.line(f"not for coders: {one_line(key_path)}")
    voice.summary(
        {
            "sheet": str(path),
            "key": str(key_path),
            "rows": len(drawn.sheet),
            "drawn_from": drawn.accounts,
            "by_roster": drawn.by_roster,
            "strata": strata,
            "seed": seed,
        }
    )


def _profiles_with_roles(given: str, made: _Classified) -> "pd.DataFrame":
    """Handle, name and bio of a table with their roles; rows are known by their number."""
    from netmed.read.account_tables import PROFILE
    from netmed.read.whole_tables import WholeTable

    names = {name: PROFILE[name] for name in ("handle", "name", "description")}
    return WholeTable(given, made.frame).renamed(names).join(made.found)


def score(sheet: Path, key: Path | None, path: Path, voice: Voice, *, excel: bool, is_file: bool) -> None:
    """Score a filled sheet, write the table and the confusion table, and print both."""
    from netmed import roles
    from netmed.export import tables
    from netmed.read.whole_tables import whole_table

    if key is None:
        key = sheet.with_name(f"{_bare(sheet)}.key.csv")
        if not key.exists():
            raise InputError(f"the key to {one_line(sheet)} is not beside it as {one_line(key)}; give it with --key")
    filled = whole_table(str(sheet), wanted="account_key or row, and coder_1")
    theirs = whole_table(str(key), wanted="the columns of review.key.csv")
    for table in (filled, theirs):
        _tell_notes(table.shown, table.notes, voice)
    done = roles.score(filled.frame, theirs.frame, name=str(sheet), key_sha256=_key_of(sheet))
    tables.write_csv(done.table, path, excel=excel)
    other = path.with_name("role-confusion.csv")
    if is_file:
        tables.write_csv(done.confusion, other, excel=excel)
    _tell_scores(done, voice)
    if is_file:
        voice.line(f"written: {one_line(path)}, {one_line(other)}")
    voice.summary(
        {
            "file": str(path) if is_file else None,
            **done.facts,
            "scores": done.table.astype(object).where(done.table.notna(), None).to_dict("records"),
        }
    )


def _key_of(sheet: Path) -> str | None:
    """The hash of the key that was written with a sheet, from the meta file beside it; None where there is none."""
    try:
        told = json.loads(sheet.with_name(f"{sheet.name}.meta.json").read_text(encoding="utf-8"))
        found = told["conventions"]["key_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(found)


def _bare(sheet: Path) -> str:
    """The name of a sheet without its endings: ``review`` of review.csv, review.tsv and review.csv.gz."""
    name = sheet.name
    while Path(name).suffix.lower() in (".csv", ".tsv", ".txt", ".gz", ".zst", ".parquet"):
        name = Path(name).stem
    return name


def _tell_scores(done: "Scores", voice: Voice) -> None:
    facts = done.facts
    voice.line(
        f"{count(facts['rows'], 'row')} = {facts['used']:,} scored + {facts['coders_differ']:,} where the coders "
        f"differ and nothing is agreed + {facts['without_a_code']:,} without a code"
    )
    if facts["coders_differ"]:
        voice.line(
            "rows where coders differ are the doubtful ones: until the column agreed settles them, precision and "
            "recall look better than they are"
        )
    if facts["rows_of_the_key_not_in_the_sheet"]:
        voice.line(f"{count(facts['rows_of_the_key_not_in_the_sheet'], 'row')} of the key are not in the sheet")
    if silent := facts["accounts_in_strata_without_a_code"]:
        voice.line(f"nothing is said of {silent:,} of {facts['accounts']:,} accounts: no row of their strata is scored")
    for row in done.table.to_dict("records"):
        has_value, has_ends = row["value"] == row["value"], row["lo"] == row["lo"]  # NaN is not itself
        value = f"{row['value']:.4f}" if has_value else "–"
        ends = f"({row['lo']:.4f} to {row['hi']:.4f})" if has_ends else row["interval"]
        voice.line(f"  {row['about']:<10} {row['measure']:<21} {value:>7}  {ends}")
    voice.line("netmed says × coders say (rows; in brackets the accounts they stand for)")
    for given, part in done.confusion.groupby("predicted_role", sort=False):
        cells = ", ".join(f"{row.coded_role} {row.rows:,} ({row.accounts:,.0f})" for row in part.itertuples())
        voice.line(f"  {given}: {cells}")
