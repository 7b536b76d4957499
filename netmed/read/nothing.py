"""What is said of files in which no reader found anything."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netmed.read import FileLedger


def nothing_found(files: "Sequence[FileLedger]", wanted: str) -> str:
    """Word the error of files without ``wanted`` (posts, or profiles): what they look like, and what is read."""
    shown = ", ".join(ledger.source.shown for ledger in files[:3]) + (" …" if len(files) > 3 else "")
    damage = next((what for ledger in files for what in ledger.source.damage), None)
    columns = next((ledger.source.columns for ledger in files if ledger.source.columns), ())
    if columns and not damage and not any(ledger.source.table for ledger in files):
        names = ", ".join(printable_name(name) for name in columns[:8]) + (" …" if len(columns) > 8 else "")
        return (
            f"no {wanted} in {shown}: a table with columns {names} that no reader knows; say which column is what "
            "(--map author=COLUMN --map text=COLUMN …), or give an edge list with --format edges-csv"
        )
    lines = sum(ledger.lines for ledger in files)
    rejected = ((ledger.source, reject) for ledger in files for reject in ledger.rejects.first)
    first = next((f"{source.numbered_by} {reject['line']}: {reject['why']}" for source, reject in rejected), None)
    found = f"{lines:,} lines; {damage or first or 'no line with anything on it'}"
    is_sheet = any(ledger.source.original.suffix.lower() in (".xlsx", ".xls", ".ods") for ledger in files)
    if is_sheet:
        return f"no {wanted} in {shown} ({found}); save the spreadsheet as CSV, if its ids are still whole"
    if wanted == "profiles":
        return (
            f"no profiles in {shown} ({found}); --accounts takes a CSV or TSV with one of account_key, account_id, "
            "handle in its first line, or accounts as a platform delivered them (`netmed list readers`)"
        )
    return (
        f"no posts in {shown} ({found}); `netmed list readers` names what is read, and --map says which key or "
        "column is what in anything else"
    )


def printable_name(name: str) -> str:
    """The name of a column, short and harmless."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:30])
