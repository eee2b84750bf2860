"""Who is signed in at a door: in the memory of this process and nowhere else.

The browser holds a random token, we hold its hash; a session dies with the process, with the shift it belongs to (a
branch has none), after ten idle minutes and after twelve hours. Clocks that people set cannot prolong it.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Kind = TypeVar("Kind", bound="SignedIn")
IDLE = 10 * 60  # seconds
LONGEST = 12 * 60 * 60


@dataclass
class SignedIn:
    """One signed-in browser: its role, shift and number (0: the coordinator), the token of its forms.

    `done` is what the next page says was done.
    """

    role: str
    shift: str
    born: float
    seen: float
    number: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    done: str = ""

    def say_once(self) -> str:
        """What was done last; said once, and not in an address."""
        done, self.done = self.done, ""
        return done


@dataclass
class Session(SignedIn):
    """A volunteer's or coordinator's at the staff door, and what it is at.

    What is being recorded stays here and not in an address: a browser's history keeps addresses, with the minute.
    `again` is what the next referral of a family has in common with the last; `tallies` can be undone, last first;
    `new_pin` is a volunteer's number and PIN until they were shown, once.
    """

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
    help: str = ""  # which text of the help was opened last
    looked: float = 0.0  # when a picture of this session's camera was last looked at
    told: str = ""  # the slip code of which the sheet "do this now" was shown


class Sessions(Generic[Kind]):
    """All sessions of one door, each of *kind*; safe to use from its threads."""

    def __init__(self, kind: type[Kind], clock: Callable[[], float] = time.monotonic) -> None:
        self._kind = kind
        self._clock = clock
        self._lock = threading.Lock()
        self._by_hash: dict[str, Kind] = {}

    def open(self, role: str, shift: str, number: int = 0) -> tuple[str, Kind]:
        """Begin a session and return the secret for the browser with it."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        session = self._kind(role, shift, now, now, number)
        with self._lock:
            self._by_hash = {key: each for key, each in self._by_hash.items() if _lives(each, shift, now)}
            self._by_hash[_hash(secret)] = session
        return secret, session

    def find(self, secret: str, shift: str, *, tapped: bool = True) -> Kind | None:
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

    def end_idle(self, shift: str) -> int:
        """Forget every session whose time is over; return how many are left."""
        now = self._clock()
        with self._lock:
            self._by_hash = {key: each for key, each in self._by_hash.items() if _lives(each, shift, now)}
            return len(self._by_hash)


def _lives(session: SignedIn, shift: str, now: float) -> bool:
    return session.shift == shift and now - session.seen <= IDLE and now - session.born <= LONGEST


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
