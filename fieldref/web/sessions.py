"""Who is signed in at the staff door: in the memory of this process and nowhere else.

The browser holds a random token, we hold its hash; a session dies with the process, with the shift, after ten idle
minutes and after twelve hours. Clocks that people set cannot prolong it.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE = 10 * 60  # seconds
LONGEST = 12 * 60 * 60


@dataclass
class Session:
    """One signed-in browser: its role, shift and volunteer (0: the coordinator), its token, and what it is at.

    What is being recorded stays here and not in an address: a browser's history keeps addresses, with the minute.
    `again` is what the next referral of a family has in common with the last; `tallies` can be undone, last first;
    `new_pin` is a volunteer's number and PIN until they were shown, once.
    """

    role: str
    shift: str
    born: float
    seen: float
    number: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    person: str = ""
    need: str = ""
    again: dict[str, str] = field(default_factory=dict)
    last_code: str = ""
    last_at: float = 0.0
    sent: dict[str, str] = field(default_factory=dict)  # the slip code that belongs to each form
    tallies: list[str] = field(default_factory=list)
    pad: dict[str, str] = field(default_factory=dict)  # day and language of the pad that is being entered
    entered: tuple[int, int] | None = None  # what the last grid became, until it was said
    new_pin: tuple[int, str] | None = None
    done: str = ""  # what the next page says was done
    help: str = ""  # which text of the help was opened last
    looked: float = 0.0  # when a picture of this session's camera was last looked at
    told: str = ""  # the slip code of which the sheet "do this now" was shown

    def say_once(self) -> str:
        """What was done last; said once, and not in an address."""
        done, self.done = self.done, ""
        return done


class Sessions:
    """All sessions of one staff door; safe to use from its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_hash: dict[str, Session] = {}

    def open(self, role: str, shift: str, number: int = 0) -> tuple[str, Session]:
        """Begin a session and return the secret for the browser with it."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        session = Session(role, shift, now, now, number)
        with self._lock:
            self._by_hash = {key: each for key, each in self._by_hash.items() if _lives(each, shift, now)}
            self._by_hash[_hash(secret)] = session
        return secret, session

    def find(self, secret: str, shift: str, *, tapped: bool = True) -> Session | None:
        """The live session behind *secret*, if it belongs to the *shift* that is open; others are forgotten.

        What nobody *tapped* does not prolong it.
        """
        now = self._clock()
        with self._lock:
            session = self._by_hash.get(_hash(secret))
            if session is None:
                return None
            if not _lives(session, shift, now):
                del self._by_hash[_hash(secret)]
                return None
            session.seen = now if tapped else session.seen
            return session

    def close(self, secret: str) -> None:
        """End the session behind *secret*; its cookie is worth nothing from now on."""
        with self._lock:
            self._by_hash.pop(_hash(secret), None)


def _lives(session: Session, shift: str, now: float) -> bool:
    return session.shift == shift and now - session.seen <= IDLE and now - session.born <= LONGEST


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
