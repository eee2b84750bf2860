"""Cards: the public half of a safe-point's or branch's keys, signed by itself, to hand over and compare."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from fieldref.refusal import Refusal

FORMAT = 1
LARGEST = 4096
LONGEST_NAME = 80
KINDS = ("device", "branch")


class CardRefused(Refusal):
    """A card cannot be read or is not what it says; the message says what to do."""


@dataclass(frozen=True)
class Card:
    """One card. `signing` is an Ed25519 public key; `sealing` an X25519 one, which older safe-points lack."""

    kind: str
    name: str
    signing: bytes
    sealing: bytes = b""

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


def short_name(name: str) -> str:
    """Return the *name* of a place as a card carries it: one line, without anything that moves a cursor."""
    return "".join(character if character.isprintable() else " " for character in name).strip()[:LONGEST_NAME]


def write_card(card: Card, key: Ed25519PrivateKey) -> bytes:
    """Return the text of *card*, signed with the *key* it shows."""
    stated = _stated(card)
    signature = base64.b64encode(key.sign(_signed(stated))).decode()
    return json.dumps({**stated, "signature": signature}, indent=1, ensure_ascii=False).encode() + b"\n"


def read_card(path: Path, kind: str) -> Card:
    """Read the card of *kind* at *path*. Raises CardRefused where it is damaged or another kind."""
    with path.open("rb") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise CardRefused(f"{path} is too large to be a card")
    try:
        found = json.loads(text)
        keys = [base64.b64decode(found[name], validate=True) for name in ("signing", "sealing", "signature")]
        card = Card(str(found["kind"]), str(found["name"]), keys[0], keys[1])
        card.signing_key().verify(keys[2], _signed(_stated(card)))
        if found["format"] != FORMAT or card.kind not in KINDS or card.name != short_name(card.name):
            raise ValueError
        if card.kind == "branch" or card.sealing:
            card.sealing_key()
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
        raise CardRefused(f"{path} is not a card, or is damaged: copy it again from where it was made") from None
    if card.kind != kind:
        names = {"device": "safe-point's card (device.card)", "branch": "branch's card (branch.card)"}
        raise CardRefused(f"{path} is a {names[card.kind]}; a {names[kind]} is needed here")
    return card


def _stated(card: Card) -> dict[str, object]:
    return {
        "format": FORMAT,
        "kind": card.kind,
        "name": card.name,
        "signing": base64.b64encode(card.signing).decode(),
        "sealing": base64.b64encode(card.sealing).decode(),
    }


def _signed(stated: dict[str, object]) -> bytes:
    return b"fieldref card\n" + json.dumps(stated, sort_keys=True).encode()
