"""Files of our own that are read back: each holds a checksum, and nothing that it says of its size is believed.

A JSON text, a Parquet table and a file of arrays each have a place for a checksum where their format allows one: a last
key, an entry of the footer, the comment of the archive. The checksum is that of the whole file with zeros in its place,
and of a label that says what the file should be. So one bit that flips, a file cut short, and a file that stands in the
place of another are all seen; and each remains an ordinary file of its format.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

MARK = b"outlast-seal:"
KEY = "outlast"
DIGITS = 64
BLANK = b"0" * DIGITS
PLACE = (MARK + BLANK).decode()
"""What stands for a checksum before it is known."""
TAIL = 1 << 22
"""Bytes at the end of a file in which its checksum is looked for."""
CHUNK = 1 << 20
DENSEST = 1032
"""Bytes that one byte can stand for at most, as DEFLATE packs them."""
UNREADABLE = (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
              TypeError, ValueError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What those who decode a file raise where it is not what they expect."""


class Damaged(Exception):
    """A file is not what was written: which, and what is wrong with it."""

    def __init__(self, path: Path | str, found: str) -> None:
        super().__init__(f"{path} {found}")
        self.path, self.found = str(path), found


def sealed(content: bytes, label: str) -> bytes:
    """Return a file's content with its checksum in the place that was left for it."""
    start = content.rindex(MARK + BLANK) + len(MARK)
    digest = _digest(io.BytesIO(content), start, label)
    return content[:start] + digest + content[start + DIGITS :]


def check_seal(stream: BinaryIO, label: str) -> str:
    """Return what is wrong with a file by its checksum, in words; empty if nothing is. The stream is rewound."""
    size = stream.seek(0, io.SEEK_END)
    first = max(0, size - TAIL)
    stream.seek(first)
    place = stream.read(TAIL).rfind(MARK)
    start = first + place + len(MARK)
    if place < 0 or start + DIGITS > size:
        stream.seek(0)
        return "is empty" if not size else "has no checksum: it is cut short, or another version or program wrote it"
    stream.seek(start)
    written = stream.read(DIGITS)
    matches = written == _digest(stream, start, label)
    stream.seek(0)
    return "" if matches else "is not as it was written: its checksum is that of another content or place"


def _digest(stream: BinaryIO, start: int, label: str) -> bytes:
    """Return the checksum of a file in hexadecimal digits; its own place, from ``start``, counts as zeros."""
    digest = hashlib.sha256(label.encode("utf-8", "surrogateescape") + b"\0")
    stream.seek(0)
    left = start
    while left > 0:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            break
        digest.update(chunk)
        left -= len(chunk)
    digest.update(BLANK)
    stream.seek(start + DIGITS)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest().encode()


def check_file(path: Path, label: str) -> None:
    """Raise ``Damaged`` if the checksum of a file is not right, or it cannot be read."""
    try:
        with path.open("rb") as file:
            wrong = check_seal(file, label)
    except OSError as error:
        raise Damaged(path, f"cannot be read: {error.strerror or error}") from None
    if wrong:
        raise Damaged(path, wrong)


def read_sealed(path: Path, label: str) -> bytes:
    """Return the content of a file whose checksum is right. Raises ``Damaged``, also where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Damaged(path, f"cannot be read: {error.strerror or error}") from None
    wrong = check_seal(io.BytesIO(content), label)
    if wrong:
        raise Damaged(path, wrong)
    return content


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Return JSON with a place for a checksum as its last key."""
    return (json.dumps({**content, "seal": PLACE}, indent=1, ensure_ascii=False) + "\n").encode()


