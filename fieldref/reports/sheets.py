"""Tables as files and text: a workbook, CSV that a spreadsheet opens as it is meant, columns that a person reads."""

import csv
import io
import re
from collections.abc import Sequence

import xlsxwriter

# A cell that begins so is a formula to a spreadsheet, whatever its author meant.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

NUMBER = re.compile(r"[0-9]{1,15}")
# What Excel allows in the name of a sheet.
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31

Rows = Sequence[Sequence[str]]


def csv_text(rows: Rows) -> bytes:
    """Return *rows* as CSV: UTF-8 with the byte order mark that Excel needs, and no cell a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def workbook(rows: Rows, title: str, notes: Sequence[str] = (), *, right_to_left: bool = False) -> bytes:
    """Return *rows* as an .xlsx, its sheet called *title*, under the lines *notes*. Whole numbers are numbers.

    Everything else is text: no cell is a formula or a link, whatever it begins with.
    """
    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, plain)
    sheet = book.add_worksheet(NOT_IN_A_NAME.sub(" ", title)[:LONGEST_NAME].strip() or "1")
    head, text = book.add_format({"bold": True, "text_wrap": True, "bottom": 1}), book.add_format({"num_format": "@"})
    if right_to_left:
        sheet.right_to_left()
    for line, note in enumerate(notes):
        sheet.write_string(line, 0, note)
    start = len(notes) + bool(notes)
    for line, row in enumerate(rows, start):
        for place, cell in enumerate(row):
            if NUMBER.fullmatch(cell):
                sheet.write_number(line, place, int(cell))
            else:
                sheet.write_string(line, place, cell, head if line == start else text)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, max(map(len, rows), default=1), 14)
    sheet.freeze_panes(start + 1, 1)
    book.close()
    return out.getvalue()


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
