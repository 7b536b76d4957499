"""The table of readers: one entry per source format.

A new source is one room with a raw schema and its expressions, and one row here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from netmed.read import (
    activity_streams,
    bluesky,
    bluesky_changes,
    bluesky_envelopes,
    fourcat,
    mastodon,
    mastodon_profiles,
    mastodon_streams,
    rtweet,
    tags,
    tcat,
    twarc_csv,
    x_v2,
    x_v2_profiles,
    x_v11,
    zeeschuimer,
)
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
    ids: tuple[str, ...] = ()
    """Columns of ids whose names do not say so."""
    check: Callable[[ir.Table], dict[str, int]] = lambda _: {}
    """Looks whether the raw rows say what they are meant to; gives, by file, how many times cannot be read.
    Raises ``InputError`` where nothing could be made of a column."""
    unroll: Callable[[Mapping[str, Any]], list[Any] | None] | None = None
    """Opens an envelope (a response, a thread): the records in it, or None where it is none of this format."""
    addresses: Callable[[ir.Table], ir.Table] | None = None
    """Recognised raw rows → ``record.ADDRESS``, where one account may be called by several ids."""


READERS: Registry[Reader] = Registry(
    "reader",
    (
        Reader(
            "x-v2-flat",
            "X API v2, flattened: one post per line (twarc2 flatten)",
            x_v2.FLAT,
            x_v2.FLAT_BRIEF,
            lambda line: line.get("author_user") is None and x_v2.looks_flat(line),
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
            "x-v2-4cat",
            "X API v2, flattened, as 4CAT keeps its own collections: one post per line",
            x_v2.FOURCAT,
            x_v2.FOURCAT_BRIEF,
            lambda line: line.get("author_user") is not None and x_v2.looks_flat(line),
            x_v2.fourcat_recognised,
            x_v2.flat_counts,
            x_v2.flat_posts,
            x_v2_profiles.fourcat_sightings,
            x_v2_profiles.fourcat_profiles,
        ),
        Reader(
            "x-zeeschuimer",
            "X pages as Zeeschuimer captures them: one item per line",
            zeeschuimer.CAPTURE,
            zeeschuimer.CAPTURE,
            lambda line: "source_platform" in line and "data" in line,
            zeeschuimer.captured_recognised,
            zeeschuimer.captured_counts,
            zeeschuimer.captured_posts,
            zeeschuimer.captured_sightings,
            zeeschuimer.captured_profiles,
        ),
        Reader(
            "x-zeeschuimer-4cat",
            "X pages captured by Zeeschuimer, as 4CAT keeps them",
            zeeschuimer.OPENED,
            zeeschuimer.OPENED,
            lambda line: "legacy" in line and ("rest_id" in line or "__import_meta" in line),
            zeeschuimer.opened_recognised,
            zeeschuimer.opened_counts,
            zeeschuimer.opened_posts,
            zeeschuimer.opened_sightings,
            zeeschuimer.opened_profiles,
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
        Reader(
            "x-activity-streams",
            "X as Activity Streams: one activity per line (Gnip, the enterprise API)",
            activity_streams.ACTIVITY,
            activity_streams.ACTIVITY,
            lambda line: "actor" in line and "verb" in line,
            activity_streams.recognised,
            activity_streams.counts,
            activity_streams.posts,
            activity_streams.sightings,
            activity_streams.profiles,
        ),
        Reader(
            "x-twarc-csv",
            "X API v2 as a table: a post per row (twarc2 csv)",
            twarc_csv.POSTS,
            twarc_csv.POSTS,
            twarc_csv.looks_like_posts,
            twarc_csv.posts_recognised,
            twarc_csv.posts_counts,
            twarc_csv.posts,
            twarc_csv.posts_sightings,
            twarc_csv.posts_profiles,
            is_table=True,
        ),
        Reader(
            "x-twarc-csv-accounts",
            "X API v2 as a table: an account per row (twarc2 csv --input-data-type users)",
            twarc_csv.ACCOUNTS,
            twarc_csv.ACCOUNTS,
            twarc_csv.looks_like_accounts,
            twarc_csv.accounts_recognised,
            twarc_csv.accounts_counts,
            twarc_csv.no_posts,
            twarc_csv.accounts_sightings,
            twarc_csv.accounts_profiles,
            is_table=True,
        ),
        Reader(
            "x-rtweet",
            "rtweet tables of both generations (35 to 90 columns), posts or accounts, as write_as_csv saves them",
            rtweet.COLUMNS,
            rtweet.COLUMNS,
            rtweet.looks_like,
            rtweet.recognised,
            rtweet.counts,
            rtweet.posts,
            rtweet.sightings,
            rtweet.profiles,
            is_table=True,
            missing=rtweet.MISSING,
        ),
        Reader(
            "x-tags",
            "TAGS sheets, versions 5 and 6 (16 to 18 columns), saved as CSV",
            tags.COLUMNS,
            tags.COLUMNS,
            tags.looks_like,
            tags.recognised,
            tags.counts,
            tags.posts,
            tags.sightings,
            tags.profiles,
            is_table=True,
            missing=tags.MISSING,
        ),
        Reader(
            "x-4cat",
            "4CAT tables of X posts: its own collections, and those imported from Zeeschuimer",
            fourcat.COLUMNS,
            fourcat.COLUMNS,
            fourcat.looks_like,
            fourcat.recognised,
            fourcat.counts,
            fourcat.posts,
            fourcat.sightings,
            fourcat.profiles,
            is_table=True,
            missing=fourcat.MISSING,
        ),
        Reader(
            "x-tcat",
            "DMI-TCAT exports of full posts, CSV or TSV",
            tcat.COLUMNS,
            tcat.COLUMNS,
            tcat.looks_like,
            tcat.recognised,
            tcat.counts,
            tcat.posts,
            tcat.sightings,
            tcat.profiles,
            is_table=True,
            missing=tcat.MISSING,
        ),
        Reader(
            "mastodon",
            "Mastodon: statuses, timelines, threads, searches and streams, as its API gives them out",
            mastodon.STATUS,
            mastodon.STATUS,
            mastodon_streams.looks_like,
            mastodon.recognised,
            mastodon.counts,
            mastodon.posts,
            mastodon_profiles.sightings,
            mastodon_profiles.profiles,
            unroll=mastodon_streams.unroll,
            addresses=mastodon_profiles.addresses,
        ),
        Reader(
            "bluesky",
            "Bluesky: post views, items of feeds and timelines, threads, search results (AppView)",
            bluesky.LINE,
            bluesky.LINE,
            bluesky.looks_like,
            bluesky.recognised,
            bluesky.counts,
            bluesky.posts,
            bluesky.sightings,
            bluesky.profiles,
            unroll=bluesky_envelopes.unroll,
        ),
        Reader(
            "bluesky-record",
            "Bluesky: events of Jetstream and tap, records of repositories",
            bluesky_changes.CHANGE,
            bluesky_changes.CHANGE,
            bluesky_changes.looks_like,
            bluesky_changes.recognised,
            bluesky_changes.counts,
            bluesky_changes.posts,
            bluesky_changes.sightings,
            bluesky_changes.profiles,
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
