"""Receipts: a branch says, signed, which bundles of a safe-point it has merged; only then may they be deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldref import clock
from fieldref.database import Database, transaction
from fieldref.exchange import statement
from fieldref.exchange.cards import read_card
from fieldref.exchange.devices import line_of
from fieldref.exchange.keys import DEVICE_CARD, BranchKeys
from fieldref.exchange.pairing import paired_branch
from fieldref.exchange.statement import StatementRefused
from fieldref.register.schema import open_register

KIND = "receipt"


@dataclass(frozen=True)
class Taken:
    """What a receipt told a safe-point: how many bundles it names, and of how many that was news."""

    named: int
    news: int


def issue(db: Database, keys: BranchKeys, device: str) -> bytes:
    """Return the receipt for the safe-point with the id *device*: every bundle that is in the branch's register *db*.

    A safe-point that changed its keys gets one for all of its bundles. Raises Refusal for an id that is not paired.
    """
    ids = line_of(db, device)
    marks = ", ".join("?" * len(ids))
    query = f"SELECT sha256 FROM bundle WHERE device IN ({marks}) ORDER BY sha256"  # noqa: S608 (only marks)
    merged = [sha256 for (sha256,) in db.conn.execute(query, ids)]
    return statement.sign(KIND, {"devices": ids, "bundles": merged}, keys.signing, keys.card)


def take(folder: Path, text: bytes, *, day: date | None = None) -> Taken:
    """Note in the safe-point in *folder* what the receipt *text* names. Taking it twice, or an older one, is the same.

    Raises NotPaired, or StatementRefused where it is damaged, another branch's or another safe-point's.
    """
    found = statement.read(text, KIND, paired_branch(folder))
    own = read_card(folder / DEVICE_CARD, "device")
    ids = {own.id} | ({own.after.id} if own.after else set())
    if not ids & set(statement.strings(found.get("devices"))):
        raise StatementRefused(f"this receipt is for another safe-point than {own.name}")
    return _note(folder, statement.strings(found.get("bundles")), (day or clock.today()).isoformat())


def _note(folder: Path, merged: Collection[str], day: str) -> Taken:
    db = open_register(folder)
    try:
        with transaction(db):
            query = "UPDATE bundle SET received = ? WHERE sha256 = ? AND received IS NULL"
            news = sum(db.conn.execute(query, (day, sha256)).rowcount for sha256 in merged)
    finally:
        db.close()
    return Taken(len(merged), news)
