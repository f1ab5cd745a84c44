"""Answer 7: how far each headline answer moves with each number of the scenario."""

from outlast.answers.sensitivity.table import derivatives, sensitivity

__all__ = ["derivatives", "sensitivity"]
