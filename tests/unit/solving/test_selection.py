"""The rule by which a typed node takes one of its equilibria is the one on ``docs/typed_nodes.md``."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from outlast.game.layers import TYPED, Action, Decision
from outlast.solving import backward, lanes, stationwise, tracing
from outlast.solving.month import Ready, Solved, decide
from outlast.solving.workspace import Start, Workspace

PAGE = Path(__file__).parents[3] / "docs" / "typed_nodes.md"
LEVELS = np.array([0.0, 0.2, 0.5, 0.8, 1.0])
MIDDLE = 1
"""Place of the belief of one half between the ends."""
SAME = 1e-5
"""Two equilibria of these nodes lie much farther apart."""
EXPECTED = np.array(
    [
        -11.007,
        -0.939,
        -4.919,
        5.523,
        -2.365,
        -4.338,
        -4.607,
        -3.079,
        5.514,
        -1.017,
        1.448,
        0.819,
        -1.425,
        2.184,
        7.629,
        -1.155,
        6.628,
        0.397,
        4.921,
        4.151,
        -1.713,
        2.689,
        1.195,
        2.768,
        -5.125,
        2.563,
        1.764,
        -2.328,
        -0.647,
        -0.752,
        2.552,
        -4.462,
        9.204,
        3.331,
        -0.064,
        2.105,
        -2.021,
        -4.790,
        -6.589,
        4.714,
        -7.852,
        1.953,
        -3.556,
        4.643,
        3.445,
        -3.084,
        10.847,
        -3.670,
        -1.165,
        -1.058,
        1.224,
        -1.266,
        -1.519,
        -7.440,
        1.209,
        -4.151,
        2.383,
        -1.216,
        -1.229,
        -3.440,
        9.764,
        1.558,
        1.263,
        -0.011,
    ]
)
"""Sum of the log odds over the actions, by cell, at a belief of one half, from pooling."""


def constants() -> dict[str, float]:
    """Return the table of the page."""
    rows = re.findall(r"^\| `(\w+)` \| ([\d.e+-]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: float(value) for name, value in rows}


def nodes() -> np.ndarray:
    """Values of four actions to three accounts at 64 cells, so steep that many nodes have several equilibria."""
    return 3.0 * np.random.default_rng(1).normal(size=(3, 4, len(LEVELS), 64))


def solved(start: np.ndarray | None = None) -> Solved:
    values = nodes()
    actions = tuple(Action(f"{a}", f"after {a}") for a in range(values.shape[1]))
    stations = {action.to: values[:, place] for place, action in enumerate(actions)}
    space = Workspace(LEVELS, accounts=len(values), tolerance=backward.TOLERANCE)
    begin = None if start is None else Start(start, np.zeros_like(start))
    return decide(Ready(Decision("here", TYPED, actions, np.asarray(1.0))), stations, begin, space)


@pytest.mark.parametrize("name", sorted(constants()))
def test_constants_are_those_of_the_page(name: str):
    owner = next(module for module in (lanes, tracing, stationwise, backward) if hasattr(module, name))
    assert getattr(owner, name) == constants()[name]


def test_the_page_names_them_all():
    said = set(constants())
    for module in (lanes, tracing):
        own = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, int | float)}
        assert own - {"WIDTH", "NEVER", "APART"} <= said


def test_from_pooling_the_same_equilibria_are_taken_as_before():
    """Where Newton's method wanders, its last digits may decide: three cells of sixty-four may go elsewhere."""
    found = solved()
    assert found.odds is not None
    assert found.proof.restarted > 20, "some nodes must be among them that Newton's method does not solve"
    sums = found.odds[:, 0, MIDDLE].sum(axis=0)
    assert (np.abs(sums - EXPECTED) > 0.01).sum() <= 3


def test_an_equilibrium_that_is_followed_is_kept_and_nodes_have_several():
    first = solved().odds
    assert first is not None
    begin = 5.0 * np.random.default_rng(2).normal(size=first.shape)
    other = solved(begin).odds
    assert other is not None
    assert (np.abs(first - other).max(axis=0) > 0.1).mean() > 0.1
    for roots in (first.copy(), other.copy()):
        again = solved(roots)
        assert again.odds is not None
        assert np.abs(again.odds - roots).max() < SAME
        assert again.proof.restarted == 0
