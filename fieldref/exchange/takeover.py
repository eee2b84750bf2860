"""A branch's register.db of before was readable: its rows are taken over into an encrypted one, and it is overwritten.

Cut at any moment, the next opening goes on: the readable file is only destroyed once the encrypted one stands
whole in its place. (A flash disk may keep old blocks all the same; that is the disk's doing.)
"""

import os
from pathlib import Path

from sqlite_utils import Migrations

from fieldref.database import open_database, open_encrypted, sync_folder

HEADER = b"SQLite format 3\0"
NOTHING = Migrations("nothing")
PIECE = 2**20


def take_over(path: Path, key: bytes) -> None:
    """Encrypt the database at *path* under *key* if it is readable; do nothing if it is not, or is not there."""
    before = path.with_name(f"{path.name}.clear")
    if _readable(path):
        open_database(path, NOTHING).close()  # rolls back what a cut left half written
        path.replace(before)
        sync_folder(path.parent)
    if before.exists():
        if not path.exists():
            _encrypt(before, path, key)
        for left in (before, path.with_name(f"{path.name}-journal")):
            _overwrite(left)
        sync_folder(path.parent)


def _readable(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def _encrypt(clear: Path, path: Path, key: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    db = open_encrypted(beside, key, NOTHING)
    try:
        db.conn.execute(f"DROP TABLE {NOTHING.migrations_table}")  # the one that is taken over is the true one
        db.conn.execute("ATTACH ? AS clear KEY ''", [str(clear)])
        db.conn.execute("SELECT sqlcipher_export('main', 'clear')")
    finally:
        db.close()
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def _overwrite(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb+") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, PIECE)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
