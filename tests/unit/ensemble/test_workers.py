"""A worker that dies or hangs costs what it held; the ensemble is the same whoever solved it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from outlast.ensemble import EnsembleFault, LocalWorkers, WorkersLost, make_ensemble, open_ensemble
from outlast.ensemble.cluster import ClusterWorkers

from .pretend import Pretenders, Trap, Trapped, war

DRAWS = 14


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, as a user starts them."""
    folder = tmp_path_factory.mktemp("dask")
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # Dask would send a lost batch again three times by itself; that it is sent again has to be our doing.
    environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "0"
    dask = [sys.executable, "-m", "dask"]
    host, port = address.removeprefix("tcp://").split(":")
    commands = [
        [*dask, "scheduler", "--host", host, "--port", port, "--no-dashboard"],
        [*dask, "worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", folder],
    ]
    with open(folder / "log", "w") as log:
        started = [subprocess.Popen(c, env=environment, stdout=log, stderr=log, cwd=folder) for c in commands]
        yield address
        for process in reversed(started):
            process.send_signal(signal.SIGINT)
        for process in reversed(started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(params=["local", "cluster"])
def workers(request: pytest.FixtureRequest):
    """What makes workers of one kind, with so much patience."""
    if request.param == "local":
        return lambda **options: LocalWorkers(2, **options)
    address = request.getfixturevalue("scheduler")
    return lambda **options: ClusterWorkers(address, batch=2, **options)


@pytest.fixture
def met(tmp_path: Path) -> Path:
    """The folder in which a trap counts who met it."""
    folder = tmp_path / "met"
    folder.mkdir()
    return folder


def same_as_undisturbed(folder: Path) -> bool:
    whole = folder.with_name("whole")
    make_ensemble(war(), draws=DRAWS, out=whole, workers=Pretenders())
    names = ["manifest.json", "centre.json", "draws/0000000.parquet"]
    return all((folder / name).read_bytes() == (whole / name).read_bytes() for name in names)


def test_a_worker_that_dies_or_hangs_costs_what_it_held(workers, met: Path, tmp_path: Path):
    crew = Trapped(workers(patience=6.0), Trap(met, kills=3, holds=10))
    made = make_ensemble(war(), draws=DRAWS, out=tmp_path / "e", workers=crew)
    assert sorted(path.name.split("-")[0] for path in met.iterdir()) == ["10", "3"], "a trap was not met"
    assert made.complete
    assert same_as_undisturbed(tmp_path / "e")


def test_a_draw_that_kills_every_worker_ends_the_work_and_loses_nothing(workers, met: Path, tmp_path: Path):
    folder, last = tmp_path / "e", DRAWS - 1
    make_ensemble(war(), draws=5, out=folder, workers=Pretenders())
    crew = Trapped(workers(retries=0, patience=120.0), Trap(met, kills=last, times=100))
    with pytest.raises(WorkersLost, match="died or hung"):
        make_ensemble(war(), draws=DRAWS, out=folder, workers=crew)
    finished = open_ensemble(folder).certificates["draw"].to_list()
    assert len(finished) >= 5
    assert last not in finished
    make_ensemble(war(), draws=DRAWS, out=folder, workers=Pretenders())
    assert same_as_undisturbed(folder)


def test_an_interrupted_caller_leaves_no_worker_behind(met: Path, tmp_path: Path):
    """A process that is killed cannot clean up; its workers see that it is gone."""
    program = (
        "from pathlib import Path\n"
        "from outlast.ensemble import LocalWorkers, make_ensemble\n"
        "from ensemble.pretend import Trap, Trapped, war\n"
        "if __name__ == '__main__':\n"
        f"    trap = Trap(Path({str(met)!r}), holds=4)\n"
        f"    make_ensemble(war(), draws=9, out={str(tmp_path / 'e')!r}, workers=Trapped(LocalWorkers(2), trap))\n"
    )
    script = tmp_path / "program.py"
    script.write_text(program)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])}
    caller = subprocess.Popen([sys.executable, script], env=environment)
    try:
        _until(lambda: list(met.iterdir()) or caller.poll() is not None, 60)
        holding = int(next(met.iterdir()).name.split("-")[2])
    finally:
        caller.kill()
        caller.wait()
    _until(lambda: not Path(f"/proc/{holding}").exists(), 20)
    assert not Path(f"/proc/{holding}").exists()


def _until(true, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)


def test_no_scheduler_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("outlast.ensemble.cluster.GREETING", 1.0)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(EnsembleFault, match="no scheduler answers"):
        make_ensemble(war(), draws=2, out=tmp_path / "e", workers=ClusterWorkers(address))


def test_a_worker_with_another_program_is_refused(scheduler: str, met: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("outlast.ensemble.cluster.program_digest", lambda: "another")
    with pytest.raises(EnsembleFault, match="same program"):
        make_ensemble(war(), draws=2, out=tmp_path / "e", workers=Trapped(ClusterWorkers(scheduler), Trap(met)))
