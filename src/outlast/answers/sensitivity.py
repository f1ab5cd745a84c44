"""Answer 7: how far each headline answer moves with each number of the scenario."""

from __future__ import annotations

import numpy as np

from outlast.answers.columns import SMOOTH, Headlines
from outlast.answers.standpoint import Standpoint
from outlast.solving import Solution
from outlast.solving.adjoint.tape import SolutionTape
from outlast.solving.adjoint.walk import walk
from outlast.solving.solution import precise


def derivatives(solution: Solution, package: int) -> np.ndarray:
    """Return derivatives ``(headlines, numbers)``: rows as in ``SMOOTH``, columns as ``game.shape.slots``."""
    view = Standpoint(solution)
    headlines = Headlines(view, package)
    with precise():
        found = walk(SolutionTape(solution), solution.game.rules, view.inputs, headlines.columns())
        total = found.derivatives + headlines.at_start(found)
    return total[: len(SMOOTH)]
