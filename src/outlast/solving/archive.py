"""A solution as one file of arrays, for whoever wants to check or read it without solving again.

The file is an ordinary ``.npz`` and holds no code. Its arrays are ``values/STATION``, ``choices/STATION/KIND/BLOCK``,
``inputs/...`` as in ``outlast.game.inputs``, and ``record``: JSON with the scenario's hash, the counts that fix the
shapes, how the lattice is moved on, and the certificate.
"""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from outlast.files.sealed import (
    ArrayFile,
    Damaged,
    check_seal,
    open_arrays,
    read_record,
    text,
    typed,
    whole_number,
    write_arrays,
)
from outlast.files.whole import machine_memory
from outlast.game.grid import STOCKS, Grid
from outlast.game.inputs import Calendar, Deals, Inputs
from outlast.game.lattice import MOST_PIECES
from outlast.game.shape import Shape
from outlast.solving.choice import Choice
from outlast.solving.solution import Solution

FORMAT = "outlast solution 1"
KINDS = ("settler", "staller", "posterior")
TYPED = ("war.attend", "floor.challenger", "which.challenger", "answer", "decide")
"""Decisions of the mover with the private type."""
FIRST_CHOICE = "choices/war.attend/settler/0"
LONGEST_RECORD = 1 << 26
"""Bytes of the record at most."""


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
            "lattice": {
                "lines": None if game.inputs.grid.lines is None else list(game.inputs.grid.lines),
                "pieces": list(game.inputs.grid.pieces),
            },
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
    write_arrays(file, {"record": np.array(json.dumps(saved.record)), **arrays})


def _input_arrays(inputs: Inputs) -> dict[str, np.ndarray]:
    named = {"values": inputs.values, "grid/beliefs": inputs.grid.beliefs}
    named |= {f"grid/{stock}": axis for stock, axis in zip(STOCKS, inputs.grid.levels, strict=True)}
    for part in ("deals", "calendar"):
        each = getattr(inputs, part)
        named |= {f"{part}/{field.name}": getattr(each, field.name) for field in dataclasses.fields(each)}
    return {f"inputs/{name}": np.asarray(value) for name, value in named.items()}


def read_archive(path: Path) -> Archive:
    """Read an archive. Its sizes are compared with the file and with the game before anything is allocated.

    Raises:
        ArchiveFault: there is no such file, or it does not hold what ``write_archive`` writes, as it wrote it.
    """
    if not path.is_file():
        raise ArchiveFault(f"there is no file {path}")
    if not zipfile.is_zipfile(path):
        raise ArchiveFault(f"{path} is no saved solution: it holds no arrays, or not all that were written")
    try:
        with path.open("rb") as file:
            arrays = open_arrays(file, path)
            record, shape = _record(arrays)
            _refuse_other_sizes(arrays, shape)
            wrong = check_seal(file, "")
            if wrong:
                raise Damaged(path, wrong)
            found = arrays.all()
            _refuse_wild_numbers(found, shape, path)
            return _read(found, shape, record)
    except Damaged as damaged:
        raise ArchiveFault(f"{path} is no saved solution: it {damaged.found}") from None
    except OSError as error:
        raise ArchiveFault(f"{path} cannot be read: {error.strerror or error}") from None


def _record(arrays: ArrayFile) -> tuple[dict[str, Any], Shape]:
    """Return the record and the shape that it states. Raises ``Damaged``."""
    place, head = arrays.place, arrays.heads.get("record")
    if head is not None and (head.dtype.kind != "U" or head.shape or head.dtype.itemsize > LONGEST_RECORD):
        raise Damaged(place, "has a record that is no text, or too long")
    record = read_record(arrays.read("record"), place)
    if record.get("format") != FORMAT:
        raise Damaged(place, f"is of another kind: its format is {record.get('format')!r}, not {FORMAT!r}")
    for name in ("shape", "scenario", "certificate"):
        if not isinstance(record.get(name), dict):
            raise Damaged(place, f"has a record without its {name!r}")
    typed(record["scenario"], dict.fromkeys(("name", "title", "hash"), text), place)
    # Files of the first version know neither: their wars freeze, and their stocks move from mark to mark.
    counts = {"settled": None, "automatic": False} | record["shape"]
    record["lattice"] = record.get("lattice", {"lines": None, "pieces": [1] * len(STOCKS)})
    typed(counts, SHAPE_KINDS, place)
    whole: dict[str, Any] = {name: tuple(count) if isinstance(count, list) else count for name, count in counts.items()}
    shape = Shape(**whole)
    if not isinstance(record["lattice"], dict):
        raise Damaged(place, "has a record whose 'lattice' is no table")
    typed(record["lattice"], {"lines": lambda value: _places(value, shape.sizes[0]), "pieces": _pieces}, place)
    return record, shape


