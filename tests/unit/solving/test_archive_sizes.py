"""No size that an archive claims is believed, no bit of it may flip, and no file is a traceback."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

import outlast as ol
from outlast.cli import app
from outlast.files import whole
from outlast.files.sealed import open_arrays, write_arrays
from outlast.solving.archive import ArchiveFault, archive, read_archive, write_archive
from tiny import tiny_game


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "tiny.npz"
    with path.open("wb") as file:
        write_archive(archive(ol.solve(tiny_game(3))), file)
    return path


@pytest.fixture
def arrays(saved: Path) -> dict[str, np.ndarray]:
    with saved.open("rb") as file:
        return open_arrays(file, saved).all()


def written(path: Path, arrays: dict[str, np.ndarray]) -> Path:
    """Write arrays as the program does, with a checksum that is right."""
    with path.open("wb") as file:
        write_arrays(file, arrays)
    return path


def claiming(shape: str, content: bytes = b"") -> bytes:
    """The bytes of an array that claims a shape, whatever it holds."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    head += b" " * (63 - (len(head) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content


def test_an_ordinary_npz(saved: Path):
    read_archive(saved)
    with np.load(saved) as plain:
        assert "values/war" in plain.files


@pytest.mark.parametrize("shape", ["(100000000000,)", "(3, 4, 5, 10000000000)", "(-1,)", "(2, -3)", f"({10**400},)"])
@pytest.mark.parametrize("member", ["values/war.npy", "record.npy", "inputs/deals/line.npy", "more.npy"])
def test_a_claimed_size_is_not_believed(saved: Path, tmp_path: Path, shape: str, member: str, capsys):
    path = tmp_path / "claims.npz"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), member}:
            new.writestr(name, claiming(shape, bytes(800)) if name == member else old.read(name))
    with pytest.raises(ArchiveFault):
        read_archive(path)
    assert app.run_program(["verify", str(path)]) == app.MENDABLE
    assert "claims.npz" in "".join(capsys.readouterr().err.split()).replace("│", "")


def test_a_length_claimed_by_the_zip_is_not_believed(saved: Path, tmp_path: Path):
    """The directory of the file says that an array has 2^31 bytes: more than its packed bytes can stand for."""
    content = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as packed:
        place = packed.start_dir  # type: ignore[attr-defined]
    struct.pack_into("<I", content, place + 24, 2**31)
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ArchiveFault):
        read_archive(tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sizes", [10**6, 10**6, 10**6, 10**6]), ("sizes", [2, 2, 2]), ("sizes", 3), ("beliefs", 10**12),
        ("beliefs", "5"), ("packages", 10**9), ("packages", 0), ("months", 0), ("months", 2.0), ("pools", -1),
        ("shocks", [9]), ("slots", []), ("slots", [1]), ("phases", True), ("changes", 5), ("more", 1),
    ],
)  # fmt: skip
def test_a_shape_that_is_not_that_of_the_arrays_is_refused(saved: Path, tmp_path: Path, arrays, name: str, value):
    record = json.loads(arrays["record"].item())
    record["shape"][name] = value
    path = written(tmp_path / "x.npz", arrays | {"record": np.array(json.dumps(record))})
    with pytest.raises(ArchiveFault, match="no saved solution"):
        read_archive(path)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("values/war", np.zeros((3, 4, 5, 17))),
        ("values/war", np.zeros((3, 4, 5, 16), dtype="U1")),
        ("values/extra", np.zeros(3)),
        ("choices/posture/settler/0", np.zeros((3, 2, 2, 5, 16))),
        ("choices/posture/settler/1", np.zeros((3, 3, 2, 5, 16))),
        ("choices/nowhere/settler/0", np.zeros(1)),
        ("inputs/deals/phase", np.array([7])),
        ("inputs/deals/line", np.array([-1])),
        ("inputs/values", np.full(102, np.nan)),
    ],
)
def test_arrays_that_no_solution_has_are_refused(tmp_path: Path, arrays, name: str, array: np.ndarray):
    with pytest.raises(ArchiveFault, match="no saved solution"):
        read_archive(written(tmp_path / "x.npz", arrays | {name: array}))


@pytest.mark.parametrize("name", ["values/war", "choices/war.attend/settler/0", "choices/decide/posterior/1", "record"])
def test_arrays_that_are_missing_are_named(tmp_path: Path, arrays, name: str):
    with pytest.raises(ArchiveFault):
        read_archive(written(tmp_path / "x.npz", {key: array for key, array in arrays.items() if key != name}))


def test_more_than_the_memory_is_refused_before_it_is_read(saved: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("outlast.solving.archive.machine_memory", lambda: 1000)
    with pytest.raises(ArchiveFault, match="GB of memory"):
        read_archive(saved)
    assert whole.machine_memory() > 1000


def test_every_flip_and_every_cut_is_seen(saved: Path, tmp_path: Path):
    plain, chance, path = saved.read_bytes(), random.Random(3), tmp_path / "x.npz"
    ends = [*range(40), *range(len(plain) - 200, len(plain))]
    for number in range(500):
        content = bytearray(plain)
        if number % 5 == 4:
            content = content[: chance.randrange(len(content))]
        elif number % 5 == 3:
            content[chance.choice(ends)] ^= 1 << chance.randrange(8)
        else:
            for _ in range(chance.choice([1, 1, 4])):
                content[chance.randrange(len(content))] = chance.randrange(256)
        if bytes(content) == plain:
            continue
        path.write_bytes(bytes(content))
        with pytest.raises(ArchiveFault, match=r"x\.npz"):
            read_archive(path)


def test_verify_says_what_is_wrong_with_a_damaged_archive(saved: Path, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    Path("flipped.npz").write_bytes(content)
    assert app.run_program(["verify", "flipped.npz"]) == app.MENDABLE
    said = capsys.readouterr().err
    assert "flipped.npz" in said
    assert "Traceback" not in said


def test_a_file_of_arrays_with_one_name_twice_is_refused(tmp_path: Path):
    path = tmp_path / "x.npz"
    content = io.BytesIO()
    np.lib.format.write_array(content, np.zeros(3))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("record.npy", content.getvalue())
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("record.npy", content.getvalue())
    with pytest.raises(ArchiveFault, match="two arrays"):
        read_archive(path)
