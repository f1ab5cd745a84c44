"""Nothing in the source is dead: what is defined in it is reached from a command, from a public name or from a page.

Functions and classes are told apart by their module: a name leads where the module that uses it took it from. Methods
are told apart by the name alone, since only a running program knows whose they are, and count once their class does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import pytest

from import_graph import import_graph, imported, modules, reached

ROOT = Path(__file__).parents[2]
BY_NAME = ("outlast.cli.", "outlast.gallery.", "outlast.record.sources.", "outlast.solving.movement",
           "outlast.solving.stationwise", "outlast.learning.loops")  # fmt: skip
"""Modules loaded by a name that is put together, or read by names from a table: who names their functions is enough."""
PUBLIC = {
    "outlast.game.explicit.ExplicitGame.with_noise": "a user's game in Python, with other noise",
    "outlast.game.gambit.precision_at_start": "what a Gambit file of a user's game is read with",
    "outlast.game.gambit.separated": "a user's game in the form that a Gambit file needs",
    "outlast.learning.evidence.evidence_from": "a record as evidence, for a user's own filter",
    "outlast.learning.simulate.read_stocks": "stocks of a simulated war as a record has them",
    "outlast.record.sources.kiel.last_month_with_money": "what a user of the importer has to know of its end",
    "outlast.scenario.scenario.Scenario.with_months": "a user's scenario in Python, over another horizon",
    "outlast.scenario.scenario.Scenario.with_resolution": "a user's scenario in Python, on another grid",
    "outlast.scoring.baselines.climatology": "a baseline for a user's own back-test",
    "outlast.scoring.baselines.constant": "a baseline for a user's own back-test",
    "outlast.scoring.baselines.last_value": "a baseline for a user's own back-test",
    "outlast.scoring.baselines.recent_changes": "a baseline for a user's own back-test",
    "outlast.scoring.baselines.war_ends": "a baseline for a user's own back-test",
    "outlast.solving.explicit_grid.GridSolution.chance": "what is read off the solution of a user's own game",
    "outlast.solving.explicit_grid.GridSolution.posterior": "what is read off the solution of a user's own game",
    "outlast.solving.explicit_grid.solve_on_grid": "a fault sends users to it whose game it can solve",
}
"""What only users, benchmarks or tests name, and why it stays."""
OVERRIDDEN = {f"outlast.cli.app.LazyGroup.{name}" for name in ("format_commands", "list_commands", "resolve_command")}
"""Methods that a class of another package calls."""
REGISTERING = {"callback", "defjvp", "model_validator", "overload", "register_model"}
"""Decorators that hand what they decorate to another package, which calls it."""
SPECIAL = re.compile(r"__\w+__|_repr_html_")
"""Names that Python and notebooks look for."""
Definition = ast.FunctionDef | ast.ClassDef


def registered(node: Definition) -> bool:
    """Say whether a decorator hands a definition to somebody who will call it."""
    marks = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    return not REGISTERING.isdisjoint(ast.unparse(each).split(".")[-1] for each in marks)


def module_of(full: str, trees: Iterable[str]) -> str:
    """Return the module in which what goes by a full name is defined."""
    return max((name for name in trees if full.startswith(f"{name}.")), key=len)


def parts(node: Definition) -> Iterator[ast.AST]:
    """Yield what runs or is read with a definition: all of a function; of a class what is no method of its own."""
    if isinstance(node, ast.FunctionDef):
        yield node
        return
    yield from (*node.bases, *node.keywords, *node.decorator_list)
    yield from (each for each in node.body if not isinstance(each, Definition))


class Source:
    """The definitions of a package and who reaches them."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.trees = trees
        self.taken = {name: dict(self._imports(tree)) for name, tree in trees.items()}

    def _imports(self, tree: ast.Module) -> Iterator[tuple[str, str]]:
        """Yield each name that a module takes from the package, in functions too, with the full name of what it is."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom) and imported(node, self.trees):
                home = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                yield from ((alias.asname or alias.name, f"{home}{alias.name}") for alias in node.names)

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Every function and class at the top of a module, and every method, by full name."""
        found: dict[str, Definition] = {}
        for name, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, Definition):
                    found[f"{name}.{node.name}"] = node
                if isinstance(node, ast.ClassDef):
                    own = (each for each in node.body if isinstance(each, Definition))
                    found |= {f"{name}.{node.name}.{each.name}": each for each in own}
        return found

    def owner(self, full: str) -> str | None:
        """Return the full name under which something is defined, through the modules that pass it on."""
        if full in self.definitions:
            return full
        module, _, name = full.rpartition(".")
        return self.owner(self.taken[module][name]) if name in self.taken.get(module, {}) else None

    def named(self, module: str, node: ast.AST) -> tuple[set[str], set[str]]:
        """Return the definitions that code names, and the words by which it may mean methods or what tables list."""
        sure: set[str | None] = set()
        words: set[str] = set()
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                sure.add(self.owner(f"{module}.{each.id}"))
            elif isinstance(each, ast.Attribute):
                words.add(each.attr)
                if isinstance(each.value, ast.Name):
                    sure.add(self.owner(f"{self.taken[module].get(each.value.id)}.{each.attr}"))
            elif isinstance(each, ast.keyword) and each.arg:
                words.add(each.arg)
            elif isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) < 200:
                words.update(re.findall(r"\w+", each.value))
        return {each for each in sure if each}, words

    def reach(self, roots: set[str], words: set[str]) -> set[str]:
        """Return the definitions that are reached from some of them and from words, each once it is."""
        found: set[str] = set()
        waiting = set(roots)
        words = set(words)
        while waiting:
            while waiting:
                full = waiting.pop()
                found.add(full)
                module = module_of(full, self.trees)
                for part in parts(self.definitions[full]):
                    sure, more = self.named(module, part)
                    waiting |= sure - found
                    words |= more
            waiting = {full for full in self.definitions.keys() - found if self._met(full, found, words)}
        return found

    def called(self, full: str) -> bool:
        """Say whether Python, a notebook or another package calls a definition."""
        node = self.definitions[full]
        return registered(node) or SPECIAL.fullmatch(node.name) is not None

    def _met(self, full: str, found: set[str], words: set[str]) -> bool:
        """Say whether a definition is met by a word: a method of a class that is reached, or in a table of names."""
        outer, _, name = full.rpartition(".")
        if outer in self.definitions:
            return outer in found and (name in words or self.called(full))
        return full.startswith(BY_NAME) and name.rstrip("_") in words


