"""The next safe-points, as a visitor sees them."""

import shutil
from pathlib import Path

import pytest
from werkzeug.test import Client

from fieldref import settings
from fieldref.folders import folder as shipped
from fieldref.guide.build import build
from fieldref.web.public import create_public

OFFERED = ("en", "fr", "es", "ar", "fa", "bn")


@pytest.fixture
def end_of_the_road(tmp_path: Path) -> Client:
    """A phone at a safe-point that knows of no other."""
    settings.write(tmp_path, settings.Settings(name="End", latitude=36.5, longitude=15.0))
    shutil.copytree(shipped("seed") / "directory", tmp_path / "directory")
    (tmp_path / "directory" / "route.csv").unlink()
    build(tmp_path)
    return Client(create_public(tmp_path))


def test_the_nearest_first_with_what_they_offer(phone: Client) -> None:
    page = phone.get("/en/onward/").text
    assert page.index("Salt Bay") < page.index("Oldbridge") < page.index("Pine Pass")
    for said in ("44", "km, north-east", "Shelter", "Checked on", "tel:+441632960501", "Open day and night", "SAMPLE"):
        assert said in page
    assert page.count("Call before you walk, or ask us.") >= 1


@pytest.mark.parametrize("code", OFFERED)
def test_each_language_has_the_names_and_no_address(phone: Client, code: str) -> None:
    answer = phone.get(f"/{code}/onward/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert ("Safe-point Salt Bay" in answer.text) == (code == "en")
    assert answer.text.count("<h2") == 3


@pytest.mark.parametrize("page", ["", "keep/"])
def test_it_is_led_to_where_there_is_something_to_say(phone: Client, end_of_the_road: Client, page: str) -> None:
    assert 'href="/en/onward/"' in phone.get(f"/en/{page}").text
    assert "onward" not in end_of_the_road.get(f"/en/{page}").text


def test_where_nothing_is_known_the_page_says_so(end_of_the_road: Client) -> None:
    page = end_of_the_road.get("/en/onward/").text
    assert "We do not know the next safe-points." in page
    assert "Ask a volunteer." in page
    assert "SAMPLE" not in page


def test_a_language_that_is_not_offered_has_no_page(phone: Client) -> None:
    assert phone.get("/so/onward/").status_code == 404
