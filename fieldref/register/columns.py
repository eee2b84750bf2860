"""What every column of a record may hold: the schema's checks, Python's and their words come from this file.

No column can hold free text, or a time finer than a day.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from fieldref import vocabulary
from fieldref.languages import BY_CODE
from fieldref.register import codes

MOST_PEOPLE = 10_000
SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Column:
    """One column: what it holds in words, as an SQL condition, and as a question to a value from outside."""

    name: str
    words: str
    sql: str
    allows: Callable[[object], bool]
    type: str = "TEXT"

    def ddl(self) -> str:
        return f"{self.name} {self.type} NOT NULL CHECK ({self.sql})"


def _coded(name: str, allowed: Iterable[str]) -> Column:
    every = sorted(allowed)
    quoted = ", ".join(f"'{code}'" for code in every)
    known = frozenset(every)
    return Column(
        name,
        f"one of: {', '.join(every)}",
        f"{name} IN ({quoted})",
        lambda value: isinstance(value, str) and value in known,
    )


def _code(name: str) -> Column:
    shape = f"length({name}) = 13 AND {name} NOT GLOB '*[^{codes.ALPHABET}]*'"
    return Column(name, "a slip code", shape, codes.is_code)


def _id(name: str) -> Column:
    shape = f"length({name}) = 32 AND {name} NOT GLOB '*[^0-9a-f]*'"
    return Column(name, "32 hexadecimal figures", shape, lambda value: _matches(ID, value))


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def is_day(value: object) -> bool:
    """Whether *value* is a real day written YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_people(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_PEOPLE


def _is_key(value: object) -> bool:
    return codes.is_code(value) or _matches(ID, value)


DAY = Column("day", "a day like 2026-11-22", "length(day) = 10 AND date(day) IS day", is_day)
SERVICE_ID = Column(
    "service",
    'the id of a service in the guide (small letters, figures and . _ -), or "unsaid"',
    "length(service) BETWEEN 1 AND 64 AND service GLOB '[a-z0-9]*' AND service NOT GLOB '*[^a-z0-9._-]*'",
    lambda value: _matches(SERVICE, value),
)
PEOPLE = Column(
    "people",
    f"a number from 1 to {MOST_PEOPLE}",
    f"people BETWEEN 1 AND {MOST_PEOPLE}",
    _is_people,
    "INTEGER",
)
RECORD = Column(
    "record",
    "the code or id of a record",
    "length(record) IN (13, 32) AND record NOT GLOB '*[^0-9A-Za-z]*'",
    _is_key,
)
LANGUAGE = _coded("language", {*BY_CODE, "other", "unsaid"})


def _vocabulary(*names: str) -> tuple[Column, ...]:
    return tuple(_coded(name, vocabulary.CODES[name]) for name in names)


# Every table of records; its first column is its random key.
RECORDS: dict[str, tuple[Column, ...]] = {
    "referral": (
        _code("code"),
        DAY,
        *_vocabulary("step", "need"),
        SERVICE_ID,
        *_vocabulary("priority", "way", "sex", "age_band", "travelling", "disability"),
        LANGUAGE,
        *_vocabulary("consent"),
    ),
    "outcome": (_id("id"), _code("code"), DAY, *_vocabulary("status", "reason")),
    "tally": (_id("id"), DAY, *_vocabulary("step", "need"), PEOPLE),
    "withdrawal": (_id("id"), RECORD, _coded("reason", vocabulary.CODES["withdrawal"])),
}


def table(name: str) -> str:
    """The CREATE TABLE of the records *name*."""
    key, *others = RECORDS[name]
    lines = [key.ddl().replace(" NOT NULL ", " PRIMARY KEY NOT NULL "), *(column.ddl() for column in others)]
    return f"CREATE TABLE {name} (\n    " + ",\n    ".join(lines) + "\n) STRICT, WITHOUT ROWID"
