"""What stands on a poster, in words: who reads it, what it opens, and what it never does."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fieldref.guide.opened import Guide
from fieldref.paper.posters import Poster, poster, whole
from fieldref.paper.words import said
from fieldref.refusal import Refusal
from fieldref.settings import Settings

TODAY = date(2026, 11, 22)
SIX = ("en", "ar", "fa", "bn", "fr", "es")


@pytest.fixture
def hung(safe_point: Settings, shipped_guide: Guide) -> Any:
    """Make a poster of the shipped guide."""

    def make(languages: tuple[str, ...], what: str = "", **more: Any) -> Poster:
        return poster(more.pop("place", safe_point), languages, what, printed=TODAY, guide=shipped_guide, **more)

    return make


def test_a_poster_first_joins_the_network_and_then_opens_the_page(hung: Any) -> None:
    html = whole(hung(("en",)))
    assert html.index("Join this Wi-Fi") < html.index("SAFE-POINT FREE INFO</span>") < html.index("Open this page")
    assert "No password" in html


def test_a_password_is_printed(hung: Any, safe_point: Settings) -> None:
    html = whole(hung(("en",), place=replace(safe_point, password="blue lamp 1234")))
    assert ">blue lamp 1234</bdi>" in html
    assert "No password" not in html


def test_without_a_network_there_is_one_step(hung: Any, safe_point: Settings) -> None:
    html = whole(hung(("en",), place=replace(safe_point, network="")))
    assert "Join this Wi-Fi" not in html
    assert html.count('class="qr"') == 1
    assert 'class="number"' not in html


def test_six_languages_share_a_sheet_and_a_code_that_opens_the_phones_own(hung: Any) -> None:
    made = hung(SIX, "needs/shelter")
    html = whole(made)
    assert made.steps[1].says == "HTTP://10.42.0.1/NEEDS/SHELTER"
    for code in SIX:
        assert f">{said('Shelter', code)}</h1>" in html
    assert len(re.findall('<h[12] lang="(?:ar|fa)" dir="rtl">', html)) == 2 * 3  # a title and two steps


def test_one_language_opens_that_language(hung: Any) -> None:
    assert hung(("ar",), "rights/asylum").steps[1].says == "HTTP://10.42.0.1/AR/RIGHTS/ASYLUM"


@pytest.mark.parametrize("languages", [(), (*SIX, "tr")])
def test_a_sheet_has_one_to_six_languages(hung: Any, languages: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="one to 6 languages"):
        hung(languages)


def test_a_title_the_guide_lacks_is_in_english_once_and_marked(hung: Any) -> None:
    html = whole(hung(("tr", "so"), "rights/asylum"))
    assert html.count("<h1") == 1
    assert '<h1 lang="en" dir="ltr">Asking for asylum</h1>' in html


def test_a_service_has_its_door_and_phone(hung: Any) -> None:
    made = hung(("bn",), "service/lighthouse-hostel-beds")
    assert [fact.icon for fact in made.subject.facts] == ["pin", "phone", "check"]
    assert "Lantern Street 12" in whole(made)


def test_a_secret_place_has_no_place_on_paper(hung: Any, shipped_guide: Guide) -> None:
    secret = [each for each in shipped_guide.services("en").values() if each.confidential]
    assert secret
    for each in secret:
        assert "pin" not in [fact.icon for fact in hung(("en",), f"service/{each.id}").subject.facts]


def test_what_happens_today_has_its_time_and_day(hung: Any) -> None:
    html = whole(hung(("en", "ar"), "today/doctor/17:00"))
    assert "Doctor here at" in html
    assert html.count('<bdi dir="ltr">17:00</bdi>') == 3
    assert "2026-11-22" in html


def test_the_next_safe_points_are_named_without_an_arrow(hung: Any, miralo: Settings) -> None:
    """A wall faces any way; only distances are true on it."""
    place = replace(miralo, address="10.42.0.1")
    nearest = hung(("en",), "onward", place=place).subject.facts[0]
    assert (nearest.icon, nearest.text) == ("pin", "Safe-point Salt Bay · 44 km")


def test_the_emergency_sign_needs_no_network(hung: Any, miralo: Settings) -> None:
    call, say = hung(SIX, "emergency", place=replace(miralo, address="")).steps
    assert call.says == "tel:112"
    assert say.says == "Port Miralo\n36.50000, 15.00000\n112"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("rights/nothing", "the guide has no page rights/nothing"),
        ("needs/nothing", "the guide has no page needs/nothing"),
        ("service/nothing", "the guide has no service nothing"),
        ("today/doctor", "is no announcement"),
        ("today/boat/17:00", "is no announcement"),
        ("today/doctor/noon", "is no announcement"),
    ],
)
def test_what_is_not_there_is_never_printed(hung: Any, what: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        hung(("en",), what)


def test_a_poster_says_where_and_when_it_was_printed(hung: Any, shipped_guide: Guide) -> None:
    html = whole(hung(("bn",)))
    for words in ("Safe-point, Port Miralo", "2026-11-22", shipped_guide.version):
        assert words in html


@pytest.mark.parametrize("paper", ["a4", "cards", "stickers"])
def test_a_poster_needs_no_other_file(hung: Any, paper: str) -> None:
    html = whole(hung(("ar",), paper=paper))
    assert not re.search(r"<script|<link|src=|href=|url\(|@import", html)
    assert set(re.findall(r"(?i)https?://[\w.]+", html)) == {"http://10.42.0.1", "HTTP://10.42.0.1"}


def test_a_poster_that_leads_nowhere_is_refused(hung: Any, safe_point: Settings) -> None:
    with pytest.raises(Refusal, match="address"):
        hung(("en",), place=replace(safe_point, address="localhost"))


@pytest.mark.parametrize(("paper", "far"), [("a3", 1.2), ("a4", 0.9), ("a5", 0.6), ("a6", 0.4), ("stickers", 0.2)])
def test_a_code_is_read_from_ten_times_its_width_and_the_paper_says_so(hung: Any, paper: str, far: float) -> None:
    made = hung(("en",), paper=paper)
    assert made.read_from_m == pytest.approx(far)
    assert paper == "stickers" or f"{far:g} m" in whole(made)


def test_whoever_asks_for_more_distance_than_a_paper_gives_is_told(hung: Any) -> None:
    assert hung(("en",), distance=0.9).warnings == ()
    assert str(hung(("en",), distance=3).warnings[0]).startswith("From 3 m no camera reads codes of 88 mm")


def test_a_code_with_squares_too_fine_for_a_wall_is_told(hung: Any, safe_point: Settings) -> None:
    long = replace(safe_point, network="w" * 32, password="é" * 63)
    assert "squares" in str(hung(SIX, place=long, paper="a5").warnings[0])


def test_letters_that_would_be_too_small_are_told(hung: Any) -> None:
    assert "very small" in str(hung(SIX, paper="a6").warnings[0])
