"""A volunteer's own phone: it reads the card, is warned, goes on, and makes the usual referral, over TLS."""

import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from fieldref.paper.staff_card import sheet
from fieldref.settings import read
from fieldref.web.lan import card_of, lan_at

WIFI = "127.0.0.2"  # stands for the box's address on its Wi-Fi


@pytest.fixture(scope="module")
def card(port_miralo: Path) -> Iterator[str]:
    """The card of a staff door that is open over TLS, in Arabic, as HTML."""
    with socket.socket() as free:
        free.bind((WIFI, 0))
        port = free.getsockname()[1]
    door = lan_at(port_miralo, f"{WIFI}:{port}")
    command = [sys.executable, "-m", "fieldref.web.listen", "staff-lan", str(port_miralo), WIFI, str(port)]
    process = subprocess.Popen(command)
    for _ in range(200):
        with socket.socket() as knocking:
            if knocking.connect_ex((WIFI, port)) == 0:
                break
        time.sleep(0.1)
    yield sheet(card_of(door, read(port_miralo), "ar"))
    process.terminate()
    process.wait(timeout=15)


@pytest.fixture
def read_address(page: Any, card: str) -> str:
    """What a camera reads on the printed card."""
    page.set_viewport_size({"width": 397, "height": 560})
    page.emulate_media(media="print")
    page.set_content(card)
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert code.text == page.locator(".where").inner_text().replace("\n", "")
    return str(code.text)


@pytest.fixture
def phone(browser: Any, read_address: str) -> Iterator[Any]:
    """A small phone in Arabic, whose volunteer has compared the fingerprint and went on, and has read the card."""
    context = browser.new_context(
        ignore_https_errors=True, viewport={"width": 360, "height": 640}, locale="ar", has_touch=True
    )
    page = context.new_page()
    page.goto(read_address)
    yield page
    context.close()


def test_the_browser_warns_before_anything_is_sent(page: Any, read_address: str) -> None:
    with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(read_address)


def test_four_taps_and_a_yes_on_a_volunteers_phone(phone: Any, accessible: Any) -> None:
    assert phone.url.startswith(f"https://{WIFI}:")
    assert phone.locator("html").get_attribute("dir") == "rtl"
    accessible(phone)
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.fill("#pin", "482915")
    phone.press("#pin", "Enter")
    taps = ["button[value=fa]", "button[value=shelter]", "label:has(input[value='womens-safe-house'])",
            "label:has(input[value='female/18-59'])"]  # fmt: skip
    for each in taps:
        phone.wait_for_selector(each)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        phone.locator(each).first.tap()
    phone.locator("button[value=yes]").tap()
    phone.wait_for_selector(".slip, input[name=sure]", state="attached")
    if phone.locator("form:has(input[name=sure])").count():  # the hour, or the sample directory's age
        phone.locator("form:has(input[name=sure]) button").last.tap()
    phone.wait_for_selector(".slip")
    assert len(taps) == 4
    assert phone.locator(".slip").get_attribute("lang") == "fa"
    cookies = phone.context.cookies()
    assert {each["name"] for each in cookies} == {"__Host-fieldref_card", "__Host-fieldref_staff"}
    assert all(each["secure"] and each["httpOnly"] for each in cookies)


def test_there_the_camera_may_be_asked_for(phone: Any) -> None:
    phone.fill("#pin", "482915")
    phone.press("#pin", "Enter")
    phone.wait_for_selector(".tongues")
    phone.goto(phone.url.rstrip("/") + "/outcome")
    assert phone.evaluate("isSecureContext")
    assert phone.locator("#scan button").count() == 1


def test_a_phone_that_has_not_read_the_card_is_told_so(browser: Any, read_address: str, accessible: Any) -> None:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 360, "height": 640}, locale="ar")
    page = context.new_page()
    page.goto(read_address.split("/card/")[0])
    assert page.locator("form").count() == 0
    assert page.locator("html").get_attribute("lang") == "ar"
    accessible(page)
    context.close()


def test_the_card_is_one_sheet_and_its_code_is_read_after_a_bad_copy(page: Any, card: str, read_address: str) -> None:
    assert page.evaluate("document.querySelector('.staffcard').getBoundingClientRect().height") <= 148 * 96 / 25.4
    image = Image.open(io.BytesIO(page.screenshot())).convert("L").resize((300, 423))
    [code] = zxingcpp.read_barcodes(image.point(lambda grey: 70 + grey // 3).rotate(5, expand=True, fillcolor=155))
    assert code.text == read_address


def test_the_coordinators_card_fits_and_is_accessible(
    page: Any, open_door: Any, port_miralo: Path, accessible: Any
) -> None:
    address = open_door("staff", port_miralo, "--beside", "10.42.0.1:8443")
    page.goto(f"{address}/ar/sign-in")
    page.click("summary")
    page.fill("#passphrase", "nine quiet boats at dawn")
    page.press("#passphrase", "Enter")
    page.click("a[href$='/shift/card']")
    page.wait_for_selector(".staffcard")
    accessible(page)
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
