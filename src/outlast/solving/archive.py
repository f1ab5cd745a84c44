"""A solution as one file of arrays, for whoever wants to check or read it without solving again.

The file is an ordinary ``.npz`` and holds no code. Its arrays are ``values/STATION``, ``choices/STATION/KIND/BLOCK``,
``inputs/...`` as in ``outlast.game.inputs``, and ``record``: JSON with the scenario's hash, the counts that fix the
shapes, and the certificate.
"""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from outlast.game.grid import STOCKS, Grid
from outlast.game.inputs import Calendar, Deals, Inputs
from outlast.game.shape import Shape
from outlast.solving.choice import Choice
from outlast.solving.solution import Solution

FORMAT = "outlast solution 1"
KINDS = ("settler", "staller", "posterior")


class ArchiveFault(ValueError):
    """A file is no saved solution, or not a whole one."""


@dataclasses.dataclass(frozen=True)
class Archive:
    """A solution read back: what there is to check, and the record of how it was made."""

    shape: Shape
    inputs: Inputs
    values: dict[str, np.ndarray]
    """By station, ``(months, accounts, [phases], beliefs, cells)``."""
    choices: dict[str, Choice]
    """By decision; leading axis month."""
    record: dict[str, Any]


def archive(solution: Solution) -> Archive:
    """Return the solution as arrays of NumPy, with its record."""
    game = solution.game
    counts = dataclasses.asdict(game.shape)
    return Archive(
        shape=game.shape,
        inputs=game.inputs,
        values=solution.values,
        choices=solution.choices(),
        record={
            "format": FORMAT,
            "scenario": {"name": game.scenario.name, "title": game.scenario.title, "hash": game.scenario.hash},
            "resolution": game.resolution,
            "convention": solution.convention,
            "shape": {name: list(count) if isinstance(count, tuple) else count for name, count in counts.items()},
            "certificate": {"bayes": solution.bayes, "residual": solution.residual, "trusted": solution.trusted},
            "seconds": solution.seconds,
        },
    )


def write_archive(saved: Archive, file: BinaryIO) -> None:
    """Write an archive to an open file."""
    arrays: dict[str, Any] = {f"values/{name}": value for name, value in saved.values.items()}
    for station, choice in saved.choices.items():
        for kind in KINDS:
            for number, block in enumerate(getattr(choice, kind) or ()):
                arrays[f"choices/{station}/{kind}/{number}"] = block
    arrays |= _input_arrays(saved.inputs)
    np.savez_compressed(file, record=np.array(json.dumps(saved.record)), **arrays)


def _input_arrays(inputs: Inputs) -> dict[str, np.ndarray]:
    named = {"values": inputs.values, "grid/beliefs": inputs.grid.beliefs}
    named |= {f"grid/{stock}": axis for stock, axis in zip(STOCKS, inputs.grid.levels, strict=True)}
    for part in ("deals", "calendar"):
        each = getattr(inputs, part)
        named |= {f"{part}/{field.name}": getattr(each, field.name) for field in dataclasses.fields(each)}
    return {f"inputs/{name}": np.asarray(value) for name, value in named.items()}


def read_archive(path: Path) -> Archive:
    """Read an archive.

    Raises:
        ArchiveFault: there is no such file, or it does not hold what ``write_archive`` writes.
    """
    if not path.is_file():
        raise ArchiveFault(f"there is no file {path}")
    if not zipfile.is_zipfile(path):
        raise ArchiveFault(f"{path} is no saved solution: it holds no arrays, or not all that were written")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return _read({name: arrays[name] for name in arrays.files})
    except KeyError as error:
        raise ArchiveFault(f"{path} is no saved solution: it has no array {error}") from None
    except (OSError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ArchiveFault(f"{path} is no saved solution: {error}") from None


def _read(arrays: dict[str, np.ndarray]) -> Archive:
    record = json.loads(str(arrays["record"]))
    if record.get("format") != FORMAT:
        raise ValueError(f"its format is {record.get('format')!r}, not {FORMAT!r}")
    shape = _shape(record["shape"])
    values = {name.partition("/")[2]: value for name, value in arrays.items() if name.startswith("values/")}
    for name, axes in (("war", ()), ("peace", (shape.phases,))):
        wanted = (4, *axes, shape.beliefs, shape.cells)
        if values[name].shape[1:] != wanted:
            raise ValueError(f"its values of {name} have the shape {values[name].shape[1:]}, not {wanted}")
    return Archive(shape, _inputs(arrays), values, _choices(arrays), record)


def _shape(counts: dict[str, Any]) -> Shape:
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in counts.items()}
    return Shape(**whole)


def _inputs(arrays: dict[str, np.ndarray]) -> Inputs:
    def fields(kind: Any, name: str) -> Any:
        return kind(**{field.name: arrays[f"inputs/{name}/{field.name}"] for field in dataclasses.fields(kind)})

    levels: Any = tuple(arrays[f"inputs/grid/{stock}"] for stock in STOCKS)
    beliefs: Any = arrays["inputs/grid/beliefs"]
    values: Any = arrays["inputs/values"]
    return Inputs(values, Grid(levels, beliefs), fields(Deals, "deals"), fields(Calendar, "calendar"))


def _choices(arrays: dict[str, np.ndarray]) -> dict[str, Choice]:
    found: dict[str, dict[str, dict[int, Any]]] = {}
    for name, block in arrays.items():
        if name.startswith("choices/"):
            _, station, kind, number = name.split("/")
            found.setdefault(station, {}).setdefault(kind, {})[int(number)] = block
    inner = {s: {k: [blocks[i] for i in sorted(blocks)] for k, blocks in kinds.items()} for s, kinds in found.items()}
    return {s: Choice(kinds["settler"], kinds.get("staller"), kinds.get("posterior")) for s, kinds in inner.items()}
