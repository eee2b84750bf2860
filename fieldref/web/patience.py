"""Who guesses wrong waits: one second, two, four, up to a minute. It holds the one who guesses, and nobody else.

Tries are told apart by where they come from and whom they are for. Of an address only a hash is kept, under a salt
that dies with this process, for as long as its wait matters. That ten wrong tries end a PIN is the register's rule;
this one only takes the speed out of them.
"""

import hashlib
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fieldref.refusal import Refusal
from fieldref.register.access import WrongPin
from fieldref.register.passphrase import PassphraseRefused

LONGEST = 60  # seconds
FORGOTTEN = 15 * 60  # seconds after the last wrong try
MOST = 4_096  # marks; beyond it the oldest go, and the ten tries of a PIN are what holds
COORDINATOR = 0  # whom a passphrase is for
MOST_PASSPHRASES = 100  # wrong ones over the air, from all together (NIST SP 800-63B-4, 3.2.2)


class TooSoon(Refusal):
    """This try was not looked at; in so many `seconds` one will be."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds before the next try")
        self.seconds = seconds


class Patience:
    """The waits of one door; safe to use from its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.wrong_passphrases = 0
        self._clock = clock
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._marks: dict[bytes, tuple[int, float]] = {}

    @contextmanager
    def one_try(self, address: str, number: int) -> Iterator[None]:
        """Let one try for volunteer *number* (0: the coordinator) be looked at in this block, one at a time.

        A block that ends in WrongPin or PassphraseRefused makes the next from *address* wait; one that ends well
        forgets all. Raises TooSoon, without counting, for a try that should have waited.
        """
        mark = hashlib.blake2b(f"{number} {address}".encode(), key=self._salt, digest_size=8).digest()
        self._must_not_wait(mark)
        with self._lock:
            self._must_not_wait(mark)  # many at once were sent, and the first was wrong
            try:
                yield
            except (WrongPin, PassphraseRefused):
                self._note(mark, number)
                raise
            self._marks.pop(mark, None)

    def _must_not_wait(self, mark: bytes) -> None:
        wrong, last = self._marks.get(mark, (0, 0.0))
        left = min(LONGEST, 2 ** (wrong - 1)) - (self._clock() - last) if wrong else 0
        if left > 0:
            raise TooSoon(max(2, math.ceil(left)))

    def _note(self, mark: bytes, number: int) -> None:
        now = self._clock()
        wrong, _ = self._marks.pop(mark, (0, 0.0))
        lasting = {each: said for each, said in self._marks.items() if now - said[1] < FORGOTTEN}
        self._marks = dict(list(lasting.items())[-MOST + 1 :]) | {mark: (wrong + 1, now)}
        self.wrong_passphrases += number == COORDINATOR
