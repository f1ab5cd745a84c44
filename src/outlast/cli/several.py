"""Print the equilibria that random starts led to: how many, how far apart, and which one is selected."""

from __future__ import annotations

from typing import Any


def print_several(found: dict[str, Any], *, principal: str) -> None:
    """Print a record of several equilibria; ``principal`` says what selects the one that is marked."""
    rows = found["equilibria"]
    many = f"{len(rows)} distinct equilibri{'um' if len(rows) == 1 else 'a'}"
    print(f"{found['subject']}: {many} from {found['starts']} random starts (seed {found['seed']})")
    names = list(found["spread"])
    widths = [max(len(name), 10) for name in names]
    print("  number  starts  residual  " + "  ".join(f"{n:>{w}}" for n, w in zip(names, widths, strict=True)))
    for number, row in enumerate(rows, 1):
        cells = (f"{row['answers'][n]:>{w}.6f}" for n, w in zip(names, widths, strict=True))
        mark = "  <" if row["principal"] else ""
        print(f"  {number:>6}  {row['starts']:>6}  {row['residual']:>8.0e}  {'  '.join(cells)}{mark}")
    if found["failed"]:
        print(f"  {found['failed']} starts led to no equilibrium.")
    chosen = [i for i, row in enumerate(rows, 1) if row["principal"]]
    if chosen:
        print(f"  {principal[0].upper()}{principal[1:]} leads to number {chosen[0]} (<).")
    else:
        print(f"  None is marked: {principal} led to none of them ({found['branch']}).")
    for name, width in found["spread"].items():
        if width > 1e-6:
            print(f"  Which equilibrium it is moves {name!r} by up to {width:.4f}.")
    print("  So many there are; random starts cannot show that there are no more.")
