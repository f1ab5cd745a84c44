"""A war whose stocks have spreads: the second opinion, mass, paths, records, teeth, and no end of the calendar."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import outlast as ol
from outlast import verify
from outlast.answers.delay import delay
from outlast.answers.excess import excess
from outlast.answers.paths import levels_of, marginals, phases
from outlast.answers.rounds import rounds
from outlast.answers.samples import samples
from outlast.answers.standpoint import Standpoint
from outlast.learning.clues import Setting
from outlast.learning.evidence import evidence_from
from outlast.learning.filter import filtered, stock_levels_of
from outlast.learning.meter import Reading
from outlast.learning.policy import policy_of
from outlast.learning.simulate import read_stocks, simulated
from outlast.solving import solution as solving
from spread_war import spread_words

EVENT = 9
"""Month of the starter's election."""
FROM_SOLVER = 1e-12
PATHS = 2000
SIGMAS = 5.0
"""Some hundreds of frequencies are compared: five standard errors leave a false alarm in a thousand runs."""


@cache
def view(*, months: int = 24, settled: int | None = 24, teeth: bool = True, resolution: str = "coarse") -> Standpoint:
    """Return the war solved and read at its start."""
    scenario = ol.read(spread_words(months=months, settled=settled, teeth=teeth))
    return Standpoint(ol.solve(ol.compile(scenario, resolution=resolution)))


def checked(solution: ol.Solution, months: list[int]) -> verify.Verification:
    game = solution.game
    return verify.check(game.shape, game.inputs, solution.values, solution.choices(), months=months)


@pytest.mark.slow
@pytest.mark.parametrize("settled", [24, None])
@pytest.mark.parametrize("teeth", [True, False])
def test_a_second_computation_agrees_in_every_cell(settled: int | None, teeth: bool):
    found = checked(view(settled=settled, teeth=teeth).solution, [0, EVENT])
    assert found.residual < FROM_SOLVER
    assert found.regret < FROM_SOLVER
    assert found.leak < FROM_SOLVER
    assert found.bayes < 1e-6


@pytest.mark.parametrize("settled", [18, None])
def test_it_agrees_where_the_marks_are_the_lattice_and_where_a_month_is_taken_in_pieces(settled: int | None):
    """Marks close together: the spread of a month does not fit on three of them."""
    words = spread_words(settled=settled)
    words["stocks"]["territory"]["levels"] = {"foothold": 0.39, "line": 0.4, "coast": 0.41, "all": 1.0}
    words["stocks"]["patience"]["levels"] = {
        "gone": 0.0,
        "wavering": 0.72,
        "willing": 0.75,
        "ready": 0.78,
        "resolute": 1.0,
    }
    words["stocks"]["patience"]["spread"] = 0.05
    solution = ol.solve(ol.compile(ol.read(words), resolution="marks"))
    pieces = solution.game.inputs.grid.pieces
    assert pieces[0] > 1
    assert pieces[3] > 1
    found = checked(solution, [0, 5, EVENT])
    assert found.residual < FROM_SOLVER
    assert found.regret < FROM_SOLVER
    assert found.leak < FROM_SOLVER
    assert found.bayes < 1e-6


def test_a_wrong_spread_is_noticed():
    """The second opinion reads the spread: with another, the same solution is wrong."""
    solution = view(resolution="marks").solution
    game = solution.game
    values = np.array(game.inputs.values)
    for slot in (
        "stocks.endurance.spread",
        "stocks.territory.breakthrough.fall.chance",
        "mechanisms.guarantees.automatic.enforceable",
    ):
        other = values.copy()
        other[game.shape.slot(slot)] *= 1.5
        found = verify.check(
            game.shape, game.with_values(other).inputs, solution.values, solution.choices(), months=[2]
        )
        assert found.residual > verify.RESIDUAL_LIMIT, slot


def test_mass_stays_one():
    for path in view(resolution="marks").free:
        for month in range(view(resolution="marks").months + 1):
            total = path.begun["war"][month].sum() + path.begun["peace"][month].sum()
            assert total == pytest.approx(1, abs=1e-10)