def documented() -> Iterator[str]:
    """Yield the full names of what the pages import from the package."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").glob("*.py")]:
        for module, names in re.findall(r"from (outlast[\w.]*) import ([\w, ]+)", page.read_text(encoding="utf-8")):
            yield from (f"{module}.{name.strip()}" for name in names.split(","))


def offered(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    """Yield the full names of what modules offer in ``__all__``."""
    for name, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                yield from (f"{name}.{each}" for each in ast.literal_eval(node.value))


def dead(trees: Mapping[str, ast.Module], roots: Iterable[str], words: Iterable[str] = ()) -> set[str]:
    """Return the full names of all definitions that nothing reaches: not the roots, nor code that runs on import."""
    source = Source(trees)
    known = {own for full in (*roots, *offered(trees)) if (own := source.owner(full))}
    met = set(words)
    known |= {full for full in source.definitions if full.rpartition(".")[0] in trees and source.called(full)}
    for module, tree in trees.items():
        for node in tree.body:
            if not isinstance(node, Definition):
                sure, more = source.named(module, node)
                known |= sure
                met |= more
    return source.definitions.keys() - source.reach(known, met)


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    """Return the words by which the programs that write pages call what they load by name."""
    trees = [ast.parse(page.read_bytes()) for page in (ROOT / "docs").glob("*.py")]
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_every_function_is_reached_or_is_public(drawn: set[str]):
    assert dead(modules(), [*documented(), *PUBLIC, *OVERRIDDEN], drawn) == set()


def test_what_is_reached_needs_no_reason_to_stay(drawn: set[str]):
    assert dead(modules(), documented(), drawn) >= PUBLIC.keys() | OVERRIDDEN


def test_every_module_is_loaded_by_a_command_or_by_a_page():
    graph = import_graph(modules())
    source = Source(modules())
    named = (source.owner(full) or full for full in (*documented(), *offered(modules()), *PUBLIC))
    first = {module_of(full, graph) for full in named} | {name for name in graph if name.startswith(BY_NAME)}
    loaded = set[str]().union(*(reached(graph, name) for name in first))
    assert graph.keys() - loaded == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): g()\ndef g(): pass\nf()", set()),
        ("def f(): g()\ndef g(): f()", {"p.f", "p.g"}),
        ("class A:\n    def m(self): self.n()\n    def n(self): pass\nA().m()", set()),
        ("class A:\n    def m(self): pass\n    def n(self): pass\nA().m()", {"p.A.n"}),
        ("import q\nfrom q import h\ndef f(): pass\nh()", {"p.f", "q.f"}),
        ("import q\ndef f(): pass\nq.f()", {"p.f", "q.h"}),
    ],
)
def test_names_are_told_apart_by_their_module(text: str, expected: set[str]):
    trees = {"p": ast.parse(text)}
    if "q" in text:
        trees["q"] = ast.parse("def f(): pass\ndef h(): pass")
    assert dead(trees, ()) == expected
