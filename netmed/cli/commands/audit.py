"""``netmed audit``: what a build read, kept, refused and could not resolve."""

import shlex

import click

from netmed.cli import options, steps
from netmed.cli.root import Command
from netmed.cli.say import Voice, to_stdout

HELP = """Tell what became of every record of every input file, and of every event.

Records read = kept + duplicates + older edits + filtered + without posts + unrecognised + malformed;
events found = in edges + to oneself + of other relations + below the least weight + unresolved. The first
lines refused are listed with number and reason."""


@click.command(
    cls=Command,
    help=HELP,
    short_help="what was read, kept, refused, unresolved; it sums",
    example="netmed audit graphs/meded",
)
@options.network
@options.voice
def command(network: str, voice: Voice) -> None:
    """Print the audit on stdout."""
    from netmed.building import report

    loaded = options.open_network(network)
    if voice.json:
        voice.summary(loaded.audit)
    else:
        to_stdout(steps.audit_text(loaded))
    voice.line(report.summary_line(loaded.audit))
    voice.next(f"netmed centrality {shlex.quote(str(loaded.path))}")
