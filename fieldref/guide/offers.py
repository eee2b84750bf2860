"""A service as it stands now, seen from this safe-point: open or not, fresh or not, how far and which way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fieldref.guide.directory import Service
from fieldref.guide.freshness import state
from fieldref.guide.geography import bearing, direction, metres, walking_minutes
from fieldref.guide.hours import Opening, opening
from fieldref.settings import Settings

WALKABLE = 20_000  # metres; beyond, a walking time would mock the reader
ORDER_OF_FRESHNESS = {"fresh": 0, "stale": 1, "closed": 2, "expired": 3, "withdrawn": 4}
ORDER_OF_OPENING = {"open": 0, "closes_soon": 1, "closed": 2, "appointment": 2, "unknown": 2, "unknown_now": 2}


@dataclass(frozen=True)
class Way:
    """From the safe-point to a place: metres as the crow flies, minutes on foot, the compass in words and degrees."""

    metres: int
    minutes: int
    direction: str
    bearing: int

    @property
    def walkable(self) -> bool:
        """Whether a walking time says something useful."""
        return self.metres <= WALKABLE


@dataclass(frozen=True)
class Offer:
    """One service now. `freshness` is a state of fieldref.guide.freshness; `way` is None where no place is known."""

    service: Service
    opening: Opening
    freshness: str
    way: Way | None

    @property
    def reliable(self) -> bool:
        """Whether somebody can be sent there without a call first."""
        return self.freshness == "fresh"


def offer(service: Service, here: Settings, now: datetime, *, trusted: bool = True) -> Offer:
    """Return *service* as seen from *here* at *now* (local time); by a clock that is not *trusted* none is open now."""
    return Offer(
        service,
        opening(service.hours, now, trusted=trusted, country=here.country),
        state(service, now.date()),
        _way(service, here),
    )


def offers(services: Iterable[Service], here: Settings, now: datetime, *, trusted: bool = True) -> list[Offer]:
    """Return all *services* as offers: those to rely on first, of these the open ones, of these the nearest."""
    return sorted((offer(service, here, now, trusted=trusted) for service in services), key=_rank)


def _rank(each: Offer) -> tuple[int, int, float, str]:
    distance = each.way.metres if each.way else float("inf")
    return (
        ORDER_OF_FRESHNESS[each.freshness],
        ORDER_OF_OPENING[each.opening.state],
        distance,
        each.service.id,
    )


def _way(service: Service, here: Settings) -> Way | None:
    place = service.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    if here.latitude is None or here.longitude is None:
        return None
    start, goal = (here.latitude, here.longitude), (place.latitude, place.longitude)
    distance = round(metres(start, goal), -1)
    degrees = bearing(start, goal)
    return Way(int(distance), walking_minutes(distance), direction(degrees), round(degrees))
