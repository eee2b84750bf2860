"""Secrets kept under a passphrase: scrypt makes a key of it, ChaCha20-Poly1305 wraps the secret."""

import base64
import hashlib
import json
import secrets
import threading
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldref.refusal import Refusal

N = 2**17  # about 0.7 s and 128 MiB for a try; tests lower it
MOST_N = 2**20
KIND = "fieldref secret 1"
# Every wrap has its own salt and so its own key: a nonce that is always the same is used once.
NONCE = bytes(12)
# A try takes a lot of memory by design: many at once could eat all that a small computer has.
ONE_AT_A_TIME = threading.Lock()


class PassphraseRefused(Refusal):
    """The passphrase is wrong, or too weak to be taken."""


def wrap(secret: bytes, passphrase: str, purpose: str) -> bytes:
    """Return the text of a key file that gives *secret* back for *passphrase* and *purpose* only."""
    salt = secrets.token_bytes(16)
    head = {"kind": KIND, "purpose": purpose, "n": N, "salt": base64.b64encode(salt).decode()}
    sealed = ChaCha20Poly1305(_key(passphrase, salt, N)).encrypt(NONCE, secret, _bound(head))
    return json.dumps({**head, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"


def unwrap(wrapped: bytes, passphrase: str, purpose: str) -> bytes:
    """Return the secret in a key file. PassphraseRefused: a wrong passphrase or a damaged file."""
    try:
        found = json.loads(wrapped)
        head = {name: found[name] for name in ("kind", "purpose", "n", "salt")}
        salt, sealed = (base64.b64decode(found[name], validate=True) for name in ("salt", "sealed"))
        if head["kind"] != KIND or head["purpose"] != purpose or not 2 <= head["n"] <= MOST_N:
            raise ValueError
        key = _key(passphrase, salt, head["n"])
    except (ValueError, KeyError, TypeError):
        raise PassphraseRefused("the key file is damaged; put back a copy of it") from None
    try:
        return ChaCha20Poly1305(key).decrypt(NONCE, sealed, _bound(head))
    except InvalidTag:
        raise PassphraseRefused("the passphrase is wrong (or the key file is damaged)") from None


def _key(passphrase: str, salt: bytes, n: int) -> bytes:
    # Keyboards write the same accent in more than one way; NFKC makes them one.
    text = unicodedata.normalize("NFKC", passphrase).encode()
    with ONE_AT_A_TIME:
        return hashlib.scrypt(text, salt=salt, n=n, r=8, p=1, maxmem=256 * n * 8 + 2**20, dklen=32)


def _bound(head: dict[str, object]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()
