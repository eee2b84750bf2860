"""What one cell of a row says: a code, a day, a place on the globe; or a problem, in words."""

import datetime
import re
from collections.abc import Container

from fieldref.guide.tables import Problem, Row

YES = {"yes", "true", "1", "y"}
NO = {"no", "false", "0", "n", ""}


def code(row: Row, column: str, known: Container[str], problems: list[Problem]) -> str:
    """The code in the cell; empty if the cell is, or if there is no such code."""
    return next(iter(code_list(row, column, known, problems)), "")


def code_list(row: Row, column: str, known: Container[str], problems: list[Problem]) -> tuple[str, ...]:
    """The codes in the cell, each once, in their order; unknown ones are left out."""
    found = dict.fromkeys(re.split(r"[;,\s]+", row[column].lower()))
    found.pop("", None)
    for word in found:
        if word not in known:
            sentence = f"“{word}” is not known as one of {column}; it is left out"
            problems.append(row.problem("code", sentence, column))
    return tuple(word for word in found if word in known)


def day(row: Row, column: str, problems: list[Problem]) -> datetime.date | None:
    """The day in the cell (2026-11-20, a time after it is ignored), or None."""
    if not row[column]:
        return None
    try:
        return datetime.date.fromisoformat(row[column][:10])
    except ValueError:
        problems.append(row.problem("date", f"“{row[column]}” is no day; write it like 2026-11-20", column))
        return None


def confidential(row: Row) -> bool:
    """Whether the row is confidential. Whatever is neither yes nor no counts as yes: that hurts nobody."""
    return row["confidential"].lower() not in NO


def coordinates(row: Row, problems: list[Problem]) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude; neither where one is missing, no number, or off the globe."""
    words = row["latitude"], row["longitude"]
    if words == ("", ""):
        return None, None
    try:
        latitude, longitude = (float(word) for word in words)
        # Zero and zero is what a program writes that was never told a place.
        if -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0, 0):
            return latitude, longitude
    except ValueError:
        pass
    sentence = f"“{words[0]}, {words[1]}” is no place on the globe; it is shown without a map"
    problems.append(row.problem("place", sentence, "latitude"))
    return None, None
