"""The group of commands ``outlast record``."""

from __future__ import annotations

COMMANDS = {
    "check": "Check a record and explain every fault with its row.",
    "show": "Show a record as a timeline: in the terminal, and as a page.",
}
"""The commands of the group and their lines in the help."""


def record() -> None:
    """Check a record of what happened, or show it."""
