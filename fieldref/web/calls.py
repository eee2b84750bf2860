"""Who may ask something at the sync door: safe-points that are paired, each with a challenge of a few minutes."""

import secrets
import threading
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldref.database import Database
from fieldref.exchange.devices import devices
from fieldref.refusal import Refusal

MOST = 1000  # that are remembered at once
HOLDS = 10 * 60.0  # seconds for which a challenge may be signed


class Calls:
    """The challenges that were given out, by whom they may be signed; in memory, for some minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_challenge: dict[str, tuple[str, float]] = {}

    def new(self, device: str) -> str:
        """Return a challenge for *device* to sign."""
        challenge, now = secrets.token_hex(16), time.monotonic()
        with self._lock:
            live = {key: each for key, each in self._by_challenge.items() if each[1] > now}
            self._by_challenge = dict(list(live.items())[-MOST + 1 :])
            self._by_challenge[challenge] = (device, now + HOLDS)
        return challenge

    def is_of(self, challenge: str, device: str) -> bool:
        """Whether *device* was given this *challenge* not long ago."""
        with self._lock:
            its_device, until = self._by_challenge.get(challenge, ("", 0.0))
        return its_device == device and until > time.monotonic()


def key_of(db: Database, device: str) -> Ed25519PublicKey:
    """The key of the safe-point *device*. Raises Refusal where it is not paired, or was revoked."""
    for each in devices(db):
        if each.card.id == device and each.last is None:
            if each.revoked:
                raise Refusal("this safe-point was revoked")
            return each.card.signing_key()
    raise Refusal("this safe-point is not paired with this branch")
