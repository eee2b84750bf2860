"""Posters at the staff door: chosen, looked at, printed; and what is printed is remembered."""

from pathlib import Path

import pytest

from fieldref import settings
from fieldref.refusal import Refusal

USUAL = {"what": "needs/shelter", "paper": "a4", "distance": "1"}


@pytest.fixture
def printer(volunteer, border_post: Path):
    """A volunteer at a place whose address phones open."""
    place = settings.Settings(name="Border Post", address="10.42.0.1", network="FREE INFO", languages=("ar", "en"))
    volunteer.client.application.config["PLACE"] = place
    volunteer.get("/en/print")
    return volunteer


def order(printer, *tongues: str, **changed: str):
    fields = USUAL | changed | {"token": printer.hidden("token")}
    headers = {"Origin": printer.here}
    data = fields | {"tongue": list(tongues)}
    return printer.client.post("/en/print", data=data, base_url=printer.here, headers=headers)


def test_the_home_has_one_way_to_everything_on_paper(volunteer) -> None:
    home = volunteer.get("/en/").text
    assert 'href="/en/print"' in home
    assert 'href="/en/pad"' not in home
    page = volunteer.get("/en/print").text
    assert all(f'href="/en/{path}"' in page for path in ("pad", "answers", "help/print"))
    assert "shift/card" not in page


def test_a_sheet_is_shown_in_the_languages_that_were_ticked(printer, border_post: Path) -> None:
    answer = order(printer, "fa", "bn")
    assert answer.status_code == 200
    assert 'aria-label="HTTP://10.42.0.1/NEEDS/SHELTER"' in answer.text
    assert answer.text.count("<h1 lang=") == 2
    assert "style=" not in answer.text
    assert (border_post / "addresses.txt").read_text("utf-8") == "needs/shelter\n"


def test_the_places_own_languages_come_first_and_six_are_ticked(printer) -> None:
    page = printer.page
    assert page.index('value="ar"') < page.index('value="en"') < page.index('value="fr"')
    assert page.count(" checked") == 6


def test_a_code_that_is_too_small_is_said_in_the_volunteers_language(printer) -> None:
    assert "From 3 m no camera reads codes of 44 mm" in order(printer, "en", distance="3", paper="a6").text


@pytest.mark.parametrize("tongues", [(), ("en", "ar", "fa", "bn", "fr", "es", "en")])
def test_one_to_six_languages(printer, tongues: tuple[str, ...]) -> None:
    answer = order(printer, *tongues)
    assert answer.status_code == (200 if tongues else 400)
    assert ("Tick one to six languages." in answer.text) == (not tongues)


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "rights/none"},
        {"what": "../keys"},
        {"what": "today/doctor/17:00"},
        {"paper": "a2"},
        {"distance": "nan"},
    ],
)
def test_only_what_the_page_offers_is_printed(printer, border_post: Path, wrong: dict[str, str]) -> None:
    assert order(printer, "en", **wrong).status_code == 400
    assert not (border_post / "addresses.txt").exists()


def test_a_language_that_is_not_offered_is_refused(printer) -> None:
    assert order(printer, "my").status_code == 400


def test_the_same_sheet_can_be_had_as_pdf(printer, border_post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = order(printer, "ar", do="pdf")
    assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert (border_post / "addresses.txt").read_text("utf-8") == "ar/needs/shelter\n"

    def no_letters(script: str) -> None:
        raise Refusal(f"this machine has no letters for {script}")

    monkeypatch.setattr("fieldref.paper.drawing.font", no_letters)
    answer = order(printer, "ar", do="pdf")
    assert (answer.status_code, "not all the letters" in answer.text) == (400, True)


def test_what_is_announced_now_can_be_hung_up(printer, border_post: Path) -> None:
    (border_post / "announcements.json").write_text(
        '[{"id": "0123456789abcdef", "code": "doctor", "time": "17:00", "until": "2999-01-01T00:00"}]'
    )
    assert 'value="today/doctor/17:00"' in printer.get("/en/print").text
    assert "Doctor here at" in order(printer, "en", what="today/doctor/17:00").text


def test_an_address_that_no_phone_opens_is_said_but_the_emergency_sign_needs_none(printer) -> None:
    place = settings.Settings(name="Border Post", address="localhost")
    printer.client.application.config["PLACE"] = place
    answer = order(printer, "ar")
    assert (answer.status_code, "would open on no phone" in answer.text) == (400, True)
    assert order(printer, "ar", what="emergency").status_code == 200


def test_the_societys_own_mark_is_cleaned_and_served_beside_the_page(printer, border_post: Path) -> None:
    assert printer.get("/en/print/logo").status_code == 404
    (border_post / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><path d="M0 0h9"/></svg>'
    )
    assert '<img src="/en/print/logo"' in order(printer, "en").text
    answer = printer.client.get("/en/print/logo", base_url=printer.here)
    assert answer.content_type == "image/svg+xml"
    assert "script" not in answer.text and "onload" not in answer.text and "M0 0h9" in answer.text


def test_a_mark_that_is_no_picture_is_said(printer, border_post: Path) -> None:
    (border_post / "logo.png").write_bytes(b"MZ")
    answer = order(printer, "en")
    assert (answer.status_code, "logo in the folder cannot be used" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("asked", "shown"), [("", "slip a6"), ("roll", "slip roll"), ("roll80", "slip roll wide"), ("a0", "slip a6")]
)
def test_a_slip_is_on_the_paper_that_was_asked_for(volunteer, asked: str, shown: str) -> None:
    volunteer.refer()
    page = volunteer.get(f"/en/slip?paper={asked}").text
    assert f'<article class="{shown}"' in page
    assert page.count('aria-current="true"') == 1
