"""A stored ensemble is used where it is of the same scenario and program, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from outlast.ensemble import EnsembleFault, make_ensemble
from outlast.ensemble.stored import named_ensemble, own_folder, stored_ensemble

from .pretend import Pretenders, war


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OUTLAST_CACHE", str(tmp_path / "cache"))


def keep(draws: int, seed: int, **options):
    return make_ensemble(war(), draws=draws, seed=seed, out=own_folder(war(), seed=seed), workers=Pretenders(**options))


def test_there_is_none_at_first():
    assert stored_ensemble(war()) is None


def test_the_largest_is_found_unless_draws_or_seed_are_asked_for():
    few, many = keep(5, 1), keep(9, 2)
    assert stored_ensemble(war()) == many
    assert stored_ensemble(war(), seed=1) == few
    assert stored_ensemble(war(), draws=5) == few
    assert stored_ensemble(war(), draws=7) is None
    assert stored_ensemble(war(), draws=5, seed=2) is None
    assert stored_ensemble(war(), draws=0) is None


def test_an_unfinished_one_is_left_alone():
    with pytest.raises(KeyboardInterrupt):
        keep(20, 1, stop_after=15)
    assert stored_ensemble(war()) is None


def test_another_scenario_or_program_is_not_served(monkeypatch: pytest.MonkeyPatch):
    made = keep(5, 1)
    other = war().with_values({"recognition.defender": 0.1})
    assert stored_ensemble(other) is None
    with pytest.raises(EnsembleFault, match="hash"):
        named_ensemble(other, made.folder)
    monkeypatch.setattr("outlast.ensemble.manifest.program_digest", lambda: "other")
    assert stored_ensemble(war()) is None
    with pytest.raises(EnsembleFault, match="program"):
        named_ensemble(war(), made.folder)


def test_a_damaged_one_in_the_cache_is_passed_over():
    made = keep(5, 1)
    (made.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert stored_ensemble(war()) is None
