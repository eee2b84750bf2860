"""How a safe-point and its branch know each other over a line: by the keys they were paired with, and no account.

The branch signs a greeting that holds what the caller chose at random, a challenge of its own, and the fingerprint of
the TLS certificate it is spoken to by: whoever sits between has another certificate, or no branch's key. The
safe-point signs each thing it asks together with that challenge and fingerprint, so that nothing it says can be used
again, later or elsewhere.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fieldref.exchange import statement
from fieldref.exchange.cards import Card
from fieldref.exchange.keys import BranchKeys
from fieldref.exchange.statement import StatementRefused

KIND = "greeting"


@dataclass(frozen=True)
class Greeting:
    """What a branch answers a caller: a challenge to sign, its certificate's fingerprint, the time on its wall.

    `certificate` is the SHA-256 in hexadecimal, or empty for a branch behind a proxy with a certificate of an
    authority.
    """

    challenge: str
    certificate: str
    time: datetime


@dataclass(frozen=True)
class Asked:
    """One thing that is asked: with which challenge, over which certificate, by which method, where, with what."""

    challenge: str
    certificate: str
    method: str
    path: str
    content: bytes

    def signed(self) -> bytes:
        parts = (self.challenge, self.certificate, self.method, self.path, hashlib.sha256(self.content).hexdigest())
        return b"fieldref ask\n" + "\n".join(parts).encode()


def greet(keys: BranchKeys, chosen: str, greeting: Greeting) -> bytes:
    """Return *greeting* for the caller who chose *chosen*, signed by the branch."""
    said: dict[str, object] = {
        "chosen": chosen,
        "challenge": greeting.challenge,
        "certificate": greeting.certificate,
        "time": greeting.time.isoformat(timespec="minutes"),
    }
    return statement.sign(KIND, said, keys.signing, keys.card)


def read(text: bytes, branch: Card, chosen: str) -> Greeting:
    """Return the greeting in *text*. Raises StatementRefused unless *branch* made it for what we had *chosen*."""
    found = statement.read(text, KIND, branch)
    try:
        if found["chosen"] != chosen:
            raise ValueError
        return Greeting(str(found["challenge"]), str(found["certificate"]), datetime.fromisoformat(str(found["time"])))
    except (KeyError, ValueError):
        raise StatementRefused("this greeting was made for another call: somebody may stand between") from None


def prove(key: Ed25519PrivateKey, asked: Asked) -> str:
    """Return the proof that the holder of *key* asks this."""
    return base64.b64encode(key.sign(asked.signed())).decode()


def is_proven(key: Ed25519PublicKey, asked: Asked, proof: str) -> bool:
    """Whether *proof* shows that the holder of *key* asks this."""
    try:
        key.verify(base64.b64decode(proof, validate=True), asked.signed())
    except (InvalidSignature, ValueError):
        return False
    return True
