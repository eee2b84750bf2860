"""The help as a volunteer reads it, on a small phone, in every language it is in."""

from typing import Any

import pytest

# One text a language, so that a longer list of texts costs no longer run.
READ = {
    "en": "now/officer-at-the-door",
    "fr": "now/violence",
    "es": "people/consent",
    "ar": "now/child-alone",
    "fa": "team/questions",
    "bn": "people/interpreters",
}
NARROWEST = {"width": 320, "height": 568}


@pytest.mark.parametrize("code", READ)
def test_axe_finds_nothing_on_the_list_and_a_text_and_both_fit(
    page: Any, staff: str, accessible: Any, code: str
) -> None:
    page.goto(f"{staff}/{code}/sign-in")
    page.fill("#pin", "482915")
    page.press("#pin", "Enter")
    page.click("a[href$='/help/']")
    accessible(page)
    heights = page.evaluate("[...document.querySelectorAll('main button, main a')].map(e => e.offsetHeight)")
    assert min(heights) >= 48
    page.click(f"button[value='{READ[code]}']")
    page.wait_for_url("**/help/read")
    accessible(page)
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_booklet(page: Any, staff: str, accessible: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{staff}/ar/sign-in")
    page.fill("#pin", "482915")
    page.press("#pin", "Enter")
    page.wait_for_selector(".tongues")
    page.goto(f"{staff}/ar/help/print")
    accessible(page)
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
