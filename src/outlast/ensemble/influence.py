"""How much each number moves each headline over the draws of an ensemble, without solving anything again.

The share of a headline's variance that goes with one number alone is its first-order Sobol index. From draws that exist
it is estimated by sorting them along the number and reading the slow part of the headline's spectrum (RBD-FAST:
Tarantola et al. 2006; Plischke 2010; bias removed after Tissot & Prieur 2012), as SALib does it. The usual estimators
need draws of a special design, which no posterior would leave intact. So do total indices, which are not estimated.

What a first-order index misses (a number that widens the range, or works only with others) shows in PAWN (Pianosi &
Wagener 2018): how far the headline's distribution moves when the number is held in a narrow slice. PAWN is above zero
for a number that does nothing; ``floor`` is what it shows then.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from outlast.ensemble.fault import EnsembleFault
from outlast.ensemble.opening import Ensemble
from outlast.files.sealed import Damaged, read_table, sealed, table_bytes
from outlast.files.whole import write_whole

FEWEST = 64
"""Draws below which the estimates say nothing."""
RESAMPLES = 50
"""Bootstrap resamples behind an interval, each of half the draws, which makes it wide rather than narrow."""
CONFIDENCE = 0.9
SLICES = 8
"""Slices of a number's range in PAWN."""
SHUFFLES = 20
"""Shuffled headlines behind the floor of PAWN."""
NAME = "influence.parquet"
USUAL = 0.75
"""A headline that is the same in more of the draws than this hardly varies."""
SCHEMA = {
    "headline": pl.String,
    "key": pl.String,
    "first": pl.Float64,
    "first_low": pl.Float64,
    "first_high": pl.Float64,
    "pawn": pl.Float64,
    "floor": pl.Float64,
    "draws": pl.Int64,
}


