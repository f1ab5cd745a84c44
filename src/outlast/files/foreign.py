"""Read tables that others wrote, without believing them: what a package cannot stand does not take the program along.

The reader of Parquet makes room for as many rows as a file says it has; on some damaged files it panics, ends the whole
process, or waits for ever. So it reads in a process of its own, one for all files, which counts the cells first, and is
ended when it waits. The reader of workbooks makes room for the whole rectangle between a sheet's first and last cell;
where those are is read off the sheet beforehand.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from outlast.files.sealed import UNREADABLE, Damaged

if TYPE_CHECKING:
    import polars as pl

MOST_CELLS = 50_000_000
"""Cells of a table at most."""
MOST_UNPACKED = 2_000_000_000
"""Bytes of an unpacked workbook at most."""
PATIENCE = 120.0
"""Seconds after which a reader is taken to wait for ever."""
READER = """
import json, sys
import polars as pl

def read(source, target, most):
    lazy = pl.scan_parquet(source, glob=False)
    rows, columns = lazy.select(pl.len()).collect().item(), len(lazy.collect_schema())
    if rows * columns > most:
        return f"it claims {rows:,} rows of {columns:,} columns, and a table has at most {most:,} cells"
    pl.read_parquet(source, glob=False).write_ipc(target)
    return ""

for line in sys.stdin:
    try:
        print(json.dumps(read(*json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps(str(error).strip().partition(chr(10))[0] or type(error).__name__), flush=True)
    except BaseException:
        print(json.dumps("its parts contradict one another"), flush=True)
        break
"""
CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,18})["']""")


def read_parquet(content: bytes, label: str) -> pl.DataFrame:
    """Return the table that somebody's Parquet file holds. Raises ``Damaged`` where it is none, or too large."""
    import polars as pl

    with TemporaryDirectory(prefix="outlast-") as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.arrow"
        source.write_bytes(content)
        said = _reader().asked([str(source), str(target), MOST_CELLS])
        if said or not target.exists():
            raise Damaged(label, f"is no Parquet file that can be read: {said or 'it is not whole'}")
        return pl.read_ipc(target.read_bytes())


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()


class _Reader:
    """A process that reads Parquet, begun anew whenever a file has ended it. It ends with this one."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: Any = None
        atexit.register(self._end)

    def asked(self, question: list[Any]) -> str:
        """Return what the process says against a file; empty if nothing."""
        with self._turn:
            process = self._begun()
            late = threading.Event()
            clock = threading.Timer(PATIENCE, lambda: (late.set(), process.kill()))
            clock.start()
            try:
                process.stdin.write(json.dumps(question) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            except BrokenPipeError:
                answer = ""
            except BaseException:
                process.kill()  # interrupted, it would answer the next question with this answer
                raise
            finally:
                clock.cancel()
            if answer.endswith("\n"):
                return json.loads(answer)
            process.kill()
            process.wait()
            return "reading it comes to no end" if late.is_set() else "it claims more memory than there is"

    def _begun(self) -> Any:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen([sys.executable, "-c", READER], env=environment, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        return self._process

    def _end(self) -> None:
        process: Any = self._process
        self._process = None
        if process is not None:
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(OSError):  # what it was asked last is still to be sent
                process.stdin.close()


def check_workbook(content: bytes, label: str) -> None:
    """Raise ``Damaged`` if an Excel workbook, unpacked, or the rectangle of one of its sheets, is too large."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            members = packed.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > MOST_UNPACKED:
                raise Damaged(
                    label, f"claims {unpacked:,} bytes unpacked, and a workbook has at most {MOST_UNPACKED:,}"
                )
            for member in members:
                if member.filename.lower().startswith("xl/worksheets/") and member.filename.lower().endswith(".xml"):
                    with packed.open(member) as sheet:
                        cells = _rectangle(sheet.read(MOST_UNPACKED))
                    if cells > MOST_CELLS:
                        found = f"has a sheet that reaches over {cells:,} cells, and a table has at most {MOST_CELLS:,}"
                        raise Damaged(label, found)
    except UNREADABLE as error:
        raise Damaged(label, f"is no workbook that can be opened: {str(error).partition(chr(10))[0]}") from None


def _rectangle(sheet: bytes) -> int:
    """Return the cells between the first row and column and the last ones that a sheet names."""
    rows, widths = {int(found) for found in ROW.findall(sheet)}, {b"A"}
    for column, row in CELL.findall(sheet):
        rows.add(int(row))
        widths.add(column)
    return max(rows, default=0) * max(map(_place, widths))


def _place(column: bytes) -> int:
    """Return the number of a column from its letters: A is 1, AA is 27."""
    place = 0
    for letter in column:
        place = place * 26 + letter - ord("A") + 1
    return place
