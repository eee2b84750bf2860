"""The files of a directory as they were written: tables of rows that know their line."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldref.refusal import Refusal

# Open Referral HSDS tabular files, and texts.csv, our addition, for translations.
TABLES = (
    "organizations",
    "locations",
    "addresses",
    "services",
    "service_at_locations",
    "phones",
    "schedules",
    "texts",
)
LARGEST = 20_000_000  # bytes; a country's directory is a hundredth of it


class DirectoryError(Refusal):
    """A file of the directory cannot be read as a whole; the message names it and the reason."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a directory's files, in words for who keeps them.

    `kind` sorts problems (fieldref.guide.checks.KINDS); `line` counts from 1 with the header and is 0 where
    no one line is meant; `id` is the service's, or the row's own where it belongs to none.
    """

    kind: str
    table: str
    line: int
    id: str
    field: str
    sentence: str

    @property
    def where(self) -> str:
        """The file and line."""
        return f"{self.table}.csv line {self.line}" if self.line else f"{self.table}.csv"


@dataclass(frozen=True)
class Row:
    """One row: cells by column name without the blanks around them; a column that is not there is empty."""

    table: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def problem(self, kind: str, sentence: str, field: str = "") -> Problem:
        """Something wrong in this row."""
        return Problem(kind, self.table, self.line, self["service_id"] or self["id"], field, sentence)


Tables = Mapping[str, tuple[Row, ...]]


def read_tables(folder: Path, problems: list[Problem]) -> Tables:
    """Read all tables of *folder*; a file that is not there is an empty table, but services.csv must be.

    Rows with more cells than the header are refused. Raises DirectoryError for what is no CSV in UTF-8.
    """
    if not (folder / "services.csv").is_file():
        raise DirectoryError(f"{folder} is no directory of services: it has no services.csv")
    return {table: tuple(_rows(folder, table, problems)) for table in TABLES}


def first_by_id(rows: Iterable[Row], problems: list[Problem]) -> dict[str, Row]:
    """The first row of each id; every later one is refused by the name of the first."""
    first: dict[str, Row] = {}
    for row in rows:
        taken = first.setdefault(row["id"], row)
        if taken is not row:
            sentence = (
                f"the id {row['id']} is already that of “{taken['name']}” in line {taken.line};"
                f" this one, “{row['name']}”, is left out"
            )
            problems.append(row.problem("duplicate", sentence, "id"))
    return first


def grouped(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    """The rows by what they say in *column*."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _rows(folder: Path, table: str, problems: list[Problem]) -> Iterator[Row]:
    path = folder / f"{table}.csv"
    if not path.is_file():
        return
    lines = _lines(path)
    header = next(lines, (1, []))[1]
    if "id" not in header:
        raise DirectoryError(f"{path}: the first line must name the columns, and one of them must be id")
    for line, cells in lines:
        row = Row(table, line, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False)))
        if len(cells) > len(header):
            problems.append(row.problem("refused", "the row has more cells than the header; it is left out"))
        elif any(cells):
            yield row


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record and the line it begins on (a cell in quotes may run over several)."""
    if path.stat().st_size > LARGEST:
        raise DirectoryError(f"{path} is larger than {LARGEST // 1_000_000} MB")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise DirectoryError(f"{path} is not in UTF-8: save it as “CSV UTF-8”") from None
    # Excel in many countries separates by semicolons.
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DirectoryError(f"{path} line {begins}: {error}") from None
