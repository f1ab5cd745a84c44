"""An ensemble's folder while it is being filled: every finished solve is safe at once, and files are whole or absent.

A finished draw is written under its own name in ``pending/`` and moved there whole; a solve behind the centre is kept
in ``side/`` until all of them are there and the centre is written. When all draws of a batch are finished their rows
become one table in ``draws/``, and only then are they removed from ``pending/``. So a process can be killed, or a disk
can be full, at any moment: on opening, what stands in both places counts once, what was finished is read back, and what
comes of it has the bytes it would have had. Files hold no time and no name of a machine. Each holds a checksum that is
bound to the ensemble and to its place in it; what is not as it was written is named, removed and solved again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from outlast.answers.job import CENTRE, Checks, Job, Solved
from outlast.ensemble.fault import EnsembleDamaged, EnsembleFault
from outlast.ensemble.manifest import NAME, Manifest, manifest_bytes, read_manifest
from outlast.ensemble.rows import (
    BAND,
    CHECK_KINDS,
    CHECKS,
    CLAIM,
    HEADLINES,
    Frame,
    Row,
    refuse_no_row,
    row_of,
    schema_of,
    table_of,
)
from outlast.files.sealed import (
    Damaged,
    bundle_bytes,
    check_file,
    json_bytes,
    numbers_by_name,
    read_bundle,
    read_json,
    read_sealed,
    read_table,
    sealed,
    table_bytes,
    table_in,
    typed,
)
from outlast.files.whole import PART, write_whole

Found = TypeVar("Found")
CENTRE_NAME = "centre.json"
DRAWS, PENDING, SIDE, KEPT = "draws", "pending", "side", "kept"


class Store:
    """The folder of one ensemble, open for writing by one process."""

    def __init__(self, folder: Path, manifest: Manifest, values: np.ndarray) -> None:
        """Take an opened folder; ``values`` are the drawn numbers, ``(draws, paths)``. See ``opened``."""
        self.folder, self.manifest, self._values = folder, manifest, values
        self.frame = self._read_frame()
        self._stored = self._stored_draws()
        self._pending = self._pending_draws()
        if self.frame is not None:
            self._clear_side()

    @property
    def finished(self) -> frozenset[int]:
        """Draws that need no solving."""
        return frozenset(self._stored | self._pending)

    def keep_frame(self, frame: Frame) -> None:
        """Store the centre of the ensemble; the solves behind it are then no longer needed."""
        self._write(CENTRE_NAME, frame.content(), lasting=True)
        self.frame = frame
        self._clear_side()

    def keep_side(self, solved: Solved) -> None:
        """Store one of the solves behind the centre, until all of them are there."""
        record = {"checks": asdict(solved.checks), "margins": solved.margins, "whole": solved.tables is not None}
        record["bands"] = {name: band.tolist() for name, band in solved.bands.items()}
        self._write(side_name(solved.job), bundle_bytes(solved.tables or {}, record))

    def side(self, job: Job) -> Solved | None:
        """Return one of the solves behind the centre, if it is stored."""
        relative = side_name(job)
        if not (self.folder / relative).exists():
            return None
        return self._sound(relative, lambda path, label: _read_side(path, label, job))

    def add(self, solved: Solved) -> None:
        """Store a finished draw, and its batch if that is now whole."""
        draw = solved.job.draw
        if draw in self._stored:
            return
        if solved.kept:
            relative = kept_name(draw, self.manifest.batch)
            (self.folder / relative).parent.mkdir(parents=True, exist_ok=True)
            self._write(relative, solved.kept)
        self._write(pending_name(draw), json_bytes(row_of(solved)))
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
        """Make one table of the draws of a batch: those of the table that is there, and those that are pending."""
        if self.frame is None:
            return
        relative, mine = batch_name(batch, self.manifest.batch), self._pending & set(self._draws_of(batch))
        try:
            rows = {row["draw"]: row for row in self._rows_of(relative) if row["draw"] in self._stored}
            rows |= {draw: self._row(draw) for draw in mine}  # each draw once, wherever it stands
        except Damaged as damaged:  # since the folder was opened
            raise EnsembleDamaged.of(damaged) from None
        table = table_of(list(rows.values()), frame=self.frame, paths=self.manifest.paths, values=self._values)
        self._write(relative, table_bytes(table), lasting=True)
        self._stored |= mine
        self._pending -= mine
        for draw in sorted(mine):
            (self.folder / pending_name(draw)).unlink(missing_ok=True)

    def _write(self, relative: str, content: bytes, *, lasting: bool = False) -> None:
        write_whole(self.folder / relative, sealed(content, self.manifest.label(relative)), lasting=lasting)

    def _sound(self, relative: str, read: Callable[[Path, str], Found]) -> Found | None:
        """Return what a file holds; if it is damaged say so, remove it and return None."""
        path = self.folder / relative
        try:
            return read(path, self.manifest.label(relative))
        except Damaged as damaged:
            _tell(damaged, "what it held is solved again")
            path.unlink(missing_ok=True)
            return None

    def _read_frame(self) -> Frame | None:
        return self._sound(CENTRE_NAME, Frame.read) if (self.folder / CENTRE_NAME).exists() else None

    def _row(self, draw: int) -> Row:
        return _read_row(self.folder / pending_name(draw), self.manifest.label(pending_name(draw)), draw)

    def _rows_of(self, relative: str) -> list[Row]:
        """Return the rows of a table that exists, as they were before they became one. Raises ``Damaged``."""
        path, frame = self.folder / relative, self.frame
        if frame is None or not path.exists():
            return []
        wanted = ["draw", *CHECKS, *(CLAIM + claim for claim in frame.centre.margins)]
        wanted += [BAND + name for name in frame.lengths if name != HEADLINES]
        table = read_table(path, self.manifest.label(relative), schema_of(frame, self.manifest.paths))
        heads = table.select(pl.col("^headline:.*$")).rows()
        rows = table.select(wanted).to_dicts()
        return [{**row, BAND + HEADLINES: list(head)} for row, head in zip(rows, heads, strict=True)]

    def _stored_draws(self) -> set[int]:
        """Return the draws that stand in tables, with all that is kept of them."""
        schema = None if self.frame is None else schema_of(self.frame, self.manifest.paths)
        found: set[int] = set()
        for relative in tables(self.folder, self.manifest):
            first = int(Path(relative).stem)
            within = range(first, min(first + self.manifest.batch, self.manifest.draws))
            read = self._sound(relative, lambda path, label, within=within: _draws_in(path, label, schema, within))
            if read is not None:
                found |= {draw for draw, error in read if error or self._is_kept(draw)}
        return found

    def _is_kept(self, draw: int) -> bool:
        """Return whether all that is to be kept of a draw is there."""
        if not self.manifest.keep:
            return True
        relative = kept_name(draw, self.manifest.batch)
        return self._sound(relative, lambda path, label: check_file(path, label) is None) is True

    def _pending_draws(self) -> set[int]:
        """Return the draws that are finished and stand in no table; remove those that a sudden end left in both."""
        found = set()
        for path in sorted((self.folder / PENDING).glob("*.json")):
            draw = int(path.stem) if path.stem.isdecimal() else -1
            if draw in self._stored:
                path.unlink()
                continue
            row = self._sound(f"{PENDING}/{path.name}", lambda path, label, draw=draw: _read_row(path, label, draw))
            if row is not None and draw < self.manifest.draws and (row["error"] or self._is_kept(draw)):
                found.add(draw)
        return found

    def _clear_side(self) -> None:
        folder = self.folder / SIDE
        for path in sorted(folder.glob("*")):
            path.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


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
        for part in folder.rglob(f"*{PART}"):
            part.unlink()
        for name in (DRAWS, PENDING, SIDE):
            (folder / name).mkdir(exist_ok=True)
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
    if not (folder / NAME).exists() and _recognised(folder, manifest) is None:
        if any(not path.name.endswith(PART) for path in folder.iterdir()):
            raise EnsembleFault(
                folder,
                found="a folder with other files",
                rule="an ensemble has a folder of its own",
                reason="its files would be mixed with others",
                remedy="name a new folder",
            )
        write_whole(folder / NAME, manifest_bytes(manifest), lasting=True)
        return manifest
    try:
        before = read_manifest(folder)
    except EnsembleFault:
        before = _recognised(folder, manifest)
        if before is None:
            raise
        write_whole(folder / NAME, manifest_bytes(before), lasting=True)
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
    write_whole(folder / NAME, manifest_bytes(more), lasting=True)
    return more


def _recognised(folder: Path, manifest: Manifest) -> Manifest | None:
    """Return the manifest of a folder whose own is damaged, if its other files say that it is this one; else None.

    A checksum is bound to the ensemble that a file belongs to, so one sound file is proof.
    """
    reach = 0
    relatives = [CENTRE_NAME, *_listed(folder, DRAWS, "parquet"), *_listed(folder, PENDING, "json")]
    for relative in relatives:
        with suppress(Damaged):
            content = read_sealed(folder / relative, manifest.label(relative))
            reach = max(reach, 1)
            if relative.startswith(DRAWS):
                reach = max(reach, *(draw + 1 for draw in table_in(content, relative, None, ["draw"])["draw"]))
            elif relative.startswith(PENDING):
                reach = max(reach, int(Path(relative).stem) + 1)
    if not reach:
        return None
    _tell(Damaged(folder / NAME, "is not as it was written"), "the other files are those asked for: it is written anew")
    return replace(manifest, draws=max(manifest.draws, reach))


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


def batch_name(batch: int, size: int) -> str:
    """Return the table of a batch, named by its first draw."""
    return f"{DRAWS}/{batch * size:07d}.parquet"


def pending_name(draw: int) -> str:
    """Return the file of a finished draw that stands in no table yet."""
    return f"{PENDING}/{draw:07d}.json"


def side_name(job: Job) -> str:
    """Return the file of one of the solves behind the centre."""
    draw = "centre" if job.draw == CENTRE else f"{job.draw:07d}"
    return f"{SIDE}/{draw}.npz" if job.off is None else f"{SIDE}/{draw}.{job.off}.npz"


def kept_name(draw: int, size: int) -> str:
    """Return the file of what else is kept of a draw."""
    return f"{KEPT}/{draw // size * size:07d}/{draw:07d}.npz"


def tables(folder: Path, manifest: Manifest) -> list[str]:
    """Return the tables of an ensemble in order of draw, as paths within its folder."""
    wanted = range(0, manifest.draws, manifest.batch)
    return [name for name in _listed(folder, DRAWS, "parquet") if int(Path(name).stem) in wanted]


def _listed(folder: Path, inner: str, ending: str) -> list[str]:
    """Return the files in a folder of the ensemble that are named by a draw; others are not ours."""
    found = sorted(path.name for path in (folder / inner).glob(f"*.{ending}"))
    return [f"{inner}/{name}" for name in found if name.partition(".")[0].isdecimal() and name.count(".") == 1]


def _tell(damaged: Damaged, then: str) -> None:
    logging.getLogger(__name__).warning("%s; %s", damaged, then)


def _read_row(path: Path, label: str, draw: int) -> Row:
    row = read_json(path, label)
    refuse_no_row(row, draw, path)
    return row


def _read_side(path: Path, label: str, job: Job) -> Solved:
    found, record = read_bundle(path, label)
    kinds = {"checks": _any, "margins": numbers_by_name, "bands": _any, "whole": _any}
    typed(record, kinds, path)
    typed(record["checks"], CHECK_KINDS, path)
    bands = {name: np.array(band, dtype=float) for name, band in record["bands"].items()}
    return Solved(job, bands, record["margins"], Checks(**record["checks"]), found if record["whole"] else None)


def _any(value: Any) -> bool:
    return True


def _draws_in(path: Path, label: str, schema: Any, within: range) -> Iterable[tuple[int, str]]:
    """Return the draws of a table, each with the reason why it has no solution. Raises ``Damaged``."""
    table = table_in(read_sealed(path, label), path, schema, ["draw", "error"])
    draws = table["draw"].to_list()
    if draws != sorted(set(draws)) or not set(draws) <= set(within):
        raise Damaged(path, "holds a draw twice, or one that is another table's")
    return list(zip(draws, table["error"].fill_null("").to_list(), strict=True))
