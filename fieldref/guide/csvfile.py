"""One CSV file of a directory: read as people save them, written as HSDS asks."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fieldref.refusal import Refusal

LARGEST = 20_000_000  # bytes; a country's directory is a hundredth of it


class DirectoryError(Refusal):
    """A file of the directory cannot be read as a whole; the message names it and the reason."""


def load(path: Path) -> bytes:
    """Return the bytes of *path*. Raises DirectoryError if it is larger than any directory is."""
    if path.stat().st_size > LARGEST:
        raise DirectoryError(f"{path.name} is larger than {LARGEST // 1_000_000} MB")
    return path.read_bytes()


def records(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record of the file *name* and the line it begins on (a cell in quotes may run over several).

    Blanks around cells are left out. Raises DirectoryError for what is no CSV in UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DirectoryError(f"{name} is not in UTF-8: save it as “CSV UTF-8”") from None
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
        raise DirectoryError(f"{name} line {begins}: {error}") from None


def written(rows: Iterable[Mapping[str, object]], columns: Iterable[str] = ("id",)) -> bytes:
    """Return *rows* as a file. Its columns are *columns* and whatever more any row has."""
    rows = list(rows)
    names = dict.fromkeys([*(columns if not rows else ()), *(name for row in rows for name in row)])
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(names), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
