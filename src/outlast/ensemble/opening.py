"""A stored ensemble, opened for reading."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from outlast.answers.claims import CLAIMS
from outlast.answers.drawn_answers import Centre, DrawnAnswers
from outlast.ensemble.fault import EnsembleFault
from outlast.ensemble.manifest import Manifest, read_manifest
from outlast.ensemble.rows import BAND, CHECKS, CLAIM, HEADLINE, HEADLINES, NUMBER, Frame, part_of
from outlast.ensemble.storing import CENTRE_NAME, kept_path, tables


@dataclass(frozen=True)
class Ensemble:
    """Draws of a scenario's numbers and what each of them answered; tables have a row per draw, by column ``draw``."""

    folder: Path
    manifest: Manifest
    frame: Frame

    def __repr__(self) -> str:
        """Return one line."""
        return f"Ensemble of {self.manifest.name} in {self.folder}: {self.draws} of {self.manifest.draws} draws"

    def _read(self, *columns: str) -> pl.DataFrame:
        found = tables(self.folder)
        if not found:
            return pl.DataFrame(schema={"draw": pl.Int64})
        return pl.read_parquet(found, columns=["draw", *columns])

    @cached_property
    def _columns(self) -> list[str]:
        found = tables(self.folder)
        return list(pl.read_parquet_schema(found[0])) if found else []

    def _part(self, prefix: str) -> pl.DataFrame:
        return part_of(self._read(*(name for name in self._columns if name.startswith(prefix))), prefix)

    @cached_property
    def numbers(self) -> pl.DataFrame:
        """The numbers drawn, a column per path, in the unit of each."""
        return self._part(NUMBER)

    @cached_property
    def headlines(self) -> pl.DataFrame:
        """The headline answers, a column per key; not a number where there is no solution."""
        return self._part(HEADLINE)

    @cached_property
    def margins(self) -> pl.DataFrame:
        """By how much each claim holds, a column per claim; not a number where it was not asked."""
        return self._part(CLAIM)

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Whether each claim holds, a column per claim; null where it was not asked, as in most draws of contrasts."""
        margin = pl.all().exclude("draw")
        return self.margins.with_columns(pl.when(margin.is_not_nan()).then(margin > 0))

    @cached_property
    def certificates(self) -> pl.DataFrame:
        """The certificate of each solve: bayes, residual, leak, trusted, and error where there is no solution."""
        return self._read(*CHECKS) if self._columns else pl.DataFrame(schema={"draw": pl.Int64, **CHECKS})

    @property
    def draws(self) -> int:
        """Draws that are finished."""
        return self.certificates.height

    @property
    def complete(self) -> bool:
        """Whether all draws that were asked for are finished."""
        return self.draws == self.manifest.draws

    @property
    def failed(self) -> int:
        """Draws whose certificate failed; they are kept and counted."""
        return int((~self.certificates["trusted"]).sum())

    @property
    def centre(self) -> Centre:
        """The central numbers on the grid of the draws."""
        return self.frame.centre

    def kept(self, draw: int) -> dict[str, np.ndarray]:
        """Return what else was kept of a draw, as ``keep`` gave it.

        Raises ``EnsembleFault`` where nothing was kept of it.
        """
        path = kept_path(self.folder, draw, self.manifest.batch)
        if not path.is_file():
            raise EnsembleFault(
                path,
                found="no such file",
                rule="a draw gives back what was kept of it when it was solved",
                reason=f"this ensemble keeps {self.manifest.keep or 'nothing else'}, of draws that have a solution",
                remedy="make the ensemble with `keep`",
            )
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}

    def answers(self) -> DrawnAnswers:
        """Return what the draws answered, as ``outlast.answer`` takes it."""
        names = [name for name in self._columns if name.startswith(BAND)]
        frame = self._read(*names) if names else pl.DataFrame()
        bands = {name.removeprefix(BAND): _stack(frame[name]) for name in names}
        bands[HEADLINES] = self.headlines.drop("draw").to_numpy()
        lone = [claim for claim in self.margins.columns[1:] if not CLAIMS[claim].contrast]
        margins = {claim: self.margins[claim].to_numpy() for claim in lone}
        seed, draws = self.manifest.seed, self.draws
        return DrawnAnswers(self.centre, bands, margins, self.failed, draws, seed, str(self.folder))


def _stack(column: pl.Series) -> np.ndarray:
    return np.array(column.to_list(), dtype=float)


def open_ensemble(folder: str | Path) -> Ensemble:
    """Open a stored ensemble; an unfinished one shows the draws that stand in tables.

    Raises ``EnsembleFault`` if the folder holds none, or none whose centre has been solved.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    path = place / CENTRE_NAME
    if not path.is_file():
        raise EnsembleFault(
            place,
            found="an ensemble that was interrupted before its first draws",
            rule="an ensemble can be read once its centre is solved",
            reason="the ledger compares draws with it",
            remedy="run the command that began it again; it goes on where it stopped",
        )
    return Ensemble(place, manifest, Frame.read(path.read_text(encoding="utf-8")))
