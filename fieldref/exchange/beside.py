"""What rides in a pack beside the guide: receipts, revocations, what is due for each, and the branch's newer card."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldref.database import Database
from fieldref.exchange import due, receipt, revocation
from fieldref.exchange.cards import read_card, write_card
from fieldref.exchange.devices import devices
from fieldref.exchange.keys import DEVICE_CARD, BranchKeys
from fieldref.exchange.pairing import PairingRefused, take_branch_card
from fieldref.guide.packfile import Pack
from fieldref.refusal import Refusal

REVOCATIONS = "revocations"
CARD = "card"


@dataclass(frozen=True)
class Beside:
    """What a safe-point learned: how many of its bundles have arrived that it did not know of, and what went wrong."""

    arrived: int = 0
    trouble: str = ""


def of_branch(db: Database, keys: BranchKeys, today: date) -> dict[str, bytes]:
    """All that goes along in a pack of the branch with this register and these *keys*, by its name in the pack."""
    found = {REVOCATIONS: revocation.issue(db, keys)} | due.lists(db, today)
    if keys.card.day:  # signed anew since the pairing: it may name a second recipient, or end one
        found[CARD] = write_card(keys.card, keys.signing)
    for device in devices(db):
        if device.last is None and not device.revoked:
            found[_receipt(device.card.id)] = receipt.issue(db, keys, device.card.id)
    return found


def take(folder: Path, pack: Pack) -> Beside:
    """Note in the safe-point in *folder* what *pack* says of its bundles and of revoked safe-points.

    The guide does not depend on it: what cannot be noted is said, and the pack may be taken again. What is due
    waits in the pack for the next opening of a shift, which has the passphrase.
    """
    own = read_card(folder / DEVICE_CARD, "device")
    ids = [own.id, *([own.after.id] if own.after else [])]
    names = [name for id in ids if (name := f"beside/{_receipt(id)}") in pack.files]
    day = date.fromisoformat(pack.header.day)
    try:
        if f"beside/{CARD}" in pack.files:
            with suppress(PairingRefused):  # an older pack's, when one goes back
                take_branch_card(folder, pack.content(f"beside/{CARD}"))
        if f"beside/{REVOCATIONS}" in pack.files:
            revocation.take(folder, pack.content(f"beside/{REVOCATIONS}"))
        return Beside(sum(receipt.take(folder, pack.content(name), day=day).news for name in names))
    except Refusal as refusal:
        return Beside(trouble=str(refusal))


def _receipt(device: str) -> str:
    return f"receipt-{device}"
