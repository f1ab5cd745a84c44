"""An ensemble's folder while it is being filled: every finished draw is safe at once, and files are whole or absent.

A finished draw is written under its own name in ``pending/`` and moved there whole. When all draws of a batch are
finished their rows become one table in ``draws/``, and only then are they removed from ``pending/``. So a process
can be killed, or a disk can be full, at any moment: what was finished is read back, and the tables that come of it have
the bytes they would have had. Files hold no time and no name of a machine.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from outlast.answers.job import Solved
from outlast.ensemble.fault import EnsembleFault
from outlast.ensemble.manifest import NAME, Manifest, read_manifest
from outlast.ensemble.rows import BAND, CHECKS, CLAIM, HEADLINES, Frame, Row, row_of, table_of

CENTRE_NAME = "centre.json"
DRAWS, PENDING, KEPT = "draws", "pending", "kept"
PART = ".part"


class Store:
    """The folder of one ensemble, open for writing by one process."""

    def __init__(self, folder: Path, manifest: Manifest, values: np.ndarray) -> None:
        """Take an opened folder; ``values`` are the drawn numbers, ``(draws, paths)``. See ``opened``."""
        self.folder, self.manifest, self._values = folder, manifest, values
        self.frame = _read_frame(folder)
        self._stored = stored_draws(folder)
        self._pending = set(_pending(folder))

    @property
    def finished(self) -> frozenset[int]:
        """Draws that need no solving."""
        return frozenset(self._stored | self._pending)

    def keep_frame(self, frame: Frame) -> None:
        """Store the centre of the ensemble."""
        write_whole(self.folder / CENTRE_NAME, frame.text().encode())
        self.frame = frame

    def add(self, solved: Solved) -> None:
        """Store a finished draw, and its batch if that is now whole."""
        draw = solved.job.draw
        if draw in self._stored:
            return
        if solved.kept:
            path = kept_path(self.folder, draw, self.manifest.batch)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, solved.kept)
        write_whole(self._own(draw), json.dumps(row_of(solved)).encode())
        self._pending.add(draw)
        self._close_batch(draw // self.manifest.batch)

    def flush(self) -> None:
        """Make tables of all pending draws, also where their batches are not whole."""
        for batch in sorted({draw // self.manifest.batch for draw in self._pending}):
            self._write_batch(batch)

    def close_batches(self) -> None:
        """Make tables of all whole batches."""
        for batch in sorted({draw // self.manifest.batch for draw in self._pending}):
            self._close_batch(batch)

    def _close_batch(self, batch: int) -> None:
        if self.frame is not None and set(self._draws_of(batch)) <= self._stored | self._pending:
            self._write_batch(batch)

    def _draws_of(self, batch: int) -> range:
        size = self.manifest.batch
        return range(batch * size, min((batch + 1) * size, self.manifest.draws))

    def _write_batch(self, batch: int) -> None:
        if self.frame is None:
            return
        path = batch_path(self.folder, batch, self.manifest.batch)
        mine = [draw for draw in self._draws_of(batch) if draw in self._pending]
        rows = [json.loads(self._own(draw).read_bytes()) for draw in mine] + rows_of(path, self.frame)
        table = table_of(rows, frame=self.frame, paths=self.manifest.paths, values=self._values)
        stream = io.BytesIO()
        table.write_parquet(stream, compression="zstd", statistics=False)
        write_whole(path, stream.getvalue(), lasting=True)
        self._stored |= set(mine)
        self._pending -= set(mine)
        for draw in mine:
            self._own(draw).unlink()

    def _own(self, draw: int) -> Path:
        return self.folder / PENDING / f"{draw:07d}.json"


@contextmanager
def opened(folder: Path, manifest: Manifest, values: Callable[[int], np.ndarray]) -> Iterator[Store]:
    """Open a folder for filling, new or begun before, and make tables of what is finished at the end.

    Args:
        folder: where; made if it does not exist.
        manifest: of the ensemble. If the folder holds more draws already, they are kept.
        values: gives that many draws of the numbers.

    Raises:
        EnsembleFault: the folder holds something else, or another process fills it.
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        manifest = _settled(folder, manifest)
        for name in (DRAWS, PENDING):
            (folder / name).mkdir(exist_ok=True)
        for part in folder.rglob(f"*{PART}"):
            part.unlink()
        store = Store(folder, manifest, values(manifest.draws))
        store.close_batches()
        try:
            yield store
        except OSError:
            raise  # the disk has just refused to take a file: a table would be refused as well
        except BaseException:
            with suppress(OSError):
                store.flush()
            raise
        store.flush()
        with suppress(OSError):
            (folder / PENDING).rmdir()


