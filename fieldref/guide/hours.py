"""When a service is open, from OpenStreetMap opening_hours texts. Times are the place's own, without a zone.

What is not known is said to be unknown, never closed: someone may have walked an hour to find out. In the night
the clocks change, hours are still those on the wall; only a stretch across that moment is an hour shorter or longer.

Public holidays (PH) are known where the library has the calendar of the `country` (ISO 3166). Where it has none,
rules for them do nothing, and `asks_on_holidays` tells that a holiday may differ from what is said.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]

SOON = datetime.timedelta(minutes=60)
DAY = datetime.timedelta(days=1)
MIDNIGHT = datetime.time()
# Hours by the sun need a place and its zone; guessed ones would be wrong by hours.
BY_THE_SUN = re.compile(r"\b(sunrise|sunset|dawn|dusk)\b")
OPEN_END = re.compile(r"\d:\d\d\+")
HOLIDAYS = re.compile(r"\b[PS]H\b")
COMMENT = re.compile(r'"[^"]*"')
APPOINTMENT = re.compile(r"appointment|\b(call|phone) (first|ahead|before)", re.IGNORECASE)
# Further ahead nobody plans, and hours that can never come ("easter Mo") would be looked for until the year 9999.
AHEAD = datetime.timedelta(days=400)

Kind = Literal["open", "open_ended", "appointment", "unknown", "closed"]


@dataclass(frozen=True)
class Opening:
    """How it stands now: `until` when it closes (None: never, or not known), `opens` when it next opens.

    unknown: the hours are not known. unknown_now: they are, but not what time it is.
    """

    state: Literal["open", "closes_soon", "closed", "appointment", "unknown", "unknown_now"]
    until: datetime.datetime | None = None
    opens: datetime.datetime | None = None


@dataclass(frozen=True)
class Span:
    """One stretch of a day. It belongs to the day it begins on, so `closes` may be earlier than `opens`;
    `closes` is None where the closing time is not known.
    """

    opens: datetime.time
    closes: datetime.time | None
    kind: Literal["open", "appointment", "unknown"] = "open"

    @property
    def all_day(self) -> bool:
        """From midnight to midnight."""
        return self.opens == self.closes == MIDNIGHT


@dataclass(frozen=True)
class Day:
    """One day's spans; none: closed all day."""

    date: datetime.date
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class _Stretch:
    begins: datetime.datetime
    ends: datetime.datetime | None
    kind: Kind


def readable(hours: str) -> bool:
    """Whether *hours* can be understood."""
    return _parsed(hours, "") is not None


def asks_on_holidays(hours: str, country: str = "") -> bool:
    """Whether *hours* differ on public holidays, and which days those are is not known for *country*."""
    if not HOLIDAYS.search(COMMENT.sub("", hours)):
        return False
    return "SH" in COMMENT.sub("", hours) or not _has_calendar(country)


def opening(hours: str, now: datetime.datetime, *, trusted: bool = True, country: str = "") -> Opening:
    """How a service with these *hours* stands at the moment *now*.

    With a clock that is not *trusted* only what is so at any time is said: open day and night, by appointment.
    """
    if not trusted:
        return _at_any_time(hours, now, country)
    stretches = _stretches(hours, now, now + AHEAD, country)
    current = next(stretches, None)
    if current is None or current.kind in ("unknown", "open_ended"):
        return Opening("unknown")
    if current.kind == "appointment":
        return Opening("appointment")
    if current.kind == "closed":
        return _closed(stretches)
    soon = current.ends is not None and current.ends - now <= SOON
    return Opening("closes_soon" if soon else "open", until=current.ends)


def week(hours: str, today: datetime.date, *, country: str = "") -> tuple[Day, ...]:
    """Seven days beginning with *today*; nothing at all where the hours are not known."""
    if not readable(hours):
        return ()
    begins = datetime.datetime.combine(today, MIDNIGHT)
    spans: dict[datetime.date, list[Span]] = {today + n * DAY: [] for n in range(7)}
    ends = begins + 8 * DAY
    for stretch in _stretches(hours, begins - DAY, ends, country):
        for day, span in _spans(stretch, ends):
            if day in spans:
                spans[day].append(span)
    return tuple(Day(day, tuple(found)) for day, found in spans.items())


