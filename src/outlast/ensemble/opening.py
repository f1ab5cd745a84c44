"""A stored ensemble, opened for reading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from outlast.answers.claims import CLAIMS
from outlast.answers.drawn_answers import Centre, DrawnAnswers
from outlast.ensemble.fault import EnsembleDamaged, EnsembleFault
from outlast.ensemble.manifest import Manifest, read_manifest
from outlast.ensemble.rows import BAND, CHECKS, CLAIM, HEADLINE, HEADLINES, NUMBER, Frame, part_of, schema_of
from outlast.ensemble.storing import CENTRE_NAME, kept_name, tables
from outlast.files.sealed import Damaged, check_file, read_arrays, table_in


@dataclass(frozen=True)
class Ensemble:
    """Draws of a scenario's numbers and what each of them answered; tables have a row per draw, by column ``draw``."""

    folder: Path
    manifest: Manifest
    frame: Frame

    def __repr__(self) -> str:
        """Return one line."""
        return f"Ensemble of {self.manifest.name} in {self.folder}: {self.draws} of {self.manifest.draws} draws"

    @cached_property
    def _tables(self) -> list[Path]:
        """The tables of draws, whose checksums are compared once; from then on they are read column by column."""
        found = []
        for name in tables(self.folder, self.manifest):
            check_file(self.folder / name, self.manifest.label(name))
            found.append(self.folder / name)
        return found

    def _read(self, *columns: str) -> pl.DataFrame:
        schema, wanted = schema_of(self.frame, self.manifest.paths), ["draw", *columns]
        try:
            found = [table_in(path, path, schema, wanted) for path in self._tables]
            whole = pl.concat(found) if found else pl.DataFrame(schema={"draw": pl.Int64})
            if whole["draw"].is_duplicated().any():
                raise Damaged(self.folder, "holds a draw twice")
        except Damaged as damaged:
            raise EnsembleDamaged.of(damaged) from None
        return whole

    @cached_property
    def _columns(self) -> list[str]:
        return list(schema_of(self.frame, self.manifest.paths)) if tables(self.folder, self.manifest) else []

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

        Raises ``EnsembleFault`` where nothing was kept of it, or it is not as it was written.
        """
        relative = kept_name(draw, self.manifest.batch)
        path = self.folder / relative
        if not path.is_file():
            raise EnsembleFault(
                path,
                found="no such file",
                rule="a draw gives back what was kept of it when it was solved",
                reason=f"this ensemble keeps {self.manifest.keep or 'nothing else'}, of draws that have a solution",
                remedy="make the ensemble with `keep`",
            )
        try:
            return read_arrays(path, self.manifest.label(relative))
        except Damaged as damaged:
            raise EnsembleDamaged.of(damaged) from None

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

    Raises ``EnsembleFault`` if the folder holds none, or none whose centre has been solved, or one that is damaged.
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
    try:
        return Ensemble(place, manifest, Frame.read(path, manifest.label(CENTRE_NAME)))
    except Damaged as damaged:
        raise EnsembleDamaged.of(damaged) from None
