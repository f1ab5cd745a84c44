"""Spoil a good file in the ways in which files go wrong, at random but from a seed."""

from __future__ import annotations

import csv
import io
import os
from random import Random

ODD = (
    *(
        "",
        " ",
        "NA",
        "N/A",
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e999",
        "1e-400",
        "10" * 60,
        "1,5",
        "1 000",
        "0x1F",
        "1_0",
    ),
    *("2025-02-30", "2025-13-01", "0000-01-01", "9999-12-31", "99999-01-01", "-2025-01-01", "2025-1-1", "01.02.2025"),
    *(
        "2025-01-01 00:00:00",
        "2025-01-01T12:00:00Z",
        "true",
        "True",
        "False",
        "None",
        "yes",
        ".",
        "-9",
        "-8",
        "x" * 5000,
    ),
    *(
        "=1+1",
        "+1",
        "@a",
        "'=1",
        "\t",
        "\r",
        "\n",
        '"',
        '""',
        "'",
        ",",
        ";",
        "\0",
        "\x1b[31m",
        "\u2028",
        "\ufeff",
        "\u00e9",
    ),
    *("\U0001f600", "\u0661\u0662", "{}", "[]", "^.*$", "*", "{0}", "%s", "${x}"),
)

ACTS = (
    *("drop row", "repeat row", "swap rows", "drop column", "repeat column", "swap columns"),
    *("more cells", "fewer cells", "fill", "many", "cut"),
)


def mutations(usual: int) -> int:
    """Return how many files to spoil: ``OUTLAST_MUTATIONS`` where it is set, else as many as the suite has time for."""
    return int(os.environ.get("OUTLAST_MUTATIONS", usual))


def spoilt_bytes(content: bytes, random: Random) -> bytes:
    """Return bytes with one to three of them, or pieces of them, changed, lost, added, doubled or moved."""
    for _ in range(random.randint(1, 3)):
        start = random.randrange(len(content) + 1)
        stop = min(len(content), start + random.choice((1, 1, 2, 8, 64, 1000)))
        piece = content[start:stop]
        put = {
            "flip": bytes(byte ^ (1 << random.randrange(8)) for byte in piece),
            "lose": b"",
            "double": piece * 2,
            "add": piece + random.choice((b"\0", b'"', b"'", b",", b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b"[", b"=")),
            "noise": random.randbytes(len(piece)),
            "move": content[: stop - start],
        }[random.choice(("flip", "lose", "double", "add", "noise", "move"))]
        content = content[:start] + put + content[stop:]
        if random.random() < 0.05:
            content = content[: random.randrange(len(content) + 1)]
    return content


def spoilt_text(text: str, random: Random) -> bytes:
    """Return a text in some encoding, most often the right one, and with some ends of lines."""
    text = random.choice((str, str, str, lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n", "\r")))(text)
    encoding = random.choice(
        ("utf-8",) * 12 + ("utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32", "cp037")
    )
    content = text.encode(encoding, "replace")
    return spoilt_bytes(content, random) if random.random() < 0.3 else content


def spoilt_rows(rows: list[list[str]], random: Random) -> list[list[str]]:
    """Return the rows of a table, header first, with one to four cells, rows or columns spoilt."""
    rows = [list(row) for row in rows]
    for _ in range(random.randint(1, 4)):
        if not rows or not rows[0]:
            break
        row, column = random.randrange(len(rows)), random.randrange(len(rows[0]))
        act = random.choice(("cell",) * 6 + ACTS)
        if act == "cell" and column < len(rows[row]):
            rows[row][column] = random.choice(ODD)
        elif act == "drop row":
            del rows[row]
        elif act == "repeat row":
            rows.insert(row, list(rows[row]))
        elif act == "swap rows":
            other = random.randrange(len(rows))
            rows[row], rows[other] = rows[other], rows[row]
        elif act == "more cells":
            rows[row].append(random.choice(ODD))
        elif act == "fewer cells":
            del rows[row][-1:]
        elif act == "many":
            rows += [list(rows[row]) for _ in range(random.choice((2, 30)))]
        elif act == "cut":
            del rows[row:]
        else:
            _spoil_column(rows, column, act, random)
    return rows


def _spoil_column(rows: list[list[str]], column: int, act: str, random: Random) -> None:
    other, value = random.randrange(len(rows[0])), random.choice(ODD)
    for place, row in enumerate(rows):
        if max(column, other) >= len(row):
            continue
        if act == "drop column":
            del row[column]
        elif act == "repeat column":
            row.insert(other, row[column])
        elif act == "swap columns":
            row[column], row[other] = row[other], row[column]
        elif place:
            row[column] = value


def as_csv(rows: list[list[str]]) -> str:
    """Return rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
