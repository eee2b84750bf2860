"""What a command of the branch works on: its keys and its register, under the passphrase."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldref.cli import asking
from fieldref.database import Database
from fieldref.exchange.branch import open_branch_register, require_branch
from fieldref.exchange.keys import BranchKeys, open_branch

WHAT = "the branch"


def open_keys(folder: Path, passphrase_file: Path | None) -> BranchKeys:
    """The keys of the branch in *folder*, under the passphrase that is asked for if it is not given."""
    require_branch(folder)  # before anything is asked
    return open_branch(folder, asking.passphrase(passphrase_file, WHAT))


@contextmanager
def opened_register(folder: Path, passphrase_file: Path | None) -> Iterator[tuple[Database, BranchKeys]]:
    """The register of the branch in *folder*, and the keys that opened it."""
    keys = open_keys(folder, passphrase_file)
    db = open_branch_register(folder, keys)
    try:
        yield db, keys
    finally:
        db.close()
