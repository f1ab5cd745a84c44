"""Nothing in the source is dead: what is defined in it is named elsewhere in it, or is public and says so here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "outlast"
PUBLIC = {
    "with_noise": "a user's game in Python, with other noise",
    "with_resolution": "a user's scenario in Python, on another grid",
    "with_months": "a user's scenario in Python, over another horizon",
    "precision_at_start": "what a Gambit file of a game is read with",
    "evidence_from": "a record as evidence, for a user's own filter",
    "read_stocks": "stocks of a simulated war as a record has them",
    "last_month_with_money": "what a user of the importer has to know of its end",
    "base_rate": "a baseline for a user's own back-test",
    "last_value": "a baseline for a user's own back-test",
    "recent_changes": "a baseline for a user's own back-test",
    "war_ends": "a baseline for a user's own back-test",
    "picture": "docs/write_gallery.py draws it",
    "markdown": "docs/write_gallery.py writes it",
}
"""What only users, the documents or tests name, and why it stays."""


def mentions(tree: ast.AST) -> Counter[str]:
    """Count the names that code uses, those in short texts included: modules are found by them."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found[name] += 1
            case ast.keyword(arg=str(name)):
                found[name] += 1
            case ast.Constant(value=str(text)) if len(text) < 200:
                found.update(re.findall(r"\w+", text))
    return found


def test_every_function_is_reached_from_the_source_or_is_public():
    """Decorated ones are reached by what decorates them; names with two underscores by Python itself."""
    trees = {path: ast.parse(path.read_bytes()) for path in SOURCE.rglob("*.py")}
    used = sum((mentions(tree) for tree in trees.values()), Counter())
    idle = set()
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.decorator_list or used[node.name]:
                continue
            # An underscore after a name is there because Python has the name; commands are found without it.
            if not node.name.startswith("__") and not used[node.name.rstrip("_")]:
                idle.add((node.name, str(path.relative_to(SOURCE))))
    overridden = {("list_commands", "cli/app.py"), ("format_commands", "cli/app.py")}
    dead = {each for each in idle - overridden if each[0] not in PUBLIC}
    assert not dead
    assert {name for name, _ in idle} >= PUBLIC.keys(), "what is reached again needs no reason to stay"
