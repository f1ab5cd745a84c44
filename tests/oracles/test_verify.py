"""The second opinion agrees with brute force on a tiny game and with the engine on a real one, and sees errors."""

from __future__ import annotations

import copy
import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from enumerated_month import enumerate_month

import outlast
from outlast import verify
from outlast.game.compile import canonical_slots
from outlast.game.shape import Shape
from outlast.verify import sampling
from outlast.verify.board import Board, board_of
from outlast.verify.kernels import kernels_in
from outlast.verify.month import work_out
from outlast.verify.numbers import numbers_in
from outlast.verify.payments import last_values
from small_war import SMALL

EXACT = 1e-10
MONTHS = 2
EVENT_MONTH = 1
INDEXED = {"posture": 2, "decide": 2, "attacked": 2, "answer": 3, "vetted": 3, "backed": 3}
INDEXED |= {"heard.challenger": 3, "heard.patron": 3}
TYPED = ("war.attend", "floor.challenger", "which.challenger", "answer", "decide")
PUBLIC = ("floor.defender", "floor.patron", "which.defender", "which.patron", "vetted", "backed", "posture", "attacked")
PUBLIC += ("heard.challenger", "heard.patron")

# ---------------------------------------------------------------- a tiny game, against brute force


def tiny_shape() -> Shape:
    slots = canonical_slots(
        packages=3, pools=2, events=[("shock.change", "shock.chance"), ("shock.change", "shock.chance"), ("set.pace",)]
    )
    counts = {"sizes": (3, 2, 3, 3), "beliefs": 3, "packages": 3, "phases": 2, "pools": 2}
    return Shape(**counts, changes=1, shocks=(3, 0), months=MONTHS, slots=slots)


def tiny_inputs(shape: Shape, seed: int) -> SimpleNamespace:
    """Draw every number, so that no law can hide behind a zero."""
    values = np.random.default_rng(seed).uniform(0.05, 0.3, len(shape.slots))
    chosen = {
        "scenario.war_months": 10.0,
        "mechanisms.front.decisiveness": 1.7,
        "mechanisms.manpower.pools.0.size": 0.15,
        "mechanisms.manpower.pools.0.rate": 0.1,
        "mechanisms.resumption.demilitarised_cap": 0.5,
        "mechanisms.aspiration.aspiration.staller": 0.9,
        "packages.1.line_share": 0.4,
        "packages.2.line_share": 0.6,
        "events.0.shock.change": -0.3,
    }
    chosen |= {slot: 0.9 + values[i] / 4 for i, slot in enumerate(shape.slots) if slot.endswith("discount")}
    for slot, value in chosen.items():
        values[shape.slot(slot)] = value
    place = shape.slot
    return SimpleNamespace(
        values=values,
        grid=SimpleNamespace(
            lines=None,
            pieces=(1, 1, 1, 1),
            levels=([0.2, 0.5, 1.0], [0.7, 1.3], [0.0, 0.3, 1.0], [0.0, 0.5, 1.0]), beliefs=np.array([0.0, 0.3, 1.0])
        ),
        deals=SimpleNamespace(
            line=[0, 1, 2], backing=[1, 1, 0], weight=[0.5, 1.0, 1.0], phase=[0, 0, 1],
            phase_guarantee=[1, 0], phase_denied=[0, 1], phase_demilitarised=[0, 1], phase_relief=[1, 2],
        ),
        calendar=SimpleNamespace(
            change_month=[1], change_to=[place("mechanisms.front.pace")], change_from=[place("events.2.set.pace")],
            shock_month=[EVENT_MONTH, EVENT_MONTH],
            shock_change=[place("events.0.shock.change"), place("events.1.shock.change")],
            shock_chance=[place("events.0.shock.chance"), place("events.1.shock.chance")],
        ),
    )  # fmt: skip


