"""How far and which way: enough for a walk, on a ball of the Earth's mean radius."""

import math

from fieldref.vocabulary import N_, Term

EARTH = 6_371_008.8  # mean radius in metres (IUGG)
WALKED_IN_A_MINUTE = 4000 / 60  # metres: 4 km/h, with children and bags

DIRECTIONS = (
    Term("n", N_("north")),
    Term("ne", N_("north-east")),
    Term("e", N_("east")),
    Term("se", N_("south-east")),
    Term("s", N_("south")),
    Term("sw", N_("south-west")),
    Term("w", N_("west")),
    Term("nw", N_("north-west")),
)

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


def metres(here: Point, there: Point) -> float:
    """The distance in a straight line over the ground (haversine); within 0.6 % of the true one."""
    (north, east), (to_north, to_east) = _radians(here), _radians(there)
    half = (
        math.sin((to_north - north) / 2) ** 2
        + math.cos(north) * math.cos(to_north) * math.sin((to_east - east) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))


def walking_minutes(distance: float) -> int:
    """Minutes on foot for *distance* metres, rounded up."""
    return math.ceil(distance / WALKED_IN_A_MINUTE)


def bearing(here: Point, there: Point) -> float:
    """The way to set out from *here*, in degrees clockwise from north: 0 up to but not including 360."""
    (north, east), (to_north, to_east) = _radians(here), _radians(there)
    turn = to_east - east
    across = math.sin(turn) * math.cos(to_north)
    ahead = math.cos(north) * math.sin(to_north) - math.sin(north) * math.cos(to_north) * math.cos(turn)
    return math.degrees(math.atan2(across, ahead)) % 360


def direction(degrees: float) -> str:
    """The nearest of the eight winds (a code of DIRECTIONS) for a bearing."""
    return DIRECTIONS[round(degrees / 45) % 8].code


def _radians(point: Point) -> Point:
    return math.radians(point[0]), math.radians(point[1])
