"""Changing keys: the old ones sign the new card, so that whoever knew the old ones need not compare figures again.

The key file is replaced as one; should the power go before the card follows, the next opening of the keys writes it
(`keys.open_device_keys`, `keys.open_branch`).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from fieldref.database import transaction, write_whole
from fieldref.exchange.cards import Card, vouch, write_card
from fieldref.exchange.keys import (
    BRANCH_CARD,
    BRANCH_KEY_FILE,
    BRANCH_KEYS,
    PAIR,
    BranchKeys,
    new_secret,
    open_branch,
    open_device_keys,
)
from fieldref.refusal import Refusal
from fieldref.register import passphrase, shift
from fieldref.register.schema import open_register

MOST = 4  # keys that a branch can have had; they all must fit one code on paper


def change_device(folder: Path, words: str) -> Card:
    """Give the safe-point in *folder* new keys; return its new card, for the branch.

    Raises PassphraseRefused, and ShiftOpen while a shift is open, which may be closing with the old keys.
    """
    secret = shift.check_passphrase(folder, words)
    open_device_keys(folder, words)  # finishes a change that was cut short
    db = open_register(folder)
    try:
        with transaction(db):
            if shift.current(db):
                raise shift.ShiftOpen("a shift is open; close it first, then change the keys")
            changed = passphrase.wrap(new_secret() + secret[:PAIR], words, shift.DEVICE_KEY)
            write_whole(folder / shift.KEY_FILE, changed)
        return open_device_keys(folder, words).card
    finally:
        db.close()


def change_branch(folder: Path, words: str) -> Card:
    """Give the branch in *folder* new keys; the old ones stay, to open what was sealed to them. Return the new card.

    Raises PassphraseRefused, and Refusal when they were changed too often.
    """
    keys = open_branch(folder, words)
    if len(keys.all) >= MOST:
        raise Refusal(f"this branch has had {MOST} keys, the most there can be: make a new one and pair anew")
    changed = passphrase.wrap(new_secret() + keys.secret, words, BRANCH_KEYS)
    write_whole(folder / BRANCH_KEY_FILE, changed)
    return open_branch(folder, words).card


def set_second(folder: Path, keys: BranchKeys, second: Card | None) -> Card:
    """From now on have the bundles of the branch in *folder* sealed to the branch *second* too; None ends it.

    Safe-points do it once they have the new card that is returned.
    """
    if second and second.id == keys.card.id:
        raise Refusal("this is the branch's own card; the second is somebody else's")
    sealing = second.sealing if second else b""
    card = replace(keys.card, second=sealing, day=date.today().isoformat())
    if card.after:
        card = vouch(
            card, card.after.id, card.after.last, keys.before[0].signing
        )  # what the keys before vouch for is the whole card
    write_whole(folder / BRANCH_CARD, write_card(card, keys.signing))
    return card
