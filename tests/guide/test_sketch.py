"""A picture of distances and directions, and of nothing else."""

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fieldref.guide.sketch import DOT, FAR, MOST, WIDTH, Dot, sketch

ANY_DOTS = some.lists(
    some.builds(Dot, some.just("7"), some.floats(0, 2 * FAR), some.floats(0, 360)), min_size=1, max_size=MOST + 5
)


def spots(picture: str) -> list[tuple[float, float]]:
    """Where the dots are, in pixels from the star."""
    return [(float(x), float(y)) for x, y in re.findall(r'class="dot" cx="(-?\d+)" cy="(-?\d+)"', picture)]


def test_north_is_up_and_east_is_right() -> None:
    north, east = spots(sketch([Dot("1", 500, 0), Dot("2", 500, 90)]))
    assert north[0] == 0 and north[1] < 0
    assert east[0] > 0 and east[1] == 0


def test_twice_as_far_is_twice_as_far() -> None:
    near, far = spots(sketch([Dot("1", 300, 90), Dot("2", 600, 270)]))
    assert math.isclose(2 * near[0], -far[0], abs_tol=2)


def test_two_places_at_one_address_stand_side_by_side() -> None:
    found = spots(sketch([Dot(str(n), 900, 300) for n in range(5)]))
    assert all(math.dist(one, other) >= 2 * DOT - 1 for one, other in combinations(found, 2))


@pytest.mark.parametrize("dots", [[], [Dot("1", 0, 0)], [Dot("1", 29, 180)], [Dot("1", FAR + 1, 0)]])
def test_where_there_is_nowhere_to_walk_there_is_no_picture(dots: list[Dot]) -> None:
    assert sketch(dots) == ""


def test_what_is_too_far_to_walk_does_not_press_the_rest_together() -> None:
    assert sketch([Dot("1", 400, 45), Dot("2", 30_000, 45)]) == sketch([Dot("1", 400, 45)])


@pytest.mark.parametrize(("metres", "walked"), [(150, "1"), (400, "2"), (900, "5"), (4000, "20")])
def test_rings_are_whole_minutes_and_few(metres: int, walked: str) -> None:
    picture = sketch([Dot("", metres, 60)], lambda minutes: f"({minutes})")
    assert f"({walked})" in picture
    assert 1 <= picture.count('class="ring"') <= 4


def test_minutes_are_written_by_the_reader_and_escaped() -> None:
    assert "&lt;5&gt;" in sketch([Dot("1", 900, 60)], lambda minutes: f"<{minutes}>")


def test_it_is_small_never_mirrored_and_hidden_from_screen_readers() -> None:
    picture = sketch([Dot(str(n), 90 * n, 29 * n) for n in range(1, 13)])
    assert len(picture.encode()) < 2_500
    assert 'direction="ltr" aria-hidden="true"' in picture


@given(ANY_DOTS)
def test_whatever_the_places_it_is_well_formed_and_every_dot_is_in_the_picture(dots: list[Dot]) -> None:
    picture = sketch(dots)
    if not picture:
        return
    svg = ElementTree.fromstring(picture)  # noqa: S314 (our own)
    left, top = map(float, re.findall(r"translate\((-?\d+) (-?\d+)\)", picture)[0])
    height = float(svg.attrib["viewBox"].split()[3])
    assert all(0 <= x + left <= WIDTH and 0 <= y + top <= height for x, y in spots(picture))
