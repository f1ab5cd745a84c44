"""Judge an estimate: which numbers it cannot give, and why; and what speaks against trusting the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from outlast.estimating.cases import Cases, parts_of
from outlast.estimating.likelihood import Solved
from outlast.estimating.maximise import PART, Loose
from outlast.estimating.robust import Covariances, errors_of

FARTHEST = 15.0
"""Coefficient times the size of its column beyond which a warning says that it may be running to infinity."""
SINGULAR = 1e8
"""Condition of the information matrix from which a warning says which coefficients are told apart weakly."""
DISAGREE = 5.0
"""Factor between robust and classical errors from which a warning says so."""
FEW = 30
"""Clusters below which errors by cluster are known to come out too small (Cameron and Miller 2015)."""


class Judgement(NamedTuple):
    """What an estimate cannot give, and what speaks against it.

    ``undefined`` has for each coefficient the reason why it has no standard error, or None; ``loose`` says along which
    coefficients the likelihood has no maximum, a sentence for each direction.
    """

    undefined: tuple[str | None, ...]
    loose: tuple[str, ...]
    warnings: tuple[str, ...]


def judged(names: tuple[str, ...], cases: Cases, solved: Solved, found: Covariances, cluster: str | None) -> Judgement:
    """Judge an estimate with coefficients of these names; ``cluster`` is the column of clusters, if there is one."""
    loose = tuple(_told(each, names) for each in solved.maximum.loose)
    undefined = _undefined(names, cases, solved, found, cluster)
    warnings = [*_of_clusters(cases, len(names), cluster), *_of_sizes(names, cases, solved, undefined)]
    if found.condition > SINGULAR:
        warnings.append(
            f"the information matrix is close to singular (condition {found.condition:.0e}): these are told apart "
            f"only weakly: {', '.join(parts_of(found.weakest, names))}"
        )
    return Judgement(undefined, loose, (*warnings, *_of_errors(names, found)))


def _told(loose: Loose, names: tuple[str, ...]) -> str:
    """Say where a loose direction leads."""
    parts = parts_of(loose.direction, names)
    if loose.both:
        if len(parts) == 1:
            return f"nothing in the data speaks of {parts[0]}"
        return f"nothing in the data tells these apart: {', '.join(parts)}"
    way = {name: "up" if loose.direction[names.index(name)] > 0 else "down" for name in parts}
    runs = ", ".join(f"{name} {way[name]}" for name in parts)
    return f"the data are separated: the likelihood rises for ever with {runs}"


def _undefined(
    names: tuple[str, ...], cases: Cases, solved: Solved, found: Covariances, cluster: str | None
) -> tuple[str | None, ...]:
    out: list[str | None] = [None] * len(names)
    alone = cluster is not None and not cases.clusters.any()
    robust, classical = errors_of(found.robust), errors_of(found.classical)
    for place in range(len(names)):
        loose = next((each for each in solved.maximum.loose if abs(each.direction[place]) > PART), None)
        if loose is not None:
            end = "+infinity" if loose.direction[place] > 0 else "-infinity"
            out[place] = (
                "nothing in the data speaks of it; the estimate is where the search stopped" if loose.both else
                f"runs to {end}: the data are separated; the estimate is where the search stopped"
            )  # fmt: skip
        elif (np.abs(found.weak[:, place]) > PART).any():
            others = [names[i] for i in np.flatnonzero((np.abs(found.weak) > PART).any(axis=0)) if i != place]
            out[place] = (
                f"cannot be told apart from {', '.join(others)}" if others else "nothing in the data bears on it"
            )
        elif alone and not np.isnan(classical[place]):
            out[place] = f"all cases are in one cluster of {cluster}, so nothing says how clusters differ"
        elif np.isnan(robust[place]) or np.isnan(classical[place]) or robust[place] == 0:
            out[place] = "the likelihood does not bend downward here: this is no maximum"
    return tuple(out)


def _of_clusters(cases: Cases, size: int, cluster: str | None) -> list[str]:
    many = int(cases.clusters.max()) + 1
    if cluster is None or many >= FEW:
        return []
    if many == 1:
        return [
            f"all cases are in one cluster of {cluster}: there are no standard errors by cluster. Name a column with "
            "several values, or none; the classical errors take the cases for independent"
        ]
    told = f"{many} clusters of {cluster} are few: standard errors by cluster come out too small, and z too large"
    if many <= size:
        told += f"; and of {size} coefficients at most {many - 1} can be tested together"
    return [told]


def _of_sizes(names: tuple[str, ...], cases: Cases, solved: Solved, undefined: tuple[str | None, ...]) -> list[str]:
    far = np.abs(solved.point) * cases.scale > FARTHEST
    told = [name for name, much, why in zip(names, far, undefined, strict=True) if much and why is None]
    if not told:
        return []
    return [
        f"some coefficients move their utility by more than {FARTHEST:g} errors, which is seldom meant: "
        f"{', '.join(told)}"
    ]


def _of_errors(names: tuple[str, ...], found: Covariances) -> list[str]:
    """Hold robust against classical errors: they estimate the same where the model is right."""
    robust, classical = errors_of(found.robust), errors_of(found.classical)
    with np.errstate(all="ignore"):
        ratio = robust / classical
    wild = np.isfinite(ratio) & ((ratio > DISAGREE) | (ratio < 1 / DISAGREE))
    if not wild.any():
        return []
    told = ", ".join(f"{names[i]} ({ratio[i]:.2g} times)" for i in np.flatnonzero(wild))
    return [
        f"robust and classical standard errors differ widely: {told}. Where the model is right and cases are "
        "independent they agree; a few cases may carry the estimate, or the model be wrong"
    ]
