"""Compiled loops are kept where they are told to be, by several threads at once, and nothing of the process changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, threading
from pathlib import Path
from numba.core import config
from outlast.solving import compile_cache

source = Path({source!r})
sys.path.insert(0, str(source.parent))
import plain

before, found = config.CACHE_DIR, []
def ask(name):
    found.append(compile_cache.kept_loops(name, [plain.double], [source]))
threads = [threading.Thread(target=ask, args=(name,)) for name in ("one", "two") * 8]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert config.CACHE_DIR == before
assert len({{loops[0] for loops in found}}) == 2
assert all(loops[0](2.0) == 4.0 for loops in found)
"""


def run(tmp_path: Path, cache: Path) -> list[Path]:
    """Ask for two groups of loops from many threads; return the files left outside the source's folder."""
    home, work, source = (tmp_path / name for name in ("home", "work", "source"))
    for folder in (home, work, source):
        folder.mkdir(exist_ok=True)
    (source / "plain.py").write_text("def double(x):\n    return 2 * x\n")
    script = SCRIPT.format(source=str(source / "plain.py"))
    environment = {"OUTLAST_CACHE": str(cache), "HOME": str(home), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], cwd=work, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "plain.py"]


def test_loops_of_many_threads_land_in_the_cache_and_nowhere_else(tmp_path: Path):
    left = run(tmp_path, tmp_path / "cache")
    groups = {path.relative_to(tmp_path / "cache").parts[0].split("-")[0] for path in left}
    assert groups == {"one", "two"}


def test_without_a_folder_to_write_to_loops_work_and_leave_nothing(tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("a file where the folder should be")
    assert run(tmp_path, taken) == [taken]
