"""Copying sealed files to a stick so that "safe to remove" is true when it is said.

Each file is written beside its place, synced, read back from the stick and compared with the digest of what the
box made, and only then renamed. Sticks are mostly FAT, where a rename may be torn: what is left then is no bundle,
because only a whole one opens (`fieldref.exchange.seal`), and copying again puts it right.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldref.database import sync_folder
from fieldref.refusal import Refusal

CHUNK = 2**18
SPARE = 2**20  # bytes that a stick's own tables may still need
Progress = Callable[[int], None]


class StickRefused(Refusal):
    """The stick does not hold what was to be copied; what is in the outbox is as it was."""


@dataclass(frozen=True)
class Sealed:
    """One file to copy, and the SHA-256 of what the box made."""

    file: Path
    sha256: str


def copy(files: Sequence[Sealed], stick: Path, progress: Progress = lambda _: None) -> None:
    """Copy *files* into the folder *stick*; *progress* is told of every bytes written.

    On return all of them are on the stick, synced and read back. Raises StickRefused; then those copied before are
    whole, the one that was being copied is not there under its name, or was there before, and it can be tried again.
    """
    if not stick.is_dir():
        raise StickRefused(f"{stick} is no folder: is the stick in, and is this its name?")
    missing = [each for each in files if not is_there(each, stick)]
    _check_room(missing, stick)
    for each in missing:
        try:
            _copy(each, stick, progress)
        except OSError as error:
            raise StickRefused(
                f"the stick could not be written ({error.strerror or error}): is it still in, is it write-protected,"
                " is it failing? What is in the outbox is as it was; try again, or with another stick"
            ) from None


def is_there(sealed: Sealed, stick: Path) -> bool:
    """Whether *stick* holds this file whole: it is read, every byte."""
    try:
        return digest(stick / sealed.file.name) == sealed.sha256
    except OSError:
        return False


def _check_room(files: Sequence[Sealed], stick: Path) -> None:
    needed = sum(each.file.stat().st_size for each in files)
    free = shutil.disk_usage(stick).free
    if files and needed + SPARE > free:
        raise StickRefused(
            f"there is not enough room on the stick: {_megabytes(needed + SPARE)} MB are needed,"
            f" {free // 10**6} MB are free"
        )


def _copy(sealed: Sealed, stick: Path, progress: Progress) -> None:
    path = stick / sealed.file.name
    beside = path.with_name(f".{path.name}.new")
    try:
        _write(sealed.file, beside, progress)
        _read_back(beside, sealed)
        beside.replace(path)
        _sync_folder(stick)
        _read_back(path, sealed)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _write(source: Path, beside: Path, progress: Progress) -> None:
    with source.open("rb") as read, beside.open("wb") as written:
        while chunk := read.read(CHUNK):
            written.write(chunk)
            progress(len(chunk))
        written.flush()
        os.fsync(written.fileno())


def _read_back(path: Path, sealed: Sealed) -> None:
    if digest(path) != sealed.sha256:
        raise StickRefused(f"{path.parent} does not read back what was written: the stick is failing; take another")


def digest(path: Path) -> str:
    """Return the SHA-256 of the file at *path* as it is on its disk, in hexadecimal."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            # So that it comes from the stick, and not from what the system still has in memory of it.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(stick: Path) -> None:
    # Some file systems of sticks cannot sync a folder; a stick that fails is noticed when it is read back.
    with contextlib.suppress(OSError):
        sync_folder(stick)


def _megabytes(number: int) -> int:
    return -(-number // 10**6)