def random_choices(shape: Shape, inputs: SimpleNamespace, seed: int) -> dict[str, SimpleNamespace]:
    """Draw chances and beliefs that are no equilibrium; forbidden actions are played too, which is a leak."""
    draw = np.random.default_rng(seed)
    blocks = {"posture": [3]} | {f"which.{party}": [3] for party in ("challenger", "defender", "patron")}
    choices = {}
    for station in TYPED + PUBLIC:
        counts = blocks.get(station, [1, 1])
        index = (INDEXED[station],) if station in INDEXED else ()
        rest = (MONTHS, *index, shape.beliefs, shape.cells)

        def chances(counts=counts, rest=rest) -> list[np.ndarray]:
            whole = np.moveaxis(draw.dirichlet(np.ones(sum(counts)), rest), -1, 1)
            return np.split(whole, np.cumsum(counts)[:-1], axis=1)

        typed = station in TYPED
        posterior = [draw.uniform(0, 1, (MONTHS, n, *rest[1:])) for n in counts] if typed else None
        staller = chances() if typed else None
        choices[station] = SimpleNamespace(settler=chances(), staller=staller, posterior=posterior)
    return choices


def of_month(choice: SimpleNamespace, month: int) -> SimpleNamespace:
    return SimpleNamespace(
        **{kind: blocks and [block[month] for block in blocks] for kind, blocks in vars(choice).items()}
    )


def as_table(values: np.ndarray, board: Board) -> dict[tuple[int, ...], float]:
    unfolded = values.reshape(*values.shape[:-1], *board.sizes)
    return {place: float(value) for place, value in np.ndenumerate(unfolded)}


@pytest.fixture(scope="module")
def tiny():
    shape = tiny_shape()
    inputs = tiny_inputs(shape, 1)
    return shape, inputs, random_choices(shape, inputs, 2)


def test_months_worked_out_with_arrays_equal_those_worked_out_cell_by_cell(tiny):
    shape, inputs, choices = tiny
    board = board_of(shape, inputs)
    after = last_values(board, numbers_in(shape, inputs, MONTHS))
    table = {name: as_table(values, board) for name, values in after.items()}
    for month in reversed(range(MONTHS)):
        numbers = numbers_in(shape, inputs, month)
        own = {name: of_month(choice, month) for name, choice in choices.items()}
        arrays = work_out(board, numbers, kernels_in(board, numbers), after=after, choices=own)
        after = {name: arrays.stations[name] for name in ("war", "peace")}
        table, cells = enumerate_month(shape, inputs, month, after=table, choices=own)
        for name, values in after.items():
            assert table[name] == pytest.approx(as_table(values, board), abs=EXACT), f"{name}, month {month}"
        for station in TYPED + PUBLIC:
            found, expected = arrays.findings[station], cells.finding(station, indices=INDEXED.get(station))
            near = pytest.approx(dataclasses.astuple(expected), abs=EXACT)
            assert dataclasses.astuple(found) == near, f"{station}, month {month}"


def test_some_cells_show_what_they_show_among_all(tiny):
    """In a month of two events, one of which moves territory: what play leads to goes with the cells asked for."""
    shape, inputs, choices = tiny
    board = board_of(shape, inputs)
    numbers = numbers_in(shape, inputs, EVENT_MONTH)
    after = last_values(board, numbers_in(shape, inputs, MONTHS))
    own = {name: of_month(choice, EVENT_MONTH) for name, choice in choices.items()}
    kernels = kernels_in(board, numbers)
    whole = work_out(board, numbers, kernels, after=after, choices=own)
    for cells in ([0], [17, 40], list(range(30, 54))):
        part = work_out(board.among(np.array(cells)), numbers, kernels, after=after, choices=own)
        for name in ("war", "peace"):
            np.testing.assert_allclose(part.stations[name], whole.stations[name][..., cells], rtol=0, atol=EXACT)
        for station in TYPED + PUBLIC:
            assert part.findings[station].residual <= whole.findings[station].residual + EXACT


def test_every_check_there_is_is_made_of_a_small_game(tiny):
    shape, inputs, choices = tiny
    values = {"war": np.zeros((MONTHS, 4, 3, 54)), "peace": np.zeros((MONTHS, 4, 2, 3, 54))}
    found = verify.check(shape, inputs, values, choices)
    assert found.checks == found.of
    part = verify.check(shape, inputs, values, choices, months=[EVENT_MONTH])
    assert part.of == found.of
    assert part.checks == sum(record.checks for record in found.records if record.month == EVENT_MONTH)


