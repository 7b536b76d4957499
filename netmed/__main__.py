"""``python -m netmed`` is the command."""

from netmed.cli import main

main()
