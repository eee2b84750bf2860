"""One phone cannot speak for all: how often anybody, and everybody together, may send something to the public door.

A bucket of tokens each (https://en.wikipedia.org/wiki/Token_bucket). A phone's address is never kept: its hash under a
salt that dies with this process stands in memory for nine minutes, until its bucket would be full again anyway.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from fieldref.web.later import Later

MOST_PHONES = 4_096


@dataclass(frozen=True)
class Rate:
    """So many at once, and then one in so many seconds."""

    burst: int
    seconds: float


# A person reads a minute before answering. One phone that never stops fills less than half of a day's ratings.
PHONE = Rate(6, 90)
DOOR = Rate(60, 1)


class Throttle:
    """The buckets of one door; safe to use from its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._phones: dict[bytes, tuple[float, float]] = {}
        self._door = (float(DOOR.burst), clock())
        self._forgetting = Later(self.forget)

    def allows(self, address: str) -> bool:
        """Whether the phone at *address* may send one more thing now. One that may not takes nothing from others."""
        mark = hashlib.blake2b(address.encode(), key=self._salt, digest_size=8).digest()
        with self._lock:
            now = self._clock()
            phone = _filled(self._phones.get(mark, (PHONE.burst, now)), PHONE, now)
            door = _filled(self._door, DOOR, now)
            if phone < 1 or door < 1 or (mark not in self._phones and len(self._phones) >= MOST_PHONES):
                return False
            self._phones[mark] = (phone - 1, now)
            self._door = (door - 1, now)
        self._forgetting.ask()
        return True

    def forget(self) -> None:
        """Forget every phone whose bucket is full again."""
        with self._lock:
            now = self._clock()
            self._phones = {
                mark: bucket for mark, bucket in self._phones.items() if _filled(bucket, PHONE, now) < PHONE.burst
            }
        if self._phones:
            self._forgetting.ask()


def _filled(bucket: tuple[float, float], rate: Rate, now: float) -> float:
    tokens, seen = bucket
    return min(float(rate.burst), tokens + (now - seen) / rate.seconds)
