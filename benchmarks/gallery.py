"""The table of every published figure beside ours, for ``benchmarks/run.py``: ``python benchmarks/gallery.py``."""

from __future__ import annotations

import time


def gallery_table() -> str:
    """Solve every model of the gallery and return all their tables as Markdown, with the time of each."""
    from outlast.gallery import MODELS, rows_of
    from outlast.gallery.row import markdown

    parts = []
    for name, title in MODELS.items():
        begun = time.perf_counter()
        rows = rows_of(name)
        seconds = time.perf_counter() - begun
        within = sum(row.holds for row in rows)
        parts.append(
            f"### {title}\n\n{within} of {len(rows)} figures within tolerance, {seconds:.1f} s with compilation."
        )
        parts.append("\n".join(markdown(rows)))
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(gallery_table())
