"""Revocations: a branch says, signed, which safe-points it no longer believes; the list only grows.

A safe-point adds what it is told to what it knew, so the order in which lists come does not matter. One that
finds itself named opens no shift any more; an open one can still be closed, because closing protects.
"""

import json
from pathlib import Path

from fieldref.database import Database, write_whole
from fieldref.exchange import statement
from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD, BranchKeys
from fieldref.exchange.pairing import paired_branch
from fieldref.register.shift import REVOKED

KIND = "list of revocations"
KNOWN = Path("keys", "revocations.json")


def issue(db: Database, keys: BranchKeys) -> bytes:
    """Return the ids of all safe-points that are revoked in the branch's register *db*, signed."""
    ids = [device for (device,) in db.conn.execute("SELECT id FROM device WHERE revoked = 1 ORDER BY id")]
    return statement.sign(KIND, {"devices": ids}, keys.signing, keys.card)


def take(folder: Path, text: bytes) -> frozenset[str]:
    """Note in the safe-point in *folder* what the list *text* names; return all ids that are known to be revoked.

    Raises NotPaired, or StatementRefused where it is damaged or another branch's.
    """
    named = statement.strings(statement.read(text, KIND, paired_branch(folder)).get("devices"))
    known = revoked(folder) | set(named)
    write_whole(folder / KNOWN, json.dumps(sorted(known)).encode())
    if read_card(folder / DEVICE_CARD, "device").id in known:
        write_whole(folder / REVOKED, b"")
    return known


def revoked(folder: Path) -> frozenset[str]:
    """The ids of all safe-points that the one in *folder* knows to be revoked."""
    path = folder / KNOWN
    return frozenset(json.loads(path.read_bytes())) if path.exists() else frozenset()
