"""The packs that a safe-point keeps: the one its guide is made of, and the one before; and which of them is served.

Which one is served stands in guide.db itself, so that putting a guide in its place is one step and no second
note can contradict it.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldref.database import open_read_only
from fieldref.guide import packfile
from fieldref.guide.packfile import Pack, PackRefused

FOLDER = "packs"
GUIDE = "guide.db"
NAME = re.compile(r"guide-([0-9]{4,10})\.pack")


def path_of(folder: Path, edition: int) -> Path:
    """Where the pack of this *edition* lies, or would."""
    return folder / FOLDER / f"guide-{edition:04}.pack"


def kept(folder: Path) -> dict[int, Path]:
    """The packs in *folder* by their edition, the oldest first."""
    found = {int(named[1]): path for path in (folder / FOLDER).glob("*.pack") if (named := NAME.fullmatch(path.name))}
    return dict(sorted(found.items()))


def served(folder: Path) -> int:
    """The edition that the guide of *folder* was made of; 0 for one of its own files, or where there is none."""
    try:
        db = open_read_only(folder / GUIDE)
    except (FileNotFoundError, sqlite3.DatabaseError):
        return max(kept(folder), default=0)
    try:
        row = db.conn.execute("SELECT value FROM meta WHERE name = 'edition'").fetchone()
        return int(row[0]) if row else 0
    except (sqlite3.DatabaseError, ValueError):
        return max(kept(folder), default=0)  # a damaged guide is built anew from the newest
    finally:
        db.close()


def in_use(folder: Path) -> Pack | None:
    """The pack that the guide of *folder* was made of; None for one of its own files. Raises PackRefused."""
    edition = served(folder)
    if not edition:
        return None
    path = path_of(folder, edition)
    if not path.exists():
        raise PackRefused(f"the guide is edition {edition} of the branch, but {path} is gone: take that pack again")
    return packfile.read(path)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep whoever else makes or changes the guide of *folder* waiting (where the system can: not on Windows)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # given back by closing, and by a process that dies
        yield
    finally:
        os.close(handle)
