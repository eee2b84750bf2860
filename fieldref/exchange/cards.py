"""Cards: the public half of a safe-point's or branch's keys, signed by itself, to hand over and compare."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from fieldref.columns import is_day
from fieldref.refusal import Refusal

# Format 1 has no `second`, `day` and `after`; it is still written where a card has none of them.
FORMATS = (1, 2)
LARGEST = 4096
LONGEST_NAME = 80
KINDS = {"device": "safe-point's card (device.card)", "branch": "branch's card (branch.card)"}


class CardRefused(Refusal):
    """A card cannot be read or is not what it says; the message says what to do."""


@dataclass(frozen=True)
class Succession:
    """New keys in place of those of the card `id`, whose key signed this card too: `vouched`.

    `last` is the number of the last bundle that was signed with the keys before.
    """

    id: str
    last: int
    vouched: bytes


@dataclass(frozen=True)
class Card:
    """One card. `signing` is an Ed25519 public key; `sealing` an X25519 one, which older safe-points lack.

    A branch's may name a `second` X25519 key, to which its bundles are sealed as well. `day` is when it was
    signed; nothing on cards that say nothing new.
    """

    kind: str
    name: str
    signing: bytes
    sealing: bytes = b""
    second: bytes = b""
    day: str = ""
    after: Succession | None = None

    @property
    def id(self) -> str:
        """20 letters and figures that name these keys."""
        return base64.b32encode(hashlib.sha256(self.signing + self.sealing).digest())[:20].decode().lower()

    @property
    def fingerprint(self) -> str:
        """30 figures in six groups, to be read aloud: whoever hears the same ones holds the same keys."""
        digest = hashlib.sha256(b"fieldref fingerprint" + self.signing + self.sealing).digest()
        groups = (int.from_bytes(digest[start : start + 5], "big") % 10**5 for start in range(0, 30, 5))
        return " ".join(f"{group:05}" for group in groups)

    def signing_key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.signing)

    def sealing_key(self) -> X25519PublicKey:
        return X25519PublicKey.from_public_bytes(self.sealing)

    def second_key(self) -> X25519PublicKey | None:
        return X25519PublicKey.from_public_bytes(self.second) if self.second else None

    def follows(self, older: "Card") -> bool:
        """Whether the key of the card *older* vouches for this one."""
        if self.after is None or self.after.id != older.id or self.kind != older.kind:
            return False
        try:
            older.signing_key().verify(self.after.vouched, _vouched(self))
        except InvalidSignature:
            return False
        return True


def short_name(name: str) -> str:
    """Return the *name* of a place as a card carries it: one line, without anything that moves a cursor."""
    return "".join(character if character.isprintable() else " " for character in name).strip()[:LONGEST_NAME]


def vouch(card: Card, before: str, last: int, older: Ed25519PrivateKey) -> Card:
    """Return *card* as the successor of the card with the id *before*, whose key *older* vouches for it."""
    stated = replace(card, after=Succession(before, last, b""))
    return replace(card, after=Succession(before, last, older.sign(_vouched(stated))))


def write_card(card: Card, key: Ed25519PrivateKey) -> bytes:
    """Return the text of *card*, signed with the *key* it shows."""
    whole = {**_stated(card), "signature": _text(key.sign(b"fieldref card\n" + _canonical(card)))}
    if card.after:
        whole["vouched"] = _text(card.after.vouched)
    return json.dumps(whole, indent=1, ensure_ascii=False).encode() + b"\n"


def scanned(text: bytes) -> str:
    """Return the text of a card as a QR code carries it: one line of ASCII; `read_text` takes it like the file."""
    return json.dumps(json.loads(text), separators=(",", ":"))


def read_card(path: Path, kind: str) -> Card:
    """Read the card of *kind* at *path*. Raises CardRefused where it is damaged or another kind."""
    with path.open("rb") as file:
        text = file.read(LARGEST + 1)
    return read_text(text, kind, str(path))


def read_text(text: bytes, kind: str, what: str = "this text") -> Card:
    """Read the card of *kind* in *text*, a file's or a scanner's; *what* names it. Raises CardRefused."""
    if len(text) > LARGEST:
        raise CardRefused(f"{what} is too large to be a card")
    try:
        card = _read(json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
        if text.lstrip().startswith(b"{") and not text.rstrip().endswith(b"}"):
            raise CardRefused(f"{what} is a card that was cut short: copy or scan it again, all of it") from None
        raise CardRefused(f"{what} is not a card, or is damaged: copy it again from where it was made") from None
    if card.kind != kind:
        raise CardRefused(f"{what} is a {KINDS[card.kind]}; a {KINDS[kind]} is needed here")
    return card


def _read(found: dict[str, object]) -> Card:
    signing, sealing, signature = (_bytes(found[name]) for name in ("signing", "sealing", "signature"))
    second, day, after = b"", "", None
    if found["format"] == FORMATS[1]:
        second, day = _bytes(found["second"]), str(found["day"])
        if found["after"]:
            after = Succession(str(found["after"]), int(str(found["last"])), _bytes(found["vouched"]))
    card = Card(str(found["kind"]), str(found["name"]), signing, sealing, second, day, after)
    if found["format"] not in FORMATS or card.kind not in KINDS or card.name != short_name(card.name):
        raise ValueError
    if (card.day and not is_day(card.day)) or (card.second and card.kind != "branch"):
        raise ValueError
    card.signing_key().verify(signature, b"fieldref card\n" + _canonical(card))
    card.second_key()
    if card.kind == "branch" or card.sealing:
        card.sealing_key()
    return card


def _stated(card: Card) -> dict[str, object]:
    stated: dict[str, object] = {
        "format": FORMATS[0],
        "kind": card.kind,
        "name": card.name,
        "signing": _text(card.signing),
        "sealing": _text(card.sealing),
    }
    if card.second or card.day or card.after:
        after, last = (card.after.id, card.after.last) if card.after else ("", 0)
        stated |= {"format": FORMATS[1], "second": _text(card.second), "day": card.day, "after": after, "last": last}
    return stated


def _canonical(card: Card) -> bytes:
    return json.dumps(_stated(card), sort_keys=True).encode()


def _vouched(card: Card) -> bytes:
    return b"fieldref succession\n" + _canonical(card)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: object) -> bytes:
    return base64.b64decode(str(text), validate=True)
