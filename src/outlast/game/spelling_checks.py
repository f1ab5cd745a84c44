"""Why a game cannot be spelled out, or would be too large, in words."""

from __future__ import annotations

from collections.abc import Sequence

from outlast.scenario.fault import Fault, Place


def weighted_fault(station: str) -> Fault:
    """Return the fault of a menu on which packages with the same terms share the weight of one."""
    return Fault(
        Place(path="packages"),
        f"packages with the same terms, which share one weight at {station!r}",
        "every package once",
        "the choice of a finite game gives every action the same weight",
        "leave one of them in the scenario",
    )


def curved_fault() -> Fault:
    """Return the fault of a payment that is not a straight line in the public belief."""
    return Fault(
        Place(path="payoffs"),
        "a payment that bends in the public belief",
        "a payment for each type, weighed by the belief",
        "in a game tree what is paid depends on the type, and on the belief only on average",
        "make the payment a straight line in the belief",
    )


def large_tree_fault(sizes: Sequence[float], months: int, largest: int) -> Fault:
    """Return the fault of a tree with too many nodes.

    ``sizes`` are its nodes before the first month and at the end of each month counted, the last of them too many.
    """
    counted = len(sizes) - 2
    found = f"more than {sizes[-1]:,.0f} nodes for {months} months"
    if counted == 0:
        remedy = (
            "not even the first month fits: give the stocks two levels each and the scenario a single package, or "
            "leave out calendar shocks"
        )
    else:
        remedy = (
            f"stop after {counted - 1 or 1} months, or give the stocks fewer levels and the scenario fewer packages"
        )
    reason = "every path is a branch of its own, and each month multiplies their number"
    return Fault(Place(path="months"), found, f"at most {largest:,} nodes", reason, remedy)
