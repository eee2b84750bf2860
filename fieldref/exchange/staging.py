"""Where the rows of bundles wait, in memory, until some of them are merged together: each file whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from fieldref.database import Database
from fieldref.exchange.reading import Column
from fieldref.exchange.records import COLUMNS


def table(kind: str) -> str:
    """The name of the table in which rows of *kind* wait, each with the number of its file."""
    return f"temp.staged_{kind}"


def make(db: Database) -> None:
    """Make the waiting tables, empty. (Temporary tables are in memory: see fieldref.database.)"""
    for kind, columns in COLUMNS.items():
        db.conn.execute(f"CREATE TABLE IF NOT EXISTS {table(kind)} (file INTEGER, {', '.join(columns)})")
    clear(db)


def clear(db: Database) -> None:
    with whole_file(db):
        for kind in COLUMNS:
            db.conn.execute(f"DELETE FROM {table(kind)}")  # noqa: S608 (our names)


@contextmanager
def whole_file(db: Database) -> Iterator[None]:
    """What is put in the block stays if it ends well. The register's file is not touched, nor anybody kept waiting."""
    db.conn.execute("BEGIN")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.rollback()
        raise


def put(db: Database, file: int, kind: str, columns: list[Column]) -> None:
    """Have rows of *kind*, given by columns, wait as those of *file*."""
    marks = ", ".join("?" * len(columns))
    rows = zip(*columns, strict=True)
    db.conn.executemany(f"INSERT INTO {table(kind)} VALUES ({file}, {marks})", rows)  # noqa: S608 (our names)


def drop(db: Database, file: int) -> None:
    """Forget the rows of *file*."""
    for kind in COLUMNS:
        db.conn.execute(f"DELETE FROM {table(kind)} WHERE file = ?", [file])  # noqa: S608 (our names)
