"""The safe-points that a branch is paired with: their cards, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fieldref.database import Database, transaction
from fieldref.exchange.cards import Card
from fieldref.refusal import Refusal


def add_keys(db: Database) -> None:
    """A branch's register: a safe-point's sealing key beside its signing key; empty where it has none."""
    db.conn.execute(
        "ALTER TABLE device ADD COLUMN sealing BLOB NOT NULL DEFAULT x'' CHECK (length(sealing) IN (0, 32))"
    )


def add_lines(db: Database) -> None:
    """A branch's register: keys that were changed. `line` is the id of the safe-point's first keys, empty for them
    themselves; `last` the number of the last bundle that the keys before may have signed.
    """
    db.conn.execute("ALTER TABLE device ADD COLUMN line TEXT NOT NULL DEFAULT '' CHECK (length(line) IN (0, 20))")
    db.conn.execute("ALTER TABLE device ADD COLUMN last INTEGER CHECK (last >= 0)")


def make_followed(db: Database) -> None:
    """A branch's register: the branches whose bundles are sealed to this one too, as their second recipient."""
    db.conn.execute(
        "CREATE TABLE followed (id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 20)) STRICT, WITHOUT ROWID"
    )


class DeviceRefused(Refusal):
    """The branch knows no such safe-point, or believes it no longer."""


class PairingRefused(Refusal):
    """These two cannot be paired; nothing was changed."""


@dataclass(frozen=True)
class Device:
    """A safe-point as the branch knows it: its card; whether it was revoked; since when it has newer keys.

    `line` is the same for all keys that one safe-point had; `last` is None for those it has now.
    """

    card: Card
    revoked: bool
    line: str
    last: int | None


def devices(db: Database) -> Iterator[Device]:
    """Yield every safe-point that was ever paired with this branch, by name; each of its keys is one."""
    query = "SELECT id, name, public_key, sealing, revoked, line, last FROM device ORDER BY name, id"
    for device, name, signing, sealing, revoked, line, last in db.conn.execute(query).fetchall():
        yield Device(Card("device", name, signing, sealing), bool(revoked), line or device, last)


def named(db: Database, wanted: str) -> Device:
    """Return the safe-point with this id, or this name if only one has it. Raises DeviceRefused."""
    every = list(devices(db))
    found = [each for each in every if each.card.id == wanted]
    found = found or [each for each in every if each.card.name == wanted and each.last is None]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each.card.id for each in found)
        raise DeviceRefused(f"several safe-points are called {wanted}; name one by its id: {ids}")
    raise DeviceRefused(f"no paired safe-point has the name or id {wanted} (fieldref branch devices lists them)")


def accept(db: Database, card: Card) -> None:
    """Believe the safe-point of *card* from now on; call it in a transaction.

    Keys of which the keys before say so go on where those stopped. Raises PairingRefused for keys that were
    revoked or changed, and for a name that another safe-point has.
    """
    every = {each.card.id: each for each in devices(db)}
    if there := every.get(card.id):
        _require_current(there)
        _rename(db, there.line, card.name)
        return
    older = every.get(card.after.id) if card.after else None
    if card.after and older:
        _require_current(older)
        if not card.follows(older.card):
            raise PairingRefused(f"the keys that {older.card.name} has here did not sign this card")
        db.conn.execute("UPDATE device SET last = ? WHERE id = ?", [card.after.last, older.card.id])
        _rename(db, older.line, card.name)
    elif any(each.card.name == card.name and not each.revoked and each.last is None for each in every.values()):
        raise PairingRefused(
            f"another safe-point called {card.name} is paired, with other keys: if those are lost, revoke them"
            " first (fieldref branch revoke); if this is another place, give it another name"
        )
    row = (card.id, card.name, card.signing, card.sealing, older.line if older else "")
    db.conn.execute("INSERT INTO device (id, name, public_key, sealing, revoked, line) VALUES (?, ?, ?, ?, 0, ?)", row)


def is_vouched(db: Database, card: Card) -> bool:
    """Whether the keys of *card* are paired here, or those before them that are say so: nobody needs to compare."""
    return any(card.id == each.card.id or card.follows(each.card) for each in devices(db))


def _rename(db: Database, line: str, name: str) -> None:
    """All keys that a safe-point had go by the name it has now."""
    db.conn.execute("UPDATE device SET name = ? WHERE id = ? OR line = ?", [name, line, line])


def _require_current(device: Device) -> None:
    if device.revoked:
        raise PairingRefused(f"{device.card.name} was revoked; it needs new keys (a new folder) to come back")
    if device.last is not None:
        raise PairingRefused(f"{device.card.name} has newer keys than these: take its device.card of today")


def followed(db: Database) -> set[str]:
    """The ids of the branches whose bundles are sealed to this one too."""
    return {branch for (branch,) in db.conn.execute("SELECT id FROM followed")}


def line_of(db: Database, device: str) -> list[str]:
    """Return the ids of all keys that the safe-point *device* had and has. Raises DeviceRefused."""
    line = named(db, device).line
    return [each.card.id for each in devices(db) if each.line == line]


def revoke(db: Database, device: str) -> Device:
    """Take no more bundles of the safe-point with this id or name, with none of its keys; what came stays.

    Raises DeviceRefused.
    """
    with transaction(db):
        found = named(db, device)
        db.conn.execute("UPDATE device SET revoked = 1 WHERE id = ? OR line = ?", [found.line, found.line])
    return found


def require_in_time(db: Database, device: str, sequence: int) -> None:
    """Raise DeviceRefused where bundle *sequence* was signed with keys that *device* had changed before."""
    last = db.conn.execute("SELECT last FROM device WHERE id = ?", [device]).fetchone()[0]
    if last is not None and sequence > last:
        raise DeviceRefused("it is signed with keys that this safe-point had changed before")
