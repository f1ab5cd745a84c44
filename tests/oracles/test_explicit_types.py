"""Private types: printed mixing of the chain store, every path and belief by hand, the grid against exact beliefs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from explicit_samples import attrition, chain_store, signalling

from belief_grid import solve_on_grid as by_loops
from outlast.game.explicit import GameError
from outlast.game.explicit_histories import histories_of
from outlast.game.layers import TYPED
from outlast.solving.explicit_grid import solve_on_grid
from outlast.solving.explicit_types import TypesSolution, solve_exactly

PRIOR = 0.35


@pytest.fixture(scope="module")
def solution() -> TypesSolution:
    """The chain store with six stages to go."""
    return solve_exactly(chain_store(6, 0.1, 0.02))


class TestChainStore:
    """Kreps & Wilson (1982), six stages, prior 0.1: what the mixing tends to as noise falls."""

    def test_it_is_solved(self, solution: TypesSolution):
        assert solution.trusted, solution.outcome
        assert solution.warnings == ()

    def test_value_of_the_weak_incumbent(self, solution: TypesSolution):
        assert solution.value(0, "weak") == pytest.approx(6, abs=0.02)

    @pytest.mark.parametrize(
        ("left", "fights", "weak", "after"), [(4, 0, 7 / 9, 0.125), (3, 1, 1 / 3, 0.25), (2, 2, 1 / 3, 0.5)]
    )
    def test_mixing(self, solution: TypesSolution, left: int, fights: int, weak: float, after: float):
        """With ``left`` stages to go after ``fights`` fights; entrants stay out before."""
        node = solution.at("out", "out", *["in", "fight"] * fights)
        answer = solution.histories.child(node, "in")
        # At three stages left the belief equals the entrant's threshold up to noise, and noise moves the mix by more.
        tolerance = 0.1 if left == 3 else 0.005
        assert solution.chance(answer, "fight", type="weak") == pytest.approx(weak, abs=tolerance)
        assert solution.belief(solution.histories.child(answer, "fight")) == pytest.approx(after, abs=0.002)
        assert solution.belief(solution.histories.child(answer, "acquiesce")) == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize(("left", "fights"), [(2, 2), (1, 3)])
    def test_the_entrant_mixes_one_half_at_its_threshold(self, solution: TypesSolution, left: int, fights: int):
        node = solution.at("out", "out", *["in", "fight"] * fights)
        assert solution.chance(node, "in") == pytest.approx(0.5, abs=0.01)

    def test_less_noise_is_nearer(self):
        gaps = []
        for noise in (0.08, 0.04, 0.02):
            found = solve_exactly(chain_store(3, 0.1, noise), watch=None)
            node = found.at("in", "fight", "in")
            gaps.append(abs(found.chance(node, "fight", type="weak") - 1 / 3))
        assert gaps[0] > gaps[1] > gaps[2]


class Paths:
    """The signalling game by hand: walks every path of a solution and computes beliefs, values and replies from it."""

    def __init__(self, solution: TypesSolution) -> None:
        self.solution, self.game = solution, solution.histories.game

    def rows(self, node: int) -> range:
        return range(int(self.game.first[node]), int(self.game.first[node + 1]))

    def worth(self, node: int, row: int, kind: int, account: int) -> float:
        """What an action is worth to an account if the truth is type ``kind``, by every path after it."""
        total = 0.0
        for at in range(int(self.game.edge[row]), int(self.game.edge[row + 1])):
            total += self.game.chance[at] * self.value(int(self.game.successor[at]), kind, account)
        return self.game.pay[account, row] + self.game.discount[account, node] * total

    def value(self, node: int, kind: int, account: int) -> float:
        rows = self.rows(node)
        if not rows:
            return float(self.game.value[account, node])
        return sum(self.solution.chances[kind, row] * self.worth(node, row, kind, account) for row in rows)

    def check(self, node: int, weights: tuple[float, float]) -> int:
        """Compare every node at and after this one; ``weights`` are the chances of each type getting here."""
        belief = weights[1] / sum(weights)
        assert self.solution.beliefs[node] == pytest.approx(belief, abs=1e-10)
        rows = self.rows(node)
        mover = int(self.game.mover[node])
        count = 1
        for account in range(3):
            by_type = [self.value(node, kind, account) for kind in (0, 1)]
            mean = by_type[account] if account < 2 else belief * by_type[1] + (1 - belief) * by_type[0]
            assert self.solution.values[account, node] == pytest.approx(mean, abs=1e-10)
        for kind in (0, 1):
            z = [self.reply_worth(node, row, kind, mover, belief) / self.game.noise[node] for row in rows]
            top = max(z, default=0.0)
            total = sum(math.exp(one - top) for one in z)
            for row, one in zip(rows, z, strict=True):
                if len(rows) > 1:
                    assert self.solution.chances[kind, row] == pytest.approx(math.exp(one - top) / total, abs=1e-10)
        for row in rows:
            pair = tuple(w * self.solution.chances[k, row] for k, w in enumerate(weights))
            for at in range(int(self.game.edge[row]), int(self.game.edge[row + 1])):
                count += self.check(int(self.game.successor[at]), pair if mover == TYPED else weights)
        return count

    def reply_worth(self, node: int, row: int, kind: int, mover: int, belief: float) -> float:
        if mover == TYPED:
            return self.worth(node, row, kind, kind)
        account = max(mover, 0)
        return belief * self.worth(node, row, 1, account) + (1 - belief) * self.worth(node, row, 0, account)


@pytest.mark.parametrize("noise", [0.3, 0.05])
def test_every_path_and_every_belief_by_hand(noise: float):
    solution = solve_exactly(signalling(noise))
    assert solution.trusted, solution.outcome
    assert Paths(solution).check(0, (1 - PRIOR, PRIOR)) > 30


def test_the_loops_of_the_war_solve_a_signalling_game_as_plain_ones_do():
    levels = (0, 0.3, 0.6, 1)
    found, plain = solve_on_grid(signalling(), levels), by_loops(signalling(), levels)
    assert found.trusted
    assert found.chances == pytest.approx(plain.chances, abs=1e-8)
    assert found.values == pytest.approx(plain.values, abs=1e-8)
    assert found.posteriors == pytest.approx(plain.posteriors, abs=1e-8)


def test_the_grid_closes_in_on_exact_beliefs_at_second_order():
    game = signalling()
    exact = solve_exactly(game)
    gaps = []
    for count in (9, 17, 33):
        found = solve_on_grid(game, np.linspace(0, 1, count))
        assert found.trusted
        node = exact.at("loud", "stand", "send 2")
        belief = exact.belief(node)
        gap = [
            found.chance("send 1", "loud", PRIOR, type=kind) - exact.chance(0, "loud", type=kind)
            for kind in ("weak", "tough")
        ]
        gap += [found.value("send 1", a, PRIOR) - exact.value(0, a) for a in game.accounts]
        gap += [found.posterior("send 1", "loud", PRIOR) - belief]
        gaps.append(max(map(abs, gap)))
    assert gaps[2] <= 1e-3
    assert gaps[2] < gaps[0] / 4


def test_a_grid_without_the_ends_is_refused():
    with pytest.raises(ValueError, match="rise from 0 to 1"):
        solve_on_grid(signalling(), (0.1, 0.5, 0.9))


def test_too_many_histories_are_refused_before_any_work():
    with pytest.raises(GameError, match="more than 50 histories"):
        histories_of(chain_store(6, 0.1, 0.1), most=50)


def test_play_that_comes_back_needs_a_number_of_moves():
    with pytest.raises(GameError, match="moves="):
        histories_of(attrition(1))
    assert histories_of(attrition(1), moves=4).game.states == 5 + 4
