"""Reads referrals from a CSV file of codes, as another form, a survey tool or a spreadsheet leaves it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldref.database import Database
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.codes import CodeError, new_code, read_code
from fieldref.register.columns import RECORDS
from fieldref.register.records import Record, Referral, Tally, append_all, problems, shown

LARGEST = 8 * 1024 * 1024
COLUMNS = tuple(column.name for column in RECORDS["referral"])
REQUIRED = ("day", "need")
SHOWN = 20
NOT_ASKED = ("", "no", "unsaid")  # of consent: whatever is no yes, and no mistake either

Row = tuple[int, Record]


@dataclass(frozen=True)
class Imported:
    """How many rows were referrals with a yes, and how many were counted only."""

    referrals: int
    counted: int


class ImportRefused(Refusal):
    """Nothing was imported. `problems` names every bad line and column, with what may stand there."""

    def __init__(self, problems: list[str]) -> None:
        more = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        super().__init__("\n".join(["nothing was imported:", *problems[:SHOWN], *more]))
        self.problems = problems


def import_referrals(db: Database, path: Path) -> Imported:
    """Add every row of the CSV file at *path* to the open shift, or none.

    The first line names the columns: `day` and `need` at least. A row whose `consent` is "yes" is a referral; one
    with "no", "unsaid" or nothing is counted, as a tally of its day, step and need, and nothing else of it is kept.
    A missing column and an empty cell mean "unsaid"; without a code a new one is made. UTF-8 with or without a
    byte order mark; commas or semicolons. Raises ImportRefused, or NoShift.
    """
    shift.require(db)
    wrong: list[str] = []
    rows = list(_records(_table(path), wrong))
    wrong += _repeated(db, rows)
    if wrong:
        raise ImportRefused(sorted(wrong, key=_line))
    append_all(db, [record for _, record in rows])
    referrals = sum(isinstance(record, Referral) for _, record in rows)
    return Imported(referrals, len(rows) - referrals)


def _table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The file's rows as column: cell, with their line numbers; the columns are known ones."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ImportRefused([f"the file is larger than {LARGEST // 2**20} MiB; split it"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(['the file is not in UTF-8; save it as "CSV UTF-8"']) from None
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _row(header, cells, reader.line_num)
    except csv.Error as error:
        raise ImportRefused([f"line {reader.line_num}: this is not CSV ({error})"]) from None


def _check_header(header: list[str]) -> None:
    wrong = [
        f'line 1: there is no column "{shown(name)}"; there are: {", ".join(COLUMNS)}'
        for name in header
        if name not in COLUMNS
    ]
    wrong += [f"line 1: the column {name} is missing" for name in REQUIRED if name not in header]
    wrong += [f"line 1: the column {name} is there twice" for name in COLUMNS if header.count(name) > 1]
    if wrong:
        raise ImportRefused(wrong)


def _row(header: list[str], cells: list[str], line: int) -> dict[str, str]:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        raise ImportRefused([f"line {line}: there are more cells than columns"])
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _records(table: Iterator[tuple[int, dict[str, str]]], wrong: list[str]) -> Iterator[Row]:
    """What the rows of *table* become; what is wrong with a row is added to *wrong* instead.

    A row without a yes is checked like any other: a cell in the wrong column is a mistake all the same.
    """
    for line, cells in table:
        given = {name: cell for name, cell in cells.items() if cell or name in REQUIRED}
        agreed = given.pop("consent", "")
        try:
            given["code"] = read_code(given["code"]) if "code" in given else new_code()
        except CodeError as error:
            wrong.append(f"line {line}: code: {error}")
            given["code"] = new_code()
        given = {name: given.get(name, "") for name in REQUIRED} | given
        referral = Referral(**given, consent="yes" if agreed in NOT_ASKED else agreed)
        wrong += [f"line {line}: {problem}" for problem in problems(referral)]
        yield line, _counted(referral) if agreed in NOT_ASKED else referral


def _counted(referral: Referral) -> Tally:
    """All that is kept where nobody agreed."""
    return Tally(day=referral.day, step=referral.step, need=referral.need)


def _repeated(db: Database, rows: list[Row]) -> Iterator[str]:
    first: dict[str, int] = {}
    for line, record in rows:
        if not isinstance(record, Referral):
            continue
        if record.code in first:
            yield f"line {line}: the code is the same as in line {first[record.code]}"
        elif db.conn.execute("SELECT 1 FROM referral WHERE code = ?", [record.code]).fetchone():
            yield f"line {line}: a referral with this code is in the register already"
        first.setdefault(record.code, line)


def _line(problem: str) -> int:
    return int(problem.split(":", 1)[0].removeprefix("line "))
