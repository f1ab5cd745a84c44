"""Write a file for the user: never over an existing one unasked, never half, and with a reason when it fails."""

from __future__ import annotations

import os
from collections.abc import Callable
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
    write_file(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"), force=force)


def write_file(path: Path, write: Callable[[Path], object], *, force: bool = False) -> None:
    """Let ``write`` fill a file beside ``path`` and move it there, so that ``path`` is whole or not there at all.

    Raises ``OutputRefused`` as ``write_text`` does.
    """
    refuse_existing(path, force=force)
    part = part_of(path)
    try:
        write(part)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        _remove(part)
        raise unwritable(path, error) from None
    except BaseException:
        _remove(part)
        raise


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise ``OutputRefused`` if ``path`` is no plain file, or one that may not be replaced, or no path at all."""
    from outlast.files.whole import clear_drafts, irreplaceable

    try:
        clear_drafts(path)
        wrong, exists = irreplaceable(path), os.path.lexists(path)
        is_directory, is_plain = path.is_dir(), path.is_file()
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None
    if wrong:
        raise OutputRefused(path, f"it {wrong}", "name a plain file, such as the one that it leads to")
    if is_directory:
        raise OutputRefused(path, "it is a directory", "name a file")
    if exists and not is_plain:
        raise OutputRefused(path, "it is a device, a pipe or a socket", "name a plain file")
    if exists and not force:
        raise OutputRefused(path, "it exists already", "choose another name, or add --force to replace it")


def refuse_unwritable(path: Path) -> None:
    """Raise ``OutputRefused`` if nothing can be written beside ``path``: better to know before long work than after."""
    try:
        part = part_of(path)
        part.touch()
        part.unlink()
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def refuse_folder(folder: Path, *, force: bool) -> None:
    """Raise ``OutputRefused`` if a report cannot be written into ``folder``: what is there, or where it is, forbids."""
    from outlast.reporting.saving import OutputExists, refuse_taken

    try:
        refuse_taken(folder, force=force)
        inside = folder.is_dir()
    except OutputExists as taken:
        raise OutputRefused(folder, f"it {taken.reason}", taken.remedy) from None
    except (OSError, ValueError) as error:
        raise unwritable(folder, error) from None
    refuse_unwritable(folder.absolute())  # the report is made beside the folder ...
    if inside:  # ... and then moved into it
        refuse_unwritable(folder / "report")


def part_of(path: Path) -> Path:
    """Return the name under which ``path`` is written before it is whole."""
    from outlast.files.whole import draft_of

    return draft_of(path)


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
