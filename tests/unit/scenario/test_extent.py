"""What a scenario takes: counted as the game is compiled, growing with all that makes it grow, and refused in words."""

from __future__ import annotations

import pytest

import outlast
from outlast.cli import app
from outlast.game.resolution import laid_sizes
from outlast.scenario import ScenarioError, read
from outlast.scenario.extent import PROGRAM, SHARE, Extent, extent, refuse_too_large, size_in_words, time_in_words
from refusing import refused
from small_war import SMALL
from spread_war import spread_words


@pytest.mark.parametrize("name", ["starter", "geneva"])
@pytest.mark.parametrize("resolution", ["coarse", "standard", "fine"])
def test_counts_the_states_that_are_compiled(name: str, resolution: str):
    scenario = read(name)
    assert extent(scenario, resolution).states == outlast.compile(scenario, resolution=resolution).shape.states


@pytest.mark.parametrize("resolution", ["coarse", "standard", "fine"])
def test_counts_the_states_of_lattices_that_are_laid(resolution: str):
    scenario = read(spread_words())
    found = extent(scenario, resolution, laid=laid_sizes)
    assert found.states == outlast.compile(scenario, resolution=resolution).shape.states
    with pytest.raises(ValueError, match="laid"):
        extent(scenario, resolution)


def test_a_war_that_goes_on_takes_as_long_whatever_its_calendar():
    short, long = (extent(read(spread_words(months=months)), "coarse", laid=laid_sizes) for months in (120, 480))
    assert short.seconds == long.seconds


def test_memory_is_near_what_was_measured():
    """The peaks of one solve of `geneva` in benchmarks/RESULTS.md; reading the answers comes on top of them."""
    for resolution, gigabytes in (("coarse", 0.96), ("standard", 1.21), ("fine", 6.52)):
        found = extent(read("geneva"), resolution)
        assert gigabytes <= found.memory / 1e9 <= 3 * gigabytes, found


def test_time_is_near_what_was_measured():
    for resolution, seconds in (("coarse", 1.65), ("standard", 3.44), ("fine", 109.0)):
        assert seconds / 2 <= extent(read("geneva"), resolution).seconds <= 2 * seconds


def test_more_of_anything_takes_more():
    scenario = read("geneva")
    few = scenario.with_packages([package.name for package in scenario.packages[:4]])
    base = extent(scenario, "coarse", months=24)
    assert extent(few, "coarse", months=24).memory < base.memory < extent(scenario, "standard", months=24).memory
    assert base.memory < extent(scenario, "coarse", months=61).memory == extent(scenario, "coarse", months=600).memory
    assert base.seconds < extent(scenario, "coarse", months=60).seconds < extent(scenario, "coarse", months=600).seconds


def test_refusal_names_what_would_fit():
    scenario = read("geneva")
    needs = {name: extent(scenario, name).memory / SHARE * 1.001 for name in ("coarse", "standard", "fine")}
    assert refuse_too_large(scenario, "fine", memory=needs["fine"]) == extent(scenario, "fine")
    with pytest.raises(ScenarioError, match='resolution = "standard"'):
        refuse_too_large(scenario, "fine", memory=0.99 * needs["fine"])
    with pytest.raises(ScenarioError, match='resolution = "coarse"'):
        refuse_too_large(scenario, "fine", memory=0.99 * needs["standard"])
    with pytest.raises(ScenarioError, match=r"keep to [0-9,]+ states at coarse resolution"):
        refuse_too_large(scenario, "coarse", memory=0.99 * needs["coarse"])
    with pytest.raises(ScenarioError, match="keep to 0 states"):
        refuse_too_large(scenario, "coarse", memory=1e6)


def test_what_is_said_to_fit_fits():
    """The states that a refusal allows at a resolution take no more than the share."""
    scenario, memory = read("geneva"), 2e9
    with pytest.raises(ScenarioError) as refusal:
        refuse_too_large(scenario, "fine", memory=memory)
    states = int(refusal.value.faults[0].suggestion.split("keep to ")[1].split()[0].replace(",", ""))
    each = (extent(scenario, "fine").memory - PROGRAM) / extent(scenario, "fine").states
    assert SHARE * memory - each <= PROGRAM + each * states <= SHARE * memory


@pytest.mark.parametrize("command", ["run", "claims", "solve", "verify", "ensemble", "compare"])
def test_commands_refuse_before_any_work(command: str, tmp_path, monkeypatch, capsys: pytest.CaptureFixture[str]):
    def never(*_: object, **__: object):
        raise AssertionError("it began to work before it refused")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("outlast.cli.working.work", never)
    monkeypatch.setattr("outlast.scenario.extent.machine_memory", lambda: 0.5e9)
    (tmp_path / "war.toml").write_text(SMALL, encoding="utf-8")
    words = [command, *(["starter", "war.toml"] if command == "compare" else ["war.toml"])]
    said = refused(capsys, *words, *(["--save", "s.npz"] if command == "solve" else []))
    assert "80% of the memory of the machine, which has 500 MB" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["war.toml"]


def test_check_says_it_beforehand(tmp_path, monkeypatch, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "war.toml").write_text(SMALL, encoding="utf-8")
    assert app.run_program(["check", str(tmp_path / "war.toml")]) == 0
    said = capsys.readouterr().out
    assert "for a solve" in said
    assert "refused here" not in said
    monkeypatch.setattr("outlast.scenario.extent.machine_memory", lambda: 0.5e9)
    assert app.run_program(["check", str(tmp_path / "war.toml")]) == 0
    assert "refused here: 80% of 500 MB is the limit" in capsys.readouterr().out


def test_words():
    assert [size_in_words(size) for size in (3e6, 1.26e9, 2e12)] == ["3 MB", "1.3 GB", "2.0 TB"]
    assert [time_in_words(s) for s in (0.1, 1.2, 90, 150, 9000, 200_000)] == [
        "1 second", "1 second", "90 seconds", "2 minutes", "2 hours", "2 days",
    ]  # fmt: skip
    assert str(Extent("fine", 1, 1.26e9, 150)) == "about 1.3 GB and 2 minutes"
