"""No modules of the package import one another in a circle, not even inside functions."""

from __future__ import annotations

import ast

import pytest

from import_graph import circles, import_graph, modules


def test_no_modules_import_one_another_in_a_circle():
    assert [sorted(circle) for circle in circles(import_graph(modules()))] == []


@pytest.mark.parametrize(
    ("first", "second", "circular"),
    [
        ("import p.b", "x = 1", False),
        ("import p.b", "import p.a", True),
        ("def f():\n    from p import b", "from p.a import g", True),
        ("from p.b import g", "def f():\n    def h():\n        from p.a import k", True),
        ("from p.b import g", "if TYPE_CHECKING:\n    from p.a import k", False),
        ("from p.b import g", "if TYPE_CHECKING:\n    import os\nelse:\n    from p.a import k", True),
    ],
)
def test_a_circle_is_found_wherever_its_imports_stand(first: str, second: str, circular: bool):
    trees = {"p": ast.parse(""), "p.a": ast.parse(first), "p.b": ast.parse(second)}
    assert circles(import_graph(trees)) == ([{"p.a", "p.b"}] if circular else [])