@pytest.mark.slow
def test_the_line_spreads_in_a_month_as_spread_and_breakthroughs_say():
    """Among wars that go on: the standard deviation of a month at the front, within a tenth."""
    now = view(settled=None)
    war = now.mix(*(path.begun["war"][1].sum(axis=0) for path in now.free)).reshape(now.game.shape.sizes)
    line = war.sum(axis=(1, 2, 3)) / war.sum()
    levels = now.game.inputs.grid.levels[0]
    deviation = float(np.sqrt(line @ levels**2 - (line @ levels) ** 2))
    ways = [(0.01, 0.05), (0.02, -0.05)]
    jumps = sum(p * size**2 for p, size in ways) - sum(p * size for p, size in ways) ** 2
    assert deviation == pytest.approx(np.sqrt(0.01**2 + jumps), rel=0.1)


def assert_frequent(found: np.ndarray, exact: np.ndarray) -> None:
    """Compare frequencies within Monte Carlo error; three paths where the chance is next to nothing."""
    error = np.sqrt(np.clip(exact * (1 - exact), 0, None) / PATHS)
    assert (np.abs(found - exact) <= SIGMAS * error + 3 / PATHS).all()


def test_sampled_paths_agree_with_the_exact_runs():
    now = view(resolution="marks")
    drawn = samples(now, paths=PATHS, seed=7).sort("month", "path")

    def shares(column: str, value: object) -> np.ndarray:
        return (drawn[column] == value).to_numpy().reshape(-1, PATHS).mean(axis=1)

    for phase in ("war", "peace", "imposed"):
        assert_frequent(shares("phase", phase), phases(now)[phase].to_numpy())
    exact = marginals(now)
    for stock, levels in levels_of(now).items():
        for place, level in enumerate(levels):
            assert_frequent(shares(stock, level), exact[stock][:, place])


def test_a_record_of_a_simulated_war_is_possible_and_tells_the_months_apart():
    """With readings and every act, attacks that are answered automatically among them."""
    game, months = view(resolution="marks").game, 18
    policy = policy_of(view(resolution="marks").solution, months)
    levels = stock_levels_of(game)
    setting = Setting(tuple(game.labels.packages), policy.phase)
    random = np.random.default_rng(3)
    like = {"endurance": Reading("endurance", 0.5, 0.05, 0.05, 0.9)}
    found = []
    for _ in range(20):
        path = simulated(policy, months, random)
        told = [(month, who, kind, setting.packages[content] if isinstance(content, int) else content)
                for month, who, kind, content in path.acts]  # fmt: skip
        readings = read_stocks(path, policy, levels, like, random)
        evidence = evidence_from(told, readings, setting, game.scenario.as_of, months=months, confidence=0.95)
        found.append(filtered(policy, evidence, levels))
    logs = np.array([each.loglikelihood for each in found])
    assert np.isfinite(logs).all()
    assert np.ptp(logs) > 1


# ---------------------------------------------------------------- guarantees with teeth


def attacks(now: Standpoint, guarantee: int) -> np.ndarray:
    """Return the chance of an attack in month 0 by type, phase of that guarantee, belief and cell."""
    choice = now.choices["decide"]
    named = np.asarray(now.game.inputs.deals.phase_guarantee) == guarantee
    assert named.any()
    assert choice.staller is not None
    return np.stack([kind[1][0] for kind in (choice.settler, choice.staller)])[:, named]


@cache
def biting(automatic: float) -> Standpoint:
    """Return the war on its marks, unsettled, with an automatic response that costs more than one that is chosen."""
    words = spread_words(settled=None)
    words["mechanisms"]["guarantees"] = {
        "automatic": {"none": 0.0, "soft": 0.0, "enforceable": automatic},
        "automatic_penalty": 1.5,
    }
    return Standpoint(ol.solve(ol.compile(ol.read(words), resolution="marks")))


