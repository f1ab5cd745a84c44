"""Correlations join two numbers that vary, each pair once, and all of them can hold together."""

from __future__ import annotations

from collections.abc import Iterator

from outlast.scenario.correlation import lower_root, normal_matrix, paths_of
from outlast.scenario.draft import Draft
from outlast.scenario.fault import Fault, nearest
from outlast.scenario.prior import prior_of
from outlast.scenario.scenario import Scenario


def correlation_faults(draft: Draft, scenario: Scenario) -> Iterator[Fault]:
    """Yield the faults of the correlations of a scenario whose shape is right; places are those of its draft."""
    numbers, varying = scenario.numbers(), prior_of(scenario).paths
    first: dict[frozenset[str], int] = {}
    sound = True
    for position, each in enumerate(scenario.correlations):
        for key, path in (("one", each.one), ("other", each.other)):
            if path not in varying:
                sound = False
                fixed = path in numbers
                why = "it says how their draws go together"
                yield draft.fault(
                    ("correlations", position, key),
                    f"`{path}`" + (", which has no range" if fixed else ""),
                    rule="a correlation joins two numbers that have ranges",
                    reason=why if fixed else f"{why}; there is no number of that path",
                    remedy="give the number `low` and `high`" if fixed else "use the path as the file has it",
                    suggestion=None if fixed else nearest(path, varying),
                )
        pair = frozenset((each.one, each.other))
        if len(pair) == 1 or pair in first:
            sound = False
            yield draft.fault(
                ("correlations", position),
                f"`{each.one}` and `{each.other}`" + (f", as in entry {first[pair] + 1}" if pair in first else ""),
                rule="each pair of two different numbers is named once",
                reason="which of two holds would be unclear, and a number always goes with itself",
                remedy="leave the entry out",
            )
        first.setdefault(pair, position)
    if sound and scenario.correlations and lower_root(normal_matrix(scenario.correlations)) is None:
        yield draft.fault(
            ("correlations",),
            f"correlations of {len(paths_of(scenario.correlations))} numbers that exclude one another",
            rule="the matrix of correlations is positive definite",
            reason="where one number goes with a second and that with a third, the first cannot go against the third",
            remedy="bring the correlations nearer to 0, or name those that are missing between the numbers",
        )
