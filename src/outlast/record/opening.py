"""Open a table file as text cells, and say what is wrong where it cannot be opened: absent, empty, another format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl

from outlast.files.foreign import check_workbook, read_parquet
from outlast.files.sealed import Damaged
from outlast.record.faults import RecordError, whole_file
from outlast.scenario.fault import Breach, Fault, Place, nearest, shown

UNREADABLE = "nothing in it can be read"
CUT_SHORT = "get or write it again; it may be cut short"
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
LARGEST_FILE = 200_000_000
ZIP, OLD_EXCEL, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
NAMES = {"csv": "a CSV file", "xlsx": "an Excel workbook", "parquet": "a Parquet file", "json": "a JSON file"}


@dataclass(frozen=True)
class Cells:
    """A table as its file writes it: every cell a text, blank cells null.

    ``lines`` has the line of the file on which each row starts (from 1), where the file has lines.
    """

    label: str
    table: pl.DataFrame = field(repr=False)
    lines: tuple[int, ...] = field(default=(), repr=False)

    def line(self, row: int) -> int | None:
        """Return the line of a row counted from 0, or None where the file has no lines."""
        return self.lines[row] if self.lines else None


def opened(path: Path, *, accepts: Sequence[str], label: str = "") -> Cells:
    """Open a table of one of the formats in ``accepts`` ("csv", "xlsx", "parquet", "json") as text cells.

    The format is told by the content, never by the name; a name that says otherwise is a fault, because the next
    program would trip over it. Raises ``RecordError``.
    """
    label = label or str(path)
    content = _content(path, label)
    if not content.strip():
        raise whole_file(label, Breach("an empty file", "a table has a header and rows", "there is nothing to read",
                                       "check that the download or the export finished"))  # fmt: skip
    found = format_of(content)
    named = path.suffix.lower().lstrip(".")
    if found not in accepts:
        raise whole_file(label, _other_format(found, accepts, named))
    if named in NAMES and named != found:
        raise whole_file(label, _misnamed(named, found, path))
    readers = {"csv": _from_csv, "xlsx": _from_xlsx, "parquet": _from_parquet, "json": _from_json}
    cells = readers[found](content, label)
    if cells.table.is_empty():
        raise whole_file(label, Breach("a header and no rows", "a table has at least one row",
                                       "an empty table would be mistaken for a quiet war",
                                       "check that the export holds the rows"))  # fmt: skip
    return cells


def format_of(content: bytes) -> str:
    """Tell the format of a file from its first bytes: "xlsx", "xls", "parquet", "json", "csv" or "binary"."""
    if content.startswith(ZIP):
        return "xlsx" if b"xl/" in content or b"[Content_Types]" in content[:4096] else "binary"
    if content.startswith(OLD_EXCEL):
        return "xls"
    if content.startswith(PARQUET):
        return "parquet"
    if b"\0" in content[:4096]:
        return "binary"
    head = content.lstrip(b"\xef\xbb\xbf").lstrip()[:1]
    return "json" if head in (b"[", b"{") else "csv"


def _content(path: Path, label: str) -> bytes:
    rule, reason = "a table is one plain file that can be read", "there is nothing to read under that name"
    try:
        if path.is_dir():
            raise whole_file(label, Breach("a directory", rule, reason, "name the file itself"))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise RecordError([_missing(path, label)]) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        found = f"{shown(label)} cannot be read: {cause}"
        raise whole_file(shown(label), Breach(found, rule, reason, "check the path and its rights")) from None
    if len(content) > LARGEST_FILE:
        found, rule = f"more than {LARGEST_FILE:,} bytes", f"a table has at most {LARGEST_FILE:,} bytes"
        raise whole_file(label, Breach(found, rule, "it is read whole into memory", "name the file itself"))
    return content


def _missing(path: Path, label: str) -> Fault:
    try:
        beside = [other.name for other in path.parent.iterdir() if other.is_file()]
    except (OSError, ValueError):
        beside = []
    near = nearest(path.name, beside)
    return Fault(
        place=Place(file=shown(label)),
        found=f"no file {shown(label)}",
        rule="the path of a file, which you have downloaded or written yourself",
        reason="there is nothing to read under that name, and nothing is downloaded for you",
        remedy="check the spelling and the folder",
        suggestion=str(path.with_name(near)) if near else None,
    )


def _other_format(found: str, accepts: Sequence[str], named: str) -> Breach:
    wanted = " or ".join(NAMES[name] for name in accepts)
    words = NAMES.get(found, {"xls": "an old Excel workbook (.xls)"}.get(found, "a file of no known table format"))
    remedy = f"give the publisher's file itself, or save it anew as {wanted}"
    suggestion = None
    if named in accepts and found in NAMES:
        remedy = f"the name ends in .{named} but the content is {words}: get the publisher's own file again"
        suggestion = f"a download page saved under another name, or {words} renamed to .{named}"
    return Breach(words, f"this table is {wanted}", "every format has its own reader", remedy, suggestion)


def _misnamed(named: str, found: str, path: Path) -> Breach:
    return Breach(
        found=f"{NAMES[found]} whose name ends in .{named}",
        rule="the ending of a name says what is inside",
        reason="one of the two is wrong, and a program that trusts the name would fail or misread it",
        remedy="rename it, or get the file that the name promises",
        suggestion=str(path.with_suffix(f".{found}")),
    )


def _from_csv(content: bytes, label: str) -> Cells:
    text = _decoded(content, label)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    begun = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if not header:
                    header = [cell.strip() for cell in row]
                elif len(row) != len(header):
                    faults.append(_ragged(label, begun, len(rows) + len(faults) + 1, row, header))
                else:
                    rows.append(row)
                    lines.append(begun)
            begun = reader.line_num + 1
    except csv.Error as error:
        raise whole_file(label, _unparsable(f"line {begun}: {error}")) from None
    for mark, words in SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            raise whole_file(label, _separated(header[0], words))
    _refuse_bad_header(header, label, faults)
    columns = {name: [row[place].strip() or None for row in rows] for place, name in enumerate(header)}
    return Cells(label, pl.DataFrame(columns, schema=dict.fromkeys(header, pl.String)), tuple(lines))


def _separated(header: str, words: str) -> Breach:
    reason = "read with commas, the whole line is one cell"
    remedy = "save the file with commas; spreadsheets ask for the separator when they save CSV"
    return Breach(shown(header), f"cells are separated by commas, not {words}", reason, remedy)


def _unparsable(found: str) -> Breach:
    reason = "until it can be parsed, nothing else in it can be checked"
    return Breach(found, "a CSV file that can be parsed", reason, "look there for a quotation mark that is not closed")


def _decoded(content: bytes, label: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        place = Place(label, line)
        breach = Breach(f"byte 0x{content[error.start]:02x} at position {error.start}", "a CSV file is UTF-8 text",
                        "names would be misread", "save the file with the encoding UTF-8")  # fmt: skip
        raise RecordError([Fault(place, breach.found, breach.rule, breach.reason, breach.remedy)]) from None


def _ragged(label: str, line: int, row: int, cells: Sequence[str], header: Sequence[str]) -> Fault:
    more = len(cells) > len(header)
    return Fault(
        place=Place(label, line, f"row {row}"),
        found=f"{len(cells)} cells, beginning {shown(', '.join(cells[:3]))}",
        rule=f"every row has the {len(header)} cells of the header",
        reason="with a cell too many or too few, values stand under the wrong name",
        remedy='put cells that contain a comma in "quotation marks"' if more else "add the empty cells at the end",
    )


def _refuse_bad_header(header: Sequence[str], label: str, faults: Sequence[Fault]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    found = [
        Fault(
            place=Place(label, 1, name),
            found=f"{header.count(name)} columns named {shown(name)}",
            rule="every column has a name of its own",
            reason="it cannot be known which one is meant",
            remedy="remove or rename all but one",
        )
        for name in twice
    ]
    if header.count("") > 1:
        found.append(
            Fault(
                Place(label, 1),
                "several columns without a name",
                "at most one column has no name",
                "they cannot be told apart",
                "name them or remove them",
            )
        )
    if found or faults:
        raise RecordError([*found, *faults])


def _from_xlsx(content: bytes, label: str) -> Cells:
    try:
        check_workbook(content, label)
    except Damaged as damaged:
        raise _unsound(damaged, label, "an Excel workbook (.xlsx) that can be opened") from None
    try:
        book = fastexcel.read_excel(content)
        table = book.load_sheet(0, dtypes="string").to_polars()
    except Exception as error:  # the reader has no class of its own for what is no workbook
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        rule = "an Excel workbook (.xlsx) that can be opened"
        raise whole_file(label, Breach(shown(first), rule, UNREADABLE, CUT_SHORT)) from None
    blank = pl.all().str.strip_chars().replace("", None)
    named = {name: name.strip() for name in table.columns}
    return Cells(label, table.rename(named).with_columns(blank) if table.width else table)


def _unsound(damaged: Damaged, label: str, rule: str) -> RecordError:
    return whole_file(label, Breach(f"a file that {damaged.found}", rule, UNREADABLE, CUT_SHORT))


def _from_parquet(content: bytes, label: str) -> Cells:
    try:
        table = read_parquet(content, label)
    except Damaged as damaged:
        raise _unsound(damaged, label, "a Parquet file that can be read") from None
    nested = [name for name, kind in table.schema.items() if kind.is_nested() or kind == pl.Binary]
    if nested:
        raise whole_file(label, Breach(f"columns that hold lists or bytes: {', '.join(nested)}",
                                       "every cell holds one value", "a row is one thing that happened",
                                       "write one value to a cell"))  # fmt: skip
    text = table.select(pl.all().cast(pl.String)).with_columns(pl.all().str.strip_chars().replace("", None))
    return Cells(label, text)


def _from_json(content: bytes, label: str) -> Cells:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise whole_file(
            label, Breach(shown(str(error)), "a JSON file that can be parsed", UNREADABLE, CUT_SHORT)
        ) from None
    if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
        raise whole_file(label, Breach("JSON of another shape", "a list of objects, one for each row",
                                       "each object is read as a row", "give the publisher's file itself"))  # fmt: skip
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [_text(row.get(name)) for row in rows] for name in names}
    return Cells(label, pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text.strip() or None
