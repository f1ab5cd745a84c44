"""Write a file for the user: never over an existing one unasked, never half, and with a reason when it fails."""

from __future__ import annotations

import os
from pathlib import Path


class OutputRefused(Exception):
    """Say that a file was not written: which, why, and the way out."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        self.path, self.reason, self.remedy = path, reason, remedy
        super().__init__(f"{path} was not written: {reason}; {remedy}")


def write_text(path: Path, text: str, *, force: bool = False) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all.

    Raises ``OutputRefused`` if something is there already and ``force`` is not set, or if the path cannot be written.
    """
    refuse_existing(path, force=force)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except (OSError, ValueError) as error:
        _remove(part)
        raise unwritable(path, error) from None
    except BaseException:
        _remove(part)
        raise


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise ``OutputRefused`` if ``path`` is a directory, a file that may not be replaced, or no path at all."""
    try:
        is_directory, exists = path.is_dir(), os.path.lexists(path)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None
    if is_directory:
        raise OutputRefused(path, "it is a directory", "name a file")
    if exists and not force:
        raise OutputRefused(path, "it exists already", "choose another name, or add --force to replace it")


def unwritable(path: Path, error: OSError | ValueError) -> OutputRefused:
    """Return the refusal that explains why the system did not let ``path`` be written."""
    parent = path.parent
    if isinstance(error, FileNotFoundError):
        return OutputRefused(path, f"there is no folder {parent}", "make the folder first")
    if isinstance(error, PermissionError):
        return OutputRefused(path, f"the system does not allow writing in {parent}", "choose another folder")
    cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputRefused(path, cause, "choose another path")


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except (OSError, ValueError):
        return
