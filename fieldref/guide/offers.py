"""A service as it stands now, seen from this safe-point: open or not, fresh or not, how far and which way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldref.guide.directory import Service
from fieldref.guide.freshness import state
from fieldref.guide.geography import bearing, direction, metres, walking_minutes
from fieldref.guide.hours import Opening, opening
from fieldref.settings import Settings
from fieldref.today import Capacity

WALKABLE = 20_000  # metres; beyond, a walking time would mock the reader
ORDER_OF_FRESHNESS = {"fresh": 0, "stale": 1, "closed": 3, "expired": 4, "withdrawn": 5}
FULL = 2  # in that order
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
    """One service now.

    `freshness` is a state of fieldref.guide.freshness; `way` is None where no place is known, `capacity` where
    nobody has asked today whether there is room.
    """

    service: Service
    opening: Opening
    freshness: str
    way: Way | None
    capacity: Capacity | None = None

    @property
    def full(self) -> bool:
        """Whether it said that it has no room today."""
        return self.capacity is not None and self.capacity.state == "full"

    @property
    def limited(self) -> bool:
        """Whether it said that it has few places today."""
        return self.capacity is not None and self.capacity.state == "limited"

    @property
    def reliable(self) -> bool:
        """Whether somebody can be sent there without a call first."""
        return self.freshness == "fresh" and not self.full


NOBODY_ASKED: Mapping[str, Capacity] = {}


def offer(
    service: Service,
    here: Settings,
    now: datetime,
    *,
    trusted: bool = True,
    capacity: Mapping[str, Capacity] = NOBODY_ASKED,
) -> Offer:
    """Return *service* as seen from *here* at *now* (local time); by a clock that is not *trusted* none is open now.

    *capacity* is what holds now of the room that services have, by their ids.
    """
    return Offer(
        service,
        opening(service.hours, now, trusted=trusted, country=here.country),
        state(service, now.date()),
        _way(service, here),
        capacity.get(service.id),
    )


def offers(
    services: Iterable[Service],
    here: Settings,
    now: datetime,
    *,
    trusted: bool = True,
    capacity: Mapping[str, Capacity] = NOBODY_ASKED,
) -> list[Offer]:
    """Return all *services* as offers: those to rely on first, of these the open ones, of these the nearest.

    One with few places comes after the open ones that did not say so. A full one comes after those that were not
    checked for long: there a call may help.
    """
    every = (offer(service, here, now, trusted=trusted, capacity=capacity) for service in services)
    return sorted(every, key=_rank)


def _rank(each: Offer) -> tuple[int, int, bool, float, str]:
    distance = each.way.metres if each.way else float("inf")
    freshness = ORDER_OF_FRESHNESS[each.freshness]
    return (
        max(freshness, FULL) if each.full else freshness,
        ORDER_OF_OPENING[each.opening.state],
        each.limited,
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
