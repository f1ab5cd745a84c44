"""A renewal of draws finds a posterior that is known, and says how many draws were effective before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import ndtr

from outlast.learning import posterior
from outlast.learning.draws import Ranges
from outlast.learning.filter import Filtered
from outlast.learning.posterior import Posterior, refresh
from outlast.learning.weights import effective, normalised
from outlast.scenario.prior import Spread

DRAWS = 300
TRUTH, NOISE = 0.8, 0.02
RANGES = Ranges((Spread("seen", 0.0, 0.5, 1.0), Spread("unseen", 0.0, 0.5, 1.0)))


def said(points: list) -> list[Filtered]:
    """A record that reads the first number with a little noise."""
    logs = [-0.5 * ((point[0] - TRUTH) / NOISE) ** 2 for point in points]
    nothing = np.zeros(0)
    return [Filtered(log, nothing, nothing, nothing, {}, None, 0.5) for log in logs]


@dataclass
class Pretend:
    """Solves nothing: a policy is the point itself."""

    solved: int = 0

    def __call__(self, points: np.ndarray, say: object, stage: str) -> list[np.ndarray]:
        self.solved += len(points)
        return list(points)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Pretend:
    monkeypatch.setattr(posterior, "filter_all", lambda policies, *_, **__: said(policies))
    return Pretend()


def test_a_renewal_finds_the_posterior_and_says_how_far_the_first_draws_went(pretend: Pretend):
    points = RANGES.sample(DRAWS, 3)
    filters = said(list(points))
    weights = normalised(np.array([each.loglikelihood for each in filters]))
    before = Posterior(RANGES, points, list(points), filters, weights, effective(weights), 0.0)
    after = refresh(before, pretend, None, {}, count=DRAWS, seed=4)  # type: ignore[arg-type]
    assert before.effective < 0.1 * DRAWS
    assert after.prior_effective == pytest.approx(before.effective)
    # Moves are accepted about one time in three; a draw that was copied and has not moved since counts once.
    assert before.effective < after.effective < DRAWS
    assert after.effective > DRAWS / 3
    powers = [rung.power for rung in after.rungs]
    assert powers == sorted(powers)
    assert after.rungs[-1].power == 1
    assert pretend.solved == DRAWS * len(after.rungs)
    seen, unseen = after.numbers.T
    assert seen.mean() == pytest.approx(TRUTH, abs=0.005)
    assert seen.std() == pytest.approx(NOISE, rel=0.2)
    assert np.quantile(unseen, (0.1, 0.5, 0.9)) == pytest.approx([0.1, 0.5, 0.9], abs=0.1)
    assert ndtr((np.quantile(seen, 0.9) - TRUTH) / NOISE) == pytest.approx(0.9, abs=0.06)
