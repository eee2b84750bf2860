"""The directory as one workbook for a spreadsheet program: a sheet a table, our codes to choose from, words explained.

Every cell is text, so that no program makes a number of a telephone or a day of an id.
"""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from fieldref.guide.headings import HEADINGS, Heading
from fieldref.guide.tables import Row, Tables
from fieldref.languages import BY_CODE
from fieldref.refusal import Refusal

ABOUT, CODES = "read me", "codes"
ROOM = 500  # empty rows with drop-downs below what is there
LONGEST = 32_767  # characters in a cell of a spreadsheet
SAID = (
    "The services of this guide. Change the sheets, save, and take the file in: fieldref guide take-workbook FILE",
    "All rows are taken, or none, and every mistake is named by its cell.",
    "Do not rename sheets or the first line of one. Rows can be sorted, added and removed.",
    "Point at a heading to read what it is for. Where several codes may stand, write ; between them.",
    "Never write where a shelter is, and nothing about a person who comes there.",
)


def written(tables: Tables) -> bytes:
    """Return *tables* as a workbook. Raises Refusal for a text that is too long for a cell."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Services"})
    looks = _Looks(book)
    _about(book.add_worksheet(ABOUT), looks)
    sheets = {table: book.add_worksheet(table) for table in HEADINGS}
    places = _codes(book.add_worksheet(CODES), looks)
    for table, sheet in sheets.items():
        _table(sheet, table, tables[table], looks, places)
    sheets["services"].activate()
    book.close()
    return out.getvalue()


class _Looks:
    """The few formats there are."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#D9E8DC", "border": 1, "num_format": "@"})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.right_to_left = book.add_format(
            {"num_format": "@", "text_wrap": True, "valign": "top", "reading_order": 2, "align": "right"}
        )


def _about(sheet: Worksheet, looks: _Looks) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 90, looks.text)
    sheet.write_string(0, 0, "Services", looks.title)
    for line, sentence in enumerate(SAID, start=1):
        sheet.write_string(line, 0, sentence)
    line = len(SAID) + 2
    for table, headings in HEADINGS.items():
        for heading in headings:
            sheet.write_string(line, 0, table)
            sheet.write_string(line, 1, heading.name)
            sheet.write_string(line, 2, heading.words, looks.text)
            line += 1


def _codes(sheet: Worksheet, looks: _Looks) -> dict[tuple[str, str], str]:
    """Write all that can be chosen, with what it means; return where each column's codes stand."""
    places, column = {}, 0
    sheet.freeze_panes(1, 0)
    for table, headings in HEADINGS.items():
        for heading in headings:
            if heading.choices:
                sheet.write_string(0, column, f"{table}: {heading.name}", looks.head)
                for line, (code, meaning) in enumerate(heading.choices, start=1):
                    sheet.write_string(line, column, code, looks.text)
                    sheet.write_string(line, column + 1, meaning)
                sheet.set_column(column, column, 24)
                sheet.set_column(column + 1, column + 1, 34)
                letter = xl_col_to_name(column, True)
                places[table, heading.name] = f"={CODES}!{letter}$2:{letter}${len(heading.choices) + 1}"
                column += 2
    return places


def _table(sheet: Worksheet, table: str, rows: tuple[Row, ...], looks: _Looks, places: dict[Any, str]) -> None:
    names = _names(table, rows)
    known = {heading.name: heading for heading in HEADINGS[table]}
    last = len(rows) + ROOM
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(names):
        heading = known.get(name) or Heading(name, "Kept as it is; the guide has no place for it.")
        sheet.set_column(column, column, heading.width, looks.text)
        sheet.write_string(0, column, name, looks.head)
        sheet.write_comment(0, column, heading.words, {"x_scale": 2})
        if rule := _rule(table, heading, places):
            sheet.data_validation(1, column, last, column, rule)
    for line, row in enumerate(rows, start=1):
        for column, name in enumerate(names):
            if row[name]:
                _write(sheet, line, column, row, name, looks)


def _names(table: str, rows: Iterable[Row]) -> list[str]:
    """Our columns, then whatever more the files had."""
    more = (name for row in rows for name in row.cells if name)
    return list(dict.fromkeys([*(heading.name for heading in HEADINGS[table]), *more]))


def _rule(table: str, heading: Heading, places: dict[Any, str]) -> dict[str, Any]:
    """What may be chosen in a column: strictly one code, or freely where several or a new id may stand."""
    if heading.of:
        ids = xl_col_to_name([each.name for each in HEADINGS[heading.of]].index("id"), True)
        source = f"={heading.of}!{ids}$2:{ids}$5000"
        return {"validate": "list", "source": source, "error_type": "warning", "error_message": heading.words}
    if not heading.choices:
        return {}
    rule = {"validate": "list", "source": places[table, heading.name], "show_error": not heading.several}
    title = "Several: write ; between" if heading.several else "One of these"
    return rule | {"input_title": title, "input_message": heading.words, "error_message": heading.words}


def _write(sheet: Worksheet, line: int, column: int, row: Row, name: str, looks: _Looks) -> None:
    text = row[name]
    if len(text) > LONGEST:
        raise Refusal(f"{row.table}.csv line {row.line}: {name} is too long for a workbook ({len(text)} characters)")
    language = BY_CODE.get(row["language"]) if name == "text" else None
    look = looks.right_to_left if language and language.direction == "rtl" else looks.text
    sheet.write_string(line, column, text, look)
