"""Pads and answer sheets in a real browser: on a small phone, on a laptop, and by keyboard alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fieldref.register.codes import new_code, printed

PHONE, LAPTOP = {"width": 360, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(params=["en", "ar"])
def signed_in(request: Any, page: Any, staff: str) -> Iterator[Any]:
    """The staff home, in English and in Arabic."""
    page.goto(f"{staff}/{request.param}/sign-in")
    page.fill("#pin", "482915")
    page.press("#pin", "Enter")
    page.wait_for_selector(".tongues")
    yield page


@pytest.fixture
def go(signed_in: Any, staff: str) -> Callable[[str], Any]:
    """Open a page of the staff door in the language of the test."""
    language = signed_in.url.split("/")[3]

    def to(path: str) -> Any:
        signed_in.goto(f"{staff}/{language}/{path}")
        return signed_in

    return to


def fits(page: Any) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_pages_fit_and_axe_finds_nothing(go: Any, accessible: Any, screen: dict[str, int]) -> None:
    for path in ("pad", "pad/enter", "answers", "answers/enter"):
        page = go(path)
        page.set_viewport_size(screen)
        assert fits(page)
        accessible(page)


def test_a_grid_with_mistakes_fits_and_says_them_to_everybody(go: Any, accessible: Any) -> None:
    page = go("pad/enter")
    page.fill("[name=code-0]", "K7QM-3XWF-9T2R-X")
    page.select_option("[name=need-0]", "food")
    page.select_option("[name=service-0]", "port-clinic-doctor")
    page.check("[name=consent-0]")
    page.click(".done button")
    page.wait_for_selector("[role=alert]")
    assert fits(page)
    accessible(page)
    code = page.locator("[name=code-0]")
    assert (code.input_value(), code.get_attribute("aria-invalid")) == ("K7QM-3XWF-9T2R-X", "true")
    assert page.locator(f"#{code.get_attribute('aria-describedby')}").is_visible()
    assert page.evaluate("document.activeElement.name") == "code-0"


def test_enter_in_a_cell_does_not_send_a_half_filled_grid(go: Any) -> None:
    """A scanner sends Enter after every code."""
    page = go("pad/enter")
    page.fill("[name=code-0]", printed(new_code()))
    page.press("[name=code-0]", "Enter")
    page.wait_for_timeout(300)
    assert page.locator("[role=alert]").count() == 0
    assert page.locator("[name=code-0]").input_value()


def test_the_keyboard_alone_enters_a_pad(go: Any) -> None:
    page = go("pad/enter")
    page.set_viewport_size(LAPTOP)
    keys = page.keyboard
    assert page.evaluate("document.activeElement.name") == "code-0"
    for row in range(2):
        keys.type(printed(new_code()))
        for name, choices in (
            ("need", 5),
            ("service", 1),
            ("sex", 1),
            ("age_band", 4),
            ("travelling", 0),
            ("priority", 0),
        ):
            keys.press("Tab")
            assert page.evaluate("document.activeElement.name") == f"{name}-{row}"
            for _ in range(choices):
                keys.press("ArrowDown")
        keys.press("Tab")
        keys.press("Space")
        keys.press("Tab")
    page.select_option("[name=service-0]", "harbour-kitchen-meals")
    page.select_option("[name=service-1]", "harbour-kitchen-meals")
    for _ in range(80):
        if page.evaluate("document.activeElement.matches('.done button')"):
            break
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector("[role=status]")
    assert "2" in page.locator("[role=status]").inner_text()
    assert page.locator("[name=code-0]").input_value() == ""


def test_an_answer_sheet_is_printed_and_entered(go: Any, accessible: Any) -> None:
    page = go("pad/enter")
    code = printed(new_code())
    page.fill("[name=code-0]", code)
    page.select_option("[name=need-0]", "food")
    page.select_option("[name=service-0]", "open-table-dinner")
    page.check("[name=consent-0]")
    page.click(".done button")
    page.wait_for_selector("[role=status]")
    page = go("answers")
    page.click("label:has(input[value=open-table-dinner])")
    accessible(page)
    page.click("button[value=print]")
    assert code in page.locator(".answers tbody th").all_inner_texts()
    assert fits(page)
    accessible(page)
    page = go("answers")
    page.click("label:has(input[value=open-table-dinner])")
    page.click("button[value=enter]")
    row = page.locator(f"fieldset:has(input[value='{code}'])")
    row.locator("select").first.select_option("completed")
    page.click(".done button")
    page.wait_for_selector("[role=status]")
    assert page.locator("[role=status]").count() == 1


def test_what_the_printer_gets_from_the_door_is_the_key_and_the_sheets(go: Any, accessible: Any) -> None:
    page = go("pad")
    page.click("label:has(input[value='3'])")
    page.click("button[value=fa]")
    page.wait_for_selector(".pad")
    assert fits(page)
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    sheet = page.locator(".pad .sheet").first.bounding_box()
    for part in page.locator(".ours, .theirs").all():
        assert part.evaluate("e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth")
    assert (round(sheet["x"]), round(sheet["width"])) == (0, 794)
    assert not page.locator(".band, h1.no-print").first.is_visible()
    accessible(page)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2 + 3
