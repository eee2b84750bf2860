"""Pairing: a safe-point and its branch hold each other's card, and somebody compared the fingerprints."""

from pathlib import Path

from fieldref.database import transaction, write_whole
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.cards import Card, read_card
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD, BranchKeys
from fieldref.refusal import Refusal


class NotPaired(Refusal):
    """There is no branch to seal to yet; the message says how to pair."""


class PairingRefused(Refusal):
    """These two cannot be paired; nothing was changed."""


def paired_branch(folder: Path) -> Card:
    """Return the card of the branch that the safe-point in *folder* seals to. Raises NotPaired."""
    path = folder / BRANCH_CARD
    if not path.exists():
        raise NotPaired(
            "this safe-point is paired with no branch: take keys/device.card to the branch, which answers"
            " with a branch.card (fieldref branch pair), and give that to fieldref pair here"
        )
    return read_card(path, "branch")


def pair_branch(folder: Path, card_file: Path) -> Card:
    """At a safe-point: from now on seal to the branch whose card is *card_file*; return the card.

    Raises CardRefused, or PairingRefused where another branch is paired already.
    """
    read_card(folder / DEVICE_CARD, "device")
    card = read_card(card_file, "branch")
    _put(folder / BRANCH_CARD, card_file.read_bytes(), card)
    return card


def read_device(path: Path) -> Card:
    """Return the safe-point's card at *path*: a card, or a safe-point's folder."""
    return read_card(_device_card(path), "device")


def pair_device(folder: Path, path: Path, its_keys: BranchKeys) -> Card:
    """At a branch: from now on take the bundles of the safe-point whose card, or folder, is *path*.

    The branch's own card is laid beside the safe-point's, so that one stick, or the safe-point's own
    folder, completes the pairing. Raises CardRefused or PairingRefused.
    """
    device = read_device(path)
    branch = read_card(folder / BRANCH_CARD, "branch")
    db = open_branch_register(folder, its_keys)
    try:
        with transaction(db):
            row = db.conn.execute("SELECT revoked FROM device WHERE id = ?", [device.id]).fetchone()
            if row and row[0]:
                raise PairingRefused(f"{device.name} was revoked; it needs new keys (a new folder) to come back")
            _put(_device_card(path).with_name(BRANCH_CARD.name), (folder / BRANCH_CARD).read_bytes(), branch)
            db.conn.execute(
                "INSERT INTO device (id, name, public_key, sealing, revoked) VALUES (?, ?, ?, ?, 0)"
                " ON CONFLICT DO UPDATE SET name = excluded.name",
                (device.id, device.name, device.signing, device.sealing),
            )
    finally:
        db.close()
    return device


def revoke(folder: Path, device: str, its_keys: BranchKeys) -> None:
    """At a branch: take no more bundles of the *device* with this id (lost, seized); what came stays."""
    db = open_branch_register(folder, its_keys)
    try:
        with transaction(db):
            if not db.conn.execute("UPDATE device SET revoked = 1 WHERE id = ?", [device]).rowcount:
                raise PairingRefused(f"no paired safe-point has the id {device}")
    finally:
        db.close()


def _device_card(path: Path) -> Path:
    return path / DEVICE_CARD if path.is_dir() else path


def _put(path: Path, text: bytes, card: Card) -> None:
    if path.exists():
        there = read_card(path, "branch")
        if there.id != card.id:
            raise PairingRefused(
                f"{path} is the card of another branch ({there.name}); remove it if {card.name} is right"
            )
    else:
        write_whole(path, text)
