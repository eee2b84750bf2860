"""Some bundles that are merged together: read one at a time, then added to the register in one transaction."""

import hashlib
import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldref.database import Database, transaction
from fieldref.exchange import bundle, devices, envelope, origins, seal, staging
from fieldref.exchange.confined import Confined
from fieldref.exchange.keys import BranchKeys
from fieldref.exchange.reading import Column, read_payload
from fieldref.exchange.union import Counts, unite
from fieldref.refusal import Refusal

# So many rows or files wait at most: some 50 MB.
ROWS = 200_000
FILES = 100
CACHE = 32_000  # KiB of the register's pages kept in memory: the indexes of a million records


@dataclass(frozen=True)
class Merged:
    """What came of one file.

    `state` is "new", "already here" or "refused"; `reason` says why it was refused. `counts` are the records
    of each kind that were not known before; `quarantined` how many of its records contradict others.
    """

    file: str
    state: str
    reason: str = ""
    safe_point: str = ""
    day: str = ""
    sequence: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0


@dataclass(frozen=True)
class _File:
    """A file that was read: its SHA-256, and its bundle if that waits; or why it is refused."""

    name: str
    digest: str = ""
    bundle: origins.Bundle | None = None
    refusal: str = ""


class Group:
    """Bundles whose rows wait, each under the number it was added as: the first is 1."""

    def __init__(self, db: Database, keys: BranchKeys, confined: Confined) -> None:
        self._db, self._keys, self._confined = db, keys, confined
        self._files: list[_File] = []
        self._rows = 0
        staging.make(db)
        db.conn.execute(f"PRAGMA cache_size = -{CACHE}")

    def is_full(self) -> bool:
        return self._rows >= ROWS or len(self._files) >= FILES

    def add(self, path: Path) -> None:
        """Let the bundle at *path* wait; if it is refused, that is kept to be said in its turn."""
        try:
            file = self._read(path)
        except Refusal as refusal:
            file = _File(shown(path), refusal=str(refusal))
        except OSError as error:
            file = _File(shown(path), refusal=f"it cannot be read: {error.strerror or error}")
        self._files.append(file)

    def merge(self) -> list[Merged]:
        """Merge what waits, in one transaction; return what came of every file that was added since the last time."""
        files, self._files, self._rows = self._files, [], 0
        with transaction(self._db):
            before = origins.last_number(self._db)
            files = [_admitted(self._db, before, *each) for each in enumerate(files, 1)]
            new, quarantined = unite(self._db, before)
        staging.clear(self._db)
        return [_told(self._db, *each, new, quarantined) for each in enumerate(files, 1)]

    def _read(self, path: Path) -> _File:
        sealed = _content(path)
        digest = hashlib.sha256(sealed).hexdigest()
        if origins.known(self._db, digest) or any(file.digest == digest for file in self._files):
            return _File(shown(path), digest)
        header, payload = envelope.disclose(
            sealed, bundle.KIND, self._keys, lambda device: _signer(self._db, device), devices.followed(self._db)
        )
        number, rows = len(self._files) + 1, 0

        def take(kind: str, columns: list[Column]) -> None:
            nonlocal rows
            rows += len(columns[0])
            staging.put(self._db, number, kind, columns)

        with staging.whole_file(self._db):
            shift = read_payload(payload, self._confined, take)
        self._rows += rows
        its = origins.Bundle(
            digest, header.device, header.sequence, header.previous, shift.day, shift.clock, shift.edition
        )
        return _File(shown(path), digest, its)


def _admitted(db: Database, before: int, number: int, file: _File) -> _File:
    """Note the bundle of *file*, if all is still as it was when it was read, now that nobody else writes."""
    if file.bundle is None:
        return file
    try:
        _signer(db, file.bundle.device)
        devices.require_in_time(db, file.bundle.device, file.bundle.sequence)
        if origins.known(db, file.digest) is None:
            origins.note_bundle(db, before + number, file.bundle)
            return file
        left = _File(file.name, file.digest)
    except Refusal as refusal:
        left = _File(file.name, refusal=str(refusal))
    staging.drop(db, number)
    return left


def _told(db: Database, number: int, file: _File, new: Counts, quarantined: Counter[int]) -> Merged:
    known = origins.known(db, file.digest)
    if file.refusal or known is None:
        return Merged(file.name, "refused", file.refusal or "it is a copy of one that was refused")
    if file.bundle is None:
        return Merged(file.name, "already here", "", *known)
    counts = {kind: new[kind][number] for kind in new}
    return Merged(file.name, "new", "", *known, counts, quarantined[number])


def _content(path: Path) -> bytes:
    """All bytes of the file at *path*. Raises Refusal where it is none, or has a size that no bundle has."""
    # A pipe that somebody left on a stick must not keep us waiting.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise Refusal("it is not a file")
        if about.st_size > seal.LARGEST:
            raise Refusal("it is larger than any bundle")
        return file.read(seal.LARGEST)


def shown(path: Path) -> str:
    """The name of *path*, which whoever gave the stick has chosen, without what moves a cursor or cannot be written."""
    return "".join(character if character.isprintable() else "?" for character in str(path))


def _signer(db: Database, device: str) -> Ed25519PublicKey:
    row = db.conn.execute("SELECT public_key, revoked, name FROM device WHERE id = ?", [device]).fetchone()
    if row is None:
        raise Refusal("it is by a safe-point that is not paired with this branch (fieldref branch pair)")
    if row[1]:
        raise Refusal(f"it is by {row[2]}, which was revoked")
    return Ed25519PublicKey.from_public_bytes(row[0])
