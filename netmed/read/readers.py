"""The table of readers: one entry per source format.

A new source is one room with a raw schema and its expressions, and one row here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import x_v2, x_v2_profiles, x_v11
from netmed.read.intake import Formats
from netmed.registry import Registry


@dataclass(frozen=True, slots=True)
class Reader:
    """How one source format is read. Readers never both recognise the same line."""

    name: str
    title: str
    schema: ibis.Schema
    brief_schema: ibis.Schema
    """The same without what only a build needs that keeps texts or takes events from referenced posts."""
    looks_like: Callable[[Mapping[str, Any]], bool]
    """A guess from a file's first record: which reader to try first. A wrong one costs only time.
    A reader of tables is asked with the names of the columns, and must be sure."""
    recognised: Callable[[ir.Table], ir.BooleanValue]
    """Whether a raw row is a record of this format, by its own keys."""
    counts: Callable[[ir.Table], dict[str, ir.IntegerValue]]
    """Per recognised row: how many ``posts``, ``profiles`` and ``unusable`` items it holds."""
    posts: Callable[[ir.Table], ir.Table]
    """Recognised raw rows → ``record.POST``."""
    sightings: Callable[[ir.Table], ir.Table]
    """Recognised raw rows → ``record.SIGHTING``: the same profiles, ids and times only, at little cost."""
    profiles: Callable[[ir.Table], ir.Table]
    """Recognised raw rows → ``record.PROFILE``."""
    is_table: bool = False
    """Whether it reads tables (CSV, TSV, Parquet). ``schema`` then names columns of text; what a file lacks is null."""
    missing: tuple[str, ...] = ("",)
    """What stands for "unknown" in the cells of its tables."""
    unroll: Callable[[Mapping[str, Any]], list[Any] | None] | None = None
    """Opens an envelope (a response, a thread): the records in it, or None where it is none of this format."""


READERS: Registry[Reader] = Registry(
    "reader",
    (
        Reader(
            "x-v2-flat",
            "X API v2, flattened: one post per line (twarc2 flatten)",
            x_v2.FLAT,
            x_v2.FLAT_BRIEF,
            lambda line: "data" not in line and "id_str" not in line and ("author_id" in line or "username" in line),
            x_v2.flat_recognised,
            x_v2.flat_counts,
            x_v2.flat_posts,
            x_v2_profiles.flat_sightings,
            x_v2_profiles.flat_profiles,
        ),
        Reader(
            "x-v2-page",
            "X API v2, response pages: one page per line with data and includes (twarc2)",
            x_v2.PAGE,
            x_v2.PAGE,
            lambda line: isinstance(line.get("data"), list) or "meta" in line,
            x_v2.page_recognised,
            x_v2.page_counts,
            x_v2.page_posts,
            x_v2_profiles.page_sightings,
            x_v2_profiles.page_profiles,
        ),
        Reader(
            "x-v2-stream",
            "X API v2, streams: one post in data per line, with includes",
            x_v2.SINGLE,
            x_v2.SINGLE,
            lambda line: isinstance(line.get("data"), dict),
            x_v2.single_recognised,
            x_v2.single_counts,
            x_v2.single_posts,
            x_v2_profiles.single_sightings,
            x_v2_profiles.single_profiles,
        ),
        Reader(
            "x-v1.1",
            "X API v1.1: one post per line, compatibility or extended form (twarc, DMI-TCAT, Social Feed Manager)",
            x_v11.STATUS,
            x_v11.STATUS,
            lambda line: "user" in line and ("id_str" in line or "id" in line),
            x_v11.recognised,
            x_v11.counts,
            x_v11.posts,
            x_v11.sightings,
            x_v11.profiles,
            unroll=x_v11.unroll,
        ),
    ),
    name=lambda reader: reader.name,
)


def formats(readers: Sequence[Reader]) -> Formats:
    """What these readers know of whole files."""
    tables = [reader for reader in readers if reader.is_table]
    openers = [reader.unroll for reader in readers if reader.unroll is not None]

    def opened(record: Mapping[str, Any]) -> list[Any] | None:
        return next((inside for opener in openers if (inside := opener(record)) is not None), None)

    return Formats(lambda columns: any(reader.looks_like(columns) for reader in tables), opened)