def test_a_sample_says_what_it_is_and_holds_the_first_months_the_last_and_the_start(tiny):
    shape, inputs, _ = tiny
    long, effort = dataclasses.replace(shape, months=40), sampling.Effort(values=8 * 3 * 3 * 20)
    board = board_of(long, inputs)
    found = sampling.sample(long, inputs, board, available=[*range(20), 31, 39], effort=effort)
    assert {0, 1, EVENT_MONTH, 39} <= set(found.cells)
    assert len(found.cells) == 8
    assert all(len(cells) % 3 == 0 and len(cells) < 54 for cells in found.cells.values())
    again = sampling.sample(long, inputs, board, available=[*range(20), 31, 39], effort=effort)
    assert found.extent == again.extent
    assert "of 54 cells in 8 of 40 months, drawn with seed 1" in found.extent
    other = sampling.sample(
        long, inputs, board, available=[*range(20), 31, 39], effort=dataclasses.replace(effort, seed=2)
    )
    assert set(other.cells) != set(found.cells)
    start = [float(inputs.values[shape.slot(f"stocks.{stock}.start")]) for stock in ("forces", "endurance", "patience")]
    near = [np.abs(axis[board.places[k + 1]] - start[k]) for k, axis in enumerate(board.stocks[1:])]
    nearest = np.flatnonzero(np.logical_and.reduce([gap == gap.min() for gap in near]))
    assert all(np.isin(nearest, cells).all() for cells in found.cells.values())
    whole = sampling.sample(shape, inputs, board, available=range(MONTHS), effort=effort)
    assert whole.whole
    assert whole.extent == "every cell of all 2 months"


def test_arbitrary_choices_are_found_wanting(tiny):
    shape, inputs, choices = tiny
    values = {"war": np.zeros((MONTHS, 4, 3, 54)), "peace": np.zeros((MONTHS, 4, 2, 3, 54))}
    found = verify.check(shape, inputs, values, choices)
    assert found.months == (0, 1)
    assert min(found.residual, found.regret, found.bayes, found.leak) > 1e-3
    assert not found.trusted


def test_rows_of_every_kernel_are_distributions(tiny):
    shape, inputs, _ = tiny
    board = board_of(shape, inputs)
    for month in range(MONTHS):
        kernels = kernels_in(board, numbers_in(shape, inputs, month))
        assert [kernels.leak(part) < 1e-15 for part in ("war", "peace", "shocks", "jumps")] == [True] * 4
        assert len(kernels.shocks) == (2 if month == EVENT_MONTH else 0)


@pytest.mark.parametrize(
    ("slot", "value", "station"),
    [("events.0.shock.chance", 3.0, "event"), ("recognition.defender", 0.9, "recognition")],
)
def test_chances_that_are_none_leak(tiny, slot: str, value: float, station: str):
    shape, inputs, choices = tiny
    broken = copy.deepcopy(inputs)
    broken.values[shape.slot(slot)] = value
    values = {"war": np.zeros((MONTHS, 4, 3, 54)), "peace": np.zeros((MONTHS, 4, 2, 3, 54))}
    found = verify.check(shape, broken, values, choices, months=[EVENT_MONTH])
    leaks = {record.station: record.leak for record in found.records}
    assert leaks[station] > 0.1
    assert leaks["battle"] < 1e-15


def test_a_forbidden_action_that_is_played_leaks(tiny):
    """The patron surges after it has left; where the war is over, nobody asks."""
    shape, inputs, choices = tiny
    board = board_of(shape, inputs)
    open_war = ~board.imposed & ~board.present
    gone = choices["posture"].settler[0]
    values = {"war": np.zeros((MONTHS, 4, 3, 54)), "peace": np.zeros((MONTHS, 4, 2, 3, 54))}
    found = verify.check(shape, inputs, values, choices, months=[0])
    leak = next(record.leak for record in found.records if record.station == "posture")
    assert leak == pytest.approx(gone[0, 1:].sum(axis=0)[..., open_war].max(), abs=EXACT)


