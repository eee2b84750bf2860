"""SQLite keeps what it acknowledges and forgets what is deleted."""

from pathlib import Path

import pytest
from sqlite_utils import Migrations

from fieldref import database

MIGRATIONS = Migrations("test")


@MIGRATIONS()
def m001_words(db: database.Database) -> None:
    db.conn.execute("CREATE TABLE words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")


@pytest.fixture
def db(tmp_path: Path) -> database.Database:
    return database.open_database(tmp_path / "words.db", MIGRATIONS)


@pytest.mark.parametrize(("name", "value"), database.DURABLE.items())
def test_the_durable_settings_are_in_force(db: database.Database, name: str, value: object) -> None:
    assert db.conn.execute(f"PRAGMA {name}").fetchone()[0] == value


def test_a_setting_that_does_not_hold_is_refused(db: database.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database.DURABLE, "journal_mode", "sometimes")
    path = Path(db.conn.execute("PRAGMA database_list").fetchone()[2])
    with pytest.raises(database.UnsafeDatabase, match="journal_mode"):
        database.open_database(path, MIGRATIONS)


def test_a_deleted_word_is_in_no_file(db: database.Database, tmp_path: Path) -> None:
    for statement in ("INSERT INTO words VALUES ('marker-word')", "DELETE FROM words"):
        with database.transaction(db):
            db.conn.execute(statement)
    assert all(b"marker-word" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_failed_transaction_leaves_nothing(db: database.Database) -> None:
    with pytest.raises(RuntimeError), database.transaction(db):
        db.conn.execute("INSERT INTO words VALUES ('half')")
        raise RuntimeError
    assert db.table("words").count == 0


def test_migrations_note_no_time_of_day(db: database.Database) -> None:
    moments = [row["applied_at"] for row in db.query("SELECT applied_at FROM _sqlite_migrations")]
    assert moments
    assert all(len(moment) == len("2026-11-22") for moment in moments)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "guide.db"
    database.write_whole(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        database.write_whole(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_guide_that_is_open_cannot_be_written(tmp_path: Path, db: database.Database) -> None:
    guide = database.open_read_only(tmp_path / "words.db")
    with pytest.raises(Exception, match="readonly"):
        guide.conn.execute("INSERT INTO words VALUES ('x')")
