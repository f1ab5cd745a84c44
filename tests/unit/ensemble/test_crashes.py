"""Killed before or after any file operation, once or twice, and gone on with: the folder is what one run leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from crashing import crashing, dies, steps_of
from outlast.ensemble import EnsembleFault, make_ensemble, making, open_ensemble
from outlast.ensemble.manifest import Manifest

from .pretend import Pretenders, keep_nothing, war

DRAWS = 5


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch):
    """Two draws in a file, three numbers that vary, no compilation: a run takes a hundredth of a second."""
    plain, scenario = Manifest.__init__, war()
    paths, values = making.points(scenario, count=DRAWS, seed=1)
    manifest = making.manifest_of(scenario, draws=DRAWS, seed=1, keep=keep_nothing)
    small = lambda self, *a, **k: plain(self, *a, **{"batch": 2, **k})  # noqa: E731
    monkeypatch.setattr(Manifest, "__init__", small)
    manifest = Manifest(**{**vars(manifest), "batch": 2})
    monkeypatch.setattr(making, "manifest_of", lambda *_, draws, **__: Manifest(**{**fields(manifest), "draws": draws}))
    monkeypatch.setattr(making, "points", lambda *_, count, **__: (paths, np.resize(values, (count, len(paths)))))
    monkeypatch.setattr(making, "CONTRASTS", 2)
    monkeypatch.setattr(making, "compile", lambda *_, **__: "game")
    monkeypatch.setattr("outlast.ensemble.storing.logging.Logger.warning", _silent_only_if_nothing_is_damaged)
    cheap.scenario = scenario  # type: ignore[attr-defined]


def fields(manifest: Manifest) -> dict:
    return {name: value for name, value in vars(manifest).items() if name != "identity"}


def _silent_only_if_nothing_is_damaged(self: object, message: str, *parts: object) -> None:
    raise AssertionError(f"a crash damages nothing, and yet: {message % parts}")


def made(folder: Path, workers: Pretenders | None = None, draws: int = DRAWS) -> Callable[[], object]:
    scenario = cheap.scenario  # type: ignore[attr-defined]
    crew = workers or Pretenders(kept=True, stride=2)
    return lambda: make_ensemble(scenario, draws=draws, out=folder, keep=keep_nothing, workers=crew)


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file and every folder: nothing that is left over goes unseen."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


@pytest.fixture
def undisturbed(tmp_path: Path) -> dict[str, bytes | None]:
    folder = tmp_path / "undisturbed"
    made(folder)()
    return contents(folder)


def test_killed_at_every_file_operation(undisturbed, tmp_path: Path):
    steps = steps_of(made(tmp_path / "counted"))
    assert contents(tmp_path / "counted") == undisturbed
    assert steps > 150
    for at in range(1, steps + 1):
        folder = tmp_path / f"{at}"
        assert dies(at, made(folder)), at
        made(folder)()
        assert contents(folder) == undisturbed, at


def test_killed_twice(undisturbed, tmp_path: Path):
    """The second death meets the remains of the first: a spread of the one at a spread of the other."""
    steps = steps_of(made(tmp_path / "counted"))
    for first in range(3, steps, 23):
        for second in range(1, steps, 5):
            folder = tmp_path / f"{first}-{second}"
            assert dies(first, made(folder))
            again = dies(second, made(folder))
            made(folder)()
            assert contents(folder) == undisturbed, (first, second)
            if not again:
                break


def test_killed_again_and_again_early_it_still_advances(undisturbed, tmp_path: Path):
    """Each run ends after one solve, before or behind the centre: what it solved is never solved again."""
    folder, done, runs = tmp_path / "e", [], 0
    while True:
        workers = Pretenders(kept=True, stop_after=1)
        try:
            made(folder, workers)()
            break
        except KeyboardInterrupt:
            done, runs = done + workers.done, runs + 1
    assert len(done) == len(set(done)) == runs
    assert contents(folder) == undisturbed


def test_interrupted_by_hand_at_every_file_operation(undisturbed, tmp_path: Path):
    """Ctrl-C is no death: what cleans up still runs, and must not count what is half done."""
    steps = steps_of(made(tmp_path / "counted"))
    for at in range(1, steps + 1, 2):
        folder = tmp_path / f"{at}"
        with crashing() as crasher, pytest.MonkeyPatch.context() as patch:

            def step(crasher=crasher, at=at) -> None:
                crasher.steps += 1
                if crasher.steps == at:
                    raise KeyboardInterrupt

            patch.setattr(crasher, "step", step)
            with suppress(KeyboardInterrupt):
                made(folder)()
        made(folder)()
        assert contents(folder) == undisturbed, at


def test_a_reader_never_counts_a_draw_twice(tmp_path: Path):
    steps = steps_of(made(tmp_path / "counted"))
    for at in range(1, steps + 1, 3):
        folder = tmp_path / f"{at}"
        dies(at, made(folder))
        try:
            found = open_ensemble(folder)
        except EnsembleFault:
            continue
        draws = found.certificates["draw"].to_list()
        assert draws == sorted(set(draws))
        assert found.headlines.height == found.answers().draws == len(draws)


def test_killed_while_it_grows(tmp_path: Path):
    made(tmp_path / "at_once")()
    begun = tmp_path / "begun"
    made(begun, draws=3)()
    before = contents(begun)
    for at in range(1, 400, 3):
        folder = tmp_path / f"{at}"
        for name, content in before.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(exist_ok=True) if content is None else place.write_bytes(content)
        died = dies(at, made(folder))
        made(folder)()
        assert contents(folder) == contents(tmp_path / "at_once"), at
        if not died:
            break