def test_of_two_changes_of_a_number_the_later_one_holds(tiny):
    shape, inputs, _ = tiny
    pace = shape.slot("mechanisms.front.pace")
    early, late = shape.slot("events.0.shock.chance"), shape.slot("events.1.shock.chance")
    for order in ([1, 2], [2, 1]):
        changed = copy.deepcopy(inputs)
        sources = [early if month == 1 else late for month in order]
        changed.calendar = SimpleNamespace(**{**vars(inputs.calendar), "change_month": order})
        changed.calendar.change_to, changed.calendar.change_from = [pace, pace], sources
        paces = [numbers_in(shape, changed, month).law("front.pace") for month in range(3)]
        assert paces == [inputs.values[pace], inputs.values[early], inputs.values[late]]


# ---------------------------------------------------------------- a real game, against the engine


@pytest.fixture(scope="module")
def solved(small):
    """Return the game, values and choices of the small war."""
    return small.game, small.values, small.choices()


def event_months(game) -> list[int]:
    return sorted({int(month) for month in game.inputs.calendar.shock_month if month < game.shape.months})


def quiet_months(game) -> list[int]:
    return [month for month in range(game.shape.months) if month not in event_months(game)]


def recheck(solved, months, *, values=None, choices=None, inputs=None) -> verify.Verification:
    game, stored, played = solved
    values, choices = values or stored, choices or played
    return verify.check(game.shape, inputs or game.inputs, values, choices, months=months)


@pytest.mark.slow
def test_the_engine_earns_its_certificate(solved):
    found = recheck(solved, quiet_months(solved[0]))
    assert found.trusted, found.trust
    assert found.residual < EXACT
    assert found.regret < EXACT
    made = f"{found.checks:,} of {found.of:,} checks (every cell in 23 of 24 months)"
    assert found.trust.startswith(f"A second computation that shares no code with the solver agrees in {made}: at most")


@pytest.mark.slow
def test_an_event_strikes_once_in_its_month(solved):
    found = recheck(solved, event_months(solved[0]))
    assert found.trusted, found.trust


@pytest.mark.slow
def test_an_event_that_moves_the_line_in_war_and_in_peace_is_worked_out_alike(tmp_path):
    event = '[[events]]\nname = "breach"\nmonth = 3\nshock = {stock = "territory", change = 0.15, chance = 0.5}\n'
    path = tmp_path / "breach.toml"
    path.write_text(SMALL + event, encoding="utf-8")
    game = outlast.compile(outlast.read(path))
    solution = outlast.solve(game)
    found = verify.check(game.shape, game.inputs, solution.values, solution.choices(), months=[2, 3, 9])
    assert 0 in game.shape.shocks
    assert found.trusted, found.trust


@pytest.mark.slow
def test_the_default_checks_every_month_of_a_small_game(solved):
    found = recheck(solved, None)
    assert found.months == tuple(range(24))
    assert found.checks == found.of


@pytest.mark.slow
def test_the_default_checks_a_sample_of_a_large_game_and_the_months_of_its_events(solved, monkeypatch):
    monkeypatch.setitem(verify.check_months.__kwdefaults__, "effort", sampling.Effort(values=10_000))
    kept = {name: value[:12] for name, value in solved[1].items()}
    assert event_months(solved[0]) == [9]
    found = recheck(solved, None, values=kept)
    assert {0, 1, 9, 10} <= set(found.months)
    assert len(found.months) == 8
    assert found.trusted
    assert 0 < found.checks < found.of / 2


@pytest.mark.slow
def test_the_last_month_kept_of_a_longer_game_cannot_be_checked(solved):
    game, values, choices = solved
    short = {name: value[:5] for name, value in values.items()}
    assert verify.check(game.shape, game.inputs, short, choices).months == (0, 1, 2, 3)
    with pytest.raises(ValueError, match="allows 0 to 3"):
        verify.check(game.shape, game.inputs, short, choices, months=[4])
    with pytest.raises(ValueError, match="at least two months"):
        verify.check(game.shape, game.inputs, {name: value[:1] for name, value in values.items()}, choices)


