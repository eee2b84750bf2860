"""Closing a shift: its records go into a sealed bundle in the outbox, and out of the register, as one act.

The order is what a power cut may not upset. The bundle's name is noted; then, in one transaction that keeps
every other writer waiting, the records are read, sealed, written, read back, and deleted. Cut before the
commit: the shift is still open with every record, and the note says which file to remove. Cut after: the
file is whole and no record is left. What visitors told us lies in a file of its own and is deleted last, after
that commit; cut just before, it travels again in the next bundle, under the same ids, and counts once.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldref import voices
from fieldref.database import Database, open_in_memory, sync_folder, transaction, write_whole
from fieldref.exchange import due, envelope, payload
from fieldref.exchange.cards import Card
from fieldref.exchange.keys import DeviceKeys, open_device_keys
from fieldref.exchange.pairing import paired_branch
from fieldref.guide import packs
from fieldref.refusal import Refusal
from fieldref.register import expected, shift
from fieldref.register.columns import RECORDS
from fieldref.register.schema import open_register
from fieldref.voices import VOICES

KIND = "bundle"


class CloseRefused(Refusal):
    """The shift was not closed; it is open as it was, with every record."""


@dataclass(frozen=True)
class Closed:
    """A closed shift: its day, its bundle (the file, the how-manieth of this safe-point), for which branch.

    `counts` says how many records of each kind went in; it is kept nowhere.
    """

    day: str
    file: Path
    sequence: int
    branch: str
    counts: dict[str, int]


def close_shift(folder: Path, words: str) -> Closed:
    """Close the open shift of the safe-point in *folder* with the coordinator's passphrase *words*.

    On return the bundle is in the outbox and on the disk, and no record is readable in the folder any more.
    Raises NotPaired, PassphraseRefused, NoShift or CloseRefused; then nothing has changed.
    """
    branch = paired_branch(folder)
    keys = open_device_keys(folder, words)
    db = open_register(folder)
    try:
        shift.require(db)
        shift.tidy(db, folder)
        closed = _close(db, folder, keys, branch)
        shift.tidy(db, folder)
    finally:
        db.close()
    return closed


def payload_of(db: Database, heard: Database, its_shift: shift.Shift, edition: int) -> bytes:
    """Return the records of *db* and the voices *heard* as a payload; their order tells nothing of when they came.

    *edition* is that of the guide that is served, 0 for one of the safe-point's own files.
    """
    inside = open_in_memory()
    try:
        inside.conn.execute(f"PRAGMA page_size = {payload.PAGE_SIZE}")
        with transaction(inside):
            for name, columns in payload.TABLES.items():
                inside.conn.execute(payload.table(name))
                if name in RECORDS:
                    _copy(db, inside, name, columns)
                elif name in VOICES:
                    _copy(heard, inside, name, columns)
            meta = (str(payload.FORMAT), its_shift.day, its_shift.clock, str(edition))
            names = payload.META[payload.FORMAT]
            inside.conn.executemany("INSERT INTO meta VALUES (?, ?)", zip(names, meta, strict=True))
        return bytes(inside.conn.serialize())
    finally:
        inside.close()


def _copy(db: Database, inside: Database, table: str, columns: tuple[str, ...]) -> None:
    every = ", ".join(columns)
    rows = db.conn.execute(f"SELECT {every} FROM {table} ORDER BY {columns[0]}")  # noqa: S608 (our names)
    marks = ", ".join("?" * len(columns))
    inside.conn.executemany(f"INSERT INTO {table} ({every}) VALUES ({marks})", rows)  # noqa: S608


def _close(db: Database, folder: Path, keys: DeviceKeys, branch: Card) -> Closed:
    name, edition = f"{secrets.token_hex(16)}.bin", _edition(folder)
    with transaction(db):
        db.conn.execute("UPDATE shift SET sealing = ?", [name])
    with voices.held(folder) as heard, transaction(db):
        its_shift = shift.require(db)
        if db.conn.execute("SELECT sealing FROM shift").fetchone()[0] != name:
            raise CloseRefused("somebody else is closing this shift just now")
        sequence, previous = _chain(db)
        content, device = payload_of(db, heard, its_shift, edition), keys.card.id
        sealed = envelope.enclose(content, KIND, sequence, previous, keys.signing, device, branch)
        path = _write(folder, name, sealed)
        counts = _counts(db, RECORDS) | _counts(heard, VOICES)
        expected.settle(db, due.secret_of(keys))
        _forget(db)
        row = (sequence, previous, hashlib.sha256(sealed).hexdigest(), name, its_shift.day)
        db.conn.execute("INSERT INTO bundle (sequence, previous, sha256, file, day) VALUES (?, ?, ?, ?, ?)", row)
    return Closed(its_shift.day, path, sequence, branch.name, counts)


def _edition(folder: Path) -> int:
    """The edition that is served: whatever a damaged guide says, a number that the branch does not refuse."""
    return min(max(packs.served(folder), 0), payload.NEWEST_EDITION)


def _chain(db: Database) -> tuple[int, str]:
    """Return the next bundle's sequence and the digest of the one before."""
    last = db.conn.execute("SELECT sequence, sha256 FROM bundle ORDER BY sequence DESC LIMIT 1").fetchone()
    return (last[0] + 1, last[1]) if last else (1, envelope.NONE_BEFORE)


def _write(folder: Path, name: str, sealed: bytes) -> Path:
    outbox = folder / shift.OUTBOX
    outbox.mkdir(exist_ok=True)
    sync_folder(folder)
    path = outbox / name
    write_whole(path, sealed)
    if path.read_bytes() != sealed:
        raise CloseRefused(f"{path} does not read back as it was written: is the disk failing?")
    return path


def _counts(db: Database, names: Iterable[str]) -> dict[str, int]:
    return {name: db.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608


def _forget(db: Database) -> None:
    """Delete all that belongs to the shift.

    Without WHERE, so that SQLite clears whole pages: secure_delete then zeroes every byte of them.
    """
    for table in (*RECORDS, "expected", "once", "volunteer", "shift"):
        db.conn.execute(f"DELETE FROM {table}")  # noqa: S608 (our names)
