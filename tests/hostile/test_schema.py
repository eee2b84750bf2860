"""What our books cannot hold, asked of the schemas themselves: no words about a person, no time of day.

What holds words or a time all the same is listed here, with why; whatever is new fails until it is.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldref import clock, today, voices
from fieldref.database import Database, open_in_memory, open_read_only
from fieldref.exchange import receipt, revocation, roll
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD, open_branch
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.merge import merge_files
from fieldref.exchange.records import BUNDLE
from fieldref.guide import announcements, packfile
from fieldref.guide.announcements import Announcement, announce
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


# At a branch, encrypted. What came in a bundle was checked value by value before it gets there (test_bundles.py).
WORDS_AT_A_BRANCH = {
    "device.name": "the name of a safe-point on its card: one line of at most 80 letters",
    "device.id": "the id of a card, computed from its keys",
    "device.line": "the id of the card that it goes back to",
    "bundle.device": "the id of the card that signed it",
    "followed.id": "the id of a safe-point's card at another branch",
    "origin.kind": "the name of one of our tables",
    "origin.key": "the key of a record that was checked",
    "quarantine.kind": "the name of one of our tables",
    "quarantine.key": "the key of a record that was checked",
    "quarantine.content": "a record that was checked, as a list of codes",
    "settlement.kind": "the name of one of our tables",
    "settlement.key": "the key of a record that was checked",
    "settlement.seen": "hashes of the versions that there were",
    "settlement.kept": "a record that was checked, as a list of codes",
}
# What anybody may read, and what it is there for. None of it is about a person.
GUIDE = {
    "meta": "for which place it was built, and which edition",
    "page": "texts of the branch",
    "audio": "texts of the branch, read aloud",
    "organizations": "the directory",
    "locations": "the directory",
    "addresses": "the directory",
    "services": "the directory",
    "service_at_locations": "the directory",
    "phones": "the directory",
    "schedules": "the directory",
    "texts": "the directory, translated",
    "next_safe_point": "the places that come next on the way",
    "search": "words of the pages and of the directory, an index for each language",
}
MOMENT = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{5}"
# The small files: every value that may stand in them, a time only where something ends or the machine began.
SMALL_FILES = {
    today.FILE_NAME: {
        "capacity.kitchen.0": "open|limited|full",
        "capacity.kitchen.1": MOMENT,  # until when it is believed: midnight, or an hour that was chosen
        "languages.0": "[a-z]{2,3}",
        "boot": "[0-9a-f-]{36}|",
    },
    announcements.FILE_NAME: {
        "0.id": "[0-9a-f]{16}",
        "0.code": "[a-z]+",
        "0.time": "[0-9:]{5}|",
        "0.until": MOMENT,  # until when it is shown
    },
    clock.FILE_NAME: {
        "boot": "[0-9a-f-]{36}|",
        "started": MOMENT + r":[0-9.]+",  # when the machine was started
        "source": "person",
        "correction": r"-?[0-9.e-]+",
        "day": "20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    },
}
# What stands in what a branch signs, besides its id, the kind and the signature: never a record.
CARD = "name sealing signing"
ROLL = "card.format card.kind card.name card.sealing card.signature card.signing devices.last devices.line"
ROLL += " devices.name devices.revoked devices.sealing devices.signing"
PACK = {"format", "kind", "branch", "edition", "day", "previous", "length", "sha256"}


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
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No door is open here."""
    monkeypatch.setattr("fieldref.register.passphrase.N", 2**4)
    monkeypatch.setattr("fieldref.register.access.N", 2**4)


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


def test_what_holds_words_at_a_branch_is_listed_here(branch, open_books) -> None:
    db, asked, takes = open_books(branch), open_in_memory(), set()
    for table, name, check in columns(db, "TEXT"):
        if table not in KINDS:
            query = f"SELECT {check or 1} FROM (SELECT ? AS {name})"
            if any(asked.conn.execute(query, [words]).fetchone()[0] for words in HOSTILE):
                takes.add(f"{table}.{name}")
    assert takes == WORDS_AT_A_BRANCH.keys()
    asked.close()


def test_nothing_at_a_branch_is_typed_or_named_for_time(branch, open_books) -> None:
    db = open_books(branch)
    for table, _ in tables(db):
        for _, name, kind, *_ in db.conn.execute(f"PRAGMA table_info({table})"):
            assert kind in ("TEXT", "INTEGER", "BLOB"), f"{table}.{name} is {kind}"
            told = TELLS_TIME.search(name)
            assert not told or f"{table}.{name}" in WORDS_AT_A_BRANCH, f"{table}.{name} is named for a time"


def test_every_table_of_a_guide_is_listed_here(built_guide: bytes, tmp_path: Path) -> None:
    (tmp_path / "guide.db").write_bytes(built_guide)
    db = open_read_only(tmp_path / "guide.db")
    assert {re.sub("^search_.*", "search", name) for name, _ in tables(db)} == GUIDE.keys()
    for table, _ in tables(db):
        for _, name, kind, *_ in db.conn.execute(f'PRAGMA table_info("{table}")'):
            told = TELLS_TIME.search(name)
            assert not told or f"{table}.{name}" == "schedules.opening_hours", f"{table}.{name} is named for a time"
            assert kind != "REAL" or table in ("locations", "next_safe_point"), f"{table}.{name} may be a time"
    db.close()


def test_the_small_files_hold_these_values_and_no_others(tmp_path: Path) -> None:
    clock.use(tmp_path)
    noon = datetime.combine(date.today(), time(12))
    clock.confirm(noon, sure=True)
    today.set_capacity(tmp_path, "kitchen", "full", noon)
    today.set_languages(tmp_path, ["ar"], noon)
    announce(tmp_path, Announcement("00112233445566aa", "food", "17:00", noon + timedelta(hours=2)), noon)
    assert {path.name for path in tmp_path.iterdir()} == SMALL_FILES.keys()
    for name, allowed in SMALL_FILES.items():
        found = dict(leaves(json.loads((tmp_path / name).read_text("utf-8"))))
        assert found.keys() == allowed.keys()
        assert [key for key, value in found.items() if not re.fullmatch(allowed[key], value)] == []


def leaves(found: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every value of what JSON said, as text, with the way to it."""
    if isinstance(found, dict | list):
        for name, each in found.items() if isinstance(found, dict) else enumerate(found):
            yield from leaves(each, f"{where}.{name}".lstrip("."))
    else:
        yield where, str(found)


def test_what_a_branch_signs_names_keys_numbers_and_days(branch, safe_point, close_with, open_books, words) -> None:
    """Of a shift with a referral in it: receipts, revocations, the roll for a second recipient, cards."""
    marked = Referral(need="food", service="marker-7")
    merge_files(branch, [close_with(safe_point, marked)], words)
    db, its_keys = open_books(branch), open_branch(branch, words)
    device, card = read_card(safe_point / DEVICE_CARD, "device").id, (branch / BRANCH_CARD).read_bytes()
    for text, allowed in (
        (receipt.issue(db, its_keys, device), "bundles devices"),
        (revocation.issue(db, its_keys), ""),
        (roll.issue(db, its_keys, card), ROLL),
        (card, CARD),
        ((safe_point / DEVICE_CARD).read_bytes(), CARD),
    ):
        names = {re.sub(r"\.[0-9]+", "", key) for key, _ in leaves(json.loads(text))}
        assert names <= {"branch", "format", "kind", "signature", *allowed.split()}
        assert marked.code.encode() not in text
        assert b"marker-7" not in text


def test_a_pack_says_a_day_and_no_time() -> None:
    assert {field.name for field in fields(packfile.Header)} == PACK
