"""The manifest of an ensemble: everything that decides what its draws answer, and nothing that does not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from outlast.answers.job import Keep
from outlast.ensemble.fault import EnsembleDamaged, EnsembleFault
from outlast.files.sealed import Damaged, json_bytes, read_json, sealed, text, typed, whole_number
from outlast.scenario.prior import prior_of
from outlast.scenario.scenario import Scenario

FORMAT = "outlast ensemble 2"
NAME = "manifest.json"
RESOLUTION = "coarse"
"""Grid on which draws are solved."""
BATCH = 256
"""Draws in one file."""
PACKAGES = ("numba", "numpy", "scipy")
ROOMS = ("scenario", "game", "solving", "verify", "answers")
"""Rooms of the program whose code decides what a draw answers."""


@dataclass(frozen=True)
class Manifest:
    """What an ensemble is of, and by what it was solved.

    Attributes:
        name, title, hash: of the scenario; the hash is that of its content.
        draws: how many were asked for.
        seed: seed of the Sobol points.
        months: horizon.
        paths: the numbers that vary, in the order of the file.
        keep: name of what else is kept of every solution; empty if nothing is.
        program: digest of the code that decides what a draw answers.
        versions: of Python and of the packages that compute.
        resolution, batch, format: of the solves and of the files.
    """

    name: str
    title: str
    hash: str
    draws: int
    seed: int
    months: int
    paths: tuple[str, ...]
    keep: str
    program: str
    versions: dict[str, str]
    resolution: str = RESOLUTION
    batch: int = BATCH
    format: str = FORMAT

    @cached_property
    def identity(self) -> str:
        """Return a digest of all that decides the answers: files of ensembles that differ in it are never mixed up."""
        decides = {name: value for name, value in dataclasses.asdict(self).items() if name not in ("draws", "title")}
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

    def label(self, relative: str) -> str:
        """Return what the checksum of a file of this ensemble is bound to: the ensemble, and the file's place in it."""
        return f"{self.identity}/{relative}"

    def differences(self, other: Manifest) -> list[str]:
        """Return in words what differs from another manifest; their numbers of draws may."""
        pairs = (
            (field.name, getattr(self, field.name), getattr(other, field.name)) for field in dataclasses.fields(self)
        )
        return [
            f"{name}: {_short(mine)} there, {_short(theirs)} here"
            for name, mine, theirs in pairs
            if mine != theirs and name not in ("draws", "title")
        ]


def _short(value: Any) -> str:
    text = f"{len(value)} numbers" if isinstance(value, tuple) else str(value)
    return text if len(text) <= 70 else text[:67] + "..."


def manifest_of(scenario: Scenario, *, draws: int, seed: int, keep: Keep | None = None) -> Manifest:
    """Return the manifest of an ensemble that is to be made."""
    return Manifest(
        name=scenario.name,
        title=scenario.title,
        hash=scenario.hash,
        draws=draws,
        seed=seed,
        months=scenario.months,
        paths=prior_of(scenario).paths,
        keep=name_of(keep),
        program=program_digest(),
        versions={"python": platform.python_version(), **{package: version(package) for package in PACKAGES}}
        | {"outlast": _own_version()},
    )


def _own_version() -> str:
    try:
        return version("outlast")
    except PackageNotFoundError:
        return "from source"


def name_of(keep: Keep | None) -> str:
    """Return the name of what is kept: module, function and the arguments that it was given beforehand."""
    if keep is None:
        return ""
    if isinstance(keep, partial):
        given = [repr(each) for each in keep.args] + [f"{key}={keep.keywords[key]!r}" for key in sorted(keep.keywords)]
        return f"{name_of(keep.func)}({', '.join(given)})"
    return f"{keep.__module__}.{keep.__qualname__}"


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return a digest of the code that decides what a draw answers: other code, other answers perhaps."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as it is stored."""
    return sealed(json_bytes(dataclasses.asdict(manifest)), NAME)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a stored ensemble. Raises ``EnsembleFault`` if there is none, or no whole one."""
    path = folder / NAME
    try:
        _refuse_other_format(path)
        found = read_json(path, NAME)
        typed(found, KINDS, path)
        return Manifest(**{**found, "paths": tuple(found["paths"])})
    except Damaged as damaged:
        kind = EnsembleDamaged if path.exists() else EnsembleFault
        raise kind(
            path,
            found=f"a file that {damaged.found}",
            rule="an ensemble is a folder that `outlast ensemble` has written",
            reason="without its manifest nobody knows of what its numbers are",
            remedy="name such a folder, or make one with `outlast ensemble FILE --out DIR`; if this was one, run the "
            "command that made it again, or remove it",
        ) from None


def _refuse_other_format(path: Path) -> None:
    """Raise ``Damaged`` if a manifest is that of another version, which wrote no checksum."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Damaged(path, f"has not the format {FORMAT!r}")


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(text(each) for each in value)


def _versions(value: Any) -> bool:
    return isinstance(value, dict) and all(text(each) for each in value.values())


def _count(value: Any) -> bool:
    return whole_number(value) and value > 0


KINDS = {
    **dict.fromkeys(("name", "title", "hash", "keep", "program", "resolution", "format"), text),
    **dict.fromkeys(("draws", "months", "batch"), _count),
    "seed": whole_number,
    "paths": _names,
    "versions": _versions,
}
"""What each entry of a stored manifest is."""
