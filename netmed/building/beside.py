"""What is given beside the posts: tables of profiles (``--accounts``) and who is whom (``--crosswalk``)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed import provenance
from netmed.building import crosswalk, node_tables
from netmed.building.identity import one_profile_each
from netmed.building.tables import PEOPLE_COLUMNS
from netmed.engines import Engine, open_engine
from netmed.errors import InputError
from netmed.read import READERS, account_tables, formats, intake, read
from netmed.read.account_tables import SideTable
from netmed.read.source import Source
from netmed.read.values import conform
from netmed.schema import ACCOUNTS

PEOPLE = ibis.schema({name: ACCOUNTS.dtypes()[name] for name in PEOPLE_COLUMNS})


@dataclass(frozen=True, slots=True)
class Given:
    """The files as a person named them."""

    accounts: Sequence[str | Path] = ()
    crosswalk: str | Path | None = None

    def staged(self, work: Path, *, engine: str, memory: str | None) -> "Beside":
        """Read the files into ``work``. Raises ``InputError`` for one that is no such table."""
        made = Beside()
        if not self.accounts and self.crosswalk is None:
            return made
        room = work / "beside"
        room.mkdir()
        sources = intake.find(self.accounts, room) if self.accounts else []
        for number, source in enumerate(sources):
            account_tables.checked(source, room, number, account_tables.is_profiles)
            target = room / f"accounts-{number}.parquet"
            if source.table is None and source.first is not None:
                made.tables.append(_from_posts(source, room / f"read-{number}", target, engine, memory))
            else:
                made.tables.append(account_tables.staged(source, account_tables.PROFILE, target))
        if self.crosswalk is not None:
            (source,) = _one(intake.find([self.crosswalk], room), "--crosswalk")
            account_tables.checked(source, room, len(sources), account_tables.is_crosswalk)
            made.crosswalk = account_tables.staged(source, account_tables.CROSSWALK, room / "crosswalk.parquet")
        for option, table in [*(("accounts", t) for t in made.tables), *_named("crosswalk", made.crosswalk)]:
            path = table.source.original
            facts = {"file": table.source.shown, "bytes": path.stat().st_size, "sha256": provenance.sha256(path)}
            made.inputs.append({**facts, "given_as": f"--{option}"})
        return made


def _one(sources: list[Source], option: str) -> list[Source]:
    if len(sources) != 1:
        raise InputError(f"{option} takes one file; {len(sources):,} were found")
    return sources


def _named(option: str, table: SideTable | None) -> list[tuple[str, SideTable]]:
    return [] if table is None else [(option, table)]


def _from_posts(source: Source, work: Path, target: Path, engine: str, memory: str | None) -> SideTable:
    """Profiles in JSON lines, as the readers of posts find them: pages of accounts, or posts with accounts."""
    work.mkdir()
    again = Source(source.shown, source.original, source.original)
    intake.check(again, work, 0, formats(list(READERS.values())))
    with open_engine(engine, work=work / "engine", reads=[target.parent, again.path], memory=memory) as opened:
        every = list(READERS.values())
        records = read(
            opened, [again], readers=every, brief=True, work=work, progress=lambda _: None, wanted="profiles"
        )
        found = one_profile_each(opened, records.profiles)
        texts = {
            name: found[name].cast("string") if name in found.columns else ibis.null("string")
            for name in account_tables.PROFILE
        }
        place = ibis.row_number().over(order_by=[found.platform, found.account_id]) + 1
        rows = found.select(file=ibis.literal(source.shown), line=place.cast("int64"), **texts)
        return SideTable(source, target, opened.write_parquet(rows, target, ("line",)))


@dataclass(frozen=True, slots=True)
class Applied:
    """Posts, events (or rows of edge lists) and people with all that was given beside them."""

    posts: ir.Table | None
    events: ir.Table
    people: ir.Table


@dataclass(slots=True)
class Beside:
    """The files made readable; without any, nothing is changed."""

    tables: list[SideTable] = field(default_factory=list)
    crosswalk: SideTable | None = None
    inputs: list[dict[str, Any]] = field(default_factory=list)
    """For provenance."""
    audit: dict[str, Any] = field(default_factory=dict)
    """What became of the rows; filled by ``applied``."""

    def applied(
        self, engine: Engine, posts: ir.Table | None, events: ir.Table, people: ir.Table, *, platform: str
    ) -> Applied:
        """Describe the accounts that posts and events name, and make one of those of one person.

        Parameters
        ----------
        posts : with ``author_key, in_collection``; None for an edge list.
        events : with ``source_key, target_key``.
        platform : where a row of a profile table belongs that does not say so.
        """
        if not self.tables and self.crosswalk is None:
            return Applied(posts, events, people)
        people = engine.store("people_beside", _everybody(posts, events, people))
        people = self.described(engine, people, platform=platform)
        if self.crosswalk is None:
            return Applied(posts, events, people)
        references = engine.store(
            "references", account_tables.references(engine.read_parquet([self.crosswalk.path]), platform)
        )
        whole = engine.store("references_whole", references.filter(references.person.notnull()))
        pairs, matches = crosswalk.joined(engine, whole, people)
        self._enter_crosswalk(whole, matches, pairs)
        is_list = posts is None
        changed = (
            crosswalk.mapped(events, pairs, "source_key", "target_key") if is_list else crosswalk.events(events, pairs)
        )
        return Applied(
            None if posts is None else crosswalk.mapped(posts, pairs, "author_key").select(*posts.columns),
            engine.store("events_of_persons", changed.select(*events.columns)),
            crosswalk.persons(engine, people, pairs),
        )

    def described(self, engine: Engine, people: ir.Table, *, platform: str) -> ir.Table:
        """``people`` with what the tables of profiles say of them."""
        if not self.tables:
            return people
        raw = engine.read_parquet([table.path for table in self.tables])
        rows = node_tables.with_known_roles(engine.store("profile_rows_said", account_tables.profiles(raw, platform)))
        rows = engine.store("profile_rows", rows)
        matches = node_tables.matched(engine, "profiles", rows, people)
        nobody = rows.filter(rows.account_key.isnull(), rows.account_id.isnull(), rows.handle.isnull())
        entries: list[dict[str, Any]] = [
            {
                "file": table.source.shown,
                "notes": table.source.notes,
                "rows": table.rows + table.rejects.malformed,
                **_counted(matches, table.source.shown),
                "unusable": table.rejects.malformed + _count(nobody.filter(nobody.file == table.source.shown)),
            }
            for table in self.tables
        ]
        for entry in entries:
            entry["unmatched"] = entry["rows"] - entry["matched"] - entry["ambiguous"] - entry["unusable"]
        self.audit["accounts_tables"] = entries
        return node_tables.described(engine, people, rows, matches)

    @property
    def losses(self) -> dict[str, int]:
        """Rows that could not be used, by what they are: they name nobody, or one of several."""
        tables = self.audit.get("accounts_tables", ())
        persons = self.audit.get("crosswalk", {})
        told = {
            "rows of --accounts": sum(table["unusable"] + table["ambiguous"] for table in tables),
            "rows of --crosswalk": persons.get("unusable", 0),
            "ambiguous accounts of --crosswalk": persons.get("ambiguous", 0),
        }
        return {name: count for name, count in told.items() if count}

    def entered(self, audited: dict[str, Any]) -> dict[str, Any]:
        """An audit with what became of these tables, and their losses among its own."""
        return {**audited, **self.audit, "losses": {**audited["losses"], **self.losses}}

    def _enter_crosswalk(self, references: ir.Table, matches: ir.Table, pairs: ir.Table) -> None:
        assert self.crosswalk is not None
        named = _count(references)
        used = int(references.line.nunique().execute())
        rows = self.crosswalk.rows + self.crosswalk.rejects.malformed
        counted = _counted(matches, self.crosswalk.source.shown)
        self.audit["crosswalk"] = {
            "file": self.crosswalk.source.shown,
            "rows": rows,
            "unusable": rows - used,
            "accounts_named": named,
            **counted,
            "unmatched": named - counted["matched"] - counted["ambiguous"],
            "persons": int(pairs.person_key.nunique().execute()),
            "accounts_joined": _count(pairs),
        }


def _everybody(posts: ir.Table | None, events: ir.Table, people: ir.Table) -> ir.Table:
    """The accounts that the network will hold; where only a key is known, what it says."""
    keys = [events.select(key="source_key"), events.select(key="target_key")]
    if posts is not None:
        keys.append(posts.filter(posts.in_collection, posts.author_key.notnull()).select(key="author_key"))
    ends = ibis.union(*keys, distinct=True)
    both = ends.left_join(people, ends.key == people.account_key)
    name = both.key.re_replace("^[a-z]+:", "")
    whole = both.mutate(
        account_key=both.key,
        platform=ibis.coalesce(both.platform, both.key.re_extract("^([a-z]+):", 1)),
        account_id=ibis.cases((name.startswith("@"), both.account_id), else_=ibis.coalesce(both.account_id, name)),
    )
    return conform(whole, PEOPLE)


def _counted(matches: ir.Table, file: str) -> dict[str, int]:
    ours = matches.filter(matches.file == file)
    matched = _count(ours.filter(ours.account_key.notnull()))
    return {"matched": matched, "ambiguous": _count(ours) - matched}


def _count(table: ir.Table) -> int:
    return int(table.count().execute())
