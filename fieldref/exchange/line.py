"""A line from a safe-point to its branch: HTTP over TLS, proven at both ends, dialled again when it breaks."""

import hashlib
import http.client
import json
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldref.exchange import greeting
from fieldref.exchange.cards import Card
from fieldref.exchange.greeting import Asked, Greeting
from fieldref.exchange.statement import LARGEST, StatementRefused
from fieldref.refusal import Refusal

BASE = "/sync/1"
PATIENCE = 30.0  # seconds that an answer may take
TRIES = 5  # of one thing, each after a longer wait
LARGEST_ANSWER = 2 * 2**20
Found = TypeVar("Found")


class LineRefused(Refusal):
    """There is no line to the branch, it broke too often, or the branch refuses; the message says which."""


@dataclass(frozen=True)
class Answer:
    """What the branch answers: its status, headers by their small names, and bytes."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> dict[str, object]:
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise LineRefused("the branch answers something that is not fieldref's")
        return found


class Line:
    """A line to the branch at *address* (https://host[:port]), which has this *card*, for the safe-point *device*.

    Used as a context. Each `ask` is signed with *key*. Raises LineRefused, or StatementRefused where whoever answers
    is not the branch.
    """

    def __init__(
        self, address: str, card: Card, device: str, key: Ed25519PrivateKey, wait: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
            raise LineRefused(f"{address} is no address of a branch; it looks like https://192.168.1.20:8444")
        self._host, self._port = parts.hostname, parts.port or 443
        self._card, self._device, self._key, self._wait = card, device, key, wait
        self._connection: http.client.HTTPSConnection | None = None
        self._greeting: Greeting | None = None
        self._certificate = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def greeting(self) -> Greeting:
        """What the branch said of itself when it was called."""
        return self._patiently(self._called)

    def ask(self, method: str, path: str, content: bytes = b"") -> Answer:
        """Ask *path* of the branch; a line that breaks is dialled again, and the same is asked again."""

        def once() -> Answer:
            said = self._called()
            asked = Asked(said.challenge, said.certificate, method, BASE + path, content)
            proof = {"Fieldref-Device": self._device, "Fieldref-Challenge": said.challenge}
            proof["Fieldref-Proof"] = greeting.prove(self._key, asked)
            answer = self._exchange(method, path, content, proof)
            if answer.status == 401:  # it was started anew, and knows nothing of our call
                raise ConnectionResetError
            if answer.status >= 400:
                raise LineRefused(_reason(answer))
            return answer

        return self._patiently(once)

    def _patiently(self, act: Callable[[], Found]) -> Found:
        for tried in range(TRIES):
            if tried:
                self._wait(2.0**tried)
            try:
                return act()
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                trouble = str(error) or type(error).__name__
        raise LineRefused(f"the line to {self._host} does not hold ({trouble}); what was sent stays sent, try later")

    def _called(self) -> Greeting:
        """Dial and greet, unless that was done."""
        if self._greeting is not None and self._connection is not None:
            return self._greeting
        self._hang_up()
        self._certificate, vouched = self._dial()
        chosen = secrets.token_hex(16)
        answer = self._exchange("POST", "/hello", json.dumps({"device": self._device, "chosen": chosen}).encode(), {})
        if answer.status != 200:
            raise LineRefused(_reason(answer))
        said = greeting.read(answer.content, self._card, chosen)
        if said.certificate != self._certificate and not (said.certificate == "" and vouched):
            raise StatementRefused("somebody stands between this safe-point and its branch; nothing was sent")
        self._greeting = said
        return said

    def _dial(self) -> tuple[str, bool]:
        """Connect; return the certificate's fingerprint, and whether an authority of this machine vouches for it.

        Nobody has to: the branch's own signature does. So one that no authority knows is taken as well.
        """
        try:
            self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=PATIENCE, context=_strict())
            self._connection.connect()
            return _fingerprint(self._connection), True
        except ssl.SSLCertVerificationError:
            self._connection = http.client.HTTPSConnection(self._host, self._port, timeout=PATIENCE, context=_open())
            self._connection.connect()
            return _fingerprint(self._connection), False

    def _exchange(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        if self._connection is None or self._connection.sock is None:
            raise ConnectionResetError  # http.client would dial again by itself, and nobody would look who answers
        self._connection.request(method, BASE + path, content, headers)
        answer = self._connection.getresponse()
        found = answer.read(max(LARGEST, LARGEST_ANSWER) + 1)
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, found)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._greeting = None


def _strict() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _open() -> ssl.SSLContext:
    context = _strict()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _reason(answer: Answer) -> str:
    said = answer.json().get("refused")
    return f"the branch says: {said}" if isinstance(said, str) else "the branch refuses"


def _fingerprint(connection: http.client.HTTPSConnection) -> str:
    certificate = connection.sock.getpeercert(binary_form=True)
    return hashlib.sha256(certificate or b"").hexdigest()
