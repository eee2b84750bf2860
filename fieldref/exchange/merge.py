"""Merging bundles into a branch's register: in any order, any number of times, the result is the same.

Files are read one at a time and merged some at a time: their rows wait in memory, and go into the register in one
transaction, in the order of their keys. Each file is merged whole or not at all.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fieldref.database import Database
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.confined import Confined
from fieldref.exchange.group import Group, Merged
from fieldref.exchange.keys import BranchKeys, open_branch


def merge_files(folder: Path, paths: Iterable[Path], words: str) -> list[Merged]:
    """Merge every bundle of *paths* (files, or folders of *.bin) into the branch in *folder*.

    Each file is merged whole or refused whole, whatever becomes of the others. Raises PassphraseRefused.
    """
    keys = open_branch(folder, words)
    db = open_branch_register(folder, keys)
    try:
        return list(merge_each(db, keys, paths))
    finally:
        db.close()


def merge_each(db: Database, keys: BranchKeys, paths: Iterable[Path]) -> Iterator[Merged]:
    """Merge every bundle of *paths* into the register *db*; yield what came of each, in order, once it is on the disk.

    Nothing is yielded for a while, then for many files: they are merged together.
    """
    with Confined() as confined:
        group = Group(db, keys, confined)
        for path in _files(paths):
            group.add(path)
            if group.is_full():
                yield from group.merge()
        yield from group.merge()


def merge_file(db: Database, keys: BranchKeys, path: Path) -> Merged:
    """Merge the bundle at *path*, or say why it was refused."""
    [merged] = merge_each(db, keys, [path])
    return merged


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        # Names with a dot in front are files that were not finished, or macOS's shadows of others.
        yield from sorted(p for p in path.glob("*.bin") if p.name[0] != ".") if path.is_dir() else [path]