def open_cell(game) -> int:
    """Return a cell in which the war is not over."""
    cells = np.flatnonzero(~board_of(game.shape, game.inputs).imposed)
    return int(cells[len(cells) // 2])


def altered(choices, station: str):
    """Return a copy of the choices in which one station may be written to, and that station's choice."""
    own = choices[station].each(np.array)
    return {**choices, station: own}, own


@pytest.mark.slow
@pytest.mark.parametrize("station", ["answer", "backed", "decide", "posture", "which.patron"])
def test_swapped_chances_are_noticed(solved, station: str):
    choices, own = altered(solved[2], station)
    rows = [(block, row) for block in own.settler for row in range(block.shape[1])]
    (first, i), (second, j) = rows[0], rows[-1]
    possible = np.minimum(first[2, i], second[2, j]) > 1e-3
    apart = np.where(possible, np.abs(first[2, i] - second[2, j]), 0)
    node = np.unravel_index(apart.argmax(), apart.shape)
    a, b = (2, i, *node), (2, j, *node)
    first[a], second[b] = second[b].copy(), first[a].copy()
    found = recheck(solved, [2], choices=choices)
    record = next(record for record in found.records if record.station == station)
    assert record.residual > verify.RESIDUAL_LIMIT
    assert record.regret > verify.REGRET_LIMIT
    assert not found.trusted


@pytest.mark.slow
def test_a_shifted_belief_is_noticed(solved):
    choices, own = altered(solved[2], "war.attend")
    own.posterior[0][2, 0, 2, open_cell(solved[0])] += 0.02
    found = recheck(solved, [2], choices=choices)
    error, record = found.worst("bayes")
    assert error == pytest.approx(0.02, abs=1e-5)
    assert record.station == "war.attend"
    assert found.trust.startswith("Do not rely on this solution: a second computation finds")
    assert "Bayes error 2.0e-02 at war.attend in month 2 (limit 1e-04)" in found.trust


@pytest.mark.slow
def test_a_belief_that_leaves_certainty_is_noticed(solved):
    choices, own = altered(solved[2], "answer")
    own.posterior[1][3, 0, 4, 0, 7] = 0.05
    assert recheck(solved, [3], choices=choices).worst("bayes")[0] == pytest.approx(0.05, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("station", "place"), [("war", (4, 3, 2, 60)), ("peace", (4, 2, 5, 2, 60))])
def test_a_changed_value_is_noticed_in_its_month_and_the_month_before(solved, station: str, place: tuple[int, ...]):
    values = {name: value.copy() for name, value in solved[1].items()}
    values[station][place] += 1e-3
    found = recheck(solved, [2, 3, 4, 5], values=values)
    wrong = {record.month for record in found.records if record.residual > verify.RESIDUAL_LIMIT}
    assert wrong == {3, 4}
    own = next(record for record in found.records if record.month == 4 and record.station == station)
    assert own.residual == pytest.approx(1e-3, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    "slot",
    [
        "mechanisms.front.pace",
        "mechanisms.endurance.fatigue",
        "mechanisms.manpower.losses",
        "mechanisms.patience.fruitless",
        "mechanisms.resumption.rearm",
        "mechanisms.guarantees.renege_patience.soft",
        "mechanisms.talks_shield.punish",
        "mechanisms.aspiration.sunk_cost",
        "packages.5.line_share",
    ],
)
def test_a_law_with_another_number_is_noticed(solved, slot: str):
    game, _, _ = solved
    values = np.array(game.inputs.values)
    values[game.shape.slot(slot)] *= 1.5
    inputs = SimpleNamespace(values=values, **{k: getattr(game.inputs, k) for k in ("grid", "deals", "calendar")})
    found = recheck(solved, [2], inputs=inputs)
    assert found.residual > 10 * verify.RESIDUAL_LIMIT
    assert not found.trusted


@pytest.mark.slow
def test_chances_that_do_not_add_up_are_noticed(solved):
    choices, own = altered(solved[2], "heard.patron")
    own.settler[0][6, 0, 3, 2, open_cell(solved[0])] += 1e-3
    leak, record = recheck(solved, [6], choices=choices).worst("leak")
    assert leak == pytest.approx(1e-3, abs=1e-9)
    assert record.station == "heard.patron"


@pytest.mark.slow
def test_what_is_not_a_number_is_not_trusted(solved):
    values = {name: value.copy() for name, value in solved[1].items()}
    values["war"][4, 0, 0, 60] = np.nan
    found = recheck(solved, [3, 4], values=values)
    assert found.residual == np.inf
    assert not found.trusted