def valid_until(now: datetime.datetime, hours: Iterable[str], *, country: str = "") -> datetime.datetime:
    """The next moment at which what we say of services with these *hours* may change, at latest midnight."""
    midnight = datetime.datetime.combine(now.date() + DAY, MIDNIGHT)
    return min([midnight, *(moment for each in set(hours) for moment in _changes(each, now, country))])


def _at_any_time(hours: str, now: datetime.datetime, country: str) -> Opening:
    kinds: set[Kind] = set()
    for stretch in _stretches(hours, now, now + AHEAD, country):
        kinds.add(stretch.kind)
        if "open" in kinds and len(kinds) > 1:
            return Opening("unknown_now")
    if kinds == {"open"}:
        return Opening("open")
    if "appointment" in kinds and kinds <= {"appointment", "closed"}:
        return Opening("appointment")
    return Opening("unknown" if kinds <= {"unknown"} else "unknown_now")


def _changes(hours: str, now: datetime.datetime, country: str) -> Iterator[datetime.datetime]:
    current = next(_stretches(hours, now, now + AHEAD, country), None)
    if current is None or current.ends is None:
        return
    yield current.ends
    if current.kind == "open" and current.ends - SOON > now:
        yield current.ends - SOON


@lru_cache(maxsize=4096)
def _parsed(hours: str, country: str) -> Any:
    if not hours.strip() or BY_THE_SUN.search(COMMENT.sub("", hours)):
        return None
    try:
        return OpeningHours(hours, country=country if _has_calendar(country) else None)
    except ParserError:
        return None


@lru_cache
def _has_calendar(country: str) -> bool:
    if not country:
        return False
    try:
        OpeningHours("24/7", country=country)
    except UnknownCountryError:
        return False
    return True


def _stretches(hours: str, begins: datetime.datetime, ends: datetime.datetime, country: str) -> Iterator[_Stretch]:
    """Stretches of one kind, one after the other up to *ends*; none where the hours cannot be read.

    A stretch that goes on at *ends* has no end.
    """
    parsed = _parsed(hours, country)
    if parsed is None:
        return
    open_end = bool(OPEN_END.search(COMMENT.sub("", hours)))
    intervals = parsed.intervals(begins, ends)
    found = (_Stretch(start, end, _kind(state, note, end, open_end)) for start, end, state, note in intervals)
    for kind, group in groupby(found, lambda stretch: stretch.kind):
        same = list(group)
        end = same[-1].ends
        yield _Stretch(same[0].begins, end if end is not None and end < ends else None, kind)


def _kind(state: Any, note: str, ends: datetime.datetime | None, open_end: bool) -> Kind:
    if state == State.CLOSED:
        return "closed"
    if APPOINTMENT.search(note):
        return "appointment"
    if state == State.UNKNOWN:
        return "unknown"
    # The library lets 13:00+ run until midnight; nobody knows that it does.
    if open_end and ends is not None and ends.time() == MIDNIGHT:
        return "open_ended"
    return "open"


def _closed(later: Iterator[_Stretch]) -> Opening:
    by_appointment = False
    for stretch in later:
        if stretch.kind in ("open", "open_ended"):
            return Opening("closed", opens=stretch.begins)
        by_appointment = by_appointment or stretch.kind == "appointment"
    # Where one can only ever go by appointment, that is what to know, whatever the hour.
    return Opening("appointment" if by_appointment else "closed")


def _spans(stretch: _Stretch, until: datetime.datetime) -> Iterator[tuple[datetime.date, Span]]:
    """Cut a stretch into what is said of each day: a night stays whole, longer ones are cut at midnights.

    One without an end goes on *until* there.
    """
    if stretch.kind == "closed":
        return
    kind: Literal["open", "appointment", "unknown"]
    kind = "open" if stretch.kind == "open_ended" else stretch.kind
    begins, last = stretch.begins, stretch.ends or until
    while begins < last:
        ends = last
        if ends - begins >= DAY:
            ends = datetime.datetime.combine(begins.date() + DAY, MIDNIGHT)
        yield begins.date(), Span(begins.time(), None if stretch.kind == "open_ended" else ends.time(), kind)
        begins = ends
