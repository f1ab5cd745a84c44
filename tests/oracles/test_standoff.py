"""The standing game of Crisman-Cox & Gibilisco (2018): the published equilibrium of a dyad, and how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from outlast.estimating.standoff import Standings, Standoff, payoffs, residual, standings

USA_CANADA = Standoff(
    states=np.array([[0, 19.222340560829966, 18.194014876234522], [0, 19.27058730817057, 17.456869211036405]]),
    levels=np.array([[0, -20.552529483186028, -21.64438948218408], [0, -20.605195900566518, -21.58697669025444]]),
    contested=np.array([-48.24506818316547, 9.322797957591398, 13.836028048925977]),
    audience=np.array([-16.92113016407157, -16.7598086340207]),
)
PUBLISHED = np.array(
    [
        [
            [0.990288159, 0.008059759, 0.001652082],
            [0.940265154, 0.049556709, 0.010178137],
            [0.968272674, 0.026055121, 0.005672206],
        ],
        [
            [0.980027313, 0.018072161, 0.001900526],
            [0.938681085, 0.055426502, 0.005892413],
            [0.966282312, 0.030206369, 0.003511318],
        ],
    ]
)


@pytest.fixture(scope="module")
def found() -> Standings:
    return standings(USA_CANADA, starts=300, generator=np.random.default_rng(1))


def test_payoffs_by_hand():
    u = payoffs(USA_CANADA)
    assert u[0, 0, 0, 0] == 0
    assert u[0, 1, 2, 0] == pytest.approx(-20.552529483186028 - 48.24506818316547)
    # In crisis, country 2 backs down to level 1 while the other stays at 2: the audience cost, and no contest.
    assert u[1, 0, 1, 1] == pytest.approx(19.27058730817057 - 16.7598086340207)
    assert u[1, 0, 0, 1] == pytest.approx(19.27058730817057)


def test_published_chances_are_an_equilibrium_to_their_printed_digits():
    assert residual(USA_CANADA, PUBLISHED) < 2e-9
    wrong = PUBLISHED.copy()
    wrong[0, 0] += [1e-4, -1e-4, 0]
    assert residual(USA_CANADA, wrong) > 1e-5


def test_the_equilibrium_beside_the_published_one_agrees_to_its_digits(found: Standings):
    distance = np.abs(found.chances - PUBLISHED).max(axis=(1, 2, 3))
    assert distance.min() < 1e-8


def test_there_are_many_equilibria_and_each_is_one(found: Standings):
    assert len(found.chances) >= 21
    assert found.residual.max() < 1e-9
    assert max(residual(USA_CANADA, chances) for chances in found.chances) < 1e-7
    assert found.chances.sum(axis=-1) == pytest.approx(1)
