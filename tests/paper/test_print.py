"""What comes out of the printer: true sizes, one sheet, and codes that a camera reads."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fieldref.paper import qr
from fieldref.paper.posters import poster as made
from fieldref.paper.posters import whole
from fieldref.paper.slips import Slip, sheet
from fieldref.settings import Settings

MM = 96 / 25.4  # CSS pixels
TODAY = date(2026, 11, 22)
LANGUAGES = ["en", "ar", "bn"]
Camera = Callable[..., list[str]]
Paper = Callable[[str], Any]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_camera_reads_the_network_and_the_address_that_is_printed(
    safe_point: Settings, language: str, camera: Camera, page: Any
) -> None:
    """The same address: in capitals in the code, in small letters for a phone's keyboard."""
    join, address = camera(poster(safe_point, language, printed=TODAY))
    assert join == "WIFI:T:nopass;S:SAFE-POINT FREE INFO;;"
    assert address.lower() == page.locator(".address").inner_text().replace("\n", "")
    assert address == f"HTTP://10.42.0.1/{language.upper()}"


@pytest.mark.parametrize("network", ["SAFE-POINT FREE INFO", ""])
def test_a_bad_photocopy_can_be_read(safe_point: Settings, network: str, camera: Camera) -> None:
    worn = camera(poster(replace(safe_point, network=network), "ar", printed=TODAY), worn=True)
    assert worn[-1] == "HTTP://10.42.0.1/AR"


def test_a_network_of_odd_letters_is_read_as_it_was_written(safe_point: Settings, camera: Camera) -> None:
    odd = replace(safe_point, network=r'A;B:C,"D\E', password='semi;colon,"\\')
    assert camera(poster(odd, "en", printed=TODAY))[0] == qr.wifi(odd.network, odd.password)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poster_is_one_a4_sheet_with_codes_of_88_mm(
    safe_point: Settings, language: str, sheet_of_paper: Paper
) -> None:
    printed = sheet_of_paper(poster(replace(safe_point, password="w" * 24), language, printed=TODAY))
    assert sheets(printed) == [(210, 297)]
    for code in printed.locator("svg.qr").all():
        side = int(code.get_attribute("viewBox").split()[-1])
        assert code.bounding_box()["width"] / MM * (side - 8) / side == pytest.approx(88, abs=0.2)


@pytest.mark.parametrize("paper", ["a6", "roll"])
@pytest.mark.parametrize("language", ["ar", "bn"])
def test_a_camera_reads_the_code_on_a_slip(slip: Slip, language: str, paper: Any, camera: Camera) -> None:
    assert camera(sheet(replace(slip, language=language), paper=paper)) == ["K7QM3XWF9T2RC"]


def test_a_slip_with_everything_on_it_is_one_a6_sheet(slip: Slip, sheet_of_paper: Paper) -> None:
    assert sheets(sheet_of_paper(sheet(slip))) == [(105, 148)]


def test_a_roll_is_58_mm_wide(slip: Slip, sheet_of_paper: Paper) -> None:
    assert sheets(sheet_of_paper(sheet(slip, paper="roll"))) == [(58, 200)]


@pytest.mark.parametrize("paper", ["a6", "roll"])
def test_the_white_of_the_qr_code_covers_nothing_of_the_letters(slip: Slip, paper: Any, sheet_of_paper: Paper) -> None:
    """A Q without its tail is an O, and an O is read as 0."""
    printed = sheet_of_paper(sheet(slip, paper=paper))
    code, drawing = (printed.locator(part).bounding_box() for part in (".code", ".qr"))
    assert code["y"] + code["height"] <= drawing["y"]


def test_nothing_on_a_poster_is_wider_than_the_paper(safe_point: Settings, sheet_of_paper: Paper) -> None:
    long = replace(safe_point, network="W" * 32, password="W" * 63)
    printed = sheet_of_paper(poster(long, "ar", printed=TODAY))
    for words in printed.locator(".words").all():
        assert words.evaluate("each => each.scrollWidth <= each.clientWidth")


def poster(place: Settings, language: str, *, printed: date) -> str:
    """The way in, in one language, as a file."""
    return str(whole(made(place, [language], printed=printed)))


def sheets(printed: Any) -> list[tuple[int, int]]:
    """The sheets a printer would use, each in millimetres."""
    pdf = printed.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes]
