"""What a branch says to its safe-points, signed: text in JSON that any of them can check with the branch's card."""

import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldref.exchange.cards import Card
from fieldref.refusal import Refusal

FORMAT = 1
LARGEST = 4 * 2**20


class StatementRefused(Refusal):
    """A statement is damaged, of another kind, or not by the branch that may say it."""


def sign(kind: str, said: dict[str, object], key: Ed25519PrivateKey, branch: Card) -> bytes:
    """Return what is *said*, a statement of *kind*, signed with the *branch*'s *key*."""
    stated = {"format": FORMAT, "kind": kind, "branch": branch.id, **said}
    signature = base64.b64encode(key.sign(_signed(kind, stated))).decode()
    return json.dumps({**stated, "signature": signature}, indent=1, ensure_ascii=False).encode() + b"\n"


def read(text: bytes, kind: str, branch: Card) -> dict[str, object]:
    """Return what the statement of *kind* in *text* says. Raises StatementRefused unless *branch* signed it."""
    if len(text) > LARGEST:
        raise StatementRefused(f"this is too large to be a {kind}")
    try:
        found = json.loads(text)
        signature = base64.b64decode(found.pop("signature"), validate=True)
        said_kind, said_format, said_branch = found["kind"], found["format"], str(found["branch"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StatementRefused(f"this is not a {kind}, or was cut short: copy it again") from None
    if said_kind != kind:
        raise StatementRefused(f"this is not a {kind}")
    if said_branch != branch.id:
        raise StatementRefused(
            f"this {kind} is by another branch than {branch.name}, or by newer keys: then take its branch.card first"
        )
    try:
        branch.signing_key().verify(signature, _signed(kind, found))
    except InvalidSignature:
        raise StatementRefused(f"this {kind} was changed, or {branch.name} did not sign it") from None
    if said_format != FORMAT:
        raise StatementRefused(f"this {kind} was made by a newer fieldref: update this one first")
    return dict(found)


def strings(found: object) -> list[str]:
    """Return *found* if it is a list of texts. Raises StatementRefused."""
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return list(found)
    raise StatementRefused("this holds something else than it says")


def _signed(kind: str, stated: dict[str, object]) -> bytes:
    return f"fieldref {kind}\n".encode() + json.dumps(stated, sort_keys=True).encode()
