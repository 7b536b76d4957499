"""Where results go: named after the input, under ``graphs/`` and ``outputs/``, or to stdout."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from netmed import folder
from netmed.cli.say import to_stdout
from netmed.errors import NetworkError

_ENDINGS = (".gz", ".zst", ".jsonl", ".ndjson", ".json", ".txt", ".csv", ".tsv", ".edgelist", ".parquet")


def stem(inputs: Sequence[str]) -> str:
    """Name a network after its first input: its file name without endings, or its folder's name.

    A pattern is named after the folder it looks in, stdin is ``stdin``. The name never begins with a
    dot or a dash, so that it is neither hidden nor taken for an option.
    """
    first = inputs[0]
    if first == "-":
        return "stdin"
    path = Path(first).absolute()
    if not path.exists() and any(sign in first for sign in "*?["):
        path = next((parent for parent in path.parents if not any(sign in parent.name for sign in "*?[")), path.parent)
    name = path.resolve().name if path.name in ("", "..") else path.name
    while not path.is_dir() and name.lower().endswith(_ENDINGS):
        name = name[: name.rindex(".")]
    return name.lstrip(".-") or "network"


def graph_folder(inputs: Sequence[str], output: str | None) -> Path:
    """The network folder that ``build`` writes."""
    return Path(output) if output else Path("graphs") / stem(inputs)


def result_folder(name: str, output: str | None = None) -> Path:
    """The folder for the results of a network of this name.

    Raises ``NetworkError`` where it would be a network folder itself: results kept there would go
    when the network is built again.
    """
    place = Path(output) if output else Path("outputs") / name
    if (place / folder.MANIFEST).exists():
        raise NetworkError(f"{place} is a network folder; results go elsewhere, such as outputs/{name}")
    return place


def check_run(inputs: Sequence[str], graph: Path, results: Path) -> None:
    """See that a run would destroy neither what it reads nor its own network.

    Raises ``NetworkError`` where the network's folder is an input or holds one, or where the results
    would lie in it.
    """
    place = graph.resolve()
    for given in inputs:
        read = Path(given).resolve()
        if given != "-" and (place == read or place in read.parents):
            raise NetworkError(f"{graph} would replace its own input {given}; give -o outputs/OTHER")
    if place == results.resolve() or place in results.resolve().parents:
        raise NetworkError(f"the network goes to {graph}; results go elsewhere, such as outputs/{graph.name}")
    if results.exists() and not results.is_dir():
        raise NetworkError(f"{results} is a file; give -o the name of a folder")


@contextlib.contextmanager
def result_file(output: str | None, name: str, file: str) -> Iterator[Path]:
    """Yield the path to write one result to.

    Parameters
    ----------
    output : ``-`` for stdout, a file with the ending of ``file``, a folder, or None for the default.
    name : the network's name.
    file : the promised name of the result, such as ``centrality.csv``.

    Raises ``click.UsageError`` where ``output`` has another ending and is no folder that exists:
    nobody who types ``table.txt`` wants a folder of that name.
    """
    wanted = Path(file).suffix
    if output == "-":
        with tempfile.TemporaryDirectory(prefix="netmed-") as work:
            yield Path(work) / file
            to_stdout((Path(work) / file).read_bytes())
    elif output is None or output.endswith("/") or Path(output).is_dir() or not Path(output).suffix:
        yield result_folder(name, output) / file
    elif Path(output).suffix.lower() == wanted:
        yield Path(output)
    else:
        raise click.UsageError(
            f"{output} ends in {Path(output).suffix} and {file} is a {wanted} file; "
            f"give -o a name that ends in {wanted}, or a folder (with / at its end if it is new)"
        )


def export_folder(output: str | None, name: str, form: str) -> Path:
    """The folder of an export of several files; ``form`` is the format's name, and the folder's by default.

    Raises ``click.UsageError`` for stdout and for the name of a file.
    """
    if output == "-":
        raise click.UsageError(f"{form} is a folder of files and cannot go to stdout; give -o a folder")
    if output is not None and Path(output).suffix.lower() in _ENDINGS:
        raise click.UsageError(f"{form} is a folder of files and {output} is the name of one; give -o a folder")
    return result_folder(name) / form if output is None else result_folder(name, output)
