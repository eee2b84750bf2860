"""The inside of an envelope, format 1: a header, a payload, padding, and a signature over all of them."""

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, fields

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldref.exchange import seal
from fieldref.exchange.cards import Card
from fieldref.exchange.keys import BranchKeys
from fieldref.refusal import Refusal

MAGIC = b"FRB1"
FORMAT = 1
START = len(MAGIC) + 4
LARGEST_HEADER = 4096
SIGNATURE = 64
NONE_BEFORE = "0" * 64
DIGEST = re.compile(r"[0-9a-f]{64}")
CARD_ID = re.compile(r"[a-z2-7]{20}")
MOST_SEQUENCE = 2**31


class EnvelopeRefused(Refusal):
    """What is inside an envelope is not signed by whom we know, or not what was signed for."""


@dataclass(frozen=True)
class Header:
    """What the signer says of the payload.

    `sequence` counts the device's bundles from 1; `previous` is the SHA-256 of the sealed file before this
    (64 zeros for the first); `recipient` is the id of the branch's card; `sha256` is the payload's.
    """

    format: int
    kind: str
    device: str
    sequence: int
    previous: str
    recipient: str
    length: int
    sha256: str


def enclose(
    payload: bytes, kind: str, sequence: int, previous: str, key: Ed25519PrivateKey, device: str, branch: Card
) -> bytes:
    """Return *payload* in an envelope, signed with the *device*'s *key* and sealed to *branch*, and to its second."""
    digest = hashlib.sha256(payload).hexdigest()
    header = Header(FORMAT, kind, device, sequence, previous, branch.id, len(payload), digest)
    text = json.dumps(asdict(header)).encode()
    content = MAGIC + len(text).to_bytes(4, "big") + text + payload
    padded = content.ljust(seal.room(len(content) + SIGNATURE) - SIGNATURE, b"\0")
    return seal.seal(padded + key.sign(padded), branch.sealing_key(), branch.second_key())


def disclose(
    sealed: bytes,
    kind: str,
    keys: BranchKeys,
    signer: Callable[[str], Ed25519PublicKey],
    followed: Collection[str] = (),
) -> tuple[Header, bytes]:
    """Return the header and payload of *sealed*, once seal, signature, header and digest have held.

    *signer* gives the key of a device that may sign, and raises a Refusal for any other. *followed* are the ids
    of other branches whose second recipient this one is. Before the signature is checked nothing of the header
    is believed but whose key to check it with.
    """
    content = seal.unseal(sealed, *(each.sealing for each in keys.all))
    signed, signature = content[:-SIGNATURE], content[-SIGNATURE:]
    text, rest = _split(signed)
    found = _json(text)
    try:
        signer(_device(found)).verify(signature, signed)
    except InvalidSignature:
        raise EnvelopeRefused("its signature is not by the safe-point it names") from None
    header = _header(found, kind, {each.card.id for each in keys.all} | set(followed))
    payload = rest[: header.length]
    if hashlib.sha256(payload).hexdigest() != header.sha256:
        raise EnvelopeRefused("its payload is not the one that was signed for")
    return header, payload


def _split(signed: bytes) -> tuple[bytes, bytes]:
    length = int.from_bytes(signed[len(MAGIC) : START], "big")
    if not signed.startswith(MAGIC) or length > LARGEST_HEADER:
        raise EnvelopeRefused("it was not made by fieldref, or by a newer one: update this one first")
    return signed[START : START + length], signed[START + length :]


def _json(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise EnvelopeRefused("its header cannot be read")
    return found


def _device(found: dict[str, object]) -> str:
    device = found.get("device")
    if not isinstance(device, str) or not CARD_ID.fullmatch(device):
        raise EnvelopeRefused("it does not say which safe-point it is by")
    return device


def _header(found: dict[str, object], kind: str, recipients: Collection[str]) -> Header:
    if found.get("format") != FORMAT:
        raise EnvelopeRefused("it was made by a newer fieldref: update this one first")
    names = {"int": int, "str": str}
    # bool is an int to isinstance; type() is not to be fooled.
    if {name: type(value) for name, value in found.items()} != {
        field.name: names[str(getattr(field.type, "__name__", field.type))] for field in fields(Header)
    }:
        raise EnvelopeRefused("its header is not a bundle's")
    header = Header(**found)  # type: ignore[arg-type]
    if header.kind != kind:
        raise EnvelopeRefused(f"it is not a {kind}")
    if header.recipient not in recipients:
        raise EnvelopeRefused("it was signed for another branch")
    if not 1 <= header.sequence < MOST_SEQUENCE or header.length < 0 or not DIGEST.fullmatch(header.previous):
        raise EnvelopeRefused("its header is not a bundle's")
    return header
