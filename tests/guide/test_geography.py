"""How far and which way."""

import pytest

from fieldref.guide.geography import bearing, direction, metres, walking_minutes

HARBOUR = (36.5, 15.0)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres((36.0, 15.0), (37.0, 15.0)) == pytest.approx(111_195, abs=1)


def test_a_degree_of_longitude_shrinks_towards_the_pole() -> None:
    assert metres((60.0, 15.0), (60.0, 16.0)) == pytest.approx(111_195 / 2, rel=0.001)


def test_from_london_to_paris_is_as_far_as_everyone_says() -> None:
    assert metres((51.5074, -0.1278), (48.8566, 2.3522)) == pytest.approx(343_500, rel=0.005)


def test_the_other_side_of_the_earth_is_half_way_round() -> None:
    assert metres((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20_015_115, abs=10)


def test_nothing_lies_between_a_place_and_itself() -> None:
    assert metres(HARBOUR, HARBOUR) == 0


@pytest.mark.parametrize(("distance", "minutes"), [(0, 0), (1, 1), (66, 1), (67, 2), (1000, 15), (4001, 61)])
def test_walking_is_four_kilometres_an_hour_rounded_up(distance: float, minutes: int) -> None:
    assert walking_minutes(distance) == minutes


@pytest.mark.parametrize(
    ("north", "east", "wind"),
    [
        (1, 0, "n"),
        (1, 1, "ne"),
        (0, 1, "e"),
        (-1, 1, "se"),
        (-1, 0, "s"),
        (-1, -1, "sw"),
        (0, -1, "w"),
        (1, -1, "nw"),
    ],
)
def test_each_of_the_eight_winds(north: int, east: int, wind: str) -> None:
    assert direction(bearing((0.0, 0.0), (north / 100, east / 100))) == wind


def test_just_west_of_north_is_still_north() -> None:
    assert direction(359.0) == direction(22.4) == "n"
    assert direction(22.6) == "ne"


def test_a_bearing_is_never_negative() -> None:
    assert bearing(HARBOUR, (36.5, 14.9)) == pytest.approx(270, abs=0.1)
