"""The volunteers' PIN: six figures that work only while a shift is open, and for ten wrong tries at most."""

import hashlib
import hmac
import re
import secrets

from fieldref.database import Database, transaction
from fieldref.refusal import Refusal
from fieldref.register.codes import western_digits

TRIES = 10
N = 2**15  # about 0.2 s and 32 MiB for a try; tests lower it
VOLUNTEER = "volunteer"
GUESSABLE = re.compile(r"(\d)\1{5}|(\d\d)\2\2|(\d{3})\3|(\d)\4(\d)\5(\d)\6")
RUNS = "0123456789012345 9876543210987654"


class AccessRefused(Refusal):
    """Nobody comes in with this."""


class WrongPin(AccessRefused):
    """The PIN is wrong, and a try is used up."""


class PinDisabled(AccessRefused):
    """Ten wrong tries: the PIN is worth nothing any more, on this start or the next."""


class PinRefused(Refusal):
    """A PIN that somebody chose cannot be taken."""


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


def admit(db: Database, pin: str) -> None:
    """Let *pin* in from now on. For use inside the transaction that opens a shift."""
    salt = secrets.token_bytes(16)
    row = (VOLUNTEER, salt, _hash(pin, salt), 0)
    db.conn.execute("INSERT INTO volunteer (role, salt, hash, failures) VALUES (?, ?, ?, ?)", row)


def check_pin(db: Database, pin: str) -> str:
    """Return the role that *pin* gives in the open shift: "volunteer".

    The try is counted, and on the disk, before the PIN is looked at, so that pulling the plug wins no
    further try; the right PIN sets the count back. Raises WrongPin, PinDisabled, or AccessRefused where no
    shift is open.
    """
    with transaction(db):
        row = db.conn.execute("SELECT salt, hash, failures FROM volunteer WHERE role = ?", [VOLUNTEER]).fetchone()
        if row is None:
            raise AccessRefused("no shift is open; the coordinator opens one")
        salt, expected, failures = row
        if failures >= TRIES:
            raise PinDisabled("the PIN was wrong ten times and is disabled; close the shift and open a new one")
        db.conn.execute("UPDATE volunteer SET failures = failures + 1 WHERE role = ?", [VOLUNTEER])
    if not hmac.compare_digest(_hash(western_digits(pin).strip(), salt), expected):
        raise WrongPin(f"the PIN is wrong (tries left: {TRIES - failures - 1})")
    with transaction(db):
        # By its hash: the shift may have been closed, and another opened, while we were hashing.
        found = db.conn.execute("UPDATE volunteer SET failures = 0 WHERE hash = ?", [expected])
        if found.rowcount == 0:
            raise AccessRefused("the shift was closed just now")
    return VOLUNTEER


def _guessable(pin: str) -> bool:
    return GUESSABLE.fullmatch(pin) is not None or pin in RUNS


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=N, r=8, p=1, maxmem=256 * N * 8 + 2**20, dklen=32)