def test_teeth_deter_where_no_patron_is_left():
    """There nobody would honour, so promises deter nobody; the automatic part does, the more so the larger it is."""
    now = biting(0.0)
    gone = (now.over() == 0) & (now.game.inputs.grid.of("patience") == 0)
    none, some, most = (attacks(biting(chance), 2)[..., gone] for chance in (0.0, 0.4, 0.9))
    assert (some < none).all()
    assert (most < some).all()
    assert most.mean() < 0.8 * none.mean()


def held(now: Standpoint) -> float:
    """Return the chance that a peace under an enforceable guarantee holds as long as runs look, from the start."""
    deals, sizes = now.game.inputs.deals, now.game.shape
    phase = int(np.flatnonzero(np.asarray(deals.phase_guarantee) == 2)[0])
    starts = np.zeros((2, sizes.phases, sizes.beliefs, sizes.cells))
    for kind in (0, 1):
        starts[kind, phase] = now.start_of(kind)
    ((settler, staller),) = now.settlements([starts], lambda _: np.zeros(2))
    return float(now.mix(*(path.begun["peace"][now.months].sum() for path in (settler, staller))))


def test_a_peace_with_teeth_holds_longer():
    none, some, most = (held(biting(chance)) for chance in (0.0, 0.4, 0.9))
    assert none + 0.02 < some < most


def test_an_automatic_part_of_nothing_is_the_game_without_it():
    words = spread_words(settled=None)
    words["mechanisms"]["guarantees"]["automatic"] = {"none": 0.0, "soft": 0.0, "enforceable": 0.0}
    idle = ol.solve(ol.compile(ol.read(words), resolution="marks"))
    bare = ol.solve(ol.compile(ol.read(spread_words(settled=None, teeth=False)), resolution="marks"))
    assert idle.game.shape.automatic
    assert not bare.game.shape.automatic
    for name, value in bare.values.items():
        np.testing.assert_allclose(idle.values[name], value, rtol=0, atol=1e-12)
    for name, choice in bare.choices().items():
        for mine, theirs in zip(idle.choices()[name].settler, choice.settler, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)


# ---------------------------------------------------------------- the end of the calendar

AHEAD = 23
"""Months that every calendar looks ahead."""


def told(now: Standpoint) -> np.ndarray:
    """Return answers that look no further than the shortest calendar."""
    first = rounds(now).row(0, named=True)
    gains = delay(now)
    later = phases(now).row(AHEAD, named=True)
    year = gains.filter(gains["months"] == 12).sort("account")["dividend"]
    return np.array([first["attend"], first["signed"], *year, later["peace"], later["imposed"]])


@pytest.mark.slow
def test_where_the_calendar_of_a_settled_war_ends_does_not_matter():
    short, *others = (told(view(months=months)) for months in (24, 36, 60))
    for other in others:
        np.testing.assert_allclose(other, short, rtol=0, atol=1e-3)


@pytest.mark.slow
def test_where_the_calendar_of_a_war_that_freezes_ends_does():
    short, long = (told(view(months=months, settled=None)) for months in (24, 60))
    assert np.abs(long - short).max() > 0.05


def test_from_which_month_on_a_war_is_taken_to_go_on_does_not_matter(monkeypatch: pytest.MonkeyPatch):
    """On one lattice throughout: the end of a war that goes on is that of a longer calendar."""
    scenario = ol.read(spread_words(months=24))
    found = []
    for near in (24, 36, 61):
        monkeypatch.setattr(solving, "WINDOW", near)
        found.append(told(Standpoint(ol.solve(ol.compile(scenario, resolution="marks"), window=24))))
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=0, atol=1e-3)


@pytest.mark.slow
def test_the_excess_spread_is_what_the_law_adds_along_the_way():
    """On marks alone the lattice adds much; the coarse lattice keeps to its limit for the axes that need it."""
    wide, laid = (
        excess(view(resolution=name)).rows_by_key("stock", named=True, unique=True) for name in ("marks", "coarse")
    )
    assert set(wide) == {"territory", "forces", "endurance", "patience"}
    for stock in ("territory", "endurance", "patience"):
        assert wide[stock]["share"] > 5 * laid[stock]["share"]
    for stock in ("territory", "endurance"):
        assert laid[stock]["share"] <= laid[stock]["limit"] == 0.3
