"""A workbook of services read back: all rows or none, and every mistake by its cell.

A workbook comes by mail. What no sheet of services needs is refused before anything of it is understood: macros,
links, formulas, entities, a size that no directory has.
"""

import datetime
import io
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from fieldref.guide import csvfile
from fieldref.guide.csvfile import DirectoryError
from fieldref.guide.findings import KINDS
from fieldref.guide.headings import HEADINGS
from fieldref.guide.packages import Package
from fieldref.guide.reading import of_tables
from fieldref.guide.tables import TABLES, Problem, Row, Tables
from fieldref.guide.workbook import ABOUT, CODES

LARGEST = 20_000_000
LARGEST_INSIDE = 40_000_000
MOST_PARTS = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 60
FOREIGN = ("vbaproject", "externallinks", "embeddings", "activex", "connections", "querytables", "ctrlprops")
# What the guide would leave out, besides what `guide check` calls an error: with a workbook it stops all.
LOST = {"code", "date", "reference", "place", "hours", "text"}


@dataclass(frozen=True)
class Mistake:
    """What is wrong, by its cell: services!C7."""

    where: str
    sentence: str


class WorkbookRefused(DirectoryError):
    """The workbook was not taken; `mistakes` are all that stand in it."""

    def __init__(self, said: str, mistakes: tuple[Mistake, ...] = ()) -> None:
        super().__init__(said)
        self.mistakes = mistakes


