"""Time one solve in a fresh process and print it as JSON: ``one_solve.py RESOLUTION REPEATS [cold]``.

With ``cold`` the disk cache of compiled programs is not used, so the first solve contains the whole compilation.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time


def main() -> None:
    """Solve, repeat, print."""
    resolution, repeats = sys.argv[1], int(sys.argv[2])
    if "cold" in sys.argv[3:]:
        os.environ["OUTLAST_CACHE"] = tempfile.mkdtemp()
    import outlast as ol
    from outlast.answers.certificate import leak
    from outlast.answers.standpoint import Standpoint
    from outlast.answers.tabulate import short_tables

    game = ol.compile(ol.read("geneva"), resolution=resolution)
    times = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        solution = ol.solve(game)
        times.append(time.perf_counter() - begun)
    shape = game.shape
    warm = sorted(times[1:]) or times
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    view = Standpoint(solution)
    heads = short_tables(solution, view)["headlines"]
    print(
        json.dumps(
            {
                "resolution": resolution,
                "states": shape.states,
                "phases": shape.phases,
                "packages": shape.packages,
                "months": shape.months,
                "first": times[0],
                "warm": warm[len(warm) // 2],
                "memory": memory,
                "bayes": solution.bayes,
                "residual": solution.residual,
                "leak": leak(view),
                "answers": dict(zip(heads["label"], heads["value"], strict=True)),
            }
        )
    )


if __name__ == "__main__":
    main()
