"""The secret keys of a safe-point and a branch: one to sign, one to open what is sealed to them; under a passphrase."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldref import settings
from fieldref.database import sync_folder, write_whole
from fieldref.exchange.cards import Card, CardRefused, read_card, short_name, vouch, write_card
from fieldref.refusal import Refusal
from fieldref.register import passphrase, strength
from fieldref.register.schema import open_register
from fieldref.register.shift import DEVICE_KEY, KEY_FILE, OUTBOX, check_passphrase

DEVICE_CARD = Path("keys", "device.card")
BRANCH_CARD = Path("keys", "branch.card")
BRANCH_KEY_FILE = Path("keys", "branch.key")
ONE, PAIR = 32, 64  # bytes of a secret key; of a signing and a sealing key. Older pairs follow the newest
BRANCH_KEYS = "the branch's signing and sealing keys"


@dataclass(frozen=True)
class DeviceKeys:
    """A safe-point's secret keys, and the card that shows their public halves.

    `sealing` is None where the safe-point was made before safe-points had one; `change-keys` gives it one.
    """

    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey | None
    card: Card


@dataclass(frozen=True)
class BranchKeys:
    """A branch's secret keys, and the card that shows their public halves; `before` are those it had, newest first."""

    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey
    card: Card
    before: tuple["BranchKeys", ...] = ()

    @property
    def all(self) -> tuple["BranchKeys", ...]:
        """All keys that bundles may be sealed to, today's first."""
        return (self, *self.before)

    @property
    def first(self) -> "BranchKeys":
        """The keys that the branch was made with."""
        return self.all[-1]

    @property
    def secret(self) -> bytes:
        """All of it: 64 bytes for each keys of `all`, the signing key and then the sealing key."""
        return b"".join(each.signing.private_bytes_raw() + each.sealing.private_bytes_raw() for each in self.all)


def make_device(folder: Path, words: str) -> Card:
    """Make the keys of the safe-point in *folder*, which has a fieldref.toml, under the passphrase *words*.

    Raises PassphraseRefused for a weak passphrase, and Refusal where there are keys already.
    """
    strength.check_new(words)
    name = settings.read(folder).name
    _make_room(folder, DEVICE_CARD)
    secret = new_secret()
    keys = _device_keys(name, secret)
    write_whole(folder / KEY_FILE, passphrase.wrap(secret, words, DEVICE_KEY))
    write_whole(folder / DEVICE_CARD, write_card(keys.card, keys.signing))
    (folder / OUTBOX).mkdir(exist_ok=True)
    sync_folder(folder)
    return keys.card


def make_branch(folder: Path, words: str, secret: bytes = b"") -> Card:
    """Make the keys of the branch in *folder*, as `make_device` does; or put back those that *secret* holds."""
    strength.check_new(words)
    name = settings.read(folder).name
    _make_room(folder, BRANCH_CARD)
    secret = secret or new_secret()
    keys = branch_keys(name, secret)
    write_whole(folder / BRANCH_KEY_FILE, passphrase.wrap(secret, words, BRANCH_KEYS))
    write_whole(folder / BRANCH_CARD, write_card(keys.card, keys.signing))
    return keys.card


def open_device(folder: Path, words: str) -> Ed25519PrivateKey:
    """Return the safe-point's signing key. Raises PassphraseRefused."""
    return open_device_keys(folder, words).signing


def open_device_keys(folder: Path, words: str) -> DeviceKeys:
    """Return all of the safe-point's keys. Raises PassphraseRefused."""
    secret = check_passphrase(folder, words)
    keys, before = _device_keys(settings.read(folder).name, secret[:PAIR]), secret[PAIR:]
    older = Ed25519PrivateKey.from_private_bytes(before[:ONE]) if before else None
    return replace(keys, card=_shown(folder / DEVICE_CARD, keys, older, lambda: _last_bundle(folder)))


def open_branch(folder: Path, words: str) -> BranchKeys:
    """Return the branch's keys. Raises PassphraseRefused."""
    path = folder / BRANCH_KEY_FILE
    if not path.exists():
        raise Refusal(f"{folder} has no {BRANCH_KEY_FILE.as_posix()}; fieldref branch init makes a branch")
    keys = branch_keys(settings.read(folder).name, passphrase.unwrap(path.read_bytes(), words, BRANCH_KEYS))
    older = keys.before[0].signing if keys.before else None
    return replace(keys, card=_shown(folder / BRANCH_CARD, keys, older, lambda: 0))


def new_secret() -> bytes:
    """Make a signing key and a sealing key that nobody has yet."""
    return Ed25519PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()


def _device_keys(name: str, secret: bytes) -> DeviceKeys:
    signing = Ed25519PrivateKey.from_private_bytes(secret[:ONE])
    sealing = X25519PrivateKey.from_private_bytes(secret[ONE:]) if len(secret) > ONE else None
    return DeviceKeys(signing, sealing, _card("device", name, signing, sealing))


def branch_keys(name: str, secret: bytes) -> BranchKeys:
    """Return the keys that *secret* (`BranchKeys.secret`) holds, of a branch called *name*."""
    every = []
    for start in range(0, len(secret), PAIR):
        signing = Ed25519PrivateKey.from_private_bytes(secret[start : start + ONE])
        sealing = X25519PrivateKey.from_private_bytes(secret[start + ONE : start + PAIR])
        every.append(BranchKeys(signing, sealing, _card("branch", name, signing, sealing)))
    return replace(every[0], before=tuple(every[1:]))


def _card(kind: str, name: str, signing: Ed25519PrivateKey, sealing: X25519PrivateKey | None) -> Card:
    to_seal = sealing.public_key().public_bytes_raw() if sealing else b""
    return Card(kind, short_name(name), signing.public_key().public_bytes_raw(), to_seal)


def _shown(path: Path, keys: DeviceKeys | BranchKeys, older: Ed25519PrivateKey | None, last: Callable[[], int]) -> Card:
    """The card of *keys* at *path*. Where it is still that of the keys before, it is replaced.

    The key file is written first when keys are changed: whatever is interrupted then is finished here.
    """
    try:
        there = read_card(path, keys.card.kind)
    except (CardRefused, FileNotFoundError):
        return keys.card
    if there.id == keys.card.id or older is None:
        return there if there.id == keys.card.id else keys.card
    today = replace(keys.card, second=there.second, day=date.today().isoformat())
    card = vouch(today, there.id, last(), older)
    write_whole(path, write_card(card, keys.signing))
    return card


def _last_bundle(folder: Path) -> int:
    db = open_register(folder)
    try:
        return int(db.conn.execute("SELECT coalesce(max(sequence), 0) FROM bundle").fetchone()[0])
    finally:
        db.close()


def _make_room(folder: Path, card: Path) -> None:
    # The card is written last: keys without one are left of a start that was cut, and nobody knows them.
    if (folder / card).exists():
        raise Refusal(f"{folder} has its keys already; new ones would lose what was sealed or signed with them")
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
