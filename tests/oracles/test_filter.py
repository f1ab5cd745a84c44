"""The filter against brute force: every way in which two months can go, one by one, each held against the rows.

A way is a list of what happened. Chances come from the solution's own choices and layers, beliefs from Bayes' rule
worked out here; nothing of the filter is used but the record's rule for what a row is worth.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest

import outlast as ol
from outlast.answers.standpoint import Standpoint
from outlast.game.layers import Step
from outlast.learning.clues import Setting, clues_of
from outlast.learning.evidence import evidence_of
from outlast.learning.filter import filtered, stock_levels_of
from outlast.learning.policy import policy_of
from outlast.learning.stepping import Standing, beginning, pass_month
from outlast.record import Record
from outlast.record.columns import TYPES
from outlast.record.form import record_columns
from spread_war import spread_words

SMALLEST = 1e-16
PACKAGES = 8
ROLES = ("challenger", "defender", "patron")
Told = tuple
Way = tuple[Told, float, int, int]
"""What happened, its chance, the level of the belief and the cell that it leaves."""


class Enumerated:
    """Every way in which a month of the small war can go for one type."""

    def __init__(self, view: Standpoint, month: int, kind: int):
        now = view.solution.again(month)
        self.layers = {ready.station: ready.layer for ready in now.layers}
        self.choices, self.kind = now.choices, kind
        self.levels = np.asarray(view.game.inputs.grid.beliefs)
        self.over = view.over()
        self.phase = np.asarray(view.game.inputs.deals.phase)

    def typed(self, station: str, action: tuple[int, int], where: tuple, b: int, c: int) -> Iterator[tuple[float, int]]:
        """The chance of a typed action and the level it leaves the belief on, both ways of the lottery."""
        block, number = action
        choice = self.choices[station]
        settler, staller = (x[block][(number, *where, b, c)] for x in (choice.settler, choice.staller))
        level, chance = self.levels[b], (settler, staller)[self.kind]
        if level in (0, 1):
            yield chance, b
            return
        belief = level * staller / (level * staller + (1 - level) * settler)
        low = min(int(np.searchsorted(self.levels, belief, side="right")) - 1, len(self.levels) - 2)
        share = (belief - self.levels[low]) / (self.levels[low + 1] - self.levels[low])
        for at, part in ((low, 1 - share), (low + 1, share)):
            if not part:
                continue
            own = (1 - self.levels[at], self.levels[at])[self.kind] / (1 - belief, belief)[self.kind]
            yield chance * part * own, at

    def public(self, station: str, action: tuple[int, int], where: tuple, b: int, c: int) -> float:
        """The chance of an action that says nothing of the type."""
        block, number = action
        return float(self.choices[station].settler[block][(number, *where, b, c)])

    def moved(self, station: str, where: tuple, c: int) -> dict[int, float]:
        """Where the moves of a station take a cell."""
        reached = {c: 1.0}
        for move in self.layers[station].moves:
            after: dict[int, float] = defaultdict(float)
            for cell, chance in reached.items():
                for to, step in _steps(move, where, cell):
                    after[to] += chance * step
            reached = after
        return reached

    def war(self, b: int, c: int) -> Iterator[tuple[str, Way]]:
        """Every way from the start of a month of war: where it ends, and the way."""
        if self.over[c]:
            yield "war", ((), 1.0, b, c)
            return
        for cell, chance in self.moved("war.open", (), c).items():
            for p, level in self.typed("war.attend", (1, 0), (), b, cell):
                yield from self.fight(("stayed away",), chance * p, level, cell, 0)
            for p, level in self.typed("war.attend", (0, 0), (), b, cell):
                yield from self.talk(("came",), chance * p, level, cell)

    def talk(self, told: Told, p: float, b: int, c: int) -> Iterator[tuple[str, Way]]:
        if p < SMALLEST:
            return
        floor = [float(np.broadcast_to(x, self.over.shape)[c]) for x in self.layers["talks"].chances]
        yield from self.fight(told, p * floor[3], b, c, 1)
        for role, name in enumerate(ROLES):
            choose = self.typed if role == 0 else lambda *a: [(self.public(*a), a[3])]
            for chance, level in choose(f"floor.{name}", (1, 0), (), b, c):
                yield from self.fight(told, p * floor[role] * chance, level, c, 1)
            for chance, level in choose(f"floor.{name}", (0, 0), (), b, c):
                for k in range(PACKAGES):
                    for picked, after in choose(f"which.{name}", (0, k), (), level, c):
                        offer = (*told, (name, "table", k))
                        yield from self.answer(offer, p * floor[role] * chance * picked, after, c, (role, k))

    def answer(self, told: Told, p: float, b: int, c: int, offer: tuple[int, int]) -> Iterator[tuple[str, Way]]:
        role, k = offer
        if p < SMALLEST:
            return
        first = ("heard.challenger", "vetted", "heard.patron")[role]
        who = ("defender", "patron", "defender")[role]
        no = self.public(first, (1, 0), (k,), b, c)
        yield from self.fight((*told, (who, "refuse", k)), p * no, b, c, 1)
        told, p = (*told, (who, "accept", k)), p * (1 - no)
        second, who = ("backed", "patron") if role == 0 else ("answer", "challenger")
        choose = self.typed if role else lambda *a: [(self.public(*a), a[3])]
        for chance, level in choose(second, (1, 0), (k,), b, c):
            yield from self.fight((*told, (who, "refuse", k)), p * chance, level, c, 1)
        for chance, level in choose(second, (0, 0), (k,), b, c):
            for cell, moved in self.moved("signed", (k,), c).items():
                yield from self.rest((*told, (who, "accept", k)), p * chance * moved, level, cell, int(self.phase[k]))

    def fight(self, told: Told, p: float, b: int, c: int, talks: int) -> Iterator[tuple[str, Way]]:
        if p < SMALLEST:
            return
        for posture, name in enumerate(("withhold", "sustain", "surge")):
            chance = p * self.public("posture", (0, posture), (talks,), b, c)
            for cell, moved in self.moved("battle", (posture, talks), c).items():
                yield "war", ((*told, ("patron", "posture", name)), chance * moved, b, cell)

    def rest(self, told: Told, p: float, b: int, c: int, phase: int) -> Iterator[tuple[str, Way]]:
        if p < SMALLEST:
            return
        for cell, moved in self.moved("settled", (phase,), c).items():
            for chance, level in self.typed("decide", (0, 0), (phase,), b, cell):
                yield f"peace {phase}", (told, p * moved * chance, level, cell)
            for chance, level in self.typed("decide", (1, 0), (phase,), b, cell):
                teeth = float(self.layers["struck"].chances[0][phase, 0, 0]) if "struck" in self.layers else 0.0
                if teeth:
                    said = (*told, ("challenger", "attack", None), ("patron", "honour", None))
                    yield "war", (said, p * moved * chance * teeth, level, cell)
                for block, (verb, station) in enumerate((("honour", "honoured"), ("renege", "reneged"))):
                    said = (*told, ("challenger", "attack", None), ("patron", verb, None))
                    took = p * moved * chance * (1 - teeth) * self.public("attacked", (block, 0), (phase,), level, cell)
                    for to, loss in self.moved(station, (phase,), cell).items():
                        yield "war", (said, took * loss, level, to)

    def peace(self, phase: int, b: int, c: int) -> Iterator[tuple[str, Way]]:
        for cell, chance in self.moved("peace", (phase,), c).items():
            yield from self.rest((), chance, b, cell, phase)


def _steps(move: object, where: tuple, cell: int) -> list[tuple[int, float]]:
    """Where one move takes a cell, and with what chance."""

    def at(table: np.ndarray) -> float:
        table = np.asarray(table)
        lead = table.shape[:-2] if table.ndim >= 2 else ()
        place = tuple(w if size > 1 else 0 for w, size in zip(where[-len(lead) :] if lead else (), lead, strict=True))
        return float(table[place].reshape(-1)[cell])

    if isinstance(move, Step):
        up, down = at(move.up), at(move.down)
        return [(cell, 1 - up - down)] + [(cell + s, x) for s, x in ((move.stride, up), (-move.stride, down)) if x > 0]
    matrix = np.asarray(move.matrix)  # type: ignore[attr-defined]
    matrix = matrix[where[0]] if matrix.ndim == 3 and len(matrix) > 1 else matrix.reshape(matrix.shape[-2:])
    after = move.after  # type: ignore[attr-defined]
    level = cell // after % len(matrix)
    return [(cell + after * (to - level), float(p)) for to, p in enumerate(matrix[level]) if p > 0]


def worth(row: dict, told: Told, names: list[str]) -> float:
    """What one row is worth for one way: it agrees or it does not."""
    c = row["confidence"]
    if row["kind"] in ("attend", "stay_away"):
        agrees, of = ("came" if row["kind"] == "attend" else "stayed away") in told, 2
    elif row["kind"] == "posture":
        agrees, of = ("patron", "posture", row["content"]) in told, 3
    elif row["kind"] in ("attack", "honour", "renege"):
        agrees, of = (row["actor"], row["kind"], None) in told, 2
    else:
        k = names.index(row["content"])
        agrees, of = (row["actor"], row["kind"], k) in told, PACKAGES if row["kind"] == "table" else 2 * PACKAGES
        agrees = agrees or (row["kind"] == "accept" and (row["actor"], "table", k) in told)
    return c * agrees + (1 - c) / of


def enumerated(view: Standpoint, rows: list[dict], starts: list[tuple[str, int, int]], month: int) -> Standing:
    """Mass after a month that begins in these places, one as likely as another, weighed by the rows: by brute force."""
    names = list(view.game.labels.packages)
    shape = (len(view.game.inputs.grid.beliefs), view.game.shape.cells)
    out = Standing(np.zeros((2, *shape)), np.zeros((2, view.game.shape.phases, *shape)))
    for kind in (0, 1):
        ways = Enumerated(view, month, kind)
        for place, b, c in starts:
            for end, (told, p, level, cell) in (
                ways.war(b, c) if place == "war" else ways.peace(int(place.split()[1]), b, c)
            ):
                weight = p * np.prod([worth(row, told, names) for row in rows])
                if end == "war":
                    out.war[kind, level, cell] += weight
                else:
                    out.peace[kind, int(end.split()[1]), level, cell] += weight
    return out


def record_of(view: Standpoint, rows: list[list[dict]]) -> Record:
    """A record with these rows, those of a month on its third day."""
    start = view.game.scenario.as_of
    blank = {"content": None, "value": None, "low": None, "high": None, "source": "made up", "note": None}
    lines = []
    for month, told in enumerate(rows):
        years, months = divmod(start.month - 1 + month, 12)
        day = datetime.date(start.year + years, months + 1, start.day + 2)
        lines += [{"date": day, **blank, **row} for row in told]
    columns = {column.name: TYPES[column.kind] for column in record_columns()}
    return Record("made up", pl.DataFrame(lines, schema=columns))


def row(actor: str, kind: str, content: str | None = None, confidence: float = 0.8) -> dict:
    return {"actor": actor, "kind": kind, "content": content, "confidence": confidence}


CASES = {
    "nothing": [],
    "came, certain": [row("challenger", "attend", confidence=1.0)],
    "stayed away": [row("challenger", "stay_away", confidence=0.6)],
    "an offer, its answer and a posture": [
        row("defender", "table", "A"), row("challenger", "refuse", "A", 0.7), row("patron", "posture", "sustain", 0.9)
    ],
    "its own offer, refused for certain": [
        row("challenger", "attend"), row("challenger", "table", "B", 0.6), row("defender", "refuse", "B", 1.0)
    ],
    "two offers in one month": [
        row("patron", "table", "A", 0.7), row("defender", "accept", "A", 0.9), row("challenger", "table", "B", 0.5)
    ],
    "signed": [row("challenger", "accept", "A", 0.9), row("defender", "accept", "A", 0.9)],
    "attacked": [row("challenger", "attack", None, 0.9), row("patron", "renege", None, 0.6)],
}  # fmt: skip


def named(view: Standpoint, rows: list[dict]) -> list[dict]:
    """The rows with the names of packages in place of letters."""
    names = view.game.labels.packages
    return [r | ({"content": names["AB".index(r["content"])]} if r["content"] in ("A", "B") else {}) for r in rows]


def compared(view: Standpoint, rows: list[dict], starts: list[tuple[str, int, int]], month: int) -> None:
    """Hold one month of the filter against every way counted."""
    policy = policy_of(view.solution, month + 1, precision="full")
    setting = Setting(tuple(view.game.labels.packages), policy.phase)
    clues = setting.silent()
    for each in named(view, rows):
        said = clues_of(each, setting)
        assert said is not None
        clues = clues.times(said)
    shape = (2, len(policy.beliefs), policy.cells)
    start = Standing(np.zeros(shape), np.zeros((2, view.game.shape.phases, *shape[1:])))
    for place, b, c in starts:
        where = start.war if place == "war" else start.peace[:, int(place.split()[1])]
        where[:, b, c] += 1
    after, _ = pass_month(policy, month, start, clues)
    known = enumerated(view, named(view, rows), starts, month)
    np.testing.assert_allclose(after.war, known.war, atol=1e-10 * known.total, rtol=1e-9)
    np.testing.assert_allclose(after.peace, known.peace, atol=1e-10 * known.total, rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_a_month_from_the_start_is_every_way_counted(case: str, small_view: Standpoint):
    compared(small_view, CASES[case], [("war", 2, int(small_view.cells.argmax()))], 0)


@pytest.mark.parametrize("case", ["nothing", "attacked", "two offers in one month"])
def test_a_later_month_from_war_and_peace_is_every_way_counted(case: str, small_view: Standpoint):
    cell = int(small_view.cells.argmax())
    compared(small_view, CASES[case], [("peace 0", 1, cell), ("peace 2", 3, cell - 1), ("war", 1, cell - 1)], 2)


@pytest.fixture(scope="module")
def spread_view() -> Standpoint:
    """A war whose stocks have spreads, whose front breaks and whose guarantees have teeth, on its marks."""
    return Standpoint(ol.solve(ol.compile(ol.read(spread_words()), resolution="marks")))


@pytest.mark.parametrize("case", ["nothing", "attacked", "an offer, its answer and a posture"])
def test_with_spreads_and_teeth_a_month_is_every_way_counted(case: str, spread_view: Standpoint):
    cell = int(spread_view.cells.argmax())
    teeth = int(np.flatnonzero(np.asarray(spread_view.game.inputs.deals.phase_guarantee) == 2)[0])
    compared(spread_view, CASES[case], [(f"peace {teeth}", 1, cell), ("peace 0", 3, cell - 1), ("war", 1, cell)], 2)


def test_months_multiply_and_the_type_is_bayes_rule(small_view: Standpoint):
    """Two months of rows: the filter's likelihood and index are those of the months passed one after the other."""
    rows = [named(small_view, CASES["an offer, its answer and a posture"]), named(small_view, CASES["stayed away"])]
    policy = policy_of(small_view.solution, 2, precision="full")
    evidence = evidence_of(record_of(small_view, rows), small_view.game)
    found = filtered(policy, evidence, stock_levels_of(small_view.game))
    standing = beginning(policy)
    for month in range(2):
        standing, _ = pass_month(policy, month, standing, evidence.clues(month))
    assert found.loglikelihood == pytest.approx(np.log(standing.total), abs=1e-12)
    assert found.increments.sum() == pytest.approx(found.loglikelihood, abs=1e-12)
    assert found.index[-1] == pytest.approx(standing.staller, abs=1e-12)
