"""A volunteer chooses a sheet and looks at it on a phone before it is printed, in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from fieldref import settings
from fieldref.exchange import keys
from fieldref.guide.build import build
from fieldref.register import shift

WORDS, PIN = "nine quiet boats at dawn", "482915"


@pytest.fixture(scope="module")
def lamp_post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A safe-point with an address to print, and an open shift."""
    folder = tmp_path_factory.mktemp("lamp-post")
    settings.write(folder, settings.Settings(name="Lamp Post", address="10.42.0.1", network="FREE INFO"))
    (folder / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    keys.make_device(folder, WORDS)
    build(folder)
    shift.open_shift(folder, WORDS, PIN)
    return folder


@pytest.fixture(scope="module")
def door(open_door: Any, lamp_post: Path) -> str:
    return str(open_door("staff", lamp_post))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_sheet_is_chosen_and_looked_at(language: str, page: Any, door: str, accessible: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{door}/{language}/sign-in")
    page.fill("#pin", PIN)
    page.press("#pin", "Enter")
    page.click("a[href$='/print']")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.select_option("#what", "needs/shelter")
    page.select_option("#distance", "3")
    page.uncheck("input[value=es]")
    page.click("form[action$='/print'] button")
    page.wait_for_selector(".poster")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".poster h1").count() == 5
    assert page.locator(".risks").count() == 1
    assert page.locator(".poster img").evaluate("each => each.complete && each.naturalWidth > 0")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    box = page.locator(".poster").bounding_box()
    assert (box["x"], box["y"]) == pytest.approx((0, 0), abs=1)
    assert page.pdf(prefer_css_page_size=True).count(b"/MediaBox [0 0 594.95") == 1
