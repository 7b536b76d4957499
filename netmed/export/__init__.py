"""Doors out: tables as CSV, and networks in the formats of other tools (``FORMATS``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netmed.errors import NetmedError
from netmed.export.formats import FORMATS

if TYPE_CHECKING:  # the command asks for the formats, and must answer at once
    import pandas as pd

    from netmed.export.joining import Joined
    from netmed.network import Network

__all__ = ["FORMATS", "Exported", "write"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``windows`` are the first days of the windows; ``timed`` posts lie in one, ``untimed`` in none.

    Posts are counted per edge, as weights are: ``timed + untimed`` is the sum of the weights. Without
    windows both are 0.
    """

    path: Path
    accounts: int
    edges: int
    joined: "tuple[Joined, ...]" = ()
    windows: tuple[str, ...] = ()
    timed: int = 0
    untimed: int = 0


def write(
    network: "Network",
    path: str | Path,
    to: str = "graphml",
    *,
    tables: "Sequence[str | Path | pd.DataFrame]" = (),
    by: str | None = None,
    force: bool = False,
) -> Exported:
    """Write a network for another tool: a file or a folder of files, whole or not at all.

    Edges point from the account that speaks (source) to the account spoken to (target). The same network
    gives the same bytes.

    Parameters
    ----------
    path : the file, or for formats of several files the folder.
    to : a name of ``FORMATS``.
    tables : tables with one row per account and a column account_key, files (``-`` is standard input) or
        frames: their columns become attributes of the accounts. Of columns with one name the last table's is taken.
    by : "year", "quarter" or "month": edges by window of time, for formats that can (gexf).
    force : replace what an earlier export left at ``path``.

    Raises ``UnknownNameError`` for an unknown format or window, ``InputError`` for a table that does not fit,
    ``NetworkError`` where ``path`` is taken or no post has a time, ``NetmedError`` where the format carries no
    tables or windows.
    """
    from netmed.export.by_window import windows
    from netmed.export.graphs import Outgoing
    from netmed.export.joining import joined
    from netmed.export.placing import placed

    form = FORMATS[to]
    if by is not None and not form.windows:
        able = ", ".join(name for name, other in FORMATS.items() if other.windows)
        raise NetmedError(f"{to} has no place for windows of time; {able} has")
    if tables and not form.attributes:
        raise NetmedError(f"{to} has no place for columns of accounts; graphml and gexf have, among others")
    target = Path(path)
    with placed(target, files=form.files, force=force) as draft:
        columns, told = joined(network.accounts, tables)
        cut = None if by is None else windows(network, by)
        form.load_writer()(Outgoing(network, columns, cut), draft)
    sizes = (target, len(network.accounts), len(network.edges))
    if cut is None:
        return Exported(*sizes, told)
    return Exported(*sizes, told, tuple(cut.starts.to_pylist()), int(cut.weight.sum()), cut.untimed)
