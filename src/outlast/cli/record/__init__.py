"""The group of commands ``outlast record``."""

from __future__ import annotations

COMMANDS = {
    "check": "Check a record and explain every fault with its row.",
    "show": "Show a record as a timeline: in the terminal, and as a page.",
    "import": "Turn a publisher's file into a tidy table, and say what was left out and why.",
}
"""The commands of the group and their lines in the help."""


def record() -> None:
    """Check a record of what happened, show it, or import a publisher's file."""
