"""Sections of the page in the order in which a busy person reads them."""

from __future__ import annotations

from outlast.reporting.parts import Maker
from outlast.reporting.sections.deals import deals, durability
from outlast.reporting.sections.futures import futures
from outlast.reporting.sections.grounds import assumptions, certificate
from outlast.reporting.sections.influence import influence
from outlast.reporting.sections.ledger import claims, mistakes
from outlast.reporting.sections.leverage import leverage
from outlast.reporting.sections.outlook import delay, headlines, rounds
from outlast.reporting.sections.signals import signals

SECTIONS: tuple[Maker, ...] = (
    headlines, rounds, delay, deals, durability, futures, signals, claims, influence, mistakes, leverage, assumptions,
    certificate,
)  # fmt: skip
