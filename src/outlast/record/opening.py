"""Open a table file as text cells, and say what is wrong where it cannot be opened: absent, empty, another format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from outlast.files.foreign import check_workbook, read_parquet
from outlast.files.sealed import Damaged
from outlast.record.faults import RecordError, limited, whole_file
from outlast.scenario.fault import Breach, Fault, Place, nearest, shown

MISSING = (
    *("NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "#N/A N/A"),
    *("NaN", "nan", "NAN", "-NaN", "-nan", "1.#QNAN", "-1.#IND", "NaT"),
    *("NULL", "null", "None", "."),
)
"""What programs write for "not known" (R, pandas, Stata, SAS, spreadsheets); such a cell is read as an empty one."""

UNREADABLE = "nothing in it can be read"
CUT_SHORT = "get or write it again; it may be cut short"
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
LARGEST_FILE = 200_000_000
ZIP, OLD_EXCEL, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
WIDE = (b"\xff\xfe", b"\xfe\xff")
NAMES = {"csv": "a CSV file", "xlsx": "an Excel workbook", "parquet": "a Parquet file", "json": "a JSON file"}
OTHER_NAMES = {
    "xls": "an old Excel workbook (.xls)",
    "wide": "text in the encoding UTF-16",
    "page": "a web page",
    "binary": "a file of no known table format, which holds zero bytes as no text does",
}
MARKED = re.compile(r"^'(?='*[\s\x00-\x1f\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n])")
"""The apostrophe with which our own CSV files mark a text, so that no spreadsheet takes it for a formula."""


@dataclass(frozen=True)
class Cells:
    """A table as its file writes it: every cell a text; blank cells and those that say "not known" are null.

    ``lines`` has the line of the file on which each row starts (from 1), where the file has lines. ``unnamed`` is how
    many empty cells every row had beyond the header; they are left out.
    """

    label: str
    table: pl.DataFrame = field(repr=False)
    lines: tuple[int, ...] = field(default=(), repr=False)
    unnamed: int = 0

    def line(self, row: int) -> int | None:
        """Return the line of a row counted from 0, or None where the file has no lines."""
        return self.lines[row] if self.lines else None


def opened(path: Path, *, label: str = "") -> Cells:
    """Open a table as text cells: CSV, an Excel workbook (its first sheet), Parquet, or JSON.

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
    if found not in NAMES:
        raise whole_file(label, _other_format(found, named))
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
    """Tell the format of a file from its first bytes.

    It is "xlsx", "xls", "parquet", "json", "csv", "wide" (UTF-16), "page" (HTML) or "binary".
    """
    if content.startswith(ZIP):
        return "xlsx" if b"xl/" in content or b"[Content_Types]" in content[:4096] else "binary"
    if content.startswith(OLD_EXCEL):
        return "xls"
    if content.startswith(PARQUET):
        return "parquet"
    if content.startswith(WIDE):
        return "wide"
    if b"\0" in content[:4096]:
        return "binary"
    head = content[:4096].lstrip(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "page"
    return "json" if head[:1] in (b"[", b"{") else "csv"


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


def _other_format(found: str, named: str) -> Breach:
    rule = f"a table is {', '.join(list(NAMES.values())[:-1])} or {NAMES['json']}"
    reason = "every format has its own reader"
    if named in NAMES and found in ("page", "binary"):
        remedy = f"get the file again: its name ends in .{named}, but the content is something else"
        maybe = "a download page saved under another name, or a download that broke off"
        return Breach(OTHER_NAMES[found], rule, reason, remedy, maybe)
    return Breach(OTHER_NAMES[found], rule, reason, "save it anew as CSV, with the encoding UTF-8")


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
    rows: list[list[str]] = []
    lines: list[int] = []
    with _cells_of_any_length():
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        begun = 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    rows.append([MARKED.sub("", cell) if cell.startswith("'") else cell for cell in row])
                    lines.append(begun)
                begun = reader.line_num + 1
        except csv.Error as error:
            raise whole_file(label, _unparsable(f"line {begun}: {error}")) from None
    header = rows[0] if rows else []
    for mark, words in SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            raise whole_file(label, _separated(header[0], words))
    return _arranged(label, header, rows[1:], lines)


def _arranged(label: str, header: Sequence[str], rows: Sequence[list[str]], lines: Sequence[int] = ()) -> Cells:
    """Return rows under their header. Raises ``RecordError`` where names or cells do not fit together.

    ``lines`` are those of the header and of every row, where the file has lines.
    """
    names = [name.strip() for name in header]
    named = len(names)
    while named and not names[named - 1]:
        named -= 1
    surplus = _empty_ends(rows, named)
    names = names[:named] if surplus else names
    wide = len(names)
    faults = _bad_header(names, label, lines[0] if lines else None)
    faults += [
        _ragged(label, lines[place + 1] if lines else None, place + 1, row, wide)
        for place, row in enumerate(rows)
        if len(row) != wide + surplus
    ]
    if faults:
        raise RecordError(limited(faults))
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    table = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    return Cells(label, _without_missing(table), tuple(lines[1:]), surplus)


def _empty_ends(rows: Sequence[list[str]], wide: int) -> int:
    """Return how many cells more than the header all rows have, where all these cells are empty; else 0."""
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or (surplus := lengths.pop() - wide) <= 0 or any("".join(row[wide:]).strip() for row in rows):
        return 0
    return surplus


def _without_missing(table: pl.DataFrame) -> pl.DataFrame:
    """Return text cells without blanks around them, and null where nothing is known."""
    if not table.width:
        return table
    codes = ["", *MISSING]
    return table.with_columns(pl.all().str.strip_chars().replace(codes, [None] * len(codes)))


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Lift the limit of 131,072 characters that Python sets for a cell: the size of the file is bounded already."""
    before = csv.field_size_limit(LARGEST_FILE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


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


def _ragged(label: str, line: int | None, row: int, cells: Sequence[str], wide: int) -> Fault:
    more = len(cells) > wide
    blank = more and not "".join(cells[wide:]).strip()
    quote = "take the commas off its end" if blank else 'put cells that contain a comma in "quotation marks"'
    return Fault(
        place=Place(label, line, f"row {row}"),
        found=f"{len(cells)} cells, beginning {shown(', '.join(cells[:3]))}",
        rule=f"every row has the {wide} cells of the header",
        reason="with a cell too many or too few, values stand under the wrong name",
        remedy=quote if more else "add the empty cells at the end",
    )


def _bad_header(header: Sequence[str], label: str, line: int | None) -> list[Fault]:
    counts = Counter(header)
    found = [
        Fault(
            place=Place(label, line, name),
            found=f"{count} columns named {shown(name)}",
            rule="every column has a name of its own",
            reason="it cannot be known which one is meant",
            remedy="remove or rename all but one",
        )
        for name, count in sorted(counts.items())
        if name and count > 1
    ]
    if counts[""] > 1:
        rule, reason = "at most one column has no name", "they cannot be told apart"
        remedy = "name them or remove them"
        found.append(Fault(Place(label, line), f"{counts['']:,} columns without a name", rule, reason, remedy))
    return found


def _guarded(read: Callable[[], Any], label: str, rule: str) -> Any:
    """Return what a reader of another package makes of a file, or raise ``RecordError`` with what it says."""
    try:
        return read()
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # neither reader has a class of its own for files that are none, and both panic
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise whole_file(label, Breach(shown(first), rule, UNREADABLE, CUT_SHORT)) from None


def _from_xlsx(content: bytes, label: str) -> Cells:
    rule = "an Excel workbook (.xlsx) that can be opened"
    try:
        check_workbook(content, label)
    except Damaged as damaged:
        raise _unsound(damaged, label, rule) from None
    sheet = _guarded(
        lambda: fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string").to_polars(), label, rule
    )
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows()]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    return _arranged(label, rows[0] if rows else [], rows[1:])


def _unsound(damaged: Damaged, label: str, rule: str) -> RecordError:
    return whole_file(label, Breach(f"a file that {damaged.found}", rule, UNREADABLE, CUT_SHORT))


def _from_parquet(content: bytes, label: str) -> Cells:
    rule = "a Parquet file that can be read"
    try:
        table = read_parquet(content, label)
    except Damaged as damaged:
        raise _unsound(damaged, label, rule) from None
    nested = [name for name, kind in table.schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if nested:
        raise whole_file(label, Breach(f"columns that hold lists or bytes: {', '.join(nested)}",
                                       "every cell holds one value", "a row is one thing that happened",
                                       "write one value to a cell"))  # fmt: skip
    text = _guarded(lambda: table.select(pl.all().cast(pl.String)), label, "a Parquet file that can be read")
    return Cells(label, _without_missing(text))


def _from_json(content: bytes, label: str) -> Cells:
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return dict(pairs)

    try:
        rows = json.loads(content, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise whole_file(
            label, Breach(shown(str(error)), "a JSON file that can be parsed", UNREADABLE, CUT_SHORT)
        ) from None
    if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
        raise whole_file(label, Breach("JSON of another shape", "a list of objects, one for each row",
                                       "each object is read as a row", "give the publisher's file itself"))  # fmt: skip
    if twice:
        found, remedy = f"the key {shown(twice[0])} twice in one object", "remove one of the two"
        rule, reason = "every key stands once in an object", "it cannot be known which one is meant"
        raise whole_file(label, Breach(found, rule, reason, remedy))
    names = list(dict.fromkeys(name for row in rows for name in row))
    listed = [[_text(row.get(name)) for name in names] for row in rows]
    return _arranged(label, [_text(name) for name in names], listed)


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
