"""Announcements of the day: a few coded sentences on the public home, in every language, until they end.

There is no free text: nobody at a safe-point can translate it into every language, and a sentence that half the
visitors cannot read is an unfair one. The staff door writes the file whole; the public door only reads it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from fieldref.database import write_whole
from fieldref.refusal import Refusal
from fieldref.smallfile import Identity, SmallFile
from fieldref.vocabulary import N_, Term

FILE_NAME = "announcements.json"
MOST = 3
LARGEST = 4_096  # bytes
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
ID = re.compile(r"[0-9a-f]{16}")


class AnnouncementRefused(Refusal):
    """It cannot be announced; the message says why."""


@dataclass(frozen=True)
class Kind(Term):
    """A sentence that can be announced: `name` is the sentence, `short` is for a tile; `timed` if it holds a time."""

    short: str
    icon: str
    timed: bool = True


KINDS = (
    Kind("doctor", N_("Doctor here at %(time)s"), N_("Doctor"), "health_physical"),
    Kind("food", N_("Food at %(time)s"), N_("Food"), "food"),
    Kind("water", N_("Water at %(time)s"), N_("Water"), "wash"),
    Kind("bus", N_("Bus at %(time)s"), N_("Bus"), "clock"),
    Kind("boat", N_("The boat is late"), N_("Boat"), "sea", timed=False),
    Kind("closed", N_("We close at %(time)s"), N_("We close"), "closed"),
    Kind("weather", N_("Bad weather: stay here"), N_("Bad weather"), "weather", timed=False),
)
KIND_BY_CODE = {kind.code: kind for kind in KINDS}


@dataclass(frozen=True)
class Announcement:
    """One sentence of the day: its kind's code, its time of day ("17:00", or ""), and when it ends (local time)."""

    id: str
    code: str
    time: str
    until: datetime

    @property
    def kind(self) -> Kind:
        return KIND_BY_CODE[self.code]


NONE: tuple[Announcement, ...] = ()


class Board:
    """The announcements of a safe-point as its public door reads them."""

    def __init__(self, folder: Path) -> None:
        self._file = SmallFile(folder / FILE_NAME, lambda path: _read(path), NONE)

    def identity(self) -> Identity:
        """What tells one file from the next; None while there is none."""
        return self._file.identity()

    def now(self, moment: datetime) -> tuple[Announcement, ...]:
        """Those that have not ended at *moment*."""
        return _current(self._file.content(), moment)


def current(folder: Path, moment: datetime) -> tuple[Announcement, ...]:
    """The announcements in *folder* that have not ended at *moment*."""
    return _current(_read(folder / FILE_NAME), moment)


def announce(folder: Path, new: Announcement, moment: datetime) -> None:
    """Add *new* to those in *folder*; what has ended is dropped. Raises AnnouncementRefused.

    The same one twice is one. Whoever calls sees to it that nobody else changes the file meanwhile.
    """
    if not _sound(new) or new.until <= moment:
        raise AnnouncementRefused("an announcement is one of our sentences, with its time, and ends later than now")
    there = [each for each in current(folder, moment) if each.id != new.id]
    if len(there) >= MOST:
        raise AnnouncementRefused(f"there are {MOST} announcements already; remove one first")
    _write(folder, [*there, new])


def remove(folder: Path, id: str, moment: datetime) -> None:
    """Take the announcement *id* down, if it is there."""
    _write(folder, (each for each in current(folder, moment) if each.id != id))


def _current(every: Iterable[Announcement], moment: datetime) -> tuple[Announcement, ...]:
    return tuple(each for each in every if each.until > moment)


def _sound(each: Announcement) -> bool:
    kind = KIND_BY_CODE.get(each.code)
    return (
        kind is not None
        and ID.fullmatch(each.id) is not None
        and (TIME.fullmatch(each.time) is not None if kind.timed else each.time == "")
    )


def _read(path: Path) -> tuple[Announcement, ...]:
    """What *path* holds; nothing where it holds anything else than we write, because the home must open."""
    try:
        with path.open("rb") as file:
            rows = json.loads(file.read(LARGEST))
        every = [
            Announcement(row["id"], row["code"], row["time"], datetime.fromisoformat(row["until"])) for row in rows
        ]
        return tuple(each for each in every if _sound(each) and each.until.tzinfo is None)[:MOST]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return NONE


def _write(folder: Path, every: Iterable[Announcement]) -> None:
    rows = [asdict(each) | {"until": each.until.isoformat(timespec="minutes")} for each in every]
    write_whole(folder / FILE_NAME, json.dumps(rows).encode())
