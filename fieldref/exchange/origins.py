"""Which bundles came to a branch, by numbers; and which records came again, in which.

In which bundle a record came first stands in its own row (records.py). The numbers, and which was first, are for
this file alone: what the register says is the same whatever they are.
"""

from dataclasses import astuple, dataclass

from fieldref.database import Database

TABLES = {
    "bundle": """(
        number INTEGER PRIMARY KEY NOT NULL CHECK (number > 0),
        sha256 TEXT UNIQUE NOT NULL CHECK (length(sha256) = 64),
        device TEXT NOT NULL REFERENCES device (id),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        previous TEXT NOT NULL CHECK (length(previous) = 64),
        day TEXT NOT NULL CHECK (length(day) = 10 AND date(day) IS day),
        clock TEXT NOT NULL CHECK (clock IN ('trusted', 'untrusted'))
    ) STRICT, WITHOUT ROWID""",
    "origin": """(
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        bundle INTEGER NOT NULL REFERENCES bundle (number),
        PRIMARY KEY (kind, key, bundle)
    ) STRICT, WITHOUT ROWID""",
    "quarantine": """(
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        content TEXT NOT NULL,
        bundle INTEGER NOT NULL REFERENCES bundle (number),
        PRIMARY KEY (kind, key, content, bundle)
    ) STRICT, WITHOUT ROWID""",
}


def number_bundles(db: Database) -> None:
    """A branch's register of before named bundles by their SHA-256 in every row; now by a number."""
    for name in TABLES:
        db.conn.execute(f"ALTER TABLE {name} RENAME TO older_{name}")
    for name, definition in TABLES.items():
        db.conn.execute(f"CREATE TABLE {name} {definition}")
    db.conn.execute(
        """INSERT INTO bundle SELECT row_number() OVER (ORDER BY sha256), sha256, device, sequence, previous, day, clock
           FROM older_bundle"""
    )
    named = "JOIN bundle ON bundle.sha256 = older.bundle"
    db.conn.execute(f"INSERT INTO origin SELECT kind, key, number FROM older_origin AS older {named}")  # noqa: S608
    db.conn.execute(
        f"INSERT INTO quarantine SELECT kind, key, json(content), number FROM older_quarantine AS older {named}"  # noqa: S608
    )
    for name in reversed(TABLES):
        db.conn.execute(f"DROP TABLE older_{name}")


def add_editions(db: Database) -> None:
    """Which edition of the guide was served at the end of its shift; NULL where the bundle does not say it."""
    db.conn.execute("ALTER TABLE bundle ADD COLUMN edition INTEGER CHECK (edition >= 0)")


@dataclass(frozen=True)
class Bundle:
    """What is kept of a bundle that was merged: its file's SHA-256, whose how-manieth it is, after which, its shift.

    `edition` is that of the guide that was served then; None where the bundle does not say it.
    """

    sha256: str
    device: str
    sequence: int
    previous: str
    day: str
    clock: str
    edition: int | None = None


def last_number(db: Database) -> int:
    found: int = db.conn.execute("SELECT coalesce(max(number), 0) FROM bundle").fetchone()[0]
    return found


def note_bundle(db: Database, number: int, bundle: Bundle) -> None:
    row = (number, *astuple(bundle))
    names = "number, sha256, device, sequence, previous, day, clock, edition"
    db.conn.execute(f"INSERT INTO bundle ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 (our names)


def known(db: Database, digest: str) -> tuple[str, str, int] | None:
    """Of the bundle whose file has this SHA-256: the safe-point's name, day, sequence; None if it never came."""
    query = "SELECT name, day, sequence FROM bundle JOIN device ON device.id = bundle.device WHERE sha256 = ?"
    row: tuple[str, str, int] | None = db.conn.execute(query, [digest]).fetchone()
    return row
