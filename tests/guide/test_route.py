"""The next safe-points: read row by row, kept in the guide, seen from here, taken along by a package."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from fieldref.guide import directory, packages
from fieldref.guide.onward import onward
from fieldref.guide.opened import Guide
from fieldref.guide.service import NextSafePoint
from fieldref.settings import Settings

WriteTables = Callable[..., Path]
SERVICES = "id,name,status,needs\na,A,active,food"
HEAD = "id,name,latitude,longitude,country,needs,step,languages,phone,checked,notes\n"
BAY = "bay,Bay,36.9,15.0,IT,food;wash,border,en;ar,+44 1632 960501,2026-11-18,call_first\n"
TODAY = date(2026, 11, 22)


def test_a_row_becomes_a_safe_point(tables: WriteTables) -> None:
    found, problems = directory.read(tables(services=SERVICES, route=HEAD + BAY))
    (bay,) = found.route
    assert (bay.name, bay.needs, bay.languages, bay.notes) == ("Bay", ("food", "wash"), ("en", "ar"), ("call_first",))
    assert bay.phone and bay.phone.dial == "tel:+441632960501"
    assert (bay.step, bay.country, bay.checked) == ("border", "IT", date(2026, 11, 18))
    assert problems == ()


def test_what_is_wrong_is_said_row_by_row(tables: WriteTables) -> None:
    rows = "bay,Again,,,,,,,,,\nx,,1,1,,,,,,,\ny,Y,north,2,,fun,,,call us,soon,\nz,Z,,,,,,,,,\n"
    found, problems = directory.read(tables(services=SERVICES, route=HEAD + BAY + rows))
    assert [each.id for each in found.route] == ["bay", "y", "z"]
    said = [(each.kind, each.where) for each in problems if each.table == "route"]
    assert said == [
        ("duplicate", "route.csv line 3"),
        ("refused", "route.csv line 4"),
        ("place", "route.csv line 5"),
        ("phone", "route.csv line 5"),
        ("code", "route.csv line 5"),
        ("date", "route.csv line 5"),
        ("place", "route.csv line 6"),
    ]


def test_no_file_is_no_route(two_kitchens: Path) -> None:
    assert directory.read(two_kitchens)[0].route == ()


def test_the_guide_says_their_names_in_the_readers_language(shipped_guide: Guide) -> None:
    for language in shipped_guide.languages:
        points = shipped_guide.next_safe_points(language.code)
        assert [each.untranslated for each in points] == [(), (), ()], language.code
    assert shipped_guide.next_safe_points("ar")[0].name == "النقطة الآمنة، خليج الملح"
    assert shipped_guide.next_safe_points("so")[0].untranslated == ("name",)


def test_the_nearest_comes_first_and_an_unknown_distance_last(miralo: Settings) -> None:
    points = (NextSafePoint("lost", "L"), NextSafePoint("far", "F", 38.0, 15.0), NextSafePoint("near", "N", 36.0, 15.0))
    near, far, lost = onward(points, miralo, TODAY)
    assert near.way and far.way
    assert (near.way.metres, near.way.direction, far.way.direction) == (55600, "s", "n")
    assert lost.way is None
    assert onward(points, Settings(name="Nowhere"), TODAY)[0].way is None


def test_what_was_not_checked_lately_wants_a_call_first(miralo: Settings) -> None:
    fresh = NextSafePoint("a", "A", checked=date(2026, 11, 1))
    old = NextSafePoint("b", "B", checked=date(2026, 8, 1))
    doubted = NextSafePoint("c", "C", checked=date(2026, 11, 1), notes=("call_first",))
    seen = onward((fresh, old, doubted, NextSafePoint("d", "D")), miralo, TODAY)
    assert [each.call_first for each in seen] == [False, True, True, True]


def test_the_file_travels_in_and_out_with_the_services(tables: WriteTables, tmp_path: Path) -> None:
    texts = "table,id,language,field,text\nroute,bay,fr,name,Baie"
    home = tmp_path / "home"
    home.mkdir()
    packages.take_in(packages.open_package(tables(services=SERVICES, route=HEAD + BAY, texts=texts)), home)
    taken, problems = directory.read(home / "directory")
    assert (len(taken.route), len(taken.texts), problems) == (1, 1, ())
    packages.give_out(taken, tmp_path / "out")
    packages.give_out_as_json(taken, tmp_path / "out.json")
    for source in (tmp_path / "out", tmp_path / "out.json"):
        assert packages.open_package(source).directory == taken
