"""Scenarios: a war in words and numbers, from TOML to a frozen type.

``read`` makes a ``Scenario`` from a file or the name of a shipped one, or raises ``ScenarioError`` with every fault.
Nothing in this room touches arrays.
"""

from __future__ import annotations

from outlast.scenario.fault import Fault, Place, ScenarioError
from outlast.scenario.number import ByGuarantee, ByType, Number
from outlast.scenario.prior import Prior, prior_of
from outlast.scenario.reading import read
from outlast.scenario.scale import Scale
from outlast.scenario.scenario import Scenario

__all__ = [
    "ByGuarantee",
    "ByType",
    "Fault",
    "Number",
    "Place",
    "Prior",
    "Scale",
    "Scenario",
    "ScenarioError",
    "prior_of",
    "read",
]
