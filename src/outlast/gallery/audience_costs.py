"""Reproduce the standing game of two countries between peace, crisis and war at a published equilibrium.

    v_i(a, s) = sum_b P_j(b | s) [u_i(a, b, s) + d W_i(max(a, b))],    W_i(s) = log sum_a exp v_i(a, s),
    P_i(. | s) = softmax of v_i(., s)

Values are by log-sum-exp, without Euler's constant; both choose at once, so the next state is the higher of two levels.
The game has many equilibria. What is tested is therefore that the published one is among them, and how many are found.

Source: C. Crisman-Cox and M. Gibilisco, "Audience Costs and the Dynamics of War and Peace", American Journal of
Political Science 62, 2018 (data: doi 10.7910/DVN/XBNJD9). The pair is United States and Canada.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from outlast.estimating.standoff import Standoff, residual, standings
from outlast.gallery.row import Row

AT_LEAST = 21
PUBLISHED = (
    (
        (0.990288159, 0.008059759, 0.001652082),
        (0.940265154, 0.049556709, 0.010178137),
        (0.968272674, 0.026055121, 0.005672206),
    ),
    (
        (0.980027313, 0.018072161, 0.001900526),
        (0.938681085, 0.055426502, 0.005892413),
        (0.966282312, 0.030206369, 0.003511318),
    ),
)


def pair() -> Standoff:
    """Return the published numbers of the pair."""
    return Standoff(
        states=np.array([[0, 19.222340560829966, 18.194014876234522], [0, 19.27058730817057, 17.456869211036405]]),
        levels=np.array([[0, -20.552529483186028, -21.64438948218408], [0, -20.605195900566518, -21.58697669025444]]),
        contested=np.array([-48.24506818316547, 9.322797957591398, 13.836028048925977]),
        audience=np.array([-16.92113016407157, -16.7598086340207]),
    )


def rows() -> Iterator[Row]:
    """Compare chances to 1e-8 at the equilibrium nearest the published one, its residual, and the count."""
    published = np.array(PUBLISHED)
    yield Row("largest gap of the published chances to best replies", 0, residual(pair(), published), 2e-9)
    found = standings(pair(), starts=300, generator=np.random.default_rng(1))
    near = found.chances[np.abs(found.chances - published).max(axis=(1, 2, 3)).argmin()]
    for i, country in enumerate(("United States", "Canada")):
        for s, state in enumerate(("peace", "crisis", "war")):
            yield Row(f"{country}, {state}: chance of peace", PUBLISHED[i][s][0], float(near[i, s, 0]), 1e-8)
            yield Row(f"{country}, {state}: chance of crisis", PUBLISHED[i][s][1], float(near[i, s, 1]), 1e-8)
    missing = max(0, AT_LEAST - len(found.chances))
    yield Row(f"equilibria short of the {AT_LEAST} known", 0, missing, 0)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the chances of peace in peace, in every equilibrium found."""
    found = standings(pair(), starts=300, generator=np.random.default_rng(1))
    points: list[dict[str, float | str]] = [
        {"x": float(one[0, 0, 0]), "y": float(one[1, 0, 0]), "curve": "an equilibrium"} for one in found.chances
    ]
    return "chance of peace in peace, United States", "the same, Canada", points
