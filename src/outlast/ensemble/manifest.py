"""The manifest of an ensemble: everything that decides what its draws answer, and nothing that does not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from outlast.answers.job import Keep
from outlast.ensemble.fault import EnsembleFault
from outlast.scenario.prior import prior_of
from outlast.scenario.scenario import Scenario

FORMAT = "outlast ensemble 1"
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

    def text(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False) + "\n"

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


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a stored ensemble. Raises ``EnsembleFault`` if there is none, or no whole one."""
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT!r}")
        return Manifest(**{**found, "paths": tuple(found["paths"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise EnsembleFault(
            path,
            found=cause,
            rule="an ensemble is a folder that `outlast ensemble` has written",
            reason="without its manifest nobody knows of what its numbers are",
            remedy="name such a folder, or make one with `outlast ensemble FILE --out DIR`",
        ) from None
