"""Whatever carries values backward is the transpose of what pushes mass forward: <M v, m> = <v, M' m>.

Values go through a layer by one loop and mass by another. If they disagreed, answers that read distributions would
speak of another game than the one that was solved.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlast.game.layers import Absorb, Action, Chance, Decision, Move, Shift, Step
from outlast.solving.choice import Choice
from outlast.solving.forward import Followed, push
from outlast.solving.month import Ready, solve_month
from outlast.solving.workspace import Workspace

BELIEFS = np.array([0.0, 0.3, 1.0])
INDEX = 3
"""Entries of an index axis where there is one."""
RUNS = 2
CLOSE = 1e-12
SHAPE = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def grids(draw: st.DrawFn) -> tuple[tuple[int, ...], np.random.Generator]:
    """The sizes of a few stocks, eight cells at least, and a source of numbers."""
    sizes = (*draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)), draw(st.integers(8, 9)))
    return sizes, np.random.default_rng(draw(st.integers(0, 2**32 - 1)))


def step(sizes: tuple[int, ...], axis: int, lead: tuple[int, ...], random: np.random.Generator) -> Step:
    """A step of one stock with chances that stay on the grid, zero here and there."""
    chances = random.dirichlet((1, 1, 1), size=(*lead, 1, int(np.prod(sizes)))) * random.integers(0, 2, size=3)
    place = np.indices(sizes)[axis].reshape(-1)
    up = np.where(place < sizes[axis] - 1, chances[..., 0], 0.0)
    down = np.where(place > 0, chances[..., 1], 0.0)
    return Step(int(np.prod(sizes[axis + 1 :])), up, down)


def shift(sizes: tuple[int, ...], axis: int, lead: tuple[int, ...], random: np.random.Generator) -> Shift:
    """A jump of one stock."""
    matrix = random.dirichlet(np.ones(sizes[axis]), size=(*lead, sizes[axis]))
    return Shift(int(np.prod(sizes[:axis])), int(np.prod(sizes[axis + 1 :])), matrix)


def both_ways(ready: Ready, later: dict[str, np.ndarray], mass: np.ndarray) -> tuple[float, float]:
    """Return <M v, m> and <v, M' m> of a layer of chance or of moves, by run."""
    space = Workspace(BELIEFS, accounts=RUNS, tolerance=1e-9)
    stations, _, _, _ = solve_month((ready,), later, {}, space)
    value = stations[ready.station]
    sizes = {name: each.shape[1:] for name, each in (later | {ready.station: value}).items()}
    who = Followed(np.zeros(RUNS, dtype=int), BELIEFS, {})
    mass = np.broadcast_to(mass, value.shape).copy()
    here, tomorrow = push((ready,), {}, {ready.station: mass}, sizes, who)
    reached = {name: each for name, each in (here | tomorrow).items() if name in later}
    return float((value * mass).sum()), sum(float((later[name] * each).sum()) for name, each in reached.items())


@SHAPE
@given(
    grids(), st.sampled_from(["none", "one", "each"]), st.booleans(), st.lists(st.booleans(), min_size=1, max_size=4)
)
def test_moves(drawn: tuple, index: str, tomorrow: bool, kinds: list[bool]):
    """Steps and jumps in any order, with chances that differ by index entry or not, with and without a choice of it."""
    sizes, random = drawn
    lead = (INDEX,) if index == "each" else ()
    moves = []
    for jumps in kinds:
        axis = int(random.integers(len(sizes)))
        moves.append((shift if jumps else step)(sizes, axis, lead, random))
    pick = random.integers(0, 2, size=INDEX) if index == "one" else None
    reached = {"none": (), "one": (2,), "each": (INDEX,)}[index]
    move = Move("here", "there", tuple(moves), pick=pick, tomorrow=tomorrow, index=int(index != "none"))
    later = {"there": random.normal(size=(RUNS, *reached, len(BELIEFS), int(np.prod(sizes))))}
    own = () if index == "none" else (INDEX,)
    mass = random.random((RUNS, *own, len(BELIEFS), int(np.prod(sizes))))
    left, right = both_ways(Ready(move), later, mass)
    assert left == pytest.approx(right, abs=CLOSE * mass.size)


@SHAPE
@given(grids())
def test_chance(drawn: tuple):
    sizes, random = drawn
    cells = int(np.prod(sizes))
    chances = random.dirichlet((1, 1, 1), size=(1, cells))
    layer = Chance("here", ("a", "b", "c"), tuple(chances[..., k] for k in range(3)))
    later = {name: random.normal(size=(RUNS, len(BELIEFS), cells)) for name in layer.to}
    mass = random.random((RUNS, len(BELIEFS), cells))
    left, right = both_ways(Ready(layer), later, mass)
    assert left == pytest.approx(right, abs=CLOSE * mass.size)


