"""The outside of an envelope: bytes that look random and tell only their number.

Two slots each hold a fresh content key, sealed with HPKE (RFC 9180) to one X25519 key; where there is no second
recipient, the second is sealed to a key that nobody has. The content follows under ChaCha20-Poly1305, bound
to both slots. The size is a power of two from 64 KiB, or 50 MiB.
"""

import secrets
from itertools import product

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldref.refusal import Refusal

SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
INFO = b"fieldref envelope 1"
SLOT = 32 + 32 + 16  # an ephemeral public key, the content key, a tag
AROUND = 2 * SLOT + 16
LARGEST = 50 * 2**20
SIZES = (*(1 << power for power in range(16, 26)), LARGEST)
# The content key is fresh for every envelope, so this nonce is used once with it.
NONCE = bytes(12)


class SealRefused(Refusal):
    """The envelope cannot be opened here; the message says why, as far as one can tell."""


def room(needed: int) -> int:
    """Return how many bytes the smallest envelope holds that takes *needed* of them."""
    for size in SIZES:
        if needed <= size - AROUND:
            return size - AROUND
    raise SealRefused(f"this is too much for one bundle (the most is {LARGEST // 2**20} MiB)")


def seal(content: bytes, recipient: X25519PublicKey, second: X25519PublicKey | None = None) -> bytes:
    """Return *content*, as long as some `room`, sealed to *recipient* and to *second*: either opens it alone."""
    key = secrets.token_bytes(32)
    nobody = X25519PrivateKey.generate().public_key()
    slots = SUITE.encrypt(key, recipient, INFO)
    slots += SUITE.encrypt(key if second else secrets.token_bytes(32), second or nobody, INFO)
    return slots + ChaCha20Poly1305(key).encrypt(NONCE, content, slots)


def unseal(sealed: bytes, *keys: X25519PrivateKey) -> bytes:
    """Return the content of *sealed*, opened with whichever of *keys* does. SealRefused: its size, or none does."""
    if len(sealed) not in SIZES:
        raise SealRefused("its size is not one a bundle has: it was cut short, or is something else")
    slots, content = sealed[: 2 * SLOT], sealed[2 * SLOT :]
    for key, slot in product(keys, (slots[:SLOT], slots[SLOT:])):
        try:
            return ChaCha20Poly1305(SUITE.decrypt(slot, key, INFO)).decrypt(NONCE, content, slots)
        except (InvalidTag, ValueError):
            continue
    raise SealRefused("it is not sealed to this branch, or it is damaged: copy it again")
