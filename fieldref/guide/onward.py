"""The next safe-points as they are seen from here: how far, which way, and whether what we know is fresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fieldref.guide.geography import bearing, direction, metres, walking_minutes
from fieldref.guide.offers import Way
from fieldref.guide.service import NextSafePoint
from fieldref.settings import Settings

FRESH = 60  # days; a far safe-point is seldom asked how it is


@dataclass(frozen=True)
class Onward:
    """One next safe-point as seen from here; `way` is a straight line, None where a place is not known."""

    point: NextSafePoint
    way: Way | None
    fresh: bool

    @property
    def call_first(self) -> bool:
        """Whether nobody should set out without a call."""
        return not self.fresh or "call_first" in self.point.notes


def onward(points: Iterable[NextSafePoint], here: Settings, today: date) -> tuple[Onward, ...]:
    """Return *points* as seen from *here*, the nearest first, those without a known distance last."""
    seen = [Onward(each, _way(each, here), _fresh(each, today)) for each in points]
    return tuple(sorted(seen, key=lambda each: (each.way.metres if each.way else float("inf"), each.point.id)))


def _fresh(point: NextSafePoint, today: date) -> bool:
    return point.checked is not None and (today - point.checked).days <= FRESH


def _way(point: NextSafePoint, here: Settings) -> Way | None:
    if point.latitude is None or point.longitude is None or here.latitude is None or here.longitude is None:
        return None
    start, goal = (here.latitude, here.longitude), (point.latitude, point.longitude)
    distance, degrees = metres(start, goal), bearing(start, goal)
    return Way(int(round(distance, -1)), walking_minutes(distance), direction(degrees), round(degrees))
