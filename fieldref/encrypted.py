"""SQLite files of which every page is encrypted and authenticated under a key: SQLCipher, as Python's sqlite3 looks.

Only fieldref.database opens one. Errors are raised as sqlite3's, so that who knows those knows these.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

KEY_BYTES = 32
AT_ONCE = 1000


def connect(path: Path, key: bytes, timeout: float) -> "Connection":
    """Connect to *path* under *key*, 32 random bytes. Whether the key is right shows with the first statement."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    conn = Connection(path, timeout=timeout)
    conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    # What it would say of a wrong key on standard error, the exception says.
    conn.execute("PRAGMA cipher_log_level = NONE")
    return conn


@contextmanager
def _as_sqlite3() -> Iterator[None]:
    try:
        yield
    except dbapi2.Error as error:
        raise getattr(sqlite3, type(error).__name__)(*error.args) from None


class Cursor(dbapi2.Cursor):  # type: ignore[misc]  # (it is typed nowhere)
    """A cursor whose errors are sqlite3's."""

    def execute(self, *args: Any) -> "Cursor":
        with _as_sqlite3():
            super().execute(*args)
        return self

    def executemany(self, *args: Any) -> "Cursor":
        with _as_sqlite3():
            super().executemany(*args)
        return self

    def fetchone(self) -> Any:
        with _as_sqlite3():
            return super().fetchone()

    def fetchmany(self, *args: Any) -> Any:
        with _as_sqlite3():
            return super().fetchmany(*args)

    def fetchall(self) -> Any:
        with _as_sqlite3():
            return super().fetchall()

    def __iter__(self) -> Iterator[Any]:
        with _as_sqlite3():
            while rows := super().fetchmany(AT_ONCE):
                yield from rows


class Connection(dbapi2.Connection):  # type: ignore[misc]
    """A connection whose errors, and whose cursors', are sqlite3's."""

    def cursor(self, factory: type[Cursor] = Cursor) -> Any:
        with _as_sqlite3():
            return super().cursor(factory)

    def execute(self, *args: Any) -> Any:
        return self.cursor().execute(*args)

    def executemany(self, *args: Any) -> Any:
        return self.cursor().executemany(*args)

    def executescript(self, script: str) -> Any:
        with _as_sqlite3():
            return super().executescript(script)

    def commit(self) -> None:
        with _as_sqlite3():
            super().commit()

    def rollback(self) -> None:
        with _as_sqlite3():
            super().rollback()
