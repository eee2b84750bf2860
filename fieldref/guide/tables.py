"""The files of a directory as they were written: tables of rows that know their line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldref.guide import csvfile
from fieldref.guide.csvfile import DirectoryError

# Open Referral HSDS tabular files, and our additions: route.csv, the next safe-points; texts.csv, translations.
TABLES = (
    "organizations",
    "locations",
    "addresses",
    "services",
    "service_at_locations",
    "phones",
    "schedules",
    "route",
    "texts",
)
Files = Mapping[str, bytes]  # by table, each as it lies in the folder


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
        file = self.table if "." in self.table else f"{self.table}.csv"
        return f"{file} line {self.line}" if self.line else file


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


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of *folder* by their table; services.csv must be among them.

    Raises DirectoryError if it is not, or if a file is larger than any directory.
    """
    if not (folder / "services.csv").is_file():
        raise DirectoryError(f"{folder} is no directory of services: it has no services.csv")
    paths = {table: folder / f"{table}.csv" for table in TABLES}
    return {table: csvfile.load(path) for table, path in paths.items() if path.is_file()}


def read_tables(files: Files, problems: list[Problem]) -> Tables:
    """Read all tables of *files*; a file that is not there is an empty table.

    Rows with more cells than the header are refused. Raises DirectoryError for what is no CSV in UTF-8.
    """
    return {table: tuple(_rows(table, files[table], problems)) if table in files else () for table in TABLES}


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


def _rows(table: str, content: bytes, problems: list[Problem]) -> Iterator[Row]:
    lines = csvfile.records(f"{table}.csv", content)
    header = next(lines, (1, []))[1]
    if "id" not in header:
        raise DirectoryError(f"{table}.csv: the first line must name the columns, and one of them must be id")
    for line, cells in lines:
        row = Row(table, line, dict.fromkeys(header, "") | dict(zip(header, cells, strict=False)))
        if len(cells) > len(header):
            problems.append(row.problem("refused", "the row has more cells than the header; it is left out"))
        elif any(cells):
            yield row
