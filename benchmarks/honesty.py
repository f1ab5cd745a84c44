"""Measure what could fool a reader: ``python benchmarks/honesty.py`` prints Markdown; ``page()`` returns it.

Three tables for ``geneva`` on the coarse grid at central numbers: what listing a hopeless package twice does to the
headlines, how many signings are mistakes, and what each mechanism's switch does to the headlines.
"""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import outlast as ol
from outlast.answers.mistakes import mistakes
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.game import Game
from outlast.game.compile import slot_values
from outlast.game.mechanisms import MECHANISMS
from outlast.scenario.shipped import shipped_path

CHANCES = ("attend_next", "signed_next", "signed_year", "best_product", "peace_end", "imposed_end")
DIVIDENDS = ("delay_challenger", "delay_defender", "delay_patron")
LIMIT = 0.005
"""What listing a hopeless package twice may move a headline probability."""
TWICE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("capitulation, word for word", "capitulation", {}),
    ("capitulation, .001 of the country more", "capitulation", {"line_share": 0.234}),
    ("capitulation, phased relief for full", "capitulation", {"sanctions_relief": "phased"}),
    ("28 points, .0005 of the country more", "twenty_eight_points", {"line_share": 0.2105}),
    ("old line with a Western force, word for word", "rollback_force", {}),
    ("old line with a Western force, .001 of the country more", "rollback_force", {"line_share": 0.0734}),
)
"""The label of the row, the package listed twice, and what the second listing changes. None of them is ever signed."""


def words() -> dict[str, Any]:
    """Return the tables of the shipped file."""
    path = shipped_path("geneva")
    assert path is not None
    return tomllib.loads(path.read_text(encoding="utf-8"))


def listed_twice(name: str, change: dict[str, Any]) -> Game:
    """Return the game with one package listed once more, some of its terms changed."""
    tables = copy.deepcopy(words())
    again = next(package for package in tables["packages"] if package["name"] == name) | change
    tables["packages"].append(again | {"name": f"{name}_again", "title": f"{again['title']} (again)"})
    return ol.compile(ol.read(tables), resolution="coarse")


def heads(game: Game) -> dict[str, float]:
    """Solve a game and return its headline answers by key."""
    return dict(short_tables(ol.solve(game))["headlines"].select("key", "value").iter_rows())


def menu_table(usual: dict[str, float]) -> str:
    """Return what each package listed twice moves, and the largest move of a headline probability."""
    lines = ["| listed twice | " + " | ".join(CHANCES) + " | largest |", "|---" * (len(CHANCES) + 2) + "|"]
    worst = 0.0
    for label, name, change in TWICE:
        found = heads(listed_twice(name, change))
        moved = [found[key] - usual[key] for key in CHANCES]
        worst = max(worst, *map(abs, moved))
        cells = " | ".join(f"{m:+.5f}" for m in moved)
        lines.append(f"| {label} | {cells} | {max(map(abs, moved)):.5f} |")
    verdict = "within" if worst <= LIMIT else "NOT within"
    lines += ["", f"Largest move of a headline probability: {worst:.5f}, {verdict} the limit of {LIMIT}."]
    return "\n".join(lines)


def mistakes_table(view: Standpoint) -> str:
    """Return the share of five years' signings that a party accepted at a loss."""
    rows = mistakes(view).to_dicts()
    lines = ["| party | at any loss | at a loss above .01 of the prize |", "|---|---|---|"]
    lines += [f"| {row['party']} | {row['share']:.1%} | {row['share_material']:.1%} |" for row in rows]
    return "\n".join([*lines, "", f"Signings in five years, from the start: {rows[0]['signings']:.3f} expected."])


def switches_table(game: Game, usual: dict[str, float]) -> str:
    """Return the headlines without each mechanism, beside the usual ones."""
    keys = (*CHANCES, *DIVIDENDS)
    lines = ["| without | " + " | ".join(keys) + " |", "|---" * (len(keys) + 1) + "|"]
    lines.append("| (nothing) | " + " | ".join(f"{usual[key]:.3f}" for key in keys) + " |")
    for mechanism in MECHANISMS:
        off = game.scenario.neutralised(mechanism)
        found = heads(game.with_values(slot_values(off, game.shape.slots), scenario=off))
        lines.append(f"| {mechanism} | " + " | ".join(f"{found[key]:.3f}" for key in keys) + " |")
    return "\n".join(lines)


def page() -> str:
    """Return the three tables as Markdown, under headings of the second level."""
    game = ol.compile(ol.read("geneva"), resolution="coarse")
    solution = ol.solve(game)
    usual = dict(short_tables(solution)["headlines"].select("key", "value").iter_rows())
    return f"""## A hopeless package listed twice

Coarse grid, central numbers: change of each headline probability against the shipped menu.

{menu_table(usual)}

## Signings that are mistakes

Coarse grid, central numbers, five years. A party that mixes close to indifference signs at a loss half the time; the
second column says how often the loss matters.

{mistakes_table(Standpoint(solution, watched=True))}

## What each switch moves

Coarse grid, central numbers: chances, and what a year of fruitless talks is worth to each party.

{switches_table(game, usual)}
"""


def main() -> None:
    """Print the page."""
    print(page())


if __name__ == "__main__":
    main()
