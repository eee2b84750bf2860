"""A branch's laptop is seized, locked: with every file of the branch's folder, without its passphrase.

FIELDREF_SEIZED says how many records had been merged; `make soak` says 10,000.
"""

import os
import sqlite3
from pathlib import Path

import pytest

from fieldref.database import Database, UnsafeDatabase, open_database
from fieldref.exchange import takeover
from fieldref.exchange.branch import BRANCH, make_branch, open_branch_register
from fieldref.exchange.keys import BranchKeys, open_branch
from fieldref.exchange.merge import merge_files
from fieldref.register.records import Referral
from fieldref.register.schema import FILE_NAME

MARKERS = int(os.environ.get("FIELDREF_SEIZED", "1000"))


@pytest.fixture
def made() -> list[Referral]:
    return [Referral(need="food", service=f"marker-{number:08}") for number in range(MARKERS)]


@pytest.fixture
def keys(branch: Path, words: str) -> BranchKeys:
    return open_branch(branch, words)


def found_in(folder: Path, made: list[Referral]) -> list[Path]:
    """The files of *folder* that hold a record, the name of a safe-point, or SQLite's own header."""
    pieces = [b"marker-", b"Bridge", b"SQLite format", *(record.code.encode() for record in made)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder / FILE_NAME in files
    return [path for path in files if any(piece in path.read_bytes() for piece in pieces)]


def counted(db: Database) -> int:
    number: int = db.table("referral").count
    db.close()
    return number


def test_no_record_and_no_safe_points_name_is_in_any_file_of_a_branch(branch, safe_point, close_with, words, made):
    merge_files(branch, [close_with(safe_point, *made)], words)
    assert found_in(branch, made) == []


def test_the_same_search_finds_them_in_a_register_that_is_not_encrypted(
    branch, keys, safe_point, close_with, words, made
):
    """The control."""
    merge_files(branch, [close_with(safe_point, *made)], words)
    readable(branch, keys)
    assert found_in(branch, made) == [branch / FILE_NAME]


def test_the_keys_of_another_branch_do_not_open_it(branch, tmp_path, words) -> None:
    make_branch(tmp_path / "south", "South", words)
    with pytest.raises(UnsafeDatabase, match="not under this key"):
        open_branch_register(branch, open_branch(tmp_path / "south", words))


def test_a_changed_byte_is_noticed(branch, keys) -> None:
    content = bytearray((branch / FILE_NAME).read_bytes())
    content[5000] ^= 1
    (branch / FILE_NAME).write_bytes(content)
    with pytest.raises((UnsafeDatabase, sqlite3.DatabaseError)):
        counted(open_branch_register(branch, keys))


def readable(branch: Path, keys: BranchKeys) -> None:
    """Make the register of *branch* what it was before registers were encrypted."""
    db, plain = open_branch_register(branch, keys), branch / "plain.db"
    open_database(plain, BRANCH).close()
    plain.unlink()
    db.conn.execute("ATTACH ? AS plain KEY ''", [str(plain)])
    db.conn.execute("SELECT sqlcipher_export('plain')")
    db.close()
    plain.replace(branch / FILE_NAME)


@pytest.mark.parametrize("cut", ["", "_encrypt", "_overwrite"])
def test_a_readable_register_of_before_is_taken_over_even_when_cut(
    branch, keys, safe_point, close_with, words, made, cut, monkeypatch
) -> None:
    merge_files(branch, [close_with(safe_point, *made)], words)
    readable(branch, keys)
    if cut:
        with monkeypatch.context() as power:
            power.setattr(takeover, cut, lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                open_branch_register(branch, keys)
    assert counted(open_branch_register(branch, keys)) == MARKERS
    assert found_in(branch, made) == []
    assert sorted(path.name for path in branch.iterdir() if path.name.startswith("register")) == [FILE_NAME]


def test_what_is_overwritten_is_zeros_to_the_last_byte(branch, keys, monkeypatch) -> None:
    readable(branch, keys)
    size, left = (branch / FILE_NAME).stat().st_size, []
    monkeypatch.setattr(Path, "unlink", lambda path, **_: left.append(path.read_bytes()) if path.exists() else None)
    takeover.take_over(branch / FILE_NAME, bytes(32))
    assert bytes(size) in left
