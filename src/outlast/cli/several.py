"""Print the equilibria that random starts led to: how many, how far apart, and which one is selected."""

from __future__ import annotations

from typing import Any


def print_several(found: dict[str, Any], *, principal: str) -> None:
    """Print a record of several equilibria; ``principal`` says what selects the one that is marked."""
    rows = found["equilibria"]
    many = f"{len(rows)} distinct equilibri{'um' if len(rows) == 1 else 'a'}"
    print(f"{found['subject']}: {many} from {found['starts']} random starts (seed {found['seed']})")
    lines = [
        ("number", [f"{i}{' <' if row['principal'] else ''}" for i, row in enumerate(rows, 1)], "spread"),
        ("starts", [str(row["starts"]) for row in rows], ""),
        ("residual", [f"{row['residual']:.0e}" for row in rows], ""),
    ]
    for name, width in found["spread"].items():
        lines.append((name, [f"{row['answers'][name]:.6f}" for row in rows], f"{width:.4f}"))
    first = max(len(name) for name, _, _ in lines)
    for name, cells, width in lines:
        print(f"  {name:<{first}}  {'  '.join(f'{cell:>9}' for cell in cells)}  {width:>7}".rstrip())
    if found["failed"]:
        print(f"  {found['failed']} starts led to no equilibrium.")
    chosen = [i for i, row in enumerate(rows, 1) if row["principal"]]
    if chosen:
        print(f"  {principal[0].upper()}{principal[1:]} leads to number {chosen[0]}, which is marked.")
    else:
        print(f"  None is marked: {principal} led to none of them ({found['branch']}).")
    print("  So many there are; random starts cannot show that there are no more.")
