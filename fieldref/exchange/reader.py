"""Reads a bundle's payload in a process of its own: python -m fieldref.exchange.reader < payload > rows.

A signature says who made a file, not that it is harmless: a seized safe-point signs too. So SQLite meets it
only here, with little memory and time, read-only, and with nothing to find or do. Each row goes out as one
line of JSON, [table, value, ...]; ["end"] is the last. Any other end is a refusal.
"""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Iterator

from fieldref.exchange.payload import FORMATS, LONGEST, SCHEMAS, TABLES

MEMORY = 256 * 2**20
SECONDS = 20
REFUSED = 3
HEADER = b"SQLite format 3\0"
Row = list[str | int]


class NotOurs(Exception):
    """The payload is not a database that fieldref made."""


def main() -> int:
    """Copy rows from standard input to standard output; the exit status says whether all went well."""
    confine()
    try:
        for row in rows(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(row) + "\n")
    except (NotOurs, sqlite3.Error, MemoryError, UnicodeError):
        return REFUSED
    sys.stdout.write('["end"]\n')
    return 0


def confine(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """Take memory (bytes), time and core dumps away from this process, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def rows(payload: bytes) -> Iterator[Row]:
    """Yield every row of *payload*. Raises NotOurs, or sqlite3.Error, where anything is not as we make it."""
    _check_header(payload)
    db = sqlite3.connect(":memory:")  # noqa: TID251 (a file of others, which fieldref.database never opens)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, len(payload))
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    db.deserialize(payload)
    db.set_authorizer(_may)
    schema = sorted(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchmany(99))
    tables = next((FORMATS[number] for number, known in SCHEMAS.items() if known == schema), None)
    if tables is None:
        raise NotOurs
    if db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise NotOurs
    for name, columns in tables.items():
        for values in db.execute(f"SELECT {', '.join(columns)} FROM {name}"):  # noqa: S608 (our names)
            yield [name, *map(_plain, values)]


def _check_header(payload: bytes) -> None:
    """The first 100 bytes, before SQLite sees them: no write-ahead log, whole pages, UTF-8."""
    if len(payload) < 100 or not payload.startswith(HEADER) or payload[18:20] != b"\x01\x01":
        raise NotOurs
    page_size = int.from_bytes(payload[16:18], "big")
    if page_size < 512 or len(payload) % page_size or payload[56:60] != b"\0\0\0\x01":
        raise NotOurs


def _may(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in (*TABLES, "sqlite_master"):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "quick_check":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _plain(value: object) -> str | int:
    if isinstance(value, int) or (isinstance(value, str) and len(value) <= LONGEST):
        return value
    raise NotOurs


if __name__ == "__main__":
    sys.exit(main())