def influence(ensemble: Ensemble) -> pl.DataFrame:
    """Return how much each number moves each headline over the draws.

    Returns:
        A row per headline and number, the most influential number first within a headline. ``headline``: key of the
        headline; ``key``: path of the number; ``first``, ``first_low``, ``first_high``: first-order Sobol index, a
        share of the headline's variance, with its 90% interval, which may reach below 0; ``pawn``: median distance of
        distributions, 0 to 1; ``floor``: what nine in ten numbers without effect stay below; ``draws``: how many have a
        solution. A headline that is the same in most draws has no rows. Where a scenario states correlations, a number
        is credited with what moves along with it.

    Raises:
        EnsembleFault: there are too few draws.
    """
    numbers, heads = ensemble.numbers.drop("draw").to_numpy(), ensemble.headlines.drop("draw")
    solved = ~np.isnan(heads.to_numpy()).any(axis=1)
    if solved.sum() < FEWEST:
        raise EnsembleFault(
            ensemble.folder,
            found=f"{solved.sum()} draws with a solution",
            rule=f"influence is estimated from at least {FEWEST} draws",
            reason="with fewer, every number seems to matter",
            remedy="add draws with `outlast ensemble`; the usual number is 1024",
        )
    paths = ensemble.numbers.columns[1:]
    problem = {"num_vars": len(paths), "names": paths, "bounds": [[0.0, 1.0]] * len(paths)}
    ranks = np.argsort(np.argsort(numbers[solved], axis=0), axis=0) / solved.sum()
    parts = [
        _of_headline(problem, ranks, heads[key].to_numpy()[solved], key)
        for key in heads.columns
        if _varies(heads[key].to_numpy()[solved])
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


def _varies(answers: np.ndarray) -> bool:
    return bool(np.unique(answers, return_counts=True)[1].max() <= USUAL * len(answers))


def _of_headline(problem: dict[str, Any], ranks: np.ndarray, answers: np.ndarray, key: str) -> pl.DataFrame:
    """Return the rows of one headline; ``ranks`` are the draws by number, as shares of their order."""
    from SALib.analyze import pawn, rbd_fast

    count = len(answers)
    # Each harmonic takes two of the draws' degrees of freedom: fewer draws, a smoother curve.
    harmonics = min(10, max(2, count // 50))
    first = rbd_fast.analyze(
        problem, ranks, answers, M=harmonics, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=1
    )
    whole = np.asarray(pawn.analyze(problem, ranks, answers, S=SLICES, seed=1)["median"], dtype=float)
    share, half = np.asarray(first["S1"], dtype=float), np.asarray(first["S1_conf"], dtype=float)
    table = {
        "headline": [key] * len(share),
        "key": problem["names"],
        "first": share,
        "first_low": share - half,
        "first_high": share + half,
        "pawn": whole,
        "floor": _floor(ranks[:, 0], answers),
        "draws": count,
    }
    return pl.DataFrame(table, schema=SCHEMA).sort("first", descending=True)


def _floor(rank: np.ndarray, answers: np.ndarray) -> float:
    """Return what PAWN shows for a number that does nothing: its ninth decile over shuffled answers."""
    from SALib.analyze import pawn

    problem = {"num_vars": 1, "names": ["shuffled"], "bounds": [[0.0, 1.0]]}
    generator = np.random.default_rng(1)
    found = [
        pawn.analyze(problem, rank[:, None], generator.permutation(answers), S=SLICES, seed=1)["median"][0]
        for _ in range(SHUFFLES)
    ]
    return float(np.quantile(found, CONFIDENCE))


def stored_influence(ensemble: Ensemble, *, estimate: bool = True) -> pl.DataFrame | None:
    """Return the influence that is stored with an ensemble; estimate and store it where it is not, if asked to.

    Returns None where it is not stored and not to be estimated, or the draws are too few.
    """
    path, label = ensemble.folder / NAME, ensemble.manifest.label(NAME)
    found = _read(path, label) if path.exists() else None
    if found is not None and (found.is_empty() or found["draws"][0] == int(ensemble.headlines.drop_nans().height)):
        return found
    if not estimate or ensemble.draws < FEWEST:
        return None
    found = influence(ensemble)
    write_whole(path, sealed(table_bytes(found), label))
    return found


def _read(path: Path, label: str) -> pl.DataFrame | None:
    try:
        return read_table(path, label, SCHEMA)
    except Damaged as damaged:
        logging.getLogger(__name__).warning("%s; `outlast influence` estimates it again", damaged)
        return None


def disagreement(local: pl.DataFrame, influence: pl.DataFrame, *, top: int = 5) -> pl.DataFrame:
    """Return the numbers that matter by one measure and not by the other.

    A sensitivity says what the range of one number does with all others at their central values; influence what it does
    with everything else drawn too. Where they disagree, numbers work together.

    Args:
        local: columns headline, key and effect (what moving the number from low to high does to the headline, all
            else held, in the headline's unit), among others.
        influence: what ``influence`` returned.
        top: a number matters if it is among so many of a headline, and does not if it is not among twice as many.

    Returns:
        A row per headline and number: headline, key, effect, first, local_rank, global_rank (1 is the most), and says,
        which puts the disagreement into words. A number whose interval reaches 0 matters by no global measure.
    """
    both = local.select("headline", "key", "effect").join(influence, on=["headline", "key"], how="inner")
    ranked = both.with_columns(
        local_rank=pl.col("effect").abs().rank("ordinal", descending=True).over("headline"),
        global_rank=pl.col("first").rank("ordinal", descending=True).over("headline"),
    )
    sure = pl.col("first_low") > 0
    near, far = (pl.col("global_rank") <= top) & sure, (pl.col("global_rank") > 2 * top) | ~sure
    only_global = near & (pl.col("local_rank") > 2 * top)
    only_local = (pl.col("local_rank") <= top) & far & (pl.col("effect") != 0)
    return (
        ranked.filter(only_global | only_local)
        .with_columns(
            says=pl.when(only_global)
            .then(pl.lit("moves the answer where all is drawn, though hardly with all else at its central value"))
            .otherwise(
                pl.lit(
                    "moves the answer with all else at its central value, though it is lost among others over the draws"
                )
            )
        )
        .select("headline", "key", "effect", "first", "local_rank", "global_rank", "says")
        .sort("headline", "global_rank")
    )
