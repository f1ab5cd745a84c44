"""What was chosen at a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Choice(NamedTuple):
    """The equilibrium choice at a decision, one array per block of actions.

    Arrays have shape ``(actions, *index, beliefs, cells)``.
    """

    settler: list[Any]
    """Chance of each action of a settler; of the mover where nobody's type is private."""
    staller: Any = None
    """Chance of each action of a staller; None where nobody's type is private."""
    posterior: Any = None
    """The belief that each action leaves; None where nobody's type is private."""

    def each(self, change: Callable[[Any], Any]) -> Choice:
        """Return the choice with every array changed."""
        settler, staller, posterior = (blocks and [change(block) for block in blocks] for blocks in self)
        return Choice(settler or [], staller, posterior)