def _settled(folder: Path, manifest: Manifest) -> Manifest:
    """Return the manifest of the folder after it has been compared or written."""
    if not (folder / NAME).exists():
        if any(not path.name.endswith(PART) for path in folder.iterdir()):
            raise EnsembleFault(
                folder,
                found="a folder with other files",
                rule="an ensemble has a folder of its own",
                reason="its files would be mixed with others",
                remedy="name a new folder",
            )
        write_whole(folder / NAME, manifest.text().encode())
        return manifest
    before = read_manifest(folder)
    differences = before.differences(manifest)
    if differences:
        raise EnsembleFault(
            folder,
            found="an ensemble that differs in " + "; ".join(differences),
            rule="draws are added to an ensemble only if all that decides their answers is the same",
            reason="otherwise one table would hold the answers of two models",
            remedy="name another folder, or remove this one",
        )
    if manifest.draws <= before.draws:
        return before
    more = replace(before, draws=manifest.draws)
    write_whole(folder / NAME, more.text().encode())
    return more


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes of this machine, where the system can."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise EnsembleFault(
            folder,
            found="an ensemble that another process is filling",
            rule="one process at a time fills an ensemble",
            reason="two would solve the same draws",
            remedy="wait for the other to end, or give more workers to it",
        ) from None
    try:
        yield
    finally:
        os.close(handle)


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


def batch_path(folder: Path, batch: int, size: int) -> Path:
    """Return the table of a batch, named by its first draw."""
    return folder / DRAWS / f"{batch * size:07d}.parquet"


def kept_path(folder: Path, draw: int, size: int) -> Path:
    """Return the file of what else is kept of a draw."""
    return folder / KEPT / f"{draw // size * size:07d}" / f"{draw:07d}.npz"


def tables(folder: Path) -> list[Path]:
    """Return the tables of an ensemble in order of draw."""
    return sorted((folder / DRAWS).glob("*.parquet"))


def stored_draws(folder: Path) -> set[int]:
    """Return the draws that stand in tables."""
    return {draw for path in tables(folder) for draw in pl.read_parquet(path, columns=["draw"])["draw"].to_list()}


def rows_of(path: Path, frame: Frame) -> list[Row]:
    """Return the rows of a table that exists, as they were before they became one."""
    if not path.exists():
        return []
    wanted = ["draw", *CHECKS, *(CLAIM + claim for claim in frame.centre.margins)]
    wanted += [BAND + name for name in frame.lengths if name != HEADLINES]
    table = pl.read_parquet(path)
    heads = table.select(pl.col("^headline:.*$")).rows()
    rows = table.select(wanted).to_dicts()
    return [{**row, BAND + HEADLINES: list(head)} for row, head in zip(rows, heads, strict=True)]


def _pending(folder: Path) -> Iterator[int]:
    """Yield the draws that are finished and stand in no table; remove what a sudden end has left unreadable."""
    for path in (folder / PENDING).glob("*.json"):
        try:
            yield json.loads(path.read_bytes())["draw"]
        except (ValueError, KeyError):
            path.unlink()


def _read_frame(folder: Path) -> Frame | None:
    path = folder / CENTRE_NAME
    return Frame.read(path.read_text(encoding="utf-8")) if path.exists() else None
