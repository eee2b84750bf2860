"""What a column of a record may hold: SQL's checks, Python's and their words are made here, once for all tables.

No column can hold free text, or a time finer than a day.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldref import vocabulary
from fieldref.database import Database
from fieldref.languages import BY_CODE

ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Column:
    """One column: what it holds in words, as an SQL condition, and as a question to a value from outside.

    `many` is the same question to many texts at once, for columns in which each is another.
    """

    name: str
    words: str
    sql: str
    allows: Callable[[object], bool]
    type: str = "TEXT"
    many: Callable[[Sequence[str]], bool] | None = None

    def ddl(self) -> str:
        return f"{self.name} {self.type} NOT NULL CHECK ({self.sql})"

    def allows_all(self, values: Sequence[Any]) -> bool:
        """Whether `allows` says yes to each of *values*, which is quick also for very many."""
        if set(map(type, values)) - {str if self.type == "TEXT" else int}:
            return False
        return self.many(values) if self.many else all(map(self.allows, set(values)))


Columns = tuple[Column, ...]


def coded(name: str, allowed: Iterable[str]) -> Column:
    """A column that holds one of the codes *allowed*."""
    every = sorted(allowed)
    quoted = ", ".join(f"'{code}'" for code in every)
    known = frozenset(every)
    return Column(
        name,
        f"one of: {', '.join(every)}",
        f"{name} IN ({quoted})",
        lambda value: isinstance(value, str) and value in known,
    )


def of_vocabulary(*names: str) -> Columns:
    """The columns of these names, each with the codes that the vocabulary has for it."""
    return tuple(coded(name, vocabulary.CODES[name]) for name in names)


def random_id(name: str) -> Column:
    """A column that holds 128 random bits."""
    shape = f"length({name}) = 32 AND {name} NOT GLOB '*[^0-9a-f]*'"
    return Column(name, "32 hexadecimal figures", shape, lambda value: matches(ID, value), many=are_ids)


def number(name: str, most: int) -> Column:
    """A column that holds a whole number from 1 to *most*."""

    def is_number(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most

    return Column(name, f"a number from 1 to {most}", f"{name} BETWEEN 1 AND {most}", is_number, "INTEGER")


def matches(pattern: re.Pattern[str], value: object) -> bool:
    """Whether *value* is words that fit *pattern* from end to end."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def written_in(alphabet: str, length: int, values: Sequence[str]) -> bool:
    """Whether each of *values* has *length* characters, all of the *alphabet*."""
    text = "".join(values)
    return set(map(len, values)) <= {length} and text.isascii() and not text.encode().translate(None, alphabet.encode())


def are_ids(values: Sequence[str]) -> bool:
    """Whether each of *values* is 128 random bits as they are written here."""
    return written_in("0123456789abcdef", 32, values)


def is_day(value: object) -> bool:
    """Whether *value* is a real day written YYYY-MM-DD."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


DAY = Column("day", "a day like 2026-11-22", "length(day) = 10 AND date(day) IS day", is_day)
LANGUAGE = coded("language", {*BY_CODE, "other", "unsaid"})


def table(name: str, columns: Columns) -> str:
    """The CREATE TABLE of *name*; its first column is its key."""
    return f"CREATE TABLE {name} (\n    " + ",\n    ".join(declared(columns)) + "\n) STRICT, WITHOUT ROWID"


def declared(columns: Columns) -> list[str]:
    """The lines of a CREATE TABLE that declare *columns*, of which the first is the key."""
    key, *others = columns
    return [key.ddl().replace(" NOT NULL ", " PRIMARY KEY NOT NULL "), *(column.ddl() for column in others)]


def make_table(db: Database, name: str, columns: Columns) -> None:
    """Make the table *name* as it is today in *db*, keeping every row that is there."""
    older = name in db.table_names()
    if older:
        db.conn.execute(f"ALTER TABLE {name} RENAME TO older")
    db.conn.execute(table(name, columns))
    if older:
        every = ", ".join(column.name for column in columns)
        db.conn.execute(f"INSERT INTO {name} ({every}) SELECT {every} FROM older")  # noqa: S608 (our names)
        db.conn.execute("DROP TABLE older")
