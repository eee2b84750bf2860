"""A backup: the whole folder of a safe-point or branch as one file, read back and compared before it is called done.

It is a tar file with the digest of every file in it. Nothing in it is more readable than in the folder: keys are under
their passphrase, bundles are sealed, a branch's register is encrypted. So a safe-point with an open shift has none:
its records are readable, and a copy of them would outlive the shift.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fieldref import clock, settings
from fieldref.database import sync_folder, transaction
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.cards import short_name
from fieldref.exchange.keys import open_branch
from fieldref.refusal import Refusal
from fieldref.register import shift
from fieldref.register.schema import open_register

FORMAT = 1
INDEX = "fieldref-backup.json"
LARGEST = 20 * 2**30  # bytes; a branch of years has far less
LARGEST_INDEX = 16 * 2**20
CHUNK = 2**20


class BackupRefused(Refusal):
    """No backup was made, or none was put back; the message says why."""


@dataclass(frozen=True)
class Backup:
    """What a backup file says of itself: of which place, from which day, how many files and bytes of them."""

    name: str
    kind: str
    day: date
    files: int
    size: int


def back_up(folder: Path, to: Path, words: str) -> Backup:
    """Write the backup of *folder* to the new file *to*; *words* is its passphrase, a branch's or a coordinator's.

    On return the file has been read back and every file in it compared. Raises BackupRefused where a shift is open or
    *to* is there already, PassphraseRefused, or OSError; then there is no file *to*.
    """
    place = settings.read(folder)
    if to.exists():
        raise BackupRefused(f"{to} is there already; name a new file")
    beside = to.with_name(f".{to.name}.new")
    try:
        with _at_rest(folder, place.kind, words), beside.open("xb") as file:
            digests = {name: _digest(path) for name, path in _files(folder)}
            index = {"format": FORMAT, "name": place.name, "kind": place.kind, "day": clock.today().isoformat()}
            _write(file, folder, index | {"files": digests})
            file.flush()
            os.fsync(file.fileno())
        made = look(beside)
        beside.replace(to)
        sync_folder(to.resolve().parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return made


def look(file: Path) -> Backup:
    """Return what the backup in *file* says of itself, once every file in it was read and compared.

    Raises BackupRefused where it is none, is newer than this fieldref, or is damaged.
    """
    size = 0
    with _opened(file) as (tar, index):
        found: dict[str, str] = {}
        for member, content in _members(tar):
            if member.name in found:
                raise ValueError
            found[member.name] = _digest_of(content)
            size += member.size
        if found != index["files"]:
            raise ValueError
        day = date.fromisoformat(index["day"])
    return Backup(short_name(str(index["name"])), short_name(str(index["kind"])), day, len(found), size)


def restore(file: Path, folder: Path) -> Backup:
    """Put the backup in *file* back into the new *folder*, whole or not at all.

    Raises BackupRefused as `look` does, or where *folder* holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty; name a new folder")
    backup = look(file)
    beside = folder.with_name(f".{folder.name}.new")
    beside.mkdir(mode=0o700, parents=True)
    try:
        _put_back(file, beside)
    except BaseException:
        shutil.rmtree(beside)
        raise
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)
    sync_folder(folder.resolve().parent)
    return backup


def _put_back(file: Path, beside: Path) -> None:
    with _opened(file) as (tar, _):
        for member, content in _members(tar):
            path = beside / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as out:
                while chunk := content.read(CHUNK):
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            path.chmod(member.mode & 0o777)


@contextmanager
def _at_rest(folder: Path, kind: str, words: str) -> Iterator[None]:
    """Keep every writer of the register waiting, and see that no shift is open."""
    if kind == "branch":
        db = open_branch_register(folder, open_branch(folder, words))
    else:
        shift.check_passphrase(folder, words)
        db = open_register(folder)
    try:
        with transaction(db):
            if kind != "branch" and shift.current(db) is not None:
                raise BackupRefused("a shift is open, and its records are readable: close it first")
            yield
    finally:
        db.close()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file that is kept: not what was left unfinished, not a journal, which is empty while nobody writes."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if not path.name.startswith(".") and not path.name.endswith("-journal"):
            yield path.relative_to(folder).as_posix(), path


def _write(file: io.BufferedWriter, folder: Path, index: dict[str, object]) -> None:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        text = json.dumps(index, ensure_ascii=False, indent=1).encode()
        tar.addfile(_member(INDEX, len(text), 0o600), io.BytesIO(text))
        for name, path in _files(folder):
            with path.open("rb") as content:
                facts = os.fstat(content.fileno())
                tar.addfile(_member(name, facts.st_size, facts.st_mode & 0o777), content)


def _member(name: str, size: int, mode: int) -> tarfile.TarInfo:
    # No owner and no time: a backup tells no more than the folder has to.
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, mode
    return member


@contextmanager
def _opened(file: Path) -> Iterator[tuple[tarfile.TarFile, dict[str, Any]]]:
    """The backup in *file* and its index; everything that can be wrong with the file becomes a BackupRefused."""
    if not file.is_file() or file.stat().st_size > LARGEST:
        raise BackupRefused(f"{file} is no backup of fieldref")
    try:
        with tarfile.open(file, mode="r:") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first is not None and first.name == INDEX else None
            index = json.loads(content.read(LARGEST_INDEX)) if content is not None else None
            if not isinstance(index, dict) or not isinstance(index.get("files"), dict):
                raise BackupRefused(f"{file} is no backup of fieldref")
            if index.get("format") != FORMAT:
                raise BackupRefused(f"{file} was made by a newer fieldref: update this one first")
            yield tar, index
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError, RecursionError):
        raise BackupRefused(f"{file} is damaged: make another backup, or find another copy") from None


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, io.BufferedReader]]:
    """Every kept file of *tar* with its content; anything but a plain file below the folder is damage.

    A file with holes is too: a few bytes of it would fill a disk.
    """
    while (member := tar.next()) is not None:
        parts = Path(member.name).parts
        content = tar.extractfile(member) if member.isreg() and not member.issparse() else None
        if content is None or Path(member.name).is_absolute() or ".." in parts or ":" in member.name:
            raise ValueError
        if not parts:
            raise ValueError
        yield member, content  # type: ignore[misc]  # what extractfile returns reads like one


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(content: io.BufferedReader) -> str:
    return hashlib.file_digest(content, "sha256").hexdigest()
