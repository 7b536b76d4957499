"""Edge lists as input: who addresses whom, as somebody else has counted it.

Two forms are read: tables (CSV, TSV, Parquet) with columns ``source, target[, weight][, relation]``, and
lines of words with spaces between, ``source target [weight]``, as SNAP and networkx write them. Names
that already are account keys stay as they are; any other name becomes ``any:name``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netmed.errors import InputError
from netmed.read import intake
from netmed.read.delimited import by_spelling, stage
from netmed.read.rejects import SHOWN, Rejects
from netmed.read.source import Source, lines
from netmed.schema import RELATIONS

NAMES: Mapping[str, tuple[str, ...]] = {
    "source": ("source", "source_key", "from"),
    "target": ("target", "target_key", "to"),
    "weight": ("weight",),
    "relation": ("relation",),
}
"""Our columns, and how other tools call them; capitals do not matter."""

KEY = r"^(any|x|bluesky|mastodon|person):[\s\S]"
"""A name that is an account key already."""

ROUNDED = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
"""An id as spreadsheets and R write large numbers. Without the plus it may be a name: 2e5."""

LINE = re.compile(r"^\s*(?P<source>\S+)\s+(?P<target>\S+)(?:\s+(?P<rest>\S.*?))?\s*$")
TABBED = re.compile(r"^(?P<source>[^\t]*)\t(?P<target>[^\t]*)(?:\t(?P<rest>.*?))?\s*$")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ATTRIBUTE = r"""['"]weight['"]\s*:\s*(?P<weight>[^,}\s]+)"""
"""The weight among the attributes that networkx writes: ``a b {'weight': 0.5}``."""

BATCH = 200_000
_STAGED = pa.schema([(name, pa.string()) for name in ("file", *NAMES)] + [("line", pa.int64())])


@dataclass(slots=True)
class EdgeFile:
    """One edge list made readable: ``file, line, source, target, weight, relation`` as Parquet text."""

    source: Source
    path: Path
    rows: int = 0
    rejects: Rejects = field(default_factory=Rejects)
    """Rows that have no cells for these columns."""


def staged(sources: Sequence[Source], work: Path) -> list[EdgeFile]:
    """Check the files and write each as Parquet into ``work``.

    Raises ``InputError`` for a file that is no edge list.
    """
    # No reader of posts may take an edge list for its own, and no envelope is opened.
    formats = intake.Formats(is_table=lambda columns: _is_edges(list(columns)), open=lambda _: None)
    found = []
    for number, source in enumerate(sources):
        intake.check(source, work, number, formats)
        target = work / f"edges-{number}.parquet"
        found.append(_from_table(source, target) if source.table is not None else _from_lines(source, target))
    return found


def _is_edges(columns: Sequence[str]) -> bool:
    theirs = by_spelling(columns).keys()
    return not theirs.isdisjoint(NAMES["source"]) and not theirs.isdisjoint(NAMES["target"])


def _from_table(source: Source, target: Path) -> EdgeFile:
    assert source.table is not None
    theirs = by_spelling(source.table.columns)
    chosen = {
        ours: theirs[next(name for name in names if name in theirs)]
        for ours, names in NAMES.items()
        if any(name in theirs for name in names)
    }
    rest = [name for name in source.table.columns if name not in chosen.values()]
    if rest:
        source.notes.append("columns not used: " + ", ".join(name[:30] for name in rest[:12]))
    draft = target.with_suffix(".draft")
    held = stage(source, ibis.schema(dict.fromkeys(chosen.values(), "string")), ("",), draft)
    with pq.ParquetWriter(target, _STAGED) as writer:
        for batch in pq.ParquetFile(draft).iter_batches():
            columns = {ours: batch.column(name) for ours, name in chosen.items()}
            columns.setdefault("weight", _same("1", batch.num_rows))
            columns.setdefault("relation", _same("mention", batch.num_rows))
            if source.table.delimiter == ";":  # spreadsheets that set ; between cells write 0,5
                columns["weight"] = pc.replace_substring(columns["weight"], ",", ".")
            columns |= {name: batch.column(name) for name in ("file", "line")}
            writer.write_batch(pa.record_batch([columns[name] for name in _STAGED.names], schema=_STAGED))
    draft.unlink()
    return EdgeFile(source, target, held.rows, held.rejects)


def _same(word: str, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.string()), times)


def _from_lines(source: Source, target: Path) -> EdgeFile:
    """Lines of words; comments (#, %) and a header of words are passed over."""
    made = EdgeFile(source, target)
    content = ((number, line.removesuffix(b"\r")) for number, line in lines(source))
    wanted = ((number, line) for number, line in content if not line.lstrip().startswith((b"#", b"%")))
    first = next(wanted, None)
    pattern = _pattern(source, first[1] if first else b"")
    with pq.ParquetWriter(target, _STAGED) as writer:
        batch = [first] if first and not _is_edges(first[1].decode("utf-8", "replace").split()) else []
        while batch := [*batch, *islice(wanted, BATCH)]:
            numbers, texts = zip(*batch, strict=True)
            made.rows += len(batch)
            writer.write_batch(_words(str(source.path), numbers, _text(source, texts), pattern))
            batch = []
    return made


