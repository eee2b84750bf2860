"""Withdrawing: a record stays where it is, and no longer counts. It is final, and says why in a code."""

from fieldref.database import Database
from fieldref.register.records import Withdrawal, append


def withdraw(db: Database, record: str, reason: str = "mistake", *, once: str | None = None) -> bool:
    """Withdraw the *record* with this code or id; False if it was withdrawn in this shift already.

    It need not be of this shift: the branch, where all records come together, does the rest.
    Raises RecordRefused or NoShift.
    """
    if is_withdrawn(db, record):
        return False
    return append(db, Withdrawal(record=record, reason=reason), once=once)


def is_withdrawn(db: Database, record: str) -> bool:
    """Whether the *record* with this code or id was withdrawn in the open shift."""
    return db.conn.execute("SELECT 1 FROM withdrawal WHERE record = ?", [record]).fetchone() is not None
