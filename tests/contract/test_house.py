"""The house rules that a machine can check: dependencies, file sizes, file names, the README, and a light import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LONGEST_FILE = 800
CODE_SUFFIXES = {".css", ".html", ".j2", ".js", ".py"}
SHAPELESS_STEMS = {"core", "helper", "helpers", "manager", "managers", "util", "utils"}

# Written in pieces, so that this file passes its own test.
PACKAGE_HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))] + [
    ".".join(parts) for parts in (("anaconda", "org"), ("debian", "org"), ("crates", "io"))
]


def repository_files() -> list[Path]:
    """List the files that git keeps or would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so which files belong to the project is unknown")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def requirements() -> list[Requirement]:
    """List every requirement of pyproject.toml: to run, to test and to build."""
    project = PROJECT["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    return [Requirement(text) for text in project["dependencies"] + extras + PROJECT["build-system"]["requires"]]


def by_name(requirement: Requirement) -> str:
    """Name a requirement in the output of the tests."""
    return requirement.name


def pins() -> dict[str, str]:
    """Read constraints.txt as package name to version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("requirement", requirements(), ids=by_name)
def test_dependency_has_a_floor_and_a_ceiling(requirement: Requirement):
    operators = {specifier.operator for specifier in requirement.specifier}
    assert operators == {">=", "<"}, f"{requirement}: give it a floor (>=) and a ceiling (<)"


@pytest.mark.parametrize("requirement", requirements(), ids=by_name)
def test_dependency_has_a_sentence_of_its_own(requirement: Requirement):
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    sentence = re.search(rf"^- \*\*{re.escape(requirement.name)}\*\* (\w.+)", page, re.MULTILINE)
    assert sentence, f"docs/dependencies.md does not say what {requirement.name} is for"


def test_dependencies_page_names_no_package_that_is_gone():
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^- \*\*([^*]+)\*\*", page, re.MULTILINE))
    assert named == {requirement.name for requirement in requirements()}


def imported_distributions() -> set[str]:
    """Name the distributions that the package imports anywhere, outside the standard library."""
    nodes = [node for path in (ROOT / "src").rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    outside = {name.split(".")[0] for name in plain | named} - sys.stdlib_module_names - {"outlast"}
    return {canonicalize_name(packages_distributions()[name][0]) for name in outside}


def test_dependencies_are_those_that_the_package_imports():
    texts = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["estimate"]
    declared = {canonicalize_name(Requirement(text).name) for text in texts}
    assert imported_distributions() == declared


def test_pins_satisfy_the_declared_ranges():
    built = {Requirement(text).name for text in PROJECT["build-system"]["requires"]}
    for requirement in requirements():
        if requirement.name not in built:
            version = pins()[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"constraints.txt pins {requirement.name} to {version}"


def test_pins_are_plain():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    plain = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+")
    assert [line for line in lines if not plain.fullmatch(line)] == []


def test_no_file_names_a_package_host():
    for path in repository_files():
        text = path.read_bytes().decode("utf-8", errors="ignore").lower()
        named = [host for host in PACKAGE_HOSTS if host in text]
        assert not named, f"{path.relative_to(ROOT)} names {named}: leave it to each reader's own settings"


def test_no_file_is_too_long():
    """There is no list of exceptions: a file that outgrows the limit holds two ideas."""
    code = [path for path in repository_files() if path.suffix in CODE_SUFFIXES]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_file_or_folder_has_a_shapeless_name():
    """A file that can only be called by one of these words holds an idea that is not clear yet."""
    paths = [path.relative_to(ROOT) for path in repository_files()]
    stems = {str(path): {part.split(".")[0].strip("_") for part in path.parts} for path in paths}
    assert [path for path, words in stems.items() if words & SHAPELESS_STEMS] == []


def test_readme_opens_with_the_two_commands():
    opening = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:8]
    commands = [line.split("#")[0].strip() for line in opening if line.split("#")[0].strip().startswith("make ")]
    assert commands == ["make run", "make test"]


def modules_loaded_by(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after ``statement``."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return set(finished.stdout.split())


def test_importing_the_package_loads_none_of_its_dependencies():
    names = {requirement.name.replace("-", "_") for requirement in requirements()} | {"jaxlib"}
    assert not names & modules_loaded_by("import outlast")


def test_reading_a_scenario_loads_no_arrays():
    loaded = modules_loaded_by("import outlast; outlast.read")
    assert "pydantic" in loaded
    assert not {"altair", "equinox", "jax", "numpy", "polars", "scipy"} & loaded


def test_the_second_computation_loads_nothing_that_the_solver_is_made_of():
    assert not {"equinox", "jax", "numba", "scipy"} & modules_loaded_by("import outlast.verify")


@pytest.mark.parametrize("verb", ["read", "compile", "solve", "answer", "report"])
def test_verb_is_offered_at_the_root(verb: str):
    import outlast

    assert verb in dir(outlast)
    assert callable(getattr(outlast, verb))


def test_unknown_name_at_the_root_is_an_attribute_error():
    import outlast

    with pytest.raises(AttributeError, match="no attribute 'prophesy'"):
        _ = outlast.prophesy