def _pattern(source: Source, first: bytes) -> re.Pattern[str]:
    """How the words stand on a line, told by the first. Raises ``InputError`` where it is no edge."""
    text = first.decode("utf-8", "replace")
    pattern = TABBED if "\t" in text else LINE
    found = pattern.match(text)
    rest = (found["rest"] or "") if found else ""
    bare = text if not rest.startswith("{") else text.removesuffix(rest)
    is_edge = found and (not rest or rest.startswith("{") or NUMBER.fullmatch(rest.strip()))
    is_header = _is_edges(text.split())
    if not first or (is_edge and "," not in bare and ";" not in bare) or is_header:
        return pattern
    columns = ", ".join(name[:30] for name in source.columns[:8])
    begins = f"a table with columns {columns}" if source.columns else "a first line that is no edge"
    raise InputError(
        f"{source.shown} is no edge list: {begins}; wanted are columns source,target[,weight][,relation] "
        "named in the first line, or lines of `source target [weight]`"
    )


def _text(source: Source, texts: Sequence[bytes]) -> pa.Array:
    try:
        return pa.array(texts, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid as error:
        raise InputError(f"{source.shown} is not UTF-8 text; save it as UTF-8") from error


def _words(file: str, numbers: Sequence[int], texts: pa.Array, pattern: re.Pattern[str]) -> pa.RecordBatch:
    words = pc.extract_regex(texts, pattern.pattern)
    source, target, rest = (pc.struct_field(words, name) for name in ("source", "target", "rest"))
    attributes = pc.starts_with(rest, "{")
    named = pc.struct_field(pc.extract_regex(rest, ATTRIBUTE), "weight")
    nothing = pc.equal(rest, "")
    weight = pc.if_else(nothing, "1", pc.if_else(attributes, pc.if_else(pc.is_null(named), "1", named), rest))
    columns = {"file": _same(file, len(texts)), "source": source, "target": target, "weight": weight}
    columns |= {"relation": _same("mention", len(texts)), "line": pa.array(numbers, pa.int64())}
    return pa.record_batch([columns[name] for name in _STAGED.names], schema=_STAGED)


def rows(raw: ir.Table) -> ir.Table:
    """Rows as text → ``file, line, source_key, target_key, weight, relation, why``.

    ``why`` is null where the row can be used, else the reason in words.
    """
    source, target = (_name(raw[end]) for end in ("source", "target"))
    weight, relation = raw.weight.strip().try_cast("float64"), raw.relation.strip().lower()
    is_weight = (weight > 0) & ~weight.isnan() & ~weight.isinf()
    rounded = source.re_search(ROUNDED) | target.re_search(ROUNDED)
    why = ibis.cases(
        (source.isnull(), "no source"),
        (target.isnull(), "no target"),
        (rounded, "an id that a spreadsheet has rounded; use the file as it was made"),
        (~is_weight.fill_null(False), "a weight that is no number above 0"),
        (~relation.isin(RELATIONS).fill_null(False), "a relation that is none of " + ", ".join(RELATIONS)),
    )
    return raw.select(
        "file", "line", source_key=key_of(source), target_key=key_of(target), weight=weight, relation=relation, why=why
    )


def _name(text: ir.StringValue) -> ir.StringValue:
    """A name without spaces around it, a key as it stands; null for nothing."""
    name = ibis.cases((text.re_search(KEY), text), else_=text.strip())
    return name.nullif("")


def key_of(name: ir.StringValue) -> ir.StringValue:
    """The key of an account in an edge list; handles of platforms are in lower case, as in every key."""
    is_handle = name.re_search("^(x|bluesky|mastodon):@")
    return ibis.cases((is_handle, name.lower()), (name.re_search(KEY), name), else_=ibis.literal("any:") + name)


def enter_unusable(files: Sequence[EdgeFile], checked: ir.Table) -> None:
    """Put the rows that cannot be used into the ledgers of their files.

    Raises ``InputError`` where not one row of all files is left.
    """
    bad = checked.filter(checked.why.notnull()).select("file", "line", "why")
    counted = bad.group_by("file").agg(n=bad.count()).execute()
    unusable = dict(zip(counted["file"], counted["n"], strict=True))
    for file in files:
        count = int(unusable.get(str(file.source.path), 0))
        if count:
            first = bad.filter(bad.file == str(file.source.path)).order_by("line").limit(SHOWN).execute()
            told = [{"line": int(row.line), "why": str(row.why)} for row in first.itertuples()]
            file.rejects.first = sorted(file.rejects.first + told, key=lambda row: int(str(row["line"])))[:SHOWN]
            file.rejects.unrecognised += count
    if sum(unusable.values()) == sum(file.rows for file in files):
        reasons = (f"{file.source.numbered_by} {r['line']}: {r['why']}" for file in files for r in file.rejects.first)
        why = next(reasons, "no rows")
        shown = ", ".join(file.source.shown for file in files[:3]) + (" …" if len(files) > 3 else "")
        raise InputError(f"no edge in {shown} ({why}); wanted are rows of source,target[,weight][,relation]")
