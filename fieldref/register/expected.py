"""Slips of closed shifts that the branch still waits to hear of: their codes alone, for as long as a shift is open.

What was answered is not asked again by the next shift, though its record is sealed by then: a mark of its code
stays, made with a key that only the coordinator's passphrase opens, until the branch lists the code no more.
"""

import hmac
from collections.abc import Collection
from hashlib import sha256

from fieldref.database import Database, transaction
from fieldref.register import codes, shift

MOST = 500  # codes that a branch lists for one safe-point
ANSWERED = "SELECT code FROM outcome_now UNION SELECT record FROM withdrawal"


def expect(db: Database, listed: Collection[str], key: bytes) -> None:
    """Wait in the open shift for the codes that the branch has *listed*, but those that were answered. Or NoShift."""
    marks = {_mark(code, key): code for code in listed if codes.is_code(code)}
    with transaction(db):
        shift.require(db)
        settled = {mark for (mark,) in db.conn.execute("SELECT mark FROM settled")}
        db.conn.executemany("DELETE FROM settled WHERE mark = ?", [[mark] for mark in settled - marks.keys()])
        db.conn.execute("DELETE FROM expected")
        waiting = [[code] for mark, code in marks.items() if mark not in settled][:MOST]
        db.conn.executemany("INSERT INTO expected (code) VALUES (?)", waiting)


def expected(db: Database) -> list[str]:
    """The codes that the branch waits for and nobody has answered or withdrawn in this shift."""
    query = f"SELECT code FROM expected WHERE code NOT IN ({ANSWERED}) ORDER BY code"  # noqa: S608 (a constant)
    return [code for (code,) in db.conn.execute(query)]


def settle(db: Database, key: bytes) -> None:
    """Mark what was answered, in the transaction that closes the shift, before its records go."""
    query = f"SELECT code FROM expected WHERE code IN ({ANSWERED})"  # noqa: S608 (a constant)
    answered = [[_mark(code, key)] for (code,) in db.conn.execute(query)]
    db.conn.executemany("INSERT INTO settled (mark) VALUES (?) ON CONFLICT DO NOTHING", answered)


def _mark(code: str, key: bytes) -> str:
    return hmac.new(key, code.encode(), sha256).hexdigest()[:32]
