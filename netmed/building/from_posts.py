"""A network from files of posts: the whole way, step by step."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir

from netmed import provenance
from netmed.building import audit, events, identity, posts, tables
from netmed.building.beside import Beside, Given
from netmed.building.choices import Choices
from netmed.building.filters import Filters
from netmed.building.write import Made, write
from netmed.engines import Engine, open_engine
from netmed.read import READERS, Records, formats, intake, read
from netmed.read.mapped import mapped_readers
from netmed.read.mapped_columns import refuse_missing
from netmed.read.mapping import checked
from netmed.read.spreadsheets import refuse_rounded


def make(
    inputs: Sequence[str | Path],
    root: Path,
    filters: Filters,
    choices: Choices,
    given: Given,
    *,
    memory: str | None,
    engine: str,
    only: str,
    mapping: Mapping[str, str] | None,
    progress: Callable[[str], None] | None,
) -> Made:
    """Read the inputs and write the four tables into ``root``."""
    say = progress or (lambda _: None)
    work = root / ".work"
    work.mkdir()
    say("looking through the input")
    sources = intake.find(inputs, work)
    plain = list(READERS.values()) if only == "auto" else [READERS[only]]
    readers = [*plain, *(mapped_readers(mapping) if mapping else ())]
    known = formats(readers)
    beside = given.staged(work, engine=engine, memory=memory)
    for number, source in enumerate(sources):
        intake.check(source, work, number, known)
    if mapping:
        refuse_missing(checked(mapping), sources, plain)
    hashes = provenance.Hashes({source.shown: source.original for source in sources})
    try:
        paths = [root, *(source.path for source in sources)]
        with open_engine(engine, work=work / "engine", reads=paths, memory=memory) as opened:
            brief = not (choices.keep_text or choices.include_referenced)
            records = read(opened, sources, readers=readers, brief=brief, work=work, progress=say)
            rows, audited = _tables(opened, records, root, filters, choices, beside, say)
        used = [
            {"file": source.shown, "bytes": source.original.stat().st_size, "sha256": hashes[source.shown]}
            for source in sources
        ]
    finally:
        hashes.close()
    shutil.rmtree(work)
    return Made(rows, audited, [*used, *beside.inputs], choices, invented=all(source.is_invented for source in sources))


def _tables(
    engine: Engine,
    records: Records,
    root: Path,
    filters: Filters,
    choices: Choices,
    beside: Beside,
    say: Callable[[str], None],
) -> tuple[dict[str, int], audit.Audit]:
    say("telling posts apart")
    distinct = posts.distinct(engine, records.posts)
    refuse_rounded(distinct.table.filter(distinct.table.is_delivered))
    records.release(engine)
    seen = engine.store("sightings", identity.sightings(distinct.table, records.handles))
    every, ambiguous_authors = identity.with_author_ids(engine, distinct.table, seen)
    whole = engine.view("posts_with_content", posts.with_content_of_originals(every))
    # Without filters the events are made from the stored posts: who speaks to whom needs no hashtags.
    speaks = every if filters.is_empty else engine.store("passing", whole.filter(filters.passes(whole)))
    if not choices.include_referenced:
        speaks = speaks.filter(speaks.is_delivered)
    chosen = every if filters.is_empty else engine.store("chosen", _with_references(whole, speaks))
    say("finding who addresses whom")
    addresses = engine.store("addresses", events.addresses(speaks, every))
    keyed = events.keyed(engine, addresses, seen)
    decided = engine.store("decided", events.by_precedence(keyed.table))
    found = engine.view("events", decided.filter(decided.source_key.notnull()))
    lost = ibis.union(
        keyed.table.filter(keyed.table.target_key.isnull()).select("relation"),
        decided.filter(decided.source_key.isnull()).select("relation"),
    )
    people = engine.view("people", _people(engine, records.profiles, seen, every, keyed.nameless))
    say("writing the network")
    out = tables.posts_table(whole if filters.is_empty else chosen, keep_text=choices.keep_text)
    known = beside.applied(engine, out, found, people, platform="x")
    written = write(engine, root, known.posts, known.events, known.people, choices)
    say("adding up the audit")
    ambiguous = ambiguous_authors + keyed.ambiguous
    audited = audit.of_posts(records.files, distinct, chosen, lost, written, seen, ambiguous, choices)
    return written.rows, beside.entered(audited)


def _with_references(every: ir.Table, speaks: ir.Table) -> ir.Table:
    """Posts that speak, and of those that came along the ones they refer to."""
    references = [
        speaks.select("platform", post_id=speaks[name])
        for name in ("reply_post_id", "quote_post_id", "retweet_post_id")
    ]
    wanted = ibis.union(*references, distinct=True)
    along = every.filter(~every.is_delivered).semi_join(wanted, posts.KEY).anti_join(speaks, posts.KEY)
    return ibis.union(speaks, along)


def _people(engine: Engine, newest: ir.Table, seen: ir.Table, every: ir.Table, nameless: ir.Table) -> ir.Table:
    """Every account seen: ``account_key``, its newest profile, its newest handle and all it had."""
    authors = every.filter(every.author_id.isnull(), every.author_handle.notnull())
    by_handle = ibis.union(nameless, authors.select("platform", at="created_at", handle="author_handle"))
    if by_handle.count().execute() > 0:
        seen = ibis.union(seen, identity.as_sightings(by_handle))
    history = identity.handle_history(engine, seen)
    profiles = identity.one_profile_each(engine, newest).drop("handle")
    people = history.left_join(profiles, identity.ACCOUNT).drop("platform_right", "account_id_right")
    has_id = ~people.account_id.startswith("@")
    return people.mutate(
        account_key=people.platform + ":" + people.account_id,
        account_id=ibis.cases((has_id, people.account_id)),
    )
