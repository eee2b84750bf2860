"""What holds only today, and anybody may know: which services have room, and what languages this shift speaks.

Volunteers learn it by a phone call and by looking around; the staff door writes the file whole, the public door only
reads it. It says nothing about a person. A state of a service ends with the day, or sooner; all of it ends with the
shift. Nothing here goes into a bundle.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from fieldref import clock
from fieldref.database import write_whole
from fieldref.languages import BY_CODE, LANGUAGES
from fieldref.refusal import Refusal
from fieldref.smallfile import Identity, SmallFile
from fieldref.vocabulary import CAPACITIES, codes

FILE_NAME = "today.json"
MOST = 500  # services with a state
LARGEST = 64 * 1024  # bytes
EMPTY = b"{}"
SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
HOURS = (12, 15, 18, 21)  # o'clock, at which a state may end before the day does
STATES = codes(*CAPACITIES)


class TodayRefused(Refusal):
    """It cannot be said of today; the message says why."""


@dataclass(frozen=True)
class Capacity:
    """Whether a service has room: its state "open", "limited" or "full", and until when that is believed (local time).

    It is of one day: `until` is at the latest the midnight at which that day ends.
    """

    state: str
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether it is still believed at *moment*: on its day, so that a clock set back revives nothing."""
        return moment < self.until and moment.date() == (self.until - timedelta.resolution).date()


@dataclass(frozen=True)
class Today:
    """The state of each service that has one, by its id; the languages spoken, codes of languages.py in its order.

    `boot` tells in which run of the machine the states were told.
    """

    capacity: Mapping[str, Capacity] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    boot: str = ""


NOTHING = Today()


class Board:
    """What holds today at the safe-point in *folder*, as a door reads it."""

    def __init__(self, folder: Path) -> None:
        self._file = SmallFile(folder / FILE_NAME, _read, NOTHING)

    def identity(self) -> Identity:
        """What tells one file from the next; None while there is none."""
        return self._file.identity()

    def now(self, moment: datetime) -> Today:
        """What holds at *moment* (local time)."""
        return _still(self._file.content(), moment)


def today(folder: Path, moment: datetime) -> Today:
    """What holds in *folder* at *moment* (local time)."""
    return _still(_read(folder / FILE_NAME), moment)


def set_capacity(folder: Path, service: str, state: str, moment: datetime, hour: int | None = None) -> None:
    """Say that *service* is in *state* from *moment* to the end of the day, or to *hour* o'clock; "" takes it back.

    Raises TodayRefused. Whoever calls sees to it that nobody else changes the file meanwhile.
    """
    there = today(folder, moment)
    others = {id: each for id, each in there.capacity.items() if id != service}
    if state:
        new = Capacity(state, _end(moment.date(), hour))
        if SERVICE.fullmatch(service) is None or state not in STATES or not new.holds(moment):
            raise TodayRefused("a service is open, limited or full, until an hour of today that has not passed")
        if len(others) >= MOST:
            raise TodayRefused(f"{MOST} services have a state already")
        others[service] = new
    _write(folder, replace(there, capacity=others))


def set_languages(folder: Path, spoken: Iterable[str], moment: datetime) -> None:
    """Say which languages (codes) this shift speaks. Raises TodayRefused; the caller keeps others from writing."""
    chosen = frozenset(spoken)
    if not chosen <= BY_CODE.keys():
        raise TodayRefused("a language is one of those in languages.py")
    _write(folder, replace(today(folder, moment), languages=_in_order(chosen)))


def forget(folder: Path) -> None:
    """Take all of it back: the shift is over.

    The file stays, empty: where the doors are two users, a new one would be the staff door's alone.
    """
    path = folder / FILE_NAME
    if path.exists() and path.read_bytes() != EMPTY:
        write_whole(path, EMPTY)


def hours_ahead(moment: datetime) -> tuple[int, ...]:
    """At which hours of today a state set at *moment* may end."""
    return tuple(hour for hour in HOURS if hour > moment.hour)


def _end(day: date, hour: int | None) -> datetime:
    if hour is not None and hour not in HOURS:
        raise TodayRefused(f"a state ends with the day or at one of {HOURS} o'clock")
    midnight = datetime.combine(day, time())
    return midnight + (timedelta(days=1) if hour is None else timedelta(hours=hour))


def _still(there: Today, moment: datetime) -> Today:
    """What of *there* holds at *moment*.

    After a night without power the clock may still show yesterday evening: as long as nobody stands for it, no state
    that was told before is believed.
    """
    if there.boot != clock.MACHINE.boot() and not clock.state().trusted:
        return replace(there, capacity={})
    held = {id: each for id, each in there.capacity.items() if each.holds(moment)}
    return replace(there, capacity=held)


def _in_order(spoken: Iterable[str]) -> tuple[str, ...]:
    return tuple(each.code for each in LANGUAGES if each.code in spoken)


def _read(path: Path) -> Today:
    """What *path* holds; nothing where it holds anything else than we write, because pages must open."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(LARGEST))
        capacity = {
            id: Capacity(state, datetime.fromisoformat(until)) for id, (state, until) in found["capacity"].items()
        }
        sound = {id: each for id, each in capacity.items() if _sound(id, each)}
        return Today(sound, _in_order(found["languages"]), str(found["boot"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return NOTHING


def _sound(id: str, each: Capacity) -> bool:
    return SERVICE.fullmatch(id) is not None and each.state in STATES and each.until.tzinfo is None


def _write(folder: Path, there: Today) -> None:
    capacity = {id: (each.state, each.until.isoformat(timespec="minutes")) for id, each in there.capacity.items()}
    content = {"capacity": capacity, "languages": there.languages, "boot": clock.MACHINE.boot()}
    write_whole(folder / FILE_NAME, json.dumps(content).encode())
