"""The register's tables, and how an older register.db becomes today's: this file opens it."""

import hashlib
from pathlib import Path

from sqlite_utils import Migrations

from fieldref import settings
from fieldref.columns import make_table, table
from fieldref.database import Database, open_database
from fieldref.refusal import Refusal
from fieldref.register import codes, columns

FILE_NAME = "register.db"

# What is true now is a function of the set of rows and of nothing else: not of their order, not of the time.
VIEWS = {
    "referral_now": """
        SELECT * FROM referral WHERE code NOT IN (SELECT record FROM withdrawal)""",
    "outcome_now": """
        SELECT * FROM outcome AS this
        WHERE id NOT IN (SELECT record FROM withdrawal) AND code NOT IN (SELECT record FROM withdrawal)
          AND NOT EXISTS (
            SELECT 1 FROM outcome AS later
            WHERE later.code = this.code AND (later.day, later.id) > (this.day, this.id)
              AND later.id NOT IN (SELECT record FROM withdrawal))""",
    "tally_now": """
        SELECT * FROM tally WHERE id NOT IN (SELECT record FROM withdrawal)""",
    "turned_away_now": """
        SELECT * FROM turned_away WHERE id NOT IN (SELECT record FROM withdrawal)""",
}


def name_of_today() -> str:
    """The migration is named for what the tables hold: a new code or language brings registers up to date."""
    text = "\n".join([*(table(*each) for each in columns.RECORDS.items()), *VIEWS.values()])
    return "records " + hashlib.sha256(text.encode()).hexdigest()[:16]


def make_records(db: Database) -> None:
    """Make the record tables and views of today in *db*, keeping every row that is there."""
    for view in VIEWS:
        db.conn.execute(f"DROP VIEW IF EXISTS {view}")
    for name, its_columns in columns.RECORDS.items():
        make_table(db, name, its_columns)
    # Outcomes are looked up by slip code.
    db.conn.execute("CREATE INDEX outcome_code ON outcome (code, day, id)")
    for view, query in VIEWS.items():
        db.conn.execute(f"CREATE VIEW {view} AS {query.strip()}")


SAFE_POINT = Migrations("safe-point")


@SAFE_POINT(name="shift")
def _shift(db: Database) -> None:
    """All that is only there while a shift is open, and the list of bundles it leaves behind."""
    db.conn.execute(
        """CREATE TABLE shift (
            id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
            day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day),
            clock TEXT NOT NULL CHECK (clock IN ('trusted', 'untrusted')),
            sealing TEXT CHECK (length(sealing) = 36 AND sealing NOT GLOB '*[^0-9a-f.bin]*')
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute("CREATE UNIQUE INDEX one_shift ON shift ((1))")
    db.conn.execute(
        """CREATE TABLE volunteer (
            role TEXT PRIMARY KEY NOT NULL CHECK (role = 'volunteer'),
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 10)
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE once (
            key TEXT PRIMARY KEY NOT NULL CHECK (length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*')
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE bundle (
            sequence INTEGER PRIMARY KEY NOT NULL CHECK (sequence > 0),
            previous TEXT NOT NULL CHECK (length(previous) = 64 AND previous NOT GLOB '*[^0-9a-f]*'),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
            file TEXT NOT NULL CHECK (length(file) = 36 AND file NOT GLOB '*[^0-9a-f.bin]*'),
            day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day)
        ) STRICT, WITHOUT ROWID"""
    )


@SAFE_POINT(name="volunteers")
def _volunteers(db: Database) -> None:
    """Several volunteers with a PIN each; who was let in by the one PIN of before is volunteer 1."""
    db.conn.execute("ALTER TABLE volunteer RENAME TO older")
    db.conn.execute(
        """CREATE TABLE volunteer (
            number INTEGER PRIMARY KEY NOT NULL CHECK (number BETWEEN 1 AND 99),
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 10),
            disabled INTEGER NOT NULL CHECK (disabled IN (0, 1))
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute("INSERT INTO volunteer SELECT 1, salt, hash, failures, 0 FROM older")
    db.conn.execute("DROP TABLE older")


@SAFE_POINT(name="receipts")
def _receipts(db: Database) -> None:
    """On which day a bundle was last copied to a stick, and on which the branch's receipt for it came."""
    db.conn.execute("ALTER TABLE bundle RENAME TO older")
    db.conn.execute(
        """CREATE TABLE bundle (
            sequence INTEGER PRIMARY KEY NOT NULL CHECK (sequence > 0),
            previous TEXT NOT NULL CHECK (length(previous) = 64 AND previous NOT GLOB '*[^0-9a-f]*'),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
            file TEXT NOT NULL CHECK (length(file) = 36 AND file NOT GLOB '*[^0-9a-f.bin]*'),
            day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day),
            exported TEXT CHECK (exported IS NULL OR length(exported) = 10 AND date(exported) IS exported),
            received TEXT CHECK (received IS NULL OR length(received) = 10 AND date(received) IS received)
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute("INSERT INTO bundle SELECT sequence, previous, sha256, file, day, NULL, NULL FROM older")
    db.conn.execute("DROP TABLE older")


@SAFE_POINT(name="expected")
def _expected(db: Database) -> None:
    """The codes that the branch waits for, while a shift is open, and the marks of those that were answered."""
    db.conn.execute(
        f"""CREATE TABLE expected (
            code TEXT PRIMARY KEY NOT NULL CHECK (length(code) = 13 AND code NOT GLOB '*[^{codes.ALPHABET}]*')
        ) STRICT, WITHOUT ROWID"""
    )
    db.conn.execute(
        """CREATE TABLE settled (
            mark TEXT PRIMARY KEY NOT NULL CHECK (length(mark) = 32 AND mark NOT GLOB '*[^0-9a-f]*')
        ) STRICT, WITHOUT ROWID"""
    )


SAFE_POINT(name=name_of_today())(make_records)


class NotASafePoint(Refusal):
    """The folder is a branch's, where nothing is recorded."""


def open_register(folder: Path) -> Database:
    """Open the register of the safe-point in *folder*, making or bringing it up to date where needed.

    A row committed here is on the disk. One connection serves one thread. Raises NotASafePoint, and
    SettingsError where *folder* is no fieldref folder.
    """
    if settings.read(folder).kind != "safe-point":
        raise NotASafePoint(f"{folder} is a branch's folder; records are made at a safe-point")
    return open_database(folder / FILE_NAME, SAFE_POINT)
