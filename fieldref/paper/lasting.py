"""What stays true of a service when it is read days later: its phone, its week, the way, the day it was checked.

Never "open now": a phone that is looked at on the road knows neither the day we meant nor what changed since.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from babel import Locale

from fieldref.guide import codes
from fieldref.guide.geography import DIRECTIONS
from fieldref.guide.hours import Span, week
from fieldref.guide.offers import Way, offer
from fieldref.guide.opened import Guide
from fieldref.guide.service import Place, Service
from fieldref.languages import SOURCE, language
from fieldref.settings import Settings

GONE = ("withdrawn", "expired")
WORDS = {
    "costs": {cost.code: cost.name for cost in codes.COSTS},
    "documents": {paper.code: paper.name for paper in codes.DOCUMENTS},
    "eligibility": {group.code: group.name for group in codes.ELIGIBILITY},
    "directions": {direction.code: direction.name for direction in DIRECTIONS},
}


@dataclass(frozen=True)
class Hours:
    """Days that have the same hours: `days` is Monday–Friday, or nothing for every day; no spans: closed."""

    days: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Lasting:
    """One service. `freshness` is as on the day it was written down; `door` is what stands on the door there."""

    service: Service
    freshness: str
    way: Way | None
    hours: tuple[Hours, ...]
    door: Place | None

    @property
    def reliable(self) -> bool:
        """Whether somebody can be sent there without a call first."""
        return self.freshness == "fresh"


def lasting(guide: Guide, settings: Settings, code: str, now: datetime, days: str = "wide") -> tuple[Lasting, ...]:
    """Return all services that have not ended, in the language *code*: those to rely on first, the nearest first.

    *days* is how long the names of the days are, wide or abbreviated.
    """
    doors = guide.services(SOURCE.code)
    found = []
    for service in guide.services(code).values():
        seen = offer(service, settings, now)
        if seen.freshness not in GONE:
            hours = by_weekday(service.hours, now.date(), code, days)
            found.append(Lasting(service, seen.freshness, seen.way, hours, doors[service.id].place))
    return tuple(sorted(found, key=_rank))


def by_weekday(hours: str, today: date, code: str, width: str = "wide") -> tuple[Hours, ...]:
    """Return the week beginning *today*, days of the same hours together; nothing where the hours are not known."""
    names = Locale.parse(language(code).locale).days["stand-alone"][width]
    days = sorted(week(hours, today), key=lambda day: day.date.weekday())
    found = []
    for spans, group in groupby(days, key=lambda day: day.spans):
        same = [names[day.date.weekday()] for day in group]
        found.append(Hours("" if len(same) == 7 else "–".join(dict.fromkeys((same[0], same[-1]))), spans))
    return tuple(found)


def _rank(each: Lasting) -> tuple[bool, float, str]:
    return not each.reliable, each.way.metres if each.way else float("inf"), each.service.id
