"""A pad: slips with codes made before, boxes in two languages, and nothing that could hold a name."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from fieldref.guide.opened import Guide
from fieldref.paper import pads, words
from fieldref.paper.answers import PER_SHEET, answers_html
from fieldref.paper.pads import pad, pad_places
from fieldref.register.codes import new_code, printed
from fieldref.settings import Settings

NOW = datetime(2026, 11, 22, 10)
LANGUAGES = ["en", "fr", "es", "ar", "fa", "bn"]
Paper = Callable[[str], Any]


@pytest.fixture
def codes() -> list[str]:
    """The codes of two sheets, as printed."""
    return [printed(new_code()) for _ in range(2 * pads.PER_SHEET)]


@pytest.fixture
def photocopies(browser: Any) -> Callable[..., list[str]]:
    """Print HTML at 300 dpi, copy it at half size on a grey copier, and return what its QR codes say."""
    import zxingcpp
    from PIL import Image

    def copy(html: str, *, half: bool = True) -> list[str]:
        page = browser.new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=300 / 96)
        page.emulate_media(media="print")
        page.set_content(html)
        found = []
        for sheet in page.locator(".sheet").all():
            image = Image.open(io.BytesIO(sheet.screenshot())).convert("L")
            if half:
                image = image.resize((image.width // 2, image.height // 2)).point(lambda grey: 70 + grey // 3)
            found += [code.text for code in zxingcpp.read_barcodes(image)]
        page.close()
        return found

    return copy


@pytest.mark.parametrize(("volunteer", "person"), [("en", "ar"), ("en", "bn"), ("fr", "fa")])
def test_a_grey_copy_at_half_size_still_says_every_code_on_both_parts(
    shipped_guide: Guide, miralo: Settings, codes: list[str], photocopies: Any, volunteer: str, person: str
) -> None:
    read = photocopies(pad(shipped_guide, miralo, volunteer, person, codes, NOW))
    assert sorted(read) == sorted([code.replace("-", "") for code in codes] * 2)


@pytest.mark.parametrize("volunteer", LANGUAGES)
def test_everything_fits_on_its_part_in_every_language(
    shipped_guide: Guide, miralo: Settings, sheet_of_paper: Paper, volunteer: str
) -> None:
    for person in LANGUAGES:
        page = sheet_of_paper(pad(shipped_guide, miralo, volunteer, person, ["K7QM-3XWF-9T2R-C"], NOW))
        for part in page.locator(".ours, .theirs").all():
            assert part.evaluate("e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth"), person


def test_a_pad_is_whole_a4_sheets(
    shipped_guide: Guide, miralo: Settings, codes: list[str], sheet_of_paper: Paper
) -> None:
    pdf = sheet_of_paper(pad(shipped_guide, miralo, "en", "ar", codes, NOW)).pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)}
    assert {(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in boxes} == {(210, 297)}


def test_every_slip_asks_in_both_languages_and_forbids_names(
    shipped_guide: Guide, miralo: Settings, sheet_of_paper: Paper
) -> None:
    page = sheet_of_paper(pad(shipped_guide, miralo, "fr", "fa", ["K7QM-3XWF-9T2R-C"], NOW))
    asked = page.locator(".question").inner_text()
    assert "Pouvons-nous enregistrer" in asked
    assert "اجازه می‌دهید" in asked
    assert "Aucun nom" in page.locator(".sheet > header").inner_text()
    needs = page.locator(".needs li")
    assert needs.count() == 15
    assert all(each.locator("[lang=fr], [lang=fa]").count() == 2 for each in needs.all())


def test_only_the_part_that_stays_has_the_number_of_the_slip(
    shipped_guide: Guide, miralo: Settings, codes: list[str], sheet_of_paper: Paper
) -> None:
    """On the person's part it would tell how many came before."""
    page = sheet_of_paper(pad(shipped_guide, miralo, "en", "en", codes, NOW))
    assert page.locator(".which").all_inner_texts() == ["1", "2", "3", "4", "5", "6"]
    assert page.locator(".theirs .which").count() == 0
    assert [text.replace("\n", "") for text in page.locator(".theirs .code").all_inner_texts()] == codes


def test_a_shelter_is_in_the_key_and_on_no_slip(
    shipped_guide: Guide, miralo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even if a slip had room for every place."""
    monkeypatch.setattr(pads, "NAMED", 99)
    places = pad_places(shipped_guide, miralo, "en", "ar", NOW)
    secret = [each for each in places if each.known.service.confidential]
    assert [each.known.service.id for each in secret] == ["womens-safe-house"]
    assert not any(each.named for each in secret)
    slips = str(pad(shipped_guide, miralo, "en", "en", ["K7QM-3XWF-9T2R-C"], NOW)).split('class="sheet"')[1]
    assert "Safe house" not in slips


def test_invented_places_are_marked_on_both_parts(
    shipped_guide: Guide, miralo: Settings, sheet_of_paper: Paper
) -> None:
    page = sheet_of_paper(pad(shipped_guide, miralo, "ar", "fa", ["K7QM-3XWF-9T2R-C"], NOW))
    assert [page.locator(part).get_by_text("SAMPLE").count() for part in (".sheet > header", ".theirs")] == [1, 1]


def test_slips_name_places_for_different_needs_and_none_at_the_safe_point_itself(
    shipped_guide: Guide, miralo: Settings
) -> None:
    named = [each for each in pad_places(shipped_guide, miralo, "en", "ar", NOW) if each.named]
    assert [each.number for each in named] == list(range(1, pads.NAMED + 1))
    assert all(each.known.way and each.known.way.metres >= pads.HERE for each in named)
    assert len({need for each in named for need in each.known.service.needs}) >= pads.NAMED


def test_a_pad_has_whole_sheets() -> None:
    assert [pads.whole_sheets(slips) for slips in (1, 3, 4, 40)] == [3, 3, 6, 42]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_answer_sheet_has_codes_in_no_order_but_their_own_and_nothing_else_of_a_person(
    safe_point: Settings, sheet_of_paper: Paper, language: str
) -> None:
    codes = [printed(new_code()) for _ in range(PER_SHEET + 1)]
    made = answers_html(safe_point, language, "Lighthouse Hostel", codes, NOW.date())
    page = sheet_of_paper(f"<style>{words.style('pad.css')}</style>{made}")
    assert page.locator("tbody th").all_inner_texts() == sorted(codes)
    assert page.locator(".sheet").count() == 2
    assert all(row.locator(".box").count() == 5 for row in page.locator("tbody tr").all())
    assert page.locator(".sheet").first.evaluate(
        "e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth"
    )
