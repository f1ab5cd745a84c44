"""Measure ensembles and print Markdown: ``python benchmarks/ensemble.py [DRAWS]``.

What a draw costs is processor time, which a busy machine does not inflate; how much faster two workers are than one is
wall time, and a busy machine spoils it. Storing is measured with answers of the size of ``geneva``'s.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import outlast as ol
from outlast.answers.drawn_answers import Centre
from outlast.answers.draws import points
from outlast.answers.job import Job, solve_job
from outlast.ensemble import LocalWorkers, open_ensemble
from outlast.ensemble.cluster import ClusterWorkers
from outlast.ensemble.manifest import manifest_of
from outlast.ensemble.rows import Frame, frame_of
from outlast.ensemble.storing import opened
from outlast.ensemble.workers import Work

COUNTS = (256, 1024, 4096)
DRAWS = 16
SMALL = {"scenario": {"base": "starter", "name": "small", "months": 24, "resolution": "coarse"}}


def geneva_draw() -> tuple[Any, float, float]:
    """Return one solved draw, and processor seconds and seconds of the median of three."""
    game = ol.compile(ol.read("geneva"), resolution="coarse")
    paths, values = points(game.scenario, count=4, seed=1)
    solved, times = None, []
    for draw in range(4):
        begun = time.process_time(), time.perf_counter()
        solved = solve_job(game, paths, Job(draw, values[draw]))
        times.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
    processor, wall = np.median(times[1:], axis=0)
    return solved, float(processor), float(wall)


def storing(solved: Any) -> list[tuple[int, float, float, float]]:
    """Return, by number of draws: milliseconds of storing one, kilobytes of one, seconds of reading all headlines."""
    scenario, rows = ol.read("geneva"), []
    heads = solved.bands["headlines.value"]
    claims = {claim.id: 0.0 for claim in scenario.claims}
    centre = Centre({f"h{i}": float(v) for i, v in enumerate(heads)}, claims, {}, ())
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "e"
            manifest = manifest_of(scenario, draws=count, seed=1)
            begun = time.perf_counter()
            with opened(place, manifest, lambda n: points(scenario, count=n, seed=1)[1]) as store:
                frame: Frame = frame_of(centre, solved)
                store.keep_frame(frame)
                for draw in range(count):
                    jitter = {name: band * (1 + 1e-3 * np.sin(draw)) for name, band in solved.bands.items()}
                    store.add(replace(solved, job=Job(draw, np.zeros(0)), bands=jitter))
            spent = time.perf_counter() - begun
            size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
            begun = time.perf_counter()
            assert open_ensemble(place).headlines.height == count
            rows.append((count, 1e3 * spent / count, size / count / 1e3, time.perf_counter() - begun))
    return rows


def rate(workers: Any, count: int, busy: int) -> float:
    """Return draws per minute of a small war, without the start of the workers."""
    game = ol.compile(ol.read(SMALL))
    paths, values = points(game.scenario, count=count, seed=1)
    arrivals = [
        time.perf_counter()
        for _ in workers.solved(Work.of(game, paths), [Job(draw, values[draw]) for draw in range(count)])
    ]
    skipped = 2 * busy
    return 60 * (count - 1 - skipped) / (arrivals[-1] - arrivals[skipped])


def cluster_rate(workers: int, count: int) -> float:
    """Return draws per minute through a Dask scheduler with so many workers of one thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, dask = f"tcp://127.0.0.1:{port}", [sys.executable, "-m", "dask"]
    with tempfile.TemporaryDirectory() as folder:
        commands = [
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            [*dask, "worker", address, "--nworkers", str(workers), "--nthreads", "1", "--local-directory", folder],
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = [subprocess.Popen(command, **quiet) for command in commands]
        try:
            import distributed

            with distributed.Client(address, timeout=60) as client:
                client.wait_for_workers(workers, timeout=120)
            return rate(ClusterWorkers(address, batch=1), count, workers)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


def ensemble_tables(draws: int = DRAWS) -> str:
    """Measure and return the section."""
    solved, processor, wall = geneva_draw()
    stored = storing(solved)
    load = os.getloadavg()[0]
    sizes, costs = np.log([r[0] for r in stored]), np.log([r[0] * r[1] for r in stored])
    exponent = np.polyfit(sizes, costs, 1)[0]
    local = [rate(LocalWorkers(n), draws, n) for n in (1, 2)]
    dask = [cluster_rate(n, draws) for n in (1, 2)]
    lines = [
        f"One coarse draw of `geneva` with its answers, one thread: {processor:.2f} s of processor time"
        f" ({wall:.2f} s of wall time at a load of {load:.1f} on {os.cpu_count()} cores), {60 / processor:.0f} draws a"
        " minute and core.",
        "",
        "| draws stored | ms to store one | kB of one | s to read all headlines |",
        "|---|---|---|---|",
        *(f"| {n} | {ms:.2f} | {kb:.1f} | {s:.3f} |" for n, ms, kb, s in stored),
        "",
        f"Time to store grows with draws to the power of {exponent:.2f}.",
        "",
        f"| workers, {draws} draws of a small war | draws a minute, one | two | two against one |",
        "|---|---|---|---|",
        f"| processes | {local[0]:.0f} | {local[1]:.0f} | {local[1] / local[0]:.2f} |",
        f"| Dask | {dask[0]:.0f} | {dask[1]:.0f} | {dask[1] / dask[0]:.2f} |",
        "",
        f"The machine's load was {os.getloadavg()[0]:.1f} after these runs: above its cores, a ratio says little.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(ensemble_tables(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS))
