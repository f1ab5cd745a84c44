"""Sections of the page in the order in which a busy person reads them."""

from __future__ import annotations

from outlast.report.parts import Maker
from outlast.report.sections.deals import deals, durability
from outlast.report.sections.futures import futures
from outlast.report.sections.grounds import assumptions, certificate
from outlast.report.sections.ledger import claims, mistakes
from outlast.report.sections.outlook import delay, headlines, rounds
from outlast.report.sections.signals import signals

SECTIONS: tuple[Maker, ...] = (
    headlines, rounds, delay, deals, durability, futures, signals, claims, mistakes, assumptions, certificate,
)  # fmt: skip
