"""A whole table as text: every row and column as it stands, whatever the file is packed in."""

import re
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import ibis
import pandas as pd
import pyarrow.parquet as pq

from netmed.errors import InputError
from netmed.read.account_tables import Names
from netmed.read.delimited import Table, by_spelling, header, spelled, stage
from netmed.read.finding import find
from netmed.read.intake import SAMPLE, Formats, check
from netmed.read.source import Source, open_bytes
from netmed.read.washing import is_utf8


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table read: its rows in order, cells as text, empty ones None; and what was done to read it."""

    shown: str
    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    def columns_for(self, names: Names) -> dict[str, str]:
        """Our names of columns → those of the table, however they are spelled (``spelled``)."""
        theirs = by_spelling(list(self.frame.columns))
        found = {ours: next((n for n in words if n in theirs), None) for ours, words in names.items()}
        return {ours: theirs[name] for ours, name in found.items() if name is not None}

    def renamed(self, names: Names) -> pd.DataFrame:
        """Only the columns that ``names`` knows, under our names."""
        chosen = self.columns_for(names)
        return self.frame[list(chosen.values())].set_axis(list(chosen), axis=1)


def whole_table(given: str | Path, *, wanted: str, alone: Collection[str] = ()) -> WholeTable:
    """Read a CSV, TSV or Parquet file, packed or not, in UTF-8 or UTF-16; ``-`` is standard input.

    Lines without a single sign are no rows; a row of empty cells is one. A table that is no UTF-8 is read as
    Windows-1252, as Excel writes it in the west, and a note says so.

    Parameters
    ----------
    wanted : the columns that are looked for, in words, for messages.
    alone : names that make a table also where there is no other column.

    Raises ``InputError`` for what is no table, is damaged, is partly UTF-8, or has a row of more or fewer cells than
    its header.
    """
    shown = "standard input" if str(given) == "-" else str(given)
    if str(given) != "-" and not Path(given).is_file() and not Path(given).is_fifo():
        what = "is a folder" if Path(given).is_dir() else "does not exist"
        raise InputError(f"{shown} {what}; wanted is a table (CSV, TSV or Parquet) with {wanted}")
    with tempfile.TemporaryDirectory(prefix="netmed-") as folder:
        work = Path(folder)
        source = find(["-"], work)[0] if str(given) == "-" else Source(shown, Path(given), Path(given))
        check(source, work, 0, Formats(is_table=lambda _: True, open=lambda _: None))
        _refuse_damage(source)
        if source.table is None and source.first is None:
            source.table = _one_column(source, alone)
        if source.table is not None and source.table.delimiter and _as_windows_text(source, work / "letters"):
            start = next(open_bytes(source), b"")[:SAMPLE]
            source.table = header(source, start) or _one_column(source, alone)
        if source.table is None:
            kind = "holds JSON" if source.first is not None else "has no header of two columns or more"
            raise InputError(f"{shown} {kind}; wanted is a table (CSV, TSV or Parquet) with {wanted}")
        columns = list(source.table.columns)
        made = stage(source, ibis.schema(dict.fromkeys(columns, "string")), ("",), work / "table.parquet")
        if made.rejects.malformed and _without_lone_returns(source, work / "mended"):
            again = stage(source, ibis.schema(dict.fromkeys(columns, "string")), ("",), work / "again.parquet")
            if not again.rejects.malformed:
                source.notes.append("a carriage return within a cell was read as a blank")
                made = again
        _refuse_damage(source)
        for row in made.rejects.first[:1]:
            raise InputError(
                f"{shown} does not fit its header: row {row['line']} is {row['why']} "
                f"({made.rejects.malformed:,} such rows); a cell with a comma or a line end stands between quotes"
            )
        staged = pq.ParquetFile(made.path).read().columns[2:]  # line and file come first
        last = [column[-1].as_py() for column in staged if len(column)]
        is_long = source.table.delimiter and any("\n" in (cell or "") for cell in last)
        if is_long and b"".join(open_bytes(source)).count(b'"') % 2:
            raise InputError(f"{shown}: a quotation mark is opened and never closed; it swallows the last rows")
    cells = {name: pd.Series(column.to_pylist(), dtype=object) for name, column in zip(columns, staged, strict=True)}
    return WholeTable(shown, pd.DataFrame(cells), source.notes)


def _refuse_damage(source: Source) -> None:
    for damage in source.damage[:1]:
        raise InputError(f"{source.shown} cannot be read whole: {damage}")


def _one_column(source: Source, alone: Collection[str]) -> Table | None:
    """The table of a file whose first line is one of these names and nothing else."""
    start = next(open_bytes(source), b"")[:SAMPLE].decode("utf-8", "replace").removeprefix("\ufeff")
    for place, line in enumerate(start.splitlines()):
        if line.strip():
            name = line.strip().strip('"').strip()
            return Table((name,), ",", place + 1) if spelled(name) in alone else None
    return None


def _as_windows_text(source: Source, copy: Path) -> bool:
    """Make a copy in UTF-8 of a table that is in Windows-1252; False where it is in UTF-8 already.

    Raises ``InputError`` where it is neither: letters that nobody can tell are not put right by guessing.
    """
    text = b"".join(open_bytes(source))
    lines = [line for line in text.split(b"\n") if not line.isascii()]
    strange = [line for line in lines if not is_utf8(line)]
    if not strange:
        return False
    save = "save it as UTF-8 (in Excel: CSV UTF-8)"
    if len(strange) < len(lines):
        raise InputError(
            f"{source.shown} holds letters in UTF-8 and, in {len(strange):,} lines, others that are none; {save}"
        )
    try:
        decoded = text.decode("cp1252")
    except UnicodeDecodeError:
        raise InputError(f"{source.shown} is neither UTF-8 nor Windows-1252; {save}") from None
    copy.write_bytes(decoded.encode())
    source.read_instead(copy)
    source.notes.append(f"its letters are no UTF-8 and were read as Windows-1252; where names look wrong, {save}")
    return True


def _without_lone_returns(source: Source, copy: Path) -> bool:
    r"""Make a copy where lines end in ``\n`` alone: some programs leave ``\r`` in a cell without quotes.

    False where there is none to take out.
    """
    text = b"".join(open_bytes(source))
    mended = re.sub(rb"\r(?!\n)", b" ", text)
    if mended == text or b"\n" not in text:
        return False
    copy.write_bytes(mended)
    source.read_instead(copy)
    return True
