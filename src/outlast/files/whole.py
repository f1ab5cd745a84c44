"""Put files and folders in place whole: what stood there before stays until all of the new is there."""

from __future__ import annotations

import ctypes
import glob
import os
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path

PART = ".part"
OLD = ".before"
"""Ending of an earlier folder while the new one takes its place, where the system cannot exchange the two at once."""
AT_WORKING_FOLDER, EXCHANGE_LINUX, EXCHANGE_MAC = -100, 2, 2
MOUNTS, ESCAPED = Path("/proc/self/mountinfo"), re.compile(rb"\\([0-3][0-7][0-7])")


def write_whole(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write a file so that it is whole or not there at all; ``lasting``: also if the machine stops.

    Raises ``OSError`` if the system does not take it; what stood there before then still does.
    """
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if lasting:
        _settle(path.parent)


def _settle(folder: Path) -> None:
    """Let the names in a folder outlast a stop of the machine, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def draft_of(folder: Path) -> Path:
    """Return the name beside a folder, or a file, under which its successor is made; one per process."""
    return folder.parent / f".{folder.name}.{os.getpid()}{PART}"


def clear_drafts(folder: Path) -> None:
    """Undo what a sudden end left beside a folder or a file: an earlier one aside, drafts of ended processes."""
    before = _before(folder)
    if before.is_dir():
        if os.path.lexists(folder):
            shutil.rmtree(before, ignore_errors=True)
        else:
            os.rename(before, folder)
    for draft in folder.parent.glob(f".{glob.escape(folder.name)}.*{PART}"):
        owner = draft.name.removesuffix(PART).rpartition(".")[2]
        if not owner.isdecimal() or _alive(int(owner)):
            continue
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            with suppress(OSError):
                draft.unlink()


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False  # a draft of our own that we do not know is one of an earlier process with this number
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _before(folder: Path) -> Path:
    return folder.parent / f".{folder.name}{OLD}"


def put_folder(draft: Path, folder: Path) -> None:
    """Put a finished folder in the place of another, or where there is none, at once; remove the other.

    Where the system cannot exchange two folders, the earlier one steps aside first. If the process ends just then,
    ``clear_drafts`` brings it back.

    Raises ``OSError`` if the system does not take it; what stood there before then still does.
    """
    if not os.path.lexists(folder):
        os.rename(draft, folder)
        return
    try:
        exchange(draft, folder)
    except OSError:
        before = _before(folder)
        os.rename(folder, before)
        try:
            os.rename(draft, folder)
        except BaseException:
            os.rename(before, folder)
            raise
        draft = before
    shutil.rmtree(draft, ignore_errors=True)


def exchange(one: Path, other: Path) -> None:
    """Exchange the places of two folders of one file system in a single step. Raises ``OSError`` where it cannot."""
    first, second = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(AT_WORKING_FOLDER, first, AT_WORKING_FOLDER, second, EXCHANGE_LINUX)  # type: ignore
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(first, second, EXCHANGE_MAC)  # type: ignore
    else:
        raise OSError("this system cannot exchange two folders")
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


def machine_memory() -> int:
    """Return the bytes of memory of this machine, or as many as can be counted where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return sys.maxsize


def irreplaceable(path: Path) -> str:
    """Return in words why what stands at a path cannot be replaced as a whole; empty where it can.

    Raises ``OSError`` or ``ValueError`` where the path cannot be looked at.
    """
    if path.is_symlink():
        return "is a symbolic link"
    if path.exists() and is_mount(path):
        return "is a mount point"
    return ""


def is_mount(path: Path) -> bool:
    """Return whether something is mounted at a path, also one part of a file system in another."""
    if os.path.ismount(path):
        return True
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    places = {fields[4] for fields in map(bytes.split, lines) if len(fields) > 4}
    plain = {ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), place) for place in places}
    return os.fsencode(os.path.realpath(path)) in plain
