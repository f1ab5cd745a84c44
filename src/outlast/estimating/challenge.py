"""The challenge game: one player challenges or not, the other capitulates or fights (Signorino 1999, 2003).

    1 leaves it: (u11, -)     1 challenges, 2 capitulates: (u13, 0)     1 challenges, 2 fights: (u14, u24)

    agent error:          p4 = F(u24 / s),  p = F((p3 u13 + p4 u14 - u11) / s),          s = sqrt 2, p3 = 1 - p4
    private information:  p4 = Phi(u24 / s),  p = Phi((p3 u13 + p4 u14 - u11) / sqrt(1 + p3^2 + p4^2))

With agent error a mover's mistake is drawn when it moves; with private information each player knows the errors of its
own payoffs from the start. F is normal or logistic. The scale s is that of the R package ``games`` (Kenkel & Signorino
2014), for the logistic too, so that coefficients compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from outlast.estimating.binary import fit_binary
from outlast.estimating.cases import Cases
from outlast.estimating.fault import CasesError, fault, shown
from outlast.estimating.likelihood import Solved, solve_closed_form
from outlast.estimating.normal import log_ndtr

SPREAD = float(np.sqrt(2.0))


@dataclass(frozen=True, slots=True)
class ChallengeLaw:
    """Hold what fixes the chances of a case beside its utilities: the link and the kind of error."""

    link: str = "probit"
    errors: str = "agent"
    BELIEFS: ClassVar[tuple[str, ...]] = ("p_status_quo", "p_capitulation", "p_fight", "p_fight_if_challenged")

    def log_chances(self, utilities: jax.Array) -> jax.Array:
        """Return the log chance of each outcome of one case from its four utilities."""
        return jnp.stack(_branches(utilities, self.link, self.errors)[:3])

    def beliefs(self, utilities: jax.Array) -> dict[str, jax.Array]:
        """Return the chances of one case: of each outcome, and that player 2 fights when challenged."""
        parts = [jnp.exp(part) for part in _branches(utilities, self.link, self.errors)]
        return dict(zip(self.BELIEFS, parts, strict=True))


@dataclass(frozen=True)
class ChallengeModel:
    """Describe the challenge game: a formula for each utility, and where the table tells the outcome.

    Args:
        utilities: formulas of ``u11``, ``u13``, ``u14`` (player 1) and ``u24`` (player 2); one left out is zero.
        outcomes: three columns of counts, ``Label(column, values)`` or ``Moves(first, second)``.
        link: ``probit`` or ``logit``.
        errors: ``agent`` or ``private``. Private information needs the normal: a weighted sum of logistic errors is
            not logistic.
    """

    utilities: Mapping[str, Any]
    outcomes: Any
    link: str = "probit"
    errors: str = "agent"
    UTILITIES: ClassVar[tuple[str, ...]] = ("u11", "u13", "u14", "u24")
    OUTCOMES: ClassVar[tuple[str, ...]] = ("status quo", "capitulation", "fight")
    PAYOFFS: ClassVar[tuple[tuple[str, ...], ...]] = (("u11", "u13", "u14"),)

    def __post_init__(self) -> None:
        faults = []
        for name, value, known in (
            ("link", self.link, ("probit", "logit")),
            ("errors", self.errors, ("agent", "private")),
        ):
            if value not in known:
                rule = f"{name} is one of {', '.join(known)}"
                faults.append(fault(name, shown(value), rule, "these are the laws known here", "write one of them"))
        if self.link == "logit" and self.errors == "private":
            rule, reason = "private errors are normal", "a weighted sum of logistic errors is not logistic"
            remedy = 'use link="probit", or errors="agent"'
            faults.append(fault("link", "logit with private errors", rule, reason, remedy))
        if faults:
            raise CasesError(faults)

    @property
    def law(self) -> ChallengeLaw:
        """The map from the utilities of one case to its chances."""
        return ChallengeLaw(self.link, self.errors)

    def solved(self, cases: Cases, method: Any, start: np.ndarray | None) -> Solved:
        """Return the coefficients of the greatest likelihood. The equilibrium is unique, so ``method`` is None."""
        if method is not None:
            rule, reason = "the challenge game takes no method", "its equilibrium is unique and in closed form"
            raise CasesError([fault("method", shown(method), rule, reason, "leave `method` out")])
        return solve_closed_form(self.law, cases, [self.start(cases) if start is None else start])

    def start(self, cases: Cases) -> np.ndarray:
        """Return coefficients by statistical backward induction: fit player 2's choice, then 1's given 2's fit."""
        x11, x13, x14, x24 = (design.columns for design in cases.designs)
        k11, k13, k14, k24 = (design.known for design in cases.designs)
        none, yielded, fought = cases.counts.T
        second = fit_binary(x24, k24 / SPREAD, fought, yielded, self.link)
        index = x24 @ second + k24 / SPREAD
        fights = np.asarray(jax.nn.sigmoid(index) if self.link == "logit" else jax.scipy.special.ndtr(index))[:, None]
        columns = np.concatenate([-x11, (1 - fights) * x13, fights * x14], axis=1)
        known = (1 - fights[:, 0]) * k13 + fights[:, 0] * k14 - k11
        first = fit_binary(columns, known / SPREAD, yielded + fought, none, self.link)
        return SPREAD * np.concatenate([first, second])


def _branches(utilities: jax.Array, link: str, errors: str) -> tuple[jax.Array, ...]:
    """Return log chances: status quo, capitulation, fight, and fight once challenged."""
    u11, u13, u14, u24 = utilities
    log = jax.nn.log_sigmoid if link == "logit" else log_ndtr
    fights, yields = log(u24 / SPREAD), log(-u24 / SPREAD)
    p4, p3 = jnp.exp(fights), jnp.exp(yields)
    spread = SPREAD if errors == "agent" else jnp.sqrt(1 + p3**2 + p4**2)
    index = (p3 * u13 + p4 * u14 - u11) / spread
    challenges = log(index)
    return log(-index), challenges + yields, challenges + fights, fights
