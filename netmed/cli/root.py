"""The command's front door: its sections, its help, its version; commands are imported when used."""

import importlib
from typing import Any

import click

from netmed.cli import about
from netmed.registry import unknown

SECTIONS = {
    "Start": ("demo", "run", "build", "audit", "rules"),
    "Measure": ("roles", "centrality", "communities", "reach", "sensitivity"),
    "Show": ("visualize", "export"),
    "Other": ("simulate", "list"),
}
"""Every command, in the order of the help; each is ``command`` in the room of its name in ``commands``."""


class Front(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the help."""
        return [name for names in SECTIONS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"netmed.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; name the nearest ones where there is none."""
        if args[0] == "help":
            ctx.fail("write `netmed --help`, or `netmed COMMAND --help`")
        if not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            ctx.fail(unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their sections."""
        for section, names in SECTIONS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(70) if command else ""))
            with formatter.section(section):
                formatter.write_dl(rows, col_max=12)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example, and where to read and ask."""
        _write_example(formatter, "netmed demo")
        formatter.write_paragraph()
        formatter.write_dl([("Docs", about.DOCS), ("Support", about.SUPPORT)], col_max=12)


class Command(click.Command):
    """A command whose help ends with an example that a test runs."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it is typed, never wrapped."""
        super().format_epilog(ctx, formatter)
        _write_example(formatter, self.example)


def _write_example(formatter: click.HelpFormatter, example: str) -> None:
    with formatter.section("Example"):
        for line in example.splitlines():
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")


@click.command(
    cls=Front,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Who mentions and who replies to whom among physicians on social media: from posts to a network, "
    "its measures, and a page to look at. NETWORK is a folder that `netmed build` made.",
)
@click.version_option(message=about.version_text(), help="Show the version and what to cite.")
def netmed() -> None:
    """Carry the commands."""
