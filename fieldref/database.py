"""The one place that opens SQLite: durable and free of residue for records, encrypted at a branch, read-only a guide.

The settings are those of a power-cut study: Python's defaults lose acknowledged rows, and write-ahead
logging keeps deleted text. Each is read back, because SQLite ignores what it cannot do.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database as Database
from sqlite_utils import Migrations

from fieldref.refusal import Refusal

DURABLE: dict[str, str | int] = {
    "journal_mode": "truncate",
    "synchronous": 3,  # EXTRA: also syncs the folder, so that a commit survives a power cut
    "secure_delete": 1,  # a deleted record is overwritten with zeros
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "temp_store": 2,  # in memory: no readable record in a temporary file
}
PATIENCE = 10  # seconds to wait for another writer


class Readable(Protocol):
    """What a report is made of: something that takes SQL, with ? for values, and gives rows."""

    @property
    def conn(self) -> Any: ...


class UnsafeDatabase(Refusal):
    """This SQLite does not keep what we asked of it, or the file is damaged."""


def open_database(path: Path, migrations: Migrations) -> Database:
    """Open or make the database at *path* with all *migrations* applied.

    A transaction that has committed here is on the disk; a deleted row leaves no bytes.
    Raises UnsafeDatabase where a setting does not hold.
    """
    fresh = not path.exists()
    return _made_ready(Database(sqlite3.connect(path, timeout=PATIENCE)), path, migrations, fresh)


def open_encrypted(path: Path, key: bytes, migrations: Migrations) -> Database:
    """Open or make, as `open_database` does, a database whose every byte on the disk is encrypted under *key*.

    *key* is 32 random bytes. Errors are sqlite3's. Raises UnsafeDatabase also for a wrong key or a changed byte.
    """
    from fieldref import encrypted  # a large library, which a safe-point's doors need not load

    fresh = not path.exists()
    db = Database(encrypted.connect(path, key, PATIENCE))
    try:
        db.conn.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError as error:
        db.close()
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, or no room: that passes
        raise UnsafeDatabase(f"{path} is not under this key, or is damaged") from None
    return _made_ready(db, path, migrations, fresh)


def _made_ready(db: Database, path: Path, migrations: Migrations, fresh: bool) -> Database:
    try:
        for name, value in DURABLE.items():
            _set(db, name, value)
        if fresh or migrations.pending(db):
            migrations.apply(db)
            _forget_minute(db, migrations)
        if fresh:
            db.conn.execute("VACUUM")  # as small as an emptied one is: size tells nothing of what was in it
    except BaseException:
        db.close()
        raise
    if fresh:
        path.chmod(0o600)  # records are for the user who runs the door, and for nobody else of the machine
        sync_folder(path.parent)
    return db


def open_read_only(path: Path) -> Database:
    """Open *path* for reading. It is replaced whole and never changed in place, so it needs no locks.

    Raises FileNotFoundError if there is none. The connection may be handed from thread to thread.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    db = Database(sqlite3.connect(address, uri=True, check_same_thread=False))
    db.conn.execute("PRAGMA trusted_schema = OFF")
    return db


def build_database(path: Path) -> Database:
    """Open *path* for building a file that nobody else sees until it is finished and renamed."""
    db = Database(sqlite3.connect(path))
    db.conn.execute("PRAGMA journal_mode = OFF")
    db.conn.execute("PRAGMA synchronous = OFF")
    return db


def open_in_memory() -> Database:
    """Open an empty database that never touches a disk."""
    return Database(sqlite3.connect(":memory:"))


def is_sound(path: Path) -> bool:
    """Whether SQLite can read every page of *path* and finds it in order. Whoever writes meanwhile is not disturbed."""
    try:
        db = Database(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10))
        try:
            found: list[tuple[str]] = db.conn.execute("PRAGMA quick_check(1)").fetchall()
        finally:
            db.close()
    except sqlite3.Error:
        return False
    return found == [("ok",)]


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """All or nothing, and on the disk when the block has ended.

    IMMEDIATE, because a transaction that reads first and writes later is refused when another writer came
    between; this one waits its turn instead.
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def sync_folder(folder: Path) -> None:
    """Make names made or changed in *folder* survive a power cut (where the system can: not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write *content* to *path* so that a reader or a power cut finds the old file or the new, never half.

    With a *mode*, nobody else can read it before it has that mode; without, who could read the old file can read
    the new one.
    """
    beside = path.with_name(f".{path.name}.new")
    with open(beside, "wb", opener=None if mode is None else _private) as file:
        file.write(content)
        file.flush()
        if mode is None:
            _keep_access(path, beside)
        else:
            beside.chmod(mode)
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def move_whole(finished: Path, path: Path) -> None:
    """Put the *finished* file, of the same folder, in the place of *path*, as `write_whole` does."""
    _keep_access(path, finished)
    with finished.open("rb+") as file:
        os.fsync(file.fileno())
    finished.replace(path)
    sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _keep_access(old: Path, new: Path) -> None:
    """Give *new*, which is about to replace *old*, its mode and group; nothing where there is no *old*.

    Where the doors are two users of the system, this is what lets the public one read what the staff one wrote.
    """
    if os.name != "posix" or not old.exists():
        return
    seen = old.stat()
    if new.stat().st_gid != seen.st_gid:
        with suppress(PermissionError):  # a group that we are not in: the mode alone then
            os.chown(new, -1, seen.st_gid)
    new.chmod(seen.st_mode & 0o777)


def _set(db: Database, name: str, value: str | int) -> None:
    db.conn.execute(f"PRAGMA {name} = {value}")
    answer = db.conn.execute(f"PRAGMA {name}").fetchone()
    # Some settings answer nothing when SQLite was built without them (mmap_size): nothing is then mapped.
    if answer is not None and answer[0] != value:
        raise UnsafeDatabase(f"this SQLite does not keep {name} = {value} (it says {answer[0]})")


def _forget_minute(db: Database, migrations: Migrations) -> None:
    """Migrations note their minute; a box keeps nothing finer than a day."""
    with transaction(db):
        db.conn.execute(f"UPDATE {migrations.migrations_table} SET applied_at = substr(applied_at, 1, 10)")  # noqa: S608 (a constant)
