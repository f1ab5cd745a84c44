"""Two hosts with a scheduler and workers, as docs/how_to/many_machines.md starts them: namespaces stand for hosts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from outlast.ensemble import open_ensemble
from small_war import SMALL

FIRST, SECOND = "outlast-first", "outlast-second"
ADDRESS = {FIRST: "10.213.7.1", SECOND: "10.213.7.2"}
DRAWS = 6


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def hosts() -> Iterator[None]:
    """Two namespaces joined by a virtual cable; neither reaches anything else."""
    if shutil.which("ip") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("making network namespaces takes `ip` and root")
    try:
        ip("netns", "add", FIRST)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"network namespaces cannot be made here: {error.stderr.decode().strip()}")
    try:
        ip("netns", "add", SECOND)
        ip("link", "add", "outlast-a", "netns", FIRST, "type", "veth", "peer", "name", "outlast-b", "netns", SECOND)
        for host, end in ((FIRST, "outlast-a"), (SECOND, "outlast-b")):
            ip("-n", host, "addr", "add", f"{ADDRESS[host]}/24", "dev", end)
            ip("-n", host, "link", "set", end, "up")
            ip("-n", host, "link", "set", "lo", "up")
        yield
    finally:
        for host in (FIRST, SECOND):
            subprocess.run(["ip", "netns", "del", host], capture_output=True)


@pytest.fixture
def dask(hosts: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A scheduler on the first host and a worker on each."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    scheduler = f"tcp://{ADDRESS[FIRST]}:8786"
    program = [sys.executable, "-m", "dask"]
    worker = [*program, "worker", scheduler, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    commands = [
        (FIRST, [*program, "scheduler", "--host", ADDRESS[FIRST], "--port", "8786", "--no-dashboard"]),
        (FIRST, [*worker, "--local-directory", str(tmp_path / "one"), "--name", "one"]),
        (SECOND, [*worker, "--local-directory", str(tmp_path / "two"), "--name", "two"]),
    ]
    with open(tmp_path / "log", "w") as log:
        started = [
            subprocess.Popen(["ip", "netns", "exec", host, *command], env=environment, stdout=log, stderr=log)
            for host, command in commands
        ]
        yield environment
        for process in reversed(started):
            process.send_signal(signal.SIGINT)
        for process in reversed(started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.mark.slow
def test_draws_are_solved_on_both_hosts(dask: dict[str, str], tmp_path: Path):
    (tmp_path / "war.toml").write_text(SMALL, encoding="utf-8")
    scheduler = f"tcp://{ADDRESS[FIRST]}:8786"
    waiting = (
        "import distributed, sys\n"
        "client = distributed.Client(sys.argv[1], timeout=60)\n"
        "client.wait_for_workers(2, timeout=120)\n"
        "print(*sorted(address.split(':')[1].strip('/') for address in client.ncores()))\n"
    )
    reached = subprocess.run(
        ["ip", "netns", "exec", SECOND, sys.executable, "-c", waiting, scheduler],
        env=dask, capture_output=True, text=True,
    )  # fmt: skip
    assert reached.stdout.split() == sorted(ADDRESS.values()), reached.stderr
    words = ["ensemble", str(tmp_path / "war.toml"), "--draws", str(DRAWS), "--out", str(tmp_path / "e")]
    command = [sys.executable, "-c", "from outlast.cli.app import main; main()", *words, "--scheduler", scheduler]
    finished = subprocess.run(
        ["ip", "netns", "exec", SECOND, *command], env=dask, capture_output=True, text=True, timeout=500
    )
    assert finished.returncode == 0, finished.stderr + (tmp_path / "log").read_text()
    made = open_ensemble(tmp_path / "e")
    assert made.complete
    assert made.failed == 0
