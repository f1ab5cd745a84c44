"""A saved solution comes back as it was, and what is none is explained."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest

from outlast.solving import Solution
from outlast.solving.archive import Archive, ArchiveFault, archive, read_archive, write_archive


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
