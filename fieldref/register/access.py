"""The volunteers' PINs: six figures each, that work only while a shift is open, and for ten wrong tries at most.

A volunteer is a number of this shift. It is in no record: who wrote a referral down is nobody's business later.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from fieldref.database import Database, transaction
from fieldref.refusal import Refusal
from fieldref.register.codes import western_digits
from fieldref.register.passphrase import ONE_AT_A_TIME

TRIES = 10
N = 2**15  # about 0.2 s and 32 MiB for a try; tests lower it
MOST = 99  # volunteers in one shift
FIRST = 1
VOLUNTEER = "volunteer"
COORDINATOR = "coordinator"
GUESSABLE = re.compile(r"(\d)\1{5}|(\d\d)\2\2|(\d{3})\3|(\d)\4(\d)\5(\d)\6")
RUNS = "0123456789012345 9876543210987654"


class AccessRefused(Refusal):
    """Nobody comes in with this."""


class WrongPin(AccessRefused):
    """The PIN is wrong, and a try is used up."""


class PinDisabled(AccessRefused):
    """Ten wrong tries, or the coordinator's word: the PIN is worth nothing any more, on this start or the next."""


class PinRefused(Refusal):
    """A PIN that somebody chose cannot be taken."""


@dataclass(frozen=True)
class Volunteer:
    """One volunteer of the open shift: `works` says whether the PIN still lets in."""

    number: int
    failures: int
    disabled: bool

    @property
    def works(self) -> bool:
        return not self.disabled and self.failures < TRIES


def take_pin(chosen: str | None) -> str:
    """Return the *chosen* PIN, or a random one. Raises PinRefused for one that is easily guessed."""
    if chosen is None:
        drawn = f"{secrets.randbelow(10**6):06}"
        return take_pin(None) if _guessable(drawn) else drawn
    pin = western_digits(chosen).strip()
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise PinRefused("a PIN has six figures")
    if _guessable(pin):
        raise PinRefused("this PIN is one of the first to be guessed; take another")
    return pin


def admit(db: Database, pin: str, number: int = FIRST) -> None:
    """Let volunteer *number* in with *pin* from now on. For use inside a transaction, such as opening a shift."""
    _insert(db, number, *_salted(pin))


def add_volunteer(db: Database) -> tuple[int, str]:
    """Return the number and the random PIN of one more volunteer of the open shift.

    The PIN is nowhere to be read afterwards. Raises AccessRefused where no shift is open, or all numbers are given.
    """
    pin = take_pin(None)
    salt, expected = _salted(pin)  # before the transaction, which keeps every other writer waiting
    with transaction(db):
        highest = db.conn.execute("SELECT max(number) FROM volunteer").fetchone()[0]
        if highest is None:
            raise AccessRefused("no shift is open; the coordinator opens one")
        if highest >= MOST:
            raise AccessRefused(f"there are {MOST} volunteers in this shift already")
        _insert(db, highest + 1, salt, expected)
    return highest + 1, pin


def disable(db: Database, number: int) -> None:
    """Let volunteer *number* in no more, in this shift. Numbers are not given again."""
    with transaction(db):
        db.conn.execute("UPDATE volunteer SET disabled = 1 WHERE number = ?", [number])


def volunteers(db: Database) -> list[Volunteer]:
    """Return the volunteers of the open shift, by their numbers."""
    rows = db.conn.execute("SELECT number, failures, disabled FROM volunteer ORDER BY number")
    return [Volunteer(number, failures, bool(disabled)) for number, failures, disabled in rows]


def is_admitted(db: Database, number: int) -> bool:
    """Whether volunteer *number* may go on. Wrong tries of somebody else throw nobody out who is in."""
    row = db.conn.execute("SELECT disabled FROM volunteer WHERE number = ?", [number]).fetchone()
    return row is not None and not row[0]


def check_pin(db: Database, pin: str, number: int = FIRST) -> str:
    """Return the role that the *pin* of volunteer *number* gives in the open shift: "volunteer".

    The try is counted, and on the disk, before the PIN is looked at, so that pulling the plug wins no
    further try; the right PIN sets the count back. Raises WrongPin, PinDisabled, or AccessRefused where no
    shift is open or there is no such volunteer.
    """
    with transaction(db):
        salt, expected, failures = _admitted(db, number)
        db.conn.execute("UPDATE volunteer SET failures = failures + 1 WHERE number = ?", [number])
    if not hmac.compare_digest(_hash(western_digits(pin).strip(), salt), expected):
        raise WrongPin(f"the PIN is wrong (tries left: {TRIES - failures - 1})")
    with transaction(db):
        # By its hash: the shift may have been closed, and another opened, while we were hashing.
        found = db.conn.execute("UPDATE volunteer SET failures = 0 WHERE hash = ? AND disabled = 0", [expected])
        if found.rowcount == 0:
            raise AccessRefused("the shift was closed just now")
    return VOLUNTEER


def _admitted(db: Database, number: int) -> tuple[bytes, bytes, int]:
    """The salt, hash and failures of volunteer *number*, whose PIN is still worth a try."""
    row = db.conn.execute("SELECT salt, hash, failures, disabled FROM volunteer WHERE number = ?", [number]).fetchone()
    if row is None:
        raise AccessRefused("no shift is open, or it has no such volunteer; the coordinator knows")
    salt, expected, failures, disabled = row
    if failures >= TRIES:
        raise PinDisabled("the PIN was wrong ten times and is disabled; the coordinator gives a new one")
    if disabled:
        raise PinDisabled("the coordinator has disabled this PIN")
    return salt, expected, failures


def _insert(db: Database, number: int, salt: bytes, expected: bytes) -> None:
    row = (number, salt, expected)
    db.conn.execute("INSERT INTO volunteer (number, salt, hash, failures, disabled) VALUES (?, ?, ?, 0, 0)", row)


def _salted(pin: str) -> tuple[bytes, bytes]:
    salt = secrets.token_bytes(16)
    return salt, _hash(pin, salt)


def _guessable(pin: str) -> bool:
    return GUESSABLE.fullmatch(pin) is not None or pin in RUNS


def _hash(pin: str, salt: bytes) -> bytes:
    with ONE_AT_A_TIME:
        return hashlib.scrypt(pin.encode(), salt=salt, n=N, r=8, p=1, maxmem=256 * N * 8 + 2**20, dklen=32)
