"""The clock page on a small screen: a yes under the thumb, and the time of the device in hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldref import settings
from fieldref.exchange import keys
from fieldref.guide.build import build


@pytest.fixture(params=["en", "ar"])
def woken(request: Any, page: Any, open_door: Any, tmp_path: Path, words: str) -> Iterator[Any]:
    """A shift opened without a word on the day, at a box whose clock nobody has confirmed; the page that asks."""
    settings.write(tmp_path, settings.Settings(name="Quiet Post", step="border"))
    keys.make_device(tmp_path, words)
    build(tmp_path)
    address = open_door("staff", tmp_path)
    page.goto(f"{address}/{request.param}/sign-in")
    page.fill("#passphrase", words)
    page.press("#passphrase", "Enter")
    page.wait_for_selector(".pin")
    page.goto(f"{address}/{request.param}/clock")
    yield page


def test_a_yes_is_one_tap_and_the_page_is_accessible(woken: Any, accessible: Any) -> None:
    accessible(woken)
    woken.click(".done button")
    woken.wait_for_selector("main .notice.services")
    accessible(woken)


def test_the_time_of_the_device_fills_the_form(woken: Any) -> None:
    woken.click("#set button[type=button]")
    there = woken.evaluate("new Date().getFullYear() + '-' + ('0' + (new Date().getMonth() + 1)).slice(-2)")
    assert woken.input_value("#day").startswith(there)
    woken.click("#set button:not([type=button])")
    woken.wait_for_selector("main .notice.services")
    assert woken.evaluate("document.documentElement.scrollWidth") <= 360