def _places(value: Any, size: int) -> bool:
    """Whether these are places of levels, ascending, or None."""
    return value is None or (_counts(value) and len(value) > 0 and value == sorted(set(value)) and value[-1] < size)


def _pieces(value: Any) -> bool:
    return _counts(value) and len(value) == len(STOCKS) and all(1 <= each <= MOST_PIECES for each in value)


def _count(value: Any) -> bool:
    return whole_number(value) and value >= 0


def _counts(value: Any) -> bool:
    return isinstance(value, list) and all(_count(each) for each in value)


SHAPE_KINDS = {
    "sizes": lambda value: _counts(value) and len(value) == len(STOCKS) and min(value) > 0,
    **dict.fromkeys(("beliefs", "packages", "phases", "months"), lambda value: whole_number(value) and value > 0),
    **dict.fromkeys(("pools", "changes"), _count),
    "shocks": lambda value: _counts(value) and all(axis < len(STOCKS) for axis in value),
    "slots": lambda value: isinstance(value, list) and all(map(text, value)) and len(set(value)) == len(value),
    "settled": lambda value: value is None or (whole_number(value) and value > 0),
    "automatic": lambda value: isinstance(value, bool),
}
"""What each count of a stored shape is."""


def _refuse_other_sizes(arrays: ArrayFile, shape: Shape) -> None:
    """Raise ``Damaged`` unless the arrays are exactly those of a game of this shape, and fit into the memory."""
    place, heads = arrays.place, arrays.heads
    firsts = [heads[name].shape[:1] if name in heads else () for name in ("values/war", FIRST_CHOICE)]
    months, choices = (first[0] if first else 0 for first in firsts)
    last = months if months == shape.months and shape.settled is None else months - 1
    if not (0 < months <= shape.months and last <= choices <= months):
        raise Damaged(place, f"has values of {months} months and choices of {choices}, in a game of {shape.months}")
    wanted = _sizes(shape, months, choices)
    for name in sorted(wanted.keys() | (heads.keys() - {"record"})):
        if name not in wanted:
            raise Damaged(place, f"has an array {name!r}, which is none of a solution")
        if name not in heads:
            raise Damaged(place, f"has no array {name!r}")
        if heads[name].shape != wanted[name] or heads[name].dtype.kind not in "fi":
            raise Damaged(place, f"has {heads[name].shape} of {heads[name].dtype} in {name!r}, not {wanted[name]}")
    memory = machine_memory()
    if arrays.size > memory:
        raise Damaged(place, f"needs {arrays.size / 1e9:,.1f} GB of memory, and this machine has {memory / 1e9:,.1f}")


def _sizes(shape: Shape, months: int, choices: int) -> dict[str, tuple[int, ...]]:
    """Return, by name, the shape of every array of a solution of a game of this shape."""
    ends, peace = (shape.beliefs, shape.cells), shape.phases
    found = {"values/war": (months, 4, *ends), "values/peace": (months, 4, peace, *ends)}
    for station, (blocks, actions, index) in _decisions(shape.packages, peace).items():
        for kind in KINDS if station in TYPED else KINDS[:1]:
            block = (choices, actions, *index, *ends)
            found |= {f"choices/{station}/{kind}/{number}": block for number in range(blocks)}
    found |= {"inputs/values": (len(shape.slots),), "inputs/grid/beliefs": (shape.beliefs,)}
    found |= {f"inputs/grid/{stock}": (size,) for stock, size in zip(STOCKS, shape.sizes, strict=True)}
    entries = {"phase": peace, "change": shape.changes, "shock": len(shape.shocks)}
    for part, kind in (("deals", Deals), ("calendar", Calendar)):
        for field in dataclasses.fields(kind):
            owner, divided, _ = field.name.partition("_")
            length = entries.get(owner, shape.packages) if divided else shape.packages
            found[f"inputs/{part}/{field.name}"] = (length,)
    return found


