"""More than one equilibrium of a published model: random starts, what is distinct, and which one a branch leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outlast.game.explicit import ExplicitGame


@dataclass(frozen=True)
class Found:
    """One equilibrium: starts that led to it, its residual, and what a reader would ask of it."""

    starts: int
    residual: float
    answers: dict[str, float]


@dataclass(frozen=True)
class Several:
    """The equilibria that random starts led to, the most often found first: there are so many, and may be more."""

    subject: str
    """The game, in words."""
    seed: int
    failed: int
    """Starts that led to none."""
    found: tuple[Found, ...]
    principal: int | None
    """Which of them following noise down leads to, from 0; None where the branch stopped."""
    branch: str
    """How following noise down ended, in words."""

    @property
    def spread(self) -> dict[str, float]:
        """Return how far the choice of equilibrium moves each answer."""
        names = self.found[0].answers if self.found else ()
        columns = {name: [one.answers[name] for one in self.found] for name in names}
        return {name: max(column) - min(column) for name, column in columns.items()}

    def record(self) -> dict[str, Any]:
        """Return plain values."""
        rows = [
            {"starts": one.starts, "residual": one.residual, "answers": one.answers, "principal": i == self.principal}
            for i, one in enumerate(self.found)
        ]
        return {
            "subject": self.subject,
            "seed": self.seed,
            "starts": self.failed + sum(one.starts for one in self.found),
            "failed": self.failed,
            "equilibria": rows,
            "branch": self.branch,
            "spread": self.spread,
        }


def several_of(
    game: ExplicitGame, questions: Mapping[str, tuple[str, str]], *, subject: str, starts: int, seed: int
) -> Several:
    """Look for equilibria of an explicit game; ``questions`` are chances, by state and action."""
    from outlast.solving.multistart import equilibria_of

    found = equilibria_of(game, starts=starts, seed=seed)
    rows = {name: game.row_index(*place) for name, place in questions.items()}
    each = tuple(
        Found(count, residual, {name: float(chances[row]) for name, row in rows.items()})
        for count, residual, chances in zip(found.starts, found.residuals, found.chances, strict=True)
    )
    return Several(subject, seed, found.failed, each, found.principal, found.solution.outcome)