def open_workbook(path: Path) -> tuple[Package, tuple[Mistake, ...]]:
    """Read the workbook at *path*: a directory to take in, and what in it is doubtful.

    Raises WorkbookRefused with every mistake, by its cell; then nothing of it may be taken.
    """
    mistakes: list[Mistake] = []
    letters: dict[tuple[str, str], str] = {}
    content = _sound(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what of Excel it does not know; we want only the cells
        tables = _tables(content, mistakes, letters)
    problems: list[Problem] = []
    found = of_tables(tables, problems)
    doubts: list[Mistake] = []
    named = {each.where for each in mistakes}  # what follows from a cell that could not be read is no news
    for each in problems:
        said = Mistake(_where(each, letters), each.sentence)
        if said.where not in named:
            (mistakes if _stops(each, tables) else doubts).append(said)
    if not mistakes and not found.services:
        raise WorkbookRefused("there is no service in it; nothing was changed")
    if mistakes:
        number = f"{len(mistakes)} mistakes" if len(mistakes) > 1 else "a mistake"
        raise WorkbookRefused(f"{path.name} has {number}; nothing was changed", tuple(mistakes))
    files = {table: csvfile.written([row.cells for row in rows]) for table, rows in tables.items() if rows}
    return Package(files, found, ()), tuple(doubts)


def _sound(path: Path) -> bytes:
    """The bytes of *path*, once they are those of a workbook that holds nothing but cells."""
    if path.stat().st_size > LARGEST:
        raise WorkbookRefused(f"{path.name} is larger than {LARGEST // 1_000_000} MB")
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _look_into(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise WorkbookRefused(f"{path.name} is no workbook: save it as “Excel workbook (.xlsx)”") from None
    return content


def _look_into(parts: zipfile.ZipFile) -> None:
    every = parts.infolist()
    if len(every) > MOST_PARTS or sum(each.file_size for each in every) > LARGEST_INSIDE:
        raise WorkbookRefused("the workbook is larger than any directory")
    for each in every:
        name = each.filename.lower()
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError
        if any(word in name for word in FOREIGN):
            raise WorkbookRefused("the workbook holds macros, links or other programs' parts; save it without them")
        with parts.open(each) as part:
            text = part.read(each.file_size + 1).replace(b"\0", b"")
        # Our spreadsheets say nothing of documents and entities; who does wants to make much of little.
        if len(text) > each.file_size or b"<!DOCTYPE" in text.upper() or b"<!ENTITY" in text.upper():
            raise WorkbookRefused("the workbook holds what no spreadsheet program writes")


def _tables(content: bytes, mistakes: list[Mistake], letters: dict[tuple[str, str], str]) -> Tables:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception:  # the library raises whatever it stumbles over
        raise WorkbookRefused("it cannot be read; save it once more as “Excel workbook (.xlsx)”") from None
    try:
        names = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        for name in names.keys() - {ABOUT, CODES, *TABLES}:
            if next(iter(_lines(names[name])), None):
                mistakes.append(Mistake(names[name].title, "there is no table of this name; remove the sheet"))
        tables = {}
        for table in TABLES:
            if table not in names:
                mistakes.append(Mistake(table, "this sheet is missing"))
            tables[table] = tuple(_rows(table, names[table], mistakes, letters)) if table in names else ()
        return tables
    except WorkbookRefused:
        raise
    except Exception:
        raise WorkbookRefused("it cannot be read; save it once more as “Excel workbook (.xlsx)”") from None
    finally:
        book.close()


def _rows(table: str, sheet: Any, mistakes: list[Mistake], letters: dict[tuple[str, str], str]) -> Iterator[Row]:
    header: list[str] = []
    telephones = {heading.name for heading in HEADINGS[table] if heading.telephone}
    for line, cells in _lines(sheet):
        if not header:
            header = [_heading(cell) for cell in cells]
            letters |= {(table, name): get_column_letter(place) for place, name in enumerate(header, 1) if name}
            if "id" not in header or len(set(filter(None, header))) < len([*filter(None, header)]):
                said = "the first line must name the columns, each once, and one of them must be id"
                mistakes.append(Mistake(f"{table}!A{line}", said))
                return
            continue
        row: dict[str, str] = {name: "" for name in header if name}
        for place, cell in enumerate(cells):
            name = header[place] if place < len(header) else ""
            try:
                text = _text(cell, telephone=name in telephones)
                if text and not name:
                    raise ValueError("there is no heading above this")
            except ValueError as error:
                mistakes.append(Mistake(f"{table}!{get_column_letter(place + 1)}{line}", str(error)))
                continue
            if name:
                row[name] = text
        if any(row.values()):
            yield Row(table, line, row)


def _lines(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Every line that has anything in it, with its number; a sheet may end in thousands of empty ones."""
    for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        found = list(cells)
        while found and found[-1].value is None:
            found.pop()
        if found:
            if line > MOST_ROWS:
                raise WorkbookRefused(f"{sheet.title} has more than {MOST_ROWS} rows")
            yield line, found


def _heading(cell: Any) -> str:
    return str(cell.value).strip().lower() if isinstance(cell.value, str) else ""


def _text(cell: Any, *, telephone: bool) -> str:
    """What a cell says, without what spreadsheet programs make of it. Raises ValueError, in words."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError("a formula is not taken; write what it comes to")
    if cell.data_type == "e":
        raise ValueError(f"the spreadsheet program says {value} here")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if telephone and not isinstance(value, str):
        raise ValueError("the spreadsheet program made a number of this telephone, and may have cut a + or 0 off it")
    match value:
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime():
            return value.isoformat(" ", "minutes")
        case datetime.date():
            return value.isoformat()
        case datetime.time():
            return value.isoformat("minutes")
        case int():
            return str(value)
        case float():
            return str(int(value)) if value == int(value) else f"{value:.12g}"
    lines = unescape(str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip().strip("\ufeff\u200b")


def _where(problem: Problem, letters: dict[tuple[str, str], str]) -> str:
    if not problem.line:
        return problem.table
    letter = letters.get((problem.table, problem.field)) or letters.get((problem.table, "id"), "A")
    return f"{problem.table}!{letter}{problem.line}"


def _stops(problem: Problem, tables: Tables) -> bool:
    """Whether a row, or something that stands in a cell, would be lost or is wrong."""
    if KINDS[problem.kind][0] == "error":
        return True
    return problem.kind in LOST and _says(problem, tables.get(problem.table, ()))


def _says(problem: Problem, rows: Iterable[Row]) -> bool:
    row = next((row for row in rows if row.line == problem.line), None)
    return row is not None and (not problem.field or row[problem.field] != "")
