"""A shift, from a coordinator's opening to closing: records can be made only in between.

Closing needs sealing and is in `fieldref.exchange.bundle`.
"""

import contextlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from sqlite3 import OperationalError

from fieldref import clock, today
from fieldref.database import Database, sync_folder, transaction
from fieldref.refusal import Refusal
from fieldref.register import access, passphrase
from fieldref.register.codes import new_id
from fieldref.register.schema import open_register

KEY_FILE = Path("keys", "device.key")
REVOKED = Path("keys", "revoked")  # a file of this name: the branch said so
DEVICE_KEY = "the safe-point's signing key"
OUTBOX = "outbox"


class NoShift(Refusal):
    """Nothing can be recorded or closed, because no shift is open."""


class Revoked(Refusal):
    """The branch believes this safe-point no longer, so what it recorded would be lost."""


class ShiftOpen(Refusal):
    """A shift is open already."""


@dataclass(frozen=True)
class Shift:
    """The shift that is open: its id, the day it was opened (YYYY-MM-DD), clock "trusted" or "untrusted"."""

    id: str
    day: str
    clock: str


def check_passphrase(folder: Path, words: str) -> bytes:
    """Return the safe-point's secret signing key. PassphraseRefused unless *words* is the coordinator's."""
    path = folder / KEY_FILE
    if not path.exists():
        raise Refusal(f"{folder} has no {KEY_FILE.as_posix()}; fieldref init makes a safe-point with its key")
    return passphrase.unwrap(path.read_bytes(), words, DEVICE_KEY)


def open_shift(
    folder: Path,
    words: str,
    pin: str | None = None,
    *,
    day: date | None = None,
    clock_trusted: bool = False,
) -> str:
    """Open a shift with the coordinator's passphrase *words* and return the volunteers' PIN for it.

    The PIN is random unless given; it is nowhere to be read afterwards. *day* is today unless given. The clock is
    trusted where somebody has just looked (*clock_trusted*), or stands for it already.
    Raises PassphraseRefused, PinRefused, ShiftOpen or Revoked.
    """
    if (folder / REVOKED).exists():
        raise Revoked("the branch revoked this safe-point and refuses its bundles: no shift is opened; ask the branch")
    check_passphrase(folder, words)
    taken = access.take_pin(pin)
    db = open_register(folder)
    try:
        tidy(db, folder)
        with transaction(db):
            if current(db) is not None:
                raise ShiftOpen("a shift is open already; close it first")
            access.admit(db, taken)
            trusted = clock_trusted or clock.state().trusted
            row = (new_id(), (day or clock.today()).isoformat(), "trusted" if trusted else "untrusted")
            db.conn.execute("INSERT INTO shift (id, day, clock) VALUES (?, ?, ?)", row)
    finally:
        db.close()
    return taken


def current(db: Database) -> Shift | None:
    """Return the open shift, or None."""
    row = db.conn.execute("SELECT id, day, clock FROM shift").fetchone()
    return Shift(*row) if row else None


def require(db: Database) -> Shift:
    """Return the open shift; NoShift if there is none."""
    shift = current(db)
    if shift is None:
        raise NoShift("no shift is open; the coordinator opens one (fieldref shift open)")
    return shift


def doubt_clock(db: Database) -> None:
    """Note that nobody stands for the time any more: the days of this shift's records may be wrong, all together."""
    with transaction(db):
        db.conn.execute("UPDATE shift SET clock = 'untrusted'")


def tidy(db: Database, folder: Path) -> None:
    """Finish what a power cut interrupted: remove the half-made bundle, give emptied pages back. Without a shift
    nothing holds today.

    Only the file whose name was noted before it was written is removed: any other in the outbox may be
    the only copy of a closed shift.
    """
    with transaction(db):
        # In a transaction, because whoever is closing just now writes that file in one, and commits to it.
        noted = db.conn.execute("SELECT sealing FROM shift WHERE sealing IS NOT NULL").fetchone()
        if noted:
            _remove(folder / OUTBOX, noted[0])
            db.conn.execute("UPDATE shift SET sealing = NULL")
    if current(db) is None:
        today.forget(folder)
        if db.conn.execute("PRAGMA freelist_count").fetchone()[0]:
            _give_pages_back(db)


def _remove(outbox: Path, name: str) -> None:
    for path in (outbox / name, outbox / f".{name}.new"):
        path.unlink(missing_ok=True)
    if outbox.is_dir():
        sync_folder(outbox)


def _give_pages_back(db: Database) -> None:
    """Make the file as small as what is in it: its size told how much there was.

    secure_delete has zeroed these pages already, so it can wait for the next time where somebody else
    is reading. VACUUM works in memory (temp_store) and in the rollback journal, never in another file.
    """
    with contextlib.suppress(OperationalError):
        db.conn.execute("VACUUM")
