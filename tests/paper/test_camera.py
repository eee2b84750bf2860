"""Every code on every sheet, as a printer draws it and a tired camera sees it, says what stands beside it.

FIELDREF_SHEETS is how many combinations of kind, paper and languages are printed: by default so many that each kind,
paper and language comes once; 1000 is all of them.
"""

import os
import subprocess
from dataclasses import replace
from datetime import date
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from fieldref.guide.opened import Guide
from fieldref.paper import words
from fieldref.paper.cards import card_html, card_words
from fieldref.paper.papers import PAPERS
from fieldref.paper.posters import Poster, Step, poster, whole
from fieldref.paper.slips import Slip, sheet
from fieldref.paper.staff_card import StaffCard
from fieldref.paper.staff_card import sheet as staff_card
from fieldref.settings import Settings

TODAY = date(2026, 11, 22)
SIX = ("en", "ar", "fa", "bn", "fr", "es")
KINDS = (
    "",
    "rights/asylum",
    "needs/shelter",
    "service/lighthouse-hostel-beds",
    "today/bus/09:30",
    "onward",
    "emergency",
)
MIXES = (*((code,) for code in SIX), ("en", "ar"), ("fa", "bn", "fr"), SIX)
EVERY = list(product(KINDS, [paper.code for paper in PAPERS], MIXES))
# First each kind, paper and mix once, in step; then the rest.
ONCE = [(KINDS[n % len(KINDS)], PAPERS[n % len(PAPERS)].code, MIXES[n % len(MIXES)]) for n in range(len(MIXES))]
SHEETS = list(dict.fromkeys([*ONCE, *EVERY]))[: int(os.environ.get("FIELDREF_SHEETS", str(len(ONCE))))]
A_LITTLE = 4  # degrees


def scanned(pdf: bytes, folder: Path) -> list[Image.Image]:
    """The pages of *pdf* as a printer draws them, at 300 dots an inch."""
    (folder / "sheet.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "sheet.pdf", "page"], cwd=folder, check=True)
    pages = []
    for path in sorted(folder.glob("page*.pgm")):
        with Image.open(path) as page:
            pages.append(page.copy())
    return pages


def worn(image: Image.Image) -> Image.Image:
    """The same at half the size, copied badly, held a little askew and not quite in focus."""
    half = image.resize((image.width // 2, image.height // 2))
    grey = half.filter(ImageFilter.GaussianBlur(1)).point(lambda dot: 70 + dot // 2)
    return grey.rotate(A_LITTLE, expand=True, fillcolor=197)


def read(image: Image.Image) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(image))


def beside(step: Step) -> str:
    """What the code of *step* must say by what stands printed beside it."""
    shown = step.framed
    if step.picture == "join":
        kind = f"WPA;S:{shown[0]};P:{step.password}" if step.password else f"nopass;S:{shown[0]}"
        return f"WIFI:T:{kind};;"
    if step.picture == "call":
        return f"tel:{shown[0]}"
    return "".join(shown).upper() if step.typed else "\n".join([*shown, "112"])


def expected(made: Poster) -> list[str]:
    steps = made.steps if made.paper.code != "stickers" or made.steps[0].number else made.steps[:1]
    return sorted([beside(step) for step in steps] * made.paper.number)


@pytest.fixture
def place(miralo: Settings) -> Settings:
    return replace(miralo, address="10.42.0.1", network="SAFE-POINT FREE INFO", password="blue lamp 1234")


@pytest.mark.parametrize(("what", "paper", "languages"), SHEETS)
def test_every_code_says_what_stands_beside_it(
    what: str, paper: str, languages: tuple[str, ...], place: Settings, shipped_guide: Guide,
    sheet_of_paper: Any, tmp_path: Path,
) -> None:  # fmt: skip
    made = poster(place, languages, what, printed=TODAY, guide=shipped_guide, paper=paper)
    printed = sheet_of_paper(whole(made))
    if paper != "stickers":
        frames = printed.locator(".framed").all_inner_texts()
        shown = ["".join(step.framed) for step in made.steps] * made.paper.number
        assert [text.replace("\n", "") for text in frames] == shown
        whole_words(printed)
    (image,) = scanned(printed.pdf(prefer_css_page_size=True), tmp_path)
    assert read(image) == expected(made)
    assert read(worn(image)) == expected(made)


def whole_words(printed: Any) -> None:
    """Nothing is cut off or covered, and every code has its four squares of white above and below."""
    for each in printed.locator(".poster").all():
        assert each.evaluate(
            "each => each.scrollHeight <= each.clientHeight + 1 && each.scrollWidth <= each.clientWidth + 1"
        )
        boxes = each.evaluate(
            "each => [...each.querySelectorAll('header, .code svg, .notes, footer')].map(part => {"
            " const side = part.viewBox ? part.viewBox.baseVal.width : 0, path = part.querySelector('path');"
            " const box = (side ? path : part).getBoundingClientRect();"
            " return [box.top, box.bottom, side && 4 * box.width / (side - 8)]; })"
        )
        for (_, bottom, white), (top, _, its_white) in pairwise(boxes):
            assert top - bottom >= max(white, its_white) - 1, boxes


@pytest.mark.parametrize("paper", ["a6", "roll", "roll80"])
@pytest.mark.parametrize("language", ["ar", "bn", "en"])
def test_the_code_of_a_slip_is_read_from_paper(
    slip: Slip, language: str, paper: Any, sheet_of_paper: Any, tmp_path: Path
) -> None:
    pdf = sheet_of_paper(sheet(replace(slip, language=language), paper=paper)).pdf(prefer_css_page_size=True)
    (image,) = scanned(pdf, tmp_path)
    assert round(image.width / 300 * 25.4) == {"a6": 105, "roll": 58, "roll80": 80}[paper]
    assert read(image) == read(worn(image)) == ["K7QM3XWF9T2RC"]


@pytest.mark.parametrize("code", SIX)
def test_the_card_for_the_road_says_its_words_to_a_camera(
    code: str, miralo: Settings, shipped_guide: Guide, sheet_of_paper: Any, tmp_path: Path
) -> None:
    """A picture of it, or an A6 sheet: the first words and the emergency number, without any network."""
    page = shipped_guide.page(code, "rights", "asylum")
    styles = "".join(words.style(name) for name in ("public.css", "keep.css"))
    printed = sheet_of_paper(f"<style>{styles}</style><main>{card_html(page, miralo)}</main>")
    (image, *_) = scanned(printed.pdf(prefer_css_page_size=True), tmp_path)
    assert read(image) == read(worn(image)) == [card_words(page, miralo)]


@pytest.mark.parametrize("code", ["en", "ar", "bn"])
def test_the_staff_card_says_the_address_that_is_printed_on_it(code: str, sheet_of_paper: Any, tmp_path: Path) -> None:
    rows = tuple(" ".join(["A7"] * 8) for _ in range(4))
    card = StaffCard(language=code, place_name="Port Miralo", address="https://10.42.0.1:8443/card/K7QM3XWF", rows=rows)
    printed = sheet_of_paper(staff_card(card))
    assert "".join(printed.locator(".where").inner_text().split()) == card.address
    (image,) = scanned(printed.pdf(prefer_css_page_size=True), tmp_path)
    assert read(image) == read(worn(image)) == [card.address]
