"""The safe-points that a branch is paired with: their cards, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fieldref.database import Database
from fieldref.exchange.cards import Card


def add_keys(db: Database) -> None:
    """A branch's register: a safe-point's sealing key beside its signing key; empty where it has none."""
    db.conn.execute(
        "ALTER TABLE device ADD COLUMN sealing BLOB NOT NULL DEFAULT x'' CHECK (length(sealing) IN (0, 32))"
    )


@dataclass(frozen=True)
class Device:
    """A safe-point as the branch knows it: its card, and whether it was revoked."""

    card: Card
    revoked: bool


def devices(db: Database) -> Iterator[Device]:
    """Yield every safe-point that was ever paired with this branch, by name."""
    query = "SELECT name, public_key, sealing, revoked FROM device ORDER BY name, id"
    for name, signing, sealing, revoked in db.conn.execute(query).fetchall():
        yield Device(Card("device", name, signing, sealing), bool(revoked))
