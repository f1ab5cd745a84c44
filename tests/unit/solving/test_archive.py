"""A saved solution comes back as it was, and what is none is explained."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest

import outlast
from outlast import verify
from outlast.solving import Solution
from outlast.solving.archive import Archive, ArchiveFault, archive, read_archive, write_archive
from spread_war import spread_words


@pytest.fixture(scope="module")
def saved(small: Solution, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Path]:
    made = archive(small)
    path = tmp_path_factory.mktemp("saved") / "small.npz"
    with path.open("wb") as file:
        write_archive(made, file)
    return made, path


def test_comes_back_as_it_was(saved: tuple[Archive, Path], small: Solution):
    made, path = saved
    back = read_archive(path)
    assert back.shape == small.game.shape
    assert back.record == made.record
    assert back.record["scenario"]["hash"] == small.game.scenario.hash
    assert set(back.values) == set(made.values)
    assert all(np.array_equal(back.values[name], made.values[name]) for name in made.values)
    assert set(back.choices) == set(made.choices)
    for name, choice in made.choices.items():
        for before, after in zip(choice, back.choices[name], strict=True):
            assert (before is None) == (after is None)
            assert all(np.array_equal(a, b) for a, b in zip(before or [], after or [], strict=True))
    for part in ("deals", "calendar"):
        before, after = getattr(made.inputs, part), getattr(back.inputs, part)
        for field in dataclasses.fields(before):
            assert np.array_equal(getattr(before, field.name), getattr(after, field.name))
    assert np.array_equal(back.inputs.values, made.inputs.values)
    pairs = zip(back.inputs.grid.levels, made.inputs.grid.levels, strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)


def npz(**arrays: np.ndarray) -> bytes:
    """The bytes of a small archive with the given arrays."""
    memory = io.BytesIO()
    np.savez(memory, **arrays)  # pyright: ignore[reportArgumentType]
    return memory.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no arrays"),
        (b"not an archive", "holds no arrays"),
        (npz(x=np.zeros(2)), "has no array 'record'"),
        (npz(record=np.array("{}")), "its format is None"),
        (npz(record=np.array("[]")), "is no saved solution"),
        (npz(record=np.array("not json")), "is no saved solution"),
        (npz(record=np.array('{"format": "outlast solution 1"}')), "without its 'shape'"),
        (npz(record=np.array('{"format": "outlast solution 1", "shape": {"x": 1}}')), "is no saved solution"),
    ],
)
def test_other_files_are_explained(content: bytes, words: str, tmp_path: Path):
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(ArchiveFault, match=words):
        read_archive(path)


def test_cut_file_is_explained(saved: tuple[Archive, Path], tmp_path: Path):
    path = tmp_path / "x.npz"
    path.write_bytes(saved[1].read_bytes()[:-1000])
    with pytest.raises(ArchiveFault):
        read_archive(path)


def test_absent_file_is_explained(tmp_path: Path):
    with pytest.raises(ArchiveFault, match="there is no file"):
        read_archive(tmp_path / "absent.npz")


def test_lattice_teeth_and_a_settled_war_come_back(tmp_path: Path):
    """What a month is taken in, where lines can be, and that the last month kept is followed by others."""
    solution = outlast.solve(outlast.compile(outlast.read(spread_words(months=24, settled=18)), resolution="coarse"))
    game, path = solution.game, tmp_path / "spread.npz"
    with path.open("wb") as file:
        write_archive(archive(solution), file)
    back = read_archive(path)
    assert back.shape == game.shape
    assert back.shape.settled == 18
    assert back.shape.automatic
    assert back.inputs.grid.lines == game.inputs.grid.lines is not None
    assert back.inputs.grid.pieces == game.inputs.grid.pieces
    assert len(back.choices["posture"].settler[0]) == len(back.values["war"]) - 1
    assert verify.check(back.shape, back.inputs, back.values, back.choices, months=[4]).trusted


def test_a_file_of_the_first_version_is_read(saved: tuple[Archive, Path], tmp_path: Path):
    """It says nothing of lattices, settled wars or teeth, and had none."""
    made, _ = saved
    record = {name: value for name, value in made.record.items() if name != "lattice"}
    record["shape"] = {n: c for n, c in record["shape"].items() if n not in ("settled", "automatic")}
    path = tmp_path / "old.npz"
    with path.open("wb") as file:
        write_archive(dataclasses.replace(made, record=record), file)
    back = read_archive(path)
    assert back.shape == made.shape
    assert (back.inputs.grid.lines, back.inputs.grid.pieces) == (None, (1, 1, 1, 1))


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("lattice", "pieces", [1, 1, 1]), ("lattice", "pieces", [0, 1, 1, 1]), ("lattice", "pieces", [99, 1, 1, 1]),
        ("lattice", "lines", []), ("lattice", "lines", [2, 1]), ("lattice", "lines", [0, 99]), ("lattice", "more", 1),
        ("shape", "settled", 0), ("shape", "settled", "soon"), ("shape", "automatic", 1),
    ],
)  # fmt: skip
def test_a_lattice_that_none_is_is_refused(saved: tuple[Archive, Path], tmp_path: Path, part: str, name: str, value):
    made, _ = saved
    record = made.record | {part: made.record[part] | {name: value}}
    path = tmp_path / "wild.npz"
    with path.open("wb") as file:
        write_archive(dataclasses.replace(made, record=record), file)
    with pytest.raises(ArchiveFault, match="no saved solution"):
        read_archive(path)
