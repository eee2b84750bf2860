"""What the public door gives to take along."""

import re

import pytest
import zxingcpp
from markupsafe import escape
from PIL import Image
from werkzeug.test import Client

from fieldref.languages import BY_CODE
from fieldref.web.pagecache import KEEP_UNTIL

OFFERED = ["en", "fr", "es", "ar", "fa", "bn"]
SHOWN = ["", "guide", "booklet", "codes", "card/risks/water-crossings", "card/rights/statelessness"]
FIRST_FLIGHT = 14_000  # bytes: ten TCP segments; the whole guide and the booklet are for later
OUTSIDE = re.compile(r"""(?:href|src|action)=(?!["']?(?:/|tel:|\#))|url\(|https?://""")


@pytest.mark.parametrize("code", OFFERED)
@pytest.mark.parametrize("path", SHOWN)
def test_a_page_to_take_along_keeps_to_itself(phone: Client, code: str, path: str) -> None:
    answer = phone.get(f"/{code}/keep/{path}")
    assert answer.status_code == 200
    assert f'<html lang="{BY_CODE[code].tag}" dir="{BY_CODE[code].direction}">' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert KEEP_UNTIL not in answer.headers
    assert not re.search("<script|<style| style=", answer.text)
    assert not (found := OUTSIDE.search(answer.text)), found
    assert len(re.findall("<h1", answer.text)) == 1


@pytest.mark.parametrize("code", OFFERED)
@pytest.mark.parametrize("path", ["", "codes", "card/risks/water-crossings", "card/risks/heat-and-cold"])
def test_all_that_a_first_look_needs_fits_one_flight(phone: Client, code: str, path: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', phone.get(f"/{code}/keep/{path}").text)
    assert len(sheets) == 2
    needed = [f"/{code}/keep/{path}", *sheets]
    assert sum(len(phone.get(each, headers=packed).data) for each in needed) <= FIRST_FLIGHT


@pytest.mark.parametrize("code", OFFERED)
def test_the_guide_and_the_contacts_are_files_with_names_of_plain_letters(phone: Client, code: str) -> None:
    guide = phone.get(f"/{code}/keep/guide.html")
    assert guide.headers["Content-Disposition"] == f'attachment; filename="fieldref-port-miralo-{code}.html"'
    assert guide.headers["Content-Type"] == "text/html"
    assert len(guide.data) <= 250_000
    contacts = phone.get(f"/{code}/keep/contacts.vcf")
    assert contacts.headers["Content-Disposition"] == f'attachment; filename="fieldref-port-miralo-{code}.vcf"'
    assert contacts.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert contacts.data.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")


def test_what_was_made_once_is_kept(phone: Client) -> None:
    first = phone.get("/fr/keep/guide.html")
    again = phone.get("/fr/keep/guide.html", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_page_leads_to_its_card_and_home_to_all_of_it(phone: Client) -> None:
    assert 'href="/ar/keep/card/rights/asylum"' in phone.get("/ar/rights/asylum").text
    assert 'href="/ar/keep/"' in phone.get("/ar/rights/asylum").text
    assert 'href="/ar/keep/"' in phone.get("/ar/").text


def test_the_way_to_another_language_leads_to_the_same_page(phone: Client) -> None:
    assert 'href="/bn/keep/card/rights/asylum"' in phone.get("/en/languages/keep/card/rights/asylum").text


@pytest.mark.parametrize("path", ["/ur/keep/", "/en/keep/card/rights/none", "/en/keep/card/x/y", "/en/keep/none"])
def test_what_is_not_here_says_so(phone: Client, path: str) -> None:
    assert phone.get(path).status_code == 404


@pytest.mark.parametrize("code", OFFERED)
def test_a_camera_reads_the_number_the_place_and_the_message(phone: Client, code: str) -> None:
    number, where, family = read_codes(phone.get(f"/{code}/keep/codes").text)
    assert (number, where) == ("tel:112", "geo:36.50000,15.00000")
    assert family.splitlines()[1:] == ["Port Miralo", "+44 1632 960201"]
    assert len(family.encode()) <= 300


@pytest.mark.parametrize("code", OFFERED)
def test_a_camera_reads_the_first_words_of_a_card(phone: Client, code: str) -> None:
    for page in ("risks/water-crossings", "journey/staying-longer"):
        html = phone.get(f"/{code}/keep/card/{page}").text
        (said,) = read_codes(html)
        title, _, number = said.splitlines()
        assert f"<span>{escape(title)}</span>" in html
        assert number == "112"


def read_codes(html: str) -> list[str]:
    """What a camera reads in each code of the page."""
    return [
        zxingcpp.read_barcode(picture(each)).text for each in re.findall(r'<svg class="qr".*?</svg>', html, re.DOTALL)
    ]


def picture(drawing: str) -> object:
    """The drawing as a picture of four dots a module."""
    side = int(re.search(r'viewBox="0 0 (\d+)', drawing)[1])
    image = Image.new("L", (side, side), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", drawing):
        image.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    return image.resize((side * 4, side * 4), Image.NEAREST)
