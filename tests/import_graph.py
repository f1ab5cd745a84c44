"""What the modules of the package import, read off their source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

SOURCE = Path(__file__).parents[1] / "src"


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return every module of the package, parsed, by its dotted name."""
    return MappingProxyType({module_name(path): ast.parse(path.read_bytes()) for path in SOURCE.rglob("*.py")})


def statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports below a node, in functions too, without those that only the type checker sees."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node
    below = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        below = node.orelse
    for child in below:
        yield from statements(child)


def parents(name: str) -> set[str]:
    """Return the packages around a module: Python runs them before it."""
    parts = name.split(".")
    return {".".join(parts[:i]) for i in range(1, len(parts))}


def imported(statement: ast.Import | ast.ImportFrom, known: Iterable[str]) -> set[str]:
    """Return the modules among the known ones that a statement names."""
    if isinstance(statement, ast.Import):
        return {alias.name for alias in statement.names} & set(known)
    inner = {f"{statement.module}.{alias.name}" for alias in statement.names}
    return inner & set(known) or {statement.module or ""} & set(known)


def import_graph(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Return, for each module, those that it loads: what it imports, and the packages around that.

    The packages around a module itself are being loaded when it is, so it does not lead to them.
    """
    graph = {}
    for name, tree in trees.items():
        named = set[str]().union(*(imported(each, trees) for each in statements(tree)))
        around = set[str]().union(*(parents(each) for each in named)) & trees.keys()
        graph[name] = (named | around - parents(name)) - {name}
    return graph


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules each of which leads to all others of its set (Tarjan's strong components)."""
    place: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        place[name] = low[name] = len(place)
        stack.append(name)
        for other in graph[name]:
            if other not in place:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], place[other])
        if low[name] == place[name]:
            circle = set(stack[stack.index(name) :])
            del stack[stack.index(name) :]
            if len(circle) > 1:
                found.append(circle)

    for name in graph:
        if name not in place:
            visit(name)
    return found


def reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Return all modules that are loaded when ``start`` is and its functions are called, itself included."""
    seen: set[str] = set()
    waiting = {start, *parents(start)}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= graph[name] - seen
    return seen
