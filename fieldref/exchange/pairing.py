"""Pairing: a safe-point and its branch hold each other's card, and somebody compared the fingerprints."""

from pathlib import Path

from fieldref.database import transaction, write_whole
from fieldref.exchange import devices
from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.cards import Card, read_card, read_text
from fieldref.exchange.devices import PairingRefused as PairingRefused
from fieldref.exchange.keys import BRANCH_CARD, DEVICE_CARD, BranchKeys
from fieldref.refusal import Refusal


class NotPaired(Refusal):
    """There is no branch to seal to yet; the message says how to pair."""


def paired_branch(folder: Path) -> Card:
    """Return the card of the branch that the safe-point in *folder* seals to. Raises NotPaired."""
    path = folder / BRANCH_CARD
    if not path.exists():
        raise NotPaired(
            "this safe-point is paired with no branch: take keys/device.card to the branch, which answers"
            " with a branch.card (fieldref branch pair), and give that to fieldref pair here"
        )
    return read_card(path, "branch")


def pair_branch(folder: Path, card_file: Path, *, instead: bool = False) -> Card:
    """At a safe-point: from now on seal to the branch whose card is *card_file*; return the card.

    *instead* takes it in place of another branch's. Raises CardRefused, or PairingRefused where another branch is
    paired already, or this card is older than the one that is there.
    """
    read_card(card_file, "branch")
    return pair_branch_scanned(folder, card_file.read_bytes(), instead=instead)


def pair_branch_scanned(folder: Path, text: bytes, *, instead: bool = False) -> Card:
    """As `pair_branch`, with the text of the card, which a scanner gave."""
    read_card(folder / DEVICE_CARD, "device")
    card = read_text(text, "branch")
    _put(folder / BRANCH_CARD, text, card, instead=instead)
    return card


def take_branch_card(folder: Path, text: bytes) -> Card:
    """At a safe-point that is paired: take a newer card of its branch, which came with something else.

    Raises NotPaired, CardRefused, or PairingRefused for any card that the paired branch's key does not vouch for.
    """
    paired_branch(folder)
    return pair_branch_scanned(folder, text)


def is_vouched(folder: Path, card: Card) -> bool:
    """Whether *card* is of the branch that the safe-point in *folder* is paired with: nobody needs to compare."""
    path = folder / BRANCH_CARD
    there = read_card(path, "branch") if path.exists() else None
    return there is not None and (card.id == there.id or card.follows(there))


def read_device(path: Path) -> Card:
    """Return the safe-point's card at *path*: a card, or a safe-point's folder."""
    return read_card(_device_card(path), "device")


def pair_device(folder: Path, path: Path, its_keys: BranchKeys) -> Card:
    """At a branch: from now on take the bundles of the safe-point whose card, or folder, is *path*.

    The branch's own card is laid beside the safe-point's, so that one stick, or the safe-point's own
    folder, completes the pairing. Raises CardRefused or PairingRefused.
    """
    answer = _device_card(path).with_name(BRANCH_CARD.name)
    return _pair(folder, read_device(path), its_keys, answer)


def pair_device_scanned(folder: Path, text: bytes, its_keys: BranchKeys) -> Card:
    """At a branch: pair with the safe-point whose card a scanner gave as *text*. Raises as `pair_device`."""
    return _pair(folder, read_text(text, "device"), its_keys, None)


def _pair(folder: Path, device: Card, its_keys: BranchKeys, answer: Path | None) -> Card:
    branch = read_card(folder / BRANCH_CARD, "branch")
    db = open_branch_register(folder, its_keys)
    try:
        with transaction(db):
            devices.accept(db, device)
            if answer:
                _put(answer, (folder / BRANCH_CARD).read_bytes(), branch)
    finally:
        db.close()
    return device


def revoke(folder: Path, device: str, its_keys: BranchKeys) -> None:
    """At a branch: take no more bundles of the *device* with this id or name (lost, seized); what came stays."""
    db = open_branch_register(folder, its_keys)
    try:
        devices.revoke(db, device)
    finally:
        db.close()


def _device_card(path: Path) -> Path:
    return path / DEVICE_CARD if path.is_dir() else path


def _put(path: Path, text: bytes, card: Card, *, instead: bool = False) -> None:
    if path.exists() and not instead:
        there = read_card(path, "branch")
        if there.id == card.id and card.day < there.day:
            raise PairingRefused(f"this card of {card.name} is older than the one that is there, of {there.day}")
        if there.after and there.after.id == card.id:
            raise PairingRefused(f"{there.name} has newer keys than these: take its branch.card of today")
        if there.id != card.id and not card.follows(there):
            raise PairingRefused(
                f"{path} is the card of another branch ({there.name}); if {card.name} is right, pair again"
                " with --instead, or remove it"
            )
    write_whole(path, text)