@SHAPE
@given(grids())
def test_where_play_ends(drawn: tuple):
    """What has ended keeps its value; mass that is there stays at the station for the month after."""
    sizes, random = drawn
    cells = int(np.prod(sizes))
    over = random.integers(0, 2, size=cells).astype(float)
    worth = random.normal(size=(RUNS, 1, 1))
    ready = Ready(Absorb("here", "there", over, worth))
    value = np.where(over > 0, worth, random.normal(size=(RUNS, len(BELIEFS), cells)))
    mass = random.random(value.shape)
    who, sizes_of = Followed(np.zeros(RUNS, dtype=int), BELIEFS, {}), dict.fromkeys(("here", "there"), value.shape[1:])
    here, tomorrow = push((ready,), {}, {"here": mass}, sizes_of, who)
    pushed = (tomorrow["here"] * worth).sum() + (here["there"] * value).sum()
    assert pushed == pytest.approx((value * mass).sum(), abs=CLOSE * mass.size)


@SHAPE
@given(grids(), st.integers(1, 4), st.booleans())
def test_decisions_that_all_see(drawn: tuple, actions: int, fan: bool):
    sizes, random = drawn
    cells = int(np.prod(sizes))
    chances = np.moveaxis(random.dirichlet(np.ones(actions + 1), size=(len(BELIEFS), cells)), -1, 0)
    layer = Decision(
        "here", 0, (Action("many", "fan", fan=fan), Action("one", "alone")) if fan else (Action("one", "alone"),),
        np.asarray(1.0),
    )  # fmt: skip
    blocks = [chances[:actions], chances[actions:]] if fan else [chances[actions:]]
    later = {"alone": random.normal(size=(RUNS, len(BELIEFS), cells))}
    later |= {"fan": random.normal(size=(RUNS, actions, len(BELIEFS), cells))} if fan else {}
    mass = random.random((RUNS, len(BELIEFS), cells))
    value = blocks[-1][0] * later["alone"] + ((blocks[0] * later["fan"]).sum(axis=1) if fan else 0.0)
    sizes_of = {name: each.shape[1:] for name, each in later.items()}
    here, _ = push(
        (Ready(layer),),
        {"here": Choice(blocks)},
        {"here": mass},
        sizes_of,
        Followed(np.zeros(RUNS, dtype=int), BELIEFS, {}),
    )
    pushed = sum((here[name] * each).sum() for name, each in later.items())
    assert pushed == pytest.approx((value * mass).sum(), abs=CLOSE * mass.size)


@SHAPE
@given(grids(), st.integers(1, 4), st.sampled_from([0, 1]))
def test_decisions_that_move_the_belief(drawn: tuple, actions: int, kind: int):
    """A type that stands at a level true to its name goes to two levels as true to theirs, and none of it is lost."""
    sizes, random = drawn
    inside = (actions, len(BELIEFS), int(np.prod(sizes)))
    chances = [np.moveaxis(random.dirichlet(np.ones(actions), size=inside[1:]), -1, 0) for _ in range(2)]
    posterior = random.random(inside) * 0.98 + 0.01
    layer = Decision("here", -1, (Action("any", "fan", fan=True),), np.asarray(1.0))
    worth = random.normal(size=(RUNS, *inside))
    mass = random.random((RUNS, *inside[1:]))
    low = np.clip(np.searchsorted(BELIEFS, posterior, side="right") - 1, 0, len(BELIEFS) - 2)
    share = (posterior - BELIEFS[low]) / (BELIEFS[low + 1] - BELIEFS[low])
    name = BELIEFS if kind else 1 - BELIEFS
    own = posterior if kind else 1 - posterior
    weights = ((1 - share) * name[low] / own, share * name[low + 1] / own)
    read = [np.take_along_axis(worth, np.broadcast_to(low + k, worth.shape), axis=-2) for k in (0, 1)]
    value = (chances[kind] * sum(weight * at for weight, at in zip(weights, read, strict=True))).sum(axis=1)
    who = Followed(np.full(RUNS, kind), BELIEFS, {})
    choice = Choice([chances[0]], [chances[1]], [posterior])
    here, _ = push((Ready(layer),), {"here": choice}, {"here": mass}, {"fan": inside}, who)
    assert (here["fan"] * worth).sum() == pytest.approx((value * mass).sum(), abs=CLOSE * worth.size)
    assert here["fan"].sum() == pytest.approx(mass.sum(), rel=1e-12)
