"""Answer 6: what a move tells about the challenger's type."""

from __future__ import annotations

import numpy as np
import polars as pl

from outlast.answers.deals import Deals
from outlast.answers.standpoint import Standpoint, posterior


def entropy(chance: np.ndarray) -> np.ndarray:
    """Return the entropy in bits of a coin with the given chance."""
    inside = np.clip(chance, 1e-300, 1.0)
    other = np.clip(1 - chance, 1e-300, 1.0)
    return -(chance * np.log2(inside) + (1 - chance) * np.log2(other))


def information(prior: float, settler: np.ndarray, staller: np.ndarray) -> np.ndarray:
    """Return the expected information about the type in bits from seeing one of several moves (last axis)."""
    total = prior * staller + (1 - prior) * settler
    return entropy(np.asarray(prior)) - (total * entropy(posterior(prior, staller, settler))).sum(axis=-1)


def _row(view: Standpoint, move: str, label: str, chances: tuple[float, float], bits: float) -> dict:
    settler, staller = chances
    after = float(posterior(view.prior, np.asarray(staller), np.asarray(settler)))
    return {
        "move": move,
        "label": label,
        "chance_settler": settler,
        "chance_staller": staller,
        "belief_before": view.prior,
        "belief_after": after,
        "bits": bits,
    }


def type_test(deals: Deals) -> pl.DataFrame:
    """Return a row per move that the challenger can be seen to make at month 0."""
    view, choices = deals.view, deals.view.choices
    labels = view.game.labels
    rows = []

    def decision(names: list[str], said: list[str], settler: np.ndarray, staller: np.ndarray) -> None:
        bits = float(information(view.prior, settler, staller))
        rows.extend(
            _row(view, n, s, (float(a), float(b)), bits)
            for n, s, a, b in zip(names, said, settler, staller, strict=True)
        )

    def chances(station: str, kind: str) -> np.ndarray:
        type_number = ("settler", "staller").index(kind)
        return np.concatenate([np.atleast_1d(view.at_start(b, type_number)) for b in getattr(choices[station], kind)])

    attend = [chances("war.attend", kind) for kind in ("settler", "staller")]
    decision(["attend", "stay_away"], ["attends the talks", "stays away"], *attend)
    whether = [chances("floor.challenger", kind) for kind in ("settler", "staller")]
    which = [chances("which.challenger", kind) for kind in ("settler", "staller")]
    table = [np.append(w[0] * k, w[1]) for w, k in zip(whether, which, strict=True)]
    names = [f"table:{p}" for p in labels.packages] + ["table_nothing"]
    decision(names, [f"tables {t}" for t in labels.titles] + ["has the floor and tables nothing"], *table)
    for k, package in enumerate(labels.packages):
        yes = deals.challenger[:, k]
        settler, staller = np.array([yes[0], 1 - yes[0]]), np.array([yes[1], 1 - yes[1]])
        decision(
            [f"accept:{package}", f"refuse:{package}"],
            [f"accepts {labels.titles[k]}", f"refuses {labels.titles[k]}"],
            settler,
            staller,
        )
    return pl.DataFrame(rows)


def offers(deals: Deals) -> pl.DataFrame:
    """Return a row per package: expected information from the challenger's answer, most revealing first."""
    view = deals.view
    settler, staller = deals.challenger
    both = np.stack([settler, 1 - settler], axis=1), np.stack([staller, 1 - staller], axis=1)
    frame = pl.DataFrame(
        {
            "package": view.game.labels.packages,
            "title": view.game.labels.titles,
            "bits": information(view.prior, *both),
            "accept_settler": settler,
            "accept_staller": staller,
            "belief_if_accepted": posterior(view.prior, staller, settler),
            "belief_if_refused": posterior(view.prior, 1 - staller, 1 - settler),
        }
    )
    return frame.sort("bits", descending=True)
