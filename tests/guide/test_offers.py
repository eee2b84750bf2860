"""Services as they stand now: those to rely on first, of these the open ones, of these the nearest."""

from datetime import date, datetime

import pytest

from fieldref.guide.offers import offer, offers
from fieldref.guide.service import Place, Service
from fieldref.settings import Settings
from fieldref.today import Capacity

HERE = Settings(name="Here", latitude=36.5, longitude=15.0)
NOON = datetime(2026, 11, 22, 12, 0)
FRESH = {"assured": date(2026, 11, 20), "assurer": "visit"}


def service(id: str, north: float = 0.001, **facts: object) -> Service:
    """A fresh service *north* degrees from here (0.001 is some 110 m), open all day unless said otherwise."""
    place = Place(id, id, latitude=36.5 + north, longitude=15.0)
    return Service(**({"id": id, "name": id, "hours": "24/7", "place": place} | FRESH | facts))  # type: ignore[arg-type]


def test_the_order_is_reliable_then_open_then_near() -> None:
    listed = [
        service("stale", 0.0001, assured=date(2026, 1, 1)),
        service("closed", 0.0001, hours="Mo-Su 18:00-20:00"),
        service("far", 0.02),
        service("near", 0.002),
        service("ended", 0.0001, status="defunct"),
    ]
    assert [each.service.id for each in offers(listed, HERE, NOON)] == ["near", "far", "closed", "stale", "ended"]


def test_the_way_is_metres_minutes_and_a_direction() -> None:
    way = offer(service("north", 0.009), HERE, NOON).way
    assert way is not None
    assert (way.metres, way.minutes, way.direction, way.bearing) == (1000, 15, "n", 0)


@pytest.mark.parametrize("there", [None, Place("x", "x")], ids=["secret or nowhere", "a place without coordinates"])
def test_without_two_places_there_is_no_way(there: Place | None) -> None:
    assert offer(service("x", place=there), HERE, NOON).way is None


def test_a_safe_point_that_does_not_know_where_it_is_shows_no_way() -> None:
    assert offer(service("x"), Settings(name="Somewhere"), NOON).way is None


def told(**states: str) -> dict[str, Capacity]:
    return {id: Capacity(state, datetime(2026, 11, 23)) for id, state in states.items()}


def test_few_places_come_after_open_ones_and_full_after_those_that_one_must_call() -> None:
    listed = [
        service("full", 0.0001),
        service("few", 0.0001),
        service("far", 0.02),
        service("shut", 0.0001, hours="Mo-Su 18:00-20:00"),
        service("stale", 0.0001, assured=date(2026, 1, 1)),
        service("ended", 0.0001, status="defunct"),
    ]
    found = offers(listed, HERE, NOON, capacity=told(full="full", few="limited", far="open"))
    assert [each.service.id for each in found] == ["far", "few", "shut", "stale", "full", "ended"]


def test_where_a_call_said_full_nobody_is_sent_without_another() -> None:
    for state, reliable in (("open", True), ("limited", True), ("full", False)):
        assert offer(service("x"), HERE, NOON, capacity=told(x=state)).reliable is reliable
        assert offer(service("x"), HERE, NOON, capacity=told(y=state)).reliable
