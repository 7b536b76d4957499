"""From posts to a network: ``build`` makes one, ``select`` narrows one.

sources ──read──▶ records ──▶ distinct posts ──▶ addresses ──▶ events ──▶ edges, accounts
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from netmed import folder, provenance, schema
from netmed.building import audit, from_edges, from_network, from_posts
from netmed.building.beside import Given
from netmed.building.choices import Choices, checked_auto_mentions, checked_relations, checked_weight
from netmed.building.filters import Filters
from netmed.building.role_filter import checked_roles
from netmed.errors import InputError, LossError, NetmedError, NetworkError, UnknownNameError
from netmed.network import Network, load
from netmed.read import READERS
from netmed.registry import unknown
from netmed.roles import fitted_on

__all__ = ["build", "select"]


def build(
    *inputs: str | Path,
    output: str | Path | None = None,
    relations: Sequence[str] | None = None,
    auto_mentions: str | None = None,
    include_referenced: bool = False,
    keep_text: bool = False,
    since: str | None = None,
    until: str | None = None,
    hashtags: Sequence[str] = (),
    langs: Sequence[str] = (),
    min_weight: float | None = None,
    giant: bool = False,
    roles: str | Sequence[str] = (),
    strict: bool = False,
    force: bool = False,
    memory: str | None = None,
    format: str = "auto",  # noqa: A002  the name of the option
    engine: str = "duckdb",
    mapping: Mapping[str, str] | None = None,
    accounts: Sequence[str | Path] = (),
    crosswalk: str | Path | None = None,
    find_roles: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Network:
    """Build a network from posts, or narrow a network folder.

    Parameters
    ----------
    inputs : files, folders, globs, "-" for standard input; or one network folder.
    output : the network folder to write; None keeps the network in memory.
    relations : the relations that make edges; all relations are kept as events. None: reply and
        mention, or those of the network that is narrowed (so too for the next option and ``min_weight``).
    auto_mentions : "separate", or "include": mentions the platform filled in make edges as mentions do.
    include_referenced : posts that only came along make events too.
    keep_text : store the text of posts.
    since, until : ISO dates or times (UTC), both included.
    hashtags, langs : keep posts with any of them.
    min_weight : least weight of an edge; None: 1.
    giant : keep only the largest weakly connected component.
    roles : only the network among accounts of these roles (``netmed.roles.ROLES``, or the words of a roster for
        them), such as "physician": both ends of an edge must have one. Accounts of other roles, or of none, are left
        out with their posts and all events to and from them; ``giant`` is taken of what remains.
    strict : raise ``LossError`` where anything in the input could not be used; nothing is written.
    force : replace a network that stands at ``output``.
    memory : bound of the table engine, such as "4GB"; what does not fit spills to disk.
    format : "auto", or the name of the one reader to use; "edges-csv" for edge lists.
    mapping : which column is what (field → column, such as ``{"author": "screen_name"}``) in tables and JSON
        lines that no reader knows; ``netmed.read.mapping.FIELDS`` names the fields.
    accounts : tables of profiles or rosters, which describe accounts of the network; they add none.
    crosswalk : a table of persons and their accounts (``person,account``); a person's accounts become one.
    find_roles : tell from profiles who is a physician (``netmed.roles``); a network that is narrowed keeps its roles.

    Raises ``InputError``, ``NetworkError``, ``EngineError``, ``LossError``, ``UnknownNameError``.
    """
    filters = Filters(since, until, _each(hashtags), _each(langs))
    inputs = tuple(path for given in inputs for path in (given if isinstance(given, list | tuple) else [given]))
    source = load(inputs[0]) if len(inputs) == 1 and os.path.isfile(Path(inputs[0]) / folder.MANIFEST) else None  # noqa: PTH113
    chosen = replace(_choices(source, relations, auto_mentions, min_weight, giant), roles=checked_roles(_words(roles)))
    if source is None:
        chosen = replace(chosen, include_referenced=include_referenced, keep_text=keep_text, find_roles=find_roles)
        if chosen.roles and not (find_roles or accounts):
            raise InputError("--no-roles finds no role that --roles could choose; leave one of them away")
    given = Given(tuple(accounts), crosswalk)
    if format not in ("auto", from_edges.FORMAT, *READERS):
        raise UnknownNameError(unknown("reader", format, [*READERS, from_edges.FORMAT]))
    if mapping and (source is not None or format == from_edges.FORMAT):
        what = (
            "a network has no columns to map"
            if source is not None
            else (
                f"--format {from_edges.FORMAT} takes no --map: an edge list names its own columns, "
                "source,target[,weight][,relation]"
            )
        )
        raise InputError(f"{what}; leave --map away")
    started = provenance.now()
    target = None if output is None else Path(output)
    if source is not None and target is not None and target.resolve() == Path(inputs[0]).resolve():
        raise NetworkError(f"{inputs[0]} would be replaced by a part of itself; give -o another folder")
    with _words_for_os_errors(target), _room(target, force=force) as root:
        parameters: dict[str, Any] = {**filters.described(), "roles": list(chosen.roles)}
        parameters |= {"role_model": fitted_on()} if chosen.find_roles else {}
        if source is not None:
            parameters |= _origin(source, str(inputs[0]))
            made = from_network.make(source, root, filters, chosen, given, memory=memory, engine=engine)
        elif format == from_edges.FORMAT:
            made = from_edges.make(
                inputs,
                root,
                filters,
                chosen,
                given,
                least_weight=min_weight,
                memory=memory,
                engine=engine,
                progress=progress,
            )
        else:
            parameters |= {"mapping": dict(mapping)} if mapping else {}
            made = from_posts.make(
                inputs,
                root,
                filters,
                chosen,
                given,
                memory=memory,
                engine=engine,
                only=format,
                mapping=mapping,
                progress=progress,
            )
        refuse_nothing(made.audit, filters)
        if strict and made.audit["losses"]:
            raise LossError(f"--strict: {audit.losses_line(made.audit)}; nothing was written")
        folder.write_json(root / "audit.json", made.audit)
        facts = provenance.manifest(
            inputs=made.inputs,
            rules=made.choices.described(),
            parameters=parameters,
            invented=made.invented,
            started=started,
        )
        folder.seal(root, facts, made.rows)
        if target is None:
            return _in_memory(load(root))
    return load(Path(output or ""))


def select(
    network: Network,
    *,
    relations: Sequence[str] | None = None,
    auto_mentions: str | None = None,
    since: str | None = None,
    until: str | None = None,
    hashtags: Sequence[str] = (),
    langs: Sequence[str] = (),
    min_weight: float | None = None,
    giant: bool = False,
    roles: str | Sequence[str] = (),
) -> Network:
    """A narrower network, in memory: edges and accounts made anew from the events that remain.

    Parameters are those of ``build``; None keeps the choice the network was built with.
    """
    filters = Filters(since, until, _each(hashtags), _each(langs))
    chosen = replace(_choices(network, relations, auto_mentions, min_weight, giant), roles=checked_roles(_words(roles)))
    with _words_for_os_errors(None), _room(None, force=False) as root:
        made = from_network.make(network, root, filters, chosen, Given(), memory=None, engine="duckdb")
        parameters = {**filters.described(), "roles": list(chosen.roles), **_origin(network, network.name)}
        facts = {**network.provenance, "rules": made.choices.described(), "parameters": parameters}
        folder.write_json(root / "audit.json", made.audit)
        folder.seal(root, facts, made.rows)
        return _in_memory(load(root), name=network.name)


def _words(words: str | Sequence[str]) -> tuple[str, ...]:
    """Several words, or one text with commas between them."""
    return tuple(word.strip() for word in words.split(",")) if isinstance(words, str) else tuple(words)


def _each(words: str | Sequence[str]) -> tuple[str, ...]:
    """One word or several."""
    return (words,) if isinstance(words, str) else tuple(words)


def refuse_nothing(audited: Mapping[str, Any], filters: Filters) -> None:
    """Raise ``InputError`` where there were posts and the filters left none."""
    totals = audited["totals"]
    if not filters.is_empty and totals["kept"] == 0 and totals["records"] > 0:
        raise InputError(
            f"no post is left of {totals['records']:,} records: none meets {filters.in_words()}; nothing was written"
        )


def _choices(
    network: Network | None,
    relations: Sequence[str] | None,
    auto_mentions: str | None,
    min_weight: float | None,
    giant: bool,
) -> Choices:
    """What was asked for; where nothing was, what the network was built with, or the defaults."""
    rules = {} if network is None else network.provenance.get("rules", {})
    return Choices(
        checked_relations(rules.get("relations", schema.DEFAULT_RELATIONS) if relations is None else relations),
        checked_auto_mentions(auto_mentions or rules.get("auto_mentions", "separate")),
        rules.get("min_weight", 1) if min_weight is None else checked_weight(min_weight),
        giant,
        bool(rules.get("include_referenced")),
        bool(rules.get("keep_text")),
    )


def _origin(network: Network, name: str) -> dict[str, Any]:
    """Where a narrowed network comes from, and what that one had been narrowed by."""
    return {"from": name, "before": dict(network.provenance.get("parameters", {}))}


@contextlib.contextmanager
def _room(target: Path | None, *, force: bool) -> Iterator[Path]:
    """An empty folder that becomes ``target``, or goes away."""
    if target is not None:
        with folder.writing(target, force=force) as fresh:
            yield fresh
        return
    with tempfile.TemporaryDirectory(prefix="netmed-") as passing:
        yield Path(passing).resolve()


@contextlib.contextmanager
def _words_for_os_errors(target: Path | None) -> Iterator[None]:
    """A full disk and the like are no bugs: say what happened and where."""
    try:
        yield
    except OSError as error:
        what = f"writing {target}" if target is not None else "building in memory"
        where = f" ({error.filename})" if error.filename is not None else ""
        raise NetmedError(f"{what} failed: {error.strerror or error}{where}; nothing was changed") from error


def _in_memory(network: Network, name: str | None = None) -> Network:
    """The network with its tables read, for a folder that is about to go away."""
    tables = {table.name: getattr(network, table.name) for table in schema.TABLES}
    return Network(tables, audit=network.audit, provenance=network.provenance, name=name)
