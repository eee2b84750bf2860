"""The secret keys of a safe-point (to sign) and a branch (to sign and to open), kept under a passphrase."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldref import settings
from fieldref.database import sync_folder, write_whole
from fieldref.exchange.cards import Card, short_name, write_card
from fieldref.refusal import Refusal
from fieldref.register import passphrase
from fieldref.register.shift import DEVICE_KEY, KEY_FILE, OUTBOX, check_passphrase

DEVICE_CARD = Path("keys", "device.card")
BRANCH_CARD = Path("keys", "branch.card")
BRANCH_KEY_FILE = Path("keys", "branch.key")
BRANCH_KEYS = "the branch's signing and sealing keys"


@dataclass(frozen=True)
class BranchKeys:
    """A branch's secret keys, and the card that shows their public halves."""

    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey
    card: Card


def make_device(folder: Path, words: str) -> Card:
    """Make the keys of the safe-point in *folder*, which has a fieldref.toml, under the passphrase *words*.

    Raises PassphraseRefused for a weak passphrase, and Refusal where there are keys already.
    """
    passphrase.check_new(words)
    name = settings.read(folder).name
    _make_room(folder, DEVICE_CARD)
    key = Ed25519PrivateKey.generate()
    card = Card("device", short_name(name), key.public_key().public_bytes_raw())
    write_whole(folder / KEY_FILE, passphrase.wrap(key.private_bytes_raw(), words, DEVICE_KEY))
    write_whole(folder / DEVICE_CARD, write_card(card, key))
    (folder / OUTBOX).mkdir(exist_ok=True)
    sync_folder(folder)
    return card


def make_branch(folder: Path, words: str) -> Card:
    """Make the keys of the branch in *folder*, as `make_device` does."""
    passphrase.check_new(words)
    name = settings.read(folder).name
    _make_room(folder, BRANCH_CARD)
    keys = _branch_keys(name, Ed25519PrivateKey.generate(), X25519PrivateKey.generate())
    secret = keys.signing.private_bytes_raw() + keys.sealing.private_bytes_raw()
    write_whole(folder / BRANCH_KEY_FILE, passphrase.wrap(secret, words, BRANCH_KEYS))
    write_whole(folder / BRANCH_CARD, write_card(keys.card, keys.signing))
    return keys.card


def open_device(folder: Path, words: str) -> Ed25519PrivateKey:
    """Return the safe-point's signing key. Raises PassphraseRefused."""
    return Ed25519PrivateKey.from_private_bytes(check_passphrase(folder, words))


def open_branch(folder: Path, words: str) -> BranchKeys:
    """Return the branch's keys. Raises PassphraseRefused."""
    path = folder / BRANCH_KEY_FILE
    if not path.exists():
        raise Refusal(f"{folder} has no {BRANCH_KEY_FILE.as_posix()}; fieldref branch init makes a branch")
    secret = passphrase.unwrap(path.read_bytes(), words, BRANCH_KEYS)
    signing = Ed25519PrivateKey.from_private_bytes(secret[:32])
    return _branch_keys(settings.read(folder).name, signing, X25519PrivateKey.from_private_bytes(secret[32:]))


def _branch_keys(name: str, signing: Ed25519PrivateKey, sealing: X25519PrivateKey) -> BranchKeys:
    public = signing.public_key().public_bytes_raw(), sealing.public_key().public_bytes_raw()
    return BranchKeys(signing, sealing, Card("branch", short_name(name), *public))


def _make_room(folder: Path, card: Path) -> None:
    # The card is written last: keys without one are left of a start that was cut, and nobody knows them.
    if (folder / card).exists():
        raise Refusal(f"{folder} has its keys already; new ones would lose what was sealed or signed with them")
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
