"""The usual referral, as a volunteer taps it on a small screen."""

from collections.abc import Iterator
from typing import Any

import pytest


class Hand:
    """A hand that counts its taps."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str) -> None:
        self.taps += 1
        self.page.locator(what).first.click()


@pytest.fixture(params=["en", "ar"])
def signed_in(request: Any, page: Any, staff: str) -> Iterator[Any]:
    """The staff home, in English and in Arabic."""
    page.goto(f"{staff}/{request.param}/sign-in")
    page.fill("#pin", "482915")
    page.press("#pin", "Enter")
    page.wait_for_selector(".tongues")
    yield page


def test_four_taps_and_a_yes_make_a_slip(signed_in: Any) -> None:
    hand = Hand(signed_in)
    hand.tap("button[value=fa]")
    hand.tap("button[value=shelter]")
    hand.tap("label.key.wide")
    hand.tap("label:has(input[value='female/18-59'])")
    assert hand.taps == 4
    hand.tap("button[value=yes]")
    assert signed_in.locator(".slip").get_attribute("lang") == "fa"
    assert signed_in.locator(".slip .code").inner_text().replace("\u200b", "").count("-") == 3


def test_the_keyboard_alone_makes_a_slip(signed_in: Any) -> None:
    keyboard = signed_in.keyboard

    def until(selector: str) -> None:
        """Press Tab until the focus is there, as somebody without a mouse does."""
        signed_in.wait_for_selector(selector, state="attached")
        for _ in range(80):
            if signed_in.evaluate("s => document.activeElement.matches(s)", selector):
                return
            keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the keyboard")

    for selector, key in (("button[value=bn]", "Enter"), ("button[value=food]", "Enter"),
                          ("input[name=service]", "Space"), ("input[name=who]", "Space"),
                          ("button[value=yes]", "Enter")):  # fmt: skip
        until(selector)
        keyboard.press(key)
    signed_in.wait_for_selector(".slip")
    assert signed_in.locator(".slip").get_attribute("lang") == "bn"


def test_a_form_without_a_place_is_not_sent(signed_in: Any) -> None:
    signed_in.click("button[value=ar]")
    signed_in.click("button[value=shelter]")
    signed_in.click("button[value=yes]")
    assert signed_in.locator(".slip").count() == 0


def test_axe_finds_nothing_on_the_staff_pages(signed_in: Any, staff: str, accessible: Any) -> None:
    language = signed_in.url.split("/")[3]
    accessible(signed_in)
    signed_in.click("button[value=ar]")
    accessible(signed_in)
    signed_in.click("button[value=health_physical]")
    accessible(signed_in)
    signed_in.click("label.key.wide >> nth=0")
    signed_in.click("label:has(input[value='male/5-11'])")
    signed_in.click("button[value=yes]")
    accessible(signed_in)
    code = signed_in.locator(".slip .code").inner_text()
    signed_in.goto(f"{staff}/{language}/outcome")
    accessible(signed_in)
    signed_in.fill("#code", code)
    signed_in.press("#code", "Enter")
    accessible(signed_in)


def test_the_staff_pages_fit_the_narrowest_screen(signed_in: Any) -> None:
    signed_in.set_viewport_size({"width": 320, "height": 568})
    signed_in.click("button[value=ar]")
    signed_in.click("button[value=shelter]")
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 320
    signed_in.click("label.key.wide >> nth=0")
    signed_in.click("label:has(input[value='male/60+'])")
    signed_in.click("button[value=yes]")
    signed_in.wait_for_selector(".slip")
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 320
