"""Reads the payload of a bundle in a process of its own, of which reading.py believes no word unchecked.

A signature says who made a file, not that it is harmless: a seized safe-point signs too. So SQLite meets it
only here, with little memory and time, no file to open, read-only, and with nothing to find or do.

Each line that goes out is JSON: [table, column, column ...], a column being the values of a few thousand rows;
meta comes first. ["end"] is the last line. ["newer"] says that a newer fieldref made it. Any other end is a refusal.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress

from fieldref.exchange.payload import FORMAT, FORMATS, SCHEMAS, TABLES, table

if sys.platform != "win32":
    import resource  # now: a fork has no time for it, and no file

MEMORY = 256 * 2**20
ROWS_AT_ONCE = 2000
# Longer than a column of so many rows of ours.
LONGEST = 10**6
HEADER = b"SQLite format 3\0"
MOST_SCHEMA = 99


class NotOurs(Exception):
    """The payload is not a database that fieldref made."""


class Newer(Exception):
    """The payload is of a format that is not known yet."""


def seconds(size: int) -> int:
    """How long the reading of a payload of *size* bytes may keep a processor busy: some twenty times what it needs."""
    return 2 + size // (4 * 2**20)


def main() -> None:
    """Answer about the payload on standard input to standard output."""
    answer(0, 1)


def serve(control: int) -> None:
    """Have each pair of files that comes through the socket *control* (payload, answer) served by a fork of its own.

    A fork has seen no payload but its own, and is there a hundred times faster than a new Python.
    """
    import socket

    with socket.socket(fileno=control) as requests:
        while True:
            _, files, *_ = socket.recv_fds(requests, 1, 2)
            if not files:
                return
            if os.fork() == 0:
                try:
                    requests.close()
                    answer(*files)
                finally:
                    os._exit(0)
            for file in files:
                os.close(file)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def answer(source: int, target: int) -> None:
    """Write to the file *target* what the payload in the file *source* holds."""
    with open(source, "rb") as file:
        payload = file.read()
    with open(target, "w", encoding="utf-8") as out:
        confine(its_seconds=seconds(len(payload)))
        shut_off()
        # BrokenPipeError: whoever asked has heard enough.
        with suppress(NotOurs, sqlite3.Error, MemoryError, UnicodeError, BrokenPipeError):
            try:
                for line in lines(payload):
                    out.write(f"{line}\n")
                out.write('["end"]\n')
            except Newer:
                out.write('["newer"]\n')
            out.flush()


def confine(memory: int = MEMORY, its_seconds: int = 2) -> None:
    """Take memory (bytes), time and core dumps away from this process, where the system can."""
    _limit(RLIMIT_CORE=0, RLIMIT_CPU=its_seconds, RLIMIT_AS=memory)


def shut_off() -> None:
    """Take files, connections and children away from this process, where the system can; what is open stays so."""
    os.chdir("/")
    _limit(RLIMIT_NOFILE=0, RLIMIT_NPROC=0, RLIMIT_FSIZE=0)


def _limit(**limits: int) -> None:
    if sys.platform == "win32":
        return
    for name, most in limits.items():
        with suppress(AttributeError, ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(getattr(resource, name), (most, most))


def lines(payload: bytes) -> Iterator[str]:
    """Yield every row of *payload*, as the module says, in the order of their keys.

    Raises NotOurs, or sqlite3.Error, where anything is not as we make it, and Newer.
    """
    _check_header(payload)
    db = sqlite3.connect(":memory:")  # noqa: TID251 (a file of others, which fieldref.database never opens)
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    ):
        db.setlimit(limit, most)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    db.deserialize(payload)
    db.set_authorizer(_may)
    tables = _tables(db)
    if db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise NotOurs
    for name, columns in sorted(tables.items(), key=lambda item: item[0] != "meta"):
        yield from _columns(db, name, columns)


def _columns(db: sqlite3.Connection, name: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Yield the columns of the table *name*; SQLite itself writes them as JSON, six times as fast as Python would."""
    key, arrays = columns[0], ", ".join(f"json_group_array({column})" for column in columns)
    rest = f"FROM {name} WHERE {key} >= ? ORDER BY {key}"
    some = f"SELECT {arrays} FROM (SELECT {', '.join(columns)} {rest} LIMIT {ROWS_AT_ONCE})"  # noqa: S608 (our names)
    following = f"SELECT {key} {rest} LIMIT 1 OFFSET {ROWS_AT_ONCE}"
    first: tuple[str] | None = ("",)
    while first:
        before, values = first, db.execute(some, first).fetchone()
        if values[0] != "[]":
            yield f'["{name}",{",".join(values)}]'
        first = db.execute(following, before).fetchone()
        if first == before:
            raise NotOurs  # one key so many times: no step would lead on


def _check_header(payload: bytes) -> None:
    """The first 100 bytes, before SQLite sees them: no write-ahead log, whole pages, UTF-8."""
    if len(payload) < 100 or not payload.startswith(HEADER) or payload[18:20] != b"\x01\x01":
        raise NotOurs
    page_size = int.from_bytes(payload[16:18], "big")
    if page_size < 512 or payload[56:60] != b"\0\0\0\x01":
        raise NotOurs
    if int.from_bytes(payload[28:32], "big") * page_size != len(payload):
        raise NotOurs


def _tables(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The tables of the format whose schema *db* has to the letter."""
    schema = sorted(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchmany(MOST_SCHEMA))
    for number, known in SCHEMAS.items():
        if known == schema:
            return FORMATS[number]
    if ("table", "meta", "meta", table("meta")) in schema:
        stated = db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
        if stated and str(stated[0]).isdecimal() and int(stated[0]) > FORMAT:
            raise Newer
    raise NotOurs


def _may(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in (*TABLES, "sqlite_master"):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "quick_check":
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second == "json_group_array":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