def read_json(path: Path, label: str) -> dict[str, Any]:
    """Return what a sealed JSON file holds. Raises ``Damaged``."""
    content = read_sealed(path, label)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Damaged(path, f"is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Damaged(path, "holds no object")
    return {name: value for name, value in found.items() if name != "seal"}


def table_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet with a place for a checksum: the same table, the same bytes."""
    stream = io.BytesIO()
    table.write_parquet(stream, compression="zstd", statistics=False, metadata={KEY: PLACE})
    return stream.getvalue()


def read_table(path: Path, label: str, schema: Mapping[str, Any], columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return a sealed table, or some of its columns. Raises ``Damaged``, also where its schema is another one."""
    return table_in(read_sealed(path, label), path, schema, columns)


def table_in(
    source: bytes | Path, path: Path | str, schema: Mapping[str, Any] | None, columns: Sequence[str] | None = None
) -> pl.DataFrame:
    """Return the table that Parquet content, or a file whose seal is right, holds. Raises ``Damaged``."""
    import polars as pl

    def opened() -> Any:
        return source if isinstance(source, Path) else io.BytesIO(source)

    try:
        if schema is not None and dict(pl.read_parquet_schema(opened())) != dict(schema):
            raise Damaged(path, "has other columns than expected")
        return pl.read_parquet(opened(), columns=None if columns is None else list(columns))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Damaged(path, f"is no table: {str(error).partition(chr(10))[0]}") from None


@dataclass(frozen=True)
class Head:
    """What an array in a file says of itself, once the file has been found to be large enough for it."""

    shape: tuple[int, ...]
    dtype: np.dtype


@dataclass(frozen=True)
class ArrayFile:
    """Arrays in an open file, whose sizes are known before any is read.

    ``heads`` are by name; none of them says more than the file can hold.
    """

    place: str
    heads: dict[str, Head]
    _zip: zipfile.ZipFile = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes that all arrays take in memory."""
        return sum(math.prod(head.shape) * head.dtype.itemsize for head in self.heads.values())

    def read(self, name: str) -> np.ndarray:
        """Return one array. Raises ``Damaged`` if there is none, or it cannot be read."""
        from numpy.lib import format as npy

        if name not in self.heads:
            raise Damaged(self.place, f"has no array {name!r}")
        try:
            with self._zip.open(f"{name}.npy") as member:
                found = npy.read_array(member, allow_pickle=False)
                member.read(1)  # where the member ends its checksum is compared
                return found
        except UNREADABLE as error:
            raise Damaged(self.place, f"has no whole array {name!r}: {_said(error)}") from None

    def all(self) -> dict[str, np.ndarray]:
        """Return all arrays by name. Raises ``Damaged``."""
        return {name: self.read(name) for name in self.heads}


def _said(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__


def arrays_bytes(arrays: Mapping[str, Any]) -> bytes:
    """Return named arrays as a compressed ``.npz`` with a place for a checksum: the same arrays, the same bytes."""
    stream = io.BytesIO()
    _write_arrays(stream, arrays)
    return stream.getvalue()


def write_arrays(file: BinaryIO, arrays: Mapping[str, Any], label: str = "") -> None:
    """Write named arrays to an open file as a compressed and sealed ``.npz``, one array in memory at a time."""
    through = _Hashed(file, label)
    _write_arrays(through, arrays)
    file.seek(-DIGITS, io.SEEK_END)
    file.write(through.digest.hexdigest().encode())


def _write_arrays(stream: Any, arrays: Mapping[str, Any]) -> None:
    import numpy as np
    from numpy.lib import format as npy

    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, array in arrays.items():
            with packed.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, np.asanyarray(array), allow_pickle=False)
        packed.comment = PLACE.encode()


class _Hashed:
    """A file that is written from its start to its end, and hashed on the way."""

    def __init__(self, file: BinaryIO, label: str) -> None:
        self._file, self.digest = file, hashlib.sha256(label.encode() + b"\0")

    def write(self, content: Any) -> int:
        self.digest.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


def open_arrays(stream: BinaryIO, place: Path | str) -> ArrayFile:
    """Open a file of arrays whose seal has been checked; read what they say of themselves, and allocate nothing.

    Raises ``Damaged`` if it is none, or its arrays claim more bytes than the file can hold.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    try:
        packed = zipfile.ZipFile(stream)
        members = packed.infolist()
        if sum(member.compress_size for member in members) > size:
            raise Damaged(place, f"claims more bytes than its {size:,}")
        heads = {}
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name in heads:
                raise Damaged(place, f"has two arrays {name!r}")
            heads[name] = _head(packed, member, place)
        return ArrayFile(str(place), heads, packed)
    except UNREADABLE as error:
        raise Damaged(place, f"is no file of arrays: {_said(error)}") from None


def _head(packed: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path | str) -> Head:
    """Read the head of an array and compare the size that it claims with the bytes that are there."""
    from numpy.lib import format as npy

    stored = member.compress_type == zipfile.ZIP_STORED
    most = member.compress_size * (1 if stored else DENSEST) + DENSEST
    with packed.open(member) as file:
        version = npy.read_magic(file)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, _, dtype = read(file)
        begins = file.tell()
    claimed = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or dtype.hasobject:
        raise Damaged(place, f"has an array {member.filename!r} of no size, or not of numbers")
    if member.file_size > most or claimed + begins != member.file_size:
        raise Damaged(
            place,
            f"is not whole: {member.filename!r} claims {claimed:,} bytes, and the file has room for "
            f"{min(most, max(member.file_size - begins, 0)):,}",
        )
    return Head(tuple(shape), dtype)


def read_arrays(path: Path, label: str) -> dict[str, np.ndarray]:
    """Return the arrays of a sealed file. Raises ``Damaged``."""
    return open_arrays(io.BytesIO(read_sealed(path, label)), path).all()


def bundle_bytes(tables: Mapping[str, pl.DataFrame], record: Mapping[str, Any]) -> bytes:
    """Return tables and a record of JSON as one file with a place for a checksum."""
    import numpy as np

    arrays = {f"table/{name}": np.frombuffer(table_bytes(table), dtype=np.uint8) for name, table in tables.items()}
    return arrays_bytes({"record": np.array(json.dumps(record)), **arrays})


def read_bundle(path: Path, label: str) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Return the tables and the record of a sealed file. Raises ``Damaged``."""
    arrays = read_arrays(path, label)
    record = read_record(arrays.pop("record", None), path)
    return {name.removeprefix("table/"): table_in(a.tobytes(), path, None) for name, a in arrays.items()}, record


def read_record(array: Any, path: Path | str) -> dict[str, Any]:
    """Return the JSON object that an array of one text holds. Raises ``Damaged``."""
    try:
        found = json.loads(str(array.item()))
    except (*UNREADABLE,) as error:
        raise Damaged(path, f"has no record: {_said(error)}") from None
    if not isinstance(found, dict):
        raise Damaged(path, "has no record")
    return found


def typed(found: Mapping[str, Any], kinds: Mapping[str, Callable[[Any], bool]], path: Path | str) -> None:
    """Raise ``Damaged`` unless an object has exactly these keys with values of these kinds."""
    missing, unknown = sorted(kinds.keys() - found.keys()), sorted(found.keys() - kinds.keys())
    if missing or unknown:
        raise Damaged(path, f"has no {', '.join(missing)}" if missing else f"has unknown keys {', '.join(unknown)}")
    for name, fits in kinds.items():
        if not fits(found[name]):
            raise Damaged(path, f"has {_short(found[name])} for {name}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def whole_number(value: Any) -> bool:
    """Return whether a value is a whole number, and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


def number(value: Any) -> bool:
    """Return whether a value is a number, which need not be finite."""
    return whole_number(value) or isinstance(value, float)


def text(value: Any) -> bool:
    """Return whether a value is a text."""
    return isinstance(value, str)


def numbers_by_name(value: Any) -> bool:
    """Return whether a value is an object of numbers."""
    return isinstance(value, dict) and all(number(each) for each in value.values())


def numbers(value: Any) -> bool:
    """Return whether a value is a list of numbers."""
    return isinstance(value, list) and all(number(each) for each in value)
