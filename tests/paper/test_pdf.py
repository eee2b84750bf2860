"""The PDF: its letters are joined and ordered as a browser does it, and a camera reads its codes.

FIELDREF_SHEETS as in tests/paper/test_camera.py: combinations of kind, paper and languages.
"""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat

from fieldref.guide.opened import Guide
from fieldref.languages import language
from fieldref.paper import fonts
from fieldref.paper.drawing import Sheet
from fieldref.paper.papers import PAPERS
from fieldref.paper.pdf import pdf
from fieldref.paper.posters import JOIN, MOBILE_DATA, NO_NAME, poster
from fieldref.paper.subjects import Said
from fieldref.paper.words import said
from fieldref.refusal import Refusal
from fieldref.settings import Settings

TODAY = date(2026, 11, 22)
KINDS = (
    "service/lighthouse-hostel-beds",
    "today/bus/09:30",
    "onward",
    "emergency",
    "",
    "rights/asylum",
    "needs/shelter",
)
MIXES = (("ar",), ("bn",), ("fa",), ("en",), ("fr",), ("es",), ("en", "ar"), ("en", "ar", "fa", "bn", "fr", "es"))
ONCE = [(KINDS[n % len(KINDS)], PAPERS[n % len(PAPERS)].code, MIXES[n]) for n in range(len(MIXES))]
EVERY = product(KINDS, [paper.code for paper in PAPERS], MIXES)
SHEETS = list(dict.fromkeys([*ONCE, *EVERY]))[: int(os.environ.get("FIELDREF_SHEETS", str(len(ONCE))))]
DOTS = 150  # an inch
FAMILY = {"ar": "Noto Sans Arabic", "fa": "Noto Sans Arabic", "bn": "Noto Sans Bengali"}
# The same words in the same font differ by the smoothing of edges alone (1.8 to 4.4); without shaping by 49 and more.
SAME, OTHER = 7.0, 25.0


def drawn(made: bytes, folder: Path, dots: int) -> Image.Image:
    """The page of *made* as a printer draws it."""
    (folder / "sheet.pdf").write_bytes(made)
    subprocess.run(["pdftoppm", "-r", str(dots), "-gray", "-singlefile", "sheet.pdf", "page"], cwd=folder, check=True)
    with Image.open(folder / "page.pgm") as page:
        return page.copy()


def ink(image: Image.Image) -> Image.Image:
    """The words alone, without the white around them."""
    found = ImageChops.invert(image.convert("L")).point(lambda dot: dot if dot > 60 else 0).getbbox()
    assert found is not None, "nothing is written"
    return image.convert("L").crop(found)


def apart(one: Image.Image, other: Image.Image) -> float:
    """How far apart two pictures of words are, in greys of 256; other proportions alone are far apart."""
    wide = abs(one.width / one.height / (other.width / other.height) - 1)
    soft = [each.resize((600, 60)).filter(ImageFilter.GaussianBlur(2)) for each in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*soft)).mean[0] + (100 * wide if wide > 0.03 else 0)


def in_pdf(words: str, code: str, folder: Path, *, shaped: bool) -> Image.Image:
    sheet = Sheet(297, 40, [fonts.script_of(language(code))], shaped=shaped)
    sheet.text(Said(words, code), 5, 10, 280, 9)
    return ink(drawn(sheet.finish(), folder, DOTS))


def in_browser(words: str, code: str, page: Any, folder: Path) -> Image.Image:
    spoken = language(code)
    page.set_content(
        f'<style>@page {{ size: 297mm 40mm; margin: 0 }} p {{ margin: 10mm 5mm; font: 9mm "{FAMILY[code]}" }}</style>'
        f'<p lang="{spoken.tag}" dir="{spoken.direction}">{words}</p>'
    )
    return ink(drawn(page.pdf(prefer_css_page_size=True), folder, DOTS))


@pytest.mark.parametrize("sentence", [JOIN, MOBILE_DATA, NO_NAME], ids=["join", "data", "name"])
@pytest.mark.parametrize("code", list(FAMILY))
def test_letters_are_joined_as_a_browser_joins_them(code: str, sentence: str, page: Any, tmp_path: Path) -> None:
    """And a PDF without shaping, the control, is told apart."""
    words = said(sentence, code)
    browser = in_browser(words, code, page, tmp_path)
    assert apart(in_pdf(words, code, tmp_path, shaped=True), browser) < SAME
    assert apart(in_pdf(words, code, tmp_path, shaped=False), browser) > OTHER


@pytest.mark.parametrize(("what", "paper", "languages"), SHEETS)
def test_a_camera_reads_every_code_of_a_pdf(
    what: str, paper: str, languages: tuple[str, ...], miralo: Settings, shipped_guide: Guide, tmp_path: Path
) -> None:
    place = replace(miralo, address="10.42.0.1", network="SAFE-POINT FREE INFO")
    made = poster(place, languages, what, printed=TODAY, guide=shipped_guide, paper=paper)
    image = drawn(pdf(made), tmp_path, 300)
    steps = made.steps if paper != "stickers" or made.steps[0].number else made.steps[:1]
    expected = sorted([step.says for step in steps] * made.paper.number)
    half = image.resize((image.width // 2, image.height // 2)).filter(ImageFilter.GaussianBlur(1))
    worn = half.point(lambda dot: 70 + dot // 2).rotate(-4, expand=True, fillcolor=197)
    for picture in (image, worn):
        assert sorted(code.text for code in zxingcpp.read_barcodes(picture)) == expected


def test_a_pdf_has_one_sheet_of_the_size_that_was_asked_for(
    safe_point: Settings, shipped_guide: Guide, tmp_path: Path
) -> None:
    for paper, size in (("a3", (297, 420)), ("a5", (148, 210)), ("cards", (210, 297))):
        made = poster(safe_point, ["ar", "en"], "rights/asylum", printed=TODAY, guide=shipped_guide, paper=paper)
        image = drawn(pdf(made), tmp_path, 72)
        assert (image.width / 72 * 25.4, image.height / 72 * 25.4) == pytest.approx(size, abs=0.5)
        assert (tmp_path / "sheet.pdf").read_bytes().count(b"/Type /Page\n") == 1


def test_without_the_extra_it_is_said_how_to_get_it(safe_point: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(Refusal, match=r"pip install 'fieldref\[pdf\]'"):
        pdf(poster(safe_point, ["en"], printed=TODAY))


def test_without_letters_it_is_said_which_are_missing(safe_point: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: path for name, path in fonts._installed().items() if "bengali" not in name}
    monkeypatch.setattr(fonts, "_installed", lambda: known)
    monkeypatch.setattr(fonts, "_matched", lambda language: None)
    pdf(poster(safe_point, ["en", "ar"], printed=TODAY))
    with pytest.raises(Refusal, match="no letters for bengali: sudo apt install fonts-noto-core"):
        pdf(poster(safe_point, ["bn"], printed=TODAY))


def test_the_societys_mark_is_drawn(safe_point: Settings, tmp_path: Path) -> None:
    from fieldref.paper.logo import logo_in

    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0h4v1h-4z"/></svg>'
    )
    plain, marked = (pdf(poster(safe_point, ["en"], printed=TODAY, logo=each)) for each in (None, logo_in(tmp_path)))
    without, within = (drawn(each, tmp_path, 72) for each in (plain, marked))
    box = ImageChops.difference(without, within).getbbox()
    assert box is not None and box[3] < 110
