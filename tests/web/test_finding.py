"""What is open near here, who it is for, and the way through a need: at the public door."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import clock
from fieldref.guide.groups import GROUPS
from fieldref.guide.offers import Offer
from fieldref.languages import BY_CODE
from fieldref.vocabulary import NEEDS
from fieldref.web import finding
from fieldref.web.public import create_public

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")
PATHS = ["near/", "for/", *(f"for/{group.code}" for group in GROUPS)]
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0)
NOBODY_CHECKED = datetime(2028, 1, 3, 10, 0)  # for over a year
At = Callable[[datetime], Client]


@pytest.fixture
def at(port_miralo: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A phone at the public door at some moment."""

    def open_at(moment: datetime) -> Client:
        monkeypatch.setattr(clock, "now", lambda: moment)
        return Client(create_public(port_miralo))

    return open_at


def services_on(page: str) -> list[str]:
    """The services a page leads to, in order, each once."""
    return list(dict.fromkeys(re.findall(r'href="/\w+/service/([a-z-]+)"', page)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("code", OFFERED)
def test_a_page_is_whole_in_every_language(phone: Client, code: str, path: str) -> None:
    answer = phone.get(f"/{code}/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{code}" dir="{BY_CODE[code].direction}">' in answer.text
    assert len(re.findall("<h1", answer.text)) == 1
    assert f'href="/{code}/languages/{path}"' in answer.text
    assert "Set-Cookie" not in answer.headers and "<script" not in answer.text


def test_near_lists_what_is_open_now_the_nearest_first(at: At) -> None:
    found = services_on(at(MONDAY_MORNING).get("/en/near/").text)
    assert found.index("safe-point-first-aid") < found.index("warm-store-clothes") < found.index("port-clinic-doctor")
    assert "harbour-kitchen-meals" not in found  # opens at noon
    assert "hill-guest-house-rooms" not in found  # open, and not checked for long
    assert len(found) <= 20


def test_near_shows_other_places_at_another_hour(at: At) -> None:
    night = services_on(at(MONDAY_MORNING.replace(hour=23)).get("/en/near/").text)
    assert "night-soup" in night and "warm-store-clothes" not in night


def test_near_is_made_anew_when_a_place_opens_that_is_not_yet_on_it(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[str] = []

    def kept(made: str, listed: list[Offer], *, daily: bool) -> str:
        watched.extend(each.service.id for each in listed)
        return made

    monkeypatch.setattr(finding, "kept", kept)
    page = at(MONDAY_MORNING).get("/en/near/").text
    assert "harbour-kitchen-meals" in watched and "harbour-kitchen-meals" not in page


def test_long_after_nobody_checked_near_says_that_it_knows_of_nothing(at: At) -> None:
    answer = at(NOBODY_CHECKED).get("/en/near/").text
    assert "We know of no place that is open now." in answer


def test_a_group_finds_its_own_places_before_those_for_everyone(at: At) -> None:
    found = services_on(at(MONDAY_MORNING).get("/en/for/women").text)
    assert found.index("womens-safe-house") < found.index("drinking-water")
    assert "old-school-beds" not in found  # for men


def test_no_such_group_is_not_found(phone: Client) -> None:
    assert phone.get("/en/for/kings").status_code == 404
    assert phone.get("/en/for/conditions").status_code == 404
    assert phone.get("/ur/near/").status_code == 404


def test_both_are_reached_from_the_services(phone: Client) -> None:
    page = phone.get("/ar/services/").text
    assert 'href="/ar/near/"' in page and 'href="/ar/for/"' in page


@pytest.mark.parametrize("need", [need.code for need in NEEDS])
def test_a_need_says_what_to_do_first(phone: Client, need: str) -> None:
    page = phone.get(f"/en/needs/{need}").text
    assert ">First<" in page
    first = re.search(r'class="notice path">.*?href="(/en/services/[a-z-]+)"', page, re.DOTALL)
    assert first and phone.get(first[1]).status_code == 200


def test_a_secret_place_is_not_on_the_map(at: At) -> None:
    page = at(MONDAY_MORNING).get("/en/needs/shelter").text
    on_the_map = re.findall(r'class="on"[^>]*>(\d+)<', page)
    cards = dict(re.findall(r'<span class="pip">(\d+)</span>\s*<div><h2[^>]*><a href="/en/service/([a-z-]+)"', page))
    assert "lighthouse-hostel-beds" in cards.values()
    assert sorted(on_the_map) == sorted(cards)
    assert "A secret place is never on the map." in page
    assert "<figure" not in at(MONDAY_MORNING).get("/en/service/womens-safe-house").text


def test_the_map_reads_from_left_to_right_in_arabic_too(phone: Client) -> None:
    assert '<svg viewBox="0 0 320' in phone.get("/ar/service/port-clinic-doctor").text
    assert 'direction="ltr"' in phone.get("/ar/service/port-clinic-doctor").text


def test_a_search_that_finds_nothing_offers_the_needs_and_a_way_to_say_so(phone: Client) -> None:
    page = phone.get("/en/search?q=xylophone").text
    assert "/en/needs/food" in page and "/en/missing" in page


def test_a_search_shows_the_need_with_its_pictogram_and_word(phone: Client) -> None:
    page = phone.get("/es/search?q=cama").text
    assert re.search(r'href="/es/needs/shelter"><svg.*?<span>Albergue</span>', page)