def _decisions(packages: int, phases: int) -> dict[str, tuple[int, int, tuple[int, ...]]]:
    """Return, by decision, its blocks, the actions of a block, and the axis between actions and beliefs."""
    plain = ("war.attend", "floor.challenger", "floor.defender", "floor.patron")
    answers = ("heard.challenger", "backed", "vetted", "heard.patron", "answer")
    return {
        **dict.fromkeys(plain, (2, 1, ())),
        **dict.fromkeys(("which.challenger", "which.defender", "which.patron"), (1, packages, ())),
        **dict.fromkeys(answers, (2, 1, (packages,))),
        "posture": (1, 3, (2,)),
        **dict.fromkeys(("decide", "attacked"), (2, 1, (phases,))),
    }


def _refuse_wild_numbers(arrays: dict[str, np.ndarray], shape: Shape, path: Path) -> None:
    """Raise ``Damaged`` if a number of the inputs is not finite, or a place in a list lies outside it."""
    slots = len(shape.slots)
    ends = {"deals/line": 3, "deals/phase": shape.phases, "deals/guarantee": 3}
    ends |= dict.fromkeys(("deals/phase_guarantee", "deals/phase_relief"), 3)
    ends |= dict.fromkeys((f"calendar/{name}" for name in ("change_to", "change_from")), slots)
    ends |= dict.fromkeys((f"calendar/{name}" for name in ("shock_change", "shock_chance")), slots)
    for name, array in arrays.items():
        inner = name.removeprefix("inputs/")
        if inner in ends and not (array.dtype.kind == "i" and np.all((array >= 0) & (array < ends[inner]))):
            raise Damaged(path, f"has a number in {name!r} that is no place from 0 to {ends[inner] - 1}")
        if inner != name and not np.isfinite(array).all():
            raise Damaged(path, f"has a number in {name!r} that is not finite")


def _read(arrays: dict[str, np.ndarray], shape: Shape, record: dict[str, Any]) -> Archive:
    values = {name.partition("/")[2]: value for name, value in arrays.items() if name.startswith("values/")}
    return Archive(shape, _inputs(arrays, record["lattice"]), values, _choices(arrays), record)


def _inputs(arrays: dict[str, np.ndarray], lattice: dict[str, Any]) -> Inputs:
    def fields(kind: Any, name: str) -> Any:
        return kind(**{field.name: arrays[f"inputs/{name}/{field.name}"] for field in dataclasses.fields(kind)})

    levels: Any = tuple(arrays[f"inputs/grid/{stock}"] for stock in STOCKS)
    beliefs: Any = arrays["inputs/grid/beliefs"]
    values: Any = arrays["inputs/values"]
    lines = None if lattice["lines"] is None else tuple(lattice["lines"])
    pieces: Any = tuple(lattice["pieces"])
    return Inputs(values, Grid(levels, beliefs, lines, pieces), fields(Deals, "deals"), fields(Calendar, "calendar"))


def _choices(arrays: dict[str, np.ndarray]) -> dict[str, Choice]:
    found: dict[str, dict[str, dict[int, Any]]] = {}
    for name, block in arrays.items():
        if name.startswith("choices/"):
            _, station, kind, number = name.split("/")
            found.setdefault(station, {}).setdefault(kind, {})[int(number)] = block
    inner = {s: {k: [blocks[i] for i in sorted(blocks)] for k, blocks in kinds.items()} for s, kinds in found.items()}
    return {s: Choice(kinds["settler"], kinds.get("staller"), kinds.get("posterior")) for s, kinds in inner.items()}
