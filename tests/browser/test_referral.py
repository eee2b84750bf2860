"""The usual referral, as a volunteer taps it on a small screen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref.cli.init import make_safe_point
from fieldref.exchange.branch import make_branch
from fieldref.settings import Settings

WORDS = "nine quiet boats at dawn"


class Hand:
    """A hand that counts its taps."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str) -> None:
        self.taps += 1
        assert not self.hunts(what), f"{what} is not in view"
        self.page.locator(what).first.click()

    def hunts(self, what: str) -> bool:
        """Whether the hand has to scroll for it: it is not wholly between the top and the finish bar."""
        box = self.page.locator(what).first.bounding_box()
        bar = self.page.locator(".done")
        foot = bar.bounding_box()["y"] if bar.count() else self.page.viewport_size["height"]
        return bool(box["y"] < 0 or box["y"] + box["height"] > foot)


def agree(page: Any) -> None:
    """Say yes; and all the same, where the hour or the age of the sample directory speaks against the place."""
    page.click("button[value=yes]")
    if page.locator("form:has(input[name=sure])").count():
        page.click("form:has(input[name=sure]) button")


@pytest.fixture(params=["en", "ar"])
def signed_in(request: Any, page: Any, staff: str) -> Iterator[Any]:
    """The staff home, in English and in Arabic, on the smallest usual screen."""
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{staff}/{request.param}/sign-in")
    page.fill("#pin", "482915")
    page.press("#pin", "Enter")
    page.wait_for_selector(".tongues")
    yield page


def test_four_taps_and_a_yes_make_a_slip(signed_in: Any) -> None:
    hand = Hand(signed_in)
    hand.tap("button[value=fa]")
    hand.tap("button[value=shelter]")
    hand.tap("label:has(input[name=service])")
    hand.tap("label:has(input[value='female/18-59'])")
    assert hand.taps == 4
    assert not hand.hunts(".say")
    agree(signed_in)
    assert signed_in.locator(".slip").get_attribute("lang") == "fa"
    assert signed_in.locator(".slip .code").inner_text().replace("\u200b", "").count("-") == 3


@pytest.mark.parametrize("person", ["ar", "bn"])
def test_a_slip_is_one_sheet_on_every_paper(signed_in: Any, staff: str, person: str) -> None:
    signed_in.click(f"button[value={person}]")
    signed_in.click("button[value=health_physical]")
    signed_in.click("label:has(input[value='port-clinic-doctor'])")
    signed_in.click("label:has(input[value='female/18-59'])")
    agree(signed_in)
    language = signed_in.url.split("/")[3]
    for paper in ("a6", "roll", "roll80"):
        signed_in.goto(f"{staff}/{language}/slip?paper={paper}")
        assert signed_in.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


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

    for selector, key in (("button[value=bn]", "Enter"), ("button[value=wash]", "Enter"),
                          ("input[name=service]", "Space"), ("input[name=who]", "Space"),
                          ("button[value=yes]", "Enter")):  # fmt: skip
        until(selector)
        keyboard.press(key)
    signed_in.wait_for_selector(".slip, .steps, input[name=sure]", state="attached")
    if signed_in.locator("input[name=sure]").count():
        until("form:has(input[name=sure]) button")
        keyboard.press("Enter")
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
    agree(signed_in)
    accessible(signed_in)
    code = signed_in.locator(".slip .code").inner_text()
    signed_in.goto(f"{staff}/{language}/outcome")
    accessible(signed_in)
    signed_in.fill("#code", code)
    signed_in.press("#code", "Enter")
    accessible(signed_in)
    signed_in.click("form[action$=withdraw] button")
    accessible(signed_in)
    for path in ("tally", "due", ""):
        signed_in.goto(f"{staff}/{language}/{path}")
        accessible(signed_in)


def test_the_staff_pages_fit_the_narrowest_screen(signed_in: Any) -> None:
    signed_in.set_viewport_size({"width": 320, "height": 568})
    signed_in.click("button[value=ar]")
    signed_in.click("button[value=shelter]")
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 320
    signed_in.click("label.key.wide >> nth=0")
    signed_in.click("label:has(input[value='male/60+'])")
    agree(signed_in)
    signed_in.wait_for_selector(".slip")
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_had_better_not_be_done_is_said_before_the_slip(signed_in: Any, accessible: Any) -> None:
    signed_in.click("button[value=ar]")
    signed_in.click("button[value=health_physical]")
    signed_in.click("details:has(input[value='port-clinic-dentist']) > summary")
    signed_in.click("label:has(input[value='port-clinic-dentist'])")
    signed_in.click("label:has(input[value='male/5-11'])")
    signed_in.click("details:has(input[name=travelling]) > summary")
    signed_in.click("label:has(input[value=child_without_carer])")
    signed_in.click("label:has(input[value=emergency])")
    signed_in.click("button[value=yes]")
    accessible(signed_in)
    assert signed_in.locator("[role=alert]").count() == 1
    signed_in.click("form:has(input[name=sure]) button")
    accessible(signed_in)
    assert signed_in.locator("main > .steps").count() == 2
    signed_in.click("summary >> nth=0")
    accessible(signed_in)
    signed_in.click(".done a")
    assert signed_in.locator(".slip").count() == 1
    signed_in.click("form[action$=again] button")
    assert signed_in.locator("input[value='port-clinic-dentist']").is_checked()


@pytest.fixture(params=["en", "ar"])
def coordinator(request: Any, page: Any, open_door: Any, tmp_path: Path, pair: Any) -> Iterator[Any]:
    """The coordinator's page of a shift that was opened at the door, its branch paired."""
    folder = tmp_path / "quiet-post"
    make_safe_point(folder, Settings(name="Quiet Post", step="border"), WORDS)
    make_branch(tmp_path / "north", "North", WORDS)
    pair(tmp_path / "north", folder)
    page.goto(f"{open_door('staff', folder)}/{request.param}/sign-in")
    yield page


def test_a_shift_is_opened_peopled_and_closed_at_the_door(coordinator: Any, accessible: Any) -> None:
    accessible(coordinator)
    coordinator.fill("#passphrase", WORDS)
    coordinator.press("#passphrase", "Enter")
    coordinator.wait_for_selector(".pin")
    accessible(coordinator)
    coordinator.click("form[action$=volunteers] button")
    coordinator.wait_for_selector("button[value='2']")
    coordinator.fill("#passphrase", "wrong " * 4)
    coordinator.press("#passphrase", "Enter")
    coordinator.wait_for_selector("[role=alert]")
    accessible(coordinator)
    coordinator.wait_for_timeout(1100)  # the second that a wrong passphrase costs
    coordinator.fill("#passphrase", WORDS)
    coordinator.press("#passphrase", "Enter")
    coordinator.wait_for_selector(".file")
    accessible(coordinator)


def test_the_sign_in_of_several_volunteers_is_accessible(coordinator: Any, accessible: Any) -> None:
    coordinator.fill("#passphrase", WORDS)
    coordinator.press("#passphrase", "Enter")
    coordinator.click("form[action$=volunteers] button")
    coordinator.click("form[action$=sign-out] button")
    coordinator.wait_for_selector("#pin")
    coordinator.click("summary")
    accessible(coordinator)
