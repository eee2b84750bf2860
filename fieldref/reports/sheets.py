"""Tables as text: CSV that a spreadsheet opens as it is meant, and columns that a person reads."""

import csv
import io
from collections.abc import Sequence

# A cell that begins so is a formula to a spreadsheet, whatever its author meant.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Sequence[Sequence[str]]


def csv_text(rows: Rows) -> bytes:
    """Return *rows* as CSV: UTF-8 with the byte order mark that Excel needs, and no cell a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def plain_text(rows: Rows) -> str:
    """Return *rows* in columns: the first to the left, the others, which are numbers, to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(row: Sequence[str], widths: list[int]) -> str:
    first, *others = (
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
