"""What a safe-point's databases cannot hold, asked of the schema itself: no words about a person, no time of day."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldref import voices
from fieldref.database import Database, open_in_memory, open_read_only
from fieldref.exchange.records import BUNDLE
from fieldref.register.columns import RECORDS
from fieldref.register.records import Outcome, Referral, Tally, TurnedAway, Withdrawal, append_all

# The migrations' own table: its names are ours, and its minute is cut off (fieldref.database).
LIBRARY = {"_sqlite_migrations"}
TELLS_TIME = re.compile(r"time|stamp|hour|minute|second|moment|created|updated|recorded|seen|_at\b|\bat\b|epoch")
HOSTILE = (
    "Amina, 34, seen at 10:15",
    "amina",
    "Amina Diallo",
    "آمنة",
    "10:15",
    "2026-11-22T10:15:00",
    "2026-11-22 10:15",
    "2026-11-22T10:15:00Z",
    "1795342500.25",
    "+44 1632 960231",
    "amina@example.org",
    "a4:83:e7:5c:91:0b",
    "203.0.113.77 firefox",
    "x" * 65,
    "",
)
# Codes of a service or page of the guide: small letters, as the guide names it. What is no code is refused.
CODE_LIKE = {"service": {"amina", "1795342500.25"}}


class TextColumn(NamedTuple):
    table: str
    name: str
    check: str


def tables(db: Database) -> Iterator[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    yield from ((name, sql) for name, sql in db.conn.execute(query).fetchall() if name not in LIBRARY)


def check_of(sql: str, column: str) -> str:
    """The condition in CHECK (...) in the line that declares *column*; empty if it has none."""
    found = re.search(rf"(?m)^\s*{column} \w+[^\n]*?CHECK \((.*)\),?$", sql)
    return found[1] if found else ""


def columns(db: Database, kind: str) -> list[TextColumn]:
    return [
        TextColumn(table, name, check_of(sql, name))
        for table, sql in tables(db)
        for _, name, its_kind, *_ in db.conn.execute(f"PRAGMA table_info({table})")
        if its_kind == kind
    ]


@pytest.fixture
def books(open_shift, safe_point: Path) -> dict[str, Database]:
    """The register and the voices of a safe-point in the middle of a shift."""
    referral = Referral(need="food")
    outcome = Outcome(code=referral.code, status="accepted")
    append_all(open_shift, [referral, outcome, Tally(), TurnedAway(), Withdrawal(record="0" * 32)])
    with voices.held(safe_point):
        pass
    opened = {name: open_read_only(safe_point / name) for name in ("register.db", voices.FILE_NAME)}
    yield opened
    for db in opened.values():
        db.close()


def test_no_text_column_takes_words_or_a_time(books) -> None:
    """The conditions of the schema are asked, with no row and no code of ours in between."""
    asked = open_in_memory()
    found = [column for db in books.values() for column in columns(db, "TEXT")]
    for table, name, check in found:
        assert check, f"{table}.{name} may hold anything"
        for words in HOSTILE:
            query = f"SELECT {check} FROM (SELECT ? AS {name})"
            taken = bool(asked.conn.execute(query, [words]).fetchone()[0])
            assert not taken or words in CODE_LIKE.get(name, ()), f"{table}.{name} takes {words!r}"
    print(f"\n{len(found)} columns of text, each refuses what is not a code, a key or a day")
    assert len(found) >= 30
    asked.close()


def test_every_number_is_bounded(books) -> None:
    """So that none can hold a time in seconds or a telephone number. Bundles are counted, and only closing counts."""
    for db in books.values():
        for table, name, check in columns(db, "INTEGER"):
            assert check, f"{table}.{name} may hold anything"
            assert re.search(r"BETWEEN 0 AND|BETWEEN 1 AND|IN \(", check) or (table, name) == ("bundle", "sequence")


def test_nothing_counts_up_and_nothing_is_typed_or_named_for_time(books) -> None:
    for db in books.values():
        for table, sql in tables(db):
            assert sql.rstrip().endswith("STRICT, WITHOUT ROWID"), f"{table} numbers its rows"
            assert "AUTOINCREMENT" not in sql.upper()
            for _, name, kind, *_ in db.conn.execute(f"PRAGMA table_info({table})"):
                assert kind in ("TEXT", "INTEGER", "BLOB"), f"{table}.{name} is {kind}"
                assert not TELLS_TIME.search(name), f"{table}.{name} is named for a time"


def test_no_value_of_an_open_shift_tells_a_time(books) -> None:
    """Of any table, also those that a library made."""
    for db in books.values():
        for (table,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.conn.execute(f"SELECT * FROM {table}"):
                assert not any(re.search(r"\d\d?:\d\d", str(value)) for value in row if isinstance(value, str)), table


def test_the_branch_keeps_records_under_the_same_conditions(books, branch, open_books) -> None:
    db = open_books(branch)
    here, there = dict(tables(books["register.db"])), dict(tables(db))
    for name in RECORDS:
        declared = here[name].removesuffix("\n) STRICT, WITHOUT ROWID")
        assert there[name] == f"{declared},\n    {BUNDLE}\n) STRICT"
